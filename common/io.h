/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_IO_H
#define COMMON_IO_H

/* Calls on descriptors that do not block. */

#include <stdbool.h>

/* By errno, after a call that failed: nothing could be moved now, and nothing
 * is wrong. The same call is made again once the descriptor is ready. */
bool io_would_block(void);

#endif
