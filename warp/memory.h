/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_MEMORY_H
#define WARP_MEMORY_H

/* The memory of a client's process. False: it is not there, or not all of
 * it; then nothing that counts was read. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

bool memory_read(pid_t tid, uint64_t address, void *to, size_t bytes);
/* What the client itself may write. */
bool memory_write(pid_t tid, uint64_t address, const void *from, size_t bytes);
/* A word anywhere, in code too; the thread must be stopped. */
bool memory_poke(pid_t tid, uint64_t address, uint64_t word);

#endif
