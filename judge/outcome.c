/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/outcome.h"

#include "common/clock.h"
#include "common/text.h"

/* The client's end of a connection is seen when the loop comes round to it, on
 * a busy machine later than it happened; so much earlier it may have been. */
#define GONE_SEEN_LATE_NS (100 * NS_PER_MS)

static struct outcome unknown(void)
{
    return (struct outcome){OUTCOME_UNKNOWN, TIME_NEVER, TIME_NEVER};
}

/* The client hung up by itself: its own request timeout. Whoever was killed
 * hangs up too, so without a later attempt only a client that went on to its
 * own exit is believed to have meant it. From its timeout on it may have given
 * up, and closed later: that is NET-2's matter, not the next wait's. */
static struct outcome hung_up(const struct terms   *terms,
                              const struct record  *record,
                              const struct attempt *attempt, bool again)
{
    int64_t from_ns = attempt->gone_ns - GONE_SEEN_LATE_NS;

    if (attempt->gone_ns == TIME_NEVER ||
        (!again && record->outcome.end != CLIENT_EXITED &&
         record->outcome.end != CLIENT_ANSWERED))
        return unknown();
    if (terms->timeout_ns != TIME_NEVER &&
        attempt->body_ns + terms->timeout_ns < from_ns)
        from_ns = attempt->body_ns + terms->timeout_ns;
    return (struct outcome){OUTCOME_NETWORK, from_ns, attempt->gone_ns};
}

/* Near its own timeout a client may have turned away before the answer came,
 * though it was handed over in full. */
static bool near_timeout(const struct terms   *terms,
                         const struct attempt *attempt)
{
    int64_t took_ns = attempt->answered_ns - attempt->arrived_ns;

    return terms->timeout_ns != TIME_NEVER &&
           took_ns > terms->timeout_ns / 4 * 3;
}

/* By the profile's lists, unless the answer's own header field says otherwise.
 * Nearly true is true for some clients, and nothing for others. */
static enum status_class class_of(const struct terms   *terms,
                                  const struct attempt *attempt)
{
    const struct profile *profile = terms->profile;
    enum status_class     class =
        profile_status(profile, attempt->status, terms->oauth);
    const char *said =
        PROFILE_OPEN(profile, override_header)
            ? NULL
            : header_get(&attempt->answer_headers, profile->override_header, 0);

    if (said == NULL || class == STATUS_DELIVERED)
        return class;
    if (header_count(&attempt->answer_headers, profile->override_header) > 1)
        return STATUS_EITHER;
    if (text_equal_nocase(said, "true"))
        return said[0] == 't' ? STATUS_RETRIED : STATUS_EITHER;
    if (text_equal_nocase(said, "false"))
        return said[0] == 'f' ? STATUS_DROPPED : STATUS_EITHER;
    return class;
}

static struct outcome answered(const struct terms   *terms,
                               const struct attempt *attempt)
{
    struct outcome outcome = {OUTCOME_UNKNOWN, attempt->answering_ns,
                              attempt->answered_ns};

    /* What is no final status of HTTP is read differently everywhere. */
    if (attempt->status < 200 || attempt->status > 599 ||
        attempt->gone_ns != TIME_NEVER || near_timeout(terms, attempt))
        return unknown();
    switch (class_of(terms, attempt)) {
    case STATUS_DELIVERED:
        outcome.kind = OUTCOME_DELIVERED;
        break;
    case STATUS_RETRIED:
        outcome.kind = OUTCOME_RETRIED;
        break;
    case STATUS_EITHER:
        outcome.kind = OUTCOME_EITHER;
        break;
    case STATUS_DROPPED:
        outcome.kind = OUTCOME_DROPPED;
        break;
    }
    return outcome;
}

static struct outcome broken_off(const struct attempt *attempt)
{
    struct outcome outcome = {OUTCOME_NETWORK, attempt->answering_ns,
                              attempt->answered_ns};

    if (outcome.from_ns == TIME_NEVER)
        outcome.from_ns = attempt->body_ns;
    if (outcome.to_ns == TIME_NEVER)
        outcome.to_ns = attempt->answering_ns;
    return outcome;
}

/* A client may read no further than the status of what is no success anyway:
 * the body that was cut, or never came, changes nothing for it. */
static bool status_may_decide(const struct terms   *terms,
                              const struct attempt *attempt)
{
    return attempt->status != 0 &&
           profile_status(terms->profile, attempt->status, terms->oauth) !=
               STATUS_DELIVERED;
}

/* An answer that one right client reads and another cannot: where it asks for
 * the retry that a failure asks for too, they do not differ. Some see at its
 * first byte that they cannot; some answers come before the whole request. */
static struct outcome either_way(const struct terms   *terms,
                                 const struct attempt *attempt)
{
    enum status_class class =
        profile_status(terms->profile, attempt->status, terms->oauth);
    bool early = attempt->answering_ns != TIME_NEVER &&
                 attempt->answering_ns < attempt->body_ns;
    struct outcome outcome = {
        OUTCOME_NETWORK, early ? attempt->answering_ns : attempt->body_ns,
        attempt->end == ANSWER_GONE ? attempt->gone_ns : attempt->answered_ns};

    if (attempt->status < 500 || attempt->status > 599 ||
        outcome.to_ns == TIME_NEVER || near_timeout(terms, attempt) ||
        (class != STATUS_RETRIED && class != STATUS_EITHER) ||
        header_count(&attempt->answer_headers, "Retry-After") > 0 ||
        class != class_of(terms, attempt))
        return unknown();
    if (class == STATUS_EITHER ||
        profile_status(terms->profile, 0, terms->oauth) != STATUS_RETRIED)
        outcome.kind = OUTCOME_EITHER;
    return outcome;
}

/* A fault was played. What ended otherwise than scripted was cut by the end of
 * the trial, or by the client. */
static struct outcome struck(const struct terms   *terms,
                             const struct record  *record,
                             const struct attempt *attempt, bool again)
{
    switch (fault_sees(attempt->fault)) {
    case SEES_SILENCE:
        if (fault_family(attempt->fault) == FAMILY_BODY &&
            status_may_decide(terms, attempt))
            break;
        return hung_up(terms, record, attempt, again);
    case SEES_TROUBLE:
        if (status_may_decide(terms, attempt))
            break;
        if (attempt->end == ANSWER_NONE ||
            (attempt->end == ANSWER_CUT && attempt->answered_ns != TIME_NEVER))
            return broken_off(attempt);
        break;
    case SEES_ANSWER:
        if (attempt->end == ANSWER_COMPLETE)
            return answered(terms, attempt);
        break;
    case SEES_EITHER:
        return either_way(terms, attempt);
    }
    return unknown();
}

struct outcome outcome_of(const struct terms   *terms,
                          const struct record  *record,
                          const struct attempt *attempt, bool again)
{
    if (attempt->body_ns == TIME_NEVER)
        return unknown();
    if (attempt->fault != FAULT_NONE &&
        (attempt->end != ANSWER_GONE ||
         fault_sees(attempt->fault) == SEES_EITHER))
        return struck(terms, record, attempt, again);
    switch (attempt->end) {
    case ANSWER_COMPLETE:
        return answered(terms, attempt);
    case ANSWER_GONE:
        return attempt->status == 0 ? hung_up(terms, record, attempt, again)
                                    : unknown();
    case ANSWER_NONE:
    case ANSWER_CUT:
        break;
    }
    return unknown();
}

/* ---- a client's own timeout ---- */

/* It may have begun before we saw the request's first byte; of one that is not
 * known, this is less than any. */
#define PATIENCE_NS (5 * NS_PER_S)

static bool held_for(const struct terms *terms, const struct attempt *attempt,
                     int64_t unseen_ns)
{
    int64_t patience_ns =
        terms->timeout_ns != TIME_NEVER ? terms->timeout_ns / 2 : PATIENCE_NS;

    return attempt->end == ANSWER_GONE && attempt->gone_ns != TIME_NEVER &&
           attempt->gone_ns - attempt->arrived_ns + unseen_ns >= patience_ns;
}

bool outcome_timed_out(const struct terms *terms, const struct attempt *attempt)
{
    return held_for(terms, attempt, 0);
}

bool outcome_may_have_timed_out(const struct terms   *terms,
                                const struct attempt *attempt)
{
    return attempt->fault == FAULT_NONE &&
           held_for(terms, attempt, terms->noise_ns);
}
