/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_WARP_H
#define WARP_WARP_H

/* A client whose clock jumps.
 *
 * The client runs as it is, under ptrace. Its time, and the time of whoever
 * takes warp_clock(), is the kernel's plus a shift. While anybody has anything
 * to do, time runs at its own rate; when nobody has, warp_jump adds to the
 * shift what is missing to the next deadline. A wait of twelve hours then
 * takes as long as a wait of nothing.
 *
 * One thread owns a warp, the one that called warp_new: ptrace binds a tracer
 * to its thread. It polls warp_fd() for reading, at most warp_wait_ns() long,
 * and calls warp_turn() after each poll, due or not; nothing here blocks. While
 * a warp lives it alone may wait for child processes.
 *
 * A client that crashes, execs, forks or kills is followed; when the tracer
 * dies, all it traces dies with it. docs/time.md says what is covered. */

#include "common/clock.h"
#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct warp;

#define WARP_NEVER INT64_MAX

/* Whether this machine lets us; false: err says what it forbids. */
bool MUST_USE warp_possible(struct err *err);

/* Blocks SIGCHLD in the calling thread, whose signals warp_fd() then tells. */
bool MUST_USE warp_new(struct warp **warp, struct err *err);
/* Ends what is left first. NULL is fine. */
void warp_free(struct warp *warp);

/* The client's time, as a clock. */
const struct clock *warp_clock(const struct warp *warp);

/* A client comes under the warp in three steps: warp_gate_open before the
 * fork; warp_enter in the new process just before exec, which waits until it
 * is traced; warp_follow in the parent. */
struct warp_gate {
    int fds[2];
};

bool MUST_USE warp_gate_open(struct warp_gate *gate, struct err *err);
bool MUST_USE warp_enter(struct warp_gate *gate); /* false with errno */
bool MUST_USE warp_follow(struct warp *warp, struct warp_gate *gate, pid_t pid,
                          struct err *err);

int warp_fd(const struct warp *warp);
int64_t warp_wait_ns(const struct warp *warp); /* real; -1 = until fd */
void warp_turn(struct warp *warp);

/* How a process that warp_follow was given ended, as waitpid has it; false: it
 * has not. */
bool warp_ended(const struct warp *warp, pid_t pid, int *status);
/* Kills all that is traced, and sees it dead: within seconds, but for what the
 * kernel itself does not let go. */
void warp_end(struct warp *warp);

/* The connections that clients have begun, or may have, since this was last
 * asked: to be asked after each turn, before anybody accepts them. */
struct warp_begun {
    unsigned count;
    bool     ipv6; /* one of them, at least, may be by a socket of IPv6 */
};

struct warp_begun warp_take_begun(struct warp *warp);

/* What else must be so before time may jump. */
struct warp_world {
    void *data;
    /* Nothing is on the way, and nobody but a timer will do anything. */
    bool (*quiet)(void *data);
    /* The clock's time at which the others have something to do;
     * WARP_NEVER = they have not. */
    int64_t next_ns;
    /* The others have done something since this was last asked. */
    bool stirred;
};

enum warp_outcome {
    WARP_BUSY,    /* somebody does something; try again soon */
    WARP_RESTING, /* everybody waits for something that has no time */
    WARP_DUE,     /* somebody's time has come already */
    WARP_JUMPED,  /* the clock has moved */
};

enum warp_outcome warp_jump(struct warp *warp, const struct warp_world *world);

/* The wall clock alone is set: by so much. It must not fall behind the
 * kernel's, which would end a wait until a wall time too early: whoever wants
 * to set it back sets it ahead first, before a client is followed. */
void warp_step_wall(struct warp *warp, int64_t by_ns);

/* The first signal that a client sent to a process that is not its own, in
 * words ("SIGSTOP to process 12 (retrial)"); it was refused. NULL = none. */
const char *warp_aimed(const struct warp *warp);

/* Why time does not jump any more (a 32-bit program, say); NULL = it does. */
const char *warp_trouble(const struct warp *warp);

struct warp_count {
    uint64_t stops; /* of the client, for us */
    uint64_t looks; /* whether time might jump */
    uint64_t jumps;
    int64_t  jumped_ns;
};

struct warp_count warp_count(const struct warp *warp);

/* How the thread with this index stands, in words, for whoever wonders why time
 * does not go on; false: there are not so many. */
enum { WARP_TOLD_MAX = 256 };
bool warp_tell(struct warp *warp, size_t index, char text[WARP_TOLD_MAX]);

/* Whose waits time stopped for most often, in words: by what name, how often,
 * in which call and for how long. False: it never did. */
bool warp_tell_ticker(const struct warp *warp, char text[WARP_TOLD_MAX]);

#endif
