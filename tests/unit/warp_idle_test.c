/* Every order of events of a small world, against warp/idle.c.
 *
 * Two client threads run short programs (send, await an answer, wake the
 * other, park), packets travel both ways, and all of this goes on, in every
 * possible order, before and between the single looks of idle_seen. Whenever
 * it says yes, nobody may be awake and nothing under way: a clock that jumped
 * then could not have made a false timeout.
 *
 * The same walk finds the mistake in rules that leave one look or one question
 * out. */

#include "warp/idle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 2, OPS_MAX = 4, CHOICES_MAX = 256, SEEN_MAX = 1 << 22 };

enum op { OP_END, OP_SEND, OP_AWAIT, OP_WAKE, OP_PARK };

static const enum op programs[][OPS_MAX] = {
    {OP_SEND, OP_AWAIT, OP_END},
    {OP_PARK, OP_SEND, OP_AWAIT, OP_END},
    {OP_WAKE, OP_PARK, OP_END},
    {OP_AWAIT, OP_WAKE, OP_PARK, OP_END},
    {OP_PARK, OP_WAKE, OP_PARK, OP_END},
    {OP_AWAIT, OP_END},
};

enum { PROGRAMS = sizeof programs / sizeof programs[0] };

/* On its way to sleep a thread is called sleeping before it has left the
 * processor, and may yet find that it need not sleep. Woken for another
 * processor it is off its own, as a sleeper is, until it is queued there. */
enum state { QUEUED, RUNNING, ALMOST, ASLEEP, WOKEN };

struct thread {
    unsigned       program;
    unsigned       at;
    enum state     state;
    bool           token; /* somebody woke it before it parked */
    uint64_t       runs;
    uint64_t       slept_at; /* it was found asleep at these runs */
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
    MISTAKES
};

struct world {
    struct thread threads[THREADS];
    unsigned      to_server; /* packets on the wire */
    unsigned      to_client;
    unsigned      at_server; /* arrived, not read */
    unsigned      at_client;
    enum mistake  mistake;
    bool          quiet_before;
    /* How far the looks are, and what they saw. */
    unsigned      look;
    uint64_t      runs_seen[THREADS];
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
static jmp_buf  known;
static uint64_t seen[SEEN_MAX]; /* a hash table; 0 = free */
static size_t   seen_count;

static uint64_t name_of(const struct world *world)
{
    uint64_t name = 1;

    for (size_t i = 0; i < THREADS; i++) {
        const struct thread *thread = &world->threads[i];

        name = name << 3 | thread->program;
        name = name << 2 | thread->at;
        name = name << 3 | (uint64_t)thread->state;
        name = name << 1 | thread->token;
        name = name << 3 | thread->runs;
        name = name << 3 | thread->slept_at;
        name = name << 3 | world->runs_seen[i];
    }
    name = name << 2 | world->to_server;
    name = name << 1 | world->to_client;
    name = name << 2 | world->at_server;
    name = name << 1 | world->at_client;
    name = name << 1 | world->quiet_before;
    return name << 5 | world->look;
}

static bool is_new(uint64_t name)
{
    size_t at = (size_t)(name * UINT64_C(0x9E3779B97F4A7C15) >> 32) % SEEN_MAX;

    while (seen[at] != 0 && seen[at] != name)
        at = (at + 1) % SEEN_MAX;
    if (seen[at] == name)
        return false;
    assert_true(++seen_count < SEEN_MAX / 2);
    seen[at] = name;
    return true;
}

/* ---- what the world does, in every order ---- */

/* The next walk; false: that was the last. */
static bool advance(struct world *world)
{
    while (world->length > 0 &&
           world->chosen[world->length - 1] + 1u >=
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

static bool may_go_on(struct world *world, struct thread *thread)
{
    if (op_of(thread) == OP_AWAIT) {
        if (world->at_client == 0)
            return false;
        world->at_client--;
    } else if (!thread->token) {
        return false;
    } else {
        thread->token = false;
    }
    thread->at++;
    return true;
}

static void wait_or_go_on(struct world *world, struct thread *thread)
{
    if (may_go_on(world, thread))
        thread->state = RUNNING;
    else
        thread->state = thread->state == ALMOST ? ASLEEP : ALMOST;
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
        if (op_of(other) == OP_PARK)
            wake(other);
        thread->at++;
        break;
    case OP_AWAIT:
    case OP_PARK:
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

/* What may happen next: 0 .. THREADS - 1 a thread's step, then a packet to
 * the server, then one to the client. */
static size_t possible(const struct world *world, unsigned *steps)
{
    size_t count = 0;

    for (unsigned i = 0; i < THREADS; i++)
        if (world->threads[i].state != ASLEEP)
            steps[count++] = i;
    if (world->to_server > 0)
        steps[count++] = THREADS;
    if (world->to_client > 0)
        steps[count++] = THREADS + 1;
    return count;
}

static void step(struct world *world, unsigned what)
{
    struct thread *thread = &world->threads[what < THREADS ? what : 0];

    if (what == THREADS) {
        world->to_server--;
        world->at_server++;
    } else if (what == THREADS + 1) {
        deliver_to_client(world);
    } else if (thread->state == WOKEN) {
        thread->state = QUEUED;
    } else if (thread->state == QUEUED) {
        thread->state = RUNNING;
        thread->runs++;
    } else {
        run(world, thread);
    }
}

/* As much as it likes, or nothing. */
static void world_goes_on(struct world *world)
{
    unsigned steps[THREADS + 2];
    size_t   count;
    unsigned what;

    world->look++;
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

    world_goes_on(world);
    world->runs_seen[index] = runs_of(world, index);
    return world->runs_seen[index];
}

static bool sleeps(const struct world *world, const struct thread *thread)
{
    return thread->state == ASLEEP ||
           (world->mistake == STATE_ONLY && thread->state == ALMOST) ||
           (world->mistake == WOKEN_SLEEPS && thread->state == WOKEN);
}

/* As look_asleep: who was found asleep and has not run since, by the number
 * that was read just before, is not asked. */
static bool see_asleep(void *data, size_t index)
{
    struct world  *world = data;
    struct thread *thread = &world->threads[index];

    if (world->runs_seen[index] == thread->slept_at)
        return true;
    world_goes_on(world);
    if (!sleeps(world, thread))
        return false;
    world_goes_on(world);
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
    world_goes_on(world);
    return sleeps(world, &world->threads[index]);
}

static bool see_quiet(void *data)
{
    struct world *world = data;

    if (world->mistake == WIRE_BEFORE)
        return world->quiet_before;
    if (world->mistake == SERVER_FIRST && world->at_server > 0)
        return false;
    world_goes_on(world);
    if (world->to_server > 0 && world->mistake != NO_WIRE)
        return false;
    world_goes_on(world);
    if (world->to_client > 0 && world->mistake != NO_WIRE_BACK)
        return false;
    world_goes_on(world);
    return world->mistake == SERVER_FIRST || world->at_server == 0;
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
        if (idle->runs(idle->data, i) != runs[i])
            return false;
    return true;
}

static bool jumps(struct world *world)
{
    const struct idle_world idle = {.data = world,
                                    .count = THREADS,
                                    .runs = see_runs,
                                    .asleep = see_asleep,
                                    .still_asleep = see_still_asleep,
                                    .quiet = see_quiet};
    uint64_t                runs[THREADS];

    world->quiet_before = world->to_server == 0 && world->to_client == 0 &&
                          world->at_server == 0;
    if (world->mistake == ONE_LOOK)
        return one_look(&idle);
    if (world->mistake == COUNT_FIRST)
        return count_first(&idle);
    return idle_seen(&idle, runs);
}

/* ---- the walks ---- */

static void start(struct world *world)
{
    for (size_t i = 0; i < THREADS; i++) {
        struct thread *thread = &world->threads[i];
        bool           waits;

        *thread = (struct thread){
            .program = choose(world, PROGRAMS), .runs = 1};
        waits = op_of(thread) == OP_AWAIT || op_of(thread) == OP_PARK;
        thread->state =
            waits && choose(world, 2) == 0 ? ASLEEP : RUNNING;
        if (thread->state == ASLEEP)
            thread->slept_at = choose(world, 2);
    }
    world->look = 0;
    memset(world->runs_seen, 0, sizeof world->runs_seen);
    world->to_client = choose(world, 2);
    world->to_server = 0;
    world->at_server = 0;
    world->at_client = 0;
}

static bool nobody_does_anything(const struct world *world)
{
    unsigned steps[THREADS + 2];

    return possible(world, steps) == 0 && world->at_server == 0;
}

struct tally {
    uint64_t walks;
    uint64_t jumps;
    uint64_t false_jumps;
};

static void walk(struct world *world, struct tally *tally)
{
    world->next = 0;
    start(world);
    tally->walks++;
    if (setjmp(known) != 0 || !jumps(world))
        return;
    tally->jumps++;
    tally->false_jumps += !nobody_does_anything(world);
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
    print_message("%zu states, %llu walks, %llu jumps, %llu false\n",
                  seen_count, (unsigned long long)tally.walks,
                  (unsigned long long)tally.jumps,
                  (unsigned long long)tally.false_jumps);
    assert_true(tally.jumps > 0);
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
