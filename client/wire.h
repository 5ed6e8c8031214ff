/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_WIRE_H
#define CLIENT_WIRE_H

/* How a batch is said to an ingest, read from the values of its profile: one
 * JSON object, its names and meanings those of docs/profiles-published.md. */

#include <stdbool.h>
#include <stdint.h>

/* Where the write key is carried. */
enum wire_key {
    WIRE_KEY_BASIC,
    WIRE_KEY_NONE,
    WIRE_KEY_BEARER,
    WIRE_KEY_HEADER,
    WIRE_KEY_QUERY,
    WIRE_KEY_BODY
};

enum wire_form {
    WIRE_JSON, /* Segment's batch */
    WIRE_NDJSON, /* a line an event */
    WIRE_FORM, /* the events as Base64 of a list, in the field data */
    WIRE_PROTOBUF, /* the events' JSON as field 1 of a message, repeated */
    WIRE_MSGPACK, /* a map; its batch is a list of the events' JSON */
};

struct wire {
    char          *path;
    bool           puts; /* by PUT; else by POST */
    enum wire_key  key;
    char          *key_name; /* of its header, query key or field */
    enum wire_form form;
    char          *type; /* Content-Type */
    char          *count_header; /* of the attempts; NULL = they are not
                                  * counted */
    bool    counts_first; /* on the first attempt, too, */
    bool    counts_from_one; /* ... which is the number one then */
    int64_t event_bytes_max; /* 0 = it is not said */
};

/* NULL, or what is no profile: Segment's wire. Clear it with wire_clear. */
void wire_read(struct wire *wire, const char *profile);
void wire_clear(struct wire *wire);

/* Where a batch goes, the key in its query, if it belongs there; yours. */
char *wire_url(const struct wire *wire, const char *base,
               const char *write_key);
/* The value of Authorization, or NULL; yours. */
char *wire_authorization(const struct wire *wire, const char *write_key);

#endif
