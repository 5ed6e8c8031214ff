#include "server/tally.h"

#include "common/alloc.h"
#include "server/cursor.h"

#include <assert.h>

static bool list_decides(const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == STEP_DECIDE)
            return true;
    return false;
}

static bool route_decides(const struct route_plan *route)
{
    bool decides =
        list_decides(&route->steps) || list_decides(&route->each_batch);

    for (size_t i = 0; i < route->with_event_count; i++)
        decides |= list_decides(&route->with_event[i].steps);
    return decides;
}

/* Nobody else asks. */
static bool plan_decides(const struct plan *plan)
{
    bool decides = false;

    for (int i = 0; i < ROUTE_COUNT; i++)
        decides |= route_decides(&plan->routes[i]);
    for (size_t i = 0; i < plan->on_connection_count; i++)
        decides |= list_decides(&plan->on_connection[i].steps);
    return decides;
}

void tally_init(struct tally *tally, const struct plan *plan)
{
    *tally = (struct tally){.plan = plan};
    if (!plan_decides(plan))
        return;
    tally->nth = alloc_zero(RECORD_ATTEMPTS_MAX + 1, sizeof tally->nth[0]);
    for (int i = 0; i < ROUTE_COUNT; i++)
        tally->attempts[i] = alloc_zero((size_t)plan->given.events + 1,
                                        sizeof tally->attempts[i][0]);
}

void tally_clear(struct tally *tally)
{
    for (int i = 0; i < ROUTE_COUNT; i++)
        alloc_free(tally->attempts[i]);
    alloc_free(tally->nth);
    alloc_free(tally->entries);
    *tally = (struct tally){0};
}

void tally_note(struct tally *tally, const struct attempt *attempt, int first)
{
    if (tally->nth == NULL)
        return;
    tally->entries = alloc_one_more(tally->entries, tally->entry_count,
                                    sizeof tally->entries[0]);
    tally->entries[tally->entry_count++] = (struct tally_entry){attempt, first};
}

static unsigned first_of(const struct tally        *tally,
                         const struct tally_entry  *entry,
                         const struct tally_reader *reader)
{
    size_t events = 0;

    if (entry->first != TALLY_UNREAD)
        return (unsigned)entry->first;
    if (reader->events_of != NULL)
        events = reader->events_of(reader->data, entry->attempt, reader->events,
                                   PLAN_EVENTS_MAX);
    return batch_first_event(tally->plan, reader->events, events);
}

static void count(struct tally *tally, const struct tally_entry *entry,
                  const struct tally_reader *reader)
{
    const struct attempt *attempt = entry->attempt;
    const unsigned        first = first_of(tally, entry, reader);

    tally->nth[attempt->number] = ++tally->attempts[attempt->route][first];
}

unsigned tally_nth(struct tally *tally, const struct attempt *attempt,
                   const struct tally_reader *reader)
{
    assert(tally->nth != NULL);
    for (size_t i = 0; i < tally->entry_count; i++)
        count(tally, &tally->entries[i], reader);
    tally->entry_count = 0;
    return tally->nth[attempt->number];
}
