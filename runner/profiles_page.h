/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_PROFILES_PAGE_H
#define RUNNER_PROFILES_PAGE_H

/* What is told of profiles, to stdout. */

#include "model/profile_load.h"

#include <stdbool.h>

/* Each built-in one, a line: its name and what it is about. */
bool MUST_USE profiles_print_list(struct err *err);
/* Every value that a profile has: its meaning, what is allowed, what null
 * says. */
void profiles_print_keys(void);
/* One of them; false = there is none of that name. */
bool profiles_print_key(const char *name);
/* A JSON schema of a profile's document: docs/profile.schema.json. */
void profiles_print_schema(void);
/* The page docs/profiles-published.md: each built-in one, with its sources,
 * and how it differs from what it extends. */
bool MUST_USE profiles_print_page(struct err *err);
/* One, by name or file, its values with their sources. */
bool MUST_USE profiles_print_one(const char *name, struct err *err);
/* What differs between two, a row each. */
bool MUST_USE profiles_print_difference(const char *left, const char *right,
                                        struct err *err);

#endif
