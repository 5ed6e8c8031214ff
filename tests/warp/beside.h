/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_WARP_BESIDE_H
#define TESTS_WARP_BESIDE_H

/* What clients have in common that do something beside a thread that sleeps an
 * hour: a jump while they do it would be to its end. */

#include <time.h>

double beside_seconds(clockid_t clock);
/* A thread that sleeps an hour; whoever cannot have one exits with 2. */
void beside_an_hour(void);

#endif
