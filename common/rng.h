/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_RNG_H
#define COMMON_RNG_H

/* Seeded chance (xoshiro256**), the only one in the house: the same seed gives
 * the same run. Not for secrets. */

#include <stdint.h>

struct rng {
    uint64_t state[4];
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
double rng_unit(struct rng *rng); /* in [0, 1) */
/* Uniform in [0, below); below > 0. */
uint64_t rng_below(struct rng *rng, uint64_t below);

#endif
