/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_GAP_H
#define JUDGE_GAP_H

/* The gap before a batch's next attempt: too early, too late, or only perhaps
 * too late. */

#include "judge/history.h"

enum lateness {
    LATENESS_NONE,
    LATENESS_DOUBTFUL, /* within the noise of this very trial */
    LATENESS_CERTAIN,
};
/* Against what the law allows; the profile's allowance is added here. */
enum lateness gap_lateness(const struct history *history, int64_t took_ns,
                           int64_t law_ns);

struct gap {
    bool    known;
    bool    early; /* sooner than due, the client's timer grain allowed */
    bool    late; /* later than due and lateness, once free of others, */
    bool    doubtful; /* ... but by no more than the trial's own noise */
    int64_t ns;
};
/* Against a window; most_ns INT64_MAX = no upper bound. */
struct gap gap_of(const struct history      *history,
                  const struct attempt_view *view, const struct window *due);

/* The answer's Retry-After, had it been obeyed, would explain the gap. */
bool gap_retry_after_explains(const struct history      *history,
                              const struct attempt_view *view,
                              const struct gap          *gap);

/* When the retry is due that the attempt asks for, by the profile's own law. */
int64_t gap_due_ns(const struct history      *history,
                   const struct attempt_view *view);

#endif
