/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_CONTRACT_H
#define RUNNER_TRIAL_CONTRACT_H

/* How a client is driven: what it is handed, and what its output says
 * (docs/client-contract.md). One contract, one file, one struct: adding one is
 * a file and a line in CONTRACT_MAP. */

#include <stdbool.h>
#include <stddef.h>

struct client_outcome;
struct job;
struct job_setup;
struct manifest;

struct contract {
    const char *name;
    /* It is one process for many trials: jobs come as lines on its stdin, and
     * it answers each with a line (lane.h). Else it is a process a job. */
    bool lives_on;
    /* Adds what is known of a client that has no manifest. */
    void (*assume)(struct manifest *manifest);
    /* Says the job in its words, to a client that finds the server there. */
    void (*say)(struct job *job, const struct job_setup *setup,
                const char *url);
    /* Notes what the client said of itself on stdout: all that a process
     * printed, or one line. Its end is known. True: it was said there, when
     * the last of it came. */
    bool (*hear)(struct client_outcome *outcome, const char *said,
                 size_t length_bytes);
};

/* NAME is contract_NAME, in contract_NAME.c. */
#define CONTRACT_MAP(X)                                                        \
    X(e2e)                                                                     \
    X(env)                                                                     \
    X(stdio)

#define X(name) extern const struct contract contract_##name;
CONTRACT_MAP(X)
#undef X

const struct contract *contract_find(const char *name); /* NULL = none */
/* All of them, for errors: "e2e, env or stdio". Yours. */
char *contract_words(void);

#endif
