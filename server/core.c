/* SPDX-License-Identifier: Apache-2.0 */
#include "server/core.h"

#include <assert.h>

int64_t core_now_ns(const struct core *core)
{
    return clock_now_ns(core->loop.clock) - core->epoch_ns;
}

void core_set_timer(struct core *core, struct timer *timer, int64_t in_ns)
{
    loop_set_timer(&core->loop, timer, clock_now_ns(core->loop.clock) + in_ns);
}

void core_opened(struct core *core, enum socket_kind kind,
                 struct open_socket *socket)
{
    assert(socket->watch->fd >= 0 && socket->owner != NULL);
    socket->next = core->open[kind];
    if (socket->next != NULL)
        socket->next->previous = socket;
    core->open[kind] = socket;
    core->open_count++;
}

void core_closed(struct core *core, enum socket_kind kind,
                 struct open_socket *socket)
{
    assert(socket->previous != NULL || core->open[kind] == socket);
    if (socket->previous != NULL)
        socket->previous->next = socket->next;
    else
        core->open[kind] = socket->next;
    if (socket->next != NULL)
        socket->next->previous = socket->previous;
    core->open_count--;
    core->any_closed = true;
}

void core_note_trouble(struct core *core, const struct err *err)
{
    if (core->trouble.code == ERR_NONE)
        core->trouble = *err;
}
