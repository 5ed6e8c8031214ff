/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_ASSERTION_H
#define CLIENT_ASSERTION_H

/* A client assertion: the short-lived JSON Web Token, signed with the client's
 * private key (RS256), by which it proves to the authorization server who it
 * is (RFC 7523, section 2.2). The key is read once, from a file; nothing here
 * prints it, or any part of it. */

#include "common/err.h"

#include <stdint.h>

enum {
    ASSERTION_KEY_BITS_MIN = 2048, /* RFC 7518, 3.3 */
    /* Issued a little in the past and good for a minute in all, so that two
     * clocks may differ by seconds. */
    ASSERTION_BACKDATED_S = 5,
    ASSERTION_LIFE_S = 60,
};

struct assertion_key;

/* A PEM file with an RSA private key; NULL and err, which names the file. */
struct assertion_key *assertion_key_new(const char *key_file, struct err *err);
void assertion_key_free(struct assertion_key *key);

struct assertion {
    const char *client_id; /* iss and sub */
    const char *audience; /* aud: the authorization server */
    const char *key_id; /* kid; NULL = none */
    const char *unique_id; /* jti: never twice */
    int64_t     now_wall_s;
};

/* The token, yours (alloc_free); NULL when the key does not sign. */
char *assertion_sign(const struct assertion_key *key,
                     const struct assertion     *assertion);

#endif
