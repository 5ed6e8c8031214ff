/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CURSOR_H
#define SERVER_CURSOR_H

/* Which step of the plan comes next.
 *
 * Every list of steps is walked by one cursor, but for each_batch, which has
 * one for each batch. A batch is known by the first of the plan's events it
 * holds. Pure: knows no request, only its connection, its route and the events
 * in it. */

#include "model/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct cursor {
    size_t   index; /* the step that is next */
    unsigned used;  /* how often it was played already */
};

struct route_cursors {
    bool           asks_events; /* its steps depend on the batch */
    struct cursor  steps;
    struct cursor *with_event; /* as the plan's */
    struct cursor *batches;    /* by first event; 0 = no event known */
};

struct cursors {
    const struct plan   *plan;
    struct route_cursors routes[ROUTE_COUNT];
    struct cursor       *connections; /* as the plan's on_connection */
};

enum pick_from { PICK_STEPS, PICK_BATCH, PICK_EVENT, PICK_CONNECTION };

struct pick {
    const struct step *step;   /* NULL = beyond the script */
    size_t             number; /* of the step in its list: 1, 2, ... */
    enum pick_from     from;
    unsigned           event; /* the batch's first, or with_event's; 0 = none */
};

/* By which a batch is known: the first of the plan's events that it holds; 0 =
 * it holds none. */
unsigned batch_first_event(const struct plan *plan, const unsigned *events,
                           size_t event_count);

void cursors_init(struct cursors *cursors, const struct plan *plan);
void cursors_clear(struct cursors *cursors);

/* Whether cursors_next wants to know the events; else none need be given. */
bool cursors_ask_events(const struct cursors *cursors, enum route route);
struct pick cursors_next(struct cursors *cursors, enum route route,
                         unsigned connection, const unsigned *events,
                         size_t event_count);
/* The next step, if it is a fault that strikes before the body is whole; else
 * its step is NULL, and nothing has moved. */
struct pick cursors_early(struct cursors *cursors, enum route route,
                          unsigned connection);

#endif
