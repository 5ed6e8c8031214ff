/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PROFILE_LOAD_H
#define MODEL_PROFILE_LOAD_H

/* Profiles as documents.
 *
 *   { "name": "my-ingest", "extends": "http", "about": "One sentence.",
 *     "sdks": ["what an e2e-config.json calls the SDKs that it is of"],
 *     "source": "where its values are published",
 *     "policy": { "retried": ["429", "500-599"] },
 *     "wire":   { "attempt_header": null },
 *     "sources": { "retried": "https://.../retry.md, line 12" } }
 *
 * What a document does not set is that of the profile that it extends; each
 * value that it sets has a source, its own or the document's. The built-in
 * ones are profiles/NAME.json; PROFILE_DEFAULT, the one where none is named,
 * stands in model/CMakeLists.txt. */

#include "common/err.h"
#include "model/profile.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

/* Where each value comes from; zero it first. */
struct profile_sources {
    char *at[PROFILE_KEY_COUNT]; /* NULL = nobody set it */
};

void profile_sources_clear(struct profile_sources *sources);

/* The built-in profile of that name, or an error that lists the known. */
bool MUST_USE profile_load(struct profile *profile, const char *name,
                           struct err *err);
/* ... with the sources of its values, which are yours to clear; NULL = they
 * are not asked for. */
bool MUST_USE profile_load_sourced(struct profile         *profile,
                                   struct profile_sources *sources,
                                   const char *name, struct err *err);

/* A document over the profile that it extends, which profile holds already;
 * profile_extends says which that is. sources may be NULL. */
bool MUST_USE profile_apply(struct profile         *profile,
                            struct profile_sources *sources,
                            const cJSON *document, const char *place,
                            struct err *err);
/* The name or the file that the document extends; NULL = none. */
const char *profile_extends(const cJSON *document);

/* The index-th built-in profile's name; NULL = no more. */
const char *profile_listed(size_t index);
bool profile_is_listed(const char *name);
/* The built-in one that names this SDK among its sdks, in a buffer of this
 * call; NULL = none does. */
const char *profile_of_sdk(const char *sdk);
/* What a built-in one extends, in a buffer of this call; NULL = nothing. */
const char *profile_parent(const char *name);

#endif
