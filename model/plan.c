#include "model/plan.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <assert.h>
#include <cJSON.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    const char *capability;
    int64_t     min;
    int64_t     max;
} config_keys[CONFIG_COUNT] = {
#define X(key, name, min, max, meaning)                                        \
    [key] = {name, "config." name, min, max},
    CONFIG_MAP(X)
#undef X
};

enum special_value { VALUE_ZERO, VALUE_FRACTION };

static const struct {
    enum config_key    key;
    enum special_value value;
    const char        *capability;
} special_values[] = {
#define X(key, capability, value) {key, value, capability},
    CONFIG_VALUE_MAP(X)
#undef X
};

enum { SPECIAL_COUNT = sizeof special_values / sizeof special_values[0] };

bool config_is_capability(const char *word)
{
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (strcmp(config_keys[i].capability, word) == 0)
            return true;
    for (int i = 0; i < SPECIAL_COUNT; i++)
        if (strcmp(special_values[i].capability, word) == 0)
            return true;
    return false;
}

const char *config_value_word(enum config_key key, size_t index)
{
    for (int i = 0; i < SPECIAL_COUNT; i++)
        if (special_values[i].key == key && index-- == 0)
            return strrchr(special_values[i].capability, '.') + 1;
    return NULL;
}

const char *config_name(enum config_key key)
{
    return config_keys[key].name;
}

enum config_key config_find(const char *name)
{
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (strcmp(config_keys[i].name, name) == 0)
            return (enum config_key)i;
    return CONFIG_COUNT;
}

bool config_allows(enum config_key key, int64_t value)
{
    return value >= config_keys[key].min && value <= config_keys[key].max;
}

int64_t config_min(enum config_key key)
{
    return config_keys[key].min;
}

int64_t config_max(enum config_key key)
{
    return config_keys[key].max;
}

static const char *const elsewhere_names[] = {
#define X(elsewhere, name, meaning) [elsewhere] = name,
    ELSEWHERE_MAP(X)
#undef X
};

const char *elsewhere_name(enum elsewhere elsewhere)
{
    return elsewhere_names[elsewhere];
}

enum elsewhere elsewhere_find(const char *name)
{
    int i = 0;

    while (i < ELSEWHERE_COUNT && strcmp(elsewhere_names[i], name) != 0)
        i++;
    return (enum elsewhere)i;
}

const char *route_name(enum route route)
{
    static const char *const names[] = {
#define X(route_, name, meaning) [route_] = name,
        ROUTE_MAP(X)
#undef X
    };
    return names[route];
}

static const struct {
    const char *name;
    const char *lack;
} plan_clocks[] = {
#define X(clock, name, lack) [clock] = {name, lack},
    PLAN_CLOCK_MAP(X)
#undef X
};

const char *plan_clock_name(enum plan_clock clock)
{
    return plan_clocks[clock].name;
}

bool plan_clock_find(const char *name, enum plan_clock *clock)
{
    for (int i = 0; i < PLAN_CLOCKS; i++)
        if (strcmp(plan_clocks[i].name, name) == 0) {
            *clock = (enum plan_clock)i;
            return true;
        }
    return false;
}

const char *plan_clock_lacks(const struct plan *plan, enum plan_clock clock)
{
    return plan->clock == clock ? NULL : plan_clocks[plan->clock].lack;
}

#define EVENT_PREFIX "retrial-event-"

char *plan_event_name(char buffer[PLAN_EVENT_NAME_MAX], unsigned number)
{
    snprintf(buffer, PLAN_EVENT_NAME_MAX, EVENT_PREFIX "%05u", number);
    return buffer;
}

unsigned plan_event_number(const char *name)
{
    const char *digits = name + strlen(EVENT_PREFIX);
    unsigned    number = 0;

    if (!text_starts_with(name, EVENT_PREFIX) || strlen(digits) != 5)
        return 0;
    for (; *digits != '\0'; digits++) {
        if (*digits < '0' || *digits > '9')
            return 0;
        number = number * 10 + (unsigned)(*digits - '0');
    }
    return number;
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

void step_clear(struct step *step)
{
    struct answer *answer = &step->answer;

    for (size_t i = 0; i < answer->retry_after_count; i++)
        alloc_free(answer->retry_after[i].text);
    alloc_free(answer->retry_after);
    alloc_free(answer->body);
    header_clear(&answer->headers);
    *step = (struct step){0};
}

void step_list_add(struct step_list *list, const struct step *step)
{
    list->items =
        alloc_grow(list->items, list->count + 1, sizeof list->items[0]);
    list->items[list->count++] = *step;
}

static void step_list_clear(struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        step_clear(&list->items[i]);
    alloc_free(list->items);
    *list = (struct step_list){0};
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

unsigned plan_client_of_sequence(const struct plan *plan, size_t index)
{
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

static int64_t clock_back_ns(const struct step_list *list)
{
    int64_t back_ns = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].clock_by_ns < 0)
            back_ns -= list->items[i].clock_by_ns;
    return back_ns;
}

int64_t plan_clock_back_ns(const struct plan *plan)
{
    int64_t back_ns = 0;

    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *route = &plan->routes[i];

        back_ns += clock_back_ns(&route->steps);
        back_ns += clock_back_ns(&route->each_batch);
        for (size_t j = 0; j < route->with_event_count; j++)
            back_ns += clock_back_ns(&route->with_event[j].steps);
    }
    for (size_t i = 0; i < plan->on_connection_count; i++)
        back_ns += clock_back_ns(&plan->on_connection[i].steps);
    return back_ns;
}

int64_t plan_clock_ahead_ns(const struct plan *plan, int64_t now_wall_ns)
{
    int64_t back_ns = plan_clock_back_ns(plan);
    int64_t soonest_ns = now_wall_ns + back_ns + plan->summer_time_in_ns;
    int64_t change_s;

    if (plan->summer_time == SUMMER_TIME_UNSAID)
        return back_ns;
    change_s = summer_time_next_s(plan->summer_time, soonest_ns / NS_PER_S + 1);
    return change_s * NS_PER_S - plan->summer_time_in_ns - now_wall_ns;
}

bool plan_has_oauth(const struct plan *plan)
{
    return plan->routes[ROUTE_TOKEN].steps.count > 0;
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

static bool needs_value(const struct plan *plan, int special)
{
    int64_t value = plan->given.config[special_values[special].key];

    if (value == CONFIG_UNSET)
        return false;
    return special_values[special].value == VALUE_ZERO
               ? value == 0
               : value % (NS_PER_S / NS_PER_MS) != 0;
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
            return config_keys[i].capability;
    for (int i = 0; i < SPECIAL_COUNT; i++)
        if (needs_value(plan, i) && index-- == 0)
            return special_values[i].capability;
    if (plan->given.wrong_count > 0 && index-- == 0)
        return "refuses-config";
    if (plan_input_bytes(plan) > PLAN_ARGUMENT_BYTES_MAX && index-- == 0)
        return "large-input";
    return index < plan->need_count ? plan->needs[index] : NULL;
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
