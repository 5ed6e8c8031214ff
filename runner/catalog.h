/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_CATALOG_H
#define RUNNER_CATALOG_H

/* What Retrial knows, by kind: scenarios, rules, checks, faults, profiles,
 * mutants, sdks. `list` prints a kind, `explain` one of its names. */

#include "common/err.h"
#include "lua/script.h"

#include <stdbool.h>
#include <stddef.h>

struct catalog_kind {
    const char *name; /* "rules" */
    /* Prints all, a line each. */
    bool (*list)(const struct script *script, struct err *err);
    /* Prints one at length; false when there is none of that name. */
    bool (*explain)(const struct script *script, const char *name);
    /* The index-th name, for the nearest one; NULL = no more. */
    const char *(*name_at)(const struct script *script, size_t index);
};

const struct catalog_kind *catalog_kind(size_t index); /* NULL = no more */

#endif
