/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_TOKEN_H
#define CLIENT_TOKEN_H

/* An access token (RFC 6749, 5.1), as the authorization server's answer says
 * it. Pure: an answer's body goes in, a token and the time from which it is to
 * be renewed come out. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOKEN_TEXT_MAX = 8 * 1024 };

/* A token is renewed this long before it expires, but short-lived ones are
 * used for nine tenths of their life. */
#define TOKEN_MARGIN_NS INT64_C(60000000000)

struct token {
    char    *text;     /* NULL = none */
    int64_t  renew_ns; /* monotonic; INT64_MAX = only when it is refused */
    uint64_t number;   /* 1, 2, 3 ... in the order they were fetched */
};

/* Reads {"access_token": TEXT, "token_type": "Bearer", "expires_in": S} into
 * token (initialised; number is left alone). Life is counted from asked_ns, the
 * earliest moment at which it can have begun. False when that is no token that
 * a header field can carry: then token is unchanged. */
bool token_read(const struct bytes *body, int64_t asked_ns,
                struct token *token);
void token_copy(struct token *to, const struct token *from);
void token_clear(struct token *token);

#endif
