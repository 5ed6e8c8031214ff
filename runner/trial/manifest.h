/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_MANIFEST_H
#define RUNNER_TRIAL_MANIFEST_H

/* A client under test: how it is started, what it can do, in which units it
 * takes its configuration, what it documents differently from the profile,
 * and where it is known to fail. Read from sdks/NAME/client.json, from an
 * SDK's own e2e-config.json, or made of a bare command. */

#include "common/err.h"
#include "model/plan.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

struct contract;

/* The words for what a client can do, beside "config.KEY"; what they mean is in
 * docs/client-contract.md. */
#define CAPABILITY_MAP(X)                                                      \
    X("batches")                                                               \
    X("https")                                                                 \
    X("config.caFile")                                                         \
    X("oauth")                                                                 \
    X("settings")                                                              \
    X("keep-alive")                                                            \
    X("sent-at")                                                               \
    X("reports-failure")                                                       \
    X("refuses-config")

struct expected_failure {
    char *scenario; /* a glob over scenario ids */
    char *subject; /* a rule id, "contract" or "expect"; NULL = any */
    char *reason;
    char *source; /* where the SDK's code says so; may be NULL */
    char *place; /* the file that says it, and the line */
};

struct manifest {
    char  *name;
    char **command; /* argv, NULL-terminated */
    char  *folder; /* working folder of the client; NULL = ours */
    const struct contract *contract;
    char                 **capabilities; /* words, as the command */
    bool                   timeout_in_s; /* as in most e2e-clis; else in ms */
    bool                   flush_interval_in_s; /* else in ms */
    int64_t        config[CONFIG_COUNT]; /* defaults; CONFIG_UNSET = not sent */
    struct profile profile; /* effective */
    struct profile profile_base; /* as published */
    int64_t startup_ns; /* what its start and its end take, as preflight saw
                         * them; 0 = nobody measured */
    struct expected_failure *expected;
    size_t                   expected_count;
};

/* A folder with client.json or e2e-config.json. profile overrides what the
 * manifest names; NULL = that, or segment. command overrides the manifest's;
 * NULL = the manifest's own, or an error where it has none. */
bool MUST_USE manifest_read(const char *folder, const struct profile *profile,
                            const char *command, struct manifest **manifest,
                            struct err *err);
/* A bare command of that contract. */
bool MUST_USE manifest_of_command(const char            *command,
                                  const struct contract *contract,
                                  const struct profile  *profile,
                                  struct manifest **manifest, struct err *err);
void manifest_free(struct manifest *manifest);

/* Adds the lines of a known-failures file: SCENARIO[:RULE] REASON. */
bool MUST_USE manifest_read_known(struct manifest *manifest, const char *path,
                                  struct err *err);

/* Adds the capability if it is a known word and not there yet. */
void manifest_add_capability(struct manifest *manifest, const char *word);
bool manifest_has_capability(const struct manifest *manifest, const char *word);

/* The capability the plan needs and the client lacks; NULL = none lacks. */
const char *manifest_lacks(const struct manifest *manifest,
                           const struct plan     *plan);

#endif
