/* SPDX-License-Identifier: Apache-2.0 */
#include "client/queue.h"

#include "common/clock.h"

#include <assert.h>

void queue_init(struct queue *queue, const struct queue_limits *limits)
{
    assert(limits->flush_at >= 1 && limits->events_max >= 1);
    *queue = (struct queue){.limits = *limits};
    monitor_init(&queue->monitor);
}

void queue_clear(struct queue *queue)
{
    assert(queue->out == NULL); /* the workers are gone */
    event_list_clear(&queue->waiting);
    monitor_clear(&queue->monitor);
}

bool queue_put(struct queue *queue, struct event *event, struct err *err)
{
    bool taken = false;

    assert(event->number == 0 && event->length_bytes > 0);
    monitor_lock(&queue->monitor);
    if (queue->closed) {
        err_set(err, ERR_USAGE, NULL, "the client was shut down");
    } else if (queue->waiting.count >= queue->limits.events_max) {
        err_set(err, ERR_USAGE, NULL, "the queue is full (%zu events)",
                queue->waiting.count);
    } else {
        event->number = ++queue->event_number;
        event->queued_ns = clock_now_ns(clock_real());
        event_list_add(&queue->waiting, event);
        taken = true;
        monitor_notify(&queue->monitor);
    }
    monitor_unlock(&queue->monitor);
    return taken;
}

/* With the lock: when the batch at the front is due; FOREVER if nothing is
 * queued. */
static int64_t due_ns(const struct queue *queue)
{
    const struct event_list *waiting = &queue->waiting;

    if (waiting->first == NULL)
        return MONITOR_FOREVER;
    /* A full queue takes no more, so there is nothing to wait for either. */
    if (queue->closed || waiting->count >= queue->limits.flush_at ||
        waiting->count >= queue->limits.events_max ||
        waiting->bytes + BATCH_ENVELOPE_MAX > queue->limits.batch_bytes_max ||
        waiting->first->number <= queue->flush_through)
        return 0;
    return waiting->first->queued_ns + queue->limits.flush_interval_ns;
}

static struct batch *cut_batch(struct queue *queue)
{
    struct batch      *batch = batch_new(++queue->batch_number);
    struct event_list *waiting = &queue->waiting;

    assert(waiting->first != NULL);
    while (waiting->first != NULL &&
           batch->events.count < queue->limits.flush_at &&
           batch_has_room(batch, waiting->first, queue->limits.batch_bytes_max))
        event_list_add(&batch->events, event_list_take(waiting));
    assert(batch->events.count > 0); /* an event alone fits */
    batch->next_out = queue->out;
    queue->out = batch;
    return batch;
}

struct batch *queue_take(struct queue *queue)
{
    struct batch *batch = NULL;

    monitor_lock(&queue->monitor);
    while (batch == NULL && !(queue->closed && queue->waiting.first == NULL)) {
        int64_t due = due_ns(queue);

        if (due <= clock_now_ns(clock_real()))
            batch = cut_batch(queue);
        else
            monitor_wait(&queue->monitor, due);
    }
    monitor_notify(&queue->monitor); /* who flushes looks again */
    monitor_unlock(&queue->monitor);
    return batch;
}

void queue_settle(struct queue *queue, struct batch *batch)
{
    struct batch **at = &queue->out;

    monitor_lock(&queue->monitor);
    for (; *at != batch; at = &(*at)->next_out)
        assert(*at != NULL); /* it was taken, and not settled yet */
    *at = batch->next_out;
    monitor_notify(&queue->monitor);
    monitor_unlock(&queue->monitor);
    batch_free(batch);
}

void queue_look(struct queue *queue, size_t *waiting, size_t *room)
{
    monitor_lock(&queue->monitor);
    *waiting = queue->waiting.count;
    assert(*waiting <= queue->limits.events_max);
    *room = queue->limits.events_max - queue->waiting.count;
    monitor_unlock(&queue->monitor);
}

void queue_flush(struct queue *queue)
{
    monitor_lock(&queue->monitor);
    queue->flush_through = queue->event_number;
    monitor_notify(&queue->monitor);
    monitor_unlock(&queue->monitor);
}

/* With the lock: the batches that are out and hold events up to this one.
 * Workers finish in any order. */
static size_t out_through(const struct queue *queue, uint64_t number)
{
    size_t count = 0;

    for (const struct batch *out = queue->out; out; out = out->next_out)
        count += out->events.first->number <= number;
    return count;
}

/* With the lock: whether every event up to this one is settled. */
static bool settled_through(const struct queue *queue, uint64_t number,
                            void (*watch)(size_t *out))
{
    const struct event *first = queue->waiting.first;
    size_t              out = out_through(queue, number);

    assert(number <= queue->event_number);
    if (watch != NULL)
        watch(&out);
    return out == 0 && (first == NULL || first->number > number);
}

bool queue_wait_settled(struct queue *queue, int64_t until_ns,
                        void (*watch)(size_t *out))
{
    uint64_t through;
    bool     settled;

    monitor_lock(&queue->monitor);
    through = queue->event_number;
    while (!(settled = settled_through(queue, through, watch)) &&
           clock_now_ns(clock_real()) < until_ns)
        monitor_wait(&queue->monitor, until_ns);
    monitor_unlock(&queue->monitor);
    return settled;
}

void queue_close(struct queue *queue)
{
    monitor_lock(&queue->monitor);
    queue->closed = true;
    monitor_notify(&queue->monitor);
    monitor_unlock(&queue->monitor);
}
