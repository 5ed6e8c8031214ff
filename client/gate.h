/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_GATE_H
#define CLIENT_GATE_H

/* The gate before the server, one for all workers: when may the next request
 * start?
 *
 * A Retry-After closes it until a point in time, and until then no batch of
 * this client passes, whichever worker holds it. It opens by the clock alone:
 * a success of a request that was already under way does not make the
 * server's word void, and after that time nothing of the rate limit is left.
 * Waiting here is the only waiting between attempts, so stopping the gate
 * interrupts every one of them. */

#include "client/monitor.h"

#include <stdbool.h>
#include <stdint.h>

struct gate {
    struct monitor monitor;
    int64_t        closed_until_ns;
    int64_t        stop_ns; /* nothing starts after this */
};

void gate_init(struct gate *gate);
void gate_clear(struct gate *gate);

/* Closes it for everyone; never shortens an earlier word of the server. */
void gate_close(struct gate *gate, int64_t until_ns);

/* Waits until both until_ns and the gate's own time are past; false as soon
 * as it is certain that this would be after the gate was stopped. */
bool gate_pass(struct gate *gate, int64_t until_ns);

/* Whether someone who may go by his own time would pass just now. */
bool gate_is_open(struct gate *gate);

/* From at_ns on nobody passes; who would have to wait longer is told now. */
void gate_stop(struct gate *gate, int64_t at_ns);

#endif
