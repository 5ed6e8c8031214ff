/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ENDING_H
#define SERVER_ENDING_H

/* How a hijacked connection ends once all is sent. */
enum hijacked_then {
    HIJACKED_CLOSE,      /* FIN; nothing is read any more */
    HIJACKED_CUT,        /* the same, but over TLS without close_notify */
    HIJACKED_RESET,      /* RST */
    HIJACKED_HALF_CLOSE, /* FIN; what comes is read and dropped until the end */
    HIJACKED_LINGER, /* nothing; what comes is read and dropped */
    HIJACKED_WAIT, /* nothing, and nothing is read */
};

#endif
