/* SPDX-License-Identifier: Apache-2.0 */
/* A handshake that a client must not, or cannot, bring to its end. */

#include "server/fault.h"
#include "server/handshake.h"

#define SPOILED(fault_, ...)                                                   \
    FAULT_PLAYED(fault_, .spoil = &(const struct spoil){__VA_ARGS__})

SPOILED(FAULT_TLS_EXPIRED, .certificate = CERTIFICATE_EXPIRED);
SPOILED(FAULT_TLS_NOT_YET_VALID, .certificate = CERTIFICATE_NOT_YET_VALID);
SPOILED(FAULT_TLS_WRONG_HOST, .certificate = CERTIFICATE_WRONG_HOST);
SPOILED(FAULT_TLS_SELF_SIGNED, .certificate = CERTIFICATE_SELF_SIGNED);
SPOILED(FAULT_TLS_UNKNOWN_CA, .certificate = CERTIFICATE_UNKNOWN_CA);
SPOILED(FAULT_TLS_OLD_VERSION, .old = true);
SPOILED(FAULT_TLS_STALL, .end = HANDSHAKE_STALLED);
SPOILED(FAULT_TLS_CLOSE, .end = HANDSHAKE_CLOSED);
SPOILED(FAULT_TLS_RESET, .end = HANDSHAKE_RESET);
SPOILED(FAULT_PLAIN_FOR_TLS, .end = HANDSHAKE_CLOSED,
        .says = "HTTP/1.1 400 Bad Request\r\n"
                "Connection: close\r\nContent-Length: 0\r\n\r\n");
