/* SPDX-License-Identifier: Apache-2.0 */
#include "server/exchange.h"

#include "common/alloc.h"
#include "server/bounds.h"
#include "server/fault.h"
#include "server/framing.h"
#include "server/token.h"

#include <assert.h>
#include <stdio.h>

/* ---- its state ---- */

#define TO(state) (1U << EXCHANGE_##state)

/* Where each state leads to. A broken one may break again. */
static const unsigned next_states[] = {
    [EXCHANGE_HEAD] = TO(BODY) | TO(BROKEN),
    [EXCHANGE_BODY] = TO(HELD) | TO(ANSWERING) | TO(HIJACKED) | TO(BROKEN),
    [EXCHANGE_HELD] = TO(DUE) | TO(BROKEN),
    [EXCHANGE_DUE] = TO(ANSWERING) | TO(HIJACKED) | TO(BROKEN),
    [EXCHANGE_ANSWERING] = TO(HIJACKED) | TO(BROKEN),
    [EXCHANGE_HIJACKED] = TO(BROKEN),
    [EXCHANGE_BROKEN] = TO(BROKEN),
};

static void enter(struct exchange *exchange, enum exchange_state state)
{
    assert((next_states[exchange->state] >> state & 1) != 0);
    exchange->state = state;
}

static void give_up(struct exchange *exchange, enum answer_end end)
{
    enter(exchange, EXCHANGE_BROKEN);
    exchange->broken = end;
}

void exchange_break(struct exchange *exchange, const char *format, ...)
{
    char    text[ERR_TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    give_up(exchange, ANSWER_CUT);
    if (exchange->attempt != NULL)
        attempt_violation(exchange->attempt, VIOLATION_OTHER, "%s", text);
}

/* ---- the end ---- */

static void keep_raw(const struct exchange *exchange)
{
    const struct head *head = &exchange->arrival.head;
    const bool         surplus =
        exchange->connection != NULL && exchange->connection->surplus_bytes > 0;

    if ((exchange->attempt->violation_count > 0 || surplus) &&
        head_is_of(head, exchange->attempt))
        attempt_keep_raw(exchange->shared->core->record, exchange->attempt,
                         head->kept, head->kept_bytes);
}

/* The attempt ended like this; frees the exchange. */
static void over(void *owner, enum answer_end end)
{
    struct exchange            *exchange = owner;
    const struct server_config *config = exchange->shared->config;
    struct attempt             *attempt = exchange->attempt;

    loop_cancel_timer(&exchange->shared->core->loop, &exchange->due);
    if (attempt != NULL && attempt->body == NULL)
        body_keep(&exchange->body, attempt);
    if (attempt != NULL) {
        attempt->end = end;
        keep_raw(exchange);
        if (config->on_attempt != NULL)
            config->on_attempt(config->owner, attempt);
    }
    response_clear(&exchange->response);
    step_clear(&exchange->decided);
    body_clear(&exchange->body);
    arrival_clear(&exchange->arrival);
    alloc_free(exchange);
}

static void note_first_answer(struct exchange *exchange, int64_t now_ns)
{
    struct exchanges *shared = exchange->shared;

    if (exchange->attempt->route == ROUTE_INGEST &&
        shared->first_answer_ns == TIME_NEVER)
        shared->first_answer_ns = now_ns;
}

void exchange_hanging(struct exchange *exchange)
{
    note_first_answer(exchange, core_now_ns(exchange->shared->core));
}

void exchange_answering(struct exchange *exchange)
{
    exchange->attempt->answering_ns = core_now_ns(exchange->shared->core);
    note_first_answer(exchange, exchange->attempt->answering_ns);
}

/* ---- the body ---- */

static bool read_body(void *owner, const char *data, size_t length_bytes)
{
    struct exchange *exchange = owner;
    struct attempt  *attempt = exchange->attempt;

    attempt->body_bytes += length_bytes;
    if (attempt->body_bytes > SERVER_BODY_BYTES_MAX) {
        exchange_break(exchange, "a body of more than %d bytes",
                       SERVER_BODY_BYTES_MAX);
        return false;
    }
    if (!body_add(&exchange->body, exchange->shared->core->record, data,
                  length_bytes)) {
        give_up(exchange, ANSWER_CUT);
        return false;
    }
    return true;
}

static void finish_body(void *owner)
{
    struct exchange *exchange = owner;

    exchange->attempt->body_ns = core_now_ns(exchange->shared->core);
    body_finish(&exchange->body, exchange->attempt);
}

/* ---- a hijacked connection reports ---- */

static void on_answering(void *owner)
{
    exchange_answering(owner);
}

static const struct hijacked_events hijacked_events = {
    .answering = on_answering,
    .read = read_body,
    .whole = finish_body,
    .over = over,
};

struct exchange *exchange_of(const struct hijacked *hijacked)
{
    assert(hijacked->events == &hijacked_events);
    return hijacked->owner;
}

/* ---- playing it ---- */

void exchange_make_response(struct exchange *exchange, bool close)
{
    struct attempt *attempt = exchange->attempt;

    answer_make(&exchange->shared->answers, &exchange->response, exchange->step,
                attempt,
                close || framing_wants_close(attempt) ||
                    framing_is_ambiguous(attempt) ||
                    exchange->arrival.head.space_before_colon ||
                    framing_is_unreadable(attempt));
}

/* Whether its step is a fault that needs a hijacked connection, sooner or
 * later. */
static bool takes_over(const struct exchange *exchange)
{
    const struct step        *step = exchange->step;
    const struct fault_entry *entry;

    if (step == NULL || step->kind != STEP_FAULT)
        return false;
    entry = fault_entry(step->fault);
    return entry->play != NULL &&
           (entry->concerns == NULL || entry->concerns(exchange));
}

/* libmicrohttpd forgets the request, and we go on with it: with the fault, or
 * with an answer that it does not take from us. */
static enum MHD_Result take_over(struct exchange *exchange, void **context)
{
    struct hijacked *hijacked =
        hijacked_start(exchange->connection, exchange->attempt, exchange->step,
                       &hijacked_events, exchange);
    struct err err;

    if (hijacked == NULL) {
        err_set_errno(&err, "server", "cannot take over a connection");
        core_note_trouble(exchange->shared->core, &err);
        exchange_break(exchange, "could not be played: %s", err.text);
        return MHD_NO;
    }
    enter(exchange, EXCHANGE_HIJACKED);
    exchange->connection = NULL;
    *context = NULL;
    if (takes_over(exchange)) {
        exchange->attempt->fault = exchange->step->fault;
        fault_entry(exchange->step->fault)->play(hijacked);
    } else {
        answer_print(exchange->attempt, &exchange->response,
                     &hijacked->out.out);
        hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_COMPLETE);
    }
    return MHD_NO;
}

/* Through libmicrohttpd, which keeps the connection for the next request.
 * False: it refuses the response, and nothing was sent. */
static bool queue(struct exchange *exchange)
{
    struct response     *response = &exchange->response;
    struct MHD_Response *made =
        response_cache_find(&exchange->shared->answers.cache, response);

    if (made == NULL)
        return false;
    exchange_answering(exchange);
    if (MHD_queue_response(exchange->connection->mhd,
                           (unsigned)response->status, made) != MHD_YES)
        return false;
    answer_write_down(exchange->attempt, response);
    return true;
}

static enum MHD_Result play(struct exchange *exchange, void **context)
{
    const struct step *step = exchange->step;

    clock_steps_begin(&exchange->shared->clock_steps, step);
    if (takes_over(exchange))
        return take_over(exchange, context);
    if (step != NULL && step->kind == STEP_FAULT)
        exchange->attempt->fault = step->fault;
    exchange_make_response(exchange, false);
    enter(exchange, EXCHANGE_ANSWERING);
    /* It takes none while it thinks that a body is still to come: of a request
     * that waits for 100 Continue without having a body, and sends more. */
    if (!exchange->response.raw && queue(exchange)) {
        connection_answer(exchange->connection);
        return MHD_YES;
    }
    exchange_make_response(exchange, true);
    return take_over(exchange, context);
}

/* ---- its delay ---- */

/* libmicrohttpd calls exchange_request again, in this turn's MHD_run. */
static void on_due(void *owner)
{
    struct exchange *exchange = owner;

    enter(exchange, EXCHANGE_DUE);
    connection_resume(exchange->connection);
}

/* A client that hangs up is seen when it does. One that only closes its sending
 * half counts as gone too: no HTTP client in use does that while it waits, and
 * no server can tell the two apart before it has written. */
static void hold(struct exchange *exchange)
{
    enter(exchange, EXCHANGE_HELD);
    exchange->due = (struct timer){.fire = on_due, .owner = exchange};
    core_set_timer(exchange->shared->core, &exchange->due,
                   exchange->step->delay_ns);
    connection_suspend(exchange->connection);
}

static void on_hung_up(void *owner)
{
    struct exchange *exchange = owner;
    struct core     *core = exchange->shared->core;

    exchange->attempt->gone_ns = core_now_ns(core);
    give_up(exchange, ANSWER_GONE);
    loop_cancel_timer(&core->loop, &exchange->due);
    connection_resume(exchange->connection);
}

/* ---- it comes in ---- */

static void on_late(void *owner, const char *text)
{
    exchange_break(owner, "%s", text);
}

void *exchange_start(void *owner, const char *target,
                     struct MHD_Connection *mhd)
{
    static const struct connection_events events = {.hung_up = on_hung_up,
                                                    .late = on_late};
    struct connection                    *connection = connection_of(mhd);
    struct exchange *exchange = alloc_zero(1, sizeof *exchange);

    exchange->shared = owner;
    exchange->connection = connection;
    body_init(&exchange->body);
    connection_own(connection, &events, exchange);
    arrival_init(&exchange->arrival, connection, target);
    return exchange;
}

/* The request is whole. */
static enum MHD_Result play_or_hold(struct exchange *exchange, void **context)
{
    struct exchanges        *shared = exchange->shared;
    const struct credential *credential = shared->config->keys.credential;

    connection_rest(exchange->connection);
    finish_body(exchange);
    if (exchange->attempt->route == ROUTE_TOKEN && credential != NULL)
        token_check(exchange->attempt, credential);
    if (exchange->step == NULL)
        exchange->step = choice_make(&shared->choices, exchange->attempt,
                                     &exchange->decided);
    if (exchange->step == NULL || exchange->step->delay_ns <= 0)
        return play(exchange, context);
    hold(exchange);
    return MHD_YES;
}

/* A request whose end cannot be found is refused without its body. */
static enum MHD_Result refuse(struct exchange *exchange, void **context)
{
    static const struct step bad_request = {
        .kind = STEP_ANSWER,
        .times = 1,
        .answer = {.status = 400},
    };

    connection_rest(exchange->connection);
    body_keep(&exchange->body, exchange->attempt);
    exchange->step = &bad_request;
    exchange->attempt->played = alloc_text("refused: answer 400");
    return play(exchange, context);
}

/* How much of the body is to be here when the fault strikes. */
static uint64_t strike_bytes(const struct step *step)
{
    const int64_t after = step->how.values[PARAM_AFTER];

    return after == PARAM_UNSET ? 0 : (uint64_t)after;
}

/* A fault that does not wait for the whole body, once enough of it is here. */
static enum MHD_Result strike_if_due(struct exchange *exchange, void **context)
{
    if (exchange->state == EXCHANGE_BROKEN)
        return MHD_NO;
    if (!takes_over(exchange) ||
        fault_entry(exchange->step->fault)->early != NULL ||
        exchange->attempt->body_bytes < strike_bytes(exchange->step))
        return MHD_YES;
    return take_over(exchange, context);
}

static enum MHD_Result open_request(struct exchange *exchange,
                                    const char *method, const char *version,
                                    void **context)
{
    struct exchanges  *shared = exchange->shared;
    struct connection *connection = exchange->connection;
    struct attempt    *attempt;

    attempt = arrival_record(&exchange->arrival, connection, shared->config,
                             method, version);
    exchange->attempt = attempt;
    enter(exchange, EXCHANGE_BODY);
    if (attempt == NULL ||
        !record_keep(shared->core->record, header_bytes(&attempt->headers))) {
        give_up(exchange, ANSWER_CUT);
        return MHD_NO;
    }
    if (connection->in_clear)
        attempt_violation(attempt, VIOLATION_OTHER,
                          "it came in the clear where TLS was to be spoken");
    if (framing_is_unreadable(attempt) || connection->in_clear)
        return refuse(exchange, context);
    exchange->step = choice_make_early(&shared->choices, attempt);
    if (exchange->step == NULL)
        return MHD_YES;
    attempt->fault = exchange->step->fault;
    if (fault_entry(exchange->step->fault)->early != NULL)
        fault_entry(exchange->step->fault)->early(exchange);
    return strike_if_due(exchange, context);
}

enum MHD_Result exchange_request(void *owner, struct MHD_Connection *mhd,
                                 const char *url, const char *method,
                                 const char *version, const char *upload,
                                 size_t *upload_bytes, void **context)
{
    struct exchange *exchange = *context;
    size_t           length_bytes = *upload_bytes;

    (void)owner;
    (void)mhd;
    (void)url;
    switch (exchange->state) {
    case EXCHANGE_HEAD:
        return open_request(exchange, method, version, context);
    case EXCHANGE_BODY:
        if (length_bytes == 0)
            return play_or_hold(exchange, context);
        *upload_bytes = 0;
        if (!read_body(exchange, upload, length_bytes))
            return MHD_NO;
        return strike_if_due(exchange, context);
    case EXCHANGE_DUE:
        return play(exchange, context);
    case EXCHANGE_HELD:
    case EXCHANGE_ANSWERING:
        return MHD_YES;
    case EXCHANGE_HIJACKED:
    case EXCHANGE_BROKEN:
        break;
    }
    return MHD_NO;
}

/* ---- libmicrohttpd lets it go ---- */

/* The client went before we were done. */
static enum answer_end gone(struct exchange *exchange)
{
    struct core    *core = exchange->shared->core;
    struct attempt *attempt = exchange->attempt;

    if (attempt->gone_ns == TIME_NEVER)
        attempt->gone_ns = core_now_ns(core);
    if (exchange->state == EXCHANGE_BODY) {
        const char *length = header_get(&attempt->headers, "Content-Length", 0);

        attempt_violation(attempt, VIOLATION_BODY,
                          "the client went after %zu bytes of a body that was "
                          "not whole (%s%.20s; RFC 9112, 8)",
                          attempt->body_bytes,
                          length ? "Content-Length: " : "in chunks",
                          length ? length : "");
        record_remark(core->record, attempt->gone_ns, attempt->connection,
                      "attempt %u: the client went after %zu bytes of a body "
                      "that was not whole",
                      attempt->number, attempt->body_bytes);
    }
    return ANSWER_GONE;
}

/* libmicrohttpd found the body's chunks broken and answered itself. */
static enum answer_end refused(struct exchange *exchange)
{
    char *complaint = exchange->shared->daemon->complaint;

    attempt_violation(exchange->attempt, VIOLATION_BODY, "the body was %s",
                      complaint);
    complaint[0] = '\0';
    return ANSWER_CUT;
}

/* libmicrohttpd's code says only whether all bytes were handed to the kernel;
 * what we know ourselves decides the rest. */
static enum answer_end end_of(struct exchange                *exchange,
                              enum MHD_RequestTerminationCode code)
{
    if (exchange->attempt == NULL || exchange->state == EXCHANGE_BROKEN)
        return exchange->broken;
    if (exchange->state == EXCHANGE_ANSWERING &&
        code == MHD_REQUEST_TERMINATED_COMPLETED_OK) {
        tunnel_flush(exchange->connection->tunnel);
        exchange->attempt->answered_ns = core_now_ns(exchange->shared->core);
        return ANSWER_COMPLETE;
    }
    if (exchange->shared->stopping)
        return ANSWER_CUT;
    if (exchange->state == EXCHANGE_BODY &&
        exchange->shared->daemon->complaint[0] != '\0')
        return refused(exchange);
    return gone(exchange);
}

void exchange_completed(void *owner, struct MHD_Connection *mhd, void **context,
                        enum MHD_RequestTerminationCode code)
{
    struct exchange   *exchange = *context;
    struct connection *connection;
    struct attempt    *attempt;
    bool               was_attempt;

    (void)owner;
    (void)mhd;
    *context = NULL;
    if (exchange == NULL)
        return;
    assert(exchange->state != EXCHANGE_HIJACKED);
    connection = exchange->connection;
    was_attempt = exchange->state != EXCHANGE_HEAD;
    connection->owner = NULL;
    connection->over_turn = connection->core->loop.turn_count;
    if (!was_attempt)
        head_move(&connection->head, &exchange->arrival.head);
    attempt = exchange->attempt;
    if (attempt == NULL || attempt->body_ns == TIME_NEVER)
        connection->known_bytes = -1; /* who was refused may have had a body */
    else if (connection->known_bytes >= 0)
        connection->known_bytes += (int64_t)attempt->body_bytes;
    over(exchange, end_of(exchange, code));
    connection->last =
        attempt != NULL && attempt->end == ANSWER_COMPLETE ? attempt : NULL;
    /* A head that was refused leaves the connection asking, for its remark. */
    if (was_attempt)
        connection_expect(connection);
}
