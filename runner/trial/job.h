/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_JOB_H
#define RUNNER_TRIAL_JOB_H

/* What one client process is started with: its share of the plan's events,
 * the manifest's units and the server's port, said in the words of the
 * client's contract (docs/client-contract.md). Pure. */

#include "model/plan.h"
#include "runner/trial/manifest.h"
#include "server/keys/keys.h"

struct job {
    char      **argv;   /* NULL-terminated; yours until job_clear */
    char      **env;    /* NULL-terminated: what is added to ours */
    char       *input;  /* a line of contract stdio; else NULL; yours too */
    const char *folder; /* borrowed from the manifest; NULL = ours */
};

struct job_setup { /* all borrowed */
    const struct plan     *plan;
    const struct manifest *manifest;
    struct keys            keys; /* as far as the plan has a use for them */
    int                    port;
    unsigned               client; /* which of the plan's, from 1 on */
};

enum { JOB_INPUT_BYTES_MAX = 64 << 20 };

#define JOB_HOST "127.0.0.1" /* of the URL that the client is given */

/* False: the events do not fit into what the kernel lets one argument or
 * variable hold, or into JOB_INPUT_BYTES_MAX (ERR_SCENARIO). job_clear in any
 * case. */
bool MUST_USE job_make(struct job *job, const struct job_setup *setup,
                       struct err *err);
void job_clear(struct job *job);

/* The part that is the same for all: what a client of contract stdio is
 * started with, before it has a job. authority: to be trusted; NULL = none. */
void job_begin(struct job *job, const struct manifest *manifest,
               const struct authority *authority);

/* What a client of the contracts e2e and stdio is told in JSON; yours. */
char *job_input(const struct job_setup *setup, const char *url);
/* The body that a client of contract env sends: all its events as one batch, in
 * the profile's form, or as JSON where that form is no text; yours. */
char *job_body(const struct plan *plan, const struct profile *profile,
               unsigned client);

#endif
