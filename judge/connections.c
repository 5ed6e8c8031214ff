/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/connections.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdlib.h>

static int by_connection(const void *left, const void *right)
{
    const struct kept *a = left;
    const struct kept *b = right;

    if (a->connection != b->connection)
        return a->connection < b->connection ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static bool is_before(int64_t left_ns, int64_t right_ns)
{
    return left_ns < right_ns;
}

static bool is_after(int64_t left_ns, int64_t right_ns)
{
    return left_ns > right_ns;
}

/* Keeps the outermost of all, and that of all other connections. */
static void note(struct outermost kept[2], int64_t at_ns, unsigned connection,
                 bool (*is_further)(int64_t left_ns, int64_t right_ns))
{
    struct outermost now = {at_ns, connection, true};

    if (!kept[0].known || is_further(at_ns, kept[0].at_ns)) {
        if (connection != kept[0].connection)
            kept[1] = kept[0];
        kept[0] = now;
    } else if (connection != kept[0].connection &&
               (!kept[1].known || is_further(at_ns, kept[1].at_ns))) {
        kept[1] = now;
    }
}

static void add_attempt(struct connections   *connections,
                        const struct attempt *attempt)
{
    note(connections->came, attempt->arrived_ns, attempt->connection, is_after);
    if (attempt->end != ANSWER_COMPLETE)
        return;
    connections->kept[connections->kept_count++] =
        (struct kept){attempt->connection, attempt->number};
    if (fault_kills_idle(attempt->fault))
        note(connections->died, attempt->answered_ns, attempt->connection,
             is_before);
}

void connections_init(struct connections  *connections,
                      const struct record *record)
{
    *connections = (struct connections){
        .kept = alloc_zero(record->attempt_count + 1, sizeof(struct kept)),
    };
    for (size_t i = 0; i < record->attempt_count; i++)
        add_attempt(connections, record->attempts[i]);
    for (size_t i = 0; i < record->remark_count; i++)
        note(connections->came, record->remarks[i].at_ns,
             record->remarks[i].connection, is_after);
    assert(connections->kept_count <= record->attempt_count);
    qsort(connections->kept, connections->kept_count, sizeof(struct kept),
          by_connection);
}

void connections_clear(struct connections *connections)
{
    alloc_free(connections->kept);
    *connections = (struct connections){0};
}

bool connections_kept(const struct connections *connections,
                      const struct attempt     *attempt)
{
    size_t low = 0; /* the connection's first, if it has any */
    size_t high = connections->kept_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (connections->kept[middle].connection < attempt->connection)
            low = middle + 1;
        else
            high = middle;
    }
    return low < connections->kept_count &&
           connections->kept[low].connection == attempt->connection &&
           connections->kept[low].number < attempt->number;
}

bool connections_died(const struct connections *connections,
                      const struct attempt     *attempt)
{
    const struct outermost *died = connections->died;

    for (size_t i = 0; i < 2; i++)
        if (died[i].known && died[i].connection != attempt->connection &&
            died[i].at_ns <= attempt->arrived_ns)
            return true;
    return false;
}

bool connections_came(const struct connections *connections, int64_t after_ns,
                      unsigned connection)
{
    const struct outermost *came = connections->came;

    for (size_t i = 0; i < 2; i++)
        if (came[i].known && came[i].connection != connection &&
            came[i].at_ns > after_ns)
            return true;
    return false;
}
