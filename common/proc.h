/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_PROC_H
#define COMMON_PROC_H

/* What the kernel tells in /proc of a process, or of a thread by its own
 * number. */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* As much of /proc/ID/NAME as there is room for, as text; gives its length. ""
 * where there is nothing to read. */
size_t proc_read(pid_t id, const char *name, char *text, size_t size);
/* The number that the text begins with; 0 = none. */
uint64_t proc_number(const char *text);
/* The one behind the first such name; -1 = there is no such name. */
int64_t proc_number_after(const char *text, const char *name);

/* 'R' runs or is about to, 'S' sleeps, 'T' stands still, 'Z' has ended ... as
 * proc(5) has it; '\0' = it is gone. */
char proc_letter(pid_t id);

#endif
