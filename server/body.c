/* SPDX-License-Identifier: Apache-2.0 */
#include "server/body.h"

#include <assert.h>

enum { SHA256_BYTES = 32 };

void body_init(struct body *body)
{
    bytes_init(&body->kept, RECORD_BODY_KEPT_MAX);
}

void body_clear(struct body *body)
{
    if (body->hash != NULL)
        gnutls_hash_deinit(body->hash, NULL);
    bytes_clear(&body->kept);
}

/* A body that is kept whole is hashed when it is whole, in one go; of a longer
 * one, this is the moment at which it is still there. */
static void hash_unkept(struct body *body, const char *data,
                        size_t length_bytes)
{
    if (body->hash == NULL &&
        length_bytes <= RECORD_BODY_KEPT_MAX - body->kept.length)
        return;
    if (body->hash == NULL &&
        gnutls_hash_init(&body->hash, GNUTLS_DIG_SHA256) == 0)
        gnutls_hash(body->hash, bytes_text(&body->kept), body->kept.length);
    if (body->hash != NULL)
        gnutls_hash(body->hash, data, length_bytes);
}

bool body_add(struct body *body, struct record *record, const char *data,
              size_t length_bytes)
{
    const size_t room = RECORD_BODY_KEPT_MAX - body->kept.length;
    const size_t kept = length_bytes < room ? length_bytes : room;

    hash_unkept(body, data, length_bytes);
    if (!record_keep(record, kept))
        return false;
    bytes_append(&body->kept, data, kept);
    return true;
}

static void keep_hash(struct body *body, struct attempt *attempt)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char     digest[SHA256_BYTES];
    char             *hex = attempt->body_sha256;

    if (body->hash != NULL)
        gnutls_hash_output(body->hash, digest);
    else if (body->kept.length == 0 ||
             body->kept.length < attempt->body_bytes ||
             gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes_text(&body->kept),
                              body->kept.length, digest) != 0)
        return;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        *hex++ = digits[digest[i] >> 4];
        *hex++ = digits[digest[i] & 15];
    }
    *hex = '\0';
}

void body_keep(struct body *body, struct attempt *attempt)
{
    assert(attempt->body == NULL);
    attempt->body_kept_bytes = body->kept.length;
    attempt->body = bytes_take(&body->kept);
}

void body_finish(struct body *body, struct attempt *attempt)
{
    keep_hash(body, attempt);
    body_keep(body, attempt);
}
