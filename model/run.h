/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

/* A whole run: every trial with its plan, record and verdict, and what is
 * known of the run itself. runner/ makes it; reports/ print it. Pointers are
 * borrowed but for what run_add takes. */

#include "model/plan.h"
#include "model/profile.h"
#include "model/proof.h"
#include "model/record.h"
#include "model/verdict.h"

struct trial_result {
    const struct plan *plan;
    struct record     *record;  /* NULL when it was not run */
    struct verdict    *verdict;
    int64_t            wall_ns; /* how long it took, real time */
    unsigned           runs;    /* 1, more when it was run again, 0 when
                              * it was not run */
    char *known_failure; /* why it is expected to fail, or NULL */
    bool  unexpected_pass; /* known_failure, and yet it passed */
};

struct run {
    char          *client;  /* "reference", or the command */
    char          *command; /* as it was run */
    struct profile profile;      /* effective */
    struct profile profile_base; /* as published; reports show differences */
    uint64_t       seed;
    char          *clock; /* "real" */
    bool           strict; /* advice counts as failure */
    bool           interrupted; /* told is what had ended until then */
    size_t         unended;     /* trials that are left out for that */
    bool           whole;  /* of a whole suite, and no part of it */
    int64_t        started_wall_s;
    int64_t        wall_ns;
    unsigned       jobs;

    struct proof *proofs; /* of the faults that its verdicts rest on */
    size_t        proof_count;

    struct trial_result *trials; /* in the order of the scenarios */
    size_t               trial_count;
};

struct totals {
    unsigned trials;
    unsigned by_verdict[VERDICT_COUNT]; /* known failures not among FAIL */
    unsigned lacking; /* not exercised, for want of something */
    unsigned known_failures;
    unsigned unexpected_passes;
    unsigned advice; /* findings, not trials */
    size_t   attempts;
};

struct rule_total { /* one line of the report's rule table, in trials */
    bool     open;      /* the profile leaves it open: never judged */
    unsigned exercised; /* trials in which it had something to judge */
    unsigned breached;  /* known failures apart */
    unsigned named;     /* of these: in trials whose plan names the rule */
    unsigned known;     /* breached, as expected */
    unsigned advised;
};

struct run *run_new(void);
void run_free(struct run *run);
/* The trial may move when the next is added; the plan must outlive the run. */
struct trial_result *run_add(struct run *run, const struct plan *plan);

/* Takes out the trials that have no verdict; returns how many. */
size_t run_drop_unended(struct run *run);

struct totals run_totals(const struct run *run);
struct rule_total run_rule_total(const struct run  *run,
                                 const struct rule *rule);
/* It was not interrupted, nothing failed, broke, stayed inconclusive or passed
 * unexpectedly, and at least one trial was exercised. */
bool run_certified(const struct run *run);
/* A trial that counts against the certificate. */
bool trial_result_blocks(const struct run          *run,
                         const struct trial_result *trial);

/* The trial's verdict as this run weighs it: a strict run fails advice. */
enum verdict_kind trial_result_kind(const struct run          *run,
                                    const struct trial_result *trial);
/* For want of what it was not run; NULL = it was run. */
const char *trial_result_lacks(const struct trial_result *trial);
/* It failed, as it was known to. */
bool trial_result_known(const struct run          *run,
                        const struct trial_result *trial);
/* The rule had something to judge there / was broken there. Only trials that
 * passed or failed count. */
bool trial_result_exercises(const struct run          *run,
                            const struct trial_result *trial,
                            const struct rule         *rule);
bool trial_result_breaches(const struct run          *run,
                           const struct trial_result *trial,
                           const struct rule         *rule);

/* The rules that were broken, known failures apart, worst first: what is
 * broken in most trials whose plan names the rule comes first, then what is
 * broken in more trials, then the order of the table. At most max are
 * written; returns how many. */
size_t run_broken_rules(const struct run *run, const struct rule **out,
                        size_t max);

#endif
