#include "runner/trial/pace.h"

#include "common/alloc.h"
#include "server/wire.h"

#include <inttypes.h>
#include <signal.h>
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
    PACE_MAP(X)
#undef X
};

const char *pace_name(enum pace_kind kind)
{
    return names[kind];
}

bool pace_find(const char *name, enum pace_kind *kind)
{
    for (size_t i = 0; i < PACE_KINDS; i++)
        if (strcmp(name, names[i]) == 0) {
            *kind = (enum pace_kind)i;
            return true;
        }
    return false;
}

static bool may_jump(enum contract contract, struct err *err)
{
    struct wire wire;

    if (contract == CONTRACT_STDIO)
        return err_set(err, ERR_USAGE, "--clock",
                       "found jump with a client of contract stdio, which is "
                       "there for many trials, each on a clock of its own");
    if (!warp_possible(err) || !wire_open(&wire, err))
        return false;
    wire_close(&wire);
    return true;
}

bool pace_choose(const struct pace_wish *wish, enum contract contract,
                 enum pace_kind *kind, struct err *err)
{
    struct err why = {0};

    *kind = wish->best ? PACE_JUMP : wish->kind;
    if (!wish->best)
        return *kind == PACE_REAL || may_jump(contract, err);
    if (may_jump(contract, &why))
        return true;
    *kind = PACE_REAL;
    if (contract != CONTRACT_STDIO)
        fprintf(stderr, "retrial: %s; time runs as it does\n", why.text);
    return true;
}

enum pace_kind pace_of(enum pace_kind kind, const struct plan *plan)
{
    return plan->clock == PLAN_CLOCK_REAL ? PACE_REAL : kind;
}

const char *pace_lacks(enum pace_kind kind, const struct plan *plan)
{
    return plan_clock_lacks(plan, pace_of(kind, plan) == PACE_JUMP
                                      ? PLAN_CLOCK_JUMP
                                      : PLAN_CLOCK_REAL);
}

bool pace_start(struct pace *pace, enum pace_kind kind, struct err *err)
{
    *pace = (struct pace){.began_ns = clock_now_ns(clock_real()),
                          .again_ns = AGAIN_FIRST_NS};
    return kind == PACE_REAL || warp_new(&pace->warp, err);
}

void pace_stop(struct pace *pace)
{
    warp_free(pace->warp);
    alloc_free(pace->leaps);
    pace->warp = NULL;
    pace->leaps = NULL;
    pace->leap_count = 0;
}

const struct clock *pace_clock(const struct pace *pace)
{
    return pace->warp != NULL ? warp_clock(pace->warp) : clock_real();
}

bool pace_watch(const struct pace *pace, struct server *server, struct err *err)
{
    return pace->warp == NULL || server_watch_wire(server, err);
}

bool pace_gate(const struct pace *pace, struct warp_gate *gate, struct err *err)
{
    return pace->warp == NULL || warp_gate_open(gate, err);
}

bool pace_enter(const struct pace *pace, struct warp_gate *gate)
{
    return pace->warp == NULL || warp_enter(gate);
}

bool pace_follow(const struct pace *pace, struct warp_gate *gate, pid_t pid,
                 struct err *err)
{
    return pace->warp == NULL || warp_follow(pace->warp, gate, pid, err);
}

bool pace_reap(const struct pace *pace, pid_t pid, int *status)
{
    if (pace->warp != NULL)
        return warp_ended(pace->warp, pid, status);
    return waitpid(pid, status, WNOHANG) > 0;
}

void pace_await(const struct pace *pace, pid_t pid, int *status)
{
    pace_end(pace);
    if (pace->warp == NULL)
        waitpid(pid, status, 0);
    else
        warp_ended(pace->warp, pid, status);
}

void pace_end(const struct pace *pace)
{
    if (pace->warp != NULL)
        warp_end(pace->warp);
}

void pace_step_wall(const struct pace *pace, int64_t by_ns)
{
    if (pace->warp != NULL)
        warp_step_wall(pace->warp, by_ns);
}

int pace_fd(const struct pace *pace)
{
    return pace->warp != NULL ? warp_fd(pace->warp) : -1;
}

int64_t pace_wait_ns(const struct pace *pace)
{
    int64_t wait_ns;

    if (pace->warp == NULL)
        return -1;
    wait_ns = warp_wait_ns(pace->warp);
    return wait_ns < 0 || pace->again_ns < wait_ns ? pace->again_ns : wait_ns;
}

/* ---- what was jumped ---- */

static void note_leap(struct pace *pace)
{
    if (pace->leap_count == LEAPS_MAX)
        return;
    if (pace->leaps == NULL)
        pace->leaps = alloc_zero(LEAPS_MAX, sizeof pace->leaps[0]);
    pace->leaps[pace->leap_count++] = (struct pace_leap){
        clock_now_ns(warp_clock(pace->warp)), warp_count(pace->warp).jumped_ns};
}

static int64_t jumped_until_ns(const struct pace *pace, int64_t at_ns)
{
    size_t low = 0;
    size_t high = pace->leap_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (pace->leaps[middle].at_ns <= at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? pace->leaps[low - 1].jumped_ns : 0;
}

int64_t pace_real_ns(const struct pace *pace, int64_t from_ns, int64_t to_ns)
{
    return to_ns - from_ns -
           (jumped_until_ns(pace, to_ns) - jumped_until_ns(pace, from_ns));
}

/* ---- the turn ---- */

/* Who must have heard the client before its time may jump. */
struct listeners {
    struct server           *server;
    const struct pace_owner *owner;
};

static bool is_quiet(void *data)
{
    const struct listeners *listeners = data;

    return server_quiet(listeners->server) &&
           listeners->owner->quiet(listeners->owner->data);
}

void pace_turn(struct pace *pace, struct server *server,
               const struct pace_owner *owner, bool stirred)
{
    struct listeners  listeners = {server, owner};
    struct warp_world world = {.data = &listeners,
                               .quiet = is_quiet,
                               .next_ns = server_next_ns(server),
                               .stirred = owner->stirred};
    struct warp_begun begun;

    if (pace->warp == NULL)
        return;
    /* Ours alone: what was forked before keeps its own. */
    if (!pace->punctual)
        prctl(PR_SET_TIMERSLACK, 1);
    pace->punctual = true;
    warp_turn(pace->warp);
    begun = warp_take_begun(pace->warp);
    server_begun(server, begun.count, begun.six);
    if (owner->next_ns < world.next_ns)
        world.next_ns = owner->next_ns;
    /* Also when something was to be done: on a full machine there is always
     * something, if only the metronome's next tick, each time we get to run. */
    if (warp_jump(pace->warp, &world) == WARP_JUMPED) {
        note_leap(pace);
        server_clock_jumped(server);
        pace->again_ns = AGAIN_FIRST_NS;
    } else if (stirred) {
        pace->again_ns = AGAIN_FIRST_NS;
    } else if (pace->again_ns < AGAIN_LAST_NS) {
        pace->again_ns *= 2;
    }
}

void pace_explain(const struct pace *pace, const char *trial)
{
    char              text[WARP_TOLD_MAX];
    struct warp_count count;

    if (pace->warp == NULL)
        return;
    count = warp_count(pace->warp);
    fprintf(stderr,
            "retrial: %s: at its limit after %.3f s, %" PRIu64
            " jumps, %" PRIu64 " looks, %" PRIu64 " stops%s%s\n",
            trial,
            (double)(clock_now_ns(clock_real()) - pace->began_ns) / NS_PER_S,
            count.jumps, count.looks, count.stops,
            warp_trouble(pace->warp) != NULL ? "; " : "",
            warp_trouble(pace->warp) != NULL ? warp_trouble(pace->warp) : "");
    for (size_t i = 0; warp_tell(pace->warp, i, text); i++)
        fprintf(stderr, "retrial: %s: %s\n", trial, text);
    if (pace_tell_ticker(pace, text))
        fprintf(stderr, "retrial: %s: %s\n", trial, text);
}

bool pace_tell_ticker(const struct pace *pace, char text[WARP_TOLD_MAX])
{
    return pace->warp != NULL && warp_tell_ticker(pace->warp, text);
}

const char *pace_aimed(const struct pace *pace)
{
    return pace->warp != NULL ? warp_aimed(pace->warp) : NULL;
}

int64_t pace_jumped_ns(const struct pace *pace)
{
    return pace->warp != NULL ? warp_count(pace->warp).jumped_ns : 0;
}

int64_t pace_bound_ns(const struct pace *pace)
{
    return pace->warp != NULL ? SPENT_NS : INT64_MAX;
}

int64_t pace_spent_ns(const struct pace *pace)
{
    return clock_now_ns(clock_real()) - pace->began_ns;
}

int64_t pace_limit_ns(enum pace_kind kind, int64_t limit_ns)
{
    return kind == PACE_JUMP && limit_ns > SPENT_NS ? SPENT_NS : limit_ns;
}
