#include "server/answer.h"

#include "common/alloc.h"
#include "server/exchange.h"
#include "server/hijacked.h"
#include "server/state.h"

#include <stdio.h>
#include <string.h>

static void keep_body(struct attempt *attempt, const struct reply *reply)
{
    size_t kept = reply->body_bytes < RECORD_ANSWER_KEPT_MAX
                      ? reply->body_bytes
                      : RECORD_ANSWER_KEPT_MAX;

    alloc_free(attempt->answer_body);
    attempt->answer_body = alloc_text_n(reply->body, kept);
}

void answer_write_down(struct attempt *attempt, struct reply *reply)
{
    bool with_body = reply_has_body(reply->status, attempt->method);
    bool with_length = reply_sends_length(reply);
    char length[32];

    header_move(&attempt->answer_headers, &reply->fields);
    if (with_length) {
        snprintf(length, sizeof length, "%zu", reply->body_bytes);
        header_add(&attempt->answer_headers, "Content-Length", length);
    }
    attempt->status = reply->status;
    attempt->answer_body_bytes = with_body ? reply->body_bytes : 0;
    if (with_body && attempt->route == ROUTE_TOKEN)
        keep_body(attempt, reply);
}

bool answer_queue(struct exchange *exchange, struct MHD_Connection *mhd)
{
    struct reply        *reply = &exchange->reply;
    struct MHD_Response *response =
        response_of(&exchange->server->response, reply);

    if (response == NULL)
        return false;
    exchange_answering(exchange);
    if (MHD_queue_response(mhd, (unsigned)reply->status, response) != MHD_YES)
        return false;
    answer_write_down(exchange->attempt, reply);
    return true;
}

void answer_raw(struct hijacked *hijacked)
{
    struct exchange *exchange = hijacked->exchange;
    struct attempt  *attempt = exchange->attempt;
    bool with_body = reply_has_body(exchange->reply.status, attempt->method);
    struct bytes bytes;

    /* The plan's own size is the bound: a scenario is limited in memory. */
    bytes_init(&bytes, SIZE_MAX / 4);
    reply_print(&exchange->reply, with_body, &bytes);
    answer_write_down(attempt, &exchange->reply);
    hijacked_send(hijacked, &bytes);
}
