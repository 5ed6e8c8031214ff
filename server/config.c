/* SPDX-License-Identifier: Apache-2.0 */
#include "server/config.h"

size_t config_events_of(const struct server_config *config,
                        const struct attempt *attempt, unsigned *events)
{
    const struct server_hooks *hooks = &config->hooks;

    if (hooks->events_of == NULL)
        return 0;
    return hooks->events_of(hooks->data, attempt, events, PLAN_EVENTS_MAX);
}
