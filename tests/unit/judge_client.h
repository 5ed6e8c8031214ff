/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_JUDGE_CLIENT_H
#define TESTS_JUDGE_CLIENT_H

/* A synthetic client on a clock of its own, against a server of chance: whole
 * trials in microseconds, to hold the judge to its word. A right one uses all
 * the freedom that contract and profile leave (jitter at its extremes, any
 * reading of junk, timer grain, a slow machine); a sinner does one thing
 * wrong, and says whether it came to that. */

#include "judge_case.h"

#include "common/rng.h"

/* enumerator, what it does */
#define SIN_MAP(X)                                                             \
    X(SIN_NO_COUNT, "retries carry no count")                                  \
    X(SIN_COUNT_FIRST, "a first attempt carries a count")                      \
    X(SIN_NO_AUTHORIZATION, "no credentials")                                  \
    X(SIN_RETRIES_DROPPED, "retries what is to be dropped")                    \
    X(SIN_GIVES_UP, "gives up what is to be retried")                          \
    X(SIN_HURRIES, "does not back off")                                        \
    X(SIN_IGNORES_TOLD, "does not wait for Retry-After")                       \
    X(SIN_DAWDLES, "backs off far too long")                                   \
    X(SIN_ONE_MORE, "retries once more than the budget allows")                \
    X(SIN_TWICE, "sends again what was delivered")                             \
    X(SIN_LIES, "reports success, whatever came")                              \
    X(SIN_CHANGES_BATCH, "a retry leaves out an event")                        \
    X(SIN_BROKEN_BODY, "sends no JSON")                                        \
    X(SIN_LOSES_LAST, "never sends the last batch")

enum sin {
    SIN_NONE,
#define X(sin, meaning) sin,
    SIN_MAP(X)
#undef X
        SIN_COUNT
};

const char *sin_meaning(enum sin sin);

/* A trial drawn from rng; *sinned: the sin was committed, so that it must be
 * found. text gets the case's lines, for who wants to see it. */
struct judge_case judge_client_trial(struct rng *rng, enum sin sin,
                                     bool *sinned, struct bytes *text);

#endif
