/* SPDX-License-Identifier: Apache-2.0 */
#include "server/cursor.h"

#include "common/alloc.h"

/* The next step, or NULL when the list is at its end. */
static const struct step *cursor_next(struct cursor          *cursor,
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

/* A connection's own fault is not for its requests. */
static size_t first_for_requests(const struct step_list *list)
{
    return list->count > 0 && list->items[0].kind == STEP_FAULT &&
                   fault_is_of_connection(list->items[0].fault)
               ? 1
               : 0;
}

void cursors_init(struct cursors *cursors, const struct plan *plan)
{
    *cursors = (struct cursors){.plan = plan};
    cursors->connections = alloc_zero(plan->on_connection_count + 1,
                                      sizeof cursors->connections[0]);
    for (size_t i = 0; i < plan->on_connection_count; i++)
        cursors->connections[i].index =
            first_for_requests(&plan->on_connection[i].steps);
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *steps = &plan->routes[i];
        struct route_cursors    *route = &cursors->routes[i];

        route->with_event =
            alloc_zero(steps->with_event_count, sizeof route->with_event[0]);
        route->batches = alloc_zero((size_t)plan->given.events + 1,
                                    sizeof route->batches[0]);
        route->asks_events =
            steps->each_batch.count > 0 || steps->with_event_count > 0;
    }
}

void cursors_clear(struct cursors *cursors)
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        alloc_free(cursors->routes[i].with_event);
        alloc_free(cursors->routes[i].batches);
    }
    alloc_free(cursors->connections);
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

unsigned batch_first_event(const struct plan *plan, const unsigned *events,
                           size_t event_count)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i] > 0 && events[i] <= plan->given.events)
            return events[i];
    return 0;
}

/* The connection's own list while there is something left in it; its index,
 * or the count. Only the ingest route has such. */
static size_t find_connection(const struct cursors *cursors, enum route route,
                              unsigned connection)
{
    const struct plan *plan = cursors->plan;
    size_t             i = 0;

    if (route != ROUTE_INGEST)
        return plan->on_connection_count;
    while (
        i < plan->on_connection_count &&
        (plan->on_connection[i].connection != connection ||
         cursors->connections[i].index >= plan->on_connection[i].steps.count))
        i++;
    return i;
}

struct pick cursors_next(struct cursors *cursors, enum route route,
                         unsigned connection, const unsigned *events,
                         size_t event_count)
{
    const struct route_plan *plan = &cursors->plan->routes[route];
    struct route_cursors    *at = &cursors->routes[route];
    const struct step_list  *list = &plan->steps;
    struct cursor           *cursor = &at->steps;
    const unsigned           first =
        batch_first_event(cursors->plan, events, event_count);
    struct pick  pick = {.from = PICK_STEPS, .event = first};
    const size_t with = find_with_event(plan, events, event_count);
    const size_t own = find_connection(cursors, route, connection);

    if (own < cursors->plan->on_connection_count) {
        pick.from = PICK_CONNECTION;
        list = &cursors->plan->on_connection[own].steps;
        cursor = &cursors->connections[own];
    } else if (with < plan->with_event_count) {
        pick.from = PICK_EVENT;
        pick.event = plan->with_event[with].event;
        list = &plan->with_event[with].steps;
        cursor = &at->with_event[with];
    } else if (first > 0 && plan->each_batch.count > 0) {
        pick.from = PICK_BATCH;
        list = &plan->each_batch;
        cursor = &at->batches[first];
    }
    pick.number = cursor->index + 1;
    pick.step = cursor_next(cursor, list);
    return pick;
}

static bool is_early(const struct step_list *list, const struct cursor *cursor)
{
    const struct step *step =
        cursor->index < list->count ? &list->items[cursor->index] : NULL;

    return step != NULL && step->kind == STEP_FAULT &&
           fault_family(step->fault) == FAMILY_REQUEST;
}

struct pick cursors_early(struct cursors *cursors, enum route route,
                          unsigned connection)
{
    const struct plan       *plan = cursors->plan;
    const struct route_plan *steps = &plan->routes[route];
    const size_t             own = find_connection(cursors, route, connection);
    bool                     early;

    if (own < plan->on_connection_count)
        early = is_early(&plan->on_connection[own].steps,
                         &cursors->connections[own]);
    else
        early = steps->with_event_count == 0 && steps->each_batch.count == 0 &&
                is_early(&steps->steps, &cursors->routes[route].steps);
    if (!early)
        return (struct pick){0};
    return cursors_next(cursors, route, connection, NULL, 0);
}
