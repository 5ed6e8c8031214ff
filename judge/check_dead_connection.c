/* SPDX-License-Identifier: Apache-2.0 */
/* A kept-alive connection that has died costs one retry at most: the next goes
 * out on a fresh one. */

#include "judge/check.h"
#include "judge/count.h"
#include "judge/evidence.h"

#define CHECK "network.dead-connection"

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (view->batch == NULL || !count_follows_dead(history, view))
        return;
    verdict_saw(verdict, RULE_NET_3);
    if (count_is_of_the_dead(history, view))
        verdict_find(
            verdict, RULE_NET_3, CHECK, view->attempt->number,
            "the first attempt of batch %zu after a kept connection had "
            "died carried %s: %d; allowed is at most %u",
            view->batch->index + 1, history->profile->attempt_header,
            (int)count_in_words(history->profile, count_said(history, view)),
            (unsigned)count_in_words(
                history->profile, view->nth - 1 + count_unseen(history, view)));
}

const struct check check_dead_connection = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_NET_3),
            .looks_at =
                "the attempt header of the first attempt that comes "
                "through after a kept connection has died, idle or in use",
            .evidence = "the count, and how many retries are explained. What "
                        "is sent on a connection that died idle is lost and in "
                        "no record, so one may be missing",
            .killed_by = LIST("dead-connection-tried-again"),
        },
    .judge_attempt = judge,
};
