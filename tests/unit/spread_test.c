/* SPDX-License-Identifier: Apache-2.0 */
/* Waits judged as a distribution: the chances against published values; right
 * clients by the hundred thousand, on good machines and bad, of which none may
 * be blamed; wrong ones, of which a stated share must be.
 *
 *   spread_test --power     the table of docs/checks.md, of 1000 clients each
 */
#include "common/alloc.h"
#include "common/rng.h"
#include "judge/chance.h"
#include "judge/spread.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BATCHES_MAX = 128, RETRIES = 4, STOPS_MAX = 64 };

/* ---- the chances ---- */

static void assert_near(double got, double want, double relative)
{
    if (!(fabs(got - want) <= relative * want))
        fail_msg("got %.10g, want %.10g", got, want);
}

/* Miller, Table of percentage points of Kolmogorov statistics, J. Amer.
 * Statist. Assoc. 51 (1956), to five places. */
static void test_excess_as_published(void **state)
{
    static const struct {
        size_t n;
        double p;
        double critical;
    } rows[] = {
        {1, 0.05, 0.95000},   {2, 0.05, 0.77639},   {5, 0.10, 0.44698},
        {5, 0.05, 0.50945},   {5, 0.025, 0.56328},  {5, 0.01, 0.62718},
        {5, 0.005, 0.66853},  {10, 0.10, 0.32260},  {10, 0.05, 0.36866},
        {10, 0.025, 0.40925}, {10, 0.01, 0.45662},  {10, 0.005, 0.48893},
        {20, 0.10, 0.23156},  {20, 0.05, 0.26473},  {20, 0.025, 0.29408},
        {20, 0.01, 0.32866},  {20, 0.005, 0.35241},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_near(chance_excess(rows[i].n, rows[i].critical), rows[i].p,
                    0.001);
}

/* Far out the exact chance comes near to Smirnov's exp(-2 n d^2), and never
 * over it (Massart). */
static void test_excess_at_its_ends(void **state)
{
    (void)state;
    assert_true(chance_excess(7, 0) >= 1);
    assert_true(chance_excess(7, 1) <= 0);
    assert_near(chance_excess(1, 0.3), 0.7, 1e-12);
    assert_near(chance_excess(2, 0.5), 0.25, 1e-12);
    for (double d = 0.05; d < 0.2; d += 0.05) {
        double bound = exp(-2 * 512 * d * d);
        double exact = chance_excess(512, d);

        assert_true(exact <= bound);
        assert_true(exact > bound * 0.5);
    }
}

static void test_other_chances(void **state)
{
    (void)state;
    assert_near(chance_at_least(3, 3, 0.5), 0.125, 1e-12);
    assert_near(chance_at_least(5, 10, 0.5), 638.0 / 1024, 1e-9);
    assert_near(chance_at_least(1, 100, 0.01), 1 - pow(0.99, 100), 1e-9);
    assert_near(chance_at_least(96, 192, 0.9999), 1, 1e-9);
    assert_near(chance_at_least(63, 127, 0.25), 2.11535108e-9, 1e-6);
    assert_true(chance_at_least(0, 4, 0.1) >= 1);
    assert_true(chance_at_least(5, 4, 0.9) <= 0);
    /* Two numbers within s: exactly 1 - (1 - s)^2, so 2 s is no less. */
    assert_near(chance_bunched(2, 2, 0.1), 0.2, 1e-12);
    assert_true(chance_bunched(1, 9, 0.1) >= 1);
    /* -2 ln(0.05 x 0.05) = 11.98: chi-squared with 4 degrees of freedom. */
    assert_near(chance_product(log(0.05 * 0.05), 2), 0.017479, 1e-4);
    assert_near(chance_product(log(0.3), 1), 0.3, 1e-12);
}

/* ---- clients that never were ---- */

/* How a client draws its factor's place in the window. */
enum law {
    LAW_EVEN,
    LAW_NONE,
    LAW_TENTH, /* the middle tenth */
    LAW_HALF, /* the middle half */
    LAW_LOWER_HALF,
    LAW_UPPER_HALF,
    LAW_NORMAL, /* three deviations to each side */
    LAW_WIDE_NORMAL, /* two */
    LAW_FIVE_VALUES,
    LAW_ENDS, /* the least or the most */
    LAW_COUNT,
};

static const char *const law_names[LAW_COUNT] = {
    "even, as published",
    "no jitter",
    "the middle tenth of the window",
    "the middle half",
    "the lower half",
    "the upper half (only upwards)",
    "normal, 3 deviations to each side",
    "normal, 2 deviations to each side",
    "one of five values",
    "the least or the most",
};

struct machine {
    double   late_s; /* each wake-up: an exponential law's mean */
    double   grain_s; /* waits are cut to it */
    double   stop_most_s; /* it stops for up to so long */
    unsigned stops; /* so often */
};

static double normal(struct rng *rng)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += rng_unit(rng);
    return sum;
}

static double within(double place)
{
    return place < 0 ? 0 : place > 1 ? 1 : place;
}

static double draw(struct rng *rng, enum law law)
{
    double even = rng_unit(rng);

    switch (law) {
    case LAW_NONE:
        return 0.5;
    case LAW_TENTH:
        return 0.45 + even / 10;
    case LAW_HALF:
        return 0.25 + even / 2;
    case LAW_LOWER_HALF:
        return even / 2;
    case LAW_UPPER_HALF:
        return 0.5 + even / 2;
    case LAW_NORMAL:
        return within(0.5 + normal(rng) / 6);
    case LAW_WIDE_NORMAL:
        return within(0.5 + normal(rng) / 4);
    case LAW_FIVE_VALUES:
        return 0.1 + 0.2 * floor(even * 5);
    case LAW_ENDS:
        return even < 0.5 ? 0 : 1;
    default:
        return even;
    }
}

struct stops {
    double   from_s[STOPS_MAX];
    double   to_s[STOPS_MAX];
    unsigned count;
};

static void draw_stops(struct rng *rng, const struct machine *machine,
                       struct stops *stops)
{
    stops->count = machine->stops;
    for (unsigned i = 0; i < stops->count; i++) {
        stops->from_s[i] = 9 * rng_unit(rng);
        stops->to_s[i] =
            stops->from_s[i] + machine->stop_most_s * rng_unit(rng);
    }
}

static double after_stops(const struct stops *stops, double at_s)
{
    for (unsigned i = 0; i < stops->count; i++)
        if (at_s > stops->from_s[i] && at_s < stops->to_s[i])
            at_s = stops->to_s[i];
    return at_s;
}

/* The scenario backoff/jitter, by the law of 0.5 s that doubles, 0.9 to 1.1 of
 * it. Returns how many waits. */
static size_t play(struct rng *rng, enum law law, unsigned batches,
                   const struct machine *machine, struct spread_wait *waits)
{
    struct stops stops;
    size_t       count = 0;

    draw_stops(rng, machine, &stops);
    for (unsigned i = 0; i < batches; i++) {
        double answered_s = after_stops(&stops, 0.005 * i);

        for (unsigned retry = 0; retry < RETRIES; retry++) {
            double law_s = 0.5 * (1 << retry);
            double wait_s = law_s * (0.9 + 0.2 * draw(rng, law));
            double came_s;

            if (machine->grain_s > 0)
                wait_s = floor(wait_s / machine->grain_s) * machine->grain_s;
            came_s =
                answered_s + wait_s - machine->late_s * log(1 - rng_unit(rng));
            came_s = after_stops(&stops, came_s);
            waits[count++] = (struct spread_wait){
                .place = (came_s - answered_s - 0.9 * law_s) / (0.2 * law_s),
                .window_s = 0.2 * law_s,
                .answered_s = answered_s,
            };
            answered_s = came_s + 0.001;
        }
    }
    return count;
}

/* What a metronome would say of the machine: no stop is longer. Its stops may
 * follow each other without a break. */
static double noise_of(const struct machine *machine)
{
    return machine->stop_most_s;
}

static struct spread_answer ask(struct rng *rng, enum law law, unsigned batches,
                                const struct machine *machine)
{
    static struct spread_wait waits[BATCHES_MAX * RETRIES];
    struct spread_slack       slack = {
              .grain_s = 0.005, .late_s = 0.1, .noise_s = noise_of(machine)};
    size_t count = play(rng, law, batches, machine, waits);

    return spread_ask(waits, count, &slack);
}

/* clang-format off */
static const struct machine machines[] = {
    {0, 0, 0, 0},
    {0.0002, 0, 0.002, 3},
    {0.001, 0.005, 0, 0},
    {0.01, 0.001, 0.05, 10},
    {0.02, 0, 0.2, 3},
    {0.005, 0.001, 1, 1},
    {0, 0, 0.1, 60},
};
/* clang-format on */

enum { MACHINES = sizeof machines / sizeof machines[0] };

/* 100,000 trials, and none blamed. That alone would show little at one in a
 * million, so the chances themselves are held to their word: below 0.05 falls
 * no more than one in twenty, below 0.001 one in a thousand. */
static void test_right_clients(void **state)
{
    enum { TRIALS = 100000 };
    unsigned below_twentieth = 0;
    unsigned below_thousandth = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        struct rng           rng;
        struct spread_answer answer;
        unsigned             batches;

        rng_seed(&rng, seed);
        batches = 16 + (unsigned)rng_below(&rng, 33);
        answer = ask(&rng, LAW_EVEN, batches, &machines[seed % MACHINES]);
        below_twentieth += answer.p < 0.05;
        below_thousandth += answer.p < 0.001;
        if (answer.p < SPREAD_ALPHA)
            fail_msg("seed %u: a right client was blamed: p %g of fault %d",
                     (unsigned)seed, answer.p, (int)answer.fault);
    }
    print_message("p < 0.05: %u, p < 0.001: %u of %d\n", below_twentieth,
                  below_thousandth, TRIALS);
    assert_true(below_twentieth < TRIALS / 20);
    assert_true(below_thousandth < TRIALS / 1000);
}

static unsigned caught(enum law law, const struct machine *machine,
                       unsigned trials)
{
    unsigned found = 0;

    for (uint64_t seed = 1; seed <= trials; seed++) {
        struct rng rng;

        rng_seed(&rng, seed);
        found += ask(&rng, law, BATCHES_MAX, machine).p < SPREAD_ALPHA;
    }
    return found;
}

static void test_wrong_clients(void **state)
{
    /* clang-format off */
    static const struct {
        enum law law;
        unsigned of_100;      /* on a quiet machine, */
        unsigned of_100_busy; /* ... and on machines[3] */
    } rows[] = {
        {LAW_NONE, 100, 100},       {LAW_TENTH, 100, 100},
        {LAW_HALF, 100, 100},       {LAW_LOWER_HALF, 100, 100},
        {LAW_UPPER_HALF, 100, 100}, {LAW_NORMAL, 99, 90},
        {LAW_ENDS, 100, 100},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned quiet = caught(rows[i].law, &machines[1], 100);
        unsigned busy = caught(rows[i].law, &machines[3], 100);

        if (quiet < rows[i].of_100 || busy < rows[i].of_100_busy)
            fail_msg("%s: caught %u and, busy, %u of 100",
                     law_names[rows[i].law], quiet, busy);
    }
}

/* ---- a herd ---- */

static double herd_p(struct rng *rng, bool same_seed,
                     const struct machine *machine, unsigned clients)
{
    struct spread_wait  waits[BATCHES_MAX * RETRIES];
    struct spread_wait  level[BATCHES_MAX];
    struct spread_slack slack = {.grain_s = 0.005,
                                 .noise_s = noise_of(machine)};
    double              logs = 0;
    double              stretch;

    play(rng, LAW_EVEN, clients, machine, waits);
    for (unsigned retry = 1; retry < RETRIES; retry++) {
        for (unsigned i = 0; i < clients; i++) {
            level[i] = waits[i * RETRIES + retry];
            if (same_seed) /* as the first, but for the machine */
                level[i].place = waits[retry].place + machine->late_s *
                                                          rng_unit(rng) /
                                                          level[i].window_s;
        }
        logs += log(1e-300 + spread_alike(level, clients, (3 * clients + 3) / 4,
                                          &slack, &stretch));
    }
    return chance_product(logs, RETRIES - 1);
}

static void test_herds(void **state)
{
    enum { TRIALS = 50000 };
    unsigned below_thousandth = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        const struct machine *machine = &machines[seed % MACHINES];
        struct rng            rng;
        double                p;

        rng_seed(&rng, seed);
        p = herd_p(&rng, false, machine, 6 + (unsigned)(seed % 11));
        below_thousandth += p < 0.001;
        if (p < SPREAD_ALPHA)
            fail_msg("seed %u: right clients are no herd: p %g", (unsigned)seed,
                     p);
    }
    assert_true(below_thousandth < TRIALS / 1000);
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct rng rng;

        rng_seed(&rng, seed);
        assert_true(herd_p(&rng, true, &machines[1], 16) < SPREAD_ALPHA);
        assert_true(herd_p(&rng, true, &machines[3], 16) < SPREAD_ALPHA);
    }
}

/* ---- what cannot be told ---- */

static void test_blind(void **state)
{
    struct spread_wait  waits[BATCHES_MAX * RETRIES];
    struct spread_slack slack = {.grain_s = 0.005, .noise_s = 0.01};
    struct rng          rng;
    size_t              count;

    (void)state;
    rng_seed(&rng, 1);
    count = play(&rng, LAW_EVEN, BATCHES_MAX, &machines[0], waits);
    spread_ask(waits, count, &slack);
    assert_false(spread_is_blind(waits, count, &slack, 0.001));
    assert_true(spread_is_blind(waits, 40, &slack, 0));
    assert_true(spread_is_blind(waits, count, &slack, 0.5));
    slack.noise_s = INFINITY;
    assert_false(spread_is_blind(waits, count, &slack, 0));
    for (size_t i = 0; i < count; i++)
        waits[i].answered_s = 0;
    assert_true(spread_is_blind(waits, count, &slack, 0));
}

static int print_power(void)
{
    enum { TRIALS = 1000 };

    printf("| a client whose jitter is | quiet | beside load |\n"
           "| --- | --- | --- |\n");
    for (int law = 0; law < LAW_COUNT; law++)
        printf("| %s | %u | %u |\n", law_names[law],
               caught((enum law)law, &machines[1], TRIALS),
               caught((enum law)law, &machines[3], TRIALS));
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_excess_as_published),
        cmocka_unit_test(test_excess_at_its_ends),
        cmocka_unit_test(test_other_chances),
        cmocka_unit_test(test_right_clients),
        cmocka_unit_test(test_wrong_clients),
        cmocka_unit_test(test_herds),
        cmocka_unit_test(test_blind),
    };

    if (argc == 2 && strcmp(argv[1], "--power") == 0)
        return print_power();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
