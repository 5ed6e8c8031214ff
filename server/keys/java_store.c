/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys/java_store.h"

#include <gnutls/crypto.h>
#include <string.h>

enum { JKS_VERSION = 2, JKS_TRUSTED = 2, SHA1_BYTES = 20 };

#define JKS_MAGIC UINT32_C(0xfeedfeed)

/* What the digest begins with, after the password. */
#define JKS_SALT "Mighty Aphrodite"

/* As DataOutputStream writes: the highest byte first. */
static void put_number(struct bytes *out, uint64_t number, int length_bytes)
{
    for (int i = length_bytes - 1; i >= 0; i--) {
        unsigned char byte = (unsigned char)(number >> (8 * i));

        bytes_append(out, &byte, 1);
    }
}

static void put_text(struct bytes *out, const char *text)
{
    put_number(out, strlen(text), 2);
    bytes_add(out, text);
}

/* Of the password, two bytes a character, the salt, and all that stands in the
 * store before it. */
static void put_digest(struct bytes *out)
{
    struct bytes  said;
    unsigned char digest[SHA1_BYTES];

    bytes_init(&said, JAVA_STORE_BYTES_MAX);
    for (const char *at = JAVA_STORE_PASSWORD; *at != '\0'; at++)
        put_number(&said, (unsigned char)*at, 2);
    bytes_add(&said, JKS_SALT);
    bytes_append(&said, out->data, out->length);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, said.data, said.length, digest);
    bytes_append(out, digest, sizeof digest);
    bytes_clear(&said);
}

void java_store_make(const void *certificate, size_t length_bytes,
                     int64_t wall_ms, struct bytes *out)
{
    put_number(out, JKS_MAGIC, 4);
    put_number(out, JKS_VERSION, 4);
    put_number(out, 1, 4); /* entry */
    put_number(out, JKS_TRUSTED, 4);
    put_text(out, "retrial");
    put_number(out, (uint64_t)wall_ms, 8);
    put_text(out, "X.509");
    put_number(out, length_bytes, 4);
    bytes_append(out, certificate, length_bytes);
    put_digest(out);
}
