/* SPDX-License-Identifier: Apache-2.0 */
/* The control exchange: both legs are measured, and what stops either side is
 * seen in the leg that it stopped. Bounds from below only: this machine may be
 * as busy as it likes. */

#include "common/clock.h"
#include "runner/trial/metronome.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { STOP_MS = 60, PATIENCE_MS = 20000 };

static struct metronome *started(void)
{
    struct metronome *metronome = NULL;
    struct err        err = {0};

    assert_true(metronome_start(&metronome, clock_real(), &err));
    return metronome;
}

static struct noise measured(const struct metronome *metronome)
{
    struct noise noise;

    metronome_read(metronome, &noise);
    return noise;
}

static void await_beat(const struct metronome *metronome)
{
    struct pollfd fd = {.fd = metronome_fd(metronome), .events = POLLIN};

    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
}

static void pass_ms(int ms)
{
    poll(NULL, 0, ms);
}

static void check_leg(const struct noise_leg *leg)
{
    assert_true(leg->p50_ns > 0);
    assert_true(leg->p50_ns <= leg->p999_ns);
    assert_true(leg->p999_ns <= leg->max_ns);
}

static void both_legs_are_measured(void **state)
{
    struct metronome *metronome = started();
    struct noise      noise;

    (void)state;
    for (int i = 0; i < 20; i++) {
        await_beat(metronome);
        metronome_turn(metronome);
    }
    noise = measured(metronome);
    assert_true(noise.ticks >= 20);
    check_leg(&noise.late);
    check_leg(&noise.answer);
    check_leg(&noise.beat);
    assert_true(noise.late.max_ns >= noise.answer.max_ns);
    assert_true(noise.late.max_ns >= noise.beat.max_ns);
    assert_int_equal(noise_bound_ns(&noise), noise.late.p999_ns);
    metronome_stop(metronome);
}

/* The beats go on while nobody answers: each of them was late, and not only
 * the first. */
static void a_busy_loop_is_seen_in_the_beats(void **state)
{
    struct metronome *metronome = started();
    struct noise      noise;

    (void)state;
    await_beat(metronome);
    pass_ms(STOP_MS);
    metronome_turn(metronome);
    noise = measured(metronome);
    assert_true(noise.beat.max_ns >= STOP_MS * NS_PER_MS);
    assert_true(noise.ticks >= 2);
    assert_int_equal(noise.answer.max_ns, 0);
    metronome_stop(metronome);
}

/* The only child of this process. */
static pid_t ticking_process(void)
{
    char  path[64];
    char  text[32] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    file = fopen(path, "r");
    if (file == NULL)
        return -1;
    if (fgets(text, sizeof text, file) == NULL)
        text[0] = '\0';
    fclose(file);
    return (pid_t)strtol(text, NULL, 10);
}

/* An answer that comes to a process which cannot run is late by as much as it
 * could not. */
static void a_late_waking_is_seen_in_the_answers(void **state)
{
    struct metronome *metronome = started();
    pid_t             pid = ticking_process();
    struct noise      noise;
    int               status;

    (void)state;
    if (pid <= 0) {
        metronome_stop(metronome);
        skip(); /* a kernel without CONFIG_PROC_CHILDREN */
    }
    await_beat(metronome);
    assert_int_equal(kill(pid, SIGSTOP), 0);
    assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
    metronome_turn(metronome); /* the answer goes out */
    pass_ms(STOP_MS);
    noise = measured(metronome);
    assert_int_equal(noise.answer.max_ns, 0);
    assert_int_equal(kill(pid, SIGCONT), 0);
    while (noise.answer.max_ns == 0) {
        await_beat(metronome);
        metronome_turn(metronome);
        noise = measured(metronome);
    }
    assert_true(noise.answer.max_ns >= STOP_MS * NS_PER_MS);
    assert_true(noise_bound_ns(&noise) >= STOP_MS * NS_PER_MS);
    metronome_stop(metronome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_legs_are_measured),
        cmocka_unit_test(a_busy_loop_is_seen_in_the_beats),
        cmocka_unit_test(a_late_waking_is_seen_in_the_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
