#include "server/cursor.h"

#include "common/alloc.h"

const struct step *cursor_next(struct cursor           *cursor,
                               const struct step_list *list)
{
    const struct step *step;

    if (cursor->index >= list->count)
        return NULL;
    step = &list->items[cursor->index];
    /* times 0 is "for all further": the cursor stays. */
    if (step->times > 0 && ++cursor->used >= step->times) {
        cursor->index++;
        cursor->used = 0;
    }
    return step;
}

static bool list_decides(const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == STEP_DECIDE)
            return true;
    return false;
}

void cursors_init(struct cursors *cursors, const struct plan *plan)
{
    *cursors = (struct cursors){.plan = plan};
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *steps = &plan->routes[i];
        struct route_cursors    *route = &cursors->routes[i];

        route->with_event = alloc_zero(steps->with_event_count,
                                       sizeof route->with_event[0]);
        route->batches = alloc_zero((size_t)plan->given.events + 1,
                                    sizeof route->batches[0]);
        /* A decide step is told which attempt of its batch it is, so all of
         * them must be counted. */
        route->asks_events = steps->each_batch.count > 0 ||
                             steps->with_event_count > 0 ||
                             list_decides(&steps->steps);
    }
}

void cursors_clear(struct cursors *cursors)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        alloc_free(cursors->routes[i].with_event);
        alloc_free(cursors->routes[i].batches);
    }
    *cursors = (struct cursors){0};
}

bool cursors_ask_events(const struct cursors *cursors, enum route route)
{
    return cursors->routes[route].asks_events;
}

static bool holds(const unsigned *events, size_t count, unsigned event)
{
    for (size_t i = 0; i < count; i++)
        if (events[i] == event)
            return true;
    return false;
}

/* The list of an event that the batch holds: its index, or the count. */
static size_t find_with_event(const struct route_plan *plan,
                              const unsigned *events, size_t event_count)
{
    size_t i = 0;

    while (i < plan->with_event_count &&
           !holds(events, event_count, plan->with_event[i].event))
        i++;
    return i;
}

static unsigned first_known(const struct plan *plan, const unsigned *events,
                            size_t event_count)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i] > 0 && events[i] <= plan->given.events)
            return events[i];
    return 0;
}

struct pick cursors_next(struct cursors *cursors, enum route route,
                         const unsigned *events, size_t event_count)
{
    const struct route_plan *plan = &cursors->plan->routes[route];
    struct route_cursors    *at = &cursors->routes[route];
    const struct step_list  *list = &plan->steps;
    struct cursor           *cursor = &at->steps;
    unsigned     first = first_known(cursors->plan, events, event_count);
    struct pick  pick = {.from = PICK_STEPS, .event = first};
    const size_t with = find_with_event(plan, events, event_count);

    pick.nth = ++at->batches[first].attempts;
    if (with < plan->with_event_count) {
        pick.from = PICK_EVENT;
        pick.event = plan->with_event[with].event;
        list = &plan->with_event[with].steps;
        cursor = &at->with_event[with];
    } else if (first > 0 && plan->each_batch.count > 0) {
        pick.from = PICK_BATCH;
        list = &plan->each_batch;
        cursor = &at->batches[first].cursor;
    }
    pick.number = cursor->index + 1;
    pick.step = cursor_next(cursor, list);
    return pick;
}
