#include "judge/connections.h"

#include "common/alloc.h"

#include <stdlib.h>

static int by_connection(const void *left, const void *right)
{
    const struct kept *a = left;
    const struct kept *b = right;

    if (a->connection != b->connection)
        return a->connection < b->connection ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void note_died(struct died died[2], const struct attempt *attempt)
{
    struct died now = {attempt->answered_ns, attempt->connection};

    if (now.at_ns < died[0].at_ns) {
        if (now.connection != died[0].connection)
            died[1] = died[0];
        died[0] = now;
    } else if (now.connection != died[0].connection &&
               now.at_ns < died[1].at_ns) {
        died[1] = now;
    }
}

void connections_init(struct connections  *connections,
                      const struct record *record)
{
    const struct died never = {.at_ns = INT64_MAX};

    *connections = (struct connections){
        .kept = alloc_zero(record->attempt_count + 1, sizeof(struct kept)),
        .died = {never, never},
    };
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (attempt->end != ANSWER_COMPLETE)
            continue;
        connections->kept[connections->kept_count++] =
            (struct kept){attempt->connection, attempt->number};
        if (fault_kills_idle(attempt->fault))
            note_died(connections->died, attempt);
    }
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
    for (size_t i = 0; i < 2; i++)
        if (connections->died[i].connection != attempt->connection &&
            connections->died[i].at_ns <= attempt->arrived_ns)
            return true;
    return false;
}
