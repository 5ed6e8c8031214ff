/* SPDX-License-Identifier: Apache-2.0 */
/* A batch's body in the forms of other ingests. */

#include "client/batch_form.h"

#include "common/alloc.h"
#include "common/base64.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>

static void add_byte(struct bytes *body, unsigned value)
{
    const unsigned char byte = (unsigned char)value;

    bytes_append(body, &byte, 1);
}

static void add_lines(const struct event *event, struct bytes *body)
{
    for (; event != NULL; event = event->next) {
        bytes_append(body, event->json, event->length_bytes);
        bytes_add(body, "\n");
    }
}

/* ---- a form ---- */

static void add_escaped(struct bytes *body, const char *text)
{
    char *escaped = curl_easy_escape(NULL, text, 0);

    bytes_add(body, escaped);
    curl_free(escaped);
}

static void add_form(const struct event *event, const char *key_name,
                     const char *write_key, struct bytes *body)
{
    struct bytes list;
    char        *coded;

    bytes_init(&list, body->max);
    for (; event != NULL; event = event->next) {
        bytes_add(&list, list.length == 0 ? "[" : ",");
        bytes_append(&list, event->json, event->length_bytes);
    }
    bytes_add(&list, "]");
    coded = base64_encode(list.data, list.length);
    if (key_name != NULL) {
        bytes_format(body, "%s=", key_name);
        add_escaped(body, write_key);
        bytes_add(body, "&");
    }
    bytes_add(body, "data=");
    add_escaped(body, coded);
    alloc_free(coded);
    bytes_clear(&list);
}

/* ---- protobuf ---- */

static void add_varint(struct bytes *body, size_t value)
{
    for (; value >= 0x80; value >>= 7)
        add_byte(body, (unsigned)(value & 0x7f) | 0x80);
    add_byte(body, (unsigned)value);
}

static void add_field(struct bytes *body, unsigned number, const char *text,
                      size_t length)
{
    enum { LENGTH_DELIMITED = 2 };

    add_byte(body, number << 3 | LENGTH_DELIMITED);
    add_varint(body, length);
    bytes_append(body, text, length);
}

static void add_protobuf(const struct event *event, const char *key_name,
                         const char *write_key, struct bytes *body)
{
    char *key = alloc_format("%s=%s", key_name ? key_name : "", write_key);

    for (; event != NULL; event = event->next)
        add_field(body, 1, event->json, event->length_bytes);
    if (key_name != NULL)
        add_field(body, 2, key, strlen(key));
    alloc_free(key);
}

/* ---- msgpack ---- */

/* A head with a length of 32 bits: what stands before a string or a list. */
static void add_head(struct bytes *body, unsigned head, size_t length)
{
    add_byte(body, head);
    for (int shift = 24; shift >= 0; shift -= 8)
        add_byte(body, (unsigned)(length >> shift) & 0xff);
}

static void add_string(struct bytes *body, const char *text, size_t length)
{
    enum { STRING_32 = 0xdb };

    add_head(body, STRING_32, length);
    bytes_append(body, text, length);
}

static void add_msgpack(const struct event *event, size_t count,
                        const char *key_name, const char *write_key,
                        struct bytes *body)
{
    enum { MAP = 0x80, LIST_32 = 0xdd };

    add_byte(body, MAP + (key_name != NULL ? 2 : 1));
    add_string(body, "batch", strlen("batch"));
    add_head(body, LIST_32, count);
    for (; event != NULL; event = event->next)
        add_string(body, event->json, event->length_bytes);
    if (key_name != NULL) {
        add_string(body, key_name, strlen(key_name));
        add_string(body, write_key, strlen(write_key));
    }
}

void batch_form_add(const struct batch *batch, const struct wire *wire,
                    const char *write_key, struct bytes *body)
{
    const struct event *event = batch->events.first;
    const char *key_name = wire->key == WIRE_KEY_BODY ? wire->key_name : NULL;

    switch (wire->form) {
    case WIRE_NDJSON:
        add_lines(event, body);
        break;
    case WIRE_FORM:
        add_form(event, key_name, write_key, body);
        break;
    case WIRE_PROTOBUF:
        add_protobuf(event, key_name, write_key, body);
        break;
    case WIRE_MSGPACK:
        add_msgpack(event, batch->events.count, key_name, write_key, body);
        break;
    case WIRE_JSON:
        assert(false);
        break;
    }
}
