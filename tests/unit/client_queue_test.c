/* SPDX-License-Identifier: Apache-2.0 */
/* Events, batches and the queue, without a worker or a server. */

#include "client/queue.h"
#include "common/alloc.h"
#include "common/text.h"

#include <cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { EVENT_BYTES = 32768, BODY_BYTES = 100000 };

static struct event *make_event(const char *json)
{
    struct err err;
    struct rng rng;

    rng_seed(&rng, 1);
    return event_new(json, EVENT_BYTES, &rng, 1700000000123456789, &err);
}

static void put(struct queue *queue, const char *json)
{
    struct err err;

    assert_true(queue_put(queue, make_event(json), &err));
}

static void test_event(void **state)
{
    struct event *bare = make_event("{\"type\":\"track\",\"event\":\"e\"}");
    const char   *whole = "{\"type\":\"page\",\"messageId\":\"m\","
                          "\"timestamp\":\"t\",\"other\":[1,null]}";
    struct event *given = make_event(whole);

    (void)state;
    assert_non_null(bare);
    assert_non_null(strstr(bare->json, "\"messageId\":\""));
    assert_non_null(
        strstr(bare->json, "\"timestamp\":\"2023-11-14T22:13:20.123Z\""));
    assert_string_equal(given->json, whole);
    assert_int_equal(given->length_bytes, strlen(whole));
    assert_null(make_event("{\"type\":\"trak\"}"));
    assert_null(make_event("{}"));
    assert_null(make_event("[]"));
    assert_null(make_event("{\"type\":\"track\"} x"));
    assert_null(make_event("{\"type\":\"track\",\"event\":\"\xff\"}"));
    event_free(bare);
    event_free(given);
}

#define TRACK "{\"type\":\"track\",\"messageId\":\"m\",\"timestamp\":\"t\""

/* What the application said is what is sent, to the last digit. */
static void test_event_is_kept(void **state)
{
    static const char *const kept[] = {
        TRACK "}",
        TRACK ",\"n\":9007199254740993}",
        TRACK ",\"n\":[-0,0.10,1e5,-12.5E-3,123456789012345678901234567890]}",
        TRACK ",\"s\":\"a\\u0000b\\/\\\"\\\\\"}",
        TRACK ",\"s\":\"  a : b ,\",\"\xc3\xa9\":[true,false,null,{},[]]}",
    };
    struct event *spaced =
        make_event(" {\t\"type\" : \"track\" ,\n \"n\":\t[ 1 , 2 ]\r\n} ");

    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        struct event *event = make_event(kept[i]);

        assert_non_null(event);
        assert_string_equal(event->json, kept[i]);
        event_free(event);
    }
    assert_non_null(spaced);
    assert_true(text_starts_with(
        spaced->json, "{\"type\":\"track\",\"n\":[1,2],\"messageId\":\""));
    event_free(spaced);
}

/* cJSON takes these, and others need not. */
static void test_event_is_json(void **state)
{
    static const char *const refused[] = {
        TRACK ",\"n\":01}",
        TRACK ",\"n\":-01}",
        TRACK ",\"n\":1.}",
        TRACK ",\"n\":-.5}",
        TRACK ",\"n\":1.e5}",
        TRACK ",\"n\":.5}",
        TRACK ",\"n\":1e}",
        TRACK ",\"n\":+1}",
        TRACK ",\"n\":0x1}",
        TRACK ",\"s\":\"a\nb\"}",
        TRACK ",\"s\":\"a\x01\"}",
        TRACK "\x01}",
        "\xef\xbb\xbf" TRACK "}",
        TRACK ",\"n\":nul}",
        TRACK ",}",
        TRACK ",\"n\":[1e999]}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (make_event(refused[i]) != NULL)
            fail_msg("taken: %s", refused[i]);
}

static char *padded_event(size_t bytes)
{
    const char *head = "{\"type\":\"track\",\"messageId\":\"m\","
                       "\"timestamp\":\"t\",\"event\":\"";
    size_t      pad = bytes - strlen(head) - strlen("\"}");
    char       *padding = alloc_zero(pad + 1, 1);
    char       *json;

    memset(padding, 'x', pad);
    json = alloc_format("%s%s\"}", head, padding);
    alloc_free(padding);
    return json;
}

static void test_event_size(void **state)
{
    char         *largest = padded_event(EVENT_BYTES);
    char         *larger = padded_event(EVENT_BYTES + 1);
    struct event *event = make_event(largest);

    (void)state;
    assert_non_null(event);
    assert_int_equal(event->length_bytes, EVENT_BYTES);
    assert_null(make_event(larger));
    event_free(event);
    alloc_free(largest);
    alloc_free(larger);
}

static void test_uuid(void **state)
{
    char       first[EVENT_UUID_MAX];
    char       second[EVENT_UUID_MAX];
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int i = 0; i < 1000; i++) {
        event_uuid(first, &rng);
        event_uuid(second, &rng);
        assert_int_equal(strlen(first), 36);
        assert_int_equal(first[14], '4');
        assert_non_null(strchr("89ab", first[19]));
        assert_string_not_equal(first, second);
    }
}

static void test_batches_by_count(void **state)
{
    struct queue_limits limits = {2, 0, 10, BODY_BYTES};
    struct queue        queue;
    struct batch       *first;
    struct batch       *second;

    (void)state;
    queue_init(&queue, &limits);
    for (int i = 0; i < 3; i++)
        put(&queue, "{\"type\":\"track\"}");
    queue_close(&queue);
    first = queue_take(&queue);
    second = queue_take(&queue);
    assert_int_equal(first->events.count, 2);
    assert_int_equal(first->number, 1);
    assert_int_equal(first->events.first->number, 1);
    assert_int_equal(second->events.count, 1);
    assert_int_equal(second->events.first->number, 3);
    assert_null(queue_take(&queue));
    assert_false(queue_wait_settled(&queue, 0, NULL));
    queue_settle(&queue, second); /* in any order */
    assert_false(queue_wait_settled(&queue, 0, NULL));
    queue_settle(&queue, first);
    assert_true(queue_wait_settled(&queue, 0, NULL));
    queue_clear(&queue);
}

static void test_batches_by_size(void **state)
{
    struct queue_limits limits = {1000, 0, 1000, BODY_BYTES};
    char               *json = padded_event(30000);
    struct queue        queue;
    struct batch       *batch;
    const struct wire   wire = {.form = WIRE_JSON};
    struct bytes        body;
    size_t              events = 0;

    (void)state;
    queue_init(&queue, &limits);
    for (int i = 0; i < 40; i++)
        put(&queue, json);
    queue_close(&queue);
    bytes_init(&body, 1 << 20);
    while ((batch = queue_take(&queue)) != NULL) {
        cJSON *parsed;

        bytes_clear(&body);
        batch_body(batch, &wire, "key\"\\", 0, &body);
        assert_in_range(body.length, 1, BODY_BYTES);
        parsed = cJSON_Parse(body.data);
        assert_int_equal(
            cJSON_GetArraySize(cJSON_GetObjectItem(parsed, "batch")),
            batch->events.count);
        assert_string_equal(
            cJSON_GetObjectItem(parsed, "writeKey")->valuestring, "key\"\\");
        cJSON_Delete(parsed);
        events += batch->events.count;
        queue_settle(&queue, batch);
    }
    assert_int_equal(events, 40);
    bytes_clear(&body);
    queue_clear(&queue);
    alloc_free(json);
}

static void test_full_and_closed(void **state)
{
    struct queue_limits limits = {10, 1000000000, 2, BODY_BYTES};
    struct event       *third = make_event("{\"type\":\"track\"}");
    struct queue        queue;
    struct err          err;
    size_t              waiting;
    size_t              room;

    (void)state;
    queue_init(&queue, &limits);
    put(&queue, "{\"type\":\"track\"}");
    queue_look(&queue, &waiting, &room);
    assert_int_equal(waiting, 1);
    assert_int_equal(room, 1);
    put(&queue, "{\"type\":\"track\"}");
    assert_false(queue_put(&queue, third, &err));
    assert_string_equal(err.text, "the queue is full (2 events)");
    queue_close(&queue);
    assert_false(queue_put(&queue, third, &err));
    assert_string_equal(err.text, "the client was shut down");
    event_free(third);
    queue_clear(&queue);
}

/* A flush does not wait for what came after it. */
static void test_flush(void **state)
{
    struct queue_limits limits = {10, INT64_C(3600000000000), 10, BODY_BYTES};
    struct queue        queue;
    struct batch       *batch;

    (void)state;
    queue_init(&queue, &limits);
    assert_true(queue_wait_settled(&queue, 0, NULL));
    put(&queue, "{\"type\":\"track\"}");
    queue_flush(&queue);
    batch = queue_take(&queue);
    assert_int_equal(batch->events.count, 1);
    put(&queue, "{\"type\":\"track\"}");
    assert_false(queue_wait_settled(&queue, 0, NULL));
    queue_settle(&queue, batch);
    assert_false(queue_wait_settled(&queue, 0, NULL));
    queue_clear(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_event_is_kept),
        cmocka_unit_test(test_event_is_json),
        cmocka_unit_test(test_event_size),
        cmocka_unit_test(test_uuid),
        cmocka_unit_test(test_batches_by_count),
        cmocka_unit_test(test_batches_by_size),
        cmocka_unit_test(test_full_and_closed),
        cmocka_unit_test(test_flush),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
