/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/machine.h"

#include "warp/memory.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

/* The code segment of 64-bit programs. */
#define CODE_SEGMENT_64 0x33

/* The kernel's own results of a call that a signal cut off (linux/errno.h);
 * no program ever sees them. */
enum {
    RESTART_SYS = 512,
    RESTART_NOINTR = 513,
    RESTART_NOHAND = 514,
    RESTART_BLOCK = 516,
};

enum { AUXILIARY_MAX = 64, ARGUMENTS_MAX = 1 << 20 };

/* Below the stack pointer, what a function may use without moving it. */
enum { RED_ZONE_BYTES = 128 };

const uint32_t      machine_audit_arch = AUDIT_ARCH_X86_64;
const unsigned char machine_syscall_code[] = {0x0f, 0x05};

static bool get(pid_t tid, struct user_regs_struct *regs)
{
    return ptrace(PTRACE_GETREGS, tid, NULL, regs) == 0;
}

static bool set(pid_t tid, struct user_regs_struct *regs)
{
    return ptrace(PTRACE_SETREGS, tid, NULL, regs) == 0;
}

bool machine_is_ours(pid_t tid)
{
    struct user_regs_struct regs;

    return get(tid, &regs) && regs.cs == CODE_SEGMENT_64;
}

bool machine_skip(pid_t tid, int64_t result)
{
    struct user_regs_struct regs;

    if (!get(tid, &regs))
        return false;
    regs.orig_rax = ~0ULL;
    regs.rax = (unsigned long long)result;
    return set(tid, &regs);
}

bool machine_first_argument(pid_t tid, uint64_t value)
{
    struct user_regs_struct regs;

    if (!get(tid, &regs))
        return false;
    regs.rdi = value;
    return set(tid, &regs);
}

enum machine_cut machine_cut(pid_t tid, struct call *call)
{
    struct user_regs_struct regs;
    int64_t                 result;

    if (!get(tid, &regs) || (int64_t)regs.orig_rax < 0)
        return MACHINE_NOT_CUT;
    *call = (struct call){
        (int64_t)regs.orig_rax,
        {regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9}};
    result = (int64_t)regs.rax;
    if (result == -EINTR)
        return MACHINE_EINTR;
    return result == -RESTART_SYS || result == -RESTART_NOINTR ||
                   result == -RESTART_NOHAND || result == -RESTART_BLOCK
               ? MACHINE_RESTARTS
               : MACHINE_NOT_CUT;
}

bool machine_repeat(pid_t tid)
{
    struct user_regs_struct regs;
    bool                    rest;

    if (!get(tid, &regs))
        return false;
    rest = (int64_t)regs.rax == -RESTART_BLOCK;
    regs.rax = rest ? SYS_restart_syscall : regs.orig_rax;
    regs.orig_rax = ~0ULL;
    regs.rip -= MACHINE_SYSCALL_BYTES;
    return set(tid, &regs) && !rest;
}

/* The end of a list of words that a zero ends. */
static bool skip_words(pid_t tid, uint64_t *at)
{
    uint64_t word = 1;

    for (size_t i = 0; word != 0 && i < ARGUMENTS_MAX; i++, *at += sizeof word)
        if (!memory_read(tid, *at, &word, sizeof word))
            return false;
    return word == 0;
}

/* The stack of a new program: how many arguments, the arguments, 0, the
 * environment, 0, the auxiliary vector. */
bool machine_find_vdso(pid_t tid, uint64_t *entry, uint64_t *address)
{
    struct user_regs_struct regs;
    uint64_t                at;
    Elf64_auxv_t            pair;

    if (!get(tid, &regs))
        return false;
    at = regs.rsp + sizeof at;
    if (!skip_words(tid, &at) || !skip_words(tid, &at))
        return false;
    for (size_t i = 0; i < AUXILIARY_MAX; i++, at += sizeof pair) {
        if (!memory_read(tid, at, &pair, sizeof pair) || pair.a_type == AT_NULL)
            return false;
        if (pair.a_type != AT_SYSINFO_EHDR)
            continue;
        *entry = at;
        *address = pair.a_un.a_val;
        return true;
    }
    return false;
}

/* ---- a call of ours ---- */

bool machine_save(pid_t tid, struct machine_state *state)
{
    return get(tid, &state->regs);
}

bool machine_load(pid_t tid, const struct machine_state *state)
{
    struct user_regs_struct regs = state->regs;

    return set(tid, &regs);
}

bool machine_call(pid_t tid, uint64_t at, const struct call *call)
{
    struct user_regs_struct regs;

    if (!get(tid, &regs))
        return false;
    regs.rip = at;
    regs.orig_rax = ~0ULL;
    regs.rax = (unsigned long long)call->number;
    regs.rdi = call->args[0];
    regs.rsi = call->args[1];
    regs.rdx = call->args[2];
    regs.r10 = call->args[3];
    regs.r8 = call->args[4];
    regs.r9 = call->args[5];
    return set(tid, &regs);
}

int64_t machine_result(pid_t tid)
{
    struct user_regs_struct regs;

    return get(tid, &regs) ? (int64_t)regs.rax : -ESRCH;
}

uint64_t machine_call_site(pid_t tid)
{
    struct user_regs_struct regs;

    return get(tid, &regs) ? regs.rip - MACHINE_SYSCALL_BYTES : 0;
}

uint64_t machine_stack_room(pid_t tid, size_t bytes)
{
    struct user_regs_struct regs;

    return get(tid, &regs) ? (regs.rsp - RED_ZONE_BYTES - bytes) & ~15ULL : 0;
}
