/* A handshake that a client must not, or cannot, bring to its end. */

#include "server/fault.h"
#include "server/handshake.h"

#define SPOILED(entry, fault_, ...)                                            \
    const struct fault_entry entry = {                                         \
        fault_, .spoil = &(const struct spoil){__VA_ARGS__}};

SPOILED(fault_tls_expired, FAULT_TLS_EXPIRED,
        .certificate = CERTIFICATE_EXPIRED)
SPOILED(fault_tls_not_yet_valid, FAULT_TLS_NOT_YET_VALID,
        .certificate = CERTIFICATE_NOT_YET_VALID)
SPOILED(fault_tls_wrong_host, FAULT_TLS_WRONG_HOST,
        .certificate = CERTIFICATE_WRONG_HOST)
SPOILED(fault_tls_self_signed, FAULT_TLS_SELF_SIGNED,
        .certificate = CERTIFICATE_SELF_SIGNED)
SPOILED(fault_tls_unknown_ca, FAULT_TLS_UNKNOWN_CA,
        .certificate = CERTIFICATE_UNKNOWN_CA)
SPOILED(fault_tls_old_version, FAULT_TLS_OLD_VERSION, .old = true)
SPOILED(fault_tls_stall, FAULT_TLS_STALL, .end = HANDSHAKE_STALLED)
SPOILED(fault_tls_close, FAULT_TLS_CLOSE, .end = HANDSHAKE_CLOSED)
SPOILED(fault_tls_reset, FAULT_TLS_RESET, .end = HANDSHAKE_RESET)
SPOILED(fault_plain_for_tls, FAULT_PLAIN_FOR_TLS, .end = HANDSHAKE_CLOSED,
        .says = "HTTP/1.1 400 Bad Request\r\n"
                "Connection: close\r\nContent-Length: 0\r\n\r\n")
