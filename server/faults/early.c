/* SPDX-License-Identifier: Apache-2.0 */
#include "server/faults/early.h"

#include "server/exchange.h"

#include <string.h>
#include <sys/socket.h>

static bool send_all(struct exchange *exchange, const char *data,
                     size_t length_bytes)
{
    ssize_t sent = send(exchange->connection->watch.fd, data, length_bytes,
                        MSG_NOSIGNAL | MSG_DONTWAIT);

    if (sent == (ssize_t)length_bytes)
        return true;
    exchange_break(exchange, "%zu bytes could not be sent at once",
                   length_bytes);
    return false;
}

void early_send(struct exchange *exchange, const char *text)
{
    send_all(exchange, text, strlen(text));
}

void early_answer(struct exchange *exchange)
{
    struct attempt *attempt = exchange->attempt;
    struct bytes    out;

    exchange_make_response(exchange, true);
    bytes_init(&out, SIZE_MAX / 4);
    answer_print(attempt, &exchange->response, &out);
    exchange_answering(exchange);
    if (send_all(exchange, bytes_text(&out), out.length))
        attempt->answered_ns = core_now_ns(exchange->shared->core);
    bytes_clear(&out);
}

void early_finish(struct exchange *exchange)
{
    shutdown(exchange->connection->watch.fd, SHUT_WR);
}
