/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of a body that is no batch. */

#define ZLIB_CONST

#include "common/alloc.h"
#include "common/bytes.h"
#include "judge/flaw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { BODY_BYTES_MAX = 4096, BOMB_BYTES = 4 << 20 };

/* A body: its text, packed so many times, with so many bytes off its end (or
 * others behind it), and its Content-Encoding. */
struct flaw_case {
    const char    *text;
    unsigned       packed;
    const char    *encoding; /* NULL = none */
    size_t         cut_bytes;
    const char    *behind; /* NULL = nothing */
    enum body_kind kind;
    const char    *said;
};

#define EVENT "{\"batch\":[{\"event\":\"retrial-event-00001\"}]}"

/* clang-format off */
static const struct flaw_case cases[] = {
    {EVENT, 2, "gzip", 0, NULL, BODY_NOT_JSON,
     "packed twice, and declared as gzip once"},
    {EVENT, 1, NULL, 0, NULL, BODY_NOT_JSON, "gzip that is not declared"},
    {EVENT, 1, "identity", 0, NULL, BODY_NOT_JSON,
     "gzip that is not declared"},
    {EVENT, 0, "gzip", 0, NULL, BODY_BAD_GZIP,
     "declared as gzip, but is not packed"},
    {EVENT, 1, "gzip", 9, NULL, BODY_BAD_GZIP, "gzip that is cut short after "},
    {EVENT, 1, "gzip", 0, "\r\n", BODY_BAD_GZIP,
     "gzip with 2 bytes behind its end"},
    {EVENT, 1, "gzip", 8, "12345678", BODY_BAD_GZIP,
     "gzip that is broken after "},
    {EVENT, 0, "br", 0, NULL, BODY_ENCODED,
     "in the Content-Encoding br, which no ingest accepts"},
    {EVENT, 0, NULL, 3, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 40 bytes"},
    {EVENT, 0, NULL, 10, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 33 bytes"},
    {"{\"batch\":", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 9 bytes"},
    {"{\"a\\\"", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 5 bytes"},
    {"[1,{\"a\":tru", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 11 bytes"},
    {"{\"batch\":[", 1, "gzip", 0, NULL, BODY_NOT_JSON,
     "JSON that is cut short after 10 bytes, once unpacked"},
    {EVENT, 0, NULL, 0, "\n{}", BODY_NOT_JSON,
     "JSON with 3 bytes behind its end"},
    {"{\"a\":'b'}", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "not JSON: after 5 of 9 bytes comes 'b'}"},
    {"{'a':[", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "not JSON: after 1 of 6 bytes comes 'a':["},
    {"batch=1", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "not JSON: after 0 of 7 bytes comes batch=1"},
    {"{\"a\":\"\xff\"}", 0, NULL, 0, NULL, BODY_NOT_JSON,
     "no UTF-8 after 6 of 9 bytes"},
    {"{\"a\":\"\xff\"}", 1, "x-gzip", 0, NULL, BODY_NOT_JSON,
     "no UTF-8 after 6 of 9 bytes, once unpacked"},
    {"", 0, NULL, 0, NULL, BODY_EMPTY, "empty"},
};
/* clang-format on */

static void pack(struct bytes *body)
{
    enum { GZIP = 16, MEMORY = 8 };
    unsigned char packed[1 << 16];
    z_stream      stream = {.next_in = (const Bytef *)bytes_text(body),
                            .avail_in = (uInt)body->length,
                            .next_out = packed,
                            .avail_out = sizeof packed};

    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + GZIP, MEMORY,
                 Z_DEFAULT_STRATEGY);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    body->length = 0;
    bytes_append(body, packed, sizeof packed - stream.avail_out);
}

static void test_flaw(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct flaw_case *made = &cases[i];
        struct attempt          attempt = {0};
        struct bytes            body;
        char                    said[EVIDENCE_MAX];

        bytes_init(&body, BODY_BYTES_MAX);
        bytes_add(&body, made->text);
        for (unsigned packed = 0; packed < made->packed; packed++)
            pack(&body);
        body.length -= made->cut_bytes;
        bytes_append(&body, made->behind ? made->behind : "",
                     made->behind ? strlen(made->behind) : 0);
        attempt.body_bytes = attempt.body_kept_bytes = body.length;
        attempt.body = bytes_take(&body);
        if (made->encoding != NULL)
            header_add(&attempt.headers, "Content-Encoding", made->encoding);
        flaw_say(said, &attempt, made->kind);
        if (strncmp(said, made->said, strlen(made->said)) != 0)
            fail_msg("case %zu: said %s, not %s", i, said, made->said);
        header_clear(&attempt.headers);
        alloc_free(attempt.body);
    }
}

/* However much it unpacks to, no more than a megabyte is looked at. */
static void test_flaw_bomb(void **state)
{
    struct attempt attempt = {0};
    struct bytes   body;
    char           said[EVIDENCE_MAX];

    (void)state;
    bytes_init(&body, BOMB_BYTES);
    while (bytes_add(&body, "[[[[[[[[[[[[[[[["))
        ;
    pack(&body);
    attempt.body_bytes = attempt.body_kept_bytes = body.length;
    attempt.body = bytes_take(&body);
    header_add(&attempt.headers, "Content-Encoding", "gzip");
    assert_string_equal(flaw_say(said, &attempt, BODY_NOT_JSON), "not JSON");
    header_clear(&attempt.headers);
    alloc_free(attempt.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flaw),
        cmocka_unit_test(test_flaw_bomb),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
