/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/evidence.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "judge/ending.h"
#include "judge/gap.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_SHOWN_MAX = 40, EVENTS_SHOWN_MAX = 8 };

char *evidence_seconds(char buffer[EVIDENCE_MAX], int64_t ns)
{
    snprintf(buffer, EVIDENCE_MAX, "%.3f s", (double)ns / (double)NS_PER_S);
    return buffer;
}

char *evidence_value(char buffer[EVIDENCE_MAX], const char *value)
{
    size_t      shown = 0;
    char        text[VALUE_SHOWN_MAX + 1];
    const char *quote = value[0] == '\0' ? "\"" : "";

    for (; value[shown] != '\0' && shown < VALUE_SHOWN_MAX; shown++) {
        bool plain = value[shown] > ' ' && value[shown] <= '~';

        text[shown] = plain || value[shown] == ' ' ? value[shown] : '?';
        if (!plain)
            quote = "\"";
    }
    text[shown] = '\0';
    snprintf(buffer, EVIDENCE_MAX, "%s%s%s%s", quote, text, quote,
             value[shown] == '\0' ? "" : "...");
    return buffer;
}

char *evidence_answer(char                       buffer[EVIDENCE_MAX],
                      const struct attempt_view *view)
{
    const struct attempt           *attempt = view->attempt;
    const struct retry_after_value *retry_after = &view->obligation.retry_after;
    char                            value[EVIDENCE_MAX];

    if (attempt->fault == FAULT_HANG || attempt->end == ANSWER_GONE)
        snprintf(buffer, EVIDENCE_MAX, "no answer");
    else if (attempt->fault == FAULT_RESET)
        snprintf(buffer, EVIDENCE_MAX, "a reset");
    else if (attempt->fault == FAULT_CLOSE)
        snprintf(buffer, EVIDENCE_MAX, "closed without an answer");
    else if (attempt->fault != FAULT_NONE && attempt->status != 0)
        snprintf(buffer, EVIDENCE_MAX, "%d with fault %s", attempt->status,
                 fault_name(attempt->fault));
    else if (attempt->fault != FAULT_NONE)
        snprintf(buffer, EVIDENCE_MAX, "fault %s", fault_name(attempt->fault));
    else if (retry_after->value == NULL)
        snprintf(buffer, EVIDENCE_MAX, "%d", attempt->status);
    else
        snprintf(buffer, EVIDENCE_MAX, "%d, Retry-After: %.60s%s",
                 attempt->status, evidence_value(value, retry_after->value),
                 retry_after->fields > 1 ? " and another" : "");
    return buffer;
}

char *evidence_events(char buffer[EVIDENCE_MAX], const struct history *history,
                      enum event_end end)
{
    size_t   count = ending_count(history, end);
    size_t   shown = 0;
    unsigned number = 1;
    int      used;

    if (count == 1)
        used = snprintf(buffer, EVIDENCE_MAX, "event");
    else
        used = snprintf(buffer, EVIDENCE_MAX, "%zu events:", count);
    for (; number <= history->plan->given.events && shown < EVENTS_SHOWN_MAX;
         number++)
        if (history->ends[number] == end) {
            used += snprintf(buffer + used, EVIDENCE_MAX - (size_t)used,
                             "%s %u", shown > 0 ? "," : "", number);
            shown++;
        }
    assert(used < EVIDENCE_MAX && shown <= count);
    if (shown < count)
        snprintf(buffer + used, EVIDENCE_MAX - (size_t)used, " ...");
    return buffer;
}

char *evidence_gap(char buffer[EVIDENCE_GAP_MAX], const struct history *history,
                   const struct attempt_view *view, const struct gap *gap,
                   const struct window *due)
{
    char came[EVIDENCE_MAX];
    char answer[EVIDENCE_MAX];
    char least[EVIDENCE_MAX];
    char most[EVIDENCE_MAX];
    char noise[EVIDENCE_MAX] = "";

    assert(gap->known && view->next != NULL);
    if (gap->late && history->terms.noise_ns > 0)
        snprintf(noise, sizeof noise, "; this trial's noise was %.3f s",
                 (double)history->terms.noise_ns / 1e9);
    if (due->most_ns >= TERMS_OPEN_NS)
        snprintf(most, sizeof most, "or more");
    else
        snprintf(most, sizeof most, "to %.3f s",
                 (double)(due->most_ns + history->terms.late_ns) / 1e9);
    snprintf(buffer, EVIDENCE_GAP_MAX,
             "attempt %u came %s after attempt %u's answer (%s); allowed is "
             "%.40s %.40s%.60s",
             view->next->attempt->number, evidence_seconds(came, gap->ns),
             view->attempt->number, evidence_answer(answer, view),
             evidence_seconds(least, due->least_ns), most, noise);
    return buffer;
}

void evidence_spread(const struct history     *history,
                     const struct spread_wait *waits, size_t count,
                     struct statistic *statistic)
{
    const struct spread_asked measured = spread_measure(waits, count);
    const struct backoff_law *law = &history->terms.backoff;
    char                      first[EVIDENCE_MAX] = "";
    char                      floor[EVIDENCE_MAX] = "";

    if (law->first_s >= 0)
        snprintf(first, sizeof first, ", but %g s before the first",
                 law->first_s);
    if (law->floor_s > 0)
        snprintf(floor, sizeof floor, ", nor under %g s", law->floor_s);
    statistic->from = history->profile->jitter_min;
    statistic->to = history->profile->jitter_max;
    statistic->law = alloc_format(
        "even from %g to %g times %g s x %g^(n-1) before counted retry n%s, "
        "and never over %g s%s",
        statistic->from, statistic->to, law->base_s, law->factor, first,
        law->cap_s, floor);
    statistic->measured_d = measured.seen;
    statistic->measured_p = measured.p;
    for (size_t i = 0; i < count; i++)
        statistic_place(statistic, waits[i].place);
}
