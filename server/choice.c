/* SPDX-License-Identifier: Apache-2.0 */
#include "server/choice.h"

#include "common/alloc.h"

#include <assert.h>

enum { PLAYED_TEXT_MAX = 1024 };

void choices_start(struct choices *choices)
{
    choices->events = alloc_zero(PLAN_EVENTS_MAX, sizeof choices->events[0]);
    cursors_init(&choices->cursors, choices->config->plan);
    attempt_order_init(&choices->attempt_order, choices->config->plan);
}

void choices_clear(struct choices *choices)
{
    cursors_clear(&choices->cursors);
    attempt_order_clear(&choices->attempt_order);
    alloc_free(choices->events);
}

static void describe(struct attempt *attempt, const struct pick *pick,
                     const struct step *step)
{
    struct bytes text;

    assert(attempt->played == NULL); /* one request, one step */
    bytes_init(&text, PLAYED_TEXT_MAX);
    bytes_add(&text, route_name(attempt->route));
    if (pick->from == PICK_BATCH)
        bytes_format(&text, ", batch of event %u,", pick->event);
    else if (pick->from == PICK_EVENT)
        bytes_format(&text, ", batch with event %u,", pick->event);
    else if (pick->from == PICK_CONNECTION)
        bytes_format(&text, ", connection %u,", attempt->connection);
    bytes_format(&text, " %zu. ", pick->number);
    if (pick->step->kind == STEP_DECIDE)
        bytes_add(&text, "decide: ");
    step_print(step, &text);
    attempt->played = bytes_take(&text);
}

static bool is_playable(const struct plan *plan, const struct step *step,
                        struct err *err)
{
    if (step->kind == STEP_DECIDE)
        return err_set(err, ERR_SCENARIO, "decide",
                       "gave a step that decides again");
    if (step->kind == STEP_ANSWER &&
        (step->answer.status < 100 || step->answer.status > 999))
        return err_set(err, ERR_SCENARIO, "decide",
                       "gave status %d: 100 to 999 is allowed",
                       step->answer.status);
    if (step->kind == STEP_FAULT &&
        (step->fault <= FAULT_NONE || step->fault >= FAULT_COUNT))
        return err_set(err, ERR_SCENARIO, "decide", "gave an unknown fault");
    if (step->kind == STEP_FAULT && fault_family(step->fault) <= FAMILY_REQUEST)
        return err_set(err, ERR_SCENARIO, "decide",
                       "gave the fault %s, which strikes before the request "
                       "is whole",
                       fault_name(step->fault));
    if (step->kind == STEP_FAULT && !plan->given.https &&
        fault_over(step->fault) == OVER_TLS)
        return err_set(err, ERR_SCENARIO, "decide",
                       "gave the fault %s, which is played over TLS only; the "
                       "scenario is not given https = true",
                       fault_name(step->fault));
    return true;
}

static bool ask(struct choices *choices, const struct attempt *attempt,
                int handle, struct step *step, struct err *err)
{
    const struct server_hooks *hooks = &choices->config->hooks;

    if (hooks->decide == NULL)
        return err_set(err, ERR_OURS, "decide", "nobody is there to be asked");
    return hooks->decide(hooks->data, handle, choices->server, attempt, step,
                         err) &&
           is_playable(choices->config->plan, step, err);
}

/* What a decide step cannot say is answered 500, and the trial is not the
 * client's fault any more. */
static void decide(struct choices *choices, const struct attempt *attempt,
                   int handle, struct step *step)
{
    struct err err = {0};

    if (ask(choices, attempt, handle, step, &err))
        return;
    core_note_trouble(choices->core, &err);
    step_clear(step);
    step->kind = STEP_ANSWER;
    step->answer.status = 500;
}

const struct step *choice_make(struct choices *choices, struct attempt *attempt,
                               struct step *decided)
{
    size_t             event_count = 0;
    int                first = ATTEMPT_ORDER_UNREAD;
    const struct step *step;
    struct pick        pick;

    if (cursors_ask_events(&choices->cursors, attempt->route)) {
        event_count =
            config_events_of(choices->config, attempt, choices->events);
        first = (int)batch_first_event(choices->config->plan, choices->events,
                                       event_count);
    }
    attempt_order_note(&choices->attempt_order, attempt, first);
    pick = cursors_next(&choices->cursors, attempt->route, attempt->connection,
                        choices->events, event_count);
    step = pick.step;
    if (step == NULL) {
        attempt->played =
            alloc_text(attempt->route == ROUTE_OTHER ? "default answer 404"
                                                     : "default answer 200");
        return NULL;
    }
    if (step->kind == STEP_DECIDE) {
        decide(choices, attempt, step->decide, decided);
        step = decided;
    }
    describe(attempt, &pick, step);
    return step;
}

const struct step *choice_make_early(struct choices *choices,
                                     struct attempt *attempt)
{
    struct pick pick =
        cursors_early(&choices->cursors, attempt->route, attempt->connection);

    if (pick.step != NULL) {
        attempt_order_note(&choices->attempt_order, attempt, 0);
        describe(attempt, &pick, pick.step);
    }
    return pick.step;
}

unsigned choice_nth(struct choices *choices, const struct attempt *attempt)
{
    return attempt_order_nth(&choices->attempt_order, attempt, choices->config,
                             choices->events);
}
