/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/jumped.h"

#include "common/alloc.h"
#include "judge/events.h"

/* An answer, or what came in its place, was over then. */
static int64_t over_ns(const struct attempt *attempt)
{
    if (attempt->answered_ns != TIME_NEVER)
        return attempt->answered_ns;
    return attempt->gone_ns != TIME_NEVER ? attempt->gone_ns
                                          : attempt->arrived_ns;
}

/* The attempt that this one may have waited after: its batch's last one, or
 * whatever came last. over holds, by event, when its attempt was over. */
static int64_t waited_since_ns(const struct record *record, size_t index,
                               const int64_t *over, unsigned event)
{
    if (event > 0 && over[event] != TIME_NEVER)
        return over[event];
    return index > 0 ? over_ns(record->attempts[index - 1])
                     : record->attempts[index]->arrived_ns;
}

int64_t jumped_not_ns(const struct trial_clock *trial_clock, int64_t epoch_ns,
                      const struct profile *profile, unsigned events,
                      const struct record *record)
{
    int64_t  longest_ns = 0;
    size_t   unpack_bytes = EVENTS_UNPACK_BYTES;
    int64_t *over;

    if (trial_clock->warp == NULL)
        return 0;
    over = alloc_zero((size_t)events + 1, sizeof over[0]);
    for (unsigned event = 0; event <= events; event++)
        over[event] = TIME_NEVER;
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];
        unsigned              event = 0;
        int64_t               from_ns;
        int64_t               real_ns = 0;

        if (events_numbers(attempt, profile, &event, 1, &unpack_bytes) == 0 ||
            event > events)
            event = 0;
        from_ns = waited_since_ns(record, i, over, event);
        if (attempt->arrived_ns > from_ns)
            real_ns = trial_clock_real_ns(trial_clock, epoch_ns + from_ns,
                                          epoch_ns + attempt->arrived_ns);
        if (real_ns > longest_ns)
            longest_ns = real_ns;
        over[event] = over_ns(attempt);
    }
    alloc_free(over);
    return longest_ns;
}

struct stretch {
    const struct trial_clock *trial_clock;
    int64_t                   epoch_ns;
    int64_t                   since_ns; /* when the client was heard of last */
    int64_t                   longest_ns;
};

static void hear(struct stretch *stretch, int64_t at_ns)
{
    int64_t real_ns;

    if (at_ns <= stretch->since_ns)
        return;
    real_ns = trial_clock_real_ns(stretch->trial_clock,
                                  stretch->epoch_ns + stretch->since_ns,
                                  stretch->epoch_ns + at_ns);
    if (real_ns > stretch->longest_ns)
        stretch->longest_ns = real_ns;
    stretch->since_ns = at_ns;
}

int64_t jumped_held_up_ns(const struct trial_clock *trial_clock,
                          int64_t epoch_ns, int64_t now_ns,
                          const struct record *record)
{
    struct stretch stretch = {.trial_clock = trial_clock, .epoch_ns = epoch_ns};

    if (trial_clock->warp == NULL)
        return 0;
    for (size_t i = 0; i < record->attempt_count; i++) {
        hear(&stretch, record->attempts[i]->arrived_ns);
        hear(&stretch, over_ns(record->attempts[i]));
    }
    hear(&stretch, now_ns);
    return stretch.longest_ns;
}
