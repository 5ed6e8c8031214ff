/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/busy.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <stdlib.h>

/* A batch, and who of its client was done last, of all that had begun by then:
 * the last, and the last but that one's batch. */
struct busy_batch {
    unsigned client;
    int64_t  began_ns;
    size_t   index;
    int64_t  done_ns;
    struct latest {
        int64_t ns;
        size_t  index;
    } latest[2];
};

struct busy {
    struct busy_batch *batches; /* by client, then by their first attempts */
    size_t             batch_count;
    int64_t           *unread_ns; /* arrivals of what carried none of ours */
    size_t             unread_count;
    int64_t           *token_ns; /* answers to requests for a token */
    size_t             token_count;
};

static int by_client(const void *left, const void *right)
{
    const struct busy_batch *a = left;
    const struct busy_batch *b = right;

    if (a->client != b->client)
        return a->client < b->client ? -1 : 1;
    return (a->began_ns > b->began_ns) - (a->began_ns < b->began_ns);
}

static int by_time(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static void follow(struct busy_batch *batch, const struct busy_batch *before)
{
    static const struct latest nobody = {INT64_MIN, SIZE_MAX};
    struct latest              own = {batch->done_ns, batch->index};

    assert(before == NULL || by_client(before, batch) <= 0);
    batch->latest[0] = own;
    batch->latest[1] = nobody;
    if (before == NULL || before->client != batch->client)
        return;
    if (before->latest[0].ns < own.ns) {
        batch->latest[1] = before->latest[0];
    } else {
        batch->latest[0] = before->latest[0];
        batch->latest[1] =
            before->latest[1].ns < own.ns ? own : before->latest[1];
    }
}

static void init_batches(struct busy *busy, const struct history *history)
{
    busy->batch_count = history->batch_count;
    busy->batches =
        alloc_zero(history->batch_count + 1, sizeof busy->batches[0]);
    for (size_t i = 0; i < history->batch_count; i++) {
        const struct batch_view *batch = &history->batches[i];

        busy->batches[i] =
            (struct busy_batch){.client = batch->client,
                                .began_ns = batch->first->attempt->arrived_ns,
                                .index = batch->index,
                                .done_ns = batch->done_ns};
    }
    qsort(busy->batches, busy->batch_count, sizeof busy->batches[0], by_client);
    for (size_t i = 0; i < busy->batch_count; i++)
        follow(&busy->batches[i], i > 0 ? &busy->batches[i - 1] : NULL);
}

struct busy *busy_new(const struct history *history)
{
    const struct record *record = history->record;
    struct busy         *busy = alloc_zero(1, sizeof *busy);

    assert(history->batches != NULL && history->busy == NULL);
    *busy = (struct busy){
        .unread_ns = alloc_zero(history->count + 1, sizeof(int64_t)),
        .token_ns = alloc_zero(record->attempt_count + 1, sizeof(int64_t)),
    };
    init_batches(busy, history);
    for (size_t i = 0; i < history->count; i++)
        if (history->items[i].batch == NULL)
            busy->unread_ns[busy->unread_count++] =
                history->items[i].attempt->arrived_ns;
    for (size_t i = 0; history->terms.oauth && i < record->attempt_count; i++)
        if (record->attempts[i]->route == ROUTE_TOKEN)
            busy->token_ns[busy->token_count++] =
                record->attempts[i]->answered_ns;
    qsort(busy->unread_ns, busy->unread_count, sizeof(int64_t), by_time);
    qsort(busy->token_ns, busy->token_count, sizeof(int64_t), by_time);
    return busy;
}

void busy_free(struct busy *busy)
{
    if (busy == NULL)
        return;
    alloc_free(busy->batches);
    alloc_free(busy->unread_ns);
    alloc_free(busy->token_ns);
    alloc_free(busy);
}

/* ---- looking up ---- */

/* The last of the client's batches that had begun by then; NULL = none. */
static const struct busy_batch *last_begun(const struct busy *busy,
                                           unsigned client, int64_t at_ns)
{
    const struct busy_batch wanted = {.client = client, .began_ns = at_ns};
    size_t                  low = 0;
    size_t                  high = busy->batch_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_client(&busy->batches[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && busy->batches[low - 1].client == client
               ? &busy->batches[low - 1]
               : NULL;
}

/* The last of the times that is not after this one; INT64_MIN = none is. */
static int64_t last_until(const int64_t *times_ns, size_t count, int64_t at_ns)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (times_ns[middle] <= at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? times_ns[low - 1] : INT64_MIN;
}

int64_t busy_until_ns(const struct history    *history,
                      const struct batch_view *batch, int64_t from_ns,
                      int64_t until_ns)
{
    const struct busy       *busy = history->busy;
    const struct busy_batch *last = last_begun(busy, batch->client, until_ns);
    int64_t                  free_ns = from_ns;

    if (last != NULL)
        free_ns = clock_later_ns(free_ns, last->latest[0].index == batch->index
                                              ? last->latest[1].ns
                                              : last->latest[0].ns);
    free_ns = clock_later_ns(
        free_ns, last_until(busy->token_ns, busy->token_count, until_ns - 1));
    /* What could not be read may have been anything, for any time. */
    if (last_until(busy->unread_ns, busy->unread_count, until_ns) >= from_ns)
        free_ns = until_ns;
    assert(free_ns >= from_ns);
    /* Nobody is busy for longer than is asked about. */
    return free_ns > until_ns ? clock_later_ns(from_ns, until_ns) : free_ns;
}
