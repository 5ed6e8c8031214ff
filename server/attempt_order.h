/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ATTEMPT_ORDER_H
#define SERVER_ATTEMPT_ORDER_H

/* Which attempt of its batch an attempt is: 1, 2, ...
 *
 * A batch is known by its first event, and that by the body, which takes longer
 * to read than all the rest of a request takes. So attempts are only noted as
 * they come, and counted in that order once somebody asks. */

#include "model/plan.h"
#include "model/record.h"
#include "server/config.h"

#include <stddef.h>

enum { ATTEMPT_ORDER_UNREAD = -1 };

struct attempt_order_entry {
    const struct attempt *attempt;
    int                   first; /* its batch; or ATTEMPT_ORDER_UNREAD */
};

struct attempt_order {
    const struct plan          *plan;
    struct attempt_order_entry *entries; /* not counted yet */
    size_t                      entry_count;
    unsigned                   *nth; /* by attempt number; 0 = not */
    unsigned *attempts[ROUTE_COUNT]; /* by first event; 0 = none */
};

void attempt_order_init(struct attempt_order *attempt_order,
                        const struct plan    *plan);
void attempt_order_clear(struct attempt_order *attempt_order);

/* An answer is being chosen for the attempt, which lives as long as the tally.
 * first: what batch_first_event says of it, if that is known already. */
void attempt_order_note(struct attempt_order *attempt_order,
                        const struct attempt *attempt, int first);
/* Of an attempt that was noted. events: room for PLAN_EVENTS_MAX. */
unsigned attempt_order_nth(struct attempt_order       *attempt_order,
                           const struct attempt       *attempt,
                           const struct server_config *config,
                           unsigned                   *events);

#endif
