/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/calm.h"

#include <assert.h>

bool calm_has_run(const struct calm_thread *thread, uint64_t runs)
{
    return thread->runs != runs;
}

void calm_see(struct calm *calm, struct calm_thread *thread, uint64_t runs,
              bool rests)
{
    if (!thread->rested || !rests)
        calm->stirred = true;
    *thread = (struct calm_thread){runs, rests};
}

bool calm_lasts(struct calm *calm, int64_t now_ns, int64_t span_ns)
{
    assert(now_ns >= calm->since_ns);
    if (calm->stirred)
        calm->since_ns = now_ns;
    calm->stirred = false;
    return now_ns - calm->since_ns >= span_ns;
}
