/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_WIRE_H
#define SERVER_WIRE_H

/* What is on its way between client and server, as the kernel's TCP knows it
 * from both ends of a connection (NETLINK_SOCK_DIAG). Only for a clock that
 * jumps, which must not do so while anything is.
 *
 * The kernel answers under the lock of the socket it is asked about. So a byte
 * that it counts as received has also made whoever waits for it ready. */

#include "common/err.h"

#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

struct wire {
    int fd; /* of netlink; -1 = not open */
    /* The stranger that was found last: family 0 = none. */
    struct inet_diag_sockid stranger;
    uint8_t                 stranger_family;
    uint8_t                 stranger_state;
};

/* A connection, by its two addresses. */
struct wire_pair {
    struct sockaddr_in ours;
    struct sockaddr_in theirs;
};

/* False: this machine does not tell, and how. */
bool MUST_USE wire_open(struct wire *wire, struct err *err);
void wire_close(struct wire *wire);

/* All that the two ends of this connection, of which fd is ours, have sent has
 * arrived at the other end. fd -1, or one end of a pair: nothing is on its
 * way. */
bool wire_settled(const struct wire *wire, int fd);

/* The addresses of a connection whose our end is fd; false: it has none any
 * more, or is no connection over TCP. */
bool wire_pair_of(int fd, struct wire_pair *pair);
/* The client has not heard yet that we have closed this one. */
bool wire_unheard(const struct wire *wire, const struct wire_pair *pair);

/* What wire_strangers asks: whether it knows the connection to our port from
 * this port of the client's. */
struct wire_book {
    void *data;
    bool (*ours)(void *data, int port);
    bool (*known)(void *data, int port, int client_port);
};

/* A connection is being made, or is made and not accepted, or was closed by us
 * and the client has not heard of it. Sockets of IPv6, through which a client
 * may talk IPv4, are asked for only where there are some: the kernel looks
 * through its whole table for each family, which may take it a millisecond. So
 * the stranger that was found last is asked about first. */
bool wire_strangers(struct wire *wire, const struct wire_book *book, bool ipv6);

#endif
