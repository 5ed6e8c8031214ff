/* SPDX-License-Identifier: Apache-2.0 */
#include "server/port.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a full backlog ---- */

static bool is_connected(int fd)
{
    struct tcp_info info = {0};
    socklen_t       length = sizeof info;

    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
           info.tcpi_state == TCP_ESTABLISHED;
}

/* On the loopback the kernel makes a connection while connect runs, if it
 * makes it at all: what is not connected then has found the backlog full. */
static bool fill_one(struct port *port)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    to.sin_port = htons((uint16_t)port->listener->port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect(fd, (struct sockaddr *)&to, sizeof to);
    if (!is_connected(fd)) {
        close(fd);
        return false;
    }
    port->fillers[port->filler_count++] = fd;
    return true;
}

static void fill(struct port *port)
{
    listen(port->listener->watch.fd, 0);
    while (port->filler_count < PORT_FILLERS_MAX && fill_one(port))
        continue;
}

/* Ours came first, so that they are the first in the backlog, too. */
static void drop_fillers(struct port *port)
{
    for (unsigned i = 0; i < port->filler_count; i++) {
        int fd = accept4(port->listener->watch.fd, NULL, NULL,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0)
            close(fd);
        close(port->fillers[i]);
    }
    port->filler_count = 0;
}

/* ---- the fault ---- */

static void on_over(void *owner)
{
    struct port *port = owner;
    struct core *core = port->listener->core;

    assert(port->fault != FAULT_NONE);
    drop_fillers(port);
    record_strike_over(core->record, port->fault, core_now_ns(core));
    port->fault = FAULT_NONE;
    listener_open(port->listener);
}

static void strike(struct port *port, const struct step *step,
                   unsigned connection)
{
    struct core *core = port->listener->core;
    int64_t      lasts_ns = step->how.values[PARAM_LASTS];

    port->fault = step->fault;
    port->struck = connection;
    listener_shut(port->listener, step->fault != FAULT_IGNORE_SYN);
    record_strike(core->record, core_now_ns(core), TIME_NEVER, connection,
                  step->fault);
    if (step->fault == FAULT_IGNORE_SYN)
        fill(port);
    if (lasts_ns != PARAM_UNSET)
        core_set_timer(core, &port->over, lasts_ns);
}

void port_init(struct port *port, struct listener *listener,
               const struct plan *plan)
{
    *port = (struct port){.listener = listener, .plan = plan};
    port->over = (struct timer){.fire = on_over, .owner = port};
}

bool port_strikes(struct port *port, unsigned next)
{
    const struct step *step;

    if (port->fault != FAULT_NONE)
        return true;
    step = plan_connection_fault(port->plan, next);
    if (step == NULL || fault_family(step->fault) != FAMILY_PORT ||
        port->struck == next)
        return false;
    strike(port, step, next);
    return true;
}

void port_clear(struct port *port)
{
    if (port->listener == NULL)
        return;
    loop_cancel_timer(&port->listener->core->loop, &port->over);
    drop_fillers(port);
}
