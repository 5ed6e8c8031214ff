/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_DRAIN_H
#define SERVER_DRAIN_H

#include <stdbool.h>
#include <stddef.h>

/* Reads what is here, and drops it: closing with unread bytes makes the kernel
 * send RST instead of FIN. False: the client has closed its side. */
bool drain_socket(int fd, size_t max_bytes);

#endif
