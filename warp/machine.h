/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_MACHINE_H
#define WARP_MACHINE_H

/* What hangs on the processor: registers, and how a system call is skipped,
 * ended or made once more. Each thread must be stopped. False: it is gone, or
 * is not of this machine. */

#include "warp/wait.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* The architecture that the seccomp filter knows (AUDIT_ARCH_...). */
extern const uint32_t machine_audit_arch;

/* The thread runs code of this machine, not of its 32-bit ancestor. */
bool machine_is_ours(pid_t tid);

/* A call that is about to begin is not made, or one that was cut off ends: it
 * has this result. */
bool machine_skip(pid_t tid, int64_t result);

/* A call that is about to begin has this first argument instead. */
bool machine_first_argument(pid_t tid, uint64_t value);

/* How an interrupted call stands. */
enum machine_cut {
    MACHINE_NOT_CUT,  /* it was over before, or there was none */
    MACHINE_RESTARTS, /* the kernel will make it again by itself */
    MACHINE_EINTR,    /* it would end with EINTR */
};

enum machine_cut machine_cut(pid_t tid, struct call *call);
/* Has it made again: with what was left of its time where the kernel knows
 * that, else as it was made first, which stops at the filter: then true. */
bool machine_repeat(pid_t tid);

/* After exec: where the new program is told of the kernel's vDSO, a pair of
 * words, and what it is told. False: it is not. */
bool machine_find_vdso(pid_t tid, uint64_t *entry, uint64_t *address);

/* ---- a call of ours ---- */

struct machine_state {
    struct user_regs_struct regs;
};

/* The instruction that makes a system call. */
enum { MACHINE_SYSCALL_BYTES = 2 };
extern const unsigned char machine_syscall_code[MACHINE_SYSCALL_BYTES];

bool machine_save(pid_t tid, struct machine_state *state);
bool machine_load(pid_t tid, const struct machine_state *state);
/* When it goes on it makes this call, by the instruction there. */
bool machine_call(pid_t tid, uint64_t at, const struct call *call);
int64_t machine_result(pid_t tid);
/* Where the call it is in, or was cut off in, was made. */
uint64_t machine_call_site(pid_t tid);
/* Room below its stack that it does not use. */
uint64_t machine_stack_room(pid_t tid, size_t bytes);

#endif
