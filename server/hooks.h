#ifndef SERVER_HOOKS_H
#define SERVER_HOOKS_H

#include "common/err.h"
#include "model/plan.h"
#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>

struct server;

/* What the server asks its owner, because other rooms know it. data is handed
 * through. */
struct server_hooks {
    void *data;
    /* The numbers of the plan's events that the attempt's body holds, in the
     * order they stand there; returns how many (at most max). NULL: nobody
     * can tell; then every request is answered from the shared list. */
    size_t (*events_of)(void *data, const struct attempt *attempt,
                        unsigned *numbers, size_t max);
    /* Fills step (cleared before) for a STEP_DECIDE with this handle. False:
     * err says why; the request is then answered 500 and server_trouble
     * tells. */
    bool (*decide)(void *data, int handle, struct server *server,
                   const struct attempt *attempt, struct step *step,
                   struct err *err);
    /* The attempt is over: answered, broken off or gone. May be NULL. */
    void (*on_attempt)(void *data, const struct attempt *attempt);
};

/* How many numbers of events were put at events, which has room for
 * PLAN_EVENTS_MAX. */
static inline size_t hooks_events(const struct server_hooks *hooks,
                                  const struct attempt      *attempt,
                                  unsigned                  *events)
{
    return hooks->events_of == NULL ? 0
                                    : hooks->events_of(hooks->data, attempt,
                                                       events, PLAN_EVENTS_MAX);
}

#endif
