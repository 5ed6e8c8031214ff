/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_KEYS_CREDENTIAL_H
#define SERVER_KEYS_CREDENTIAL_H

/* The key pair of a client that has OAuth: made for one run, the private half
 * written to a file that only this user may read, where the client is told to
 * find it. The token route checks with the other half that an assertion was
 * signed by who was told. */

#include "common/err.h"

#include <stddef.h>

#define CREDENTIAL_CLIENT_ID "retrial-client-id"
#define CREDENTIAL_KEY_ID    "retrial-key-id"

struct credential;

/* An RSA key of 2048 bits, as PEM (PKCS #8), in a new folder under TMPDIR. */
bool MUST_USE credential_new(struct credential **credential, struct err *err);
/* Removes the file and its folder. NULL is fine. */
void credential_free(struct credential *credential);

const char *credential_key_file(const struct credential *credential);

/* What is wrong with the signature of the JSON Web Token, or NULL. */
const char *credential_refuses(const struct credential *credential,
                               const char *token, size_t length_bytes);

#endif
