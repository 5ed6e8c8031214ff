/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_VDSO_H
#define WARP_VDSO_H

/* The page that holds how far the client's clock is ahead, and the vDSO that
 * reads it. Both lie in one anonymous file: the vDSO's page first, which each
 * of the client's programs maps for itself, then the shift, which all share
 * with us: a jump is one store, seen by everybody at once. */

#include "common/clock.h"
#include "common/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { VDSO_PAGE_BYTES = 4096 };

struct vdso {
    int                 fd; /* -1: no vDSO, every clock read stops */
    struct clock_shift *shift;
    uint64_t clock_gettime; /* where the kernel's vDSO has it, from its start */
    uint64_t syscall; /* and an instruction that makes a call */
};

bool MUST_USE vdso_open(struct vdso *vdso, struct err *err);
void vdso_close(struct vdso *vdso);

/* Gives a program that has just been started by exec, and stands at the end of
 * that call, the vDSO of ours; where that cannot be, none at all. Follows its
 * thread with waitpid meanwhile; *status is what waitpid gave if it ended. */
enum vdso_gift {
    VDSO_GIVEN,
    VDSO_HIDDEN,
    VDSO_REFUSED, /* not even that: its clock is the kernel's */
    VDSO_ENDED,
};

enum vdso_gift vdso_give(const struct vdso *vdso, pid_t tid, int *status);

#endif
