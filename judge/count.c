/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/count.h"

#include "common/text.h"

#include <assert.h>

int64_t count_in_words(const struct profile *profile, int64_t retries)
{
    return retries + (profile->attempt_first == ATTEMPT_FIRST_ONE);
}

int64_t count_said(const struct history      *history,
                   const struct attempt_view *view)
{
    const struct profile     *profile = history->profile;
    const struct header_list *headers = &view->attempt->headers;
    const char               *value;
    int64_t                   first = count_in_words(profile, 0);
    int64_t                   count = 0;

    if (PROFILE_OPEN(profile, attempt_header))
        return 0;
    value = header_get(headers, profile->attempt_header, 0);
    if (value == NULL)
        return 0;
    if (header_count(headers, profile->attempt_header) > 1 || value[0] == '-' ||
        !text_to_int(value, first, INT32_MAX, &count) ||
        (value[0] == '0' && value[1] != '\0'))
        return COUNT_NONE;
    return count - first;
}

/* A count that begins anew within a batch says nothing of what came before. */
static bool goes_on(const struct history *history)
{
    return history->profile->retry_count_after_requeue !=
           RETRY_COUNT_AFTER_REQUEUE_RESTART;
}

/* A client that never counts claims nothing, and has lost who knows what. */
static bool client_counts(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (count_said(history, &history->items[i]) > 0)
            return goes_on(history);
    return false;
}

void count_claims(struct history *history)
{
    unsigned all = 0;

    assert(history->batches != NULL);
    history->counts = client_counts(history);
    for (size_t i = 0; i < history->count; i++) {
        struct attempt_view *view = &history->items[i];
        int64_t  claim = count_said(history, view) - ((int64_t)view->nth - 1);
        unsigned before = view->previous ? view->previous->claimed : 0;

        if (view->batch == NULL)
            continue;
        view->claimed = claim > (int64_t)before ? (unsigned)claim : before;
        all += view->claimed - before;
        view->claimed_by_others = all - view->claimed;
    }
}

unsigned count_unseen(const struct history      *history,
                      const struct attempt_view *view)
{
    int64_t  until_ns = view->attempt->arrived_ns;
    unsigned struck = unseen_struck(&history->unseen, 0, until_ns);
    unsigned idle = unseen_idle(&history->unseen, until_ns);
    unsigned others = goes_on(history) ? view->claimed_by_others : 0;
    unsigned of_idle = others > struck ? others - struck : 0;

    return struck + (idle > of_idle ? idle - of_idle : 0);
}

/* The attempt before came on a kept connection, and that died under it. */
static bool died_in_use(const struct history      *history,
                        const struct attempt_view *view)
{
    const struct attempt_view *before = view->previous;

    return before != NULL && before->outcome.kind == OUTCOME_NETWORK &&
           before->attempt->status == 0 &&
           fault_sees(before->attempt->fault) == SEES_TROUBLE &&
           connections_kept(&history->connections, before->attempt);
}

bool count_follows_dead(const struct history      *history,
                        const struct attempt_view *view)
{
    return (view->nth == 1 &&
            connections_died(&history->connections, view->attempt)) ||
           died_in_use(history, view);
}

bool count_is_of_the_dead(const struct history      *history,
                          const struct attempt_view *view)
{
    return count_follows_dead(history, view) &&
           count_said(history, view) >
               (int64_t)view->nth - 1 + count_unseen(history, view);
}
