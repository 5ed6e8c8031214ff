/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TOKENS_H
#define JUDGE_TOKENS_H

/* The OAuth tokens of a trial: who asked for one, what became of it, and which
 * token each request carried. Made once a trial; borrows the history. */

#include "judge/history.h"

struct grant { /* an attempt on the token route */
    const struct attempt *attempt;
    struct outcome        outcome;
    char                 *token;  /* what it brought; NULL = none */
    int64_t               life_ns; /* TIME_NEVER = it did not say */
    int64_t void_from_ns; /* the server refused it: the answer left then; */
    int64_t void_to_ns;   /* ... and had left. INT64_MAX = it never did */
};

struct tokens {
    const struct history *history;
    struct grant         *items; /* as they arrived */
    size_t                count;
    /* Those that brought a token, by it and by the time it was given; and who
     * had asked last for the same by then. */
    struct given_token {
        struct grant *grant;
        struct grant *latest;
    }     *given;
    size_t given_count;
};

/* NULL = the trial has no OAuth. */
struct tokens *tokens_new(const struct history *history);
void tokens_free(struct tokens *tokens);

/* The bearer token that the attempt carries; NULL = none. */
const char *tokens_carried(const struct attempt *attempt);
/* The grant whose token it carries, if that was given before it came. */
const struct grant *tokens_grant_of(const struct tokens  *tokens,
                                    const struct attempt *attempt);

#endif
