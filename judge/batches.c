/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/batches.h"

#include "common/alloc.h"

#include <assert.h>

#define NO_ATTEMPT SIZE_MAX

/* Attempts that share events, as a union-find forest over their indices. */
struct forest {
    size_t *parent;
    size_t *owner; /* by event number: an attempt that carried it */
};

static size_t root_of(struct forest *forest, size_t index)
{
    while (forest->parent[index] != index) {
        assert(forest->parent[index] < index);
        forest->parent[index] = forest->parent[forest->parent[index]];
        index = forest->parent[index];
    }
    return index;
}

/* The earlier root stays root, so that a batch is named by its first. */
static void join(struct forest *forest, size_t left, size_t right)
{
    left = root_of(forest, left);
    right = root_of(forest, right);
    if (left < right)
        forest->parent[right] = left;
    else
        forest->parent[left] = right;
}

static void join_events(struct forest *forest, const struct attempt_view *view,
                        size_t index)
{
    for (size_t i = 0; i < view->events.count; i++) {
        unsigned number = view->events.items[i].number;

        if (number == 0)
            continue;
        if (forest->owner[number] == NO_ATTEMPT)
            forest->owner[number] = index;
        else
            join(forest, forest->owner[number], index);
    }
}

static void link_to_batch(struct batch_view *batch, struct attempt_view *view)
{
    assert(view->batch == NULL && (batch->last == NULL || batch->last < view));
    view->batch = batch;
    view->nth = ++batch->attempts;
    view->previous = batch->last;
    if (batch->last != NULL)
        batch->last->next = view;
    else
        batch->first = view;
    batch->last = view;
}

static unsigned client_of(const struct plan         *plan,
                          const struct attempt_view *view)
{
    for (size_t i = 0; i < view->events.count; i++)
        if (view->events.items[i].number > 0)
            return plan_client_of_event(plan, view->events.items[i].number);
    return 1;
}

static void make_batches(struct history *history, struct forest *forest)
{
    size_t *batch_of = alloc_zero(history->count + 1, sizeof batch_of[0]);
    bool    began[PLAN_CLIENTS_MAX + 1] = {false};

    for (size_t i = 0; i < history->count; i++) {
        size_t root = root_of(forest, i);

        if (history->items[i].events.ours == 0)
            continue;
        if (root == i) {
            unsigned client = client_of(history->plan, &history->items[i]);

            assert(client >= 1 && client <= PLAN_CLIENTS_MAX);
            batch_of[i] = history->batch_count;
            history->batches[history->batch_count] =
                (struct batch_view){.index = history->batch_count,
                                    .client = client,
                                    .later = began[client]};
            began[client] = true;
            history->batch_count++;
        }
        link_to_batch(&history->batches[batch_of[root]], &history->items[i]);
    }
    alloc_free(batch_of);
}

/* The names have five digits, so there are not more than that. */
static unsigned greatest_number(const struct history *history)
{
    unsigned greatest = 0;

    for (size_t i = 0; i < history->count; i++) {
        const struct events *events = &history->items[i].events;

        for (size_t j = 0; j < events->count; j++)
            if (events->items[j].number > greatest)
                greatest = events->items[j].number;
    }
    return greatest;
}

void batches_sort(struct history *history)
{
    size_t        numbers = (size_t)greatest_number(history) + 1;
    struct forest forest = {
        .parent = alloc_zero(history->count + 1, sizeof forest.parent[0]),
        .owner = alloc_zero(numbers, sizeof forest.owner[0]),
    };

    assert(history->batches == NULL);
    for (size_t i = 0; i < numbers; i++)
        forest.owner[i] = NO_ATTEMPT;
    for (size_t i = 0; i < history->count; i++) {
        forest.parent[i] = i;
        join_events(&forest, &history->items[i], i);
    }
    history->batches =
        alloc_zero(history->count + 1, sizeof history->batches[0]);
    make_batches(history, &forest);
    alloc_free(forest.parent);
    alloc_free(forest.owner);
}

bool batches_others_retried(const struct history    *history,
                            const struct batch_view *batch, bool only_earlier)
{
    const struct retried *retried = &history->retried[batch->client];

    assert(batch->attempts < 2 || retried->batches > 0);
    if (only_earlier)
        return retried->batches > 0 && retried->first < batch->index;
    return retried->batches > (batch->attempts > 1);
}
