/* SPDX-License-Identifier: Apache-2.0 */
#include "server/timer.h"

#include "common/alloc.h"

void timers_clear(struct timers *timers)
{
    for (size_t i = 0; i < timers->count; i++)
        timers->items[i]->place = 0;
    alloc_free(timers->items);
    *timers = (struct timers){0};
}

static void put(struct timers *timers, size_t index, struct timer *timer)
{
    timers->items[index] = timer;
    timer->place = index + 1;
}

static void sift_up(struct timers *timers, size_t index)
{
    struct timer *moved = timers->items[index];

    while (index > 0) {
        struct timer *above = timers->items[(index - 1) / 2];

        if (above->due_ns <= moved->due_ns)
            break;
        put(timers, index, above);
        index = (index - 1) / 2;
    }
    put(timers, index, moved);
}

static void sift_down(struct timers *timers, size_t index)
{
    struct timer *moved = timers->items[index];

    for (;;) {
        size_t below = 2 * index + 1;

        if (below + 1 < timers->count &&
            timers->items[below + 1]->due_ns < timers->items[below]->due_ns)
            below++;
        if (below >= timers->count ||
            moved->due_ns <= timers->items[below]->due_ns)
            break;
        put(timers, index, timers->items[below]);
        index = below;
    }
    put(timers, index, moved);
}

void timers_set(struct timers *timers, struct timer *timer, int64_t due_ns)
{
    timers_cancel(timers, timer);
    timers->items =
        alloc_one_more(timers->items, timers->count, sizeof timers->items[0]);
    timer->due_ns = due_ns;
    put(timers, timers->count++, timer);
    sift_up(timers, timers->count - 1);
}

void timers_cancel(struct timers *timers, struct timer *timer)
{
    size_t        index = timer->place - 1;
    struct timer *last;

    if (timer->place == 0)
        return;
    timer->place = 0;
    last = timers->items[--timers->count];
    if (last == timer)
        return;
    put(timers, index, last);
    sift_up(timers, index);
    sift_down(timers, last->place - 1);
}

int64_t timers_next_ns(const struct timers *timers)
{
    return timers->count > 0 ? timers->items[0]->due_ns : INT64_MAX;
}

struct timer *timers_take_due(struct timers *timers, int64_t now_ns)
{
    struct timer *first;

    if (timers_next_ns(timers) > now_ns || timers->count == 0)
        return NULL;
    first = timers->items[0];
    timers_cancel(timers, first);
    return first;
}
