/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/socket_timeouts.h"

#include "common/alloc.h"
#include "common/proc.h"
#include "warp/memory.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* <sys/socket.h>, which has them too, is the server's. */
enum {
    RECEIVE_TIMEOUT = 20,
    SEND_TIMEOUT = 21,
    RECEIVE_TIMEOUT_64 = 66,
    SEND_TIMEOUT_64 = 67,
};

const uint32_t socket_timeout_options[SOCKET_TIMEOUT_OPTIONS] = {
    RECEIVE_TIMEOUT, SEND_TIMEOUT, RECEIVE_TIMEOUT_64, SEND_TIMEOUT_64};

/* 0 = it is no socket. */
static uint64_t inode_of(pid_t group, int fd)
{
    static const char socket[] = "socket:[";
    char              path[64];
    char              text[64] = "";

    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)group, fd);
    if (readlink(path, text, sizeof text - 1) < 0 ||
        strncmp(text, socket, sizeof socket - 1) != 0)
        return 0;
    return proc_number(text + sizeof socket - 1);
}

static const struct socket_timeout *find(const struct socket_timeouts *list,
                                         pid_t group, int fd)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].group == group && list->items[i].fd == fd)
            return list->items[i].inode == inode_of(group, fd) ? &list->items[i]
                                                               : NULL;
    return NULL;
}

/* Finds it, or makes it anew. */
static struct socket_timeout *have(struct socket_timeouts *list, pid_t group,
                                   int fd)
{
    uint64_t               inode = inode_of(group, fd);
    struct socket_timeout *timeout = NULL;

    for (size_t i = 0; i < list->count && timeout == NULL; i++)
        if (list->items[i].group == group && list->items[i].fd == fd)
            timeout = &list->items[i];
    if (timeout == NULL) {
        list->items =
            alloc_one_more(list->items, list->count, sizeof list->items[0]);
        timeout = &list->items[list->count++];
        timeout->inode = 0;
    }
    if (timeout->inode != inode || inode == 0)
        *timeout =
            (struct socket_timeout){.group = group, .fd = fd, .inode = inode};
    assert(timeout->group == group && timeout->fd == fd);
    return timeout;
}

bool socket_timeouts_call(struct socket_timeouts *list, pid_t tid, pid_t group,
                          const struct call *call)
{
    struct {
        int64_t s;
        int64_t us;
    } time;
    struct socket_timeout *timeout;
    int64_t                ns;

    if (call->number != SYS_setsockopt)
        return false;
    if (call->args[1] != SOCKET_TIMEOUT_LEVEL || call->args[4] < sizeof time ||
        !memory_read(tid, call->args[3], &time, sizeof time))
        return true;
    if (time.s < 0 || time.us < 0 || time.s > INT64_MAX / NS_PER_S / 4)
        return true;
    ns = time.s * NS_PER_S + time.us * NS_PER_US;
    switch (call->args[2]) {
    case RECEIVE_TIMEOUT:
    case RECEIVE_TIMEOUT_64:
        timeout = have(list, group, (int)call->args[0]);
        timeout->receive_ns = ns;
        break;
    case SEND_TIMEOUT:
    case SEND_TIMEOUT_64:
        timeout = have(list, group, (int)call->args[0]);
        timeout->send_ns = ns;
        break;
    default:
        break;
    }
    return true;
}

void socket_timeouts_forget(struct socket_timeouts *list, pid_t group)
{
    for (size_t i = list->count; i-- > 0;)
        if (list->items[i].group == group)
            list->items[i] = list->items[--list->count];
}

void socket_timeouts_clear(struct socket_timeouts *list)
{
    alloc_free(list->items);
    *list = (struct socket_timeouts){0};
}

static bool receives(int64_t number)
{
    return number == SYS_recvfrom || number == SYS_recvmsg ||
           number == SYS_recvmmsg || number == SYS_read ||
           number == SYS_readv || number == SYS_accept || number == SYS_accept4;
}

static bool sends(int64_t number)
{
    return number == SYS_sendto || number == SYS_sendmsg ||
           number == SYS_sendmmsg || number == SYS_write ||
           number == SYS_writev || number == SYS_connect;
}

bool socket_timeouts_wait(const struct socket_timeouts *list, pid_t group,
                          const struct call *call, const struct clock *clock,
                          struct wait *wait)
{
    const struct socket_timeout *timeout;
    int64_t                      span_ns;

    if (!receives(call->number) && !sends(call->number))
        return false;
    timeout = find(list, group, (int)call->args[0]);
    if (timeout == NULL)
        return false;
    span_ns = receives(call->number) ? timeout->receive_ns : timeout->send_ns;
    if (span_ns <= 0)
        return false;
    *wait = wait_on_socket(call, clock_now_ns(clock) + span_ns);
    return true;
}
