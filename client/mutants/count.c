/* SPDX-License-Identifier: Apache-2.0 */
/* The attempt header: the mistakes that break COUNT-*. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Of all the client's workers. */
static atomic_uint client_retries;

CONFIGURE(forget)
{
    atomic_store(&client_retries, 0);
}

BEFORE(count_never)
{
    mistake_set_count(request, 0);
}

BEFORE(count_zero)
{
    if (request->retry == 0)
        request->retry_count = alloc_text("0");
}

WORKER_MEMORY unsigned counted_before_wait;

BEFORE(count_since_wait)
{
    if (request->retry == 0)
        counted_before_wait = 0;
    mistake_set_count(request, request->retry - counted_before_wait);
}

DECIDE(note_wait)
{
    if (move->blocks_all)
        counted_before_wait = retry->retries;
}

BEFORE(count_of_client)
{
    if (request->retry > 0)
        atomic_fetch_add(&client_retries, 1);
    mistake_set_count(request, atomic_load(&client_retries));
}

/* clang-format off */
const struct mutant mutants_count[] = {
    {"no-count-header", "COUNT-2", "Retries carry no attempt header.",
     {.before = count_never}},
    {"count-on-first", "COUNT-1",
     "A batch's first attempt carries the attempt header: 0.",
     {.before = count_zero}},
    {"count-restarts-after-retry-after", "COUNT-3",
     "After a Retry-After wait the count begins again, without a header.",
     {.before = count_since_wait, .decide = note_wait}},
    {"count-carries-over-to-next-batch", "COUNT-4",
     "The count is the client's and not the batch's: a new batch carries it "
     "on.",
     {.configure = forget, .before = count_of_client}},
    {.name = NULL},
};
/* clang-format on */
