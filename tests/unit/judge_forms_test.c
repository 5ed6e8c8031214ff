/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of each form, packed in each way: which of our events are found in
 * them, and whether they have the form that the profile says. */

#include "common/alloc.h"
#include "common/bytes.h"
#include "judge/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { BODY_MAX = 1 << 16, NUMBERS_MAX = 4, ANY = -1 };

#define ONE "retrial-event-00001"
#define TWO "retrial-event-00002"

static const struct {
    int            form; /* that the profile says; ANY: none */
    const char    *body;
    size_t         bytes; /* 0 = to its end */
    enum body_kind kind;
    unsigned       numbers[NUMBERS_MAX]; /* 0 ends them */
} cases[] = {
    {ANY,
     "[{\"a\":{\"b\":[\"" TWO "\",\"" ONE "\",\"" TWO "\"]}}]",
     0,
     BODY_JSON,
     {2, 1}},
    {BODY_FORM_JSON,
     "{\"events\":[{\"event_type\":\"" ONE "\"}]}",
     0,
     BODY_JSON,
     {1}},
    {BODY_FORM_JSON, "{\"batch\":[{\"x\":\"" ONE "\"}", 0, BODY_NOT_JSON, {0}},
    {ANY, "{\"batch\":[{\"x\":\"" ONE "\"}", 0, BODY_OTHER, {1}},
    {ANY, "hello", 0, BODY_OTHER, {0}},
    /* A mark is a mark only with all its digits. */
    {ANY,
     "retrial-event-0001 retrial-event-00000 retrial-event-99999 "
     "retrial-event-retrial-event-00003",
     0,
     BODY_OTHER,
     {3}},
    {BODY_FORM_NDJSON,
     "{\"e\":\"" ONE "\"}\r\n\n{\"e\":\"" TWO "\"}\n",
     0,
     BODY_OTHER,
     {1, 2}},
    {BODY_FORM_NDJSON, "{\"e\":\"" ONE "\"}", 0, BODY_OTHER, {1}},
    {BODY_FORM_NDJSON, "{\"e\":\"" ONE "\"}\n{", 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_NDJSON, "\n\n", 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_FORM,
     "ip=0&data=%5B%7B%22event%22%3A%22" ONE "%22%7D%5D",
     0,
     BODY_OTHER,
     {1}},
    /* [{"event":"retrial-event-00001"}], its padding escaped, and bare. */
    {BODY_FORM_FORM,
     "data=W3siZXZlbnQiOiJyZXRyaWFsLWV2ZW50LTAwMDAxIn1d&ip=0",
     0,
     BODY_OTHER,
     {1}},
    {ANY,
     "{\"data\": \"IFt7ImV2ZW50IjoicmV0cmlhbC1ldmVudC0wMDAwMSJ9XQ==\"}",
     0,
     BODY_JSON,
     {1}},
    {BODY_FORM_FORM,
     "data=IFt7ImV2ZW50IjoicmV0cmlhbC1ldmVudC0wMDAwMSJ9XQ%3D%3D",
     0,
     BODY_OTHER,
     {1}},
    {BODY_FORM_FORM, "a=%72etrial-event-00002", 0, BODY_OTHER, {2}},
    {BODY_FORM_FORM, "a=" ONE " b", 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_FORM, "{\"a\":\"" ONE "\"}", 0, BODY_MISSHAPEN, {0}},
    /* One field: a message whose one field is the mark; then '0' as a tag. */
    {BODY_FORM_PROTOBUF, "\x0a\x15\x0a\x13" ONE "\x30\x01", 0, BODY_OTHER, {1}},
    {ANY, "\x0a\x15\x0a\x13" TWO "\x30\x01", 0, BODY_OTHER, {2}},
    {BODY_FORM_PROTOBUF, "\x0a\x7f\x0a\x13" ONE, 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_PROTOBUF, "\x0b\x13" ONE, 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_PROTOBUF,
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
     0,
     BODY_MISSHAPEN,
     {0}},
    /* {"e": mark, 1: [nil, 2.5]}, and a map that lacks its second pair. */
    {BODY_FORM_MSGPACK,
     "\x82\xa1"
     "e\xb3" ONE "\x01\x92\xc0\xcb\x40\x04\0\0\0\0\0\0",
     35,
     BODY_OTHER,
     {1}},
    {BODY_FORM_MSGPACK,
     "\x82\xa1"
     "e\xb3" ONE,
     0,
     BODY_MISSHAPEN,
     {0}},
    {BODY_FORM_MSGPACK, "\xdd\xff\xff\xff\xff\xc0", 0, BODY_MISSHAPEN, {0}},
    {BODY_FORM_MSGPACK, "\xc1", 0, BODY_MISSHAPEN, {0}},
};

enum packing { PLAIN, GZIP, ZLIB, RAW_DEFLATE, PACKINGS };

static void pack(struct bytes *body, enum packing packing)
{
    static const int windows[PACKINGS] = {0, MAX_WBITS + 16, MAX_WBITS,
                                          -MAX_WBITS};
    unsigned char    packed[BODY_MAX];
    z_stream         stream = {.next_in = (unsigned char *)body->data,
                               .avail_in = (unsigned)body->length,
                               .next_out = packed,
                               .avail_out = sizeof packed};

    if (packing == PLAIN)
        return;
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, windows[packing], 8,
                 Z_DEFAULT_STRATEGY);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    body->length = 0;
    bytes_append(body, packed, stream.total_out);
    deflateEnd(&stream);
}

static struct attempt make(const char *body, size_t length,
                           enum packing packing)
{
    static const char *const codings[PACKINGS] = {NULL, "gzip", "deflate",
                                                  "Deflate"};
    struct attempt           attempt = {0};
    struct bytes             bytes;

    bytes_init(&bytes, BODY_MAX);
    bytes_append(&bytes, body, length);
    pack(&bytes, packing);
    attempt.body_bytes = attempt.body_kept_bytes = bytes.length;
    attempt.body = bytes_take(&bytes);
    if (packing != PLAIN)
        header_add(&attempt.headers, "Content-Encoding", codings[packing]);
    return attempt;
}

static void free_made(struct attempt *attempt)
{
    header_clear(&attempt->headers);
    alloc_free(attempt->body);
}

static void check(size_t i, enum packing packing)
{
    size_t length = cases[i].bytes ? cases[i].bytes : strlen(cases[i].body);
    struct attempt       attempt = make(cases[i].body, length, packing);
    struct profile       profile = {0};
    struct events_effort effort = {&profile, EVENTS_UNPACK_BYTES, 1e9, NULL};
    struct events        events;

    profile.open[PROFILE_KEY_body_form] = cases[i].form == ANY;
    if (cases[i].form != ANY)
        profile.body_form = (enum profile_body_form)cases[i].form;
    events_read(&events, &attempt, &effort);
    if (events.body != cases[i].kind)
        fail_msg("case %zu, packing %d: it is %s", i, (int)packing,
                 events_body_text(events.body));
    for (size_t at = 0; at < NUMBERS_MAX; at++)
        if (cases[i].numbers[at] !=
            (at < events.ours ? events.items[at].number : 0))
            fail_msg("case %zu, packing %d: not event %u in place %zu", i,
                     (int)packing, cases[i].numbers[at], at);
    assert_int_equal(events.bytes, length);
    events_clear(&events);
    free_made(&attempt);
}

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int packing = PLAIN; packing < PACKINGS; packing++)
            check(i, (enum packing)packing);
}

static void test_keys(void **state)
{
    static const struct {
        const char *body;
        bool        has;
    } keys[] = {
        {"{\"api_key\": \"key/1\"}", true},
        {"{\"api_key\":\"key\\/1\"}", true},
        {"{\"api_key\":\"other\",\"a\":[{\"api_key\":\"key/1\"}]}", true},
        {"api_key=key%2F1&a=b", true},
        {"data=W3siYXBpX2tleSI6ImtleS8xIn1d", true}, /* [{"api_key":"key/1"}] */
        {"\x81\xa7"
         "api_key\xa5"
         "key/1",
         true},
        {"{\"api_key\":\"key/2\"}", false},
        {"{\"key\":\"key/1\"}", false},
        {"{\"api_key\":null,\"another\":\"key/1\"}", false},
        {"api_key", false},
        {"api_key=", false},
    };
    struct profile profile = {.open = {[PROFILE_KEY_body_form] = true},
                              .credential_name = "api_key"};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        struct attempt attempt =
            make(keys[i].body, strlen(keys[i].body), PLAIN);
        struct events_effort effort = {&profile, EVENTS_UNPACK_BYTES, 1e9,
                                       "key/1"};
        struct events        events;

        events_read(&events, &attempt, &effort);
        if (events.has_key != keys[i].has)
            fail_msg("%s: the key was %sfound", keys[i].body,
                     events.has_key ? "" : "not ");
        events_clear(&events);
        free_made(&attempt);
    }
}

static enum body_kind kind_of(const struct profile *profile, const char *coding)
{
    struct attempt       attempt = make(ONE, strlen(ONE), PLAIN);
    struct events_effort effort = {profile, EVENTS_UNPACK_BYTES, 1e9, NULL};
    struct events        events;
    enum body_kind       kind;

    header_add(&attempt.headers, "Content-Encoding", coding);
    events_read(&events, &attempt, &effort);
    kind = events.body;
    assert_int_equal(events_are_known(&events), kind == BODY_OTHER);
    events_clear(&events);
    free_made(&attempt);
    return kind;
}

static void test_codings(void **state)
{
    struct profile any = {.open = {[PROFILE_KEY_body_form] = true}};
    struct profile two = any;

    (void)state;
    two.content_encodings =
        (struct profile_texts){.at = {"gzip", "zstd"}, .count = 2};
    assert_int_equal(kind_of(&any, "identity"), BODY_OTHER);
    assert_int_equal(kind_of(&any, "gzip"), BODY_BAD_GZIP);
    assert_int_equal(kind_of(&any, "deflate"), BODY_BAD_GZIP);
    assert_int_equal(kind_of(&any, "zstd"), BODY_SEALED);
    assert_int_equal(kind_of(&two, "deflate"), BODY_ENCODED);
    assert_int_equal(kind_of(&two, "X-GZIP"), BODY_BAD_GZIP);
    assert_int_equal(kind_of(&two, "ZSTD"), BODY_SEALED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_codings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
