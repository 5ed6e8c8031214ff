/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_EVENTS_H
#define JUDGE_EVENTS_H

/* Which events an attempt carried: the only parser of bodies.
 *
 * A body is a batch ({"batch": [...]}) or one event by itself; its
 * Content-Encoding is undone. An event is known again by its messageId, else by
 * its name, else by the number in its properties, because a client may rewrite
 * any of them. In JSON of another shape, and in other forms where the profile
 * has them, events are found by their marks (marks.h). */

#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>
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
    X(BODY_SEALED, "in a Content-Encoding that Retrial cannot undo")           \
    X(BODY_NOT_JSON, "not JSON")                                               \
    X(BODY_OTHER, "of another form than JSON")                                 \
    X(BODY_MISSHAPEN, "not of the profile's form")

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
    bool  has_key; /* the write key is in its field, where that was asked for */
    char *sent_at; /* as it stands beside the batch; NULL = none */
    struct event_view *items; /* all that the body holds, in order */
    size_t             count;
    size_t             ours; /* those with a number */
};

struct events_effort {
    const struct profile *profile; /* what forms there may be */
    size_t unpack_bytes; /* as many may still be unpacked of this record */
    double measured_from_bytes; /* of a larger body each event is measured */
    const char *write_key; /* to be looked for; NULL = it is not */
};

void events_read(struct events *events, const struct attempt *attempt,
                 struct events_effort *effort);
void events_clear(struct events *events);
/* All that the body holds of ours was seen. */
bool events_are_known(const struct events *events);

/* The numbers of the plan's events in an attempt's body, in the order they
 * stand there; at most max. 0 when the body is none of ours or cannot be read.
 * So many bytes may still be unpacked, of all that the caller asks for:
 * EVENTS_UNPACK_BYTES at first. */
size_t events_numbers(const struct attempt *attempt,
                      const struct profile *profile, unsigned *numbers,
                      size_t max, size_t *unpack_bytes);

const char *events_body_text(enum body_kind kind);

#endif
