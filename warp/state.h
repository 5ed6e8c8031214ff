/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_STATE_H
#define WARP_STATE_H

/* A warp from inside: what its parts share. */

#include "warp/aim.h"
#include "warp/calm.h"
#include "warp/client_timers.h"
#include "warp/socket_timeouts.h"
#include "warp/thread.h"
#include "warp/vdso.h"
#include "warp/warp.h"

/* A process that was given to us, and how it ended. */
struct followed {
    pid_t pid;
    bool  ended;
    int   status; /* of waitpid */
};

/* Who made time stop most often. */
struct ticker {
    pid_t       tid;
    char        name[PROC_STATE_NAME_MAX];
    struct wait wait; /* its last */
    uint64_t    ticks; /* 0 = nobody */
};

struct warp {
    struct vdso            vdso;
    struct clock_jumping   clock;
    int                    signal_fd;
    struct threads         threads;
    struct client_timers   timers;
    struct socket_timeouts socket_timeouts;
    struct followed       *followed;
    size_t                 followed_count;
    bool                   more;       /* stops that this turn left */
    bool                   untold;     /* a death that no signal told of */
    bool                   lost; /* somebody of whom /proc knows nothing */
    pid_t                  awake; /* who was so at the last look; 0 = none */
    bool                   set_going; /* somebody, in this turn */
    struct warp_begun      begun; /* since it was last taken */
    struct calm            calm;
    struct thread *first; /* whose wait is over first, when last asked */
    int64_t        rest_ns; /* the first end of a rest that is passed
                               over; WARP_NEVER = none is */
    struct ticker     ticker;
    const char       *trouble;
    char              aimed[AIM_TEXT_MAX]; /* "" = at nobody else */
    struct warp_count count;
    uint64_t         *runs; /* room for idle_next */
    size_t            runs_capacity;
};

/* The client's time. */
int64_t state_now_ns(const struct warp *warp);
/* One signal, at most, is pending at a time: SIGCHLD does not queue. False:
 * none was, and nobody has stopped. */
bool state_drain_signals(const struct warp *warp);

#endif
