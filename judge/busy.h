#ifndef JUDGE_BUSY_H
#define JUDGE_BUSY_H

/* When a client was busy with something else than the batch that is asked
 * about. It is asked of each late attempt, so the answer is looked up, and not
 * looked for. */

#include "model/plan.h"

#include <stddef.h>
#include <stdint.h>

struct batch_view;
struct history;

struct busy {
    struct busy_batch *batches; /* by client, then by their first attempts */
    size_t             batch_count;
    int64_t           *unread_ns; /* arrivals of what carried none of ours */
    size_t             unread_count;
    int64_t           *token_ns; /* answers to requests for a token */
    size_t             token_count;
};

void busy_init(struct busy *busy, const struct history *history);
void busy_clear(struct busy *busy);

/* Until when, at the latest, a client was busy between the two times with
 * others of its batches, with a token, or with what nobody could read; from_ns
 * if with nothing. */
int64_t busy_until_ns(const struct busy *busy, const struct batch_view *batch,
                      int64_t from_ns, int64_t until_ns);

#endif
