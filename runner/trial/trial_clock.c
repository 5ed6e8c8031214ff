/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/trial_clock.h"

#include "common/alloc.h"
#include "runner/trial/contract.h"
#include "server/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* A client that never rests (it polls a clock, say) would keep time from
 * jumping: that long it may try. */
#define SPENT_NS (120 * NS_PER_S)

/* While somebody is busy a jump is tried again, at first very soon: nobody
 * tells us when a thread has gone to sleep. */
#define AGAIN_FIRST_NS (20 * NS_PER_US)
#define AGAIN_LAST_NS  NS_PER_MS

/* As many jumps are remembered: those of 43,200 s of polls by the second are
 * (16 bytes each, of which what is not written costs nothing). */
enum { LEAPS_MAX = 1 << 18 };

static const char *const names[] = {
#define X(kind, name, meaning) name,
    TRIAL_CLOCK_MAP(X)
#undef X
};

const char *trial_clock_name(enum trial_clock_kind kind)
{
    assert(kind < TRIAL_CLOCK_KINDS);
    return names[kind];
}

bool trial_clock_find(const char *name, enum trial_clock_kind *kind)
{
    for (size_t i = 0; i < TRIAL_CLOCK_KINDS; i++)
        if (strcmp(name, names[i]) == 0) {
            *kind = (enum trial_clock_kind)i;
            return true;
        }
    return false;
}

static bool may_jump(const struct contract *contract, struct err *err)
{
    struct wire wire;

    if (contract->lives_on)
        return err_set(err, ERR_USAGE, "--clock",
                       "found jump with a client of contract %s, which is "
                       "there for many trials, each on a clock of its own",
                       contract->name);
    if (!warp_possible(err) || !wire_open(&wire, err))
        return false;
    wire_close(&wire);
    return true;
}

bool trial_clock_choose(const struct trial_clock_wish *wish,
                        const struct contract         *contract,
                        enum trial_clock_kind *kind, struct err *err)
{
    struct err why = {0};

    *kind = wish->best ? TRIAL_CLOCK_JUMP : wish->kind;
    if (!wish->best)
        return *kind == TRIAL_CLOCK_REAL || may_jump(contract, err);
    if (may_jump(contract, &why))
        return true;
    *kind = TRIAL_CLOCK_REAL;
    if (!contract->lives_on)
        fprintf(stderr, "retrial: %s; time runs as it does\n", why.text);
    return true;
}

enum trial_clock_kind trial_clock_of(enum trial_clock_kind kind,
                                     const struct plan    *plan)
{
    return plan->clock == PLAN_CLOCK_REAL ? TRIAL_CLOCK_REAL : kind;
}

const char *trial_clock_lacks(enum trial_clock_kind kind,
                              const struct plan    *plan)
{
    return plan_clock_lacks(plan, trial_clock_of(kind, plan) == TRIAL_CLOCK_JUMP
                                      ? PLAN_CLOCK_JUMP
                                      : PLAN_CLOCK_REAL);
}

bool trial_clock_start(struct trial_clock   *trial_clock,
                       enum trial_clock_kind kind, struct err *err)
{
    assert(kind < TRIAL_CLOCK_KINDS);
    *trial_clock = (struct trial_clock){.began_ns = clock_now_ns(clock_real()),
                                        .again_ns = AGAIN_FIRST_NS};
    return kind == TRIAL_CLOCK_REAL || warp_new(&trial_clock->warp, err);
}

void trial_clock_stop(struct trial_clock *trial_clock)
{
    warp_free(trial_clock->warp);
    alloc_free(trial_clock->leaps);
    trial_clock->warp = NULL;
    trial_clock->leaps = NULL;
    trial_clock->leap_count = 0;
}

const struct clock *trial_clock_clock(const struct trial_clock *trial_clock)
{
    return trial_clock->warp != NULL ? warp_clock(trial_clock->warp)
                                     : clock_real();
}

bool trial_clock_reap(const struct trial_clock *trial_clock, pid_t pid,
                      int *status)
{
    if (trial_clock->warp != NULL)
        return warp_ended(trial_clock->warp, pid, status);
    return waitpid(pid, status, WNOHANG) > 0;
}

void trial_clock_await(const struct trial_clock *trial_clock, pid_t pid,
                       int *status)
{
    trial_clock_end(trial_clock);
    if (trial_clock->warp == NULL)
        waitpid(pid, status, 0);
    else
        warp_ended(trial_clock->warp, pid, status);
}

void trial_clock_end(const struct trial_clock *trial_clock)
{
    if (trial_clock->warp != NULL)
        warp_end(trial_clock->warp);
}

void trial_clock_step_wall(const struct trial_clock *trial_clock, int64_t by_ns)
{
    if (trial_clock->warp != NULL)
        warp_step_wall(trial_clock->warp, by_ns);
}

int trial_clock_fd(const struct trial_clock *trial_clock)
{
    return trial_clock->warp != NULL ? warp_fd(trial_clock->warp) : -1;
}

int64_t trial_clock_wait_ns(const struct trial_clock *trial_clock)
{
    int64_t wait_ns;

    if (trial_clock->warp == NULL)
        return -1;
    wait_ns = warp_wait_ns(trial_clock->warp);
    return wait_ns < 0 || trial_clock->again_ns < wait_ns
               ? trial_clock->again_ns
               : wait_ns;
}

/* ---- what was jumped ---- */

static void note_leap(struct trial_clock *trial_clock)
{
    if (trial_clock->leap_count == LEAPS_MAX)
        return;
    if (trial_clock->leaps == NULL)
        trial_clock->leaps =
            alloc_zero(LEAPS_MAX, sizeof trial_clock->leaps[0]);
    trial_clock->leaps[trial_clock->leap_count++] =
        (struct trial_clock_leap){clock_now_ns(warp_clock(trial_clock->warp)),
                                  warp_count(trial_clock->warp).jumped_ns};
}

static int64_t jumped_until_ns(const struct trial_clock *trial_clock,
                               int64_t                   at_ns)
{
    size_t low = 0;
    size_t high = trial_clock->leap_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (trial_clock->leaps[middle].at_ns <= at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? trial_clock->leaps[low - 1].jumped_ns : 0;
}

int64_t trial_clock_real_ns(const struct trial_clock *trial_clock,
                            int64_t from_ns, int64_t to_ns)
{
    return to_ns - from_ns -
           (jumped_until_ns(trial_clock, to_ns) -
            jumped_until_ns(trial_clock, from_ns));
}

/* ---- the turn ---- */

/* Who must have heard the client before its time may jump. */
struct listeners {
    struct server                  *server;
    const struct trial_clock_owner *owner;
};

static bool is_quiet(void *data)
{
    const struct listeners *listeners = data;

    return server_quiet(listeners->server) &&
           listeners->owner->quiet(listeners->owner->data);
}

void trial_clock_turn(struct trial_clock *trial_clock, struct server *server,
                      const struct trial_clock_owner *owner, bool stirred)
{
    struct listeners  listeners = {server, owner};
    struct warp_world world = {.data = &listeners,
                               .quiet = is_quiet,
                               .next_ns = server_next_ns(server),
                               .stirred = owner->stirred};
    struct warp_begun begun;

    if (trial_clock->warp == NULL)
        return;
    /* Ours alone: what was forked before keeps its own. */
    if (!trial_clock->punctual)
        prctl(PR_SET_TIMERSLACK, 1);
    trial_clock->punctual = true;
    warp_turn(trial_clock->warp);
    begun = warp_take_begun(trial_clock->warp);
    server_begun(server, begun.count, begun.ipv6);
    if (owner->next_ns < world.next_ns)
        world.next_ns = owner->next_ns;
    /* Also when something was to be done: on a full machine there is always
     * something, if only the metronome's next tick, each time we get to run. */
    if (warp_jump(trial_clock->warp, &world) == WARP_JUMPED) {
        note_leap(trial_clock);
        server_clock_jumped(server);
        trial_clock->again_ns = AGAIN_FIRST_NS;
    } else if (stirred) {
        trial_clock->again_ns = AGAIN_FIRST_NS;
    } else if (trial_clock->again_ns < AGAIN_LAST_NS) {
        trial_clock->again_ns *= 2;
    }
}

void trial_clock_explain(const struct trial_clock *trial_clock,
                         const char               *trial)
{
    char              text[WARP_TOLD_MAX];
    struct warp_count count;

    if (trial_clock->warp == NULL)
        return;
    count = warp_count(trial_clock->warp);
    fprintf(stderr,
            "retrial: %s: at its limit after %.3f s, %" PRIu64
            " jumps, %" PRIu64 " looks, %" PRIu64 " stops%s%s\n",
            trial,
            (double)(clock_now_ns(clock_real()) - trial_clock->began_ns) /
                NS_PER_S,
            count.jumps, count.looks, count.stops,
            warp_trouble(trial_clock->warp) != NULL ? "; " : "",
            warp_trouble(trial_clock->warp) != NULL
                ? warp_trouble(trial_clock->warp)
                : "");
    for (size_t i = 0; warp_tell(trial_clock->warp, i, text); i++)
        fprintf(stderr, "retrial: %s: %s\n", trial, text);
    if (trial_clock_tell_ticker(trial_clock, text))
        fprintf(stderr, "retrial: %s: %s\n", trial, text);
}

bool trial_clock_tell_ticker(const struct trial_clock *trial_clock,
                             char                      text[WARP_TOLD_MAX])
{
    return trial_clock->warp != NULL &&
           warp_tell_ticker(trial_clock->warp, text);
}

int64_t trial_clock_jumped_ns(const struct trial_clock *trial_clock)
{
    return trial_clock->warp != NULL ? warp_count(trial_clock->warp).jumped_ns
                                     : 0;
}

int64_t trial_clock_bound_ns(const struct trial_clock *trial_clock)
{
    return trial_clock->warp != NULL ? SPENT_NS : INT64_MAX;
}

int64_t trial_clock_spent_ns(const struct trial_clock *trial_clock)
{
    return clock_now_ns(clock_real()) - trial_clock->began_ns;
}

int64_t trial_clock_limit_ns(enum trial_clock_kind kind, int64_t limit_ns)
{
    return kind == TRIAL_CLOCK_JUMP && limit_ns > SPENT_NS ? SPENT_NS
                                                           : limit_ns;
}
