/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_SPREAD_H
#define JUDGE_SPREAD_H

/* Do many waits spread over their windows as the profile's law says, evenly?
 *
 * A wait's place is 0 at the least of its window and 1 at the most; what a
 * right client draws is even between them. What is measured is the draw with
 * lateness added, and perhaps a timer's grain taken away. So each of three
 * questions is asked in such a way that no lateness can blame a right client:
 *
 * - Are too many short? Lateness only makes waits longer, so it only moves
 *   the answer away from blame, however much there is of it and whatever it
 *   depends on. The grain is added to each wait first.
 * - Are too many long? What a client may be late by is taken off each wait
 *   first; then every place is below its draw.
 * - Are too many alike? Lateness that does not know the draw cannot bring
 *   draws closer together. What can is a machine that stops: all that fell due
 *   meanwhile comes at once. Then waits differ as their answers lay apart, so
 *   this matters only for those whose answers lay in a stretch as long, and
 *   adds at most the stop's length to the draws that lead there. No stop is
 *   longer than the trial's noise, by which it is measured.
 *
 * The first two are Kolmogorov-Smirnov's one-sided statistics, with their
 * exact chance; the third is a binomial's tail. Short windows drown in
 * lateness and long ones do not, so each is asked of the widest windows, of
 * those with the next, and so on; the least chance times the number of
 * questions is the chance of the whole (Bonferroni). */

#include <stdbool.h>
#include <stddef.h>

/* A right client is blamed less than once in a million trials. */
#define SPREAD_ALPHA 1e-6

struct spread_wait {
    double place;
    double window_s;
    double answered_s; /* when the answer was given that it began with */
};

/* What waits may differ from their draws by. */
struct spread_slack {
    double grain_s; /* shorter: a client timer's own grain */
    double late_s;  /* longer: what the profile allows */
    double noise_s; /* ... and what this machine did, in this trial; INFINITY
                     * = nobody measured it */
};

enum spread_fault { SPREAD_SHORT, SPREAD_LONG, SPREAD_ALIKE };

enum { SPREAD_FAULTS = SPREAD_ALIKE + 1 };

/* One question, where its chance was least. */
struct spread_asked {
    double p;     /* of a right client, by this question alone */
    size_t count; /* the waits it was asked of, */
    double seen;  /* ... and the excess, or the stretch that holds half of
                  * them; in windows */
};

struct spread_answer {
    double              p; /* of a right client; 1 = nothing could be asked */
    enum spread_fault   fault; /* the question with the least chance */
    struct spread_asked asked[SPREAD_FAULTS];
};

/* Puts the waits in order of their windows, the widest first. */
struct spread_answer spread_ask(struct spread_wait *waits, size_t count,
                                const struct spread_slack *slack);

/* Kolmogorov-Smirnov of the waits as they are, from both ends and with nothing
 * allowed for: what a reader asks first, and nothing to blame anybody by,
 * since whatever made a wait late counts. */
struct spread_asked spread_measure(const struct spread_wait *waits,
                                   size_t                    count);

/* The third question alone: the chance that so many of the waits, all of the
 * same window, lie as close together; *stretch is how close. */
double spread_alike(const struct spread_wait *waits, size_t count, size_t least,
                    const struct spread_slack *slack, double *stretch);

/* Even a client without any jitter, its waits up to late_s late, would not be
 * found: that nothing was says nothing. The waits as spread_ask left them. */
bool spread_is_blind(const struct spread_wait *waits, size_t count,
                     const struct spread_slack *slack, double late_s);

#endif
