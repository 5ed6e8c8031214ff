/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PROFILE_KEYS_H
#define MODEL_PROFILE_KEYS_H

/* The values of a profile, each named once. From this table come the fields
 * of struct profile, the reading and printing of profiles, docs/profiles.md,
 * docs/profile.schema.json and `retrial explain profile`.
 *
 *   WORDS(part, field, null, meaning, WORD(enumerator, word) ...)
 *   NUMBER(part, field, null, least, most, meaning)   the unit ends its name
 *   STATUSES(part, field, null, meaning)              "408", "500-599"
 *   TEXT(part, field, null, meaning)                  a name of HTTP's
 *   TEXTS(part, field, null, meaning)                 a list of them
 *   LINE(part, field, null, meaning)                  any text of one line
 *   SECONDS(part, field, null, meaning)               a list of waits
 *
 * part: PART_POLICY or PART_WIRE. null: what null says, as text; NULL = the
 * value must be given. */

/* clang-format off */
#define PROFILE_MAP(WORDS, WORD, NUMBER, STATUSES, TEXT, TEXTS, LINE, SECONDS) \
    STATUSES(PART_POLICY, delivered, NULL,                                     \
          "the statuses that say: delivered")                                  \
    STATUSES(PART_POLICY, retried, NULL,                                       \
          "the statuses that are retried")                                     \
    STATUSES(PART_POLICY, either, NULL,                                        \
          "the statuses that a right client may retry or not; one that is in " \
          "no list is not retried")                                            \
    STATUSES(PART_POLICY, retried_with_oauth, NULL,                            \
          "the statuses that are retried where OAuth is configured, whatever " \
          "the lists say")                                                     \
    TEXT(PART_POLICY, override_header, "there is none",                        \
          "a header field of an answer that is not delivered: true has it "    \
          "retried and false ends the batch, whatever the lists say")          \
    WORDS(PART_POLICY, network_failure, "a right client may retry it or not",  \
          "what follows a request that got no whole answer",                   \
          WORD(NETWORK_FAILURE_RETRIED, "retried")                             \
          WORD(NETWORK_FAILURE_DROPPED, "dropped"))                            \
    STATUSES(PART_POLICY, retry_after_statuses, NULL,                          \
          "the statuses whose Retry-After is honoured, where they are retried")\
    TEXTS(PART_POLICY, retry_after_ms_headers, NULL,                           \
          "header fields that say the wait in ms, read before Retry-After")    \
    STATUSES(PART_POLICY, retry_after_ms_statuses,                             \
          "those of retry_after_statuses",                                     \
          "the statuses whose header fields in ms are honoured, where they "   \
          "are retried")                                                       \
    WORDS(PART_POLICY, retry_after_decimals,                                   \
          "either is right: as it is, cut to whole units, or absent",          \
          "what a wait with a point in it means (Retry-After: 1.5)",           \
          WORD(RETRY_AFTER_DECIMALS_HONOURED, "honoured")                      \
          WORD(RETRY_AFTER_DECIMALS_ABSENT, "absent"))                         \
    WORDS(PART_POLICY, retry_after_meets, NULL,                                \
          "how a Retry-After meets the backoff: it replaces it, the larger of "\
          "both is waited, it is added, or it is clamped to between the "      \
          "backoff and retry_after_clamp_s more",                              \
          WORD(RETRY_AFTER_MEETS_REPLACES, "replaces")                         \
          WORD(RETRY_AFTER_MEETS_LARGER, "larger")                             \
          WORD(RETRY_AFTER_MEETS_ADDED, "added")                               \
          WORD(RETRY_AFTER_MEETS_CLAMPED, "clamped"))                          \
    NUMBER(PART_POLICY, retry_after_clamp_s, NULL, 0, 3600,                    \
          "how far over the backoff a clamped Retry-After may come")           \
    WORDS(PART_POLICY, retry_after_zero, "any of them is right",               \
          "what Retry-After: 0 means",                                         \
          WORD(RETRY_AFTER_ZERO_BACKOFF, "backoff")                            \
          WORD(RETRY_AFTER_ZERO_FLOOR, "floor")                                \
          WORD(RETRY_AFTER_ZERO_IMMEDIATE, "immediate"))                       \
    NUMBER(PART_POLICY, retry_after_floor_s, NULL, 0, 60,                      \
          "the wait at Retry-After: 0 with a floor")                           \
    NUMBER(PART_POLICY, retry_after_cap_s, "no bound is published", 0, 604800, \
          "the longest Retry-After that is taken as it is")                    \
    WORDS(PART_POLICY, retry_after_over_cap, NULL,                             \
          "what a longer one means: the cap, no Retry-After at all, or that "  \
          "the client gives up",                                               \
          WORD(RETRY_AFTER_OVER_CAP_CLAMP, "clamp")                            \
          WORD(RETRY_AFTER_OVER_CAP_IGNORE, "ignore")                          \
          WORD(RETRY_AFTER_OVER_CAP_GIVE_UP, "give-up"))                       \
    WORDS(PART_POLICY, rate_limited_tries, "either is right",                  \
          "whether a Retry-After wait spends the budget",                      \
          WORD(RATE_LIMITED_TRIES_FREE, "free")                                \
          WORD(RATE_LIMITED_TRIES_COUNTED, "counted"))                         \
    WORDS(PART_POLICY, gate, "either is right",                                \
          "what a Retry-After wait blocks",                                    \
          WORD(GATE_ALL, "all")                                                \
          WORD(GATE_BATCH, "batch"))                                           \
    WORDS(PART_POLICY, bare_429, NULL,                                         \
          "429 without Retry-After",                                           \
          WORD(BARE_429_BACKOFF, "backoff")                                    \
          WORD(BARE_429_BLOCK, "block"))                                       \
    NUMBER(PART_POLICY, bare_429_block_s, NULL, 0, 86400,                      \
          "the wait after a bare 429 where it blocks")                         \
    WORDS(PART_POLICY, backoff_law, "the waits of backoff are not judged",     \
          "how the wait grows with each counted retry: base x factor^(n-1), "  \
          "base x n, base, base x the n-th Fibonacci number (1, 1, 2, 3), or " \
          "the n-th of backoff_table_s",                                       \
          WORD(BACKOFF_LAW_EXPONENTIAL, "exponential")                         \
          WORD(BACKOFF_LAW_LINEAR, "linear")                                   \
          WORD(BACKOFF_LAW_FIXED, "fixed")                                     \
          WORD(BACKOFF_LAW_FIBONACCI, "fibonacci")                             \
          WORD(BACKOFF_LAW_TABLE, "table"))                                    \
    NUMBER(PART_POLICY, backoff_base_s, NULL, 0.001, 3600,                     \
          "the law's wait before the first retry")                             \
    NUMBER(PART_POLICY, backoff_factor, NULL, 1, 10,                           \
          "how an exponential law grows with each counted retry")              \
    SECONDS(PART_POLICY, backoff_table_s, NULL,                                \
          "the waits of a law that is a table; its last one stays")            \
    NUMBER(PART_POLICY, backoff_cap_s, "the waits have no upper bound",        \
          0.001, 604800, "no backoff is longer")                               \
    WORDS(PART_POLICY, backoff_cap_meets, NULL,                                \
          "whether the cap holds with the jitter or before it",                \
          WORD(BACKOFF_CAP_MEETS_WAIT, "wait")                                 \
          WORD(BACKOFF_CAP_MEETS_LAW, "law"))                                  \
    NUMBER(PART_POLICY, backoff_floor_s, "there is none", 0.001, 3600,         \
          "no backoff, its jitter included, is shorter")                       \
    NUMBER(PART_POLICY, first_retry_s, "the law's own", 0, 3600,               \
          "the first wait, where it is not the law's")                         \
    WORDS(PART_POLICY, first_retry_then, NULL,                                 \
          "the wait of the law that follows that first one",                   \
          WORD(FIRST_RETRY_THEN_SECOND, "second")                              \
          WORD(FIRST_RETRY_THEN_FIRST, "first"))                               \
    WORDS(PART_POLICY, jitter, NULL,                                           \
          "what chance does to a wait: a factor from jitter_min to "           \
          "jitter_max (full is 0 to 1, equal 0.5 to 1), up to jitter_added_s " \
          "more, or from the base to three times the wait before",             \
          WORD(JITTER_FACTOR, "factor")                                        \
          WORD(JITTER_ADDED, "added")                                          \
          WORD(JITTER_DECORRELATED, "decorrelated"))                           \
    NUMBER(PART_POLICY, jitter_min, NULL, 0, 10,                               \
          "the least factor on the law")                                       \
    NUMBER(PART_POLICY, jitter_max, NULL, 0, 10,                               \
          "the greatest factor on the law")                                    \
    NUMBER(PART_POLICY, jitter_added_s, NULL, 0, 3600,                         \
          "the most that is added to the law")                                 \
    WORDS(PART_POLICY, jitter_spread,                                          \
          "any spread within its bounds is right",                             \
          "how chance spreads many waits over their window",                   \
          WORD(JITTER_SPREAD_EVEN, "even"))                                    \
    WORDS(PART_POLICY, max_retries_means, NULL,                                \
          "what maxRetries counts",                                            \
          WORD(MAX_RETRIES_MEANS_RETRIES, "retries")                           \
          WORD(MAX_RETRIES_MEANS_ATTEMPTS, "attempts"))                        \
    NUMBER(PART_POLICY, max_retries_default,                                   \
          "none is published: a client may give up, or go on", 0, 1000000,     \
          "maxRetries where it is not configured")                             \
    NUMBER(PART_POLICY, max_total_backoff_s, "there is none", 0, 604800,       \
          "the budget of counted retrying where it is not configured")         \
    NUMBER(PART_POLICY, max_rate_limit_s, "there is none", 0, 604800,          \
          "the budget of being rate-limited where it is not configured")       \
    WORDS(PART_POLICY, max_total_backoff_from, NULL,                           \
          "what that budget begins with: the end of the first failure, or the "\
          "start of the first attempt",                                        \
          WORD(MAX_TOTAL_BACKOFF_FROM_FAILURE, "failure")                      \
          WORD(MAX_TOTAL_BACKOFF_FROM_ATTEMPT, "attempt"))                     \
    WORDS(PART_POLICY, retry_after_over_budget,                                \
          "it may wait for what is left, or give up",                          \
          "a Retry-After that is longer than what is left of that budget: the "\
          "batch is given up at once, or waits for what is left",              \
          WORD(RETRY_AFTER_OVER_BUDGET_GIVE_UP, "give-up")                     \
          WORD(RETRY_AFTER_OVER_BUDGET_SHORTEN, "shorten"))                    \
    NUMBER(PART_POLICY, max_rate_limited_tries, "there is no such bound",      \
          0, 1000000, "after so many Retry-After waits a batch is given up")   \
    WORDS(PART_POLICY, max_rate_limited_means, NULL,                           \
          "what that bound counts: a batch's Retry-After waits, or all of its "\
          "attempts, beyond maxRetries",                                       \
          WORD(MAX_RATE_LIMITED_MEANS_WAITS, "waits")                          \
          WORD(MAX_RATE_LIMITED_MEANS_ATTEMPTS, "attempts"))                   \
    WORDS(PART_POLICY, budget_after_requeue, "either is right",                \
          "the budgets of counted retries and of their time after a "          \
          "Retry-After wait",                                                  \
          WORD(BUDGET_AFTER_REQUEUE_CONTINUE, "continue")                      \
          WORD(BUDGET_AFTER_REQUEUE_RESTART, "restart"))                       \
    NUMBER(PART_POLICY, cool_off_s,                                            \
          "there is none: a batch whose retries are spent is given up",        \
          0.001, 604800,                                                       \
          "the pause when all counted retries are spent, after which they "    \
          "begin anew")                                                        \
    NUMBER(PART_POLICY, retry_quota, "there is none", 1, 1000000,              \
          "the tokens that all retries of a client take from; a success gives "\
          "back what its retry took, or one")                                  \
    NUMBER(PART_POLICY, retry_quota_cost, NULL, 0, 1000000,                    \
          "what a retry takes of them")                                        \
    NUMBER(PART_POLICY, retry_quota_cost_timeout, NULL, 0, 1000000,            \
          "what a retry takes after a request that timed out")                 \
    WORDS(PART_POLICY, retry_count_after_requeue, NULL,                        \
          "the attempt header after a Retry-After wait",                       \
          WORD(RETRY_COUNT_AFTER_REQUEUE_CONTINUE, "continue")                 \
          WORD(RETRY_COUNT_AFTER_REQUEUE_RESTART, "restart"))                  \
    NUMBER(PART_POLICY, early_tolerance_ms, NULL, 0, 1000,                     \
          "a client timer's own grain")                                        \
    NUMBER(PART_POLICY, lateness_ms, NULL, 0, 60000,                           \
          "how much later than the law a retry may come")                      \
    NUMBER(PART_POLICY, waits_s, NULL, 0, 604800,                              \
          "how long the client's command waits for its SDK; 0 = for ever")     \
    WORDS(PART_WIRE, method, NULL,                                             \
          "by which method a batch is sent",                                   \
          WORD(METHOD_POST, "POST")                                            \
          WORD(METHOD_PUT, "PUT"))                                             \
    TEXT(PART_WIRE, path, "any is right",                                      \
          "the path that a batch is sent to, without a query")                 \
    WORDS(PART_WIRE, authorization, NULL,                                      \
          "how the write key is carried without OAuth: Basic credentials, a "  \
          "bearer token, the value of a header field, of a key of the query "  \
          "or of a field of the body; as-sent: basic, if any are sent",        \
          WORD(AUTHORIZATION_BASIC, "basic")                                   \
          WORD(AUTHORIZATION_NONE, "none")                                     \
          WORD(AUTHORIZATION_AS_SENT, "as-sent")                               \
          WORD(AUTHORIZATION_BEARER, "bearer")                                 \
          WORD(AUTHORIZATION_HEADER, "header")                                 \
          WORD(AUTHORIZATION_QUERY, "query")                                   \
          WORD(AUTHORIZATION_BODY_FIELD, "body-field"))                        \
    TEXT(PART_WIRE, credential_name, "it is not needed",                       \
          "the name of that header field, query key or body field")            \
    TEXT(PART_WIRE, attempt_header, "there is none",                           \
          "the header field that counts the attempts of a batch")              \
    WORDS(PART_WIRE, attempt_first, NULL,                                      \
          "what it says on the first attempt",                                 \
          WORD(ATTEMPT_FIRST_ABSENT, "absent")                                 \
          WORD(ATTEMPT_FIRST_ZERO, "zero")                                     \
          WORD(ATTEMPT_FIRST_ONE, "one"))                                      \
    TEXTS(PART_WIRE, content_types, NULL,                                      \
          "the media types of a batch; an empty list = any")                   \
    WORDS(PART_WIRE, body_form, "any form is right",                           \
          "the form of a batch's body, before any content coding",             \
          WORD(BODY_FORM_JSON, "json")                                         \
          WORD(BODY_FORM_NDJSON, "ndjson")                                     \
          WORD(BODY_FORM_FORM, "form")                                         \
          WORD(BODY_FORM_PROTOBUF, "protobuf")                                 \
          WORD(BODY_FORM_MSGPACK, "msgpack"))                                  \
    TEXTS(PART_WIRE, content_encodings, NULL,                                  \
          "the content codings of a batch, beside none; an empty list = any")  \
    WORDS(PART_WIRE, sent_at, "either is right",                               \
          "whether each attempt has a sentAt of its own",                      \
          WORD(SENT_AT_FRESH, "fresh")                                         \
          WORD(SENT_AT_FIXED, "fixed"))                                        \
    LINE(PART_WIRE, answer_delivered, "Retrial's own says success",            \
          "the body of an answer that says: delivered, where a scenario has "  \
          "none; {status} stands for the status")                              \
    LINE(PART_WIRE, answer_refused,                                            \
          "Retrial's own says code and message",                               \
          "the body of any other answer, where a scenario has none; {status} " \
          "stands for the status")                                             \
    NUMBER(PART_WIRE, event_bytes_max, "no bound is published", 1, 1e9,        \
          "a larger event is refused")                                         \
    NUMBER(PART_WIRE, batch_bytes_max, "no bound is published", 1, 1e9,        \
          "no batch is larger")
/* clang-format on */

#endif
