/* SPDX-License-Identifier: Apache-2.0 */
/* What server/port.c does before there is a connection: nothing is left to be
 * played on one. */

#include "server/fault.h"

#include <stddef.h>

FAULT_PLAYED(FAULT_REFUSE, .play = NULL);
FAULT_PLAYED(FAULT_OPEN_LATE, .play = NULL);
FAULT_PLAYED(FAULT_IGNORE_SYN, .play = NULL);
