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

static unsigned first_of(const struct attempt_order        *attempt_order,
                         const struct attempt_order_entry  *entry,
                         const struct attempt_order_reader *reader)
{
    size_t events = 0;

    if (entry->first != ATTEMPT_ORDER_UNREAD)
        return (unsigned)entry->first;
    if (reader->events_of != NULL)
        events = reader->events_of(reader->data, entry->attempt, reader->events,
                                   PLAN_EVENTS_MAX);
    return batch_first_event(attempt_order->plan, reader->events, events);
}

static void count(struct attempt_order              *attempt_order,
                  const struct attempt_order_entry  *entry,
                  const struct attempt_order_reader *reader)
{
    const struct attempt *attempt = entry->attempt;
    const unsigned        first = first_of(attempt_order, entry, reader);

    attempt_order->nth[attempt->number] =
        ++attempt_order->attempts[attempt->route][first];
}

unsigned attempt_order_nth(struct attempt_order              *attempt_order,
                           const struct attempt              *attempt,
                           const struct attempt_order_reader *reader)
{
    assert(attempt_order->nth != NULL);
    for (size_t i = 0; i < attempt_order->entry_count; i++)
        count(attempt_order, &attempt_order->entries[i], reader);
    attempt_order->entry_count = 0;
    return attempt_order->nth[attempt->number];
}
