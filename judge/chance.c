/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/chance.h"

#include <assert.h>
#include <math.h>

static double log_choose(size_t n, size_t k)
{
    assert(k <= n);
    return lgamma((double)n + 1) - lgamma((double)k + 1) -
           lgamma((double)(n - k) + 1);
}

static double at_most_one(double p)
{
    return p < 1 ? p : 1;
}

/* All terms are positive, so nothing cancels. */
double chance_excess(size_t n, double excess)
{
    double sum = 0;

    assert(n > 0);
    if (excess <= 0)
        return 1;
    if (excess >= 1)
        return 0;
    for (size_t j = 0; j < n; j++) {
        double place = excess + (double)j / (double)n;

        if (place >= 1)
            break;
        sum += exp(log_choose(n, j) + ((double)j - 1) * log(place) +
                   (double)(n - j) * log1p(-place));
    }
    return at_most_one(excess * sum);
}

double chance_at_least(size_t least, size_t n, double p)
{
    double term;
    double sum = 0;

    if (least == 0 || p >= 1)
        return 1;
    if (least > n || p <= 0)
        return 0;
    /* From the middle on, so that the first term is the greatest: it could be
     * too small for a double where the sum is near 1. */
    if ((double)least <= (double)n * p)
        return 1 - chance_at_least(n - least + 1, n, 1 - p);
    term = exp(log_choose(n, least) + (double)least * log(p) +
               (double)(n - least) * log1p(-p));
    for (size_t k = least; k <= n; k++) {
        sum += term;
        term *= (double)(n - k) / (double)(k + 1) * p / (1 - p);
    }
    return at_most_one(sum);
}

double chance_bunched(size_t least, size_t n, double share)
{
    assert(n > 0);
    if (least <= 1)
        return 1;
    return at_most_one((double)n * chance_at_least(least - 1, n - 1, share));
}

double chance_product(double log_product, size_t n)
{
    double term = exp(log_product);
    double sum = 0;

    assert(log_product <= 0);
    for (size_t i = 0; i < n; i++) {
        sum += term;
        term *= -log_product / (double)(i + 1);
    }
    return at_most_one(sum);
}
