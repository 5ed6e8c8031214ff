/* SPDX-License-Identifier: Apache-2.0 */
#include "model/plan.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <cJSON.h>
#include <stdio.h>
#include <string.h>

const char *route_name(enum route route)
{
    static const char *const names[] = {
#define X(route_, name, meaning) [route_] = name,
        ROUTE_MAP(X)
#undef X
    };
    assert(route < ROUTE_COUNT);
    return names[route];
}

char *plan_event_name(char buffer[PLAN_EVENT_NAME_MAX], unsigned number)
{
    snprintf(buffer, PLAN_EVENT_NAME_MAX, PLAN_EVENT_PREFIX "%05u", number);
    return buffer;
}

unsigned plan_event_mark(const char *text, size_t length_bytes)
{
    const char *digits = text + strlen(PLAN_EVENT_PREFIX);
    unsigned    number = 0;

    if (length_bytes < PLAN_EVENT_MARK_BYTES ||
        memcmp(text, PLAN_EVENT_PREFIX, strlen(PLAN_EVENT_PREFIX)) != 0)
        return 0;
    for (; digits < text + PLAN_EVENT_MARK_BYTES; digits++) {
        if (*digits < '0' || *digits > '9')
            return 0;
        number = number * 10 + (unsigned)(*digits - '0');
    }
    return number;
}

unsigned plan_event_number(const char *name)
{
    size_t length = strlen(name);

    return length == PLAN_EVENT_MARK_BYTES ? plan_event_mark(name, length) : 0;
}

struct plan *plan_new(const char *id, const char *file, int line)
{
    struct plan *plan = alloc_zero(1, sizeof *plan);

    plan->id = alloc_text(id);
    plan->file = alloc_text(file);
    plan->line = line;
    plan->check = -1;
    plan->limit_ns = 30 * NS_PER_S;
    plan->given.clients = 1;
    for (int i = 0; i < CONFIG_COUNT; i++)
        plan->given.config[i] = CONFIG_UNSET;
    return plan;
}

static void route_clear(struct route_plan *route)
{
    step_list_clear(&route->steps);
    step_list_clear(&route->each_batch);
    for (size_t i = 0; i < route->with_event_count; i++)
        step_list_clear(&route->with_event[i].steps);
    alloc_free(route->with_event);
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    for (int i = 0; i < ROUTE_COUNT; i++)
        route_clear(&plan->routes[i]);
    for (size_t i = 0; i < plan->need_count; i++)
        alloc_free(plan->needs[i]);
    for (size_t i = 0; i < plan->on_connection_count; i++)
        step_list_clear(&plan->on_connection[i].steps);
    alloc_free(plan->on_connection);
    alloc_free(plan->needs);
    alloc_free(plan->rules);
    for (size_t i = 0; i < plan->given.wrong_count; i++)
        alloc_free(plan->given.wrong[i].json);
    alloc_free(plan->given.wrong);
    alloc_free(plan->given.sizes);
    alloc_free(plan->given.sequences);
    alloc_free(plan->given.write_key);
    alloc_free(plan->about);
    alloc_free(plan->file);
    alloc_free(plan->id);
    alloc_free(plan);
}

void plan_add_rule(struct plan *plan, const struct rule *rule)
{
    assert(rule != NULL);
    plan->rules =
        alloc_grow(plan->rules, plan->rule_count + 1, sizeof plan->rules[0]);
    plan->rules[plan->rule_count++] = rule;
}

bool plan_names_rule(const struct plan *plan, const struct rule *rule)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (plan->rules[i] == rule)
            return true;
    return false;
}

void plan_add_need(struct plan *plan, const char *capability)
{
    plan->needs =
        alloc_grow(plan->needs, plan->need_count + 1, sizeof plan->needs[0]);
    plan->needs[plan->need_count++] = alloc_text(capability);
}

void plan_add_sequence(struct plan *plan, int64_t delay_ns, unsigned events)
{
    struct given *given = &plan->given;

    given->sequences = alloc_grow(given->sequences, given->sequence_count + 1,
                                  sizeof given->sequences[0]);
    given->sequences[given->sequence_count++] =
        (struct sequence){.delay_ns = delay_ns, .events = events};
    given->events += events;
}

static bool covers(const struct connection_steps *own, unsigned connection)
{
    const struct step *first = own->steps.items;

    if (own->steps.count == 0 || first->kind != STEP_FAULT ||
        !fault_is_of_connection(first->fault) || connection < own->connection)
        return false;
    return first->times == 0 || connection - own->connection < first->times;
}

const struct step *plan_connection_fault(const struct plan *plan,
                                         unsigned           connection)
{
    for (size_t i = 0; i < plan->on_connection_count; i++)
        if (covers(&plan->on_connection[i], connection))
            return plan->on_connection[i].steps.items;
    return NULL;
}

void plan_add_size(struct plan *plan, unsigned event, unsigned bytes)
{
    struct given *given = &plan->given;

    given->sizes =
        alloc_grow(given->sizes, given->size_count + 1, sizeof given->sizes[0]);
    given->sizes[given->size_count++] =
        (struct event_size){.event = event, .bytes = bytes};
}

unsigned plan_event_bytes(const struct plan *plan, unsigned event)
{
    const struct given *given = &plan->given;

    for (size_t i = 0; i < given->size_count; i++)
        if (given->sizes[i].event == event)
            return given->sizes[i].bytes;
    return given->event_bytes;
}

bool plan_is_json(const char *text)
{
    cJSON *json = cJSON_ParseWithOpts(text, NULL, true);
    bool   is_json = json != NULL;

    cJSON_Delete(json);
    return is_json;
}

void plan_add_wrong(struct plan *plan, enum config_key key, const char *json)
{
    struct given *given = &plan->given;

    assert(plan_is_json(json));
    given->wrong = alloc_grow(given->wrong, given->wrong_count + 1,
                              sizeof given->wrong[0]);
    given->wrong[given->wrong_count++] =
        (struct wrong_setting){.key = key, .json = alloc_text(json)};
}

unsigned plan_client_of_sequence(const struct plan *plan, size_t index)
{
    assert(plan->given.clients >= 1 && plan->given.clients <= PLAN_CLIENTS_MAX);
    return (unsigned)(index % plan->given.clients) + 1;
}

unsigned plan_client_of_event(const struct plan *plan, unsigned number)
{
    const struct given *given = &plan->given;
    unsigned            handed = 0;

    for (size_t i = 0; i < given->sequence_count; i++) {
        handed += given->sequences[i].events;
        if (number <= handed)
            return plan_client_of_sequence(plan, i);
    }
    return 1;
}

bool plan_has_oauth(const struct plan *plan)
{
    return plan->routes[ROUTE_TOKEN].steps.count > 0;
}

/* ---- the faults it names ---- */

static void note_steps(const struct step_list *list, bool used[FAULT_COUNT])
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == STEP_FAULT)
            used[list->items[i].fault] = true;
}

void plan_note_faults(const struct plan *plan, bool used[FAULT_COUNT])
{
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *route = &plan->routes[i];

        note_steps(&route->steps, used);
        note_steps(&route->each_batch, used);
        for (size_t j = 0; j < route->with_event_count; j++)
            note_steps(&route->with_event[j].steps, used);
    }
    for (size_t i = 0; i < plan->on_connection_count; i++)
        note_steps(&plan->on_connection[i].steps, used);
}
