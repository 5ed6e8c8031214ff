/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_STORY_H
#define REPORTS_STORY_H

/* A trial in words, the same in every document for people: what each attempt
 * carried, what it was answered, how long until the next one, and how the
 * client ended. All of it is masked and clean; the writers only lay it out. */

#include "model/rule_sentence.h"
#include "model/profile.h"
#include "model/run.h"
#include "reports/mask.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The worst that a finding says of an attempt. */
enum story_blame { BLAME_NONE, BLAME_ADVICE, BLAME_BREACH };

struct story_attempt {
    unsigned number;
    unsigned connection;
    char    *request;     /* "ingest", or "GET settings", "PUT /x" */
    char    *count;       /* the attempt header as sent; "-" = none */
    char    *credentials; /* "Basic ****", "none" */
    char    *answered;    /* "429, Retry-After: 2", "reset" */
    int64_t  start_ns;    /* it arrived */
    int64_t  end_ns;      /* its answer left, or it was over otherwise */
    int64_t  wait_ns; /* until the next arrived; TIME_NEVER = none came, or
                       * it came before this one was over */
    enum story_blame blame;
    bool             skipped_before; /* attempts before it were left out */
};

struct story {
    struct story_attempt *attempts;
    size_t                count;
    size_t                attempt_count; /* with those that were left out */
    bool                  has_other_routes;
    const char           *count_header; /* the profile's; NULL = none */
    int64_t               span_ns; /* what the time line must hold */
    char                 *ending;  /* "exited with code 0 after 2.4 s; ..." */
    char                **errors;  /* the last lines of its stderr */
    size_t                error_count;
};

/* By the names of this profile, which outlives it. all: every attempt; else the
 * first, the last and those with findings. */
struct story *story_new(const struct trial_result *trial,
                        const struct profile *profile, struct mask *mask,
                        bool all);
void story_free(struct story *story);

/* One attempt; next may be NULL. Clear with story_attempt_clear. */
void story_attempt_fill(struct story_attempt *told,
                        const struct attempt *attempt,
                        const struct attempt *next,
                        const struct profile *profile, struct mask *mask);
void story_attempt_clear(struct story_attempt *told);

/* The attempt to name before the finding's text; 0 = none, or the text names
 * it first thing itself. */
unsigned story_finding_attempt(const struct finding *finding);
const char *story_finding_level(const struct finding *finding); /* "MUST" */
/* The rule's sentence, or what the contract or the scenario expects. */
const char *story_finding_sentence(char buffer[RULE_SENTENCE_MAX],
                                   const struct finding *finding,
                                   const struct profile *profile);
const char *story_other_sentence(const char *subject); /* of no rule */

#endif
