/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_STATISTIC_H
#define MODEL_STATISTIC_H

/* What a check of many waits asked of them, and how likely a right client
 * waits so. Kept for each trial in which it was asked, whatever came of it:
 * that nothing was found is worth as much as what could have been. */

#include "common/err.h"
#include "model/rule.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum { STATISTIC_BINS = 10, STATISTIC_QUESTIONS_MAX = 16 };

struct statistic_question {
    char    *text;    /* "too many are short" */
    char    *measure; /* what seen is: "D", "stretch" */
    unsigned samples; /* it was asked of */
    double   seen;    /* in windows */
    double   p;       /* of a right client, by this question alone */
};

struct statistic {
    const struct rule *rule;
    char              *check;
    char              *test; /* which one it is */
    char              *law;  /* how a right client waits */
    unsigned           samples;
    double             p; /* of a right client, all questions taken together */
    double             alpha; /* below it the client is blamed */
    double measured_d; /* Kolmogorov-Smirnov of the waits as they are, with */
    double measured_p; /* ... nothing allowed for; nobody is judged by it */

    struct statistic_question questions[STATISTIC_QUESTIONS_MAX];
    size_t                    question_count;

    /* Where in its window each wait lay. */
    double   from; /* factors on the law: the window's ends */
    double   to;
    unsigned before; /* waits shorter than the window, */
    unsigned bins[STATISTIC_BINS]; /* ... in each tenth of it, */
    unsigned after; /* ... and longer */
};

void statistic_clear(struct statistic *statistic);
/* A wait at that place: 0 = the window's least, 1 = its most. */
void statistic_place(struct statistic *statistic, double place);
/* A question more, for the caller to fill in what was seen. At most
 * STATISTIC_QUESTIONS_MAX. */
struct statistic_question *statistic_ask(struct statistic *statistic,
                                         const char *text, const char *measure);
/* The most waits that a tenth of the window holds. */
unsigned statistic_peak(const struct statistic *statistic);

cJSON *statistic_to_json(const struct statistic *statistic); /* yours */
/* Into a cleared one; what was read stays there on an error. */
bool MUST_USE statistic_from_json(const cJSON *json, const char *place,
                                  struct statistic *statistic, struct err *err);

#endif
