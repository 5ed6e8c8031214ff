/* A client that runs wild fills a record with tens of thousands of attempts,
 * and is to hear of it before long: whatever its record looks like, judging
 * four times as many attempts costs about four times as much, and not sixteen
 * times. (Each attempt used to look through all others for faults: 100,000 of
 * them took minutes.) */

#include "judge_case.h"

#include "common/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    FEW = 2500,
    TIMES = 4,
    TIMES_ALLOWED = 9, /* caches get colder; squares would be 16 */
    EVENTS = 100,
    ROUNDS_MAX = 20,
};

/* The i-th attempt of a shape, from its time on. */
struct shape {
    const char *what;
    const char *format; /* of "at": the time in s, the event, the count */
    bool        one_event;
    unsigned    turns; /* as many times each of very many events comes, when
                        * all others have come; 0 = there are EVENTS */
};

static const struct shape shapes[] = {
    {"a new batch each time", "%.3f %u count=- -> 200", false, 0},
    {"one batch over and over", "%.3f %u count=%u -> 503", true, 0},
    {"all batches over and over", "%.3f %u count=%u -> 503", false, 0},
    {"one batch that is rate-limited", "%.3f %u count=%u -> 429 ra=0", true, 0},
    {"all batches rate-limited", "%.3f %u count=%u -> 429 ra=1", false, 0},
    {"connections that die idle", "%.3f %u count=%u -> reset-idle", false, 0},
    {"requests that are cut off", "%.3f %u count=%u -> reset-in-body", false,
     0},
    {"answers that are cut off", "%.3f %u count=%u -> cut-body", true, 0},
    {"answers that never come", "%.3f %u count=%u -> hang gone=90", true, 0},
    {"bodies that are no JSON", "%.3f %u body=x count=- -> 200", false, 0},
    {"very many batches, each twice", "%.3f %u count=- -> 503", false, 2},
    {"very many batches, rate-limited", "%.3f %u count=- -> 429 ra=1", false,
     2},
    {"very many batches, over and over", "%.3f %u count=- -> 503", false, 8},
};

static struct judge_case make(const struct shape *shape, unsigned attempts)
{
    struct judge_case made = judge_case_new(shape->what, EVENTS);
    char              line[CASE_TEXT_MAX];

    for (unsigned i = 0; i < attempts; i++) {
        unsigned events = shape->turns > 0 ? attempts / shape->turns : EVENTS;
        unsigned event = shape->one_event ? 1 : i % events + 1;
        unsigned count = shape->one_event ? i : i / EVENTS;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
        snprintf(line, sizeof line, shape->format, 0.001 * i, event,
                 count > 0 ? count : 1);
#pragma GCC diagnostic pop
        judge_case_at(&made, line);
    }
    judge_case_line(&made, "end timed-out 90");
    return made;
}

static void judge_once(const struct judge_case *made, int64_t *least_ns)
{
    char    verdict[CASE_TEXT_MAX];
    int64_t before_ns = clock_cpu_ns();
    int64_t took_ns;

    judge_case_verdict(made, verdict);
    took_ns = clock_cpu_ns() - before_ns;
    if (took_ns < *least_ns)
        *least_ns = took_ns;
}

/* The least of some rounds is what it costs when nobody disturbs it: what
 * others do to the caches only adds, so that more rounds come nearer. */
static bool grows_evenly(const struct shape *shape)
{
    struct judge_case few = make(shape, FEW);
    struct judge_case many = make(shape, TIMES * FEW);
    int64_t           few_ns = INT64_MAX;
    int64_t           many_ns = INT64_MAX;
    int               rounds = 0;

    do {
        judge_once(&few, &few_ns);
        judge_once(&many, &many_ns);
        rounds++;
    } while (many_ns / TIMES_ALLOWED > few_ns && rounds < ROUNDS_MAX);
    print_message("%s: %d attempts %.1f ms, %d times as many %.1f ms\n",
                  shape->what, FEW, (double)few_ns / NS_PER_MS, TIMES,
                  (double)many_ns / NS_PER_MS);
    judge_case_clear(&few);
    judge_case_clear(&many);
    return many_ns / TIMES_ALLOWED <= few_ns;
}

static void test_effort_grows_with_the_record(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        wrong += !grows_evenly(&shapes[i]);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_effort_grows_with_the_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
