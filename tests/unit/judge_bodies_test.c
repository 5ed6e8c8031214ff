/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies that are small on the wire and large in memory: the judge unpacks so
 * much of one, and so much of all, and says where it stopped. */

#include "judge_case.h"

#include "common/alloc.h"
#include "judge/events.h"
#include "judge/judge.h"
#include "model/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { MIB = 1 << 20 };

static const char head[] =
    "{\"batch\":[{\"messageId\":\"retrial-event-00001\"}";

/* Gzip of: head, then so many bytes of the filling, then the end. */
static void pack(struct attempt *attempt, size_t bytes, char filling,
                 const char *end)
{
    char    *text = alloc_zero(1, bytes + 128);
    z_stream stream = {0};
    uLong    most;

    memcpy(text, head, strlen(head));
    memset(text + strlen(head), filling, bytes);
    strcpy(text + strlen(head) + bytes, end);
    assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8,
                                  Z_DEFAULT_STRATEGY),
                     Z_OK);
    most = deflateBound(&stream, strlen(text));
    alloc_free(attempt->body);
    attempt->body = alloc_zero(1, most);
    stream.next_in = (Bytef *)text;
    stream.avail_in = (uInt)strlen(text);
    stream.next_out = (Bytef *)attempt->body;
    stream.avail_out = (uInt)most;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    attempt->body_bytes = attempt->body_kept_bytes = stream.total_out;
    deflateEnd(&stream);
    alloc_free(text);
}

static void copy(struct attempt *attempt, const struct attempt *first)
{
    alloc_free(attempt->body);
    attempt->body = alloc_text_n(first->body, first->body_kept_bytes);
    attempt->body_bytes = attempt->body_kept_bytes = first->body_kept_bytes;
}

/* So many attempts with the one event, each of them padded like that. */
static struct judge_case make(unsigned attempts, size_t bytes, char filling,
                              const char *end)
{
    struct judge_case made = judge_case_new("bodies", 1);
    char              line[64];

    for (unsigned i = 0; i < attempts; i++) {
        snprintf(line, sizeof line, "%u 1 gzip=yes -> 200", i);
        judge_case_at(&made, line);
        if (i == 0)
            pack(made.record->attempts[i], bytes, filling, end);
        else
            copy(made.record->attempts[i], made.record->attempts[0]);
    }
    judge_case_line(&made, "end exited 500 success");
    return made;
}

static unsigned count_said(const struct judge_case *made, const char *subject,
                           const char *part, unsigned *first)
{
    struct verdict *verdict = verdict_new();
    unsigned        count = 0;

    judge_record(made->plan, &made->profile, made->record, verdict);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        if (strcmp(finding->subject, subject) != 0 ||
            strstr(finding->text, part) == NULL)
            continue;
        if (count++ == 0)
            *first = finding->attempt;
    }
    verdict_free(verdict);
    return count;
}

static void test_one_body_is_read_so_far(void **state)
{
    struct judge_case made = make(1, 17 * MIB, ' ', "]}");
    unsigned          at = 0;

    (void)state;
    assert_int_equal(count_said(&made, "DELIVER-8", "more than 16777216", &at),
                     1);
    assert_int_equal(count_said(&made, "contract", "more than is read", &at),
                     1);
    assert_int_equal(count_said(&made, "DELIVER-9", "", &at), 0);
    judge_case_clear(&made);
}

/* Two million numbers would be two million pieces of memory. */
static void test_values_are_counted_before_they_are_made(void **state)
{
    enum { VALUES = 2 * MIB };
    struct judge_case made = make(1, 2 * VALUES, ',', "0]}");
    unsigned          at = 0;

    (void)state;
    assert_int_equal(count_said(&made, "contract", "more than is read", &at),
                     1);
    judge_case_clear(&made);
}

/* Each body would do by itself. */
static void test_a_record_is_read_so_far(void **state)
{
    enum { EACH = 15 * MIB, ATTEMPTS = 24 };
    struct judge_case made = make(ATTEMPTS, EACH, ' ', "]}");
    unsigned read = (unsigned)((EVENTS_UNPACK_BYTES - EVENTS_BODY_BYTES_MAX) /
                                   (EACH + sizeof head) +
                               1);
    unsigned at = 0;

    (void)state;
    assert_int_equal(
        count_said(&made, "contract", "beyond what is unpacked", &at), 1);
    assert_int_equal(at, read + 1);
    /* No event is missing because nobody looked. */
    assert_int_equal(count_said(&made, "DELIVER-1", "", &at), 0);
    judge_case_clear(&made);
}

/* Who asks for the events of one attempt after the other is charged alike. */
static void test_questions_are_charged(void **state)
{
    struct judge_case made = make(1, 8 * MIB, ' ', "]}");
    size_t            unpack = 48 * MIB;
    unsigned          asked = 0;
    unsigned          number;

    (void)state;
    while (events_numbers(made.record->attempts[0], &made.profile, &number, 1,
                          &unpack) == 1) {
        asked++;
        assert_true(asked < 1000);
    }
    assert_true(asked > 1 && asked <= 6);
    assert_true(unpack < EVENTS_BODY_BYTES_MAX);
    judge_case_clear(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_body_is_read_so_far),
        cmocka_unit_test(test_values_are_counted_before_they_are_made),
        cmocka_unit_test(test_a_record_is_read_so_far),
        cmocka_unit_test(test_questions_are_charged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
