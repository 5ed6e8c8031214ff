/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_KEYS_AUTHORITY_H
#define SERVER_KEYS_AUTHORITY_H

/* Who vouches for the server over TLS: a certificate authority made for one
 * run, and the certificates the server shows. But for the first,
 * a client has to refuse each of them.
 *
 * The private keys never leave the process. */

#include "common/err.h"

#include <gnutls/gnutls.h>

/* enumerator, what is wrong with it */
#define CERTIFICATE_MAP(X)                                                     \
    X(CERTIFICATE_RIGHT, "nothing")                                            \
    X(CERTIFICATE_EXPIRED, "it is valid no more")                              \
    X(CERTIFICATE_NOT_YET_VALID, "it is not valid yet")                        \
    X(CERTIFICATE_WRONG_HOST, "it is another host's")                          \
    X(CERTIFICATE_SELF_SIGNED, "nobody but itself vouches for it")             \
    X(CERTIFICATE_UNKNOWN_CA, "an authority vouches that nobody trusts")

enum certificate {
#define X(certificate, wrong) certificate,
    CERTIFICATE_MAP(X)
#undef X
        CERTIFICATE_COUNT
};

struct authority;

bool MUST_USE authority_new(struct authority **authority, struct err *err);
/* Removes its files. NULL is fine. */
void authority_free(struct authority *authority);

/* What to trust, as PEM. Borrowed. */
const gnutls_datum_t *authority_ca(const struct authority *authority);

/* Writes what to trust where a client can be told to find it: its owner has to
 * see to it that the authority is freed, however the process ends. */
bool MUST_USE authority_publish(struct authority *authority, struct err *err);
/* As PEM, and as the key store that a JVM reads; NULL = not published. */
const char *authority_ca_file(const struct authority *authority);
const char *authority_java_store(const struct authority *authority);

/* What a session of ours shows. Borrowed. */
gnutls_certificate_credentials_t authority_show(
    const struct authority *authority, enum certificate certificate);

#endif
