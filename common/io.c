/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io.h"

#include "common/clock.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

bool io_would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

ssize_t io_read(int fd, void *data, size_t size)
{
    ssize_t got;

    do
        got = read(fd, data, size);
    while (got < 0 && errno == EINTR);
    return got;
}

bool io_write_all(int fd, const void *data, size_t length_bytes)
{
    const char *at = data;

    while (length_bytes > 0) {
        ssize_t put = write(fd, at, length_bytes);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += put;
        length_bytes -= (size_t)put;
    }
    return true;
}

int io_poll(struct pollfd *fds, size_t count, int64_t wait_ns)
{
    const struct timespec wait = {.tv_sec = wait_ns / NS_PER_S,
                                  .tv_nsec = wait_ns % NS_PER_S};

    return ppoll(fds, (nfds_t)count, wait_ns < 0 ? NULL : &wait, NULL);
}

void io_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}
