/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_MANIFEST_PARTS_H
#define RUNNER_TRIAL_MANIFEST_PARTS_H

/* What a manifest is put together with; for manifest.c and manifest_json.c
 * alone. */

#include "runner/trial/manifest.h"

enum { MANIFEST_BYTES_MAX = 1 << 20, ARGUMENTS_MAX = 256 };

struct manifest *manifest_new(void);
/* A command that can be one: the program has a name, and no word bytes that no
 * program is named by and no terminal shows. */
bool MUST_USE manifest_check_command(const struct manifest *manifest,
                                     const char *place, struct err *err);
bool MUST_USE manifest_split_command(struct manifest *manifest,
                                     const char *command, const char *place,
                                     struct err *err);
void manifest_find_beside_us(struct manifest *manifest);
/* A path that the user gave is relative to where the user stands, not to the
 * folder the client will run in. */
void manifest_anchor_command(struct manifest *manifest);
bool manifest_knows_capability(const char *word);
bool MUST_USE manifest_expect_failure(struct manifest *manifest,
                                      const char *scenario, const char *subject,
                                      const char *reason, const char *source,
                                      const char *place, struct err *err);

#endif
