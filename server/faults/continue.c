/* SPDX-License-Identifier: Apache-2.0 */
/* 100 Continue where nobody asked for it, and none where somebody did. */

#include "common/text.h"
#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/early.h"
#include "server/faults/forge.h"

static void go_on(struct exchange *exchange)
{
    early_send(exchange, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* Only of a body with a length do we see the end. */
static bool body_length(const struct exchange *exchange, int64_t *length_bytes)
{
    const struct header_list *headers = &exchange->attempt->headers;
    const char               *length = header_get(headers, "Content-Length", 0);

    return length != NULL && text_to_int(length, 1, INT64_MAX, length_bytes);
}

static bool waits(const struct exchange *exchange)
{
    const char *expect = header_get(&exchange->attempt->headers, "Expect", 0);
    int64_t     length_bytes;

    return expect != NULL && text_equal_nocase(expect, "100-continue") &&
           body_length(exchange, &length_bytes);
}

static void answer(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_all(hijacked);
    forge_end(hijacked);
}

static void withhold(struct hijacked *hijacked)
{
    int64_t length_bytes = 0;

    body_length(exchange_of(hijacked), &length_bytes);
    hijacked_read(hijacked, (uint64_t)length_bytes, answer);
}

FAULT_PLAYED(FAULT_CONTINUE_UNASKED, .early = go_on);
FAULT_PLAYED(FAULT_CONTINUE_WITHHELD, .play = withhold, .concerns = waits);
