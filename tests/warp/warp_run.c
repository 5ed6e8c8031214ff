/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command under the jumping clock, with no server beside it, and says
 * at the end, on stderr, what it took:
 *   warp_run [--limit REAL_SECONDS] [--step BY_SECONDS AFTER_SECONDS]
 *            COMMAND [ARGUMENT...]
 * --step sets the client's wall clock by so much (from -N to N) that long after
 * it began.
 *   {"virtual_s":43200.001,"real_s":0.2,"jumps":1,"stops":40,"exit":0,
 *    "trouble":"","ticker":"a thread 'sleep' ..."} */

#include "common/clock.h"
#include "common/text.h"
#include "warp/warp.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define AGAIN_FIRST_NS (20 * NS_PER_US)
#define AGAIN_MAX_NS   NS_PER_MS

/* The wall clock is set, once. */
struct step {
    int64_t at_ns; /* the clock's time; WARP_NEVER = it is not */
    int64_t by_ns;
};

static void step_wall(struct warp *warp, struct step *step)
{
    if (step->at_ns > clock_now_ns(warp_clock(warp)))
        return;
    warp_step_wall(warp, step->by_ns);
    step->at_ns = WARP_NEVER;
}

/* Who made time stop, with nothing in it that JSON would mind. */
static const char *ticker(const struct warp *warp, char text[WARP_TOLD_MAX])
{
    if (!warp_tell_ticker(warp, text))
        text[0] = '\0';
    for (char *at = text; *at != '\0'; at++)
        if (*at == '"' || *at == '\\')
            *at = '\'';
    return text;
}

static int run(struct warp *warp, pid_t pid, int64_t limit_ns,
               struct step *step)
{
    int64_t begun_ns = clock_now_ns(clock_real());
    int64_t again_ns = AGAIN_FIRST_NS;
    int     status = 0;

    while (!warp_ended(warp, pid, &status) &&
           clock_now_ns(clock_real()) - begun_ns < limit_ns) {
        struct pollfd   fd = {.fd = warp_fd(warp), .events = POLLIN};
        int64_t         wait_ns = clock_sooner_ns(again_ns, warp_wait_ns(warp));
        struct timespec timeout = {.tv_nsec = wait_ns};
        int             ready = ppoll(&fd, 1, &timeout, NULL);

        struct warp_world world;

        warp_turn(warp);
        step_wall(warp, step);
        world = (struct warp_world){.next_ns = step->at_ns};
        if (ready > 0 || warp_jump(warp, &world) == WARP_JUMPED)
            again_ns = AGAIN_FIRST_NS;
        else if (again_ns < AGAIN_MAX_NS)
            again_ns *= 2;
    }
    if (!warp_ended(warp, pid, &status))
        return 124;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    int64_t           limit_s = 60;
    int64_t           by_s = 0;
    int64_t           after_s = 0;
    struct step       step = {.at_ns = WARP_NEVER};
    struct err        err;
    struct warp      *warp;
    struct warp_gate  gate;
    struct warp_count count;
    int64_t           real_ns = clock_now_ns(clock_real());
    int64_t           virtual_ns;
    pid_t             pid;
    int               code;
    char              told[WARP_TOLD_MAX];

    if (argc > 2 && strcmp(argv[1], "--limit") == 0 &&
        text_to_int(argv[2], 1, 100000, &limit_s)) {
        argc -= 2;
        argv += 2;
    }
    if (argc > 3 && strcmp(argv[1], "--step") == 0 &&
        text_to_int(argv[2], -100000, 100000, &by_s) &&
        text_to_int(argv[3], 1, 100000, &after_s)) {
        argc -= 3;
        argv += 3;
    }
    prctl(PR_SET_TIMERSLACK, 1);
    if (argc < 2 || !warp_new(&warp, &err) || !warp_gate_open(&gate, &err))
        return 2;
    virtual_ns = clock_now_ns(warp_clock(warp));
    if (after_s > 0)
        step = (struct step){virtual_ns + after_s * NS_PER_S, by_s * NS_PER_S};
    if (by_s < 0) /* it must not fall behind the kernel's */
        warp_step_wall(warp, -by_s * NS_PER_S);
    pid = fork();
    if (pid == 0) {
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        if (warp_enter(&gate))
            execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (!warp_follow(warp, &gate, pid, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    code = run(warp, pid, limit_s * NS_PER_S, &step);
    count = warp_count(warp);
    virtual_ns = clock_now_ns(warp_clock(warp)) - virtual_ns;
    real_ns = clock_now_ns(clock_real()) - real_ns;
    fprintf(stderr,
            "{\"virtual_s\":%.6f,\"real_s\":%.6f,\"jumps\":%llu,"
            "\"stops\":%llu,\"exit\":%d,\"trouble\":\"%s\","
            "\"ticker\":\"%s\"}\n",
            (double)virtual_ns / 1e9, (double)real_ns / 1e9,
            (unsigned long long)count.jumps, (unsigned long long)count.stops,
            code, warp_trouble(warp) ? warp_trouble(warp) : "",
            ticker(warp, told));
    warp_free(warp);
    return code;
}
