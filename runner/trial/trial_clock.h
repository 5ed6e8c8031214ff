/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_TRIAL_CLOCK_H
#define RUNNER_TRIAL_TRIAL_CLOCK_H

/* How a trial's time runs: as it does, or by jumps over what nobody does
 * (warp/, docs/time.md). The server, the record and the client of a trial are
 * on the one clock that trial_clock_clock gives. */

#include "common/clock.h"
#include "common/err.h"
#include "runner/trial/manifest.h"
#include "server/server.h"
#include "warp/warp.h"

#include <stdbool.h>
#include <stdint.h>

/* enumerator, name, what it means */
#define TRIAL_CLOCK_MAP(X)                                                     \
    X(TRIAL_CLOCK_REAL, "real", "every wait takes as long as it says")         \
    X(TRIAL_CLOCK_JUMP, "jump", "the clock jumps over what nobody does")

enum trial_clock_kind {
#define X(kind, name, meaning) kind,
    TRIAL_CLOCK_MAP(X)
#undef X
        TRIAL_CLOCK_KINDS
};

struct contract;

/* What a user asks for: this one, or the best there is. */
struct trial_clock_wish {
    enum trial_clock_kind kind;
    bool                  best;
};

/* Grants a wish. What was asked for by its name is had, or it is an error: a
 * run that took hours because its clock cannot jump would help nobody. The
 * best is what this machine and a client of this contract let us have; why it
 * is not a clock that jumps is said once, on stderr. */
bool MUST_USE trial_clock_choose(const struct trial_clock_wish *wish,
                                 const struct contract         *contract,
                                 enum trial_clock_kind *kind, struct err *err);

/* On which clock a plan is run where most are run on that one: its own if it
 * asks for real time. */
enum trial_clock_kind trial_clock_of(enum trial_clock_kind kind,
                                     const struct plan    *plan);
/* What the plan lacks then, a word as a capability is; NULL = nothing. */
const char *trial_clock_lacks(enum trial_clock_kind kind,
                              const struct plan    *plan);

const char *trial_clock_name(enum trial_clock_kind kind);
/* False: it is none of the names. */
bool trial_clock_find(const char *name, enum trial_clock_kind *kind);

/* So much had been jumped when the clock had come to that time. */
struct trial_clock_leap {
    int64_t at_ns;
    int64_t jumped_ns;
};

struct trial_clock {
    struct warp             *warp; /* NULL = time runs as it does */
    int64_t                  began_ns; /* real */
    int64_t                  again_ns; /* until a jump is tried again; real */
    bool                     punctual; /* our own waits end without slack */
    struct trial_clock_leap *leaps;    /* each jump, while there is room */
    size_t                   leap_count;
};

bool MUST_USE trial_clock_start(struct trial_clock   *trial_clock,
                                enum trial_clock_kind kind, struct err *err);
void trial_clock_stop(struct trial_clock *trial_clock); /* or no-op */

const struct clock *trial_clock_clock(const struct trial_clock *trial_clock);

/* As waitpid with WNOHANG: whether it has ended, and how. */
bool trial_clock_reap(const struct trial_clock *trial_clock, pid_t pid,
                      int *status);
/* How a process that was killed ended. Under jumps only all of them can be
 * waited for, so that all are ended. */
void trial_clock_await(const struct trial_clock *trial_clock, pid_t pid,
                       int *status);
/* Ends whatever is left of clients and what they started, where that needs
 * their tracer. */
void trial_clock_end(const struct trial_clock *trial_clock);

/* Sets the wall clock, where it can be set. */
void trial_clock_step_wall(const struct trial_clock *trial_clock,
                           int64_t                   by_ns);

/* What a jump asks of the trial's owner. */
struct trial_clock_owner {
    void *data;
    bool (*quiet)(void *data); /* it has heard all that a client said */
    int64_t next_ns; /* the clock's time at which it has something to do;
                        INT64_MAX = it has not */
    bool stirred; /* since the last turn somebody but a client's threads has
                     said or done something */
};

/* As those of a server. */
int trial_clock_fd(const struct trial_clock *trial_clock); /* -1 = none */
int64_t trial_clock_wait_ns(const struct trial_clock *trial_clock);
/* stirred: the poll before it found something to do, so that a next jump may
 * be near. */
void trial_clock_turn(struct trial_clock *trial_clock, struct server *server,
                      const struct trial_clock_owner *owner, bool stirred);

/* How much was jumped in all. */
int64_t trial_clock_jumped_ns(const struct trial_clock *trial_clock);

/* The real time after which a trial is given up, whatever its clock says;
 * INT64_MAX where it is bounded by its limit. */
int64_t trial_clock_bound_ns(const struct trial_clock *trial_clock);
/* The real time that has passed. */
int64_t trial_clock_spent_ns(const struct trial_clock *trial_clock);

/* Why a trial has come to its limit, for the talk: what each of the client's
 * threads is doing. Nothing where time runs as it does. */
void trial_clock_explain(const struct trial_clock *trial_clock,
                         const char               *trial);

/* Which of the client's threads made time stop most often, in words: why so
 * much real time went by. False: none did. */
bool trial_clock_tell_ticker(const struct trial_clock *trial_clock,
                             char                      text[WARP_TOLD_MAX]);

/* How much of the time between two times of the clock went by and was not
 * jumped: all of it, where time runs as it does. */
int64_t trial_clock_real_ns(const struct trial_clock *trial_clock,
                            int64_t from_ns, int64_t to_ns);

/* The real time that a trial of this virtual length may take at most. */
int64_t trial_clock_limit_ns(enum trial_clock_kind kind, int64_t limit_ns);

#endif
