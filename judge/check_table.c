/* Every check, one line each, in the order of the rules. */

#include "judge/check.h"

#define CHECKS(X)                                                              \
    X(check_contract)                                                          \
    X(check_framing)                                                           \
    X(check_authorization)                                                     \
    X(check_bearer)                                                            \
    X(check_token_void)                                                        \
    X(check_token_endpoint)                                                    \
    X(check_token_reuse)                                                       \
    X(check_token_request)                                                     \
    X(check_redirect)                                                          \
    X(check_retry_count)                                                       \
    X(check_retried)                                                           \
    X(check_not_retried)                                                       \
    X(check_retry_after)                                                       \
    X(check_gate)                                                              \
    X(check_order)                                                             \
    X(check_retry_after_scope)                                                 \
    X(check_bare_429)                                                          \
    X(check_retry_after_zero)                                                  \
    X(check_retry_after_junk)                                                  \
    X(check_retry_after_date)                                                  \
    X(check_endless)                                                           \
    X(check_limit_over)                                                        \
    X(check_backoff)                                                           \
    X(check_backoff_cap)                                                       \
    X(check_jitter)                                                            \
    X(check_herd)                                                              \
    X(check_budget)                                                            \
    X(check_budget_time)                                                       \
    X(check_config)                                                            \
    X(check_timeout)                                                           \
    X(check_connection)                                                        \
    X(check_dead_connection)                                                   \
    X(check_tls)                                                               \
    X(check_delivery)                                                          \
    X(check_duplicate)                                                         \
    X(check_same_batch)                                                        \
    X(check_report)                                                            \
    X(check_other_batches)                                                     \
    X(check_flush)                                                             \
    X(check_queue)                                                             \
    X(check_sizes)                                                             \
    X(check_body)                                                              \
    X(check_sent_at)                                                           \
    X(check_expect)

#define X(name) extern const struct check name;
CHECKS(X)
#undef X

const struct check *const check_table[] = {
#define X(name) &name,
    CHECKS(X)
#undef X
};

const size_t check_count = sizeof check_table / sizeof check_table[0];
