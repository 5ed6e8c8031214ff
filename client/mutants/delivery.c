/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of batches and events, and what is told of it. */

#include "client/monitor.h"
#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/clock.h"

#include <cJSON.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* No batch of the client's is sent any more. */
static atomic_bool stopped;

CONFIGURE(forget)
{
    atomic_store(&stopped, false);
}

INSTEAD(refuse_when_stopped)
{
    if (!atomic_load(&stopped))
        return false;
    outcome->status = AS_REFUSED;
    return true;
}

DECIDE(stop_when_spent)
{
    if (move->kind == MOVE_DROP && move->drop != DROP_REFUSED)
        atomic_store(&stopped, true);
}

DECIDE(stop_when_refused)
{
    if (move->kind == MOVE_DROP && move->drop == DROP_REFUSED)
        atomic_store(&stopped, true);
}

static void forget_batches(size_t *under_way)
{
    *under_way = 0;
}

DECIDE(lose_when_limited)
{
    if (move->blocks_all)
        move->kind = MOVE_DELIVERED;
}

/* Puts the batch back into the queue, and finds no room there. */
DECIDE(lose_when_full)
{
    if (move->blocks_all && request->room == 0)
        move->kind = MOVE_DELIVERED;
}

/* Puts the batch back behind all others: here, in the hands of the last of
 * them once that is done. */
WORKER_MEMORY struct {
    cJSON   *batch; /* the events; NULL = nothing is put back */
    unsigned retries;
    bool     goes; /* instead of the batch that is in hand */
} tail;

DECIDE(go_to_the_tail)
{
    cJSON *body;

    if (tail.goes && move->kind != MOVE_WAIT) {
        cJSON_Delete(tail.batch);
        tail.batch = NULL;
        tail.goes = false;
    } else if (tail.batch == NULL && move->blocks_all && request->waiting > 0) {
        body = cJSON_Parse(request->body.data);
        tail.batch = cJSON_DetachItemFromObject(body, "batch");
        tail.retries = request->retry;
        cJSON_Delete(body);
        move->kind = MOVE_DELIVERED;
    } else if (tail.batch != NULL && move->kind == MOVE_DELIVERED &&
               request->waiting == 0) {
        tail.goes = true;
        *move = move_wait(outcome->ended_ns);
    }
}

static void change_for_tail(cJSON *body)
{
    cJSON_ReplaceItemInObjectCaseSensitive(body, "batch",
                                           cJSON_Duplicate(tail.batch, true));
}

BEFORE(send_the_tail)
{
    if (!tail.goes)
        return;
    mistake_rewrite(request, change_for_tail);
    mistake_set_count(request, ++tail.retries);
}

static bool hide_full_queue(const struct ingest_report *report)
{
    return report->reason != NULL && strstr(report->reason, "queue is full");
}

static bool hide_oversized(const struct ingest_report *report)
{
    return report->reason != NULL && strstr(report->reason, "bytes, allowed");
}

CONFIGURE(any_event)
{
    config->max_event_bytes = 1 << 20;
}

CONFIGURE(any_batch)
{
    config->max_batch_bytes = 3 << 20;
}

DECIDE(hide_failure)
{
    if (move->kind == MOVE_DROP)
        move->kind = MOVE_DELIVERED;
}

DECIDE(send_again)
{
    WORKER_MEMORY uint64_t sent_again; /* the last batch it was done to */

    if (move->kind == MOVE_DELIVERED && sent_again != request->batch_number) {
        sent_again = request->batch_number;
        *move = move_wait(outcome->ended_ns);
        retry->retries++;
    }
}

/* A command that gives its SDK a second, and then says that it failed. */
DECIDE(wait_a_second)
{
    const int64_t  left_at_ns = clock_now_ns(clock_real()) + NS_PER_S;
    struct monitor nobody;

    if (move->kind != MOVE_WAIT || move->until_ns <= left_at_ns)
        return;
    monitor_init(&nobody);
    monitor_lock(&nobody);
    while (clock_now_ns(clock_real()) < left_at_ns)
        monitor_wait(&nobody, left_at_ns);
    monitor_unlock(&nobody);
    monitor_clear(&nobody);
    *move = move_drop(DROP_SHUTDOWN);
}

/* clang-format off */
const struct mutant mutants_delivery[] = {
    {"spent-budget-stops-everything", "BUDGET-7",
     "After one batch's budget is spent no other batch is sent.",
     {.configure = forget, .instead = refuse_when_stopped,
      .decide = stop_when_spent}},
    {"requeued-at-the-tail", "RA-13",
     "Puts a rate-limited batch back behind all others.",
     {.before = send_the_tail, .decide = go_to_the_tail}},
    {"lost-when-requeue-meets-full-queue", "RA-13",
     "Puts a rate-limited batch back into its queue, and forgets it when the "
     "queue is full.",
     {.decide = lose_when_full}},
    {"lost-when-rate-limited", "DELIVER-1",
     "Forgets the batch that met a Retry-After, and reports success.",
     {.decide = lose_when_limited}},
    {"sent-again-after-success", "DELIVER-2",
     "Sends every batch once more after its success.", {.decide = send_again}},
    {"failure-reported-as-success", "DELIVER-4",
     "Reports a dropped batch as delivered.", {.decide = hide_failure}},
    {"poisoned-batch-stops-queue", "DELIVER-5",
     "After one batch is refused no other batch is sent.",
     {.configure = forget, .instead = refuse_when_stopped,
      .decide = stop_when_refused}},
    {"flush-returns-early", "DELIVER-6",
     "A flush waits for what is queued and forgets the batch that is out for "
     "its retry.",
     {.flush = forget_batches}},
    {"leaves-after-a-second", "DELIVER-1",
     "Waits no longer than a second for any retry, then reports failure.",
     {.decide = wait_a_second}},
    {"full-queue-silent", "DELIVER-7", "Forgets what its full queue refused.",
     {.tell = hide_full_queue}},
    {"oversized-event-sent", "DELIVER-8", "Sends events of any size.",
     {.configure = any_event}},
    {"oversized-event-silent", "DELIVER-8",
     "Leaves out an event that is too large, and does not report it.",
     {.tell = hide_oversized}},
    {"batch-too-large", "DELIVER-8", "Knows no bound of a batch's bytes.",
     {.configure = any_batch}},
    {.name = NULL},
};
/* clang-format on */
