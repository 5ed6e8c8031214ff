#include "server/choice.h"

#include "common/alloc.h"
#include "server/exchange.h"
#include "server/state.h"

enum { PLAYED_TEXT_MAX = 1024 };

static void describe(struct exchange *exchange, const struct pick *pick)
{
    struct attempt *attempt = exchange->attempt;
    struct bytes    text;

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
    step_print(exchange->step, &text);
    attempt->played = bytes_take(&text);
}

/* What a decide step cannot say is answered 500, and the trial is not the
 * client's fault any more. */
static void fail_decide(struct exchange *exchange, const struct err *err)
{
    core_note_trouble(&exchange->server->core, err);
    step_clear(&exchange->decided);
    exchange->decided.kind = STEP_ANSWER;
    exchange->decided.answer.status = 500;
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

static void decide(struct exchange *exchange, const struct pick *pick)
{
    const struct server_hooks *hooks = &exchange->server->config.hooks;
    struct step               *step = &exchange->decided;
    struct err                 err = {0};

    exchange->step = step;
    if (hooks->decide == NULL) {
        err_set(&err, ERR_OURS, "decide", "nobody is there to be asked");
        fail_decide(exchange, &err);
    } else if (!hooks->decide(hooks->data, pick->step->decide, exchange->server,
                              exchange->attempt, step, &err) ||
               !is_playable(exchange->server->config.plan, step, &err)) {
        fail_decide(exchange, &err);
    }
}

/* Into server->events, how many. */
static size_t ask_events(struct server *server, const struct attempt *attempt)
{
    const struct server_hooks *hooks = &server->config.hooks;

    return hooks->events_of == NULL
               ? 0
               : hooks->events_of(hooks->data, attempt, server->events,
                                  PLAN_EVENTS_MAX);
}

void choice_make(struct exchange *exchange)
{
    struct server  *server = exchange->server;
    struct attempt *attempt = exchange->attempt;
    size_t          event_count = 0;
    int             first = ATTEMPT_ORDER_UNREAD;
    struct pick     pick;

    if (cursors_ask_events(&server->cursors, attempt->route)) {
        event_count = ask_events(server, attempt);
        first = (int)batch_first_event(server->config.plan, server->events,
                                       event_count);
    }
    attempt_order_note(&server->attempt_order, attempt, first);
    pick = cursors_next(&server->cursors, attempt->route, attempt->connection,
                        server->events, event_count);
    exchange->step = pick.step;
    if (pick.step != NULL && pick.step->kind == STEP_DECIDE)
        decide(exchange, &pick);
    if (pick.step != NULL)
        describe(exchange, &pick);
    else
        attempt->played =
            alloc_text(attempt->route == ROUTE_OTHER ? "default answer 404"
                                                     : "default answer 200");
}

void choice_make_early(struct exchange *exchange)
{
    struct attempt *attempt = exchange->attempt;
    struct pick pick = cursors_early(&exchange->server->cursors, attempt->route,
                                     attempt->connection);

    exchange->step = pick.step;
    if (pick.step != NULL) {
        attempt_order_note(&exchange->server->attempt_order, attempt, 0);
        exchange->strike_bytes =
            pick.step->how.values[PARAM_AFTER] == PARAM_UNSET
                ? 0
                : (size_t)pick.step->how.values[PARAM_AFTER];
        describe(exchange, &pick);
    }
}
