/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CHECK_H
#define JUDGE_CHECK_H

/* A check: a few rules that look at the same thing. It says which rules had
 * something to judge (verdict_saw) and what it found, and blames nobody for
 * what is right under some reading of the contract. */

#include "judge/check_info.h"
#include "judge/history.h"
#include "model/verdict.h"

struct check {
    struct check_info info;
    /* One of the two: of the whole trial, or of each attempt by itself. */
    void (*judge)(const struct history *history, struct verdict *verdict);
    void (*judge_attempt)(const struct history      *history,
                          const struct attempt_view *view,
                          struct verdict            *verdict);
};

/* The lists of .rules and .killed_by, with their ends. */
#define RULES(...) ((const enum rule_id[]){__VA_ARGS__, RULE_NONE})
#define LIST(...)  ((const char *const[]){__VA_ARGS__, NULL})

#define NO_RULES ((const enum rule_id[]){RULE_NONE})

/* Every check, in the order of the rules: NAME is check_NAME, in
 * check_NAME.c. */
#define CHECK_MAP(X)                                                           \
    X(contract)                                                                \
    X(framing)                                                                 \
    X(authorization)                                                           \
    X(bearer)                                                                  \
    X(token_void)                                                              \
    X(token_endpoint)                                                          \
    X(token_reuse)                                                             \
    X(token_request)                                                           \
    X(redirect)                                                                \
    X(retry_count)                                                             \
    X(retried)                                                                 \
    X(not_retried)                                                             \
    X(retry_after)                                                             \
    X(gate)                                                                    \
    X(order)                                                                   \
    X(retry_after_scope)                                                       \
    X(bare_429)                                                                \
    X(retry_after_zero)                                                        \
    X(retry_after_junk)                                                        \
    X(retry_after_date)                                                        \
    X(endless)                                                                 \
    X(limit_over)                                                              \
    X(backoff)                                                                 \
    X(backoff_cap)                                                             \
    X(jitter)                                                                  \
    X(herd)                                                                    \
    X(budget)                                                                  \
    X(budget_time)                                                             \
    X(config)                                                                  \
    X(timeout)                                                                 \
    X(connection)                                                              \
    X(dead_connection)                                                         \
    X(tls)                                                                     \
    X(delivery)                                                                \
    X(duplicate)                                                               \
    X(same_batch)                                                              \
    X(report)                                                                  \
    X(other_batches)                                                           \
    X(flush)                                                                   \
    X(queue)                                                                   \
    X(sizes)                                                                   \
    X(body)                                                                    \
    X(sent_at)                                                                 \
    X(expect)

#define X(name) extern const struct check check_##name;
CHECK_MAP(X)
#undef X

extern const struct check *const check_table[];
extern const size_t              check_count;

#endif
