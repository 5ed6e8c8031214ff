#ifndef JUDGE_CHECK_H
#define JUDGE_CHECK_H

/* A check: a few rules that look at the same thing. It says which rules had
 * something to judge (verdict_saw) and what it found, and blames nobody for
 * what is right under some reading of the contract. */

#include "judge/history.h"
#include "judge/judge.h"

struct check {
    struct check_info info;
    void (*judge)(const struct history *history, struct verdict *verdict);
};

/* The lists of .rules and .killed_by, with their ends. */
#define RULES(...) ((const enum rule_id[]){__VA_ARGS__, RULE_NONE})
#define LIST(...)  ((const char *const[]){__VA_ARGS__, NULL})

#define NO_RULES ((const enum rule_id[]){RULE_NONE})

extern const struct check *const check_table[];
extern const size_t              check_count;

#endif
