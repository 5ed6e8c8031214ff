#ifndef JUDGE_HISTORY_H
#define JUDGE_HISTORY_H

/* A trial, batch by batch: what all checks look at.
 *
 * Requests on the ingest route are sorted into batches by the events they
 * share, whatever a client did to the rest of the body. Each attempt knows
 * its place in its batch, what became of it and what a right client does
 * next; each event knows how it ended. Borrows plan, profile and record. */

#include "judge/busy.h"
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
    unsigned claimed; /* by its X-Retry-Count, or one before in
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
    struct busy           busy;

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
    bool            counts; /* the client sends X-Retry-Count, and it goes on */
    bool            blind; /* some bodies could not be read */
    bool            no_token; /* the last request for a token brought none, */
    bool            token_refused; /* ... or some request for one was refused */
    enum event_end *ends; /* by number, 1 to plan->given.events */
};

/* What an SDK adds to an event of ours may be as much as this; so much below
 * the bound nobody knows whether the event is over it. */
enum { EVENT_ADDED_BYTES_MAX = 4096 };

void history_init(struct history *history, const struct plan *plan,
                  const struct profile *profile, const struct record *record);
void history_clear(struct history *history);

/* How many events ended so. */
unsigned history_count(const struct history *history, enum event_end end);
/* The event's bytes are over the profile's bound, or may be. */
bool history_oversized(const struct history *history, unsigned number);
bool history_may_be_oversized(const struct history *history, unsigned number);

/* ---- what may be blamed ---- */

/* The client was done by its own will (it went, or answered its job), so what
 * it left undone it chose to. Not so who left early (enum leaving). */
bool history_left_by_itself(const struct history *history);
/* When the retry is due that the attempt asks for, by the profile's own law. */
int64_t history_due_ns(const struct history      *history,
                       const struct attempt_view *view);
/* When it told its result or, if it told none, went. */
int64_t history_left_ns(const struct history *history);
/* It came to its limit, and on a machine that held it up for a good part of
 * it: what it had not done by then it might have. */
bool history_limit_doubtful(const struct history *history);
/* The batch's last attempt asked for a retry, and it is certain that none
 * would have come: the client left, or outlived the latest due time. */
bool history_gave_up(const struct history      *history,
                     const struct attempt_view *view);
/* The batch was tried again, or the client had its chance to. */
bool history_went_on(const struct history      *history,
                     const struct attempt_view *view);
/* When the client was free of its other batches, between the two times; from_ns
 * itself if it had none. Whatever is late is late from then on. */
int64_t history_free_ns(const struct history    *history,
                        const struct batch_view *batch, int64_t from_ns,
                        int64_t until_ns);

/* ---- too late, or only perhaps ---- */

enum lateness {
    LATENESS_NONE,
    LATENESS_DOUBTFUL, /* within the noise of this very trial */
    LATENESS_CERTAIN,
};
/* Against what the law allows; the profile's allowance is added here. */
enum lateness history_lateness(const struct history *history, int64_t took_ns,
                               int64_t law_ns);

/* ---- the gap before a batch's next attempt ---- */

struct gap {
    bool    known;
    bool    early; /* sooner than due, the client's timer grain allowed */
    bool    late; /* later than due and lateness, once free of others, */
    bool    doubtful; /* ... but by no more than the trial's own noise */
    int64_t ns;
};
/* Against a window; most_ns INT64_MAX = no upper bound. */
struct gap history_gap(const struct history      *history,
                       const struct attempt_view *view,
                       const struct window       *due);

/* The answer's Retry-After, had it been obeyed, would explain the gap. */
bool history_retry_after_explains(const struct history      *history,
                                  const struct attempt_view *view,
                                  const struct gap          *gap);

/* ---- other batches ---- */

/* Some batch of the same client but this one was retried; only earlier ones,
 * if said. */
bool history_others_retried(const struct history    *history,
                            const struct batch_view *batch, bool only_earlier);

#endif
