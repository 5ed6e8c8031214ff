/* SPDX-License-Identifier: Apache-2.0 */
#include "common/io.h"

#include <errno.h>

bool io_would_block(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}
