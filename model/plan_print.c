/* SPDX-License-Identifier: Apache-2.0 */
/* A plan as text: stable, complete, for people and for golden tests. */

#include "model/plan.h"

#include "common/clock.h"
#include "common/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BODY_SHOWN_MAX = 60 };

static void print_duration(struct bytes *out, int64_t duration_ns)
{
    char buffer[TEXT_DURATION_MAX];

    bytes_add(out, text_from_duration(buffer, duration_ns));
}

/* Between quotes, with what is not printable made visible. */
static void print_quoted(struct bytes *out, const char *text, size_t length)
{
    bytes_add(out, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char at = (unsigned char)text[i];

        if (at == '"' || at == '\\')
            bytes_format(out, "\\%c", at);
        else if (isprint(at))
            bytes_append(out, &text[i], 1);
        else
            bytes_format(out, "\\x%02x", at);
    }
    bytes_add(out, "\"");
}

static void print_retry_after(struct bytes *out, const struct retry_after *ra)
{
    bytes_add(out, ", Retry-After: ");
    if (ra->is_date)
        bytes_format(out, "date %s %+" PRId64 " s", date_form_name(ra->form),
                     ra->offset_s);
    else
        print_quoted(out, ra->text, strlen(ra->text));
}

static void print_answer(struct bytes *out, const struct answer *answer)
{
    size_t shown = answer->body_bytes < BODY_SHOWN_MAX ? answer->body_bytes
                                                       : BODY_SHOWN_MAX;

    bytes_format(out, "answer %d", answer->status);
    for (size_t i = 0; i < answer->retry_after_count; i++)
        print_retry_after(out, &answer->retry_after[i]);
    for (size_t i = 0; i < answer->headers.count; i++) {
        bytes_format(out, ", %s: ", answer->headers.items[i].name);
        print_quoted(out, answer->headers.items[i].value,
                     strlen(answer->headers.items[i].value));
    }
    if (answer->elsewhere != ELSEWHERE_NOT)
        bytes_format(out, ", Location: %s", elsewhere_name(answer->elsewhere));
    if (answer->token_life_s > 0)
        bytes_format(out, ", a token for %" PRId64 " s", answer->token_life_s);
    if (answer->body == NULL)
        return;
    bytes_format(out, ", body %zu bytes ", answer->body_bytes);
    print_quoted(out, answer->body, shown);
    if (shown < answer->body_bytes)
        bytes_add(out, "...");
}

static void print_param(struct bytes *out, enum fault_param param,
                        int64_t value)
{
    bytes_format(out, ", %s ", fault_param_name(param));
    switch (fault_param_kind(param)) {
    case PARAM_NUMBER:
        bytes_format(out, "%" PRId64, value);
        break;
    case PARAM_WORD:
        bytes_add(out, fault_by_name((enum fault_by)value));
        break;
    case PARAM_DURATION:
        print_duration(out, value);
        break;
    }
}

static void print_fault(struct bytes *out, const struct step *step)
{
    bytes_format(out, "fault %s", fault_name(step->fault));
    for (int i = 0; i < FAULT_PARAM_COUNT; i++)
        if (fault_takes(step->fault, (enum fault_param)i))
            print_param(out, (enum fault_param)i, step->how.values[i]);
    if (fault_status(step->fault) == 0)
        return;
    bytes_add(out, ": ");
    print_answer(out, &step->answer);
}

void step_print(const struct step *step, struct bytes *out)
{
    if (step->delay_ns > 0) {
        bytes_add(out, "after ");
        print_duration(out, step->delay_ns);
        bytes_add(out, ": ");
    }
    if (step->kind == STEP_ANSWER)
        print_answer(out, &step->answer);
    else if (step->kind == STEP_FAULT)
        print_fault(out, step);
    else
        bytes_add(out, "decide (Lua)");
    if (step->clock_by_ns != 0) {
        bytes_add(out, ", the wall clock set by ");
        print_duration(out, step->clock_by_ns);
        bytes_add(out, " after ");
        print_duration(out, step->clock_after_ns);
    }
}

static void print_steps(struct bytes *out, const char *label,
                        const struct step_list *list)
{
    if (list->count == 0)
        return;
    bytes_format(out, "  %s\n", label);
    for (size_t i = 0; i < list->count; i++) {
        const struct step *step = &list->items[i];

        bytes_format(out, "    %zu. ", i + 1);
        step_print(step, out);
        if (step->times == 0)
            bytes_add(out, "  (all further)");
        else if (step->times > 1)
            bytes_format(out, "  (%u times)", step->times);
        bytes_add(out, "\n");
    }
}

static void print_routes(struct bytes *out, const struct plan *plan)
{
    char label[64];

    for (size_t i = 0; i < plan->on_connection_count; i++) {
        snprintf(label, sizeof label, "connection %u",
                 plan->on_connection[i].connection);
        print_steps(out, label, &plan->on_connection[i].steps);
    }
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route_plan *route = &plan->routes[i];

        print_steps(out, route_name((enum route)i), &route->steps);
        snprintf(label, sizeof label, "%s, each batch",
                 route_name((enum route)i));
        print_steps(out, label, &route->each_batch);
        for (size_t j = 0; j < route->with_event_count; j++) {
            snprintf(label, sizeof label, "%s, the batch with event %u",
                     route_name((enum route)i), route->with_event[j].event);
            print_steps(out, label, &route->with_event[j].steps);
        }
    }
}

static void print_sequences(struct bytes *out, const struct plan *plan)
{
    const struct given *given = &plan->given;

    for (size_t i = 0; given->sequence_count > 1 && i < given->sequence_count;
         i++) {
        bytes_format(out, "            sequence %zu", i + 1);
        if (given->clients > 1)
            bytes_format(out, " (client %u)", plan_client_of_sequence(plan, i));
        bytes_format(out, ": %u after ", given->sequences[i].events);
        print_duration(out, given->sequences[i].delay_ns);
        bytes_add(out, "\n");
    }
}

static void print_given(struct bytes *out, const struct plan *plan)
{
    const struct given *given = &plan->given;

    bytes_format(out, "  given     %u event%s, write key ", given->events,
                 given->events == 1 ? "" : "s");
    print_quoted(out, given->write_key, strlen(given->write_key));
    if (given->https)
        bytes_add(out, ", over https");
    if (given->event_bytes > 0)
        bytes_format(out, ", about %u bytes each", given->event_bytes);
    for (size_t i = 0; i < given->size_count; i++)
        bytes_format(out, ", event %u about %u bytes", given->sizes[i].event,
                     given->sizes[i].bytes);
    bytes_add(out, "\n");
    if (given->clients > 1)
        bytes_format(out, "            %u clients at once\n", given->clients);
    print_sequences(out, plan);
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (given->config[i] != CONFIG_UNSET)
            bytes_format(out, "            %s = %" PRId64 "\n",
                         config_name((enum config_key)i), given->config[i]);
    for (size_t i = 0; i < given->wrong_count; i++)
        bytes_format(out, "            %s = %s, to be refused\n",
                     config_name(given->wrong[i].key), given->wrong[i].json);
}

static void print_range(struct bytes *out, const char *what,
                        const struct expect_range *range)
{
    if (!range->said)
        return;
    if (range->min == range->max)
        bytes_format(out, "  expect    %s %u\n", what, range->min);
    else
        bytes_format(out, "  expect    %s %u to %u\n", what, range->min,
                     range->max);
}

static void print_expect(struct bytes *out, const struct plan *plan)
{
    if (plan->expect.follows_policy)
        bytes_add(out, "  expect    what the policy asks\n");
    print_range(out, "attempts", &plan->expect.attempts);
    print_range(out, "delivered", &plan->expect.delivered);
    if (plan->expect.success != EXPECT_UNSAID)
        bytes_format(out, "  expect    success %s\n",
                     plan->expect.success == EXPECT_YES ? "true" : "false");
    if (plan->check >= 0)
        bytes_add(out, "  check     its own (Lua)\n");
}

void plan_print(const struct plan *plan, struct bytes *out)
{
    const char *need;

    bytes_format(out, "%s\n", plan->id);
    if (plan->about != NULL)
        bytes_format(out, "  about     %s\n", plan->about);
    bytes_add(out, "  rules    ");
    for (size_t i = 0; i < plan->rule_count; i++)
        bytes_format(out, " %s", plan->rules[i]->id);
    bytes_add(out, "\n");
    if (plan_capability(plan, 0) != NULL)
        bytes_add(out, "  needs    ");
    for (size_t i = 0; (need = plan_capability(plan, i)) != NULL; i++)
        bytes_format(out, " %s", need);
    if (plan_capability(plan, 0) != NULL)
        bytes_add(out, "\n");
    print_given(out, plan);
    print_routes(out, plan);
    print_expect(out, plan);
    if (plan->clock != PLAN_CLOCK_EITHER)
        bytes_format(out, "  clock     %s\n", plan_clock_name(plan->clock));
    if (plan->summer_time != SUMMER_TIME_UNSAID) {
        bytes_format(out, "  zone      %s, where summer time %s after ",
                     SUMMER_TIME_ZONE, summer_time_word(plan->summer_time));
        print_duration(out, plan->summer_time_in_ns);
        bytes_add(out, "\n");
    }
    bytes_add(out, "  limit     ");
    print_duration(out, plan->limit_ns);
    if (plan->observe_ns > 0) {
        bytes_add(out, ", watched for ");
        print_duration(out, plan->observe_ns);
        bytes_add(out, " after the first answer");
    }
    bytes_add(out, "\n");
}
