#include "judge/history.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "judge/count.h"
#include "judge/judge.h"

#include <string.h>

/* ---- sorting attempts into batches ---- */

#define NO_ATTEMPT SIZE_MAX

/* Attempts that share events, as a union-find forest over their indices. */
struct forest {
    size_t *parent;
    size_t *owner; /* by event number: an attempt that carried it */
};

static size_t root_of(struct forest *forest, size_t index)
{
    while (forest->parent[index] != index) {
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

static void sort_into_batches(struct history *history)
{
    size_t        numbers = (size_t)greatest_number(history) + 1;
    struct forest forest = {
        .parent = alloc_zero(history->count + 1, sizeof forest.parent[0]),
        .owner = alloc_zero(numbers, sizeof forest.owner[0]),
    };

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

/* ---- what became of them ---- */

static void read_attempts(struct history *history)
{
    const struct record *record = history->record;
    struct events_effort effort = {JUDGE_UNPACK_BYTES,
                                   history->profile->event_bytes_max};

    history->items =
        alloc_zero(record->attempt_count + 1, sizeof history->items[0]);
    for (size_t i = 0; i < record->attempt_count; i++) {
        struct attempt_view *view = &history->items[history->count];

        if (record->attempts[i]->route != ROUTE_INGEST ||
            unseen_is(record->attempts[i]))
            continue;
        view->attempt = record->attempts[i];
        events_read(&view->events, view->attempt, &effort);
        if (view->events.body != BODY_JSON)
            history->blind = true;
        history->count++;
    }
}

static void look_for_tokens(struct history *history)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];
        enum outcome_kind     kind;

        if (attempt->route != ROUTE_TOKEN)
            continue;
        kind = outcome_of(&history->terms, record, attempt, false).kind;
        history->no_token = kind != OUTCOME_DELIVERED;
        history->token_refused |= kind == OUTCOME_DROPPED;
    }
}

static bool has_unknown(const struct batch_view *batch)
{
    for (const struct attempt_view *view = batch->first; view != NULL;
         view = view->next)
        if (view->outcome.kind == OUTCOME_UNKNOWN)
            return true;
    return false;
}

/* When the client was done with the batch at the latest: where a retry might
 * still have come, but never came, when it was due. */
static int64_t done_ns(const struct history      *history,
                       const struct attempt_view *last)
{
    if (last->outcome.kind == OUTCOME_UNKNOWN ||
        last->outcome.to_ns == TIME_NEVER)
        return INT64_MAX;
    if (last->obligation.must_stop)
        return last->outcome.to_ns;
    return last->outcome.to_ns + last->obligation.wait.most_ns +
           history->terms.late_ns + history->terms.noise_ns;
}

/* Attempts that may have come since, unseen. What an idle connection swallowed
 * a client that counts has counted. */
static unsigned missing_before(const struct history      *history,
                               const struct attempt_view *view,
                               int64_t                    since_ns)
{
    int64_t  until_ns = view->attempt->arrived_ns;
    unsigned before = view->previous ? view->previous->claimed : 0;
    unsigned idle = unseen_idle(&history->unseen, until_ns);
    unsigned claimed = view->claimed - before;

    if (history->counts && count_said(view) != COUNT_NONE && claimed < idle)
        idle = claimed;
    return unseen_struck(&history->unseen, since_ns, until_ns) + idle;
}

static void follow_batch(const struct history *history,
                         struct batch_view    *batch)
{
    struct course course = {0};
    int64_t       since_ns = 0;

    for (struct attempt_view *view = batch->first; view != NULL;
         view = view->next) {
        view->unseen = missing_before(history, view, since_ns);
        obligation_miss(&course, view->unseen);
        since_ns = view->attempt->arrived_ns;
        view->outcome = outcome_of(&history->terms, history->record,
                                   view->attempt, view->next != NULL);
        view->obligation = obligation_next(&history->terms, &course,
                                           view->attempt, &view->outcome);
    }
    batch->unknown = has_unknown(batch);
    batch->done_ns = done_ns(history, batch->last);
}

/* ---- how the events ended ---- */

/* What one pass over all attempts tells of an event. */
struct passage {
    const struct attempt_view *last; /* the last attempt that carried it */
    bool                       delivered;
};

/* All attempts of a batch may have been made where nobody saw them, or one of
 * those was refused so that no other was due. None was a success, and the
 * client was right to give up in the end; but for a success that was told to
 * one of them, of which nobody knows whose it was. */
static enum event_end unseen_end(const struct history *history)
{
    const struct record *record = history->record;
    const struct terms  *terms = &history->terms;

    if (unseen_ended(record, terms, STATUS_DELIVERED))
        return EVENT_UNKNOWN;
    if (!unseen_ended(record, terms, STATUS_DROPPED) &&
        unseen_between(&history->unseen, 0, INT64_MAX) <= terms->retries)
        return EVENT_NEVER_SENT;
    return history_left_by_itself(history) && !record->overflow ? EVENT_GAVE_UP
                                                                : EVENT_UNKNOWN;
}

/* Of an event that no request was seen to carry. */
static enum event_end without_request(const struct history *history,
                                      unsigned              number)
{
    if (history->plan->given.wrong_count > 0 ||
        history_may_be_oversized(history, number))
        return EVENT_REFUSED;
    if (history->no_token || history->token_refused)
        return EVENT_NO_TOKEN;
    return unseen_end(history);
}

static enum event_end end_of(const struct history *history, unsigned number,
                             const struct passage *passage)
{
    const struct attempt_view *last = passage->last;

    if (passage->delivered)
        return EVENT_DELIVERED;
    if (history->blind) /* what could not be read may have carried it */
        return EVENT_UNKNOWN;
    if (last == NULL)
        return without_request(history, number);
    if (last->batch->unknown)
        return EVENT_UNKNOWN;
    if (last->next != NULL)
        return EVENT_LEFT_OUT;
    if (last->outcome.kind == OUTCOME_DROPPED)
        return EVENT_DROPPED;
    if (last->obligation.spent)
        return EVENT_SPENT;
    if (history_gave_up(history, last))
        return EVENT_LOST;
    return history_left_by_itself(history) ? EVENT_GAVE_UP : EVENT_UNKNOWN;
}

/* A queue that is full may refuse what does not fit, and no more than that:
 * as many events as it holds are taken. */
static void excuse_full_queue(struct history *history)
{
    const struct given *given = &history->plan->given;
    int64_t             room = given->config[CONFIG_MAX_QUEUE_SIZE];
    unsigned            never_sent = history_count(history, EVENT_NEVER_SENT);

    if (room == CONFIG_UNSET || (int64_t)given->events - room < never_sent)
        return;
    for (unsigned number = 1; number <= given->events; number++)
        if (history->ends[number] == EVENT_NEVER_SENT)
            history->ends[number] = EVENT_REFUSED;
}

static void end_events(struct history *history)
{
    unsigned        events = history->plan->given.events;
    struct passage *passages =
        alloc_zero((size_t)events + 1, sizeof passages[0]);

    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        for (size_t j = 0; j < view->events.count; j++) {
            unsigned number = view->events.items[j].number;

            if (number == 0 || number > events)
                continue;
            passages[number].last = view;
            if (view->outcome.kind == OUTCOME_DELIVERED)
                passages[number].delivered = true;
        }
    }
    history->ends = alloc_zero((size_t)events + 1, sizeof history->ends[0]);
    for (unsigned number = 1; number <= events; number++)
        history->ends[number] = end_of(history, number, &passages[number]);
    alloc_free(passages);
    excuse_full_queue(history);
}

/* ---- how the client left ---- */

/* Between its last answer and its own end a client does no more than say what
 * it has to say. */
#define LEAVING_TAKES_NS (200 * NS_PER_MS)

static bool ended_by_itself(const struct history *history)
{
    enum client_end end = history->record->outcome.end;

    return end == CLIENT_EXITED || end == CLIENT_ANSWERED;
}

int64_t history_left_ns(const struct history *history)
{
    const struct client_outcome *outcome = &history->record->outcome;

    return outcome->result_ns != TIME_NEVER ? outcome->result_ns
                                            : outcome->ended_ns;
}

/* The client had its last events then, at the earliest. */
static int64_t handed_over_ns(const struct history *history)
{
    const struct given *given = &history->plan->given;
    int64_t             at_ns = history->record->outcome.started_ns;

    for (size_t i = 0; i < given->sequence_count; i++)
        at_ns += given->sequences[i].delay_ns;
    return at_ns;
}

/* The last moment at which something came to the client, from either side. */
static int64_t heard_ns(const struct history *history)
{
    const struct record *record = history->record;
    int64_t              heard_ns = handed_over_ns(history);

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (attempt->answered_ns > heard_ns)
            heard_ns = attempt->answered_ns;
        if (attempt->gone_ns > heard_ns)
            heard_ns = attempt->gone_ns;
    }
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].until_ns > heard_ns)
            heard_ns = record->remarks[i].until_ns;
    return heard_ns;
}

/* When a retry would surely have come. */
static int64_t overdue_ns(const struct history      *history,
                          const struct attempt_view *view, int64_t until_ns)
{
    return history_free_ns(history, view->batch, view->outcome.to_ns,
                           until_ns) +
           view->obligation.wait.most_ns + history->terms.late_ns +
           history->terms.noise_ns;
}

/* The batch's last attempt asked for a retry that might still have come. */
static bool is_awaited(const struct history      *history,
                       const struct attempt_view *view)
{
    int64_t left_ns = history_left_ns(history);

    return view->next == NULL && view->obligation.must_retry &&
           view->outcome.to_ns != TIME_NEVER &&
           left_ns <= overdue_ns(history, view, left_ns);
}

static bool waited_to_its_bound(const struct history *history)
{
    const struct terms *terms = &history->terms;

    return terms->waits_ns != TIME_NEVER &&
           history_left_ns(history) + terms->early_ns >=
               handed_over_ns(history) + terms->waits_ns;
}

int64_t history_due_ns(const struct history      *history,
                       const struct attempt_view *view)
{
    struct window own =
        terms_own_backoff(&history->terms, view->obligation.retry_first,
                          view->obligation.retry_last);
    int64_t least_ns = view->obligation.wait.least_ns;

    if (view->obligation.kind == OBLIGATION_BACKOFF && own.least_ns > least_ns)
        least_ns = own.least_ns;
    return view->outcome.from_ns + least_ns;
}

/* Nothing had come to it lately, and nothing was due yet. Of several clients
 * nobody knows when each left. */
static bool left_while_due(const struct history *history)
{
    const struct attempt_view *view = history->awaited;
    int64_t                    left_ns = history_left_ns(history);

    return history->plan->given.clients <= 1 &&
           left_ns >
               heard_ns(history) + LEAVING_TAKES_NS + history->terms.noise_ns &&
           left_ns + history->terms.early_ns < history_due_ns(history, view);
}

static void see_it_leave(struct history *history)
{
    if (!ended_by_itself(history) || history->blind || history->no_token ||
        history_left_ns(history) == TIME_NEVER)
        return;
    for (size_t i = 0; i < history->batch_count; i++) {
        const struct attempt_view *last = history->batches[i].last;

        if (history->awaited == NULL && is_awaited(history, last))
            history->awaited = last;
    }
    if (history->awaited != NULL && waited_to_its_bound(history))
        history->leaving = LEFT_AT_ITS_BOUND;
    else if (history->awaited != NULL && left_while_due(history))
        history->leaving = LEFT_WHILE_DUE;
    if (history->leaving == LEFT_DONE)
        history->awaited = NULL;
}

void history_init(struct history *history, const struct plan *plan,
                  const struct profile *profile, const struct record *record)
{
    *history =
        (struct history){.plan = plan, .profile = profile, .record = record};
    terms_init(&history->terms, plan, profile, record);
    unseen_init(&history->unseen, record);
    connections_init(&history->connections, record);
    read_attempts(history);
    look_for_tokens(history);
    sort_into_batches(history);
    count_claims(history);
    for (size_t i = history->batch_count; i-- > 0;) {
        struct batch_view *batch = &history->batches[i];
        struct retried    *retried = &history->retried[batch->client];

        follow_batch(history, batch);
        if (batch->attempts > 1) {
            retried->batches++;
            retried->first = i;
        }
    }
    busy_init(&history->busy, history);
    see_it_leave(history);
    end_events(history);
}

void history_clear(struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        events_clear(&history->items[i].events);
    alloc_free(history->items);
    alloc_free(history->batches);
    alloc_free(history->ends);
    unseen_clear(&history->unseen);
    connections_clear(&history->connections);
    busy_clear(&history->busy);
    *history = (struct history){0};
}

unsigned history_count(const struct history *history, enum event_end end)
{
    unsigned count = 0;

    for (unsigned number = 1; number <= history->plan->given.events; number++)
        count += history->ends[number] == end;
    return count;
}

bool history_oversized(const struct history *history, unsigned number)
{
    return plan_event_bytes(history->plan, number) >
           history->profile->event_bytes_max;
}

bool history_may_be_oversized(const struct history *history, unsigned number)
{
    return (double)plan_event_bytes(history->plan, number) +
               EVENT_ADDED_BYTES_MAX >
           history->profile->event_bytes_max;
}

/* ---- what may be blamed ---- */

bool history_left_by_itself(const struct history *history)
{
    return ended_by_itself(history) && history->leaving == LEFT_DONE;
}

/* Of its limit: what was measured of that is added to it, but some of it
 * nobody saw. Who was idle for all of the limit was not held up. */
enum { GOOD_PART = 4 };

bool history_limit_doubtful(const struct history *history)
{
    const struct noise *noise = &history->record->noise;
    int64_t             part_ns = history->plan->limit_ns / GOOD_PART;

    return history->record->outcome.end == CLIENT_TIMED_OUT &&
           noise->idle_ns < history->plan->limit_ns &&
           (noise->starved_ns >= part_ns || noise->held_up_ns >= part_ns ||
            noise_bound_ns(noise) >= part_ns);
}

/* The retries that were left may all have been made where nobody saw them. */
static bool may_have_spent_unseen(const struct history      *history,
                                  const struct attempt_view *view)
{
    unsigned most =
        unseen_between(&history->unseen, view->attempt->arrived_ns, INT64_MAX);

    if (most == 0)
        return false;
    /* How long they took nobody knows. */
    return !history_left_by_itself(history) ||
           !terms_time_is_long(&history->terms) ||
           view->obligation.retry_last - 1 + most >= history->terms.retries;
}

bool history_gave_up(const struct history      *history,
                     const struct attempt_view *view)
{
    const struct client_outcome *outcome = &history->record->outcome;
    int64_t                      until_ns = outcome->ended_ns;
    int64_t                      extra_ns = 0;

    if (view->next != NULL || !view->obligation.must_retry || history->blind ||
        history->no_token || may_have_spent_unseen(history, view))
        return false;
    if (history_left_by_itself(history))
        return true;
    if (history->leaving != LEFT_DONE)
        until_ns = history_left_ns(history);
    else if ((outcome->end != CLIENT_TIMED_OUT &&
              outcome->end != CLIENT_BY_HAND) ||
             history_limit_doubtful(history))
        return false;
    else
        extra_ns = outcome->extra_ns;
    if (view->outcome.to_ns == TIME_NEVER || until_ns == TIME_NEVER)
        return false;
    return overdue_ns(history, view, until_ns) < until_ns - extra_ns;
}

bool history_went_on(const struct history      *history,
                     const struct attempt_view *view)
{
    if (view->next != NULL)
        return true;
    if (history->leaving != LEFT_DONE && is_awaited(history, view))
        return false;
    switch (history->record->outcome.end) {
    case CLIENT_EXITED:
    case CLIENT_ANSWERED:
    case CLIENT_OBSERVED:
    case CLIENT_TIMED_OUT:
    case CLIENT_BY_HAND:
        return view->outcome.kind != OUTCOME_UNKNOWN;
    default:
        return false;
    }
}

int64_t history_free_ns(const struct history    *history,
                        const struct batch_view *batch, int64_t from_ns,
                        int64_t until_ns)
{
    return busy_until_ns(&history->busy, batch, from_ns, until_ns);
}

enum lateness history_lateness(const struct history *history, int64_t took_ns,
                               int64_t law_ns)
{
    int64_t over_ns = took_ns - law_ns - history->terms.late_ns;

    if (over_ns <= 0)
        return LATENESS_NONE;
    return over_ns <= history->terms.noise_ns ? LATENESS_DOUBTFUL
                                              : LATENESS_CERTAIN;
}

/* How late the attempt came: after the answer, and after the client was free
 * of its other batches. */
static void weigh_lateness(const struct history      *history,
                           const struct attempt_view *view,
                           const struct window *due, struct gap *gap)
{
    int64_t       arrived_ns = view->next->attempt->arrived_ns;
    int64_t       free_ns;
    enum lateness lateness;

    if (view->next->unseen > 0 ||
        history_lateness(history, arrived_ns - view->outcome.to_ns,
                         due->most_ns) == LATENESS_NONE)
        return;
    free_ns =
        history_free_ns(history, view->batch, view->outcome.to_ns, arrived_ns);
    lateness = history_lateness(history, arrived_ns - free_ns, due->most_ns);
    gap->late = lateness != LATENESS_NONE;
    gap->doubtful = lateness == LATENESS_DOUBTFUL;
}

struct gap history_gap(const struct history      *history,
                       const struct attempt_view *view,
                       const struct window       *due)
{
    const struct terms *terms = &history->terms;
    struct gap          gap = {0};
    int64_t             arrived_ns;

    if (view->next == NULL || view->outcome.from_ns == TIME_NEVER ||
        view->next->attempt->arrived_ns == TIME_NEVER)
        return gap;
    arrived_ns = view->next->attempt->arrived_ns;
    gap.known = true;
    gap.ns = arrived_ns - view->outcome.from_ns;
    gap.early = gap.ns + terms->early_ns < due->least_ns;
    if (view->outcome.to_ns != TIME_NEVER && due->most_ns != INT64_MAX)
        weigh_lateness(history, view, due, &gap);
    return gap;
}

bool history_retry_after_explains(const struct history      *history,
                                  const struct attempt_view *view,
                                  const struct gap          *gap)
{
    const struct retry_after_value *retry_after = &view->obligation.retry_after;

    if (gap->early)
        return retry_after->kind == RETRY_AFTER_ZERO ||
               retry_after->may_be_zero;
    return gap->late && retry_after->may_wait &&
           gap->ns + history->terms.early_ns >= retry_after->least_ns;
}

bool history_others_retried(const struct history    *history,
                            const struct batch_view *batch, bool only_earlier)
{
    const struct retried *retried = &history->retried[batch->client];

    if (only_earlier)
        return retried->batches > 0 && retried->first < batch->index;
    return retried->batches > (batch->attempts > 1);
}
