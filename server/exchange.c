#include "server/exchange.h"

#include "common/alloc.h"
#include "server/answer.h"
#include "server/choice.h"
#include "server/clock_step.h"
#include "server/connection.h"
#include "server/fault.h"
#include "server/framing.h"
#include "server/hijacked.h"
#include "server/hold.h"
#include "server/route.h"
#include "server/state.h"
#include "server/token.h"
#include "server/tunnel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SHA256_BYTES = 32 };

/* ---- the head ---- */

static void on_late(void *owner, const char *text)
{
    exchange_break(owner, "%s", text);
}

void *exchange_start(void *owner, const char *target,
                     struct MHD_Connection *mhd)
{
    static const struct connection_events events = {.hung_up = hold_hung_up,
                                                    .late = on_late};
    struct server                        *server = owner;
    struct connection                    *connection = connection_of(mhd);
    struct exchange *exchange = alloc_zero(1, sizeof *exchange);

    exchange->server = server;
    exchange->connection = connection;
    exchange->arrived_ns = core_now_ns(&server->core);
    exchange->target = alloc_text(target);
    bytes_init(&exchange->body, RECORD_BODY_KEPT_MAX);
    /* libmicrohttpd reads once a turn, before it answers: what it finds in the
     * turn of an answer was there before that. */
    exchange->ahead = connection->over_turn == server->core.loop.turn_count;
    connection_own(connection, &events, exchange);
    head_move(&exchange->head, &connection->head);
    if (exchange->ahead) /* What was left over was this one. */
        connection->surplus_bytes = 0;
    connection_blame_surplus(connection);
    connection_begin(connection);
    return exchange;
}

/* In the order of the wire. */
static enum MHD_Result keep_header(void *owner, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
    struct attempt *attempt = owner;

    (void)kind;
    header_add(&attempt->headers, name, value != NULL ? value : "");
    return MHD_YES;
}

static void check_framing(struct exchange *exchange)
{
    const struct server   *server = exchange->server;
    const struct listener *listener = exchange->connection->listener;
    const struct framing   framing = {
          .host = server->config.host != NULL ? listener->host : NULL,
          .port = listener->port,
          .write_key = server->config.plan->given.write_key,
          .folded = exchange->head.folded &&
                  head_is_of(&exchange->head, exchange->attempt),
    };

    framing_check(exchange->attempt, &framing);
}

/* What libmicrohttpd hides of it. */
static void check_head(struct exchange *exchange)
{
    struct connection *connection = exchange->connection;
    const struct head *head = &exchange->head;
    const bool         seen = head_is_of(head, exchange->attempt);

    if (!seen || head->head_bytes == 0 ||
        header_count(&exchange->attempt->headers, "Transfer-Encoding") > 0)
        connection->known_bytes = -1;
    else if (connection->known_bytes >= 0)
        connection->known_bytes += (int64_t)head->head_bytes;
    if (!seen)
        return;
    head_check(head, exchange->attempt);
    connection->surplus_bytes = head_surplus(head, exchange->attempt);
}

static bool open_attempt(struct exchange *exchange, struct MHD_Connection *mhd,
                         const char *method, const char *version)
{
    struct attempt *attempt = record_attempt(exchange->server->core.record);

    exchange->attempt = attempt;
    exchange->state = EXCHANGE_BODY;
    exchange->connection->asked = true;
    if (attempt == NULL)
        return false;
    attempt->connection = exchange->connection->number;
    attempt->accepted_ns = exchange->connection->accepted_ns;
    attempt->arrived_ns = exchange->arrived_ns;
    attempt->method = alloc_text(method);
    attempt->version = alloc_text(version);
    attempt->target = exchange->target;
    exchange->target = NULL;
    attempt->route = exchange->connection->listener->elsewhere
                         ? ROUTE_ELSEWHERE
                         : route_of(method, attempt->target);
    MHD_get_connection_values(mhd, MHD_HEADER_KIND, keep_header, attempt);
    check_framing(exchange);
    check_head(exchange);
    if (exchange->ahead)
        attempt_violation(attempt, VIOLATION_AHEAD,
                          "it came before the answer to the request "
                          "before it: no request follows a %s that "
                          "is not answered (RFC 9112, 9.3.2)",
                          attempt->method);
    return record_keep(exchange->server->core.record,
                       header_bytes(&attempt->headers));
}

/* ---- the body ---- */

/* As much of it as is kept of one body, if the record has room for that. */
static bool keep_read(struct exchange *exchange, const char *data,
                      size_t length_bytes)
{
    size_t room = RECORD_BODY_KEPT_MAX - exchange->body.length;

    if (length_bytes > room)
        length_bytes = room;
    if (!record_keep(exchange->server->core.record, length_bytes)) {
        exchange->state = EXCHANGE_BROKEN;
        exchange->broken = ANSWER_CUT;
        return false;
    }
    bytes_append(&exchange->body, data, length_bytes);
    return true;
}

/* A body that is kept whole is hashed when it is whole, in one go; of a longer
 * one, this is the moment at which it is still there. */
static void hash_unkept(struct exchange *exchange, const char *data,
                        size_t length_bytes)
{
    if (exchange->hash == NULL &&
        length_bytes <= RECORD_BODY_KEPT_MAX - exchange->body.length)
        return;
    if (exchange->hash == NULL &&
        gnutls_hash_init(&exchange->hash, GNUTLS_DIG_SHA256) == 0)
        gnutls_hash(exchange->hash, bytes_text(&exchange->body),
                    exchange->body.length);
    if (exchange->hash != NULL)
        gnutls_hash(exchange->hash, data, length_bytes);
}

bool exchange_read(struct exchange *exchange, const char *data,
                   size_t length_bytes)
{
    struct attempt *attempt = exchange->attempt;

    hash_unkept(exchange, data, length_bytes);
    attempt->body_bytes += length_bytes;
    if (attempt->body_bytes > SERVER_BODY_BYTES_MAX) {
        exchange_break(exchange, "a body of more than %d bytes",
                       SERVER_BODY_BYTES_MAX);
        return false;
    }
    return keep_read(exchange, data, length_bytes);
}

static void keep_hash(struct exchange *exchange)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char     digest[SHA256_BYTES];
    char             *hex = exchange->attempt->body_sha256;

    if (exchange->hash != NULL)
        gnutls_hash_output(exchange->hash, digest);
    else if (exchange->body.length == 0 ||
             exchange->body.length < exchange->attempt->body_bytes ||
             gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes_text(&exchange->body),
                              exchange->body.length, digest) != 0)
        return;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        *hex++ = digits[digest[i] >> 4];
        *hex++ = digits[digest[i] & 15];
    }
    *hex = '\0';
}

static void keep_body(struct exchange *exchange)
{
    struct attempt *attempt = exchange->attempt;

    attempt->body_kept_bytes = exchange->body.length;
    attempt->body = bytes_take(&exchange->body);
}

void exchange_whole(struct exchange *exchange)
{
    exchange->attempt->body_ns = core_now_ns(&exchange->server->core);
    keep_hash(exchange);
    keep_body(exchange);
}

/* ---- playing it ---- */

/* The same all second long, and it takes as long to print as all other fields
 * together. */
static const char *date_now(struct server *server, int64_t wall_s)
{
    if (server->date[0] == '\0' || wall_s != server->date_s)
        response_date(server->date, DATE_IMF, wall_s);
    server->date_s = wall_s;
    return server->date;
}

void exchange_make_response(struct exchange *exchange, bool close)
{
    struct server       *server = exchange->server;
    struct attempt      *attempt = exchange->attempt;
    const struct answer *answer =
        exchange->step != NULL && exchange->step->answer.status != 0
            ? &exchange->step->answer
            : NULL; /* of a fault that carries none: the default */
    struct response_context context = {
        .route = attempt->route,
        .settings_body = server->settings_body,
        .attempt = attempt,
        .elsewhere = answer != NULL && answer->elsewhere == ELSEWHERE_HOST
                         ? &server->acceptor.other_host
                         : &server->acceptor.other_port,
        .https = server->config.plan->given.https,
        .wall_s = clock_wall_ns(server->config.clock) / NS_PER_S,
        .close = close || framing_wants_close(attempt) ||
                 framing_is_ambiguous(attempt) ||
                 exchange->head.space_before_colon ||
                 framing_is_unreadable(attempt),
    };

    response_clear(&exchange->response);
    context.date = date_now(server, context.wall_s);
    attempt->answer_wall_s = context.wall_s;
    response_init(&exchange->response, answer, &context);
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
    struct hijacked *hijacked = hijacked_start(exchange);
    struct err       err;

    if (hijacked == NULL) {
        err_set_errno(&err, "server", "cannot take over a connection");
        core_note_trouble(&exchange->server->core, &err);
        exchange_break(exchange, "could not be played: %s", err.text);
        return MHD_NO;
    }
    *context = NULL;
    if (takes_over(exchange)) {
        exchange->attempt->fault = exchange->step->fault;
        fault_entry(exchange->step->fault)->play(hijacked);
    } else {
        answer_raw(hijacked);
    }
    return MHD_NO;
}

static enum MHD_Result play(struct exchange       *exchange,
                            struct MHD_Connection *mhd, void **context)
{
    const struct step *step = exchange->step;

    clock_step_begin(exchange->server, step);
    if (takes_over(exchange))
        return take_over(exchange, context);
    if (step != NULL && step->kind == STEP_FAULT)
        exchange->attempt->fault = step->fault;
    exchange_make_response(exchange, false);
    exchange->state = EXCHANGE_ANSWERING;
    /* It takes none while it thinks that a body is still to come: of a request
     * that waits for 100 Continue without having a body, and sends more. */
    if (!exchange->response.raw && answer_queue(exchange, mhd)) {
        connection_answer(exchange->connection);
        return MHD_YES;
    }
    exchange_make_response(exchange, true);
    return take_over(exchange, context);
}

/* The request is whole. */
static enum MHD_Result play_or_hold(struct exchange       *exchange,
                                    struct MHD_Connection *mhd, void **context)
{
    connection_rest(exchange->connection);
    exchange_whole(exchange);
    if (exchange->attempt->route == ROUTE_TOKEN &&
        exchange->server->config.keys.credential != NULL)
        token_check(exchange->attempt,
                    exchange->server->config.keys.credential);
    if (exchange->step == NULL)
        choice_make(exchange);
    if (exchange->step == NULL || exchange->step->delay_ns <= 0)
        return play(exchange, mhd, context);
    hold_start(exchange);
    return MHD_YES;
}

/* A request whose end cannot be found is refused without its body. */
static enum MHD_Result refuse(struct exchange       *exchange,
                              struct MHD_Connection *mhd, void **context)
{
    static const struct step bad_request = {
        .kind = STEP_ANSWER,
        .times = 1,
        .answer = {.status = 400},
    };

    connection_rest(exchange->connection);
    keep_body(exchange);
    exchange->step = &bad_request;
    exchange->attempt->played = alloc_text("refused: answer 400");
    return play(exchange, mhd, context);
}

/* A fault that does not wait for the whole body, once enough of it is here. */
static enum MHD_Result strike_if_due(struct exchange *exchange, void **context)
{
    if (exchange->state == EXCHANGE_BROKEN)
        return MHD_NO;
    if (!takes_over(exchange) ||
        fault_entry(exchange->step->fault)->early != NULL ||
        exchange->attempt->body_bytes < exchange->strike_bytes)
        return MHD_YES;
    return take_over(exchange, context);
}

static enum MHD_Result open_request(struct exchange       *exchange,
                                    struct MHD_Connection *mhd,
                                    const char *method, const char *version,
                                    void **context)
{
    if (!open_attempt(exchange, mhd, method, version)) {
        exchange->state = EXCHANGE_BROKEN;
        exchange->broken = ANSWER_CUT;
        return MHD_NO;
    }
    if (exchange->connection->in_clear)
        attempt_violation(exchange->attempt, VIOLATION_OTHER,
                          "it came in the clear where TLS was to be spoken");
    if (framing_is_unreadable(exchange->attempt) ||
        exchange->connection->in_clear)
        return refuse(exchange, mhd, context);
    choice_make_early(exchange);
    if (exchange->step == NULL)
        return MHD_YES;
    exchange->attempt->fault = exchange->step->fault;
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
    (void)url;
    switch (exchange->state) {
    case EXCHANGE_HEAD:
        return open_request(exchange, mhd, method, version, context);
    case EXCHANGE_BODY:
        if (length_bytes == 0)
            return play_or_hold(exchange, mhd, context);
        *upload_bytes = 0;
        if (!exchange_read(exchange, upload, length_bytes))
            return MHD_NO;
        return strike_if_due(exchange, context);
    case EXCHANGE_DUE:
        return play(exchange, mhd, context);
    case EXCHANGE_HELD:
    case EXCHANGE_ANSWERING:
        return MHD_YES;
    case EXCHANGE_TAKEN:
    case EXCHANGE_BROKEN:
        break;
    }
    return MHD_NO;
}

/* ---- the end ---- */

void exchange_break(struct exchange *exchange, const char *format, ...)
{
    char    text[ERR_TEXT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    exchange->state = EXCHANGE_BROKEN;
    exchange->broken = ANSWER_CUT;
    if (exchange->attempt != NULL)
        attempt_violation(exchange->attempt, VIOLATION_OTHER, "%s", text);
}

static void note_first_answer(struct exchange *exchange, int64_t now_ns)
{
    struct server *server = exchange->server;

    if (exchange->attempt->route == ROUTE_INGEST &&
        server->first_answer_ns == TIME_NEVER)
        server->first_answer_ns = now_ns;
}

void exchange_hanging(struct exchange *exchange)
{
    note_first_answer(exchange, core_now_ns(&exchange->server->core));
}

void exchange_answering(struct exchange *exchange)
{
    exchange->attempt->answering_ns = core_now_ns(&exchange->server->core);
    note_first_answer(exchange, exchange->attempt->answering_ns);
}

static void keep_raw(const struct exchange *exchange)
{
    const struct head *head = &exchange->head;
    const bool         surplus =
        exchange->connection != NULL && exchange->connection->surplus_bytes > 0;

    if ((exchange->attempt->violation_count > 0 || surplus) &&
        head_is_of(head, exchange->attempt))
        attempt_keep_raw(exchange->server->core.record, exchange->attempt,
                         head->kept, head->kept_bytes);
}

void exchange_over(struct exchange *exchange, enum answer_end end)
{
    const struct server_hooks *hooks = &exchange->server->config.hooks;
    struct attempt            *attempt = exchange->attempt;

    loop_cancel_timer(&exchange->server->core.loop, &exchange->due);
    if (attempt != NULL && attempt->body == NULL)
        keep_body(exchange);
    if (exchange->hash != NULL)
        gnutls_hash_deinit(exchange->hash, NULL);
    if (attempt != NULL) {
        attempt->end = end;
        keep_raw(exchange);
        if (hooks->on_attempt != NULL)
            hooks->on_attempt(hooks->data, attempt);
    }
    response_clear(&exchange->response);
    step_clear(&exchange->decided);
    bytes_clear(&exchange->body);
    head_clear(&exchange->head);
    alloc_free(exchange->target);
    alloc_free(exchange);
}

/* The client went before we were done. */
static enum answer_end gone(struct exchange *exchange)
{
    struct server  *server = exchange->server;
    struct attempt *attempt = exchange->attempt;

    if (attempt->gone_ns == TIME_NEVER)
        attempt->gone_ns = core_now_ns(&server->core);
    if (exchange->state == EXCHANGE_BODY) {
        const char *length = header_get(&attempt->headers, "Content-Length", 0);

        attempt_violation(attempt, VIOLATION_BODY,
                          "the client went after %zu bytes of a body that was "
                          "not whole (%s%.20s; RFC 9112, 8)",
                          attempt->body_bytes,
                          length ? "Content-Length: " : "in chunks",
                          length ? length : "");
        record_remark(server->core.record, attempt->gone_ns,
                      attempt->connection,
                      "attempt %u: the client went after %zu bytes of a body "
                      "that was not whole",
                      attempt->number, attempt->body_bytes);
    }
    return ANSWER_GONE;
}

/* libmicrohttpd found the body's chunks broken and answered itself. */
static enum answer_end refused(struct exchange *exchange)
{
    struct server *server = exchange->server;

    attempt_violation(exchange->attempt, VIOLATION_BODY, "the body was %s",
                      server->daemon.complaint);
    server->daemon.complaint[0] = '\0';
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
        exchange->attempt->answered_ns = core_now_ns(&exchange->server->core);
        return ANSWER_COMPLETE;
    }
    if (exchange->server->stopping)
        return ANSWER_CUT;
    if (exchange->state == EXCHANGE_BODY &&
        exchange->server->daemon.complaint[0] != '\0')
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
    connection = exchange->connection;
    was_attempt = exchange->state != EXCHANGE_HEAD;
    connection->owner = NULL;
    connection->over_turn = connection->core->loop.turn_count;
    if (!was_attempt)
        head_move(&connection->head, &exchange->head);
    attempt = exchange->attempt;
    if (attempt == NULL || attempt->body_ns == TIME_NEVER)
        connection->known_bytes = -1; /* who was refused may have had a body */
    else if (connection->known_bytes >= 0)
        connection->known_bytes += (int64_t)attempt->body_bytes;
    exchange_over(exchange, end_of(exchange, code));
    connection->last =
        attempt != NULL && attempt->end == ANSWER_COMPLETE ? attempt : NULL;
    /* A head that was refused leaves the connection asking, for its remark. */
    if (was_attempt)
        connection_expect(connection);
}
