#include "server/arrival.h"

#include "common/alloc.h"
#include "server/framing.h"
#include "server/route.h"

void arrival_init(struct arrival *arrival, struct connection *connection,
                  const char *target)
{
    arrival->connection = connection;
    arrival->arrived_ns = core_now_ns(connection->core);
    arrival->target = alloc_text(target);
    /* libmicrohttpd reads once a turn, before it answers: what it finds in the
     * turn of an answer was there before that. */
    arrival->ahead = connection->over_turn == connection->core->loop.turn_count;
    head_move(&arrival->head, &connection->head);
    if (arrival->ahead) /* What was left over was this one. */
        connection->surplus_bytes = 0;
    connection_blame_surplus(connection);
    connection_begin(connection);
}

void arrival_clear(struct arrival *arrival)
{
    head_clear(&arrival->head);
    alloc_free(arrival->target);
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

static void check_framing(const struct arrival          *arrival,
                          const struct arrival_expected *expected,
                          struct attempt                *attempt)
{
    const struct listener *listener = arrival->connection->listener;
    const struct framing   framing = {
          .host = expected->named ? listener->host : NULL,
          .port = listener->port,
          .write_key = expected->write_key,
          .folded = arrival->head.folded && head_is_of(&arrival->head, attempt),
    };

    framing_check(attempt, &framing);
}

/* What libmicrohttpd hides of it. */
static void check_head(const struct arrival *arrival, struct attempt *attempt)
{
    struct connection *connection = arrival->connection;
    const struct head *head = &arrival->head;
    const bool         seen = head_is_of(head, attempt);

    if (!seen || head->head_bytes == 0 ||
        header_count(&attempt->headers, "Transfer-Encoding") > 0)
        connection->known_bytes = -1;
    else if (connection->known_bytes >= 0)
        connection->known_bytes += (int64_t)head->head_bytes;
    if (!seen)
        return;
    head_check(head, attempt);
    connection->surplus_bytes = head_surplus(head, attempt);
}

bool arrival_record(struct arrival                *arrival,
                    const struct arrival_expected *expected, const char *method,
                    const char *version, struct attempt **recorded)
{
    struct connection *connection = arrival->connection;
    struct record     *record = connection->core->record;
    struct attempt    *attempt = record_attempt(record);

    *recorded = attempt;
    connection->asked = true;
    if (attempt == NULL)
        return false;
    attempt->connection = connection->number;
    attempt->accepted_ns = connection->accepted_ns;
    attempt->arrived_ns = arrival->arrived_ns;
    attempt->method = alloc_text(method);
    attempt->version = alloc_text(version);
    attempt->target = arrival->target;
    arrival->target = NULL;
    attempt->route = connection->listener->elsewhere
                         ? ROUTE_ELSEWHERE
                         : route_of(method, attempt->target);
    MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, keep_header,
                              attempt);
    check_framing(arrival, expected, attempt);
    check_head(arrival, attempt);
    if (arrival->ahead)
        attempt_violation(attempt, VIOLATION_AHEAD,
                          "it came before the answer to the request "
                          "before it: no request follows a %s that "
                          "is not answered (RFC 9112, 9.3.2)",
                          attempt->method);
    if (!record_keep(record, header_bytes(&attempt->headers)))
        return false;
    if (connection->in_clear)
        attempt_violation(attempt, VIOLATION_OTHER,
                          "it came in the clear where TLS was to be spoken");
    return true;
}
