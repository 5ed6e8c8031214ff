/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_TALLY_H
#define REPORTS_TALLY_H

/* What every document says of the run as a whole, counted once: how the
 * profile differs from the published one, what was lacking, what broke
 * besides the numbered rules, and the last line. */

#include "model/rule_sentence.h"
#include "model/run.h"
#include "reports/mask.h"

#include <stddef.h>
#include <stdint.h>

struct difference { /* a profile value that is not the published one */
    char *name;
    char *own;
    char *published;
};

struct lack { /* a capability, and the trials not run for want of it */
    char    *capability; /* masked and clean */
    unsigned trials;
};

struct other_breach { /* "contract" or "expect", like a rule */
    const char *subject;
    unsigned    breached; /* trials, known failures apart */
    unsigned    known;
};

enum { TALLY_OTHERS = 2 };

struct broken { /* a rule that was broken, or what breaks like one */
    const struct rule *rule; /* NULL = none of the numbered ones */
    const char        *name; /* the rule's id, or "contract", "expect" */
    const char        *level;
    const char        *sentence;
    unsigned           breached; /* trials, known failures apart */
    unsigned           named;    /* ... in which it was to be exercised */
};

struct tally {
    /* Each rule's sentence under the run's profile. */
    char                sentences[RULE_COUNT][RULE_SENTENCE_MAX];
    struct totals       totals;
    struct rule_total   rules[RULE_COUNT]; /* by rule_index */
    struct difference  *differences;
    size_t              difference_count;
    struct lack        *lacks; /* most trials first */
    size_t              lack_count;
    struct other_breach others[TALLY_OTHERS];
    struct broken       broken[RULE_COUNT + TALLY_OTHERS]; /* worst first */
    size_t              broken_count;
    int64_t             waits_ns; /* the trials' time, each on its own
                                   * clock, summed up */
    char *proofs; /* "44 proofs on this kernel, all held"; NULL =
                   * no fault was in use */
    char *summary; /* "certified: 143 trials, 0 failed, ..." */
};

struct tally *tally_new(const struct run *run, struct mask *mask);
void tally_free(struct tally *tally);

/* Learns the secrets of every plan of the run: for texts about the run. */
void tally_mask(struct mask *mask, const struct run *run);

/* "12 trials", "1 trial". */
enum { TALLY_COUNT_MAX = 48 };
char *tally_count(char buffer[TALLY_COUNT_MAX], size_t count, const char *noun);
/* What became of a rule: "ok", "3 breached, 1 known", "not exercised". */
char *tally_rule_state(const struct rule_total *total); /* yours */

#endif
