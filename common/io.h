/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

/* Calls on descriptors. */

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* By errno, after a call that failed: nothing could be moved now, and nothing
 * is wrong. The same call is made again once the descriptor is ready. */
bool io_would_block(void);

/* As read, but made again when a signal came first. */
ssize_t io_read(int fd, void *data, size_t size);
/* All of it; false with errno. */
bool io_write_all(int fd, const void *data, size_t length_bytes);
/* As poll, but in nanoseconds; below 0: until one is ready. */
int io_poll(struct pollfd *fds, size_t count, int64_t wait_ns);
/* Closes it if it is open; it is -1 then. */
void io_close(int *fd);

#endif
