/* SPDX-License-Identifier: Apache-2.0 */
/* X-Retry-Count: the mistakes that break COUNT-*. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Of all the client's workers. */
static atomic_uint client_retries;

static void forget(void)
{
    atomic_store(&client_retries, 0);
}

static bool count_never(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    mistake_set_count(request, 0);
    return false;
}

static bool count_zero(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry == 0)
        request->retry_count = alloc_text("0");
    return false;
}

WORKER_MEMORY unsigned counted_before_wait;

static bool count_since_wait(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry == 0)
        counted_before_wait = 0;
    mistake_set_count(request, request->retry - counted_before_wait);
    return false;
}

DECIDE(note_wait)
{
    (void)request;
    (void)outcome;
    if (move->blocks_all)
        counted_before_wait = retry->retries;
}

static bool count_of_client(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry > 0)
        atomic_fetch_add(&client_retries, 1);
    mistake_set_count(request, atomic_load(&client_retries));
    return false;
}

/* clang-format off */
static const struct mutant mutants[] = {
    {"no-count-header", "COUNT-2", "Retries carry no X-Retry-Count.",
     {.before = count_never}},
    {"count-on-first", "COUNT-1",
     "A batch's first attempt carries X-Retry-Count: 0.",
     {.before = count_zero}},
    {"count-restarts-after-retry-after", "COUNT-3",
     "After a Retry-After wait the count begins again, without a header.",
     {.before = count_since_wait, .decide = note_wait}},
    {"count-carries-over-to-next-batch", "COUNT-4",
     "The count is the client's and not the batch's: a new batch carries it "
     "on.",
     {.before = count_of_client}},
};
/* clang-format on */

const struct mutant_group mutants_count = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
    .forget = forget,
};
