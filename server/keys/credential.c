/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys/credential.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "server/keys/folder.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <string.h>

enum { KEY_BITS = 2048, SIGNATURE_BYTES_MAX = 4096 };

struct credential {
    struct folder   folder;
    const char     *key_file;
    gnutls_pubkey_t pubkey;
};

/* ---- made ---- */

/* GnuTLS says why not in its own words. */
static bool done(int code, struct err *err)
{
    return code >= 0 || err_set(err, ERR_SYSTEM, "client key",
                                "cannot be made: %s", gnutls_strerror(code));
}

static bool export_key(struct credential *credential, gnutls_x509_privkey_t key,
                       struct err *err)
{
    gnutls_datum_t pem = {0};

    if (!done(gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                                GNUTLS_PKCS_PLAIN, &pem),
              err))
        return false;
    credential->key_file = folder_write(&credential->folder, "client-key.pem",
                                        pem.data, pem.size, err);
    gnutls_free(pem.data);
    return credential->key_file != NULL;
}

/* The public half, by way of the abstract private key that GnuTLS wants. */
static bool take_public(struct credential    *credential,
                        gnutls_x509_privkey_t key, struct err *err)
{
    gnutls_privkey_t abstract = NULL;
    bool             ok =
        done(gnutls_privkey_init(&abstract), err) &&
        done(gnutls_privkey_import_x509(abstract, key, 0), err) &&
        done(gnutls_pubkey_init(&credential->pubkey), err) &&
        done(gnutls_pubkey_import_privkey(credential->pubkey, abstract, 0, 0),
             err);

    gnutls_privkey_deinit(abstract);
    return ok;
}

bool credential_new(struct credential **made, struct err *err)
{
    struct credential    *credential = alloc_zero(1, sizeof *credential);
    gnutls_x509_privkey_t key = NULL;
    bool                  ok =
        done(gnutls_x509_privkey_init(&key), err) &&
        done(gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, KEY_BITS, 0),
             err) &&
        take_public(credential, key, err) &&
        folder_make(&credential->folder, err) &&
        export_key(credential, key, err);

    gnutls_x509_privkey_deinit(key);
    if (!ok) {
        credential_free(credential);
        credential = NULL;
    }
    *made = credential;
    return ok;
}

void credential_free(struct credential *credential)
{
    if (credential == NULL)
        return;
    folder_remove(&credential->folder);
    if (credential->pubkey != NULL)
        gnutls_pubkey_deinit(credential->pubkey);
    alloc_free(credential);
}

const char *credential_key_file(const struct credential *credential)
{
    return credential->key_file;
}

/* ---- asked ---- */

const char *credential_refuses(const struct credential *credential,
                               const char *token, size_t length_bytes)
{
    const char    *dot = memrchr(token, '.', length_bytes);
    struct bytes   signature;
    gnutls_datum_t content = {.data = (unsigned char *)(uintptr_t)token};
    gnutls_datum_t sign;
    const char    *wrong = NULL;

    if (dot == NULL)
        return "has no signature";
    bytes_init(&signature, SIGNATURE_BYTES_MAX);
    content.size = (unsigned)(dot - token);
    if (!base64url_decode(dot + 1, length_bytes - content.size - 1,
                          &signature)) {
        wrong = "has a signature that is not Base64url";
    } else {
        sign.data = (unsigned char *)signature.data;
        sign.size = (unsigned)signature.length;
        if (gnutls_pubkey_verify_data2(credential->pubkey,
                                       GNUTLS_SIGN_RSA_SHA256, 0, &content,
                                       &sign) < 0)
            wrong = "is not signed by the client's key (RS256)";
    }
    bytes_clear(&signature);
    return wrong;
}
