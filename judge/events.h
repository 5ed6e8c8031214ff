/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_EVENTS_H
#define JUDGE_EVENTS_H

/* Which events an attempt carried: the only parser of bodies.
 *
 * A body is a batch ({"batch": [...]}) or one event by itself; gzip is undone
 * when it is declared. An event is known again by its messageId, else by its
 * name, else by the number in its properties, because a client may rewrite
 * any of them. */

#include "model/record.h"

#include <stddef.h>

/* What a client sends is kept within bounds; what that unpacks to has its own,
 * or a hundred kilobytes would keep the judge busy for minutes. */
enum {
    EVENTS_BODY_BYTES_MAX = 16 << 20,    /* of one body, after gunzip */
    EVENTS_UNPACK_BYTES = 256 << 20, /* of one record, all in all */
    EVENTS_COMMAS_MAX = 1 << 20, /* in one body: each is a value in memory */
};

/* enumerator, what is said of the body in a finding */
#define BODY_MAP(X)                                                            \
    X(BODY_JSON, "JSON")                                                       \
    X(BODY_PART, "not known whole")                                            \
    X(BODY_EMPTY, "empty")                                                     \
    X(BODY_BAD_GZIP, "declared as gzip, but cannot be decoded")                \
    X(BODY_ENDLESS, "more than is read of one body")                           \
    X(BODY_UNREAD, "beyond what is unpacked of one record")                    \
    X(BODY_ENCODED, "in a Content-Encoding that no ingest accepts")            \
    X(BODY_NOT_JSON, "not JSON")

enum body_kind {
#define X(kind, text) kind,
    BODY_MAP(X)
#undef X
};

struct event_view {
    unsigned number;     /* of the plan's event; 0 = none of ours */
    char    *message_id; /* NULL = none */
};

struct events {
    enum body_kind body;
    size_t         bytes;   /* of the body, before any encoding; of an endless
                           * one those that were read */
    size_t largest_bytes; /* of its largest event, as compact JSON,
                           * where that was asked for */
    char              *sent_at; /* as it stands beside the batch; NULL = none */
    struct event_view *items; /* all that the body holds, in order */
    size_t             count;
    size_t             ours; /* those with a number */
};

struct events_effort {
    size_t unpack_bytes; /* as many may still be unpacked of this record */
    double measured_from_bytes; /* of a larger body each event is measured */
};

void events_read(struct events *events, const struct attempt *attempt,
                 struct events_effort *effort);
void events_clear(struct events *events);

/* The numbers of the plan's events in an attempt's body (gzip decoded, JSON
 * read), in the order they stand there; at most max. 0 when the body is none
 * of ours or cannot be read. So many bytes may still be unpacked, of all that
 * the caller asks for: EVENTS_UNPACK_BYTES at first. */
size_t events_numbers(const struct attempt *attempt, unsigned *numbers,
                      size_t max, size_t *unpack_bytes);

const char *events_body_text(enum body_kind kind);

#endif
