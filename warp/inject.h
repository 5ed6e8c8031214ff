/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_INJECT_H
#define WARP_INJECT_H

/* A system call made by the client on our behalf. Only calls that return at
 * once: we wait for it. */

#include "warp/wait.h"

#include <stdint.h>
#include <sys/types.h>

enum inject_outcome {
    INJECT_DONE,
    INJECT_FAILED, /* it could not be made */
    INJECT_ENDED,  /* the thread ended meanwhile; *status is waitpid's */
};

/* The thread is stopped; its registers are afterwards as they were. at is
 * where in its memory an instruction makes a system call. Signals that come
 * meanwhile are sent again. */
enum inject_outcome inject_call(pid_t tid, uint64_t at, const struct call *call,
                                int64_t *result, int *status);

#endif
