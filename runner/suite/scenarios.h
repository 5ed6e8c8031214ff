/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_SCENARIOS_H
#define RUNNER_SUITE_SCENARIOS_H

/* Finds scenario files, compiles them all, and picks those that are asked
 * for. Nothing is vacuously green: a pattern that matches nothing is an
 * error that names the nearest id. */

#include "common/err.h"
#include "lua/script.h"

#include <stdbool.h>
#include <stddef.h>

struct selection { /* plans in the order of their files */
    const struct plan **plans;
    size_t              count;
    bool                whole; /* no file, pattern or shard left any out */
};

struct shard { /* part number of count, both from 1; count 0 = no shards */
    unsigned number;
    unsigned count;
};

/* Loads each *.lua below the folder (in byte order of their paths), or the one
 * file. */
bool MUST_USE scenarios_load(struct script *script, const char *path,
                             struct err *err);

/* Patterns are globs over ids, an id, or a family ("status"); a pattern that
 * ends in .lua was loaded already and is passed over. */
bool MUST_USE scenarios_select(const struct script *script,
                               char *const *patterns, size_t pattern_count,
                               const struct shard *shard,
                               struct selection *selection, struct err *err);
void selection_clear(struct selection *selection);

/* The plan of that id, or an error with the nearest. */
bool MUST_USE scenarios_find(const struct script *script, const char *id,
                             const struct plan **plan, struct err *err);

/* The id that is most like this one; NULL = none is. */
const char *scenarios_nearest(const struct script *script, const char *id);

bool scenarios_is_file(const char *pattern); /* ends in ".lua" */

#endif
