/* SPDX-License-Identifier: Apache-2.0 */
/* Every order of events of a small world, against warp/idle.c and warp/calm.c.
 *
 * Two client threads run short programs (send, await an answer, wake the
 * other, park, for some time or for ever, nap), packets travel both ways, real
 * time passes, and all of this goes on, in every possible order, before and
 * between the single looks of idle_next. Whenever it says how far the clock may
 * jump, and that is ahead, nobody may be awake, nothing under way, and nobody's
 * time may come before: a clock that jumped then could not have made a false
 * timeout.
 *
 * One of the two may keep house: it rests, looks whether something was asked of
 * it, which nobody wakes it for, and rests again or does it, with naps of its
 * own. Its rest may be passed over, unless it would find something. Another
 * takes naps until the clock shows some time, and would find that it slept
 * long.
 *
 * The same walk finds the mistake in rules that leave one look or one question
 * out. */

#include "warp/calm.h"
#include "warp/idle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 2, OPS_MAX = 4, CHOICES_MAX = 256, SEEN_MAX = 1 << 23 };

/* Time goes from 0 to TIME_MAX by itself; the server has a timer far ahead. */
enum { TIME_MAX = 3, SERVER_DUE = 7 };

/* So long nothing has happened when a rest may be passed over: longer than any
 * rest here. */
enum { CALM_SPAN = 3 };

/* OP_LOOK and OP_UNTIL may go back to where they were before. */
enum op {
    OP_END,
    OP_SEND,
    OP_AWAIT,
    OP_WAKE,
    OP_PARK,
    OP_PARK_FOR,
    OP_NAP,
    OP_REST,  /* a housekeeper's, recognised by its span */
    OP_LOOK,  /* whether something was asked of it */
    OP_ASK,   /* of a housekeeper, and nobody is woken */
    OP_UNTIL, /* whether the clock shows a late time */
};

static const enum op programs[][OPS_MAX] = {
    {OP_SEND, OP_AWAIT, OP_END},
    {OP_PARK, OP_SEND, OP_AWAIT, OP_END},
    {OP_WAKE, OP_PARK, OP_END},
    {OP_AWAIT, OP_WAKE, OP_PARK, OP_END},
    {OP_PARK, OP_WAKE, OP_PARK, OP_END},
    {OP_AWAIT, OP_END},
    {OP_NAP, OP_WAKE, OP_PARK, OP_END},
    {OP_NAP, OP_UNTIL, OP_SEND, OP_END},
    {OP_PARK_FOR, OP_SEND, OP_AWAIT, OP_END},
    {OP_PARK_FOR, OP_NAP, OP_END},
    {OP_AWAIT, OP_ASK, OP_PARK, OP_END},
    {OP_REST, OP_LOOK, OP_NAP, OP_END},
    {OP_NAP, OP_WAKE, OP_REST, OP_END},
};

/* The last are of threads that keep house. */
enum {
    PROGRAMS = sizeof programs / sizeof programs[0],
    FIRST_OF_KEEPERS = PROGRAMS - 2
};

/* On its way to sleep a thread is called sleeping before it has left the
 * processor, and may yet find that it need not sleep. Woken for another
 * processor it is off its own, as a sleeper is, until it is queued there. Where
 * it begins a wait that has an end it stops for the tracer, who takes no stops
 * while he looks. */
enum state { QUEUED, RUNNING, ALMOST, ASLEEP, WOKEN, STOPPED };

struct thread {
    unsigned   program;
    unsigned   at;
    enum state state;
    bool       token; /* somebody woke it before it parked */
    unsigned   due;   /* its wait ends then by itself */
    bool       noted; /* the tracer knows of that wait; it was at noted_at */
    unsigned   noted_at;
    uint64_t   runs;
    uint64_t   slept_at; /* it was found asleep at these runs */
    struct calm_thread calm;
};

/* How the rule under test is broken. */
enum mistake {
    NO_MISTAKE,
    ONE_LOOK,       /* each thread is looked at once */
    NO_COUNT,       /* and whether it ran between the looks is not asked */
    STATE_ONLY,     /* a thread on its way to sleep counts as asleep */
    WOKEN_SLEEPS,   /* one that was woken sleeps until it is queued */
    SLEPT_ONCE,     /* a sleeper that has not run since is not asked again */
    COUNT_FIRST,    /* in the second look, the count before the sleep */
    NO_WIRE,        /* what is on its way to the server is not asked */
    NO_WIRE_BACK,   /* what is on its way to the client */
    SERVER_FIRST,   /* the server's queue is asked before the wire */
    WIRE_BEFORE,    /* all that is asked before the first look */
    NOT_SINCE,      /* whether one ran since the looks is not asked */
    SINCE_BEFORE,   /* ... or before the earliest wait is looked for */
    RUNS_IS_OVER,   /* one that runs is taken to be in no wait at all */
    BY_NAME,        /* each wait of a housekeeper is taken for its rest */
    BY_REPETITION,  /* who has napped as long before is taken to rest */
    AT_ONCE,        /* a rest is passed over whatever has just happened */
    OVER_ALREADY,   /* ... or is over, and its thread about to be awake */
    STOPS_ONLY,     /* whom an event set going is taken to have slept on */
    MISTAKES
};

enum phase { FIRST, WIRE, AGAIN, SINCE };

struct world {
    struct thread threads[THREADS];
    unsigned      to_server; /* packets on the wire */
    unsigned      to_client;
    unsigned      at_server; /* arrived, not read */
    unsigned      at_client;
    unsigned      now;
    bool          asked; /* of a housekeeper, and it has not looked since */
    struct calm   calm;
    enum mistake  mistake;
    bool          quiet_before;
    /* Where the rule is, and what it saw. */
    enum phase phase;
    unsigned   place;
    uint64_t   runs_seen[THREADS];
    unsigned   next_seen; /* the earliest wait, as far as they were asked */
    unsigned   rest_seen; /* the earliest that is passed over */
    /* The choices of this walk, and how many there were at each. */
    unsigned char chosen[CHOICES_MAX];
    unsigned char options[CHOICES_MAX];
    size_t        length;
    size_t        next;
};

/* ---- every order, one walk at a time ---- */

static unsigned choose(struct world *world, unsigned options)
{
    size_t at = world->next++;

    assert_true(at < CHOICES_MAX);
    if (at == world->length) {
        world->chosen[at] = 0;
        world->options[at] = (unsigned char)options;
        world->length++;
    }
    return world->chosen[at];
}

/* ---- what was walked before ---- */

/* A world whose every future is known already: another walk came to the same
 * point of the looks, in the same state. */
static jmp_buf known;
struct name {
    uint32_t threads[THREADS];
    uint64_t rest; /* 0 = free, in the table */
};

static struct name seen[SEEN_MAX]; /* a hash table */
static size_t      seen_count;

/* 28 bits. */
static uint32_t thread_name(const struct world *world, size_t index)
{
    const struct thread *thread = &world->threads[index];
    uint64_t             name = thread->program;

    name = name << 2 | thread->at;
    name = name << 3 | (uint64_t)thread->state;
    name = name << 1 | thread->token;
    name = name << 3 | thread->due;
    name = name << 1 | thread->noted;
    name = name << 2 | thread->noted_at;
    name = name << 3 | thread->runs;
    name = name << 3 | thread->slept_at;
    name = name << 2 | thread->calm.runs;
    name = name << 1 | thread->calm.rested;
    name = name << 3 | world->runs_seen[index];
    return (uint32_t)name;
}

static struct name name_of(const struct world *world)
{
    struct name name = {.rest = 1};

    for (size_t i = 0; i < THREADS; i++)
        name.threads[i] = thread_name(world, i);
    name.rest = name.rest << 2 | world->to_server;
    name.rest = name.rest << 1 | world->to_client;
    name.rest = name.rest << 2 | world->at_server;
    name.rest = name.rest << 1 | world->at_client;
    name.rest = name.rest << 2 | world->now;
    name.rest = name.rest << 1 | world->quiet_before;
    name.rest = name.rest << 1 | world->asked;
    name.rest = name.rest << 1 | world->calm.stirred;
    name.rest = name.rest << 3 | (uint64_t)(world->calm.since_ns + CALM_SPAN);
    name.rest = name.rest << 2 | (uint64_t)world->phase;
    name.rest = name.rest << 4 | world->place;
    name.rest = name.rest << 3 | world->next_seen;
    name.rest = name.rest << 3 | world->rest_seen;
    return name;
}

static bool is_new(struct name name)
{
    const uint64_t mixed =
        ((uint64_t)name.threads[0] << 32 ^ name.threads[1] ^ name.rest << 20) *
        UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(mixed >> 32) % SEEN_MAX;

    while (seen[at].rest != 0 && memcmp(&seen[at], &name, sizeof name) != 0)
        at = (at + 1) % SEEN_MAX;
    if (seen[at].rest != 0)
        return false;
    assert_true(++seen_count < SEEN_MAX / 4 * 3);
    seen[at] = name;
    return true;
}

/* ---- what the world does, in every order ---- */

/* The next walk; false: that was the last. */
static bool advance(struct world *world)
{
    while (world->length > 0 && world->chosen[world->length - 1] + 1u >=
                                    world->options[world->length - 1])
        world->length--;
    if (world->length == 0)
        return false;
    world->chosen[world->length - 1]++;
    return true;
}

/* ---- what the world does ---- */

static enum op op_of(const struct thread *thread)
{
    return programs[thread->program][thread->at];
}

static void wake(struct thread *thread)
{
    if (thread->state == ASLEEP)
        thread->state = WOKEN;
    else if (thread->state == ALMOST)
        thread->state = RUNNING;
}

static bool has_end(const struct thread *thread)
{
    return op_of(thread) == OP_NAP || op_of(thread) == OP_PARK_FOR ||
           op_of(thread) == OP_REST;
}

static bool keeps_house(const struct thread *thread)
{
    return thread->program >= FIRST_OF_KEEPERS;
}

static bool is_over(const struct world *world, const struct thread *thread)
{
    return has_end(thread) && thread->due <= world->now;
}

/* Takes what it waited for. */
static bool take(struct world *world, struct thread *thread)
{
    if (op_of(thread) == OP_AWAIT && world->at_client > 0)
        world->at_client--;
    else if (op_of(thread) != OP_AWAIT && op_of(thread) != OP_NAP &&
             thread->token)
        thread->token = false;
    else
        return false;
    return true;
}

static void wait_or_go_on(struct world *world, struct thread *thread)
{
    if (has_end(thread) && !(thread->noted && thread->noted_at == thread->at)) {
        thread->state = STOPPED;
    } else if (take(world, thread) || is_over(world, thread)) {
        thread->at++;
        thread->state = RUNNING;
    } else {
        thread->state = thread->state == ALMOST ? ASLEEP : ALMOST;
    }
}

static void pass_time(struct world *world)
{
    world->now++;
    for (size_t i = 0; i < THREADS; i++)
        if (is_over(world, &world->threads[i]))
            wake(&world->threads[i]);
}

static void run(struct world *world, struct thread *thread)
{
    struct thread *other =
        &world->threads[thread == &world->threads[0] ? 1 : 0];

    switch (op_of(thread)) {
    case OP_SEND:
        world->to_server++;
        thread->at++;
        break;
    case OP_WAKE:
        other->token = true;
        if (op_of(other) == OP_PARK || op_of(other) == OP_PARK_FOR ||
            op_of(other) == OP_REST)
            wake(other);
        thread->at++;
        break;
    case OP_ASK:
        world->asked = true;
        thread->at++;
        break;
    case OP_LOOK:
        thread->at += world->asked ? 1 : -1u;
        world->asked = false;
        break;
    case OP_UNTIL:
        thread->at += world->now >= TIME_MAX ? 1 : -1u;
        break;
    case OP_AWAIT:
    case OP_PARK:
    case OP_PARK_FOR:
    case OP_NAP:
    case OP_REST:
        wait_or_go_on(world, thread);
        break;
    case OP_END:
        thread->state = ASLEEP;
        break;
    }
}

static void deliver_to_client(struct world *world)
{
    world->to_client--;
    world->at_client++;
    for (size_t i = 0; i < THREADS; i++)
        if (op_of(&world->threads[i]) == OP_AWAIT)
            wake(&world->threads[i]);
}

static bool is_waited_for(const struct world *world)
{
    for (size_t i = 0; i < THREADS; i++)
        if (has_end(&world->threads[i]) && !is_over(world, &world->threads[i]))
            return true;
    return false;
}

/* What may happen next: 0 .. THREADS - 1 a thread's step, then a packet to
 * the server, one to the client, and that time passes. */
enum { TO_SERVER = THREADS, TO_CLIENT, TIME_PASSES, STEPS };

static size_t possible(const struct world *world, unsigned *steps)
{
    size_t count = 0;

    for (unsigned i = 0; i < THREADS; i++)
        if (world->threads[i].state != ASLEEP &&
            world->threads[i].state != STOPPED)
            steps[count++] = i;
    if (world->to_server > 0)
        steps[count++] = TO_SERVER;
    if (world->to_client > 0)
        steps[count++] = TO_CLIENT;
    if (world->now < TIME_MAX && is_waited_for(world))
        steps[count++] = TIME_PASSES;
    return count;
}

static void step(struct world *world, unsigned what)
{
    struct thread *thread = &world->threads[what < THREADS ? what : 0];

    if (what == TO_SERVER) {
        world->to_server--;
        world->at_server++;
    } else if (what == TO_CLIENT) {
        deliver_to_client(world);
    } else if (what == TIME_PASSES) {
        pass_time(world);
    } else if (thread->state == WOKEN) {
        thread->state = QUEUED;
    } else if (thread->state == QUEUED) {
        thread->state = RUNNING;
        thread->runs++;
    } else {
        run(world, thread);
    }
}

/* The rule is about to ask something; in a phase no two places are the same. */
enum place {
    AT_RUNS,
    AT_SLEEP = AT_RUNS + THREADS,
    AT_SLEEP_SINCE = AT_SLEEP + THREADS,
    AT_STILL = AT_SLEEP_SINCE + THREADS,
    AT_WIRE = AT_STILL + THREADS,
    AT_WIRE_BACK,
    AT_SERVER,
    AT_CALM,
    AT_NEXT = AT_CALM + THREADS,
    AT_CLOCK,
};

/* As much as it likes, or nothing. */
static void world_goes_on(struct world *world, size_t place)
{
    unsigned steps[STEPS];
    size_t   count;
    unsigned what;

    world->place = (unsigned)place;
    while ((count = possible(world, steps)) > 0) {
        if (world->next == world->length && !is_new(name_of(world)))
            longjmp(known, 1);
        what = choose(world, (unsigned)count + 1);
        if (what == 0)
            return;
        step(world, steps[what - 1]);
    }
}

/* ---- the looks ---- */

static uint64_t runs_of(const struct world *world, size_t index)
{
    return world->mistake == NO_COUNT ? 1 : world->threads[index].runs;
}

static uint64_t see_runs(void *data, size_t index)
{
    struct world *world = data;

    if (world->phase == SINCE &&
        (world->mistake == NOT_SINCE || world->mistake == SINCE_BEFORE))
        return world->runs_seen[index];
    world_goes_on(world, AT_RUNS + index);
    world->runs_seen[index] = runs_of(world, index);
    return world->runs_seen[index];
}

static bool sleeps(const struct world *world, const struct thread *thread)
{
    return thread->state == ASLEEP ||
           (world->mistake == STATE_ONLY && thread->state == ALMOST) ||
           (world->mistake == WOKEN_SLEEPS && thread->state == WOKEN);
}

/* As proc_state_asleep: who was found asleep and has not run since, by the
 * number that was read just before, is not asked. */
static bool see_asleep(void *data, size_t index)
{
    struct world  *world = data;
    struct thread *thread = &world->threads[index];

    if (world->runs_seen[index] == thread->slept_at)
        return true;
    world_goes_on(world, AT_SLEEP + index);
    if (!sleeps(world, thread))
        return false;
    world_goes_on(world, AT_SLEEP_SINCE + index);
    if (runs_of(world, index) != world->runs_seen[index])
        return false;
    thread->slept_at = world->runs_seen[index];
    return true;
}

static bool see_still_asleep(void *data, size_t index)
{
    struct world *world = data;

    if (world->mistake == SLEPT_ONCE)
        return true;
    world_goes_on(world, AT_STILL + index);
    return sleeps(world, &world->threads[index]);
}

static bool ask_wire(struct world *world)
{
    if (world->mistake == WIRE_BEFORE)
        return world->quiet_before;
    if (world->mistake == SERVER_FIRST && world->at_server > 0)
        return false;
    world_goes_on(world, AT_WIRE);
    if (world->to_server > 0 && world->mistake != NO_WIRE)
        return false;
    world_goes_on(world, AT_WIRE_BACK);
    if (world->to_client > 0 && world->mistake != NO_WIRE_BACK)
        return false;
    world_goes_on(world, AT_SERVER);
    return world->mistake == SERVER_FIRST || world->at_server == 0;
}

static bool see_quiet(void *data)
{
    struct world *world = data;
    bool          quiet;

    world->phase = WIRE;
    quiet = ask_wire(world);
    world->phase = AGAIN;
    return quiet;
}

/* As check_wait: whether it is in the wait that the tracer knows of. While it
 * runs nobody can tell; in another call it is in that wait no more. */
static bool check_wait(struct world *world, struct thread *thread, size_t place)
{
    world_goes_on(world, place);
    if (thread->state == ASLEEP || thread->state == WOKEN ||
        thread->state == STOPPED) {
        thread->noted = thread->noted_at == thread->at;
        return thread->noted;
    }
    if (world->mistake == RUNS_IS_OVER)
        thread->noted = false;
    return false;
}

/* What is known of a wait when it begins: whose it is, which, and how long. */
static bool rests(const struct world *world, const struct thread *thread)
{
    if (!thread->noted)
        return false;
    if (world->mistake == BY_NAME && keeps_house(thread))
        return true;
    if (world->mistake == BY_REPETITION && op_of(thread) == OP_NAP)
        return true;
    return programs[thread->program][thread->noted_at] == OP_REST;
}

/* As is_calm. */
static bool is_calm(struct world *world)
{
    if (world->mistake == AT_ONCE)
        return true;
    for (size_t i = 0; i < THREADS && world->mistake != STOPS_ONLY; i++) {
        struct thread *thread = &world->threads[i];

        if (calm_has_run(&thread->calm, world->runs_seen[i]))
            calm_see(&world->calm, &thread->calm, world->runs_seen[i],
                     rests(world, thread) &&
                         check_wait(world, thread, AT_CALM + i));
    }
    return calm_lasts(&world->calm, world->now, CALM_SPAN);
}

static unsigned least(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

/* As next_deadline_ns: the earliest of the waits that are still waited. */
static int64_t see_next(void *data)
{
    struct world *world = data;
    bool          calm;

    for (size_t i = 0; world->mistake == SINCE_BEFORE && i < THREADS; i++)
        (void)see_runs(data, i);
    world->phase = SINCE;
    calm = is_calm(world);
    for (;;) {
        struct thread *first = NULL;

        world->rest_seen = SERVER_DUE;
        for (size_t i = 0; i < THREADS; i++) {
            struct thread *thread = &world->threads[i];

            if (calm && rests(world, thread))
                world->rest_seen = least(world->rest_seen, thread->due);
            else if (thread->noted &&
                     (first == NULL || thread->due < first->due))
                first = thread;
        }
        world->next_seen = first == NULL ? SERVER_DUE : first->due;
        if (first == NULL || check_wait(world, first, AT_NEXT))
            return world->next_seen;
        if (first->noted)
            return 0;
    }
}

/* The rule with one look only. */
static bool one_look(const struct idle_world *idle)
{
    for (size_t i = 0; i < idle->count; i++) {
        (void)idle->runs(idle->data, i);
        if (!idle->asleep(idle->data, i))
            return false;
    }
    return idle->quiet(idle->data);
}

/* The rule with the second look the wrong way round. */
static bool count_first(const struct idle_world *idle)
{
    uint64_t runs[THREADS];

    for (size_t i = 0; i < idle->count; i++) {
        runs[i] = idle->runs(idle->data, i);
        if (!idle->asleep(idle->data, i))
            return false;
    }
    if (!idle->quiet(idle->data))
        return false;
    for (size_t i = 0; i < idle->count; i++)
        if (idle->runs(idle->data, i) != runs[i] ||
            !idle->still_asleep(idle->data, i))
            return false;
    return true;
}

static bool find_next(struct world *world, int64_t *next)
{
    const struct idle_world idle = {.data = world,
                                    .count = THREADS,
                                    .runs = see_runs,
                                    .asleep = see_asleep,
                                    .still_asleep = see_still_asleep,
                                    .quiet = see_quiet,
                                    .next_ns = see_next};
    uint64_t                runs[THREADS];

    if (world->mistake != ONE_LOOK && world->mistake != COUNT_FIRST)
        return idle_next(&idle, runs, next);
    if (world->mistake == ONE_LOOK ? !one_look(&idle) : !count_first(&idle))
        return false;
    *next = see_next(world);
    return true;
}

/* The clock jumps from now to next; false: it does not. */
static bool jumps(struct world *world, int64_t *next)
{
    world->quiet_before =
        world->to_server == 0 && world->to_client == 0 && world->at_server == 0;
    if (!find_next(world, next))
        return false;
    world_goes_on(world, AT_CLOCK);
    return *next > world->now &&
           (world->rest_seen > world->now || world->mistake == OVER_ALREADY);
}

/* ---- the walks ---- */

/* A thread that runs, or waits since before anybody looked. */
static void start_thread(struct world *world, struct thread *thread)
{
    bool waits;

    *thread = (struct thread){.program = choose(world, PROGRAMS), .runs = 1};
    waits = op_of(thread) == OP_AWAIT || op_of(thread) == OP_PARK;
    if (has_end(thread)) {
        thread->due = 1 + choose(world, 2) + (op_of(thread) == OP_PARK_FOR);
        thread->noted = true;
        thread->state = choose(world, 2) == 0 ? ASLEEP : ALMOST;
    } else {
        thread->state = waits && choose(world, 2) == 0 ? ASLEEP : RUNNING;
    }
    if (thread->state == ASLEEP)
        thread->slept_at = choose(world, 2);
}

/* What was seen at the last moment when nobody did anything: this sleep, or
 * what was before it; and how long ago something had happened. */
static void start_calm(struct world *world)
{
    for (size_t i = 0; i < THREADS; i++) {
        struct thread *thread = &world->threads[i];

        if (thread->state == ASLEEP && thread->slept_at != 0)
            thread->calm.runs = choose(world, 2);
        if (op_of(thread) == OP_REST)
            thread->calm.rested =
                thread->calm.runs != 0 || choose(world, 2) != 0;
    }
    if (choose(world, 2) != 0)
        world->calm.since_ns = -CALM_SPAN;
}

static void start(struct world *world)
{
    for (size_t i = 0; i < THREADS; i++)
        start_thread(world, &world->threads[i]);
    world->asked = false;
    world->calm.stirred = false;
    world->calm.since_ns = 0;
    if (keeps_house(&world->threads[0]) || keeps_house(&world->threads[1]))
        start_calm(world);
    world->phase = FIRST;
    world->place = AT_RUNS;
    world->next_seen = 0;
    world->rest_seen = SERVER_DUE;
    memset(world->runs_seen, 0, sizeof world->runs_seen);
    world->to_client = choose(world, 2);
    world->to_server = 0;
    world->at_server = 0;
    world->at_client = 0;
    world->now = 0;
}

/* Whoever rests would find nothing to do. */
static bool rests_in_vain(const struct world  *world,
                          const struct thread *thread)
{
    return op_of(thread) == OP_REST && !world->asked;
}

/* Nobody is awake or about to be, nothing is under way, and nobody wanted to
 * wake before. */
static bool may_jump_to(const struct world *world, int64_t next)
{
    for (size_t i = 0; i < THREADS; i++)
        if (world->threads[i].state != ASLEEP ||
            (has_end(&world->threads[i]) && world->threads[i].due < next &&
             !rests_in_vain(world, &world->threads[i])))
            return false;
    return world->to_server == 0 && world->to_client == 0 &&
           world->at_server == 0;
}

struct tally {
    uint64_t walks;
    uint64_t jumps;
    uint64_t passes; /* of them, past the end of a rest */
    uint64_t false_jumps;
};

static bool passes_a_rest(const struct world *world, int64_t next)
{
    for (size_t i = 0; i < THREADS; i++)
        if (op_of(&world->threads[i]) == OP_REST &&
            world->threads[i].due < next)
            return true;
    return false;
}

static void walk(struct world *world, struct tally *tally)
{
    int64_t next;

    world->next = 0;
    start(world);
    tally->walks++;
    if (setjmp(known) != 0 || !jumps(world, &next))
        return;
    tally->jumps++;
    tally->passes += passes_a_rest(world, next);
    tally->false_jumps += !may_jump_to(world, next);
}

static struct tally walk_all(enum mistake mistake, bool stop_at_false)
{
    static struct world world;
    struct tally        tally = {0};

    world = (struct world){.mistake = mistake};
    memset(seen, 0, sizeof seen);
    seen_count = 0;
    do {
        walk(&world, &tally);
    } while (!(stop_at_false && tally.false_jumps > 0) && advance(&world));
    return tally;
}

static void test_no_order_makes_a_false_jump(void **state)
{
    struct tally tally = walk_all(NO_MISTAKE, false);

    (void)state;
    print_message("%zu states, %llu walks, %llu jumps, %llu past a rest, "
                  "%llu false\n",
                  seen_count, (unsigned long long)tally.walks,
                  (unsigned long long)tally.jumps,
                  (unsigned long long)tally.passes,
                  (unsigned long long)tally.false_jumps);
    assert_true(tally.jumps > 0);
    assert_true(tally.passes > 0);
    assert_int_equal(tally.false_jumps, 0);
}

static void test_each_mistake_is_found(void **state)
{
    (void)state;
    for (enum mistake mistake = NO_MISTAKE + 1; mistake < MISTAKES; mistake++) {
        struct tally tally = walk_all(mistake, true);

        if (tally.false_jumps == 0)
            fail_msg("mistake %d makes no false jump in %llu walks",
                     (int)mistake, (unsigned long long)tally.walks);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_order_makes_a_false_jump),
        cmocka_unit_test(test_each_mistake_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
