#ifndef RUNNER_LOAD_H
#define RUNNER_LOAD_H

/* How many trials may run at once: as many as the machine bears. Trials
 * mostly wait, so the number follows the processes that want a processor
 * right now, not a constant. */

#include <stdbool.h>

/* May one more be started beside `running` others? jobs: at most so many;
 * 0 = by load alone. */
bool load_allows(unsigned running, unsigned jobs);

#endif
