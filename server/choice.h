/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CHOICE_H
#define SERVER_CHOICE_H

/* Chooses the step for a request: asks whose batch it is, moves the plan's
 * cursor, asks a decide step what it says, and writes into the attempt what
 * will be played. */

#include "model/record.h"
#include "server/attempt_order.h"
#include "server/config.h"
#include "server/core.h"
#include "server/cursor.h"

struct choices {
    /* Set by the owner. */
    struct core                *core;
    const struct server_config *config;
    struct server              *server; /* for hooks.decide */

    struct cursors       cursors;
    struct attempt_order attempt_order;
    unsigned            *events; /* room for PLAN_EVENTS_MAX */
};

void choices_start(struct choices *choices);
void choices_clear(struct choices *choices);

/* For a whole request; decided is where a decide step's own is put. NULL:
 * beyond the script, the default answer. */
const struct step *choice_make(struct choices *choices, struct attempt *attempt,
                               struct step *decided);
/* When only the head is here: takes the step if it is a fault that strikes
 * before the body is whole; else NULL. */
const struct step *choice_make_early(struct choices *choices,
                                     struct attempt *attempt);
/* As server_nth. */
unsigned choice_nth(struct choices *choices, const struct attempt *attempt);

#endif
