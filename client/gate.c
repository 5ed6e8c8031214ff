/* SPDX-License-Identifier: Apache-2.0 */
#include "client/gate.h"

#include "common/clock.h"

#include <assert.h>

void gate_init(struct gate *gate)
{
    monitor_init(&gate->monitor);
    gate->closed_until_ns = 0;
    gate->stop_ns = MONITOR_FOREVER;
}

void gate_clear(struct gate *gate)
{
    monitor_clear(&gate->monitor);
}

void gate_close(struct gate *gate, int64_t until_ns)
{
    assert(until_ns >= 0);
    monitor_lock(&gate->monitor);
    if (until_ns > gate->closed_until_ns)
        gate->closed_until_ns = until_ns;
    monitor_notify(&gate->monitor);
    monitor_unlock(&gate->monitor);
}

bool gate_pass(struct gate *gate, int64_t until_ns)
{
    bool passed = false;

    assert(until_ns >= 0);
    monitor_lock(&gate->monitor);
    for (;;) {
        int64_t now_ns = clock_now_ns(clock_real());
        int64_t opens_ns =
            until_ns > gate->closed_until_ns ? until_ns : gate->closed_until_ns;

        if (opens_ns >= gate->stop_ns || now_ns >= gate->stop_ns)
            break;
        /* The time is asked anew after each wait: never a moment early. */
        passed = now_ns >= opens_ns;
        if (passed)
            break;
        monitor_wait(&gate->monitor, opens_ns);
    }
    monitor_unlock(&gate->monitor);
    return passed;
}

bool gate_is_open(struct gate *gate)
{
    int64_t now_ns = clock_now_ns(clock_real());
    bool    open;

    monitor_lock(&gate->monitor);
    open = now_ns >= gate->closed_until_ns && now_ns < gate->stop_ns;
    monitor_unlock(&gate->monitor);
    return open;
}

void gate_stop(struct gate *gate, int64_t at_ns)
{
    assert(at_ns >= 0);
    monitor_lock(&gate->monitor);
    if (at_ns < gate->stop_ns)
        gate->stop_ns = at_ns;
    monitor_notify(&gate->monitor);
    monitor_unlock(&gate->monitor);
}
