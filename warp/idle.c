/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/idle.h"

#include <assert.h>

/* The number is read before the sleep: had the thread been put on a processor
 * in between, the second look would find another number. */
static bool look_first(const struct idle_world *world, uint64_t *runs)
{
    for (size_t i = 0; i < world->count; i++) {
        runs[i] = world->runs(world->data, i);
        if (runs[i] == 0 || !world->asleep(world->data, i))
            return false;
    }
    return true;
}

/* And here after it, for the same reason. */
static bool look_again(const struct idle_world *world, const uint64_t *runs)
{
    for (size_t i = 0; i < world->count; i++)
        if (!world->still_asleep(world->data, i) ||
            world->runs(world->data, i) != runs[i])
            return false;
    return true;
}

static bool none_ran(const struct idle_world *world, const uint64_t *runs)
{
    for (size_t i = 0; i < world->count; i++)
        if (world->runs(world->data, i) != runs[i])
            return false;
    return true;
}

bool idle_next(const struct idle_world *world, uint64_t *runs, int64_t *next_ns)
{
    assert(world->count > 0 && runs != NULL);
    if (!look_first(world, runs) || !world->quiet(world->data) ||
        !look_again(world, runs))
        return false;
    *next_ns = world->next_ns(world->data);
    return none_ran(world, runs);
}
