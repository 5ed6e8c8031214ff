/* SPDX-License-Identifier: Apache-2.0 */
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
    X(max_event_bytes, "maxEventBytes", 1, 400000, 32768,                      \
      "bytes of an event; a larger one is refused")                            \
    X(max_batch_bytes, "maxBatchBytes", 36000, 475000, 475000,                 \
      "bytes of a batch's body, uncompressed")                                 \
    X(max_retries, "maxRetries", 0, 1000000, 1000, "counted retries a batch")  \
    X(backoff_base_ms, "backoffBaseMs", 1, 3600000, 500,                       \
      "ms before the first counted retry; each next one waits twice as long")  \
    X(max_backoff_ms, "maxBackoffMs", 1, 86400000, 60000,                      \
      "ms that no backoff is longer than, jitter included")                    \
    X(max_retry_after_ms, "maxRetryAfterMs", 0, 604800000, 300000,             \
      "ms that a longer Retry-After is taken as")                              \
    X(max_total_backoff_ms, "maxTotalBackoffMs", 0, 604800000, 43200000,       \
      "ms of counted retrying a batch, 0 = none")                              \
    X(max_rate_limit_ms, "maxRateLimitMs", 0, 604800000, 43200000,             \
      "ms of being rate-limited a batch, 0 = none")

enum { INGEST_WRITE_KEY_MAX = 256 };

/* How a batch ended, or an event that was refused. It and all it points to are
 * valid only during the call that they are handed to. */
struct ingest_report {
    const char *reason; /* why it was dropped, for people; NULL =
                         * delivered: a 2xx or 3xx was received whole */
    int status; /* of the last answer; 0 = the last attempt got
                 * none, or there was no attempt */
    unsigned           retries; /* attempts made after the first */
    const char *const *events; /* as they were sent, in order */
    size_t             count;  /* 1 or more */
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
    const char *api_host; /* "https://host[:port]"; POST {api_host}/v1/batch */
    const char *ca_file; /* trusted certificates; NULL = the system's */
    const char *profile; /* the values of an ingest's profile as JSON; NULL =
                          * Segment's contract (ingest_config_take_profile) */
    bool                gzip; /* compress bodies */
    struct ingest_oauth oauth;
#define X(field, name, min, max, initial, meaning) int64_t field;
    INGEST_LIMIT_MAP(X)
#undef X
    /* Each event is told of exactly once, to one of these; NULL = nobody is
     * told. They are called by workers, on_error also by a caller whose event
     * was refused; several at once when there are several workers, with no
     * lock held. They should be quick: a worker sends nothing meanwhile. They
     * may queue events, but neither flush, shut down nor free. One that sends
     * again what was refused is told of it again, and so on. */
    void (*on_delivered)(void *context, const struct ingest_report *report);
    void (*on_error)(void *context, const struct ingest_report *report);
    void *context;
};

struct ingest;

/* ---- life ---- */

/* Sets profile, and the limits to what its policy says; what is set after it
 * goes before it. The text stays yours. False: it is no profile. */
bool MUST_USE ingest_config_take_profile(struct ingest_config *config,
                                         const char *profile, struct err *err);

/* Sets every default. Write key, host and callbacks are NULL after it, and the
 * first two must be set. */
void ingest_config_init(struct ingest_config *config);

/* A client, with its workers started; ingest_free ends it. What config points
 * to is copied, but for context, which must live as long as the client. NULL
 * when a value is not allowed or a worker could not be started; err names the
 * field, what was found and what is allowed. No request is made yet.
 *
 * The first call initialises libcurl: a program with other users of libcurl
 * calls curl_global_init before it starts threads. A client does not survive
 * a fork: make it in the process that uses it. */
struct ingest *MUST_USE ingest_new(const struct ingest_config *config,
                                   struct err                 *err);

/* Frees the client; NULL is fine. Shuts down with a deadline of now if that
 * was not done, so call ingest_shutdown first to lose nothing. Returns when
 * every callback has, and closes the connections. Not from a callback, and not
 * while another call is under way. */
void ingest_free(struct ingest *ingest);

/* ---- events ---- */

/* Queues one event and returns at once, whatever the network does. event_json
 * is a JSON object with `type` (track, identify, page, screen, group or alias)
 * and stays yours. messageId and timestamp are added at its end if missing;
 * the rest goes out as it is written, numbers to the last digit.
 *
 * True: the event is queued, and one of the callbacks will tell of its end.
 * False: err says why, and on_error has been told, by this thread: the text is
 * no such object, or JSON that not everybody reads (01, 1e999, control
 * characters in a string); it is larger than maxEventBytes; the queue is full;
 * or the client was shut down. Nothing is waited for when the queue is full: an
 * application that would rather wait calls ingest_flush and sends it again. */
bool MUST_USE ingest_send(struct ingest *ingest, const char *event_json,
                          struct err *err);

/* The same from parts, of which any may be NULL and is then left out. The last
 * text is JSON and goes out as it is written. One that is no JSON object is
 * refused by the returned value alone; there is no event yet. */
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

/* ---- waiting for the end ---- */

#define INGEST_FOREVER (-1)

/* Sends what is queued without waiting for full batches or for the flush
 * interval, and waits until every event queued before the call is delivered or
 * dropped, and reported: its callback has returned. That includes a batch that
 * waits for a retry or for a Retry-After. Events that come later are not
 * waited for. True when all that is done, false when timeout_ms were over
 * first; what was begun goes on then. 0 begins it and waits for nothing.
 *
 * How long may it take? An attempt takes at most requestTimeoutMs. Retries of a
 * batch are begun within maxTotalBackoffMs of its first failure and
 * maxRateLimitMs of its first rate limit: twelve hours each, unless configured.
 * Batches follow each other, `workers` at a time. So give it a timeout, unless
 * you mean to wait that long. Not from a callback: it would wait for itself. */
bool ingest_flush(struct ingest *ingest, int64_t timeout_ms);

/* Takes no more events and flushes, as above, with a deadline timeout_ms from
 * now. No attempt starts after it; a request under way then is given up; what
 * is left is dropped and reported with that reason. A retry that could only
 * start after the deadline is dropped at once, so it may well return earlier;
 * it returns at most moments later, when the last callback has returned.
 *
 * True when nothing was dropped for the deadline's sake: every event was
 * delivered, or dropped for a reason of its own. The answer to a request that
 * was given up is not known: the server may have taken its events. Several
 * threads may call it; the nearest deadline holds, and all are told the same.
 * Not from a callback. */
bool ingest_shutdown(struct ingest *ingest, int64_t timeout_ms);

/* ---- private part ---- */

struct hooks;

/* ingest_new for tools that watch the client (client/hook.h); NULL = none. */
struct ingest *MUST_USE ingest_new_hooked(const struct ingest_config *config,
                                          const struct hooks         *hooks,
                                          struct err                 *err);

#endif
