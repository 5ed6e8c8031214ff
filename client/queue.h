/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_QUEUE_H
#define CLIENT_QUEUE_H

/* What waits to be sent, bounded, and who waits for it. Thread-safe.
 *
 * Events come in one by one; workers take them out as batches: when there are
 * enough for one or no more fit, when the oldest has waited for the flush
 * interval, or when a flush asked. A batch that was taken is out until it is
 * settled (delivered or dropped); it never comes back, so nothing is
 * reordered, and a retry needs no room in a queue that may be full by then. */

#include "client/batch.h"
#include "client/monitor.h"

struct queue_limits {
    size_t  flush_at;          /* events in a batch */
    int64_t flush_interval_ns; /* an event waits at most this long for more */
    size_t  events_max;        /* waiting; those in batches do not count */
    size_t  batch_bytes_max;   /* of a batch's body; an event alone fits */
};

struct queue {
    struct monitor      monitor;
    struct queue_limits limits;

    struct event_list waiting;
    struct batch     *out;           /* taken and not settled */
    uint64_t          event_number;  /* of the newest event ever queued */
    uint64_t          batch_number;  /* of the newest batch ever taken */
    uint64_t          flush_through; /* events up to this one wait no longer */
    bool              closed;
};

void queue_init(struct queue *queue, const struct queue_limits *limits);
void queue_clear(struct queue *queue);

/* The event is the queue's; or false, when it is full or closed (err says
 * which), and then it is still the caller's. */
bool MUST_USE queue_put(struct queue *queue, struct event *event,
                        struct err *err);

/* Waits for the next batch; it is the caller's, to settle. NULL when the
 * queue is closed and empty. */
struct batch *queue_take(struct queue *queue);
/* Delivered or dropped: the batch is freed. */
void queue_settle(struct queue *queue, struct batch *batch);

/* How many events wait for a batch, and how many more the queue takes. */
void queue_look(struct queue *queue, size_t *waiting, size_t *room);

/* Lets everything that is queued now go out at once. */
void queue_flush(struct queue *queue);
/* Waits until everything that was queued at the call is settled; false when
 * it was not by until_ns. watch, unless NULL, is shown each time how many of
 * the batches waited for are out, and its word counts. */
bool queue_wait_settled(struct queue *queue, int64_t until_ns,
                        void (*watch)(size_t *out));

/* No more events; what is queued goes out at once. */
void queue_close(struct queue *queue);

#endif
