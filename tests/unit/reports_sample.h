/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_REPORTS_SAMPLE_H
#define TESTS_REPORTS_SAMPLE_H

/* Runs as a test makes them up: always the same, without a client. */

#include "model/run.h"

#define SAMPLE_KEY   "wk-4711-very-secret"
#define SAMPLE_TOKEN "eyJhbGciOi.oauth-token.c2ln"

enum sample {
    SAMPLE_EMPTY,
    SAMPLE_PASS,    /* all is well */
    SAMPLE_MIXED,   /* one of everything */
    SAMPLE_HOSTILE, /* a client that prints what nobody should */
    SAMPLE_LACKING, /* nothing ran */
    SAMPLE_PART,    /* two trials of many */
    SAMPLE_ONE,     /* one trial, which was not exercised */
    SAMPLE_COUNT
};

struct sample_run {
    struct run   *run;
    struct plan **plans; /* yours to keep until the run is gone */
    size_t        plan_count;
};

const char *sample_name(enum sample sample);
void sample_make(struct sample_run *made, enum sample sample);
/* So many trials, every tenth a failure. */
void sample_make_many(struct sample_run *made, size_t trials);
void sample_clear(struct sample_run *made);

#endif
