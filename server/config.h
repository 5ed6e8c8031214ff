/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

/* What the owner of a server says. Read by all parts, changed by none. */

#include "common/clock.h"
#include "common/err.h"
#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"
#include "server/keys/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
};

struct server_config {
    const struct plan *plan; /* borrowed while the server lives */
    /* Whose wire is spoken: the path and the method of ingest, and the answers
     * that a step has no body for; NULL: any POST is ingest. */
    const struct profile *profile;
    struct record        *record; /* borrowed; attempts and remarks go here */
    const struct clock   *clock;
    int64_t epoch_ns; /* the clock's time that is 0 in the record */
    int     port; /* 0 = one the kernel picks */
    /* Of the URLs that clients are given: their Host. NULL: they may come by
     * any name. */
    const char         *host;
    unsigned            connections_max; /* open at once; 0 = 10,240 */
    struct server_hooks hooks;
    /* Sets the wall clock that we and the clients go by; NULL where none can
     * be set, and then no step of the plan does. */
    void (*step_wall)(void *owner, int64_t by_ns);
    /* The attempt is over: answered, broken off or gone. May be NULL. */
    void (*on_attempt)(void *owner, const struct attempt *attempt);
    void *owner; /* of these two */
    /* The credential is what the token route checks assertions by; without one
     * it does not. Where the plan is played over https, the authority vouches
     * for us. Borrowed. */
    struct keys keys;
};

/* hooks.events_of, or 0; events has room for PLAN_EVENTS_MAX. */
size_t config_events_of(const struct server_config *config,
                        const struct attempt *attempt, unsigned *events);

#endif
