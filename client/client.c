/* SPDX-License-Identifier: Apache-2.0 */
/* The client of ingest.h: made, fed, flushed, and closed. The header is what
 * all files here share, so that what makes the whole lies above them. */

#include "client/ingest.h"
#include "client/policy.h"

#include "client/config.h"
#include "client/sender.h"
#include "common/alloc.h"
#include "common/base64.h"
#include "common/clock.h"

#include <curl/curl.h>
#include <string.h>

struct ingest {
    struct pipeline pipeline;
    struct sender  *workers;
    struct monitor  senders; /* guards rng: events come from any thread */
    struct rng      rng;
};

static void policy_make(struct retry_policy        *policy,
                        const struct ingest_config *config)
{
    struct err err;

    retry_policy_init(policy);
    if (config->profile != NULL && !policy_read(policy, config->profile, &err))
        retry_policy_init(policy); /* it was read before (config_check) */
    policy->max_retries = config->max_retries;
    policy->backoff_base_s = (double)config->backoff_base_ms / 1000;
    policy->backoff_cap_s = (double)config->max_backoff_ms / 1000;
    policy->max_retry_after_ns = config->max_retry_after_ms * NS_PER_MS;
    policy->max_total_backoff_ns = config->max_total_backoff_ms * NS_PER_MS;
    policy->max_rate_limit_ns = config->max_rate_limit_ms * NS_PER_MS;
    policy->oauth = config->oauth.client_id != NULL;
}

static char *url_make(const struct wire          *wire,
                      const struct ingest_config *config)
{
    char *base = config_base(config->api_host);
    char *url = wire_url(wire, base, config->write_key);

    alloc_free(base);
    return url;
}

/* What may stand in a body, so that it is no larger than it may be: Base64 and
 * its escapes make more of it. */
static size_t batch_room(const struct wire          *wire,
                         const struct ingest_config *config)
{
    size_t bytes = (size_t)config->max_batch_bytes;

    return wire->form == WIRE_FORM ? bytes / 2 : bytes;
}

static void pipeline_init(struct pipeline            *pipeline,
                          const struct ingest_config *config,
                          const struct hooks         *hooks)
{
    struct ingest_config *own = &pipeline->config;
    struct queue_limits   limits;

    config_copy(own, config);
    wire_read(&pipeline->wire, config->profile);
    pipeline->url = url_make(&pipeline->wire, config);
    pipeline->authorization =
        wire_authorization(&pipeline->wire, config->write_key);
    pipeline->answer_fields = policy_answer_fields(config->profile);
    policy_make(&pipeline->policy, config);
    if (hooks != NULL)
        pipeline->hooks = *hooks;
    if (pipeline->hooks.configure != NULL)
        pipeline->hooks.configure(own, &pipeline->policy);
    limits = (struct queue_limits){
        .flush_at = (size_t)own->flush_at,
        .flush_interval_ns = own->flush_interval_ms * NS_PER_MS,
        .events_max = (size_t)own->queue_max,
        .batch_bytes_max = batch_room(&pipeline->wire, own),
    };
    queue_init(&pipeline->queue, &limits);
    gate_init(&pipeline->gate);
    quota_init(&pipeline->quota, &pipeline->policy);
    atomic_init(&pipeline->gave_up, false);
}

/* After the gate and the policy, which it shares. */
static bool start_oauth(struct pipeline *pipeline, struct err *err)
{
    struct oauth_setup setup = {
        .config = &pipeline->config.oauth,
        .policy = &pipeline->policy,
        .hooks = &pipeline->hooks,
        .gate = &pipeline->gate,
    };

    if (setup.config->client_id == NULL)
        return true;
    pipeline->oauth = oauth_new(&setup, err);
    return pipeline->oauth != NULL;
}

static void pipeline_clear(struct pipeline *pipeline)
{
    oauth_free(pipeline->oauth);
    quota_clear(&pipeline->quota);
    gate_clear(&pipeline->gate);
    queue_clear(&pipeline->queue);
    alloc_free(pipeline->authorization);
    wire_clear(&pipeline->wire);
    answer_fields_clear(&pipeline->answer_fields);
    alloc_free(pipeline->url);
    config_clear(&pipeline->config);
}

static void curl_start(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct ingest *ingest_new_hooked(const struct ingest_config *config,
                                 const struct hooks *hooks, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct ingest        *ingest = NULL;

    pthread_once(&once, curl_start);
    if (!config_check(config, err))
        return NULL;
    ingest = alloc_zero(1, sizeof *ingest);
    pipeline_init(&ingest->pipeline, config, hooks);
    monitor_init(&ingest->senders);
    sender_seed(&ingest->rng, 0);
    ingest->workers = alloc_zero((size_t)ingest->pipeline.config.workers,
                                 sizeof *ingest->workers);
    if (!start_oauth(&ingest->pipeline, err)) {
        ingest_free(ingest);
        return NULL;
    }
    for (int64_t i = 0; i < ingest->pipeline.config.workers; i++)
        if (!sender_start(&ingest->workers[i], &ingest->pipeline,
                          (unsigned)i + 1, err)) {
            ingest_free(ingest);
            return NULL;
        }
    return ingest;
}

struct ingest *ingest_new(const struct ingest_config *config, struct err *err)
{
    return ingest_new_hooked(config, NULL, err);
}

void ingest_free(struct ingest *ingest)
{
    if (ingest == NULL)
        return;
    ingest_shutdown(ingest, 0);
    for (int64_t i = 0; i < ingest->pipeline.config.workers; i++)
        sender_join(&ingest->workers[i]);
    pipeline_clear(&ingest->pipeline);
    monitor_clear(&ingest->senders);
    alloc_free(ingest->workers);
    alloc_free(ingest);
}

/* An event that never got as far as a batch; the application hears of it in
 * the same place as of all others. */
static bool refused(struct ingest *ingest, const char *event_json,
                    const struct err *err)
{
    char *text = alloc_format("%s%s%s", err->place, err->place[0] ? ": " : "",
                              err->text);
    struct ingest_report report = {
        .reason = text,
        .events = &event_json,
        .count = 1,
    };

    pipeline_tell(&ingest->pipeline, &report);
    alloc_free(text);
    return false;
}

bool ingest_send(struct ingest *ingest, const char *event_json, struct err *err)
{
    struct event *event;

    monitor_lock(&ingest->senders);
    event =
        event_new(event_json, (size_t)ingest->pipeline.config.max_event_bytes,
                  &ingest->rng, clock_wall_ns(clock_real()), err);
    monitor_unlock(&ingest->senders);
    if (event == NULL || !queue_put(&ingest->pipeline.queue, event, err)) {
        event_free(event);
        return refused(ingest, event_json, err);
    }
    return true;
}

static int64_t deadline_ns(int64_t timeout_ms)
{
    int64_t now_ns = clock_now_ns(clock_real());

    if (timeout_ms < 0 || timeout_ms > (INT64_MAX - now_ns) / NS_PER_MS)
        return MONITOR_FOREVER;
    return now_ns + timeout_ms * NS_PER_MS;
}

bool ingest_flush(struct ingest *ingest, int64_t timeout_ms)
{
    queue_flush(&ingest->pipeline.queue);
    return queue_wait_settled(&ingest->pipeline.queue, deadline_ns(timeout_ms),
                              ingest->pipeline.hooks.flush);
}

bool ingest_shutdown(struct ingest *ingest, int64_t timeout_ms)
{
    struct pipeline *pipeline = &ingest->pipeline;
    int64_t          at_ns = deadline_ns(timeout_ms);

    gate_stop(&pipeline->gate, at_ns);
    queue_close(&pipeline->queue);
    for (int64_t i = 0; i < pipeline->config.workers; i++)
        if (ingest->workers[i].running)
            sender_stop(ingest->workers[i].sender, at_ns);
    /* The workers are joined by ingest_free alone, so that several threads may
     * shut down, a later one with a nearer deadline. */
    queue_wait_settled(&pipeline->queue, MONITOR_FOREVER, NULL);
    return !atomic_load(&pipeline->gave_up);
}
