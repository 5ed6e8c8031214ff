/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/filter.h"

#include "warp/aim.h"
#include "warp/client_timers.h"
#include "warp/clock_call.h"
#include "warp/clone_call.h"
#include "warp/machine.h"
#include "warp/socket_timeouts.h"
#include "warp/wait.h"

#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILTER_MAX = 512 };

struct program {
    struct sock_filter code[FILTER_MAX];
    unsigned short     length;
};

static void add(struct program *program, struct sock_filter instruction)
{
    assert(program->length < FILTER_MAX);
    program->code[program->length++] = instruction;
}

static void load(struct program *program, size_t offset)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                              (uint32_t)offset));
}

/* The low half of an argument; little-endian. */
static size_t low(unsigned argument)
{
    return offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t);
}

static size_t high(unsigned argument)
{
    return low(argument) + sizeof(uint32_t);
}

/* Jumps count instructions: how many to leave out when it holds, or not. */
static void jump(struct program *program, unsigned short how, uint32_t value,
                 unsigned char if_true, unsigned char if_false)
{
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | how | BPF_K, value,
                                              if_true, if_false));
}

static void give(struct program *program, uint32_t action)
{
    add(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void trace(struct program *program)
{
    give(program, SECCOMP_RET_TRACE);
}

static void allow(struct program *program)
{
    give(program, SECCOMP_RET_ALLOW);
}

/* For this call: what follows; for another: behind it. The body must end with
 * a return. Gives the place to close. */
static unsigned short open_call(struct program *program, int64_t number)
{
    load(program, offsetof(struct seccomp_data, nr));
    jump(program, BPF_JEQ, (uint32_t)number, 0, 0);
    return (unsigned short)(program->length - 1);
}

static void close_call(struct program *program, unsigned short opened)
{
    program->code[opened].jf = (unsigned char)(program->length - opened - 1);
}

static void add_pointer(struct program *program, unsigned argument)
{
    load(program, low(argument));
    jump(program, BPF_JEQ, 0, 0, 3);
    load(program, high(argument));
    jump(program, BPF_JEQ, 0, 0, 1);
    allow(program);
    trace(program);
}

static void add_number(struct program *program, unsigned argument)
{
    load(program, low(argument));
    jump(program, BPF_JEQ, 0, 1, 0);
    jump(program, BPF_JSET, 0x80000000, 0, 1);
    allow(program);
    trace(program);
}

static void add_futex(struct program *program, unsigned argument)
{
    load(program, low(1));
    add(program, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K,
                                              (uint32_t)FUTEX_CMD_MASK));
    for (unsigned char i = 0; i < WAIT_FUTEX_OPERATIONS; i++)
        jump(program, BPF_JEQ, wait_futex_operations[i],
             (unsigned char)(WAIT_FUTEX_OPERATIONS - i), 0);
    allow(program);
    add_pointer(program, argument);
}

static void add_wait(struct program *program, const struct wait_filter *wait)
{
    unsigned short opened = open_call(program, wait->number);

    switch (wait->is) {
    case WAIT_POINTER:
        add_pointer(program, wait->argument);
        break;
    case WAIT_NUMBER:
        add_number(program, wait->argument);
        break;
    case WAIT_FUTEX:
        add_futex(program, wait->argument);
        break;
    }
    close_call(program, opened);
}

/* clock_gettime of a clock that jumps; the others are allowed. */
static void add_clock(struct program *program)
{
    unsigned short opened = open_call(program, SYS_clock_gettime);
    uint32_t       clocks = clock_call_clocks();

    load(program, low(0));
    jump(program, BPF_JGT, 31, 0, 1);
    allow(program);
    for (uint32_t id = 0; id < 32; id++)
        if ((clocks >> id & 1) != 0) {
            jump(program, BPF_JEQ, id, 0, 1);
            trace(program);
        }
    allow(program);
    close_call(program, opened);
}

/* setsockopt of a time to wait, among the options of sockets themselves. */
static void add_socket_timeouts(struct program *program)
{
    unsigned short opened = open_call(program, SYS_setsockopt);

    load(program, low(1));
    jump(program, BPF_JEQ, SOCKET_TIMEOUT_LEVEL, 1, 0);
    allow(program);
    load(program, low(2));
    for (size_t i = 0; i < SOCKET_TIMEOUT_OPTIONS; i++) {
        jump(program, BPF_JEQ, socket_timeout_options[i], 0, 1);
        trace(program);
    }
    allow(program);
    close_call(program, opened);
}

/* clone of a child that no tracer would be told of. */
static void add_birth(struct program *program)
{
    unsigned short opened = open_call(program, SYS_clone);

    load(program, low(0));
    jump(program, BPF_JSET, clone_untraced, 0, 1);
    trace(program);
    allow(program);
    close_call(program, opened);
}

/* A signal to any process but the one that is here. */
static void add_aim(struct program *program, const struct aim_filter *aim)
{
    unsigned short opened = open_call(program, aim->number);

    load(program, low(aim->signal));
    jump(program, BPF_JEQ, 0, 0, 1);
    allow(program);
    if (aim->names_process) {
        load(program, low(0));
        jump(program, BPF_JEQ, (uint32_t)getpid(), 0, 1);
        allow(program);
    }
    trace(program);
    close_call(program, opened);
}

static void add_always(struct program *program, int64_t number, uint32_t action)
{
    unsigned short opened = open_call(program, number);

    give(program, action);
    close_call(program, opened);
}

bool filter_enter(void)
{
    struct program     program = {.length = 0};
    struct wait_filter wait;
    struct aim_filter  aim;
    struct sock_fprog  whole;
    int64_t            number;

    load(&program, offsetof(struct seccomp_data, arch));
    jump(&program, BPF_JEQ, machine_audit_arch, 1, 0);
    allow(&program);
    for (size_t i = 0; wait_filter(i, &wait); i++)
        add_wait(&program, &wait);
    add_clock(&program);
#ifdef SYS_gettimeofday
    add_always(&program, SYS_gettimeofday, SECCOMP_RET_TRACE);
#endif
#ifdef SYS_time
    add_always(&program, SYS_time, SECCOMP_RET_TRACE);
#endif
    for (size_t i = 0; client_timers_filter(i, &number); i++)
        add_always(&program, number, SECCOMP_RET_TRACE);
    add_always(&program, SYS_connect, SECCOMP_RET_TRACE);
    add_socket_timeouts(&program);
    add_birth(&program);
    add_always(&program, SYS_clone3, SECCOMP_RET_TRACE);
    for (size_t i = 0; aim_filter(i, &aim); i++)
        add_aim(&program, &aim);
    /* Its waits do not go through system calls: who finds it missing falls
     * back on those that do. */
    add_always(&program, SYS_io_uring_setup,
               SECCOMP_RET_ERRNO | (uint32_t)ENOSYS);
    allow(&program);
    whole = (struct sock_fprog){.len = program.length, .filter = program.code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) == 0;
}
