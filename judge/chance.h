/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CHANCE_H
#define JUDGE_CHANCE_H

/* How often chance alone does such a thing: the exact tails that the checks
 * of many waits rest on. Pure numbers; all are probabilities, and none is
 * ever below the true one by more than rounding. */

#include <stddef.h>

/* Kolmogorov-Smirnov, one-sided: that the share of n even numbers (0 to 1,
 * drawn one by one) below some place is over that place by excess or more.
 * Exact for every n: Birnbaum and Tingey, Ann. Math. Statist. 22 (1951). */
double chance_excess(size_t n, double excess);

/* That of n events, each with probability p, at least so many happen. */
double chance_at_least(size_t least, size_t n, double p);

/* That some stretch of that length holds at least so many of n numbers, when
 * each falls into any such stretch with a probability of share at most: each
 * of them may be the one that the stretch begins with. */
double chance_bunched(size_t least, size_t n, double share);

/* Fisher: that the product of n even numbers is as small as that of these,
 * whose logarithms' sum is given. */
double chance_product(double log_product, size_t n);

#endif
