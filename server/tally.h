#ifndef SERVER_TALLY_H
#define SERVER_TALLY_H

/* Which attempt of its batch an attempt is: 1, 2, ...
 *
 * A batch is known by its first event, and that by the body, which takes longer
 * to read than all the rest of a request takes. So attempts are only noted as
 * they come, and counted in that order once somebody asks. */

#include "model/plan.h"
#include "model/record.h"

#include <stddef.h>

enum { TALLY_UNREAD = -1 };

struct tally_entry {
    const struct attempt *attempt;
    int                   first; /* its batch; or TALLY_UNREAD */
};

struct tally {
    const struct plan  *plan;
    struct tally_entry *entries; /* not counted yet */
    size_t              entry_count;
    unsigned           *nth;                  /* by attempt number; 0 = not */
    unsigned           *attempts[ROUTE_COUNT]; /* by first event; 0 = none */
};

/* Whoever can tell the events of a body, as hooks.events_of. */
struct tally_reader {
    void *data;
    size_t (*events_of)(void *data, const struct attempt *attempt,
                        unsigned *numbers, size_t max); /* NULL: nobody */
    unsigned *events; /* room for PLAN_EVENTS_MAX */
};

void tally_init(struct tally *tally, const struct plan *plan);
void tally_clear(struct tally *tally);

/* An answer is being chosen for the attempt, which lives as long as the tally.
 * first: what batch_first_event says of it, if that is known already. */
void tally_note(struct tally *tally, const struct attempt *attempt, int first);
/* Of an attempt that was noted. */
unsigned tally_nth(struct tally *tally, const struct attempt *attempt,
                   const struct tally_reader *reader);

#endif
