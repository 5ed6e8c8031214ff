/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/peaks.h"

#include "common/alloc.h"

#include <assert.h>

/* Of the attempts below a node. */
struct peak {
    int64_t arrived_ns; /* the latest */
    size_t  batches; /* the greatest index and one; 0 = none of ours */
};

static struct peak higher(struct peak left, struct peak right)
{
    return (struct peak){
        .arrived_ns = left.arrived_ns > right.arrived_ns ? left.arrived_ns
                                                         : right.arrived_ns,
        .batches = left.batches > right.batches ? left.batches : right.batches,
    };
}

void peaks_init(struct peaks *peaks, const struct history *history)
{
    struct peak *nodes;
    size_t       leaves = 1;

    while (leaves < history->count)
        leaves *= 2;
    nodes = alloc_zero(2 * leaves, sizeof nodes[0]);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        nodes[leaves + i].arrived_ns = view->attempt->arrived_ns;
        nodes[leaves + i].batches = view->batch ? view->batch->index + 1 : 0;
    }
    for (size_t i = leaves; i-- > 1;)
        nodes[i] = higher(nodes[2 * i], nodes[2 * i + 1]);
    *peaks = (struct peaks){history, nodes, leaves};
}

void peaks_clear(struct peaks *peaks)
{
    alloc_free(peaks->nodes);
    *peaks = (struct peaks){0};
}

static bool reaches(struct peak peak, struct peak least)
{
    return peak.arrived_ns >= least.arrived_ns && peak.batches >= least.batches;
}

/* The next that begins after all of this node; 0 = none does. */
static size_t node_after(size_t node)
{
    while (node & 1)
        node /= 2;
    return node > 0 ? node + 1 : 0;
}

const struct attempt_view *peaks_first(const struct peaks *peaks, size_t place,
                                       size_t  batch_least,
                                       int64_t arrived_least_ns)
{
    const struct peak least = {arrived_least_ns, batch_least + 1};
    size_t            node = peaks->leaves + place;

    assert(place < peaks->leaves);
    /* A node may reach it by two leaves: then it is looked into in vain. */
    while (node > 0 &&
           (node < peaks->leaves || !reaches(peaks->nodes[node], least)))
        node = reaches(peaks->nodes[node], least) ? 2 * node : node_after(node);
    return node > 0 ? &peaks->history->items[node - peaks->leaves] : NULL;
}
