/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/unseen.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdlib.h>

bool unseen_is(const struct attempt *attempt)
{
    return attempt->body_ns == TIME_NEVER && attempt->fault != FAULT_NONE &&
           fault_family(attempt->fault) == FAMILY_REQUEST;
}

/* What accept-answer says (model/fault.h): for no request at all. */
enum { SPOKEN_STATUS = 408 };

static enum status_class class_of(const struct terms *terms, int status)
{
    return profile_status(terms->profile, status, terms->oauth);
}

static bool is_answered(const struct attempt *attempt)
{
    return unseen_is(attempt) && attempt->status != 0;
}

bool unseen_delivered(const struct record *record, const struct terms *terms)
{
    for (size_t i = 0; i < record->attempt_count; i++)
        if (is_answered(record->attempts[i]) &&
            class_of(terms, record->attempts[i]->status) == STATUS_DELIVERED)
            return true;
    return false;
}

static bool may_end(enum status_class class)
{
    return class == STATUS_DROPPED || class == STATUS_EITHER;
}

/* Something failed where no request was seen whole. */
static bool has_failed(const struct record *record)
{
    for (size_t i = 0; i < record->attempt_count; i++)
        if (unseen_is(record->attempts[i]))
            return true;
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].fault != FAULT_NONE)
            return true;
    return false;
}

bool unseen_refused(const struct record *record, const struct terms *terms)
{
    if (class_of(terms, 0) != STATUS_RETRIED && has_failed(record))
        return true;
    for (size_t i = 0; i < record->attempt_count; i++)
        if (is_answered(record->attempts[i]) &&
            may_end(class_of(terms, record->attempts[i]->status)))
            return true;
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].fault == FAULT_ACCEPT_ANSWER &&
            may_end(class_of(terms, SPOKEN_STATUS)))
            return true;
    return false;
}

/* ---- the moments ---- */

static int earlier(const void *left, const void *right)
{
    int64_t a_ns = *(const int64_t *)left;
    int64_t b_ns = *(const int64_t *)right;

    return (a_ns > b_ns) - (a_ns < b_ns);
}

static void add_moment(struct moments *moments, int64_t at_ns)
{
    moments->at_ns[moments->count++] = at_ns;
}

/* How many were not later. */
static size_t count_until(const struct moments *moments, int64_t until_ns)
{
    size_t low = 0;
    size_t high = moments->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (moments->at_ns[middle] <= until_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A port can turn away any number meanwhile; a connection carries one, also
 * when it ends by itself before a request could be read on it. */
static void add_remark(struct unseen *unseen, const struct remark *remark)
{
    if (remark->connection == 0)
        return;
    if (fault_family(remark->fault) == FAMILY_PORT)
        unseen->shuts[unseen->shut_count++] = (struct shut){
            .from_ns = remark->at_ns, .until_ns = remark->until_ns};
    else
        add_moment(&unseen->struck, remark->at_ns);
}

static void add_attempt(struct unseen *unseen, const struct attempt *attempt)
{
    if (unseen_is(attempt))
        add_moment(&unseen->struck, attempt->arrived_ns);
    if (fault_kills_idle(attempt->fault) && attempt->answered_ns != TIME_NEVER)
        add_moment(&unseen->idle, attempt->answered_ns);
}

void unseen_init(struct unseen *unseen, const struct record *record)
{
    size_t most = record->attempt_count + record->remark_count;

    *unseen = (struct unseen){
        .struck.at_ns = alloc_zero(most + 1, sizeof(int64_t)),
        .idle.at_ns = alloc_zero(record->attempt_count + 1, sizeof(int64_t)),
        .shuts = alloc_zero(record->remark_count + 1, sizeof(struct shut)),
    };
    for (size_t i = 0; i < record->remark_count; i++)
        add_remark(unseen, &record->remarks[i]);
    for (size_t i = 0; i < record->attempt_count; i++)
        add_attempt(unseen, record->attempts[i]);
    assert(unseen->struck.count + unseen->shut_count <= most);
    qsort(unseen->struck.at_ns, unseen->struck.count, sizeof(int64_t), earlier);
    qsort(unseen->idle.at_ns, unseen->idle.count, sizeof(int64_t), earlier);
}

void unseen_clear(struct unseen *unseen)
{
    alloc_free(unseen->struck.at_ns);
    alloc_free(unseen->idle.at_ns);
    alloc_free(unseen->shuts);
    *unseen = (struct unseen){0};
}

/* ---- how many ---- */

static unsigned bounded(size_t count)
{
    return count < UNSEEN_NO_BOUND ? (unsigned)count : UNSEEN_NO_BOUND;
}

static bool was_shut(const struct shut *shut, int64_t from_ns, int64_t to_ns)
{
    return shut->from_ns <= to_ns &&
           (shut->until_ns == TIME_NEVER || shut->until_ns >= from_ns);
}

unsigned unseen_struck(const struct unseen *unseen, int64_t from_ns,
                       int64_t to_ns)
{
    size_t until = count_until(&unseen->struck, to_ns);
    size_t before =
        from_ns > INT64_MIN ? count_until(&unseen->struck, from_ns - 1) : 0;

    for (size_t i = 0; i < unseen->shut_count; i++)
        if (was_shut(&unseen->shuts[i], from_ns, to_ns))
            return UNSEEN_NO_BOUND;
    return until > before ? bounded(until - before) : 0;
}

unsigned unseen_idle(const struct unseen *unseen, int64_t until_ns)
{
    return bounded(count_until(&unseen->idle, until_ns));
}

unsigned unseen_between(const struct unseen *unseen, int64_t from_ns,
                        int64_t to_ns)
{
    return unseen_struck(unseen, from_ns, to_ns) + unseen_idle(unseen, to_ns);
}
