/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_EVENT_H
#define CLIENT_EVENT_H

/* One event: the application's own text, copied when it is handed in and never
 * made again, so that every attempt carries the same bytes (verbatim.h). */

#include "common/err.h"
#include "common/rng.h"

#include <stddef.h>
#include <stdint.h>

struct event {
    char         *json; /* one JSON object, compact */
    size_t        length_bytes;
    uint64_t      number;    /* 1, 2, 3 ... in the order they were queued */
    int64_t       queued_ns; /* monotonic */
    struct event *next;      /* in its queue or batch */
};

struct event_list { /* in the order they were added; all zero is empty */
    struct event *first;
    struct event *last;
    size_t        count;
    size_t        bytes; /* of a body, with a comma for each */
};

/* The event is the list's; and is the caller's again. */
void event_list_add(struct event_list *list, struct event *event);
struct event *event_list_take(struct event_list *list); /* one is there */
void event_list_clear(struct event_list *list);

/* Takes a JSON object with a known `type`; messageId and timestamp are added at
 * its end where they are missing, and nothing else is touched but space. NULL
 * and err if it is no such object, no JSON that everybody reads, or larger
 * than bytes_max. */
struct event *event_new(const char *json_text, size_t bytes_max,
                        struct rng *rng, int64_t wall_ns, struct err *err);
void event_free(struct event *event);

/* ISO 8601 with milliseconds, UTC: "2026-11-23T22:43:00.000Z". */
enum { EVENT_STAMP_MAX = 32 };
char *event_stamp(char buffer[EVENT_STAMP_MAX], int64_t wall_ns);

/* A random UUID (version 4), for messageIds. */
enum { EVENT_UUID_MAX = 37 };
char *event_uuid(char buffer[EVENT_UUID_MAX], struct rng *rng);

#endif
