/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_BATCH_H
#define CLIENT_BATCH_H

/* Events that travel together, in the order they were queued. A batch is
 * made once and keeps its events and its place until it is delivered or
 * dropped; attempts differ in sentAt only. */

#include "client/event.h"
#include "client/wire.h"
#include "common/bytes.h"

#include <stdbool.h>

enum {
    /* Room for what stands around the events: field names, sentAt, and a
     * write key of INGEST_WRITE_KEY_MAX bytes with every one escaped. */
    BATCH_ENVELOPE_MAX = 2048,
};

struct batch {
    uint64_t          number; /* 1, 2, 3 ... */
    struct event_list events;
    struct batch     *next_out; /* the queue's list of batches in work */
};

struct batch *batch_new(uint64_t number);
void batch_free(struct batch *batch);

/* Whether the body, with the event in it, is no longer than that. */
bool batch_has_room(const struct batch *batch, const struct event *event,
                    size_t body_bytes_max);

/* Appends the request's body, of Segment's wire
 * {"batch":[...],"sentAt":...,"writeKey":...}. */
void batch_body(const struct batch *batch, const struct wire *wire,
                const char *write_key, int64_t sent_wall_ns,
                struct bytes *body);

#endif
