/* SPDX-License-Identifier: Apache-2.0 */
#include "server/attempt_order.h"

#include "common/alloc.h"
#include "server/cursor.h"

#include <assert.h>

static bool list_decides(const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == STEP_DECIDE)
            return true;
    return false;
}

static bool route_decides(const struct route_plan *route)
{
    bool decides =
        list_decides(&route->steps) || list_decides(&route->each_batch);

    for (size_t i = 0; i < route->with_event_count; i++)
        decides |= list_decides(&route->with_event[i].steps);
    return decides;
}

/* Nobody else asks. */
static bool plan_decides(const struct plan *plan)
{
    bool decides = false;

    for (int i = 0; i < ROUTE_COUNT; i++)
        decides |= route_decides(&plan->routes[i]);
    for (size_t i = 0; i < plan->on_connection_count; i++)
        decides |= list_decides(&plan->on_connection[i].steps);
    return decides;
}

void attempt_order_init(struct attempt_order *attempt_order,
                        const struct plan    *plan)
{
    *attempt_order = (struct attempt_order){.plan = plan};
    if (!plan_decides(plan))
        return;
    attempt_order->nth =
        alloc_zero(RECORD_ATTEMPTS_MAX + 1, sizeof attempt_order->nth[0]);
    for (int i = 0; i < ROUTE_COUNT; i++)
        attempt_order->attempts[i] =
            alloc_zero((size_t)plan->given.events + 1,
                       sizeof attempt_order->attempts[i][0]);
}

void attempt_order_clear(struct attempt_order *attempt_order)
{
    for (int i = 0; i < ROUTE_COUNT; i++)
        alloc_free(attempt_order->attempts[i]);
    alloc_free(attempt_order->nth);
    alloc_free(attempt_order->entries);
    *attempt_order = (struct attempt_order){0};
}

void attempt_order_note(struct attempt_order *attempt_order,
                        const struct attempt *attempt, int first)
{
    if (attempt_order->nth == NULL)
        return;
    attempt_order->entries =
        alloc_one_more(attempt_order->entries, attempt_order->entry_count,
                       sizeof attempt_order->entries[0]);
    attempt_order->entries[attempt_order->entry_count++] =
        (struct attempt_order_entry){attempt, first};
}

unsigned attempt_order_nth(struct attempt_order       *attempt_order,
                           const struct attempt       *attempt,
                           const struct server_config *config, unsigned *events)
{
    assert(attempt_order->nth != NULL);
    for (size_t i = 0; i < attempt_order->entry_count; i++) {
        const struct attempt_order_entry *entry = &attempt_order->entries[i];
        const struct attempt             *noted = entry->attempt;
        unsigned                          first = (unsigned)entry->first;

        if (entry->first == ATTEMPT_ORDER_UNREAD)
            first = batch_first_event(attempt_order->plan, events,
                                      config_events_of(config, noted, events));
        attempt_order->nth[noted->number] =
            ++attempt_order->attempts[noted->route][first];
    }
    attempt_order->entry_count = 0;
    return attempt_order->nth[attempt->number];
}
