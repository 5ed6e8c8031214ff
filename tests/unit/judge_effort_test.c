/* SPDX-License-Identifier: Apache-2.0 */
/* A client that runs wild fills a record with tens of thousands of attempts,
 * and is to hear of it before long: whatever its record looks like, judging
 * four times as many attempts costs about four times as much, and not sixteen
 * times. (Each attempt used to look through all others for faults: 100,000 of
 * them took minutes.) */

#include "judge_case.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    FEW = 2500,
    TIMES = 4,
    TIMES_ALLOWED = 5, /* a logarithm grows, too; squares would be 16 */
    EVENTS = 100,
};

/* The i-th attempt of a shape, from its time on. */
struct shape {
    const char *what;
    const char *format; /* of "at": the time in s, the event, the count */
    bool        one_event;
    unsigned    turns; /* as many times each of very many events comes, when all
                        * others have come; 0 = there are EVENTS */
    const char *lines[2]; /* of the case, beside its attempts */
    const char *token; /* before each other attempt: the time in s */
};

#define ONE_WORKER {"given workers=1", "profile gate=all"}

static const struct shape shapes[] = {
    {"a new batch each time", .format = "%.3f %u count=- -> 200"},
    {"one batch over and over", .format = "%.3f %u count=%u -> 503",
     .one_event = true},
    {"all batches over and over", .format = "%.3f %u count=%u -> 503"},
    {"one batch that is rate-limited", .format = "%.3f %u count=%u -> 429 ra=0",
     .one_event = true},
    {"all batches rate-limited", .format = "%.3f %u count=%u -> 429 ra=1"},
    {"connections that die idle", .format = "%.3f %u count=%u -> reset-idle"},
    {"requests that are cut off",
     .format = "%.3f %u count=%u -> reset-in-body"},
    {"answers that are cut off", .format = "%.3f %u count=%u -> cut-body",
     .one_event = true},
    {"answers that never come", .format = "%.3f %u count=%u -> hang gone=90",
     .one_event = true},
    {"bodies that are no JSON", .format = "%.3f %u body=x count=- -> 200"},
    {"very many batches, each twice", .format = "%.3f %u count=- -> 503",
     .turns = 2},
    {"very many batches, rate-limited", .format = "%.3f %u count=- -> 429 ra=1",
     .turns = 2},
    {"very many batches, over and over", .format = "%.3f %u count=- -> 503",
     .turns = 8},
    {"very many batches waiting", .format = "%.3f %u count=- -> 429 ra=100",
     .turns = 2, .lines = ONE_WORKER},
    {"very many batches waiting, in vain",
     .format = "%.3f %u count=- -> 429 ra=1", .turns = 2, .lines = ONE_WORKER},
    {"tokens that end at once", .format = "%.3f %u count=- auth=token-1 -> 200",
     .lines = {"given oauth"}, .token = "token %.3f -> 200 life=0.001"},
    {"tokens that nobody uses", .format = "%.3f %u count=- auth=token-1 -> 200",
     .lines = {"given oauth"}, .token = "token %.3f -> 200"},
    {"tokens that are not given", .format = "%.3f %u count=- -> 200",
     .lines = {"given oauth"}, .token = "token %.3f -> 503"},
    {"tokens that are refused", .format = "%.3f %u count=- auth=token-1 -> 401",
     .lines = {"given oauth"}, .token = "token %.3f -> 200 life=0.001"},
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
static void add_attempt(struct judge_case *made, const struct shape *shape,
                        unsigned i, unsigned attempts)
{
    unsigned events = shape->turns > 0 ? attempts / shape->turns : EVENTS;
    unsigned event = shape->one_event ? 1 : i % events + 1;
    unsigned count = shape->one_event ? i : i / EVENTS;
    char     line[CASE_TEXT_MAX];

    if (shape->token != NULL && i % 2 == 0) {
        snprintf(line, sizeof line, shape->token, 0.001 * i);
        judge_case_line(made, line);
        return;
    }
    snprintf(line, sizeof line, shape->format, 0.001 * i, event,
             count > 0 ? count : 1);
    judge_case_at(made, line);
}
#pragma GCC diagnostic pop

static struct judge_case make(const struct shape *shape, unsigned attempts)
{
    struct judge_case made = judge_case_new(shape->what, EVENTS);

    for (int i = 0; i < 2 && shape->lines[i] != NULL; i++)
        judge_case_line(&made, shape->lines[i]);
    for (unsigned i = 0; i < attempts; i++)
        add_attempt(&made, shape, i, attempts);
    judge_case_line(&made, "end timed-out 90");
    return made;
}

/* Blocks of code that were run: what judges is built so that each of them calls
 * this. A time would say how busy the machine is, too. */
static uint64_t blocks;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    blocks++;
}

static uint64_t blocks_to_judge(const struct shape *shape, unsigned attempts)
{
    struct judge_case made = make(shape, attempts);
    char              verdict[CASE_TEXT_MAX];
    uint64_t          before = blocks;
    uint64_t          took;

    judge_case_verdict(&made, verdict);
    took = blocks - before;
    judge_case_clear(&made);
    return took;
}

static bool grows_evenly(const struct shape *shape)
{
    uint64_t few = blocks_to_judge(shape, FEW);
    uint64_t many = blocks_to_judge(shape, TIMES * FEW);
    double   times = (double)many / (double)few;

    print_message("%s: %d attempts take %" PRIu64 " blocks, %d times as many "
                  "%.2f times that\n",
                  shape->what, FEW, few, TIMES, times);
    return few > FEW && times <= TIMES_ALLOWED;
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
