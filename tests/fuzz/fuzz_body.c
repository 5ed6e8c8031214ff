/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a body, of any form and coding: its events are read, the same
 * ones twice. The first byte says which form the profile asks for (the lowest
 * three bits; beyond the forms: any) and which coding is declared (the next
 * two). Beginnings: a body of each form. */

#include "common/alloc.h"
#include "judge/events.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { EVENT_BYTES_MAX = 100, UNPACK_BYTES = 32 << 20 };

static struct events read_it(const struct attempt *attempt, unsigned form)
{
    struct profile       profile = {.credential_name = "key"};
    struct events_effort effort = {&profile, UNPACK_BYTES, EVENT_BYTES_MAX,
                                   "k"};
    struct events        events;

    profile.open[PROFILE_KEY_body_form] = form > BODY_FORM_MSGPACK;
    if (form <= BODY_FORM_MSGPACK)
        profile.body_form = (enum profile_body_form)form;
    events_read(&events, attempt, &effort);
    assert(effort.unpack_bytes <= UNPACK_BYTES);
    assert(events.ours <= events.count);
    assert(events.count <= EVENTS_COMMAS_MAX + 1);
    return events;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codings[] = {"identity", "gzip", "deflate", "br"};
    struct attempt           attempt = {0};
    struct events            first;
    struct events            again;

    if (size < 1)
        return 0;
    attempt.body = alloc_zero(size, 1);
    memcpy(attempt.body, data + 1, size - 1);
    attempt.body_bytes = attempt.body_kept_bytes = size - 1;
    header_add(&attempt.headers, "Content-Encoding", codings[data[0] >> 3 & 3]);
    first = read_it(&attempt, data[0] & 7);
    again = read_it(&attempt, data[0] & 7);
    assert(first.has_key == again.has_key);
    assert(first.body == again.body && first.count == again.count);
    for (size_t i = 0; i < first.count && i < again.count; i++)
        assert(first.items[i].number == again.items[i].number);
    events_clear(&first);
    events_clear(&again);
    header_clear(&attempt.headers);
    alloc_free(attempt.body);
    return 0;
}
