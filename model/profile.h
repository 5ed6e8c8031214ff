/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

/* The published policy of an ingest, as data: what a right client does.
 *
 * A profile is a JSON document (model/profiles/NAME.json, in the binary). An
 * SDK's manifest may set single values to what the SDK documents; scenarios
 * never fork for that. Every value is named here once; the reports print all
 * that differ from the profile's. */

#include "common/err.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* Words: FIELD(field, what it decides, its allowed words), and each of those
 * WORD(enumerator, word). */
/* clang-format off */
#define PROFILE_WORD_MAP(FIELD, WORD)                                          \
    FIELD(retry_after_scope, "which statuses honour Retry-After",              \
          WORD(RETRY_AFTER_SCOPE_429, "429")                                   \
          WORD(RETRY_AFTER_SCOPE_RETRYABLE, "retryable"))                      \
    FIELD(retry_after_zero, "what Retry-After: 0 means",                       \
          WORD(RETRY_AFTER_ZERO_BACKOFF, "backoff")                            \
          WORD(RETRY_AFTER_ZERO_FLOOR, "floor")                                \
          WORD(RETRY_AFTER_ZERO_IMMEDIATE, "immediate"))                       \
    FIELD(redirect, "what 3xx means",                                          \
          WORD(REDIRECT_SUCCESS, "success")                                    \
          WORD(REDIRECT_FAILURE, "failure"))                                   \
    FIELD(retry_count_after_requeue, "X-Retry-Count after a Retry-After wait", \
          WORD(RETRY_COUNT_AFTER_REQUEUE_CONTINUE, "continue")                 \
          WORD(RETRY_COUNT_AFTER_REQUEUE_RESTART, "restart"))                  \
    FIELD(max_retries_means, "what maxRetries counts",                         \
          WORD(MAX_RETRIES_MEANS_RETRIES, "retries")                           \
          WORD(MAX_RETRIES_MEANS_ATTEMPTS, "attempts"))                        \
    FIELD(bare_429, "429 without Retry-After",                                 \
          WORD(BARE_429_BACKOFF, "backoff")                                    \
          WORD(BARE_429_BLOCK, "block"))                                       \
    FIELD(rate_limited_tries, "whether a Retry-After wait spends the budget",  \
          WORD(RATE_LIMITED_TRIES_FREE, "free")                                \
          WORD(RATE_LIMITED_TRIES_COUNTED, "counted"))                         \
    FIELD(status_511_without_oauth, "511 without OAuth",                       \
          WORD(STATUS_511_WITHOUT_OAUTH_DROP, "drop")                          \
          WORD(STATUS_511_WITHOUT_OAUTH_RETRY, "retry"))                       \
    FIELD(gate, "what a Retry-After wait blocks",                              \
          WORD(GATE_ALL, "all")                                                \
          WORD(GATE_BATCH, "batch"))                                           \
    FIELD(authorization,                                                       \
          "credentials without OAuth; as-sent: basic, if any are sent",        \
          WORD(AUTHORIZATION_BASIC, "basic")                                   \
          WORD(AUTHORIZATION_NONE, "none")                                     \
          WORD(AUTHORIZATION_AS_SENT, "as-sent"))                              \
    FIELD(sent_at, "whether each attempt has a sentAt of its own",             \
          WORD(SENT_AT_FRESH, "fresh")                                         \
          WORD(SENT_AT_FIXED, "fixed"))
/* clang-format on */

/* Numbers: field, least, most, what it is. */
#define PROFILE_NUMBER_MAP(X)                                                  \
    X(backoff_base_s, 0.001, 3600, "the law's wait before the first retry")    \
    X(backoff_factor, 1, 10, "how the law grows with each counted retry")      \
    X(backoff_cap_s, 0.001, 86400, "no backoff is longer, jitter included")    \
    X(first_retry_s, -1, 3600, "the first wait, if not the law's; -1 = law")   \
    X(jitter_min, 0, 10, "least factor on the law")                            \
    X(jitter_max, 0, 10, "greatest factor on the law")                         \
    X(retry_after_cap_s, 0, 86400, "a longer Retry-After is taken as this")    \
    X(retry_after_floor_s, 0, 60, "wait at Retry-After: 0 with a floor")       \
    X(bare_429_block_s, 0, 86400, "wait after a bare 429 where it blocks")     \
    X(max_retries_default, 0, 1000000, "maxRetries when not configured")       \
    X(max_total_backoff_s, 0, 604800, "default budget of counted retrying")    \
    X(max_rate_limit_s, 0, 604800, "default budget of being rate-limited")     \
    X(event_bytes_max, 1, 1e9, "a larger event is refused")                    \
    X(batch_bytes_max, 1, 1e9, "no batch is larger")                           \
    X(early_tolerance_ms, 0, 1000, "a client timer's own grain")               \
    X(lateness_ms, 0, 60000, "how much later than the law a retry may come")   \
    X(waits_s, 0, 604800,                                                      \
      "how long the client's command waits for its SDK; 0 = for ever")

#define WORD(enumerator, word)       enumerator,
#define FIELD(field, meaning, words) enum profile_##field{words};
PROFILE_WORD_MAP(FIELD, WORD)
#undef FIELD
#undef WORD

enum status_class { STATUS_DELIVERED, STATUS_RETRIED, STATUS_DROPPED };

enum { PROFILE_NAME_MAX = 64, PROFILE_TYPES_MAX = 8 };

struct profile {
    char name[PROFILE_NAME_MAX];
    char about[512];
#define WORD(enumerator, word)
#define FIELD(field, meaning, words) enum profile_##field field;
    PROFILE_WORD_MAP(FIELD, WORD)
#undef FIELD
#undef WORD
#define X(field, min, max, meaning) double field;
    PROFILE_NUMBER_MAP(X)
#undef X
    unsigned char status[1000]; /* enum status_class by status, 100-999 */
    char          content_types[PROFILE_TYPES_MAX][PROFILE_NAME_MAX];
    unsigned      content_type_count;
};

/* The built-in profile of that name, or an error that lists the known. */
bool MUST_USE profile_load(struct profile *profile, const char *name,
                           struct err *err);
/* The index-th built-in profile's name; NULL = no more. */
const char *profile_listed(size_t index);

/* Sets the values that the object names; place is for the error ("FILE:
 * profile"). An unknown name, a wrong type or a value that is not allowed is
 * an error, and then the profile is unchanged. */
bool MUST_USE profile_set(struct profile *profile, const cJSON *values,
                          const char *place, struct err *err);
/* All values; yours (cJSON_Delete). profile_set on any profile of it makes
 * the same profile again. */
cJSON *profile_to_json(const struct profile *profile);

/* What a right client does with this answer (3xx and 511 as the profile's
 * values say; oauth: whether OAuth is configured). */
enum status_class profile_status(const struct profile *profile, int status,
                                 bool oauth);
/* Whether a Retry-After on this status is to be honoured. */
bool profile_honours_retry_after(const struct profile *profile, int status,
                                 bool oauth);

/* The law of backoff: the wait before the n-th counted retry (n = 1, 2 ...),
 * before jitter, capped. */
struct backoff_law {
    double base_s;
    double factor;
    double cap_s;
    double first_s; /* the first wait, if not the law's; -1 = the law's */
};

struct backoff_law profile_backoff(const struct profile *profile);
int64_t backoff_law_ns(const struct backoff_law *law, unsigned retry);

#endif
