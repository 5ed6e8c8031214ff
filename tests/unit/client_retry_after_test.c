/* SPDX-License-Identifier: Apache-2.0 */
/* Retry-After, value by value. */

#include "client/retry_after.h"
#include "common/clock.h"
#include "common/date.h"
#include "common/rng.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* Sun, 06 Nov 1994 08:49:37 GMT, and most of a second. */
static const int64_t now_s = 784111777;
#define NOW_NS (now_s * NS_PER_S + 700 * NS_PER_MS)

static int64_t seconds_of(const char *value)
{
    int64_t wait_ns = retry_after_ns(&value, 1, NOW_NS, false);

    assert_int_equal(wait_ns % NS_PER_S, 0);
    return wait_ns / NS_PER_S;
}

static void test_values(void **state)
{
    static const struct {
        const char *value;
        int64_t     seconds; /* 0 = as if absent */
    } cases[] = {
        {"1", 1},
        {"120", 120},
        {" 7 ", 7},
        {"\t7", 7},
        {"007", 7},
        {"300", 300},
        {"301", 301}, /* the cap is the policy's */
        {"2147483648", RETRY_AFTER_MAX_S},
        {"9223372036854775807", RETRY_AFTER_MAX_S},
        {"0", 0},
        {"00", 0},
        {"-0", 0},
        {"-1", 0},
        {"-5", 0},
        {"+5", 0},
        {"1.5", 0},
        {"0.5", 0},
        {"5.", 0},
        {"5,10", 0},
        {"5, 10", 0},
        {"1 2", 0},
        {"1e3", 0},
        {"0x10", 0},
        {"120junk", 0},
        {"junk", 0},
        {"", 0},
        {" ", 0},
        {"NaN", 0},
        {"Infinity", 0},
        {"9223372036854775808", 0},
        {"99999999999999999999", 0},
        {"0000000000000000000000000000000000000000000000000000000000000001",
         0}, /* longer than anyone writes */
        {"2099-11-23T00:00:00Z", 0},
        {"Sun, 06 Nov 1994 08:49:40 GMT", 3},
        {"Sunday, 06-Nov-94 08:49:40 GMT", 3},
        {"Sun Nov  6 08:49:40 1994", 3},
        {"Sun, 06 Nov 1994 08:49:38 GMT", 1},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0}, /* now, cut off */
        {"Sun, 06 Nov 1994 08:49:36 GMT", 0},
        {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
        {"Fri, 31 Dec 9999 23:59:59 GMT", RETRY_AFTER_MAX_S},
        {"Sun, 06 Nov 1994 08:49:40 PST", 0},
        {"Sun, 06 Nov 1994 08:49:40", 0},
        {"Sun, 06 Nov 1994 08:49:40 GMT junk", 0},
        {"Sun, 31 Feb 1995 08:49:40 GMT", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (seconds_of(cases[i].value) != cases[i].seconds)
            fail_msg("\"%s\": %lld s, expected %lld s", cases[i].value,
                     (long long)seconds_of(cases[i].value),
                     (long long)cases[i].seconds);
}

static void test_decimals(void **state)
{
    static const struct {
        const char *value;
        int64_t     ns;
        int64_t     ms_ns; /* of a field in ms */
    } cases[] = {
        {"1.5", 3 * NS_PER_S / 2, 1500000},
        {"0.25", NS_PER_S / 4, 250000},
        {".5", NS_PER_S / 2, 500000},
        {"5.", 5 * NS_PER_S, 5000000},
        {"7", 7 * NS_PER_S, 7000000},
        {"1.0000000019", NS_PER_S + 1, 1000000},
        {"0.0", 0, 0},
        {"-1.5", 0, 0},
        {"+1.5", 0, 0},
        {".", 0, 0},
        {"1.5.5", 0, 0},
        {"1.5s", 0, 0},
        {"nan", 0, 0},
        {"inf", 0, 0},
        {"99999999999999999999.5", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(retry_after_ns(&cases[i].value, 1, NOW_NS, true),
                         cases[i].ns);
        assert_int_equal(retry_after_ms_ns(cases[i].value, true),
                         cases[i].ms_ns);
    }
    assert_int_equal(retry_after_ms_ns("1500", false), 1500 * NS_PER_MS);
    assert_int_equal(retry_after_ms_ns("1500.5", false), 0);
    assert_int_equal(retry_after_ms_ns("99999999999", true), 0);
}

static void test_instances(void **state)
{
    const char *same[] = {"7", " 7"};
    const char *differing[] = {"7", "120"};
    const char *half_usable[] = {"7", "junk"};
    const char *junk[] = {"junk", "7"};

    (void)state;
    assert_int_equal(retry_after_ns(NULL, 0, NOW_NS, false), 0);
    assert_int_equal(retry_after_ns(same, 2, NOW_NS, false), 7 * NS_PER_S);
    assert_int_equal(retry_after_ns(differing, 2, NOW_NS, false), 0);
    assert_int_equal(retry_after_ns(half_usable, 2, NOW_NS, false), 0);
    assert_int_equal(retry_after_ns(junk, 2, NOW_NS, false), 0);
}

/* Every form, whatever part of the second it is: never early, and less than
 * a second late. */
static void test_dates_round_up(void **state)
{
    (void)state;
    for (int form = 0; form < DATE_FORM_COUNT; form++)
        for (int64_t ms = 0; ms < 1000; ms += 37) {
            char        text[DATE_TEXT_MAX];
            const char *value =
                date_format(text, (enum date_form)form, now_s + 5);
            int64_t now_ns = now_s * NS_PER_S + ms * NS_PER_MS;
            int64_t at_ns = now_ns + retry_after_ns(&value, 1, now_ns, false);

            assert_in_range(at_ns - (now_s + 5) * NS_PER_S, 0, NS_PER_S - 1);
        }
}

enum { VALUE_MAX = 64, RANDOM_VALUES = 20000, SEED = 20261124, COPIES_MAX = 8 };

/* Any integer, dressed as a header may dress it: the same wait from one and
 * from many copies; none when one copy differs, or one character is wrong. */
static void check_number(struct rng *rng)
{
    static const char *const spaces[] = {"", " ", "\t", "  \t "};
    static const char        wrong[] = "+-.,;:eExX_'\"aZ /";
    int64_t seconds = (int64_t)(rng_next(rng) >> (1 + rng_below(rng, 62)));
    int64_t wait_s = seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S;
    char    text[VALUE_MAX];
    char    spoilt[VALUE_MAX + 4];
    const char *values[COPIES_MAX];
    size_t      copies = 1 + rng_below(rng, COPIES_MAX);
    int         length;

    length = snprintf(
        text, sizeof text, "%s%s%" PRId64 "%s", spaces[rng_below(rng, 4)],
        rng_below(rng, 2) == 0 ? "00" : "", seconds, spaces[rng_below(rng, 4)]);
    for (size_t i = 0; i < copies; i++)
        values[i] = text;
    assert_int_equal(retry_after_ns(values, copies, NOW_NS, false),
                     wait_s * NS_PER_S);
    snprintf(spoilt, sizeof spoilt, "%s%c%s", text,
             wrong[rng_below(rng, sizeof wrong - 1)],
             rng_below(rng, 2) == 0 ? "" : "7");
    values[rng_below(rng, copies)] = spoilt;
    /* A space at the end is no junk. */
    if (spoilt[length] != ' ' || spoilt[length + 1] != '\0')
        assert_int_equal(retry_after_ns(values, copies, NOW_NS, false), 0);
}

/* Any date ahead, in any form, at any part of the second: never early, less
 * than a second late; from now on back, nothing. Of the century rfc850 says
 * nothing, so its dates stay within fifty years. */
static void check_date(struct rng *rng)
{
    enum date_form form = (enum date_form)rng_below(rng, DATE_FORM_COUNT);
    int64_t        ahead_s = (int64_t)rng_below(rng, 20 * 365 * 86400) - 86400;
    int64_t        part_ns = (int64_t)rng_below(rng, NS_PER_S);
    int64_t        late_ns;
    char           text[DATE_TEXT_MAX];
    const char    *value = date_format(text, form, now_s + ahead_s);
    int64_t        wait_ns =
        retry_after_ns(&value, 1, now_s * NS_PER_S + part_ns, false);

    if (ahead_s <= 0) {
        assert_int_equal(wait_ns, 0);
        return;
    }
    if (ahead_s > RETRY_AFTER_MAX_S)
        ahead_s = RETRY_AFTER_MAX_S;
    late_ns = wait_ns + part_ns - ahead_s * NS_PER_S;
    assert_in_range(late_ns, 0, NS_PER_S - 1);
}

static void test_random_values(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, SEED);
    for (int i = 0; i < RANDOM_VALUES; i++) {
        check_number(&rng);
        check_date(&rng);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_instances),
        cmocka_unit_test(test_dates_round_up),
        cmocka_unit_test(test_random_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
