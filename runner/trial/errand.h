#ifndef RUNNER_TRIAL_ERRAND_H
#define RUNNER_TRIAL_ERRAND_H

/* One job of a client that lives on (contract stdio): its line is written
 * without ever waiting for a reader, and the line that comes back ends it. A
 * client that dies, floods, hangs, falls silent or prints more than one line
 * costs this errand alone; its lane is not used again. Used by the worker of
 * the trial; the verbs are child.h's. */

#include "common/clock.h"
#include "model/record.h"
#include "runner/trial/lane.h"

#include <poll.h>

enum { ERRAND_FDS = 4 };

struct errand;

/* The input is copied; the lane is borrowed, as it is when it was cleared. */
struct errand *errand_start(const struct lane *lane, const char *input,
                            const struct clock *clock, int64_t epoch_ns);
void errand_fds(const struct errand *errand, struct pollfd fds[ERRAND_FDS]);
int64_t errand_wait_ns(const struct errand *errand); /* -1 = until an fd */
void errand_turn(struct errand *errand);
/* The answer has come, or the client is gone. */
bool errand_gone(const struct errand *errand);

/* Begins to end the client, unless it has answered. */
void errand_end(struct errand *errand, enum client_end why);
/* Ends it, if it has neither answered nor gone, and waits for that. */
void errand_kill(struct errand *errand);
/* After errand_kill: fills the outcome; frees the errand. */
void errand_stop(struct errand *errand, struct client_outcome *outcome);

#endif
