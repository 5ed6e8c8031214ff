/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_LANES_H
#define RUNNER_SUITE_LANES_H

/* The lanes of one run: started when a trial needs one and none is free,
 * lent to a trial, and lent again when it comes back clean. What a client did
 * after its answer is found out before its lane is lent again, or when all
 * are closed, and told of the trial that it belongs to. */

#include "common/err.h"
#include "model/verdict.h"
#include "runner/trial/lane.h"
#include "runner/trial/manifest.h"

#include <stddef.h>

#define LANES_NO_TRIAL ((size_t)-1)

struct lanes;

/* Called with the trial that had the lane last, and "printed 7 bytes more
 * after its answer". */
typedef void lanes_tell(void *context, size_t trial, const char *lapse);

/* All of these take NULL for none: nothing is lent then, nothing disturbed. */
struct lanes *lanes_new(const struct manifest *manifest); /* borrowed */
void lanes_free(struct lanes *lanes); /* ends all at once */

void lanes_listen(struct lanes *lanes, lanes_tell *tell, void *context);

/* Clients started from now on trust it, and the others are ended; NULL is
 * nothing new. Before anything is lent. */
void lanes_trust(struct lanes *lanes, const struct authority *authority);

/* Lends count lanes, by value: their pipes stay ours. False: a client could
 * not be started, and why (ERR_CLIENT); nothing is lent then. */
bool MUST_USE lanes_take(struct lanes *lanes, size_t count, size_t trial,
                         struct lane *taken, struct err *err);
/* The trial that had the lane of this one before it; LANES_NO_TRIAL: none, or
 * this one has several lanes. */
size_t lanes_earlier(const struct lanes *lanes, size_t trial);
/* Whether somebody, the client as a rule, has stopped or ended a process of
 * ours that keeps a lane of this trial; then that is its verdict. */
bool lanes_disturbed(const struct lanes *lanes, size_t trial,
                     struct verdict *verdict);
/* Takes back what the trial has; not clean: its clients are ended. */
void lanes_give_back(struct lanes *lanes, size_t trial, bool clean);

/* Ends the stdin of every free lane and waits for the clients to end, a few
 * seconds at most. */
void lanes_finish(struct lanes *lanes);

#endif
