/* SPDX-License-Identifier: Apache-2.0 */
#include "server/loopback.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

static bool connect_both(int listener, int ends[LOOPBACK_ENDS])
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t          length = sizeof at;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ends[LOOPBACK_FAR] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (ends[LOOPBACK_FAR] < 0 ||
        bind(listener, (struct sockaddr *)&at, length) != 0 ||
        listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &length) != 0 ||
        connect(ends[LOOPBACK_FAR], (struct sockaddr *)&at, length) != 0)
        return false;
    ends[LOOPBACK_NEAR] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    return ends[LOOPBACK_NEAR] >= 0;
}

bool loopback_connect(int ends[LOOPBACK_ENDS], struct err *err)
{
    int       listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    bool      ok;

    ends[LOOPBACK_NEAR] = ends[LOOPBACK_FAR] = -1;
    ok = listener >= 0 && connect_both(listener, ends);
    if (!ok)
        err_set_errno(err, "loopback", "cannot connect");
    for (int i = 0; i < LOOPBACK_ENDS; i++) {
        if (ok)
            setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        else if (ends[i] >= 0)
            close(ends[i]);
    }
    if (listener >= 0)
        close(listener);
    return ok;
}
