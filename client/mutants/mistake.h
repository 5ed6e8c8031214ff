/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_MUTANTS_MISTAKE_H
#define CLIENT_MUTANTS_MISTAKE_H

/* What the files of mistakes (in client/mutants/) share: the shapes of the
 * hooks they consist of, and how a request is altered. */

#include "client/hook.h"

#include <cJSON.h>
#include <stdint.h>

/* A worker sees one batch at a time from its first attempt to its end, so what
 * a mistake remembers of a batch, or from one to the next, is the worker's. */
#define WORKER_MEMORY static _Thread_local

/* A hook of each shape (client/hook.h); few look at all they are handed. */
#define UNREAD __attribute__((unused))

#define CONFIGURE(function)                                                    \
    static void function(UNREAD struct ingest_config *config,                  \
                         UNREAD struct retry_policy  *policy)

#define ADJUST(function) static void function(void *easy)

#define BEFORE(function) static void function(struct request *request)

#define INSTEAD(function)                                                      \
    static bool function(UNREAD struct request *request,                       \
                         struct outcome        *outcome)

#define AFTER(function)                                                        \
    static void function(UNREAD const struct request *request,                 \
                         struct outcome              *outcome)

#define DECIDE(function)                                                       \
    static void function(UNREAD const struct request *request,                 \
                         UNREAD const struct outcome *outcome,                 \
                         UNREAD struct retry *retry, struct move *move)

/* What another status, or a trouble, is taken for. */
enum { AS_REFUSED = 400, AS_RETRYABLE = 500 };

/* The policy after configure (a hook); read only when the workers run. */
extern struct retry_policy mistake_policy;
void mistake_know_policy(struct ingest_config *config,
                         struct retry_policy  *policy);

/* An answer with this status, instead of this trouble. */
void mistake_take_trouble(struct outcome *outcome, enum trouble trouble,
                          int status);
/* One counted retry more than the policy allows. */
void mistake_back_off(const struct outcome *outcome, struct retry *retry,
                      struct move *move);
/* 0 = no attempt header. */
void mistake_set_count(struct request *request, unsigned count);
/* The request's body is JSON; change alters it. */
void mistake_rewrite(struct request *request, void (*change)(cJSON *body));
/* Takes a number out of an answer's JSON, so that the client does not see it;
 * 0 = there is none. */
int64_t mistake_take_integer(struct outcome *outcome, const char *name);
/* The list of events in a body; borrowed. */
cJSON *mistake_events(cJSON *body);

#endif
