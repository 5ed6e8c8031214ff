/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/hooks.h"

#include "judge/events.h"
#include "server/server.h"

#include <assert.h>

static size_t events_of(void *data, const struct attempt *attempt,
                        unsigned *numbers, size_t max)
{
    struct hooks *hooks = data;

    return events_numbers(attempt, hooks->profile, numbers, max,
                          &hooks->unpack_bytes);
}

/* Whom a decide function asks. */
struct asked {
    struct hooks  *hooks;
    struct server *server;
};

static size_t events_asked_of(void *owner, const struct attempt *attempt,
                              unsigned *numbers, size_t max)
{
    const struct asked *asked = owner;

    return events_of(asked->hooks, attempt, numbers, max);
}

static unsigned nth_of(void *owner, const struct attempt *attempt)
{
    const struct asked *asked = owner;

    return server_nth(asked->server, attempt);
}

static bool decide(void *data, int handle, struct server *server,
                   const struct attempt *attempt, struct step *step,
                   struct err *err)
{
    struct asked                 asked = {data, server};
    const struct script_question question = {
        .attempt = attempt,
        .owner = &asked,
        .events_of = events_asked_of,
        .nth_of = nth_of,
    };

    return script_decide(asked.hooks->script, handle, &question, step, err);
}

struct server_hooks hooks_make(struct hooks *hooks, struct script *script,
                               const struct profile *profile)
{
    assert(script != NULL);
    script_take_profile(script, profile);
    *hooks = (struct hooks){script, profile, EVENTS_UNPACK_BYTES};
    return (struct server_hooks){
        .data = hooks,
        .events_of = events_of,
        .decide = decide,
    };
}
