#ifndef RUNNER_TRIAL_PACE_H
#define RUNNER_TRIAL_PACE_H

/* How a trial's time runs: as it does, or by jumps over what nobody does
 * (warp/, docs/time.md). The server, the record and the client of a trial are
 * on the one clock that pace_clock gives. */

#include "common/clock.h"
#include "common/err.h"
#include "runner/trial/manifest.h"
#include "server/server.h"
#include "warp/warp.h"

#include <stdbool.h>
#include <stdint.h>

/* enumerator, name, what it means */
#define PACE_MAP(X)                                                            \
    X(PACE_REAL, "real", "every wait takes as long as it says")                \
    X(PACE_JUMP, "jump", "the clock jumps over what nobody does")

enum pace_kind {
#define X(kind, name, meaning) kind,
    PACE_MAP(X)
#undef X
        PACE_KINDS
};

/* What a user asks for: this one, or the best there is. */
struct pace_wish {
    enum pace_kind kind;
    bool           best;
};

/* Grants a wish. What was asked for by its name is had, or it is an error: a
 * run that took hours because its clock cannot jump would help nobody. The
 * best is what this machine and a client of this contract let us have; why it
 * is not a clock that jumps is said once, on stderr. */
bool MUST_USE pace_choose(const struct pace_wish *wish, enum contract contract,
                          enum pace_kind *kind, struct err *err);

/* On which clock a plan is run where most are run on that one: its own if it
 * asks for real time. */
enum pace_kind pace_of(enum pace_kind kind, const struct plan *plan);
/* What the plan lacks then, a word as a capability is; NULL = nothing. */
const char *pace_lacks(enum pace_kind kind, const struct plan *plan);

const char *pace_name(enum pace_kind kind);
/* False: it is none of the names. */
bool pace_find(const char *name, enum pace_kind *kind);

/* So much had been jumped when the clock had come to that time. */
struct pace_leap {
    int64_t at_ns;
    int64_t jumped_ns;
};

struct pace {
    struct warp      *warp; /* NULL = time runs as it does */
    int64_t           began_ns; /* real */
    int64_t           again_ns; /* until a jump is tried again; real */
    bool              punctual; /* our own waits end without slack */
    struct pace_leap *leaps;    /* each jump, while there is room */
    size_t            leap_count;
};

bool MUST_USE pace_start(struct pace *pace, enum pace_kind kind,
                         struct err *err);
void pace_stop(struct pace *pace); /* or no-op */

const struct clock *pace_clock(const struct pace *pace);

/* The server is the one whose quiet a jump waits for. */
bool MUST_USE pace_watch(const struct pace *pace, struct server *server,
                         struct err *err);

/* How a client comes under it: the gate is opened before the fork, entered in
 * the new process just before exec, and followed in ours. Nothing at all where
 * time runs as it does. */
bool MUST_USE pace_gate(const struct pace *pace, struct warp_gate *gate,
                        struct err *err);
bool MUST_USE pace_enter(const struct pace *pace, struct warp_gate *gate);
bool MUST_USE pace_follow(const struct pace *pace, struct warp_gate *gate,
                          pid_t pid, struct err *err);
/* As waitpid with WNOHANG: whether it has ended, and how. */
bool pace_reap(const struct pace *pace, pid_t pid, int *status);
/* How a process that was killed ended. Under jumps only all of them can be
 * waited for, so that all are ended. */
void pace_await(const struct pace *pace, pid_t pid, int *status);
/* Ends whatever is left of clients and what they started, where that needs
 * their tracer. */
void pace_end(const struct pace *pace);

/* Sets the wall clock, where it can be set. */
void pace_step_wall(const struct pace *pace, int64_t by_ns);

/* What a jump asks of the trial's owner. */
struct pace_owner {
    void *data;
    bool (*quiet)(void *data); /* it has heard all that a client said */
    int64_t next_ns; /* the clock's time at which it has something to do;
                        INT64_MAX = it has not */
    bool stirred; /* since the last turn somebody but a client's threads has
                     said or done something */
};

/* As those of a server. */
int pace_fd(const struct pace *pace); /* -1 = none */
int64_t pace_wait_ns(const struct pace *pace);
/* stirred: the poll before it found something to do, so that a next jump may
 * be near. */
void pace_turn(struct pace *pace, struct server *server,
               const struct pace_owner *owner, bool stirred);

/* How much was jumped in all. */
int64_t pace_jumped_ns(const struct pace *pace);

/* The real time after which a trial is given up, whatever its clock says;
 * INT64_MAX where it is bounded by its limit. */
int64_t pace_bound_ns(const struct pace *pace);
/* The real time that has passed. */
int64_t pace_spent_ns(const struct pace *pace);

/* Why a trial has come to its limit, for the talk: what each of the client's
 * threads is doing. Nothing where time runs as it does. */
void pace_explain(const struct pace *pace, const char *trial);

/* The first signal that the client sent to others than its own processes,
 * "SIGSTOP to process 12 (retrial)"; NULL = none was seen. Seen, and refused,
 * where the client is traced. */
const char *pace_aimed(const struct pace *pace);

/* Which of the client's threads made time stop most often, in words: why so
 * much real time went by. False: none did. */
bool pace_tell_ticker(const struct pace *pace, char text[WARP_TOLD_MAX]);

/* How much of the time between two times of the clock went by and was not
 * jumped: all of it, where time runs as it does. */
int64_t pace_real_ns(const struct pace *pace, int64_t from_ns, int64_t to_ns);

/* The real time that a trial of this virtual length may take at most. */
int64_t pace_limit_ns(enum pace_kind kind, int64_t limit_ns);

#endif
