/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

/* What of a client's configuration a scenario may give. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* config keys a scenario may give: enumerator, key, least, most, meaning.
 * A value is in the unit the meaning names; the runner turns it into the unit
 * of the client's manifest. Each but flushInterval needs the capability
 * "config.KEY". */
#define CONFIG_MAP(X)                                                          \
    X(CONFIG_FLUSH_AT, "flushAt", 1, 10000, "events a batch")                  \
    X(CONFIG_FLUSH_INTERVAL, "flushInterval", 1, 3600000,                      \
      "ms until a batch that is not full is sent")                             \
    X(CONFIG_MAX_RETRIES, "maxRetries", 0, 1000000, "counted retries a batch") \
    X(CONFIG_TIMEOUT, "timeout", 1, 3600000, "ms a request may take")          \
    X(CONFIG_MAX_RETRY_AFTER, "maxRetryAfterMs", 0, 300000,                    \
      "ms; the cap on Retry-After, shortened")                                 \
    X(CONFIG_MAX_TOTAL_BACKOFF, "maxTotalBackoffMs", 0, 43200000,              \
      "ms of counted retrying a batch")                                        \
    X(CONFIG_MAX_RATE_LIMIT, "maxRateLimitMs", 0, 43200000,                    \
      "ms of being rate-limited")                                              \
    X(CONFIG_WORKERS, "workers", 1, 64, "sending threads")                     \
    X(CONFIG_BACKOFF_BASE, "backoffBaseMs", 1, 60000,                          \
      "ms; the wait before the first counted retry, shortened")                \
    X(CONFIG_MAX_BACKOFF, "maxBackoffMs", 1, 60000,                            \
      "ms; the cap on a backoff, shortened")                                   \
    X(CONFIG_MAX_BATCH_BYTES, "maxBatchBytes", 36000, 475000,                  \
      "bytes of a batch's body, shortened")                                    \
    X(CONFIG_MAX_QUEUE_SIZE, "maxQueueSize", 1, 1000000,                       \
      "events that may wait to be sent")

enum config_key {
#define X(key, name, min, max, meaning) key,
    CONFIG_MAP(X)
#undef X
        CONFIG_COUNT
};

enum { CONFIG_UNSET = -1 };

/* What an SDK's own configuration may not be able to say, however well it knows
 * the key: 0, and what is not of whole seconds. Key, capability, value. A
 * scenario that gives such a value needs that capability, too. */
#define CONFIG_VALUE_MAP(X)                                                    \
    X(CONFIG_MAX_RETRIES, "config.maxRetries.zero", VALUE_ZERO)                \
    X(CONFIG_MAX_RETRY_AFTER, "config.maxRetryAfterMs.zero", VALUE_ZERO)       \
    X(CONFIG_MAX_TOTAL_BACKOFF, "config.maxTotalBackoffMs.zero", VALUE_ZERO)   \
    X(CONFIG_MAX_RATE_LIMIT, "config.maxRateLimitMs.zero", VALUE_ZERO)         \
    X(CONFIG_TIMEOUT, "config.timeout.fraction", VALUE_FRACTION)               \
    X(CONFIG_MAX_RETRY_AFTER, "config.maxRetryAfterMs.fraction",               \
      VALUE_FRACTION)                                                          \
    X(CONFIG_MAX_TOTAL_BACKOFF, "config.maxTotalBackoffMs.fraction",           \
      VALUE_FRACTION)                                                          \
    X(CONFIG_MAX_RATE_LIMIT, "config.maxRateLimitMs.fraction", VALUE_FRACTION)

enum {
#define X(key, capability, value) +1
    CONFIG_VALUE_COUNT = 0 CONFIG_VALUE_MAP(X)
#undef X
};

/* "config.KEY" or one of those. */
bool config_is_capability(const char *word);
/* The index-th word of the key's own, "zero"; NULL = no more. */
const char *config_value_word(enum config_key key, size_t index);
const char *config_name(enum config_key key);
enum config_key config_find(const char *name); /* CONFIG_COUNT = none */
bool config_allows(enum config_key key, int64_t value);
int64_t config_min(enum config_key key);
int64_t config_max(enum config_key key);
/* "config.KEY". */
const char *config_capability(enum config_key key);
/* The capability that the index-th of the values above needs; NULL = the config
 * does not have that value. */
const char *config_value_capability(const int64_t config[CONFIG_COUNT],
                                    int           index);

#endif
