#include "server/answer.h"

#include "common/alloc.h"
#include "server/exchange.h"
#include "server/hijacked.h"
#include "server/state.h"

#include <stdio.h>
#include <string.h>

static void keep_body(struct attempt *attempt, const struct response *response)
{
    size_t kept = response->body_bytes < RECORD_ANSWER_KEPT_MAX
                      ? response->body_bytes
                      : RECORD_ANSWER_KEPT_MAX;

    alloc_free(attempt->answer_body);
    attempt->answer_body = alloc_text_n(response->body, kept);
}

void answer_write_down(struct attempt *attempt, struct response *response)
{
    bool with_body = response_has_body(response->status, attempt->method);
    bool with_length = response_sends_length(response);
    char length[32];

    header_move(&attempt->answer_headers, &response->fields);
    if (with_length) {
        snprintf(length, sizeof length, "%zu", response->body_bytes);
        header_add(&attempt->answer_headers, "Content-Length", length);
    }
    attempt->status = response->status;
    attempt->answer_body_bytes = with_body ? response->body_bytes : 0;
    if (with_body && attempt->route == ROUTE_TOKEN)
        keep_body(attempt, response);
}

bool answer_queue(struct exchange *exchange, struct MHD_Connection *mhd)
{
    struct response     *response = &exchange->response;
    struct MHD_Response *made =
        response_cache_find(&exchange->server->response_cache, response);

    if (made == NULL)
        return false;
    exchange_answering(exchange);
    if (MHD_queue_response(mhd, (unsigned)response->status, made) != MHD_YES)
        return false;
    answer_write_down(exchange->attempt, response);
    return true;
}

void answer_raw(struct hijacked *hijacked)
{
    struct exchange *exchange = hijacked->exchange;
    struct attempt  *attempt = exchange->attempt;
    bool             with_body =
        response_has_body(exchange->response.status, attempt->method);
    struct bytes bytes;

    /* The plan's own size is the bound: a scenario is limited in memory. */
    bytes_init(&bytes, SIZE_MAX / 4);
    response_print(&exchange->response, with_body, &bytes);
    answer_write_down(attempt, &exchange->response);
    hijacked_send(hijacked, &bytes);
}
