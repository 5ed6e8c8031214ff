/* Retry-After, value by value. */

#include "client/retry_after.h"
#include "common/clock.h"
#include "common/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Sun, 06 Nov 1994 08:49:37 GMT, and most of a second. */
static const int64_t now_s = 784111777;
#define NOW_NS (now_s * NS_PER_S + 700 * NS_PER_MS)

static int64_t seconds_of(const char *value)
{
    int64_t wait_ns = retry_after_ns(&value, 1, NOW_NS);

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

static void test_instances(void **state)
{
    const char *same[] = {"7", " 7"};
    const char *differing[] = {"7", "120"};
    const char *half_usable[] = {"7", "junk"};
    const char *junk[] = {"junk", "7"};

    (void)state;
    assert_int_equal(retry_after_ns(NULL, 0, NOW_NS), 0);
    assert_int_equal(retry_after_ns(same, 2, NOW_NS), 7 * NS_PER_S);
    assert_int_equal(retry_after_ns(differing, 2, NOW_NS), 0);
    assert_int_equal(retry_after_ns(half_usable, 2, NOW_NS), 0);
    assert_int_equal(retry_after_ns(junk, 2, NOW_NS), 0);
}

/* Every form, whatever part of the second it is: never early, and less than
 * a second late. */
static void test_dates_round_up(void **state)
{
    (void)state;
    for (int form = 0; form < DATE_FORM_COUNT; form++)
        for (int64_t ms = 0; ms < 1000; ms += 37) {
            char        text[DATE_TEXT_MAX];
            const char *value = date_format(text, (enum date_form)form,
                                            now_s + 5);
            int64_t     now_ns = now_s * NS_PER_S + ms * NS_PER_MS;
            int64_t     at_ns = now_ns + retry_after_ns(&value, 1, now_ns);

            assert_in_range(at_ns - (now_s + 5) * NS_PER_S, 0, NS_PER_S - 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_instances),
        cmocka_unit_test(test_dates_round_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
