/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_HISTORY_H
#define JUDGE_HISTORY_H

/* A trial, batch by batch: what all checks look at.
 *
 * Requests on the ingest route are sorted into batches by the events they
 * share, whatever a client did to the rest of the body. Each attempt knows
 * its place in its batch, what became of it and what a right client does
 * next; each event knows how it ended. Borrows plan, profile and record.
 *
 * judge.c makes it, a part at a time: what a part needs of the others has been
 * made before it. */

#include "judge/connections.h"
#include "judge/events.h"
#include "judge/obligation.h"
#include "judge/outcome.h"
#include "judge/terms.h"
#include "judge/unseen.h"
#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"

struct attempt_view {
    const struct attempt *attempt;
    struct events         events;
    struct batch_view    *batch; /* NULL: none of our events in it */
    unsigned              nth;   /* 1, 2 ... in its batch */
    unsigned              unseen; /* attempts that may have come before it,
                                   * after the previous, and are not here */
    unsigned claimed; /* by its attempt header, or one before in
                       * its batch: so many are not here */
    unsigned             claimed_by_others; /* ... of other batches, so far */
    struct attempt_view *previous; /* in its batch */
    struct attempt_view *next;
    struct outcome       outcome;
    struct obligation    obligation;
};

struct batch_view {
    size_t               index; /* in order of the first attempts */
    unsigned             client; /* whose it is, from 1 on (plan.h) */
    bool                 later;  /* that client had made another before */
    struct attempt_view *first;
    struct attempt_view *last;
    unsigned             attempts;
    bool                 unknown; /* of some attempt nobody knows what came */
    int64_t              done_ns; /* the client was done with it at the latest;
                                   * INT64_MAX = nobody knows */
};

/* How an event ended, as far as the record shows. */
enum event_end {
    EVENT_NEVER_SENT,
    EVENT_NO_TOKEN, /* never sent: no OAuth token was to be had for it */
    EVENT_DELIVERED,
    EVENT_DROPPED, /* rightly: its batch was refused */
    EVENT_SPENT, /* rightly: its batch's budget was spent */
    EVENT_GAVE_UP, /* not delivered; to give up was not wrong */
    EVENT_REFUSED, /* never sent, and the client had a right to refuse it:
                    * too large, no room in its queue, a wrong setting */
    EVENT_LOST, /* a retry was due and never came */
    EVENT_LEFT_OUT, /* a later attempt of its batch did not carry it */
    EVENT_UNKNOWN,
};

/* How the client left, if it left by itself. */
enum leaving {
    LEFT_DONE, /* what it left undone, it chose to */
    LEFT_AT_ITS_BOUND, /* its command waits no longer, and says so */
    LEFT_WHILE_DUE, /* in the middle of a wait, that no answer had ended */
};

struct history {
    struct terms          terms;
    const struct plan    *plan;
    const struct profile *profile;
    const struct record  *record;
    struct unseen         unseen;
    struct connections    connections;
    struct busy          *busy; /* busy.h */
    struct tokens        *tokens; /* tokens.h; NULL = no OAuth */

    struct attempt_view
                      *items; /* the ingest route's attempts, as they arrived */
    size_t             count;
    struct batch_view *batches;
    size_t             batch_count;
    /* By client: its batches with more than one attempt. */
    struct retried {
        size_t batches;
        size_t first; /* the first of them, when there are any */
    } retried[PLAN_CLIENTS_MAX + 1];
    enum leaving leaving;
    const struct attempt_view
                   *awaited; /* whose retry was due then; NULL when done */
    bool            counts; /* the client counts its attempts, and it goes on */
    bool            blind; /* some bodies could not be read */
    bool            no_token; /* the last request for a token brought none, */
    bool            token_refused; /* ... or some request for one was refused */
    enum event_end *ends; /* by number, 1 to plan->given.events */
};

/* What an SDK adds to an event of ours may be as much as this; so much below
 * the bound nobody knows whether the event is over it. */
enum { EVENT_ADDED_BYTES_MAX = 4096 };

/* The attempts as they arrived, and what the record says of all of them. */
void history_init(struct history *history, const struct plan *plan,
                  const struct profile *profile, const struct record *record);
void history_clear(struct history *history);

/* The event's bytes are over the profile's bound, or may be. */
bool history_oversized(const struct history *history, unsigned number);
bool history_may_be_oversized(const struct history *history, unsigned number);

#endif
