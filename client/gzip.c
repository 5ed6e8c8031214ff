/* SPDX-License-Identifier: Apache-2.0 */
#include "client/gzip.h"

#include "common/alloc.h"

#include <assert.h>
#include <zlib.h>

/* 15 bits of window, and 16 for "with a gzip header" (zlib's manual). */
enum { WINDOW_BITS = 15 + 16, MEMORY_LEVEL = 8 };

void gzip_pack(const struct bytes *input, struct bytes *packed)
{
    z_stream stream = {0};
    uLong    bound;
    Bytef   *out;
    int      result;

    result = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                          WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
    assert(result == Z_OK);
    bound = deflateBound(&stream, (uLong)input->length);
    out = alloc_zero(bound, 1);
    stream.next_in = (Bytef *)input->data;
    stream.avail_in = (uInt)input->length;
    stream.next_out = out;
    stream.avail_out = (uInt)bound;
    result = deflate(&stream, Z_FINISH);
    assert(result == Z_STREAM_END);
    bytes_append(packed, out, stream.total_out);
    deflateEnd(&stream);
    alloc_free(out);
    (void)result; /* only asserted */
}
