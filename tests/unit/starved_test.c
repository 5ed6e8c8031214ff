/* SPDX-License-Identifier: Apache-2.0 */
/* Two processes that both want the same processor: each waits while the other
 * runs, and that is seen, whatever else this machine is doing. Bounds from
 * below, and the time that went by. */

#include "common/clock.h"
#include "runner/trial/starved.h"

#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LOOKS = 4, RIVALS = 2 };

static const struct starved_setup nobody = {.with_us = false};

static pid_t start_rival(bool works)
{
    const size_t processor = (size_t)sched_getcpu();
    cpu_set_t    one;
    pid_t        pid;

    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sched_setaffinity(0, sizeof one, &one);
    while (works)
        continue;
    for (;;)
        pause();
}

/* What is seen of two of them; *passed_ns is how long they were looked at. */
static struct noise look_at_rivals(bool work, int64_t *passed_ns)
{
    struct starved starved;
    struct noise   noise = {.ticks = 1};
    pid_t          rivals[RIVALS];
    int64_t        began_ns = clock_now_ns(clock_real());

    for (int i = 0; i < RIVALS; i++)
        rivals[i] = start_rival(work);
    starved_start(&starved, &nobody);
    for (int i = 0; i < LOOKS; i++) {
        int64_t left_ns = starved_due_ns(&starved) - clock_now_ns(clock_real());

        poll(NULL, 0, left_ns > 0 ? (int)(left_ns / NS_PER_MS) + 1 : 0);
        starved_turn(&starved, NULL, 0);
    }
    *passed_ns = clock_now_ns(clock_real()) - began_ns;
    starved_read(&starved, &noise);
    starved_stop(&starved);
    for (int i = 0; i < RIVALS; i++) {
        kill(rivals[i], SIGKILL);
        waitpid(rivals[i], NULL, 0);
    }
    return noise;
}

static void a_wait_for_a_processor_is_seen(void **state)
{
    int64_t      passed_ns;
    struct noise noise = look_at_rivals(true, &passed_ns);

    (void)state;
    /* One of two has to wait half of the time at least. */
    assert_true(noise.starved_ns >= passed_ns / 4);
    assert_true(noise.starved_ns <= passed_ns);
    assert_true(noise.idle_ns <= passed_ns - noise.starved_ns);
    assert_true(noise.starved_most_ns > 0);
    assert_true(noise.starved_most_ns <= noise.starved_ns);
    assert_true(noise_bound_ns(&noise) == noise.starved_most_ns);
    assert_true(noise_stretch_ns(&noise) == noise.starved_ns);
}

/* On this machine, at this moment: it may wait, but not as long. */
static void who_sleeps_waits_for_none(void **state)
{
    int64_t      passed_ns;
    struct noise idle = look_at_rivals(false, &passed_ns);

    (void)state;
    assert_true(idle.starved_ns <= passed_ns);
    assert_true(idle.idle_ns > 0);
}

static void a_look_has_its_time(void **state)
{
    struct starved starved;

    (void)state;
    starved_start(&starved, &nobody);
    starved_turn(&starved, NULL, 0);
    assert_int_equal(starved.count, 0);
    starved_stop(&starved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_for_a_processor_is_seen),
        cmocka_unit_test(who_sleeps_waits_for_none),
        cmocka_unit_test(a_look_has_its_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
