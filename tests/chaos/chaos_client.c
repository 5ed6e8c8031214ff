/* SPDX-License-Identifier: Apache-2.0 */
/* A program that uses libretrial-ingest hard, and keeps its side of the
 * ledger: what was said of every event, and what every attempt came to.
 *
 *   chaos_client URL LEDGER [NAME=NUMBER ...] [ca=FILE]
 *
 * Events e1 ... eN (their messageIds) are sent from several threads, with
 * flushes between them, into a queue that may be too small, and then the
 * client is shut down. The ledger is text, a line a fact:
 *
 *   attempt FIRST-ID RETRY STATUS TROUBLE     what the client saw of it
 *   delivered STATUS RETRIES ID...
 *   dropped STATUS RETRIES ID... : REASON
 *   end REFUSED SHUTDOWN                      refused by the call; 1 = true
 *
 * tests/chaos/ledger.py holds it against the server's side. */

#include "client/hook.h"
#include "client/ingest.h"
#include "client/monitor.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "common/rng.h"
#include "common/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* name, unless said, what it is. Waits are short: what takes hours with the
 * default policy must happen here in seconds. */
#define KNOB_MAP(X)                                                            \
    X(events, 100000, "events in all")                                         \
    X(senders, 4, "threads that send them")                                    \
    X(workers, 8, "batches under way at once")                                 \
    X(flush_at, 20, "events in a batch")                                       \
    X(queue, 20000, "events waiting")                                          \
    X(retries, 4, "counted retries a batch")                                   \
    X(base_ms, 1, "first backoff")                                             \
    X(timeout_ms, 250, "request timeout")                                      \
    X(wait_cap_ms, 40, "a longer Retry-After is taken as this")                \
    X(backoff_ms, 60000, "counted retrying a batch")                           \
    X(limited_ms, 400, "being rate-limited a batch")                           \
    X(shutdown_ms, -1, "the shutdown's deadline, -1 = none")                   \
    X(seed, 1, "of the senders' chance")

struct knobs {
#define X(name, initial, meaning) int64_t name;
    KNOB_MAP(X)
#undef X
};

enum { SENDERS_MAX = 16, FLUSH_EVERY = 2000, ID_MAX = 64 };

/* Hooks have no context, and so both are the program's. */
static struct knobs knobs;
static const char  *ca_file;
static FILE        *ledger;

struct crowd {
    struct ingest *ingest;
    struct monitor monitor;
    int64_t        next; /* number of the next event */
    int64_t        refused;
};

static int64_t read_knobs(char **words, int count)
{
    knobs = (struct knobs){
#define X(name, initial, meaning) .name = (initial),
        KNOB_MAP(X)
#undef X
    };
    for (int i = 0; i < count; i++) {
        bool known = false;

#define X(knob, initial, meaning)                                              \
    if (text_starts_with(words[i], #knob "="))                                 \
        known =                                                                \
            text_to_int(words[i] + sizeof #knob, -1, INT64_MAX, &knobs.knob);
        KNOB_MAP(X)
#undef X
        if (text_starts_with(words[i], "ca=")) {
            ca_file = words[i] + strlen("ca=");
            known = true;
        }
        if (!known)
            return i;
    }
    return count;
}

/* The messageId of an event's JSON, or of the first in a body. */
static const char *id_of(const char *json, char id[ID_MAX])
{
    const char *key = "\"messageId\":\"";
    const char *at = json ? strstr(json, key) : NULL;
    size_t      length = at ? strcspn(at + strlen(key), "\"") : 0;

    snprintf(id, ID_MAX, "%.*s", (int)length, at ? at + strlen(key) : "");
    return id;
}

static void after(const struct request *request, struct outcome *outcome)
{
    char id[ID_MAX];

    fprintf(ledger, "attempt %s %u %d %s\n", id_of(request->body.data, id),
            request->retry, outcome->status, trouble_text(outcome->trouble));
}

/* One write a line: stdio's lock keeps the workers' lines apart. */
static void write_report(const struct ingest_report *report, const char *word)
{
    struct bytes line;
    char         id[ID_MAX];

    bytes_init(&line, 1 << 20);
    bytes_format(&line, "%s %d %u", word, report->status, report->retries);
    for (size_t i = 0; i < report->count; i++)
        bytes_format(&line, " %s", id_of(report->events[i], id));
    if (report->reason != NULL)
        bytes_format(&line, " : %s", report->reason);
    bytes_add(&line, "\n");
    fwrite(line.data, 1, line.length, ledger);
    bytes_clear(&line);
}

static void on_delivered(void *context, const struct ingest_report *report)
{
    (void)context;
    write_report(report, "delivered");
}

static void on_error(void *context, const struct ingest_report *report)
{
    (void)context;
    write_report(report, "dropped");
}

static int64_t next_number(struct crowd *crowd)
{
    int64_t number;

    monitor_lock(&crowd->monitor);
    number = crowd->next++;
    monitor_unlock(&crowd->monitor);
    return number;
}

static void count_refused(struct crowd *crowd)
{
    monitor_lock(&crowd->monitor);
    crowd->refused++;
    monitor_unlock(&crowd->monitor);
}

/* A sender whose event was refused gives the queue a moment, and goes on with
 * its next one: the refused event is lost, and the ledger must say so. */
static void *send_events(void *context)
{
    struct crowd *crowd = context;
    struct rng    rng;
    int64_t       number;

    rng_seed(&rng, (uint64_t)knobs.seed);
    while ((number = next_number(crowd)) <= knobs.events) {
        char      *json = alloc_format("{\"type\":\"track\",\"userId\":\"u\","
                                            "\"messageId\":\"e%" PRId64 "\"}",
                                       number);
        struct err err;

        if (!ingest_send(crowd->ingest, json, &err)) {
            count_refused(crowd);
            ingest_flush(crowd->ingest, 20);
        } else if (rng_below(&rng, FLUSH_EVERY) == 0) {
            ingest_flush(crowd->ingest, (int64_t)rng_below(&rng, 20));
        }
        alloc_free(json);
    }
    return NULL;
}

static void run_senders(struct crowd *crowd)
{
    pthread_t threads[SENDERS_MAX];
    int64_t   count = knobs.senders < SENDERS_MAX ? knobs.senders : SENDERS_MAX;

    for (int64_t i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, send_events, crowd) != 0)
            count = i;
    for (int64_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static bool run(const char *url, struct err *err)
{
    const struct hooks   hooks = {.after = after};
    struct crowd         crowd = {.next = 1};
    struct ingest_config config;
    bool                 in_time;

    ingest_config_init(&config);
    config.write_key = "chaos";
    config.api_host = url;
    config.ca_file = ca_file;
    config.flush_at = knobs.flush_at;
    config.queue_max = knobs.queue;
    config.workers = knobs.workers;
    config.request_timeout_ms = knobs.timeout_ms;
    config.max_retries = knobs.retries;
    config.max_retry_after_ms = knobs.wait_cap_ms;
    config.backoff_base_ms = knobs.base_ms;
    config.max_backoff_ms = knobs.base_ms * 16;
    config.max_total_backoff_ms = knobs.backoff_ms;
    config.max_rate_limit_ms = knobs.limited_ms;
    config.on_delivered = on_delivered;
    config.on_error = on_error;
    crowd.ingest = ingest_new_hooked(&config, &hooks, err);
    if (crowd.ingest == NULL)
        return false;
    monitor_init(&crowd.monitor);
    run_senders(&crowd);
    in_time = ingest_shutdown(crowd.ingest, knobs.shutdown_ms);
    ingest_free(crowd.ingest);
    fprintf(ledger, "end %" PRId64 " %d\n", crowd.refused, in_time);
    monitor_clear(&crowd.monitor);
    return true;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    bool       written;

    if (argc < 3 || read_knobs(argv + 3, argc - 3) < argc - 3) {
        fprintf(stderr, "usage: chaos_client URL LEDGER [NAME=NUMBER ...] "
                        "[ca=FILE]\n");
        return 2;
    }
    ledger = fopen(argv[2], "w");
    if (ledger == NULL) {
        perror(argv[2]);
        return 2;
    }
    written = run(argv[1], &err);
    if (!written)
        fprintf(stderr, "%s: %s\n", err.place, err.text);
    return fclose(ledger) == 0 && written ? 0 : 1;
}
