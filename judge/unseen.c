#include "judge/unseen.h"

bool unseen_is(const struct attempt *attempt)
{
    return attempt->body_ns == TIME_NEVER && attempt->fault != FAULT_NONE &&
           fault_family(attempt->fault) == FAMILY_REQUEST;
}

bool unseen_ended(const struct record *record, const struct terms *terms,
                  enum status_class what)
{
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (unseen_is(attempt) && attempt->status != 0 &&
            profile_status(terms->profile, attempt->status, terms->oauth) ==
                what)
            return true;
    }
    return false;
}

/* A port can turn away any number meanwhile; a connection carries one, also
 * when it ends by itself before a request could be read on it. */
static unsigned by_remark(const struct remark *remark, int64_t from_ns,
                          int64_t to_ns)
{
    bool lasts = fault_family(remark->fault) == FAMILY_PORT;

    if (remark->connection == 0 || remark->at_ns > to_ns)
        return 0;
    if (remark->fault == FAULT_NONE)
        return remark->at_ns >= from_ns ? 1 : 0;
    if (lasts && (remark->until_ns == TIME_NEVER ||
                  remark->until_ns >= from_ns))
        return UNSEEN_NO_BOUND;
    return !lasts && remark->at_ns >= from_ns ? 1 : 0;
}

unsigned unseen_struck(const struct record *record, int64_t from_ns,
                       int64_t to_ns)
{
    unsigned most = 0;

    for (size_t i = 0; i < record->remark_count; i++)
        most += by_remark(&record->remarks[i], from_ns, to_ns);
    for (size_t i = 0; i < record->attempt_count; i++)
        most += unseen_is(record->attempts[i]) &&
                record->attempts[i]->arrived_ns >= from_ns &&
                record->attempts[i]->arrived_ns <= to_ns;
    return most < UNSEEN_NO_BOUND ? most : UNSEEN_NO_BOUND;
}

unsigned unseen_idle(const struct record *record, int64_t until_ns)
{
    unsigned most = 0;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        most += fault_kills_idle(attempt->fault) &&
                attempt->answered_ns != TIME_NEVER &&
                attempt->answered_ns <= until_ns;
    }
    return most;
}

unsigned unseen_between(const struct record *record, int64_t from_ns,
                        int64_t to_ns)
{
    return unseen_struck(record, from_ns, to_ns) + unseen_idle(record, to_ns);
}
