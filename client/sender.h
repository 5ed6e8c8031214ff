/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_SENDER_H
#define CLIENT_SENDER_H

/* A worker: takes a batch, sees it through to its end, takes the next.
 *
 * All workers of a client share one pipeline: the queue they take from, the
 * gate they wait at, and the policy they obey. */

#include "client/gate.h"
#include "client/hook.h"
#include "client/ingest.h"
#include "client/oauth.h"
#include "client/queue.h"
#include "client/quota.h"
#include "client/retry.h"
#include "client/send.h"
#include "client/wire.h"
#include "common/rng.h"

#include <pthread.h>
#include <stdatomic.h>

struct pipeline {
    struct ingest_config config; /* its texts are the pipeline's */
    char                *url;
    char                *authorization; /* where there is no oauth */
    struct oauth        *oauth;         /* NULL = none */
    struct retry_policy  policy;
    struct wire          wire;
    struct answer_fields answer_fields;
    struct hooks         hooks;
    struct queue         queue;
    struct gate          gate;
    struct quota         quota;
    atomic_bool          gave_up; /* something was dropped by the shutdown */
};

/* Tells the application how events ended, through on_delivered or on_error. */
void pipeline_tell(struct pipeline            *pipeline,
                   const struct ingest_report *report);

struct sender {
    struct pipeline *pipeline;
    struct sender   *sender;
    struct rng       rng;
    pthread_t        thread;
    bool             running;
};

/* number: a worker's, or 0 for the application's own threads. */
void sender_seed(struct rng *rng, unsigned number);
/* number: 1, 2, 3 ..., for the thread's name. */
bool MUST_USE sender_start(struct sender *sender, struct pipeline *pipeline,
                           unsigned number, struct err *err);
/* Waits until the worker has found the queue closed and empty; it can be
 * forgotten. A worker that never ran is fine. */
void sender_join(struct sender *sender);

#endif
