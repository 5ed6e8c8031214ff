/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_LOOPBACK_H
#define SERVER_LOOPBACK_H

/* A TCP connection over the loopback with both its ends in our hands: for
 * measuring what a client's bytes go through on this machine. */

#include "common/err.h"

enum { LOOPBACK_NEAR, LOOPBACK_FAR, LOOPBACK_ENDS };

/* Both are closed on exec, and send at once. */
bool MUST_USE loopback_connect(int ends[LOOPBACK_ENDS], struct err *err);

#endif
