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

enum { EVENTS_BODY_BYTES_MAX = 64 << 20 }; /* after gunzip */

/* enumerator, what is said of the body in a finding */
#define BODY_MAP(X)                                                            \
    X(BODY_JSON, "JSON")                                                       \
    X(BODY_PART, "not known whole")                                            \
    X(BODY_EMPTY, "empty")                                                     \
    X(BODY_BAD_GZIP, "declared as gzip, but cannot be decoded")                \
    X(BODY_ENCODED, "in a Content-Encoding that no ingest accepts")            \
    X(BODY_NOT_JSON, "not JSON")

enum body_kind {
#define X(kind, text) kind,
    BODY_MAP(X)
#undef X
};

struct event {
    unsigned number;     /* of the plan's event; 0 = none of ours */
    char    *message_id; /* NULL = none */
};

struct events {
    enum body_kind body;
    size_t         bytes;   /* of the body, before any encoding */
    char          *sent_at; /* as it stands beside the batch; NULL = none */
    struct event  *items; /* all that the body holds, in order */
    size_t         count;
    size_t         ours; /* those with a number */
};

void events_read(struct events *events, const struct attempt *attempt);
void events_clear(struct events *events);

/* The bytes of the attempt's largest event, as compact JSON. */
size_t events_largest_bytes(const struct attempt *attempt);

const char *events_body_text(enum body_kind kind);

#endif
