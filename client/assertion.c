/* SPDX-License-Identifier: Apache-2.0 */
#include "client/assertion.h"

#include "common/alloc.h"
#include "common/base64.h"

#include <cJSON.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

struct assertion_key {
    EVP_PKEY *pkey;
};

/* A key that asks for a passphrase has nobody to ask. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return 0;
}

static bool check_key(EVP_PKEY *pkey, const char *key_file, struct err *err)
{
    if (pkey == NULL)
        return err_set(err, ERR_USAGE, key_file,
                       "found no private key, allowed is an RSA key as PEM, "
                       "without a passphrase");
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA)
        return err_set(err, ERR_USAGE, key_file,
                       "found a key that is not RSA; RS256 needs one");
    if (EVP_PKEY_get_bits(pkey) < ASSERTION_KEY_BITS_MIN)
        return err_set(err, ERR_USAGE, key_file,
                       "found a key of %d bits, allowed are %d or more",
                       EVP_PKEY_get_bits(pkey), (int)ASSERTION_KEY_BITS_MIN);
    return true;
}

struct assertion_key *assertion_key_new(const char *key_file, struct err *err)
{
    struct assertion_key *key = NULL;
    BIO                  *file = BIO_new_file(key_file, "r");
    EVP_PKEY             *pkey;

    if (file == NULL) {
        err_set_errno(err, key_file, "the key cannot be read");
        return NULL;
    }
    pkey = PEM_read_bio_PrivateKey(file, NULL, no_passphrase, NULL);
    BIO_free(file);
    if (!check_key(pkey, key_file, err)) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    key = alloc_zero(1, sizeof *key);
    key->pkey = pkey;
    return key;
}

void assertion_key_free(struct assertion_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    alloc_free(key);
}

static char *encode_json(cJSON *json) /* takes the json */
{
    char *text = cJSON_PrintUnformatted(json);
    char *coded = base64url_encode(text, strlen(text));

    cJSON_free(text);
    cJSON_Delete(json);
    return coded;
}

static char *make_head(const struct assertion *assertion)
{
    cJSON *head = cJSON_CreateObject();

    cJSON_AddStringToObject(head, "alg", "RS256");
    cJSON_AddStringToObject(head, "typ", "JWT");
    if (assertion->key_id != NULL)
        cJSON_AddStringToObject(head, "kid", assertion->key_id);
    return encode_json(head);
}

static char *make_claims(const struct assertion *assertion)
{
    cJSON  *claims = cJSON_CreateObject();
    int64_t issued_s = assertion->now_wall_s - ASSERTION_BACKDATED_S;

    cJSON_AddStringToObject(claims, "iss", assertion->client_id);
    cJSON_AddStringToObject(claims, "sub", assertion->client_id);
    cJSON_AddStringToObject(claims, "aud", assertion->audience);
    cJSON_AddNumberToObject(claims, "iat", (double)issued_s);
    cJSON_AddNumberToObject(claims, "exp",
                            (double)(issued_s + ASSERTION_LIFE_S));
    cJSON_AddStringToObject(claims, "jti", assertion->unique_id);
    return encode_json(claims);
}

/* The signature, encoded; NULL when OpenSSL does not make one. */
static char *sign(EVP_PKEY *pkey, const char *text)
{
    EVP_MD_CTX    *context = EVP_MD_CTX_new();
    size_t         length = (size_t)EVP_PKEY_get_size(pkey);
    unsigned char *signature = alloc_zero(length, 1);
    char          *coded = NULL;

    if (context != NULL &&
        EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, pkey) == 1 &&
        EVP_DigestSign(context, signature, &length, (const unsigned char *)text,
                       strlen(text)) == 1)
        coded = base64url_encode(signature, length);
    alloc_free(signature);
    EVP_MD_CTX_free(context);
    return coded;
}

char *assertion_sign(const struct assertion_key *key,
                     const struct assertion     *assertion)
{
    char *head = make_head(assertion);
    char *claims = make_claims(assertion);
    char *text = alloc_format("%s.%s", head, claims);
    char *signature = sign(key->pkey, text);
    char *signed_text =
        signature ? alloc_format("%s.%s", text, signature) : NULL;

    alloc_free(signature);
    alloc_free(text);
    alloc_free(claims);
    alloc_free(head);
    return signed_text;
}
