#ifndef CLIENT_INGEST_H
#define CLIENT_INGEST_H

/* A client for an event ingest that keeps the retry contract of Segment's
 * server SDKs.
 *
 *     struct ingest_config config;
 *     struct err           err;
 *
 *     ingest_config_init(&config);
 *     config.write_key = "...";
 *     config.api_host = "https://api.segment.io";
 *     struct ingest *ingest = ingest_new(&config, &err);
 *     if (ingest == NULL ||
 *         !ingest_track(ingest, "user 7", "Signed Up", NULL, &err))
 *         fprintf(stderr, "%s: %s\n", err.place, err.text);
 *     ingest_shutdown(ingest, 30000);
 *     ingest_free(ingest);
 *
 * Events are queued and return at once; worker threads send them in batches
 * and retry as client/retry.h says. Each event ends in exactly one of two
 * ways, and is reported so: delivered, or dropped with a reason. All functions
 * may be called from any thread, except where it says otherwise. */

#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers of a client: field, its name in JSON, least, most, default,
 * what it is. Anything outside is refused by ingest_new, by this name. */
#define INGEST_LIMIT_MAP(X)                                                    \
    X(flush_at, "flushAt", 1, 1000000, 20, "events in a batch")                \
    X(flush_interval_ms, "flushInterval", 0, 604800000, 10000,                 \
      "ms an event waits for its batch to fill")                               \
    X(queue_max, "maxQueueSize", 1, 10000000, 100000, "events waiting")        \
    X(workers, "workers", 1, 64, 1, "batches under way at once")               \
    X(request_timeout_ms, "requestTimeoutMs", 1, 3600000, 10000,               \
      "ms until a request without an answer is given up")                      \
    X(max_event_bytes, "maxEventBytes", 1, 32768, 32768,                       \
      "bytes of an event; a larger one is refused")                            \
    X(max_batch_bytes, "maxBatchBytes", 36000, 475000, 475000,                 \
      "bytes of a batch's body, uncompressed")                                 \
    X(max_retries, "maxRetries", 0, 1000000, 1000, "counted retries a batch")  \
    X(backoff_base_ms, "backoffBaseMs", 1, 3600000, 500,                       \
      "ms before the first counted retry; each next one waits twice as long")  \
    X(max_backoff_ms, "maxBackoffMs", 1, 86400000, 60000,                      \
      "ms that no backoff is longer than, jitter included")                    \
    X(max_retry_after_ms, "maxRetryAfterMs", 0, 86400000, 300000,              \
      "ms that a longer Retry-After is taken as")                              \
    X(max_total_backoff_ms, "maxTotalBackoffMs", 0, 604800000, 43200000,       \
      "ms of counted retrying a batch, 0 = none")                              \
    X(max_rate_limit_ms, "maxRateLimitMs", 0, 604800000, 43200000,             \
      "ms of being rate-limited a batch, 0 = none")

enum { INGEST_WRITE_KEY_MAX = 256 };

/* How a batch ended. Valid during the call that it is handed to. */
struct ingest_report {
    const char        *reason; /* why it was dropped; NULL = delivered */
    int                status; /* of the last answer; 0 = none */
    unsigned           retries; /* attempts made after the first */
    const char *const *events; /* as JSON, in order */
    size_t             count;
};

/* OAuth client credentials: with them every request carries a bearer token
 * instead of the write key. The token is fetched from {auth_server}/token with
 * an assertion signed by the key (RFC 7523), kept, renewed before it expires,
 * and fetched anew after a 400, 401, 403 or 511. */
struct ingest_oauth {
    const char *client_id;   /* NULL = no OAuth */
    const char *key_file;    /* PEM, an RSA private key of 2048 bits or more;
                              * read once, when the client is made */
    const char *key_id;      /* the assertion's kid; NULL = none */
    const char *auth_server; /* "https://host[:port]" */
    const char *scope;       /* NULL = "tracking_api:write" */
};

struct ingest_config {
    const char *write_key; /* sent as the user name of Basic credentials */
    const char *api_host;  /* "https://host[:port]"; POST {api_host}/v1/batch */
    const char *ca_file;   /* trusted certificates; NULL = the system's */
    bool        gzip;      /* compress bodies */
    struct ingest_oauth oauth;
#define X(field, name, min, max, initial, meaning) int64_t field;
    INGEST_LIMIT_MAP(X)
#undef X
    /* Called by workers, on_error also by a caller whose event was refused;
     * no lock is held. They may queue events, but not flush or shut down. */
    void (*on_delivered)(void *context, const struct ingest_report *report);
    void (*on_error)(void *context, const struct ingest_report *report);
    void *context;
};

struct ingest;

/* Sets every default. */
void ingest_config_init(struct ingest_config *config);

/* Copies what it needs of config. NULL when a value is not allowed; err names
 * it, what was found and what is allowed. */
struct ingest *MUST_USE ingest_new(const struct ingest_config *config,
                                   struct err *err);
/* Shuts down at once if that was not done. No other call may be under way. */
void ingest_free(struct ingest *ingest);

/* Queues one event, a JSON object with `type` (track, identify, page, screen,
 * group or alias). messageId and timestamp are added if missing; the rest
 * goes out as it is. False, and on_error, when the event is no such object,
 * is larger than maxEventBytes, or the queue is full or closed. */
bool MUST_USE ingest_send(struct ingest *ingest, const char *event_json,
                          struct err *err);

/* The same from parts, of which any may be NULL: left out. JSON text that is
 * no object is refused by the returned value alone; there is no event yet. */
bool MUST_USE ingest_track(struct ingest *ingest, const char *user_id,
                           const char *event, const char *properties_json,
                           struct err *err);
bool MUST_USE ingest_identify(struct ingest *ingest, const char *user_id,
                              const char *traits_json, struct err *err);
bool MUST_USE ingest_page(struct ingest *ingest, const char *user_id,
                          const char *name, const char *properties_json,
                          struct err *err);
bool MUST_USE ingest_screen(struct ingest *ingest, const char *user_id,
                            const char *name, const char *properties_json,
                            struct err *err);
bool MUST_USE ingest_group(struct ingest *ingest, const char *user_id,
                           const char *group_id, const char *traits_json,
                           struct err *err);
bool MUST_USE ingest_alias(struct ingest *ingest, const char *user_id,
                           const char *previous_id, struct err *err);

#define INGEST_FOREVER (-1)

/* Sends what is queued without waiting for full batches, and waits until
 * every event queued before the call is delivered or dropped, and reported,
 * those too whose batch waits for a retry; false when that took longer than
 * timeout_ms. 0 only starts it. With
 * INGEST_FOREVER the bound is the policy's: a batch retries for at most
 * maxTotalBackoff, or maxRateLimit if that is what ends it, plus one request
 * timeout, and batches follow each other. */
bool ingest_flush(struct ingest *ingest, int64_t timeout_ms);

/* Takes no more events and flushes. At the deadline a request under way is
 * given up and what is left is dropped and reported; a retry that could only
 * start after it is dropped at once, so it may well return earlier. False when
 * anything was given up for the deadline's sake. Once is enough. */
bool ingest_shutdown(struct ingest *ingest, int64_t timeout_ms);

/* ---- private part ---- */

struct hooks;

/* ingest_new for tools that watch the client (client/hook.h); NULL = none. */
struct ingest *MUST_USE ingest_new_hooked(const struct ingest_config *config,
                                          const struct hooks *hooks,
                                          struct err *err);

#endif
