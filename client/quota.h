/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_QUOTA_H
#define CLIENT_QUOTA_H

/* The tokens that all retries of a client take from, whichever worker makes
 * them: when too much fails, nobody retries. A success gives back what its own
 * retry took, or one. */

#include "client/outcome.h"
#include "client/retry.h"

#include <pthread.h>

struct quota {
    pthread_mutex_t mutex;
    double          left;
};

void quota_init(struct quota *quota, const struct retry_policy *policy);
void quota_clear(struct quota *quota);

/* What the move that follows this outcome takes, or gives back; where there is
 * not enough left, it becomes a drop. */
void quota_settle(struct quota *quota, const struct retry_policy *policy,
                  const struct outcome *outcome, struct retry *retry,
                  struct move *move);

#endif
