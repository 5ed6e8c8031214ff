/* SPDX-License-Identifier: Apache-2.0 */
#include "server/arrival.h"

#include "common/alloc.h"
#include "server/framing.h"
#include "server/route.h"

#include <assert.h>

void arrival_init(struct arrival *arrival, struct connection *connection,
                  const char *target)
{
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

static void check_framing(const struct arrival       *arrival,
                          const struct listener      *listener,
                          const struct server_config *config,
                          struct attempt             *attempt)
{
    const struct profile *profile = config->profile;
    const struct framing  framing = {
         .host = config->host != NULL ? listener->host : NULL,
         .port = listener->port,
         .write_key = config->plan->given.write_key,
         .in_query =
            profile != NULL && profile->authorization == AUTHORIZATION_QUERY,
         .puts = profile != NULL && profile->method == METHOD_PUT &&
                attempt->route != ROUTE_TOKEN,
         .folded = arrival->head.folded && head_is_of(&arrival->head, attempt),
    };

    framing_check(attempt, &framing);
}

/* What libmicrohttpd hides of it. */
static void check_head(const struct head *head, struct connection *connection,
                       struct attempt *attempt)
{
    const bool seen = head_is_of(head, attempt);

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

struct attempt *arrival_record(struct arrival             *arrival,
                               struct connection          *connection,
                               const struct server_config *config,
                               const char *method, const char *version)
{
    const struct listener *listener = connection->listener;
    struct attempt        *attempt = record_attempt(connection->core->record);

    assert(arrival->target != NULL);
    connection->asked = true;
    if (attempt == NULL)
        return NULL;
    attempt->connection = connection->number;
    attempt->accepted_ns = connection->accepted_ns;
    attempt->arrived_ns = arrival->arrived_ns;
    attempt->method = alloc_text(method);
    attempt->version = alloc_text(version);
    attempt->target = arrival->target;
    arrival->target = NULL;
    attempt->route = listener->elsewhere
                         ? ROUTE_ELSEWHERE
                         : route_of(method, attempt->target, config->profile);
    MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, keep_header,
                              attempt);
    check_framing(arrival, listener, config, attempt);
    check_head(&arrival->head, connection, attempt);
    if (arrival->ahead)
        attempt_violation(attempt, VIOLATION_AHEAD,
                          "it came before the answer to the request "
                          "before it: no request follows a %s that "
                          "is not answered (RFC 9112, 9.3.2)",
                          attempt->method);
    return attempt;
}
