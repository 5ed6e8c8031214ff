/* SPDX-License-Identifier: Apache-2.0 */
#include "server/drain.h"

#include "common/io.h"

#include <sys/socket.h>

bool drain_socket(int fd, size_t max_bytes)
{
    char    junk[4096];
    ssize_t got = 1;

    for (size_t total = 0; got > 0 && total < max_bytes; total += (size_t)got)
        got = recv(fd, junk, sizeof junk, MSG_DONTWAIT);
    return got > 0 || (got < 0 && io_would_block());
}
