/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/spread.h"

#include "common/alloc.h"
#include "judge/chance.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Fewer could not blame even a client without jitter. */
enum { ASKED_LEAST = 60 };

static int by_window(const void *left, const void *right)
{
    const struct spread_wait *a = left;
    const struct spread_wait *b = right;

    return (a->window_s < b->window_s) - (a->window_s > b->window_s);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static void sort(double *values, size_t count)
{
    qsort(values, count, sizeof values[0], ascending);
}

/* How many waits from the first on have its window. */
static size_t same_window(const struct spread_wait *waits, size_t count)
{
    size_t same = 1;

    assert(count > 0);
    while (same < count && waits[same].window_s >= waits[0].window_s)
        same++;
    return same;
}

/* ---- too many short, too many long ---- */

/* By how much the share of them below some place is over that place. */
static double excess(double *values, size_t count)
{
    double most = 0;

    sort(values, count);
    for (size_t i = 0; i < count; i++) {
        double over = (double)(i + 1) / (double)count - values[i];

        if (over > most)
            most = over;
    }
    return most;
}

/* Massart's bound, which is never below the exact chance, where that is no
 * matter: it spares a sum over all waits. */
static double chance_of(size_t count, double over)
{
    double bound = exp(-2 * (double)count * over * over);

    if (bound > 0.5)
        return 1;
    return bound > 1e-3 ? bound : chance_excess(count, over);
}

static double too_short(const struct spread_wait *waits, size_t count,
                        double grain_s, double *values, double *seen)
{
    for (size_t i = 0; i < count; i++) {
        double draw = waits[i].place + grain_s / waits[i].window_s;

        values[i] = draw > 0 ? draw : 0; /* who blames that is the law */
    }
    *seen = excess(values, count);
    return chance_of(count, *seen);
}

static double too_long(const struct spread_wait *waits, size_t count,
                       double late_s, double *values, double *seen)
{
    for (size_t i = 0; i < count; i++) {
        double draw = waits[i].place - late_s / waits[i].window_s;

        values[i] = draw < 1 ? 1 - draw : 0; /* likewise */
    }
    *seen = excess(values, count);
    return chance_of(count, *seen);
}

struct spread_asked spread_measure(const struct spread_wait *waits,
                                   size_t                    count)
{
    double *values = alloc_zero(count + 1, sizeof values[0]);
    double  from_below;
    double  from_above;
    double  p;
    double  most;

    too_short(waits, count, 0, values, &from_below);
    too_long(waits, count, 0, values, &from_above);
    alloc_free(values);
    most = from_below > from_above ? from_below : from_above;
    p = 2 * chance_of(count, most); /* Bonferroni, of both ends */
    return (struct spread_asked){
        .p = p < 1 ? p : 1, .count = count, .seen = most};
}

/* ---- too many alike ---- */

static double shortest(double *values, size_t count, size_t least)
{
    double found;

    assert(least >= 1 && least <= count);
    sort(values, count);
    found = values[count - 1] - values[0];
    for (size_t i = 0; i + least <= count; i++)
        if (values[i + least - 1] - values[i] < found)
            found = values[i + least - 1] - values[i];
    return found;
}

/* The most of them that lie in any stretch of that length. */
static size_t most_within(double *values, size_t count, double stretch)
{
    size_t most = 0;
    size_t from = 0;

    sort(values, count);
    for (size_t i = 0; i < count; i++) {
        while (values[i] - values[from] > stretch)
            from++;
        if (i - from + 1 > most)
            most = i - from + 1;
    }
    return most;
}

static double windows_of(double time_s, double window_s)
{
    return time_s < window_s ? time_s / window_s : 1;
}

/* How likely a wait at most falls into a stretch of that length that another
 * begins, when the machine stops as it likes. A stop brings in those whose
 * answers lay as close; that other is one of them itself. */
static double share_of(const struct spread_wait *waits, size_t count,
                       double stretch, const struct spread_slack *slack)
{
    double *answers = alloc_zero(count, sizeof answers[0]);
    double  extra = 0;

    for (size_t from = 0; from < count;) {
        size_t same = same_window(waits + from, count - from);
        size_t close;
        double window_s = waits[from].window_s;

        for (size_t i = 0; i < same; i++)
            answers[i] = waits[from + i].answered_s;
        close = most_within(answers, same, stretch * window_s) - (from == 0);
        extra += (double)same * windows_of(slack->grain_s, window_s) +
                 (double)close * windows_of(slack->noise_s, window_s);
        from += same;
    }
    alloc_free(answers);
    return stretch + extra / (double)count;
}

double spread_alike(const struct spread_wait *waits, size_t count, size_t least,
                    const struct spread_slack *slack, double *stretch)
{
    double *places = alloc_zero(count, sizeof places[0]);

    for (size_t i = 0; i < count; i++)
        places[i] = waits[i].place;
    *stretch = shortest(places, count, least);
    alloc_free(places);
    return chance_bunched(least, count,
                          share_of(waits, count, *stretch, slack));
}

/* ---- all of them, of the widest windows and of more and more ---- */

/* How many waits the next group has; 0 = there is none. Those of one window
 * are never parted. */
static size_t next_group(const struct spread_wait *waits, size_t count,
                         size_t group)
{
    do {
        if (group == count)
            return 0;
        assert(group < count);
        group += same_window(waits + group, count - group);
    } while (group < ASKED_LEAST);
    return group;
}

static size_t half_of(size_t count)
{
    return (count + 1) / 2;
}

/* Where no group speaks against the client, that of all waits is told. */
static void weigh(struct spread_answer *least, double p, size_t count,
                  enum spread_fault fault, double seen)
{
    struct spread_asked *asked = &least->asked[fault];

    assert((size_t)fault < SPREAD_FAULTS && p >= 0 && p <= 1);
    if (p < asked->p || asked->p >= 1)
        *asked = (struct spread_asked){.p = p, .count = count, .seen = seen};
    if (p < least->p) {
        least->p = p;
        least->fault = fault;
    }
}

struct spread_answer spread_ask(struct spread_wait *waits, size_t count,
                                const struct spread_slack *slack)
{
    struct spread_answer answer = {.p = 1,
                                   .asked = {{.p = 1}, {.p = 1}, {.p = 1}}};
    double              *values = alloc_zero(count + 1, sizeof values[0]);
    unsigned             questions = 0;
    double               seen;
    double               p;

    qsort(waits, count, sizeof waits[0], by_window);
    for (size_t n = next_group(waits, count, 0); n > 0;
         n = next_group(waits, count, n)) {
        questions += SPREAD_FAULTS;
        p = too_short(waits, n, slack->grain_s, values, &seen);
        weigh(&answer, p, n, SPREAD_SHORT, seen);
        p = too_long(waits, n, slack->late_s + slack->noise_s, values, &seen);
        weigh(&answer, p, n, SPREAD_LONG, seen);
        p = spread_alike(waits, n, half_of(n), slack, &seen);
        weigh(&answer, p, n, SPREAD_ALIKE, seen);
    }
    alloc_free(values);
    answer.p = answer.p * questions < 1 ? answer.p * questions : 1;
    return answer;
}

/* Asked of such a client. */
bool spread_is_blind(const struct spread_wait *waits, size_t count,
                     const struct spread_slack *slack, double late_s)
{
    unsigned questions = 0;
    double   least = 1;

    for (size_t n = next_group(waits, count, 0); n > 0;
         n = next_group(waits, count, n)) {
        double stretch = windows_of(late_s, waits[n - 1].window_s);
        double p =
            chance_bunched(half_of(n), n, share_of(waits, n, stretch, slack));

        questions += SPREAD_FAULTS;
        if (p < least)
            least = p;
    }
    return questions == 0 || least * questions >= SPREAD_ALPHA;
}
