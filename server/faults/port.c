/* What server/port.c does before there is a connection: nothing is left to be
 * played on one. */

#include "server/fault.h"

#include <stddef.h>

FAULT_PLAYED(FAULT_REFUSE, NULL);
FAULT_PLAYED(FAULT_OPEN_LATE, NULL);
FAULT_PLAYED(FAULT_IGNORE_SYN, NULL);
