/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CORE_H
#define SERVER_CORE_H

/* What every part of the server stands on: the loop, the record with its time
 * scale, and a list of what is open. It knows none of the parts. */

#include "common/err.h"
#include "model/record.h"
#include "server/loop.h"

#include <stdbool.h>
#include <stdint.h>

enum socket_kind {
    SOCKET_CONNECTION, /* libmicrohttpd's */
    SOCKET_HIJACKED,
    SOCKET_TUNNEL, /* the client's end of it */
    SOCKET_KINDS,
};

/* Part of whoever has a connection open. */
struct open_socket {
    struct open_socket *previous; /* in the core's list */
    struct open_socket *next;
    void               *owner;
    const struct watch *watch; /* the owner's */
    /* The owner holds nothing that it could pass on, and that no descriptor
     * tells of. NULL: it never does. */
    bool (*is_settled)(const void *owner);
};

struct core {
    struct loop         loop;
    struct record      *record;
    int64_t             epoch_ns; /* the clock's time that is 0 in the record */
    struct open_socket *open[SOCKET_KINDS]; /* a list each */
    unsigned            open_count; /* in all of them */
    bool                any_closed; /* by us, since somebody looked last */
    struct err          trouble; /* ERR_NONE = none yet */
};

/* The record's time scale. */
int64_t core_now_ns(const struct core *core);
void core_set_timer(struct core *core, struct timer *timer, int64_t in_ns);

void core_opened(struct core *core, enum socket_kind kind,
                 struct open_socket *socket);
/* Its end is on its way to the client. */
void core_closed(struct core *core, enum socket_kind kind,
                 struct open_socket *socket);

/* Something went wrong that is not the clients' fault. Keeps the first. */
void core_note_trouble(struct core *core, const struct err *err);

#endif
