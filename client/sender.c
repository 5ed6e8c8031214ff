/* SPDX-License-Identifier: Apache-2.0 */
#include "client/sender.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static void request_make(struct pipeline *pipeline, const struct batch *batch,
                         unsigned retry, const struct token *token,
                         struct request *request)
{
    const struct wire *wire = &pipeline->wire;

    request_init(request);
    request->url = pipeline->url;
    request->type = wire->type;
    request->puts = wire->puts;
    if (wire->key == WIRE_KEY_HEADER && token->text == NULL) {
        request->key_header = wire->key_name;
        request->key = alloc_text(pipeline->config.write_key);
    }
    request->gzip = pipeline->config.gzip;
    request->adjust = pipeline->hooks.adjust;
    request->batch_number = batch->number;
    request->retry = retry;
    request->authorization = token->text != NULL
                                 ? alloc_format("Bearer %s", token->text)
                                 : alloc_text(pipeline->authorization);
    request->retry_header = wire->count_header;
    if (wire->count_header != NULL && (retry > 0 || wire->counts_first))
        request->retry_count =
            alloc_format("%u", retry + wire->counts_from_one);
    batch_body(batch, wire, pipeline->config.write_key,
               clock_wall_ns(clock_real()), &request->body);
    queue_look(&pipeline->queue, &request->waiting, &request->room);
}

void pipeline_tell(struct pipeline            *pipeline,
                   const struct ingest_report *report)
{
    const struct ingest_config *config = &pipeline->config;

    assert(report->count > 0);
    if (pipeline->hooks.tell != NULL && pipeline->hooks.tell(report))
        return;
    if (report->reason == NULL && config->on_delivered != NULL)
        config->on_delivered(config->context, report);
    if (report->reason != NULL && config->on_error != NULL)
        config->on_error(config->context, report);
}

/* What an answer says of the token it was sent with. */
static void judge_token(struct pipeline *pipeline, const struct token *token,
                        const struct outcome *outcome)
{
    const struct hooks *hooks = &pipeline->hooks;

    if (token->text == NULL || outcome->trouble != TROUBLE_NONE)
        return;
    if (hooks->void_token != NULL ? hooks->void_token(outcome->status)
                                  : oauth_is_void_after(outcome->status))
        oauth_forget(pipeline->oauth, token->number);
}

/* One attempt, and what follows from it. */
static struct move attempt(struct sender *sender, const struct batch *batch,
                           const struct token *token, struct retry *retry,
                           struct outcome *outcome)
{
    struct pipeline    *pipeline = sender->pipeline;
    const struct hooks *hooks = &pipeline->hooks;
    struct request      request;
    struct move         move;

    outcome_clear(outcome);
    outcome->began_ns = clock_now_ns(clock_real());
    request_make(pipeline, batch, retry->retries, token, &request);
    if (hooks->before != NULL)
        hooks->before(&request);
    if (hooks->instead == NULL || !hooks->instead(&request, outcome))
        sender_send(sender->sender, &request, outcome);
    queue_look(&pipeline->queue, &request.waiting, &request.room);
    if (hooks->after != NULL)
        hooks->after(&request, outcome);
    judge_token(pipeline, token, outcome);
    move =
        retry_next(&pipeline->policy, retry, outcome, rng_unit(&sender->rng));
    quota_settle(&pipeline->quota, &pipeline->policy, outcome, retry, &move);
    if (hooks->decide != NULL)
        hooks->decide(&request, outcome, retry, &move);
    if (move.blocks_all)
        gate_close(&pipeline->gate, move.until_ns);
    request_clear(&request);
    return move;
}

static char *reason(const struct outcome *outcome, const struct move *move,
                    const char *why_no_token)
{
    if (move->kind == MOVE_DELIVERED)
        return NULL;
    if (move->drop == DROP_TOKEN)
        return alloc_text(why_no_token);
    if (outcome->trouble != TROUBLE_NONE)
        return alloc_format("%s: %s", trouble_text(outcome->trouble),
                            drop_text(move->drop));
    if (outcome->status != 0)
        return alloc_format("HTTP %d: %s", outcome->status,
                            drop_text(move->drop));
    return alloc_text(drop_text(move->drop));
}

/* Tells the application how the batch ended. */
static void report(struct pipeline *pipeline, const struct batch *batch,
                   unsigned attempts, const struct outcome *outcome,
                   const struct move *move, const char *why_no_token)
{
    const struct event *event = batch->events.first;
    const char **events = alloc_zero(batch->events.count, sizeof *events);
    char        *text = reason(outcome, move, why_no_token);
    struct ingest_report ended = {
        .reason = text,
        .status = outcome->status,
        .retries = attempts > 0 ? attempts - 1 : 0,
        .events = events,
    };

    assert(move->kind != MOVE_WAIT && batch->events.count > 0);
    for (; event != NULL; event = event->next)
        events[ended.count++] = event->json;
    if (move->kind == MOVE_DROP && move->drop == DROP_SHUTDOWN)
        atomic_store(&pipeline->gave_up, true);
    pipeline_tell(pipeline, &ended);
    alloc_free(text);
    alloc_free(events);
}

/* Waits until the next attempt may start, and has credentials for it; else
 * *move is how the batch ends instead. A token may take its time to come, and
 * the gate may be closed meanwhile: then both are asked again. */
static bool get_ready(struct sender *sender, const struct retry *retry,
                      struct token *token, char **why_no_token,
                      struct move *move)
{
    struct pipeline *pipeline = sender->pipeline;
    enum oauth_end   end = OAUTH_READY;
    enum drop        why = DROP_SHUTDOWN;

    do {
        if (!gate_pass(&pipeline->gate, move->until_ns))
            end = OAUTH_STOPPED;
        else if (pipeline->oauth != NULL)
            end = oauth_take(pipeline->oauth, sender->sender, &sender->rng,
                             token, why_no_token);
    } while (pipeline->oauth != NULL && end == OAUTH_READY &&
             !gate_is_open(&pipeline->gate));
    if (end == OAUTH_FAILED)
        why = DROP_TOKEN;
    if (end == OAUTH_READY && retry_in_time(&pipeline->policy, retry,
                                            clock_now_ns(clock_real()), &why))
        return true;
    *move = move_drop(why);
    return false;
}

/* A batch's whole life. It keeps its place: the worker holds it, waits and
 * all, until it is delivered or dropped. */
static void deliver(struct sender *sender, const struct batch *batch)
{
    struct pipeline *pipeline = sender->pipeline;
    struct token     token = {.text = NULL};
    char            *why_no_token = NULL;
    struct outcome   outcome;
    struct retry     retry;
    struct move      move = {.kind = MOVE_WAIT};
    unsigned         attempts = 0;

    outcome_init(&outcome);
    retry_init(&retry);
    while (move.kind == MOVE_WAIT &&
           get_ready(sender, &retry, &token, &why_no_token, &move)) {
        move = attempt(sender, batch, &token, &retry, &outcome);
        attempts++;
    }
    report(pipeline, batch, attempts, &outcome, &move, why_no_token);
    outcome_clear(&outcome);
    token_clear(&token);
    alloc_free(why_no_token);
}

static void *work(void *context)
{
    struct sender *sender = context;
    struct queue  *queue = &sender->pipeline->queue;
    struct batch  *batch;

    assert(sender->pipeline != NULL && sender->sender != NULL);
    while ((batch = queue_take(queue)) != NULL) {
        deliver(sender, batch);
        queue_settle(queue, batch);
    }
    return NULL;
}

/* With every signal blocked, so that the application's handlers run on the
 * application's threads, and a broken pipe kills nobody. */
static int start_thread(struct sender *sender)
{
    sigset_t every;
    sigset_t before;
    int      code;

    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    code = pthread_create(&sender->thread, NULL, work, sender);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

/* Two clients that fail together must not come back together. Without the
 * kernel's entropy the clock is the next best. */
void sender_seed(struct rng *rng, unsigned number)
{
    uint64_t seed = (uint64_t)clock_now_ns(clock_real()) + number;

    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed)
        seed ^= (uint64_t)clock_wall_ns(clock_real());
    rng_seed(rng, seed);
}

bool sender_start(struct sender *sender, struct pipeline *pipeline,
                  unsigned number, struct err *err)
{
    struct send_config config = {
        .ca_file = pipeline->config.ca_file,
        .answer_fields = &pipeline->answer_fields,
        .timeout_ms = pipeline->config.request_timeout_ms,
    };
    char name[16]; /* Linux's bound for a thread's name */

    assert(!sender->running);
    sender_seed(&sender->rng, number);
    sender->pipeline = pipeline;
    sender->sender = sender_new(&config, err);
    if (sender->sender == NULL)
        return false;
    errno = start_thread(sender);
    if (errno != 0) {
        sender_free(sender->sender);
        sender->sender = NULL;
        return err_set_errno(err, NULL, "worker %u could not be started",
                             number);
    }
    sender->running = true;
    snprintf(name, sizeof name, "ingest-%u", number);
    pthread_setname_np(sender->thread, name);
    return true;
}

void sender_join(struct sender *sender)
{
    if (!sender->running)
        return;
    pthread_join(sender->thread, NULL);
    sender_free(sender->sender);
    sender->sender = NULL;
    sender->running = false;
}
