/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/body_form.h"

#include "common/text.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

cJSON *body_form_json(const char *text, size_t length)
{
    const char *end = NULL;
    cJSON      *json;

    if (!text_is_utf8(text, length))
        return NULL;
    json = cJSON_ParseWithLengthOpts(text, length, &end, false);
    if (json == NULL)
        return NULL;
    while (end < text + length && strchr(" \t\r\n", *end) != NULL)
        end++;
    if (end != text + length) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

/* Lines of JSON; an empty one is none. */
static bool is_lines(const char *text, size_t length)
{
    const char *end = text + length;
    bool        any = false;

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t      line = (size_t)((stop ? stop : end) - text);
        cJSON      *json;

        if (line > 0 && text[line - 1] == '\r')
            line--;
        json = line > 0 ? body_form_json(text, line) : NULL;
        if (line > 0 && json == NULL)
            return false;
        any = any || json != NULL;
        cJSON_Delete(json);
        text = stop ? stop + 1 : end;
    }
    return any;
}

/* Fields of printable ASCII, a name and '=' first. */
static bool is_form(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return memchr(text, '=', length) != NULL && text[0] != '=';
}

/* ---- protobuf ---- */

struct reader {
    const unsigned char *at;
    const unsigned char *end;
};

static bool skip(struct reader *reader, uint64_t length)
{
    if (length > (uint64_t)(reader->end - reader->at))
        return false;
    reader->at += length;
    return true;
}

static bool read_varint(struct reader *reader, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && reader->at < reader->end;
         shift += 7) {
        unsigned char byte = *reader->at++;

        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* The fields of the outermost message, one after the other. */
static bool is_protobuf(struct reader reader)
{
    enum { VARINT, EIGHT_BYTES, LENGTH, FOUR_BYTES = 5, WIRE_TYPE_MASK = 7 };
    uint64_t tag;
    uint64_t value;

    while (reader.at < reader.end) {
        bool good = read_varint(&reader, &tag) && tag >> 3 > 0;

        switch (good ? (int)(tag & WIRE_TYPE_MASK) : -1) {
        case VARINT:
            good = read_varint(&reader, &value);
            break;
        case EIGHT_BYTES:
            good = skip(&reader, 8);
            break;
        case LENGTH:
            good = read_varint(&reader, &value) && skip(&reader, value);
            break;
        case FOUR_BYTES:
            good = skip(&reader, 4);
            break;
        default:
            good = false;
            break;
        }
        if (!good)
            return false;
    }
    return true;
}

/* ---- msgpack ---- */

static bool read_big_endian(struct reader *reader, unsigned bytes,
                            uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < bytes; i++) {
        if (reader->at == reader->end)
            return false;
        *value = *value << 8 | *reader->at++;
    }
    return true;
}

/* From 0xc0 on: a length of so many bytes comes first, then so many bytes; the
 * length counts bytes, values, or pairs of them. */
struct msgpack_head {
    unsigned char length_bytes;
    unsigned char fixed_bytes;
    enum { OF_BYTES, OF_VALUES, OF_PAIRS, OF_NOTHING } counts;
};

static const struct msgpack_head msgpack_heads[32] = {
    {0, 0, OF_BYTES},  {0, 0, OF_NOTHING}, {0, 0, OF_BYTES}, {0, 0, OF_BYTES},
    {1, 0, OF_BYTES},  {2, 0, OF_BYTES},   {4, 0, OF_BYTES}, {1, 1, OF_BYTES},
    {2, 1, OF_BYTES},  {4, 1, OF_BYTES},   {0, 4, OF_BYTES}, {0, 8, OF_BYTES},
    {0, 1, OF_BYTES},  {0, 2, OF_BYTES},   {0, 4, OF_BYTES}, {0, 8, OF_BYTES},
    {0, 1, OF_BYTES},  {0, 2, OF_BYTES},   {0, 4, OF_BYTES}, {0, 8, OF_BYTES},
    {0, 2, OF_BYTES},  {0, 3, OF_BYTES},   {0, 5, OF_BYTES}, {0, 9, OF_BYTES},
    {0, 17, OF_BYTES}, {1, 0, OF_BYTES},   {2, 0, OF_BYTES}, {4, 0, OF_BYTES},
    {2, 0, OF_VALUES}, {4, 0, OF_VALUES},  {2, 0, OF_PAIRS}, {4, 0, OF_PAIRS},
};

/* One value without those that it holds: how many are they? */
static bool read_value(struct reader *reader, uint64_t *holds)
{
    const struct msgpack_head *head;
    unsigned char              first = *reader->at++;
    uint64_t                   length = 0;

    *holds = 0;
    if (first < 0x80 || first >= 0xe0) /* a small number */
        return true;
    if (first < 0x90)
        *holds = 2u * (first & 0x0fu);
    else if (first < 0xa0)
        *holds = first & 0x0fu;
    if (first < 0xa0)
        return true;
    if (first < 0xc0)
        return skip(reader, first & 0x1fu);
    head = &msgpack_heads[first - 0xc0];
    if (head->counts == OF_NOTHING ||
        !read_big_endian(reader, head->length_bytes, &length) ||
        !skip(reader, head->fixed_bytes))
        return false;
    if (head->counts == OF_BYTES)
        return skip(reader, length);
    *holds = head->counts == OF_PAIRS ? 2 * length : length;
    return true;
}

/* One value, or several one after the other, each with all that it holds. */
static bool is_msgpack(struct reader reader)
{
    uint64_t left = 0;
    uint64_t holds;

    while (reader.at < reader.end) {
        left = left > 0 ? left - 1 : 0;
        if (!read_value(&reader, &holds) || holds > UINT32_MAX * UINT64_C(2))
            return false;
        left += holds;
        if (left > (uint64_t)(reader.end - reader.at))
            return false; /* each takes a byte at least */
    }
    return left == 0;
}

bool body_form_fits(const struct profile *profile, const struct bytes *text)
{
    const char   *data = bytes_text(text);
    struct reader reader = {(const unsigned char *)data,
                            (const unsigned char *)data + text->length};

    assert(!PROFILE_OPEN(profile, body_form));
    switch (profile->body_form) {
    case BODY_FORM_NDJSON:
        return is_lines(data, text->length);
    case BODY_FORM_FORM:
        return is_form(data, text->length);
    case BODY_FORM_PROTOBUF:
        return is_protobuf(reader);
    case BODY_FORM_MSGPACK:
        return is_msgpack(reader);
    case BODY_FORM_JSON:
        break;
    }
    assert(false);
    return false;
}
