/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_LOAD_H
#define RUNNER_SUITE_LOAD_H

/* How many trials may run at once: as many as the machine bears. Trials
 * mostly wait, so the number follows the processes that want a processor
 * right now, not a constant. Where the clock jumps they never wait: a few a
 * processor keep it busy, and more would only be late. */

#include <stdbool.h>

struct load {
    unsigned processors;
    unsigned others; /* processes that wanted one before we began */
    bool     jumps;  /* the trials' clocks do */
};

void load_start(struct load *load, bool jumps);

/* May one more be started beside `running` others? jobs: at most so many;
 * 0 = by load alone. What others do to the machine does not starve us: they
 * are not counted, and some trials run always. */
bool load_allows(const struct load *load, unsigned running, unsigned jobs);

#endif
