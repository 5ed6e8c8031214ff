#include "runner/hooks.h"

#include "judge/judge.h"

static size_t events_of(void *data, const struct attempt *attempt,
                        unsigned *numbers, size_t max)
{
    (void)data;
    return judge_events(attempt, numbers, max);
}

static unsigned nth_of(void *server, const struct attempt *attempt)
{
    return server_nth(server, attempt);
}

static bool decide(void *data, int handle, struct server *server,
                   const struct attempt *attempt, struct step *step,
                   struct err *err)
{
    const struct script_question question = {
        .attempt = attempt,
        .owner = server,
        .events_of = events_of,
        .nth_of = nth_of,
    };

    return script_decide(data, handle, &question, step, err);
}

struct server_hooks hooks_make(struct script *script)
{
    return (struct server_hooks){
        .data = script,
        .events_of = events_of,
        .decide = decide,
    };
}
