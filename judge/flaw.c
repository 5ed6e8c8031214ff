/* SPDX-License-Identifier: Apache-2.0 */
/* zlib then takes its input as const, as the house hands it. */
#define ZLIB_CONST

#include "judge/flaw.h"

#include "common/bytes.h"
#include "common/text.h"
#include "judge/coding.h"

#include <cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* Looked at for its flaw; one that lies deeper is said without its place. */
enum { LOOKED_AT_BYTES_MAX = 1 << 20, GZIP_ONLY = 16 };

static void PRINTF_LIKE(2, 3)
    say(char buffer[EVIDENCE_MAX], const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(buffer, EVIDENCE_MAX, format, arguments);
    va_end(arguments);
}

static bool begins_as_gzip(const char *data, size_t length)
{
    return length >= 2 && memcmp(data, "\x1f\x8b", 2) == 0;
}

/* ---- gzip ---- */

/* What could be unpacked, and where that ended. */
struct unpacked {
    struct bytes text;
    size_t       read_bytes; /* of what was packed */
    int          state;      /* zlib's last word */
};

/* All members of the stream, as RFC 1952 allows several. */
static void unpack(struct unpacked *unpacked, const struct attempt *attempt)
{
    unsigned char chunk[16384];
    z_stream      stream = {0};

    bytes_init(&unpacked->text, LOOKED_AT_BYTES_MAX);
    unpacked->read_bytes = 0;
    unpacked->state = inflateInit2(&stream, MAX_WBITS + GZIP_ONLY);
    stream.next_in = (const Bytef *)attempt->body;
    stream.avail_in = (uInt)attempt->body_kept_bytes;
    while (unpacked->state == Z_OK && !unpacked->text.truncated) {
        stream.next_out = chunk;
        stream.avail_out = sizeof chunk;
        unpacked->state = inflate(&stream, Z_NO_FLUSH);
        bytes_append(&unpacked->text, chunk, sizeof chunk - stream.avail_out);
        if (unpacked->state == Z_STREAM_END &&
            begins_as_gzip((const char *)stream.next_in, stream.avail_in))
            unpacked->state = inflateReset(&stream);
    }
    unpacked->read_bytes = attempt->body_kept_bytes - stream.avail_in;
    inflateEnd(&stream);
}

static void say_gzip(char buffer[EVIDENCE_MAX], const struct attempt *attempt)
{
    size_t          length = attempt->body_kept_bytes;
    struct unpacked unpacked;

    if (!begins_as_gzip(attempt->body, length)) {
        say(buffer, "declared as gzip, but is not packed");
        return;
    }
    unpack(&unpacked, attempt);
    if (unpacked.state == Z_STREAM_END)
        say(buffer, "gzip with %zu bytes behind its end",
            length - unpacked.read_bytes);
    else if (unpacked.state == Z_BUF_ERROR)
        say(buffer, "gzip that is cut short after %zu bytes",
            unpacked.read_bytes);
    else if (unpacked.state == Z_DATA_ERROR)
        say(buffer, "gzip that is broken after %zu of %zu bytes",
            unpacked.read_bytes, length);
    else
        say(buffer, "%s", events_body_text(BODY_BAD_GZIP));
    bytes_clear(&unpacked.text);
}

/* ---- JSON ---- */

/* What is open where a text ends. */
struct open_ends {
    size_t depth;    /* of objects and lists */
    bool   string;   /* it ends inside one */
    size_t token_at; /* where the last token begins */
};

static void look(struct open_ends *ends, const char *text, size_t length)
{
    bool word = false; /* in a number or a name */

    *ends = (struct open_ends){0};
    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (ends->string) {
            i += c == '\\';
            ends->string = c != '"';
            continue;
        }
        if (strchr(" \t\r\n", c) != NULL) {
            word = false;
            continue;
        }
        ends->token_at = word ? ends->token_at : i;
        word = strchr("{}[]:,\"", c) == NULL;
        ends->string = c == '"';
        ends->depth += c == '{' || c == '[';
        ends->depth -= (c == '}' || c == ']') && ends->depth > 0;
    }
}

/* cJSON stopped at that byte, perhaps inside the token that it could not read.
 * Where something is open, and that token is the last, there is nothing wrong
 * but the end. */
static void say_stop(char buffer[EVIDENCE_MAX], const struct bytes *text,
                     size_t stop, const char *unpacked)
{
    const char      *data = bytes_text(text);
    struct open_ends here;
    struct open_ends ends;
    char             rest[EVIDENCE_MAX];

    look(&here, data, stop < text->length ? stop + 1 : stop);
    look(&ends, data, text->length);
    if ((ends.string || ends.depth > 0) && here.token_at == ends.token_at)
        say(buffer, "JSON that is cut short after %zu bytes%s", text->length,
            unpacked);
    else
        say(buffer, "not JSON: after %zu of %zu bytes%s comes %.60s",
            here.token_at, text->length, unpacked,
            evidence_value(rest, data + here.token_at));
}

static void say_json(char buffer[EVIDENCE_MAX], const struct bytes *text,
                     const char *unpacked)
{
    const char *data = bytes_text(text);
    const char *end = data;
    size_t      good = text_utf8_bytes(data, text->length);
    cJSON      *json;

    if (good < text->length) {
        say(buffer, "no UTF-8 after %zu of %zu bytes%s", good, text->length,
            unpacked);
        return;
    }
    json = cJSON_ParseWithLengthOpts(data, text->length, &end, false);
    if (json != NULL)
        say(buffer, "JSON with %zu bytes behind its end%s",
            text->length - (size_t)(end - data), unpacked);
    else
        say_stop(buffer, text, (size_t)(end - data), unpacked);
    cJSON_Delete(json);
}

/* It was read as it was declared, and is no JSON. */
static void say_content(char                  buffer[EVIDENCE_MAX],
                        const struct attempt *attempt)
{
    const char *encoding = header_get(&attempt->headers, "Content-Encoding", 0);
    bool        packed = encoding != NULL && encoding[0] != '\0' &&
                  !text_equal_nocase(encoding, "identity");
    struct unpacked unpacked;

    if (packed) {
        unpack(&unpacked, attempt);
    } else {
        bytes_init(&unpacked.text, LOOKED_AT_BYTES_MAX);
        bytes_append(&unpacked.text, attempt->body, attempt->body_kept_bytes);
    }
    if (begins_as_gzip(bytes_text(&unpacked.text), unpacked.text.length))
        say(buffer, packed ? "packed twice, and declared as gzip once"
                           : "gzip that is not declared");
    else if (unpacked.text.truncated)
        say(buffer, "%s", events_body_text(BODY_NOT_JSON));
    else
        say_json(buffer, &unpacked.text, packed ? ", once unpacked" : "");
    bytes_clear(&unpacked.text);
}

static void say_encoding(char                  buffer[EVIDENCE_MAX],
                         const struct attempt *attempt)
{
    char value[EVIDENCE_MAX];

    say(buffer, "in the Content-Encoding %.60s, which no ingest accepts",
        evidence_value(value,
                       header_get(&attempt->headers, "Content-Encoding", 0)));
}

char *flaw_say(char buffer[EVIDENCE_MAX], const struct attempt *attempt,
               enum body_kind kind)
{
    switch (kind) {
    case BODY_BAD_GZIP:
        if (coding_of(attempt) == CODING_GZIP)
            say_gzip(buffer, attempt);
        else
            say(buffer, "declared as deflate, but cannot be decoded");
        break;
    case BODY_NOT_JSON:
        say_content(buffer, attempt);
        break;
    case BODY_ENCODED:
        say_encoding(buffer, attempt);
        break;
    default:
        say(buffer, "%s", events_body_text(kind));
        break;
    }
    return buffer;
}
