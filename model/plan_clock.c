/* SPDX-License-Identifier: Apache-2.0 */
/* A plan's clock: on which it can be run, and how far its wall clock is set. */

#include "model/plan.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    const char *lack;
} plan_clocks[] = {
#define X(clock, name, lack) [clock] = {name, lack},
    PLAN_CLOCK_MAP(X)
#undef X
};

const char *plan_clock_name(enum plan_clock clock)
{
    assert(clock < PLAN_CLOCKS);
    return plan_clocks[clock].name;
}

bool plan_clock_find(const char *name, enum plan_clock *clock)
{
    for (int i = 0; i < PLAN_CLOCKS; i++)
        if (strcmp(plan_clocks[i].name, name) == 0) {
            *clock = (enum plan_clock)i;
            return true;
        }
    return false;
}

const char *plan_clock_lacks(const struct plan *plan, enum plan_clock clock)
{
    return plan->clock == clock ? NULL : plan_clocks[plan->clock].lack;
}

static int64_t clock_back_ns(const struct step_list *list)
{
    int64_t back_ns = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].clock_by_ns < 0)
            back_ns -= list->items[i].clock_by_ns;
    return back_ns;
}

int64_t plan_clock_back_ns(const struct plan *plan)
{
    int64_t back_ns = 0;

    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *route = &plan->routes[i];

        back_ns += clock_back_ns(&route->steps);
        back_ns += clock_back_ns(&route->each_batch);
        for (size_t j = 0; j < route->with_event_count; j++)
            back_ns += clock_back_ns(&route->with_event[j].steps);
    }
    for (size_t i = 0; i < plan->on_connection_count; i++)
        back_ns += clock_back_ns(&plan->on_connection[i].steps);
    return back_ns;
}

int64_t plan_clock_ahead_ns(const struct plan *plan, int64_t now_wall_ns)
{
    int64_t back_ns = plan_clock_back_ns(plan);
    int64_t soonest_ns = now_wall_ns + back_ns + plan->summer_time_in_ns;
    int64_t change_s;

    if (plan->summer_time == SUMMER_TIME_UNSAID)
        return back_ns;
    change_s = summer_time_next_s(plan->summer_time, soonest_ns / NS_PER_S + 1);
    return change_s * NS_PER_S - plan->summer_time_in_ns - now_wall_ns;
}
