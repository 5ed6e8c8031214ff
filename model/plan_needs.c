/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan needs of a client. */

#include "model/plan.h"

#include <string.h>

unsigned plan_batches(const struct plan *plan)
{
    const struct given *given = &plan->given;
    int64_t             flush_at = given->config[CONFIG_FLUSH_AT];
    unsigned            batches[PLAN_CLIENTS_MAX + 1] = {0};
    unsigned            most = 0;

    for (size_t i = 0; i < given->sequence_count; i++) {
        unsigned *own = &batches[plan_client_of_sequence(plan, i)];
        unsigned  events = given->sequences[i].events;
        unsigned  size = flush_at > 0 ? (unsigned)flush_at : events;

        *own += (events + size - 1) / size;
        most = *own > most ? *own : most;
    }
    return most;
}

static bool needs_key(const struct plan *plan, enum config_key key)
{
    const struct given *given = &plan->given;

    for (size_t i = 0; i < given->wrong_count; i++)
        if (given->wrong[i].key == key)
            return key != CONFIG_FLUSH_INTERVAL;
    if (given->config[key] == CONFIG_UNSET || key == CONFIG_FLUSH_INTERVAL)
        return false;
    /* One batch of everything is what a client without flushAt makes. */
    return key != CONFIG_FLUSH_AT || plan_batches(plan) > 1;
}

/* What stands around the padding of an event, around the events of a
 * sequence, and around all of them: the host, OAuth's settings, the config.
 * tests/unit/runner_test.c holds these to what is made. */
enum {
    EVENT_JSON_BYTES = 152,
    SEQUENCE_JSON_BYTES = 40,
    INPUT_JSON_BYTES = 1024 + CONFIG_COUNT * 64,
};

size_t plan_input_bytes(const struct plan *plan)
{
    const struct given *given = &plan->given;
    size_t              bytes[PLAN_CLIENTS_MAX + 1] = {0};
    size_t              most = 0;
    unsigned            number = 0;

    for (size_t i = 0; i < given->sequence_count; i++) {
        size_t *own = &bytes[plan_client_of_sequence(plan, i)];

        *own += SEQUENCE_JSON_BYTES;
        for (unsigned j = 0; j < given->sequences[i].events; j++)
            *own += EVENT_JSON_BYTES + plan_event_bytes(plan, ++number);
        most = *own > most ? *own : most;
    }
    for (size_t i = 0; i < given->wrong_count; i++)
        most += strlen(given->wrong[i].json);
    if (given->write_key != NULL) /* each byte may need a backslash */
        most += 2 * strlen(given->write_key);
    return most + INPUT_JSON_BYTES;
}

const char *plan_capability(const struct plan *plan, size_t index)
{
    const struct route_plan *settings = &plan->routes[ROUTE_SETTINGS];

    if (plan_batches(plan) > 1 && index-- == 0)
        return "batches";
    if (plan->given.https && index-- == 0)
        return "https";
    if (plan_has_oauth(plan) && index-- == 0)
        return "oauth";
    if (settings->steps.count > 0 && index-- == 0)
        return "settings";
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (needs_key(plan, (enum config_key)i) && index-- == 0)
            return config_capability((enum config_key)i);
    for (int i = 0; i < CONFIG_VALUE_COUNT; i++)
        if (config_value_capability(plan->given.config, i) != NULL &&
            index-- == 0)
            return config_value_capability(plan->given.config, i);
    if (plan->given.wrong_count > 0 && index-- == 0)
        return "refuses-config";
    if (plan_input_bytes(plan) > PLAN_ARGUMENT_BYTES_MAX && index-- == 0)
        return "large-input";
    return index < plan->need_count ? plan->needs[index] : NULL;
}
