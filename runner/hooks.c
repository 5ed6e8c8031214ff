#include "runner/hooks.h"

#include "judge/judge.h"

static size_t events_of(void *data, const struct attempt *attempt,
                        unsigned *numbers, size_t max)
{
    (void)data;
    return judge_events(attempt, numbers, max);
}

static bool decide(void *data, int handle, const struct attempt *attempt,
                   const unsigned *events, size_t event_count, unsigned nth,
                   struct step *step, struct err *err)
{
    return script_decide(data, handle, attempt, events, event_count, nth, step,
                         err);
}

struct server_hooks hooks_make(struct script *script)
{
    return (struct server_hooks){
        .data = script,
        .events_of = events_of,
        .decide = decide,
    };
}
