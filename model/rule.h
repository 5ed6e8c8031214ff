/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

/* The rules we certify, as one table: from it come docs/rules.md, `retrial
 * explain RULE`, `retrial list rules` and the traceability of every report.
 * A scenario names rules by id and never restates them. */

#include <stddef.h>

/* Family and number: RULE_AUTH_1 is "AUTH-1". Each has its row in rule.c. */
/* clang-format off */
#define RULE_MAP(X)                                                            \
    X(AUTH, 1) X(AUTH, 2) X(AUTH, 3) X(AUTH, 4) X(AUTH, 5) X(AUTH, 6)          \
    X(AUTH, 7)                                                                 \
    X(COUNT, 1) X(COUNT, 2) X(COUNT, 3) X(COUNT, 4)                            \
    X(STATUS, 1) X(STATUS, 2) X(STATUS, 3) X(STATUS, 4) X(STATUS, 5)           \
    X(STATUS, 6) X(STATUS, 7)                                                  \
    X(RA, 1) X(RA, 2) X(RA, 3) X(RA, 4) X(RA, 5) X(RA, 6) X(RA, 7) X(RA, 8)    \
    X(RA, 9) X(RA, 10) X(RA, 11) X(RA, 12) X(RA, 13)                           \
    X(BACK, 1) X(BACK, 2) X(BACK, 3) X(BACK, 4) X(BACK, 5) X(BACK, 6)          \
    X(BUDGET, 1) X(BUDGET, 2) X(BUDGET, 3) X(BUDGET, 4) X(BUDGET, 5)           \
    X(BUDGET, 6) X(BUDGET, 7)                                                  \
    X(NET, 1) X(NET, 2) X(NET, 3) X(NET, 4) X(NET, 5)                          \
    X(WIRE, 1) X(WIRE, 2) X(WIRE, 3) X(WIRE, 4) X(WIRE, 5) X(WIRE, 6)          \
    X(WIRE, 7) X(WIRE, 8)                                                      \
    X(DELIVER, 1) X(DELIVER, 2) X(DELIVER, 3) X(DELIVER, 4) X(DELIVER, 5)      \
    X(DELIVER, 6) X(DELIVER, 7) X(DELIVER, 8) X(DELIVER, 9) X(DELIVER, 10)
/* clang-format on */

enum rule_id {
#define X(family, number) RULE_##family##_##number,
    RULE_MAP(X)
#undef X
        RULE_COUNT,
    RULE_NONE = RULE_COUNT /* ends a list of them, too */
};

enum rule_level { RULE_MUST, RULE_MUST_NOT, RULE_SHOULD };

struct rule {
    const char     *id;      /* "RA-1" */
    const char     *section; /* "Retry-After" */
    enum rule_level level;
    const char     *sentence; /* what a right client does, one sentence; in
                               * braces what a profile says: rule_sentence */
    const char *source;   /* where the rule comes from */
};

extern const struct rule rule_table[RULE_COUNT];

const struct rule *rule_find(const char *id); /* NULL = no such rule */
/* The known id that a mistyped one most likely meant, or NULL. */
const char *rule_nearest(const char *id);
enum rule_id rule_index(const struct rule *rule);
const char *rule_level_text(enum rule_level level); /* "MUST NOT" */

#endif
