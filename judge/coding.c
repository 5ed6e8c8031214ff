/* SPDX-License-Identifier: Apache-2.0 */
/* zlib then takes its input as const, as the house hands it. */
#define ZLIB_CONST

#include "judge/coding.h"

#include "common/text.h"

#include <assert.h>
#include <zlib.h>

static const char *name_of(const struct attempt *attempt)
{
    const char *name = header_get(&attempt->headers, "Content-Encoding", 0);

    if (name == NULL || name[0] == '\0' || text_equal_nocase(name, "identity"))
        return NULL;
    return text_equal_nocase(name, "x-gzip") ? "gzip" : name;
}

enum coding coding_of(const struct attempt *attempt)
{
    const char *name = name_of(attempt);

    if (name == NULL)
        return CODING_NONE;
    if (text_equal_nocase(name, "gzip"))
        return CODING_GZIP;
    return text_equal_nocase(name, "deflate") ? CODING_DEFLATE : CODING_UNKNOWN;
}

bool coding_is_taken(const struct attempt *attempt,
                     const struct profile *profile)
{
    const struct profile_texts *taken = &profile->content_encodings;
    const char                 *name = name_of(attempt);

    for (unsigned i = 0; name != NULL && i < taken->count; i++)
        if (text_equal_nocase(name, taken->at[i]))
            return true;
    return name == NULL || taken->count == 0;
}

/* All members of the stream. False: it is no such stream, or there is no room
 * for more of it. */
static bool inflate_all(z_stream *stream, struct bytes *out, bool *full)
{
    unsigned char chunk[16384];
    int           state = Z_OK;

    while (state != Z_STREAM_END || stream->avail_in > 0) {
        if (state == Z_STREAM_END && inflateReset(stream) != Z_OK)
            return false;
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        state = inflate(stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END)
            return false;
        *full = !bytes_append(out, chunk, sizeof chunk - stream->avail_out);
        if (*full)
            return false;
    }
    return true;
}

/* A zlib frame begins with its method, 8, and is a multiple of 31. */
static int window_of(const struct attempt *attempt, enum coding coding)
{
    enum { GZIP_ONLY = 16, METHOD_MASK = 15 };
    const unsigned char *begin = (const unsigned char *)attempt->body;

    if (coding == CODING_GZIP)
        return MAX_WBITS + GZIP_ONLY;
    if (attempt->body_kept_bytes >= 2 && (begin[0] & METHOD_MASK) == 8 &&
        (begin[0] * 256 + begin[1]) % 31 == 0)
        return MAX_WBITS;
    return -MAX_WBITS;
}

enum coding_end coding_undo(const struct attempt *attempt, enum coding coding,
                            struct bytes *out)
{
    z_stream stream = {0};
    bool     full = false;
    bool     whole;

    assert(coding == CODING_GZIP || coding == CODING_DEFLATE);
    if (inflateInit2(&stream, window_of(attempt, coding)) != Z_OK)
        return CODING_BROKEN;
    stream.next_in = (const Bytef *)attempt->body;
    stream.avail_in = (uInt)attempt->body_kept_bytes;
    whole = inflate_all(&stream, out, &full);
    inflateEnd(&stream);
    return whole ? CODING_UNDONE : full ? CODING_FULL : CODING_BROKEN;
}
