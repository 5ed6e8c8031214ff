/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken for a rest, and since when nothing has happened. */

#include "warp/calm.h"
#include "warp/housekeeping.h"
#include "warp/proc_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* As the kernel would have it of HotSpot; in microseconds. */
static const struct {
    const char *name;
    int64_t     number;
    int64_t     span_us;
    bool        rests;
} waits[] = {
    {"VM Thread", SYS_futex, 1000000, true},
    {"VM Thread", SYS_futex, 999950, true},
    {"VM Thread", SYS_futex, 1000001, false},
    {"VM Thread", SYS_futex, 10000, false}, /* it waits for the others */
    {"VM Thread", SYS_futex, 9950, false},
    {"VM Thread", SYS_clock_nanosleep, 1000000, false},
    {"VM Thread", SYS_poll, 1000000, false},
    {"VM Periodic Tas", SYS_futex, 50000, true},
    {"VM Periodic Tas", SYS_futex, -10, true}, /* over when it begins */
    {"VM Periodic Tas", SYS_futex, 6000000, false},
    {"Monitor Deflati", SYS_futex, 250000, true},
    {"Monitor Deflati", SYS_futex, 20000, false},
    {"C2 CompilerThre", SYS_futex, 5000000, true},
    {"C2 CompilerThre", SYS_futex, 100000, false},
    {"Common-Cleaner", SYS_futex, 59999900, true},
    {"Common-Cleaner", SYS_futex, 50000000, false},
    {"ZUncommitter", SYS_futex, 301000000, true},
    {"ZUncommitter#0", SYS_futex, 300000000, true},
    {"HttpClient-7-Se", SYS_epoll_wait, 2999990, true},
    {"HttpClient-7-Se", SYS_epoll_wait, 2000000, false},
};

static void test_only_its_own_rest_is_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        const struct keeper *keeper = housekeeping_find(waits[i].name);
        const struct call    call = {.number = waits[i].number};

        assert_non_null(keeper);
        if (housekeeping_rests(keeper, &call, waits[i].span_us * NS_PER_US) !=
            waits[i].rests)
            fail_msg("%s, call %d, %lld us", waits[i].name,
                     (int)waits[i].number, (long long)waits[i].span_us);
    }
}

static void test_others_are_none(void **state)
{
    static const char *const names[] = {
        "", "java", "VM Thread2", "VM", "VM Th", "HttpClient", "node", "main"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_null(housekeeping_find(names[i]));
    assert_true(housekeeping_is_kept(housekeeping_find("HttpClient-1-Se")));
    assert_false(housekeeping_is_kept(housekeeping_find("VM Thread")));
}

static void test_its_runtime_is_mapped(void **state)
{
    (void)state;
    assert_true(proc_state_has_mapped(getpid(), "libcmocka"));
    assert_false(proc_state_has_mapped(getpid(), "libjvm.so"));
    assert_false(proc_state_has_mapped(0, "libcmocka"));
}

/* One thread rests from 1 to 2 to 3 runs; another is set going in between. */
static void test_calm_lasts_from_rest_to_rest(void **state)
{
    struct calm        calm = {0};
    struct calm_thread keeper = {0};
    struct calm_thread other = {0};

    (void)state;
    calm_see(&calm, &keeper, 1, true);
    assert_false(calm_lasts(&calm, 100, 10));
    assert_false(calm_has_run(&keeper, 1));
    assert_true(calm_has_run(&keeper, 2));
    calm_see(&calm, &keeper, 2, true);
    assert_false(calm_lasts(&calm, 109, 10));
    calm_see(&calm, &keeper, 3, true);
    assert_true(calm_lasts(&calm, 110, 10));
    calm_see(&calm, &other, 1, false);
    assert_false(calm_lasts(&calm, 111, 10));
    assert_true(calm_lasts(&calm, 121, 10));
    calm_see(&calm, &keeper, 4, false); /* it naps */
    assert_false(calm_lasts(&calm, 122, 10));
    calm_see(&calm, &keeper, 5, true); /* and rests: that was no rest */
    assert_false(calm_lasts(&calm, 132, 10));
    calm.stirred = true;
    assert_false(calm_lasts(&calm, 142, 10));
    assert_true(calm_lasts(&calm, 152, 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_its_own_rest_is_one),
        cmocka_unit_test(test_others_are_none),
        cmocka_unit_test(test_its_runtime_is_mapped),
        cmocka_unit_test(test_calm_lasts_from_rest_to_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
