/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

/* What the judge found in one trial.
 *
 * A check reports two things: that a rule had something to judge
 * (verdict_saw), and findings, each naming the attempt and carrying its
 * evidence. verdict_settle then weighs them: the worst finding wins; where a
 * rule that the scenario is there to exercise had nothing to judge, the trial
 * is not exercised, never passed. Whose doing that was no single trial can
 * tell: only the reference client shows that a scenario is broken
 * (runner/suite/control.h). */

#include "common/err.h"
#include "model/plan.h"
#include "model/rule.h"
#include "model/statistic.h"

#include <cJSON.h>
#include <stdbool.h>

#define VERDICT_MAP(X)                                                         \
    X(VERDICT_PASS, "pass", "nothing was found")                               \
    X(VERDICT_FAIL, "fail", "a MUST was broken")                               \
    X(VERDICT_INCONCLUSIVE, "inconclusive",                                    \
      "the client could not be run, or a breach lay inside the noise")         \
    X(VERDICT_NOT_EXERCISED, "not exercised",                                  \
      "the client did not get to what the scenario is about")                  \
    X(VERDICT_BROKEN, "broken", "the scenario's fault, or Retrial's own")

enum verdict_kind {
#define X(kind, name, meaning) kind,
    VERDICT_MAP(X)
#undef X
        VERDICT_COUNT
};

#define FINDING_MAP(X)                                                         \
    X(FINDING_BREACH, "breach", "a MUST or MUST NOT was broken")               \
    X(FINDING_ADVICE, "advice", "a SHOULD was not followed")                   \
    X(FINDING_NOISE, "noise", "a breach, but inside the measured noise")

enum finding_kind {
#define X(kind, name, meaning) kind,
    FINDING_MAP(X)
#undef X
};

struct finding {
    enum finding_kind  kind;
    const struct rule *rule; /* NULL: the client contract, or the scenario's
                              * own expectation */
    char    *subject; /* the rule's id, "contract" or "expect" */
    char    *check;   /* who found it */
    unsigned attempt; /* where; 0 = the trial as a whole */
    char    *text;    /* what was seen, and what was allowed */
};

struct verdict {
    enum verdict_kind kind;
    struct finding   *findings;
    size_t            finding_count;
    bool              saw[RULE_COUNT]; /* by rule_index */
    bool  open[RULE_COUNT]; /* the profile leaves it open: not judged */
    char *reason; /* why it was decided, not weighed; else NULL */
    char *lacks;  /* not run for want of this; else NULL */
    char *cut;    /* what ended the trial before all could be
                * judged; NULL = nothing did */
    enum verdict_kind cut_kind; /* what it is then, if nothing is found */
    bool              decided; /* not weighed: no finding changes it */
    bool              added;  /* the newest finding found room */
    struct statistic *statistics; /* of the checks that judge many waits */
    size_t            statistic_count;
};

enum {
    VERDICT_FINDINGS_MAX = 200, /* a trial; the rest only counts */
    VERDICT_STATISTICS_MAX = 8,
};

struct verdict *verdict_new(void);
void verdict_free(struct verdict *verdict);

void verdict_saw(struct verdict *verdict, enum rule_id rule_id);
/* The profile has nothing to say of it: what was seen and found of it is no
 * more, and a plan that names it need not exercise it. */
void verdict_leave_open(struct verdict *verdict, enum rule_id rule_id);
/* The profile leaves a rule open that the plan names. */
bool verdict_has_open(const struct verdict *verdict, const struct plan *plan);
/* A breach of the rule, or advice when the rule says SHOULD. */
void verdict_find(struct verdict *verdict, enum rule_id rule_id,
                  const char *check, unsigned attempt, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* The finding that was just added lies inside the noise: a breach of a MUST
 * then makes the trial inconclusive, advice is not given at all. */
void verdict_doubt(struct verdict *verdict);
/* A breach of no numbered rule: subject is "contract" or "expect". */
void verdict_find_other(struct verdict *verdict, const char *subject,
                        const char *check, unsigned attempt, const char *format,
                        ...) PRINTF_LIKE(5, 6);
/* A statistic more, for the caller to fill; borrowed until the next. At most
 * VERDICT_STATISTICS_MAX. */
struct statistic *verdict_count(struct verdict *verdict, enum rule_id rule_id,
                                const char *check);
/* Not a matter of findings: not exercised, broken, inconclusive. */
void verdict_decide(struct verdict *verdict, enum verdict_kind kind,
                    const char *format, ...) PRINTF_LIKE(3, 4);
/* Not exercised: the client, or the run, lacks this (a capability). */
void verdict_lack(struct verdict *verdict, const char *capability);
/* Not all could be judged: what was found until then stands, and where nothing
 * was, it is of this kind, with this reason. Inconclusive: a bound of ours
 * ended the trial, so that a doubt would say no more. Not exercised: the client
 * was not there to the end, by no fault of its SDK's, or the scenario's own
 * check failed. To be called before the findings are weighed. */
void verdict_cut(struct verdict *verdict, enum verdict_kind kind,
                 const char *format, ...) PRINTF_LIKE(3, 4);

/* Weighs the findings, unless the kind was already decided. Findings are put
 * in order: breaches of the rules the plan names first, then by rule. */
void verdict_settle(struct verdict *verdict, const struct plan *plan);

/* Drops each finding inside the noise that is not to be kept, and weighs what
 * is left. Of a verdict that such findings made inconclusive. */
void verdict_keep_doubts(struct verdict *verdict, const struct plan *plan,
                         bool (*is_kept)(const struct finding *finding,
                                         const void           *context),
                         const void *context);

const char *verdict_name(enum verdict_kind kind);
const char *finding_kind_name(enum finding_kind kind);

cJSON *verdict_to_json(const struct verdict *verdict); /* yours */
/* The list of its statistics alone; NULL has none. Yours. */
cJSON *verdict_statistics_to_json(const struct verdict *verdict);
bool MUST_USE verdict_from_json(const cJSON *json, const char *place,
                                struct verdict **verdict, struct err *err);

#endif
