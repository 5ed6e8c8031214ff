/* SPDX-License-Identifier: Apache-2.0 */
/* The jump: to the next deadline, at a moment when nobody did anything. */

#include "common/clock.h"
#include "warp/due.h"
#include "warp/idle.h"
#include "warp/state.h"

#include "common/alloc.h"

#include <assert.h>

/* What idle_next asks, of this warp and the world around it. */
struct view {
    struct warp             *warp;
    const struct warp_world *world;
};

static uint64_t view_runs(void *data, size_t index)
{
    struct view *view = data;
    uint64_t runs = proc_state_runs(&view->warp->threads.items[index]->proc);

    assert(index < view->warp->threads.count);
    if (runs == 0)
        view->warp->lost = true;
    return runs;
}

/* Others of its process are left. */
static bool has_company(struct warp *warp, const struct thread *thread)
{
    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i] != thread &&
            thread_group(warp->threads.items[i]) == thread->tid)
            return true;
    return false;
}

/* A leader may end while other threads go on: the process lives, and nobody
 * hears of the leader's end. Any other end is an event that is under way: we,
 * and then its parent, are about to be told. */
static bool note_awake_or_ended(struct warp *warp, struct thread *thread)
{
    warp->awake = thread->tid;
    if (!proc_state_ended(&thread->proc))
        return false;
    if (has_company(warp, thread))
        return true;
    warp->untold = true;
    return false;
}

static bool view_asleep(void *data, size_t index)
{
    struct view   *view = data;
    struct thread *thread = view->warp->threads.items[index];

    return proc_state_asleep(&thread->proc) ||
           note_awake_or_ended(view->warp, thread);
}

static bool view_still_asleep(void *data, size_t index)
{
    struct view   *view = data;
    struct thread *thread = view->warp->threads.items[index];

    return proc_state_still_asleep(&thread->proc) ||
           note_awake_or_ended(view->warp, thread);
}

static bool view_quiet(void *data)
{
    struct view *view = data;

    return view->world->quiet == NULL || view->world->quiet(view->world->data);
}

/* Who was awake when all were looked at last, is looked at first: it is so most
 * often. */
static bool find_awake(struct warp *warp)
{
    struct thread *thread =
        warp->awake != 0 ? threads_find(&warp->threads, warp->awake) : NULL;

    if (thread != NULL && proc_state_runs_now(&thread->proc))
        return true;
    warp->awake = 0;
    return false;
}

/* All threads sleep. Those that sleep in a call which their socket's timeout
 * will end are noted now, once: a thread that has not run since is still in
 * the same wait. */
static void find_socket_waits(struct warp *warp)
{
    struct call call;
    struct wait wait;

    for (size_t i = 0;
         warp->socket_timeouts.count > 0 && i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (thread->wait.kind != NULL &&
            thread->wait.runs == thread->proc.slept_at)
            continue;
        if (!proc_state_call(&thread->proc, &call) ||
            !socket_timeouts_wait(&warp->socket_timeouts, thread_group(thread),
                                  &call, warp_clock(warp), &wait))
            continue;
        thread->wait = wait;
        thread->wait.runs = thread->proc.slept_at;
        thread->rests = false;
    }
}

/* It is the moment at which nobody did anything: who has been set going since
 * the last one, and whether that was from one rest to the next. */
static bool is_calm(struct warp *warp)
{
    for (size_t i = 0; i < warp->threads.count; i++) {
        struct thread *thread = warp->threads.items[i];

        if (calm_has_run(&thread->calm, warp->runs[i]))
            calm_see(&warp->calm, &thread->calm, warp->runs[i],
                     thread->rests && thread_check_wait(thread));
    }
    return calm_lasts(&warp->calm, state_now_ns(warp), CALM_NS);
}

static bool is_passed_over(const struct thread *thread, bool calm)
{
    assert(!thread->rests || thread->keeper != NULL);
    return calm && thread->rests && !housekeeping_is_kept(thread->keeper);
}

/* The earliest deadline of a wait that is still waited. */
static int64_t next_deadline_ns(struct warp *warp, bool calm)
{
    for (;;) {
        struct thread *first = NULL;

        warp->rest_ns = WARP_NEVER;
        for (size_t i = 0; i < warp->threads.count; i++) {
            struct thread *thread = warp->threads.items[i];
            int64_t        deadline_ns = thread->wait.deadline_ns;

            if (thread->wait.kind == NULL)
                continue;
            if (is_passed_over(thread, calm))
                warp->rest_ns = clock_earlier_ns(warp->rest_ns, deadline_ns);
            else if (first == NULL || deadline_ns < first->wait.deadline_ns)
                first = thread;
        }
        warp->first = first;
        if (first == NULL)
            return WARP_NEVER;
        if (thread_check_wait(first))
            return first->wait.deadline_ns;
        if (first->wait.kind != NULL)
            return 0; /* it woke just now */
    }
}

static int64_t view_next_ns(void *data)
{
    struct view *view = data;

    find_socket_waits(view->warp);
    return next_deadline_ns(view->warp, is_calm(view->warp));
}

/* False: somebody is awake, or time may not jump at all. */
static bool find_next(struct warp *warp, const struct idle_world *idle,
                      int64_t *next_ns)
{
    if (warp->threads.count == 0 || warp->set_going || warp->trouble != NULL)
        return false;
    warp->count.looks++;
    for (size_t i = 0; i < warp->threads.count; i++)
        if (warp->threads.items[i]->interrupted)
            return false;
    if (find_awake(warp))
        return false;
    if (warp->runs_capacity < warp->threads.count) {
        warp->runs_capacity = warp->threads.count;
        warp->runs =
            alloc_grow(warp->runs, warp->runs_capacity, sizeof warp->runs[0]);
    }
    return idle_next(idle, warp->runs, next_ns);
}

static void move_clock(struct warp *warp, int64_t by_ns)
{
    assert(by_ns > 0);
    warp->vdso.shift->monotonic_ns += by_ns;
    warp->vdso.shift->wall_ns += by_ns;
    warp->count.jumps++;
    warp->count.jumped_ns += by_ns;
    client_timers_jumped(&warp->timers);
    for (size_t i = 0; i < warp->threads.count; i++)
        warp->threads.items[i]->wait.late = true;
}

static void note_tick(struct ticker *ticker, struct thread *thread)
{
    assert(thread->wait.kind != NULL);
    if (++thread->ticks <= ticker->ticks)
        return;
    if (ticker->tid != thread->tid)
        proc_state_name(thread->tid, ticker->name);
    ticker->tid = thread->tid;
    ticker->wait = thread->wait;
    ticker->ticks = thread->ticks;
}

enum warp_outcome warp_jump(struct warp *warp, const struct warp_world *world)
{
    struct view       view = {warp, world};
    struct idle_world idle = {.data = &view,
                              .count = warp->threads.count,
                              .runs = view_runs,
                              .asleep = view_asleep,
                              .still_asleep = view_still_asleep,
                              .quiet = view_quiet,
                              .next_ns = view_next_ns};
    int64_t           next_ns;
    int64_t           now;
    int64_t           by_ns;

    if (world->stirred)
        warp->calm.stirred = true;
    client_timers_settle(&warp->timers, state_now_ns(warp));
    if (!find_next(warp, &idle, &next_ns))
        return WARP_BUSY;
    next_ns =
        clock_earlier_ns(next_ns, client_timers_next_ns(&warp->timers, false));
    next_ns = clock_earlier_ns(next_ns, world->next_ns);
    if (next_ns == WARP_NEVER)
        return WARP_RESTING;
    now = state_now_ns(warp);
    by_ns = next_ns - now;
    /* Who has a rest behind it is about to be awake. */
    if (by_ns <= 0 || warp->rest_ns <= now)
        return WARP_DUE;
    if (next_ns == world->next_ns)
        warp->calm.stirred = true; /* they have something to do now */
    else if (warp->first != NULL && next_ns == warp->first->wait.deadline_ns)
        note_tick(&warp->ticker, warp->first);
    move_clock(warp, by_ns);
    due_end(warp);
    return WARP_JUMPED;
}
