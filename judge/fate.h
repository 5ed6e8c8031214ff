#ifndef JUDGE_FATE_H
#define JUDGE_FATE_H

/* What became of an attempt, as a right client must have seen it. What it may
 * have seen either way is FATE_UNKNOWN, and then nobody is blamed for what
 * came of it. */

#include "judge/terms.h"
#include "model/record.h"

enum fate_kind {
    FATE_UNKNOWN,   /* pending when all ended, or seen by halves */
    FATE_DELIVERED, /* answered; by the profile's table a success, */
    FATE_RETRIED,   /* ... to be tried again, */
    FATE_DROPPED,   /* ... to be given up */
    FATE_NETWORK,   /* no answer came: reset, closed, timed out */
};

struct fate {
    enum fate_kind kind;
    /* The client knew it between these two; TIME_NEVER = not known. */
    int64_t from_ns;
    int64_t to_ns;
};

/* again: the client sent the same batch once more, later. */
struct fate fate_of(const struct terms *terms, const struct record *record,
                    const struct attempt *attempt, bool again);

#endif
