/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys/authority.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "server/keys/folder.h"
#include "server/keys/java_store.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

enum { SERIAL_BYTES = 8, KEY_ID_BYTES_MAX = 64 };

#define DAY_S INT64_C(86400)

/* Far enough on either side that no clock under test comes there by a jump of
 * some hours. */
static const struct {
    int64_t from_s; /* valid from then, seen from now */
    int64_t to_s;
} spans[CERTIFICATE_COUNT] = {
    [CERTIFICATE_RIGHT] = {-10 * DAY_S, 300 * DAY_S},
    [CERTIFICATE_EXPIRED] = {-300 * DAY_S, -10 * DAY_S},
    [CERTIFICATE_NOT_YET_VALID] = {1000 * DAY_S, 1300 * DAY_S},
    [CERTIFICATE_WRONG_HOST] = {-10 * DAY_S, 300 * DAY_S},
    [CERTIFICATE_SELF_SIGNED] = {-10 * DAY_S, 300 * DAY_S},
    [CERTIFICATE_UNKNOWN_CA] = {-10 * DAY_S, 300 * DAY_S},
};

/* A certificate with the key it belongs to. */
struct identity {
    gnutls_x509_crt_t     certificate;
    gnutls_x509_privkey_t key;
};

struct authority {
    gnutls_datum_t                   ca_pem;
    gnutls_datum_t                   ca_der;
    struct folder                    folder;
    const char                      *ca_file;
    const char                      *java_store;
    gnutls_certificate_credentials_t shown[CERTIFICATE_COUNT];
};

/* ---- one certificate ---- */

static void identity_clear(struct identity *identity)
{
    gnutls_x509_crt_deinit(identity->certificate);
    gnutls_x509_privkey_deinit(identity->key);
    *identity = (struct identity){0};
}

/* A new key, and a certificate for it that says nothing yet. */
static int identity_start(struct identity *identity, int64_t from_s,
                          int64_t to_s)
{
    const unsigned    bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    int64_t           now_s = clock_wall_ns(clock_real()) / NS_PER_S;
    unsigned char     serial[SERIAL_BYTES];
    gnutls_x509_crt_t made;
    int               code = gnutls_x509_privkey_init(&identity->key);

    if (code >= 0)
        code = gnutls_x509_privkey_generate(identity->key, GNUTLS_PK_ECDSA,
                                            bits, 0);
    if (code >= 0)
        code = gnutls_x509_crt_init(&identity->certificate);
    made = identity->certificate;
    if (code >= 0)
        code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    serial[0] &= 0x7f; /* A serial number is positive. */
    if (code >= 0)
        code = gnutls_x509_crt_set_serial(made, serial, sizeof serial);
    if (code >= 0)
        code = gnutls_x509_crt_set_version(made, 3);
    if (code >= 0)
        code = gnutls_x509_crt_set_key(made, identity->key);
    if (code >= 0)
        code =
            gnutls_x509_crt_set_activation_time(made, (time_t)(now_s + from_s));
    if (code >= 0)
        code =
            gnutls_x509_crt_set_expiration_time(made, (time_t)(now_s + to_s));
    return code;
}

/* Java and OpenSSL find the issuer by these, where two have one name. */
static int set_key_ids(const struct identity *identity,
                       const struct identity *signer)
{
    unsigned char id[KEY_ID_BYTES_MAX];
    size_t        length = sizeof id;
    int           code =
        gnutls_x509_crt_get_key_id(identity->certificate, 0, id, &length);

    if (code >= 0)
        code = gnutls_x509_crt_set_subject_key_id(identity->certificate, id,
                                                  length);
    length = sizeof id;
    if (code >= 0)
        code = gnutls_x509_crt_get_key_id(signer->certificate, 0, id, &length);
    if (code >= 0)
        code = gnutls_x509_crt_set_authority_key_id(identity->certificate, id,
                                                    length);
    return code;
}

static int identity_sign(const struct identity *identity,
                         const struct identity *signer)
{
    int code = set_key_ids(identity, signer);

    if (code >= 0)
        code = gnutls_x509_crt_sign2(identity->certificate, signer->certificate,
                                     signer->key, GNUTLS_DIG_SHA256, 0);
    return code;
}

static int make_ca(struct identity *ca, const char *name)
{
    int code = identity_start(ca, -20 * DAY_S, 3650 * DAY_S);

    if (code >= 0)
        code = gnutls_x509_crt_set_dn(ca->certificate, name, NULL);
    if (code >= 0)
        code = gnutls_x509_crt_set_basic_constraints(ca->certificate, 1, -1);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(
            ca->certificate, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    return code >= 0 ? identity_sign(ca, ca) : code;
}

/* Whom it is for: 127.0.0.1, 127.0.0.2 and localhost, or somebody else. */
static int set_host(gnutls_x509_crt_t made, bool ours)
{
    static const unsigned char loopback[][4] = {{127, 0, 0, 1}, {127, 0, 0, 2}};
    const char                *name = ours ? "localhost" : "elsewhere.example";
    int                        code = gnutls_x509_crt_set_dn(
        made, ours ? "CN=127.0.0.1" : "CN=elsewhere.example", NULL);

    if (code >= 0)
        code = gnutls_x509_crt_set_subject_alt_name(
            made, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
            GNUTLS_FSAN_SET);
    for (size_t i = 0; code >= 0 && ours && i < 2; i++)
        code = gnutls_x509_crt_set_subject_alt_name(
            made, GNUTLS_SAN_IPADDRESS, loopback[i], sizeof loopback[i],
            GNUTLS_FSAN_APPEND);
    return code;
}

static int make_leaf(struct identity *leaf, enum certificate which,
                     const struct identity *ca)
{
    int code = identity_start(leaf, spans[which].from_s, spans[which].to_s);

    if (code >= 0)
        code = set_host(leaf->certificate, which != CERTIFICATE_WRONG_HOST);
    if (code >= 0)
        code = gnutls_x509_crt_set_basic_constraints(leaf->certificate, 0, -1);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_usage(leaf->certificate,
                                             GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code >= 0)
        code = gnutls_x509_crt_set_key_purpose_oid(leaf->certificate,
                                                   GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (code >= 0)
        code =
            identity_sign(leaf, which == CERTIFICATE_SELF_SIGNED ? leaf : ca);
    return code;
}

/* ---- the authority ---- */

static int make_shown(struct authority *authority, enum certificate which,
                      const struct identity *ca)
{
    struct identity leaf = {0};
    int             code = make_leaf(&leaf, which, ca);

    if (code >= 0)
        code =
            gnutls_certificate_allocate_credentials(&authority->shown[which]);
    if (code >= 0)
        code = gnutls_certificate_set_x509_key(authority->shown[which],
                                               &leaf.certificate, 1, leaf.key);
    identity_clear(&leaf);
    return code;
}

static int make_all_shown(struct authority      *authority,
                          const struct identity *ca,
                          const struct identity *stranger)
{
    int code = 0;

    for (int i = 0; i < CERTIFICATE_COUNT && code >= 0; i++)
        code = make_shown(authority, (enum certificate)i,
                          i == CERTIFICATE_UNKNOWN_CA ? stranger : ca);
    return code;
}

/* GnuTLS says why in its own words. */
static bool failed(struct err *err, int code)
{
    return err_set(err, ERR_SYSTEM, "certificates", "cannot be made: %s",
                   gnutls_strerror(code));
}

static int keep_ca(struct authority *authority, const struct identity *ca)
{
    int code = gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM,
                                       &authority->ca_pem);

    return code < 0
               ? code
               : gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_DER,
                                         &authority->ca_der);
}

bool authority_new(struct authority **made, struct err *err)
{
    struct authority *authority = alloc_zero(1, sizeof *authority);
    struct identity   ca = {0};
    struct identity   stranger = {0};
    int               code = make_ca(&ca, "CN=Retrial's own authority");
    bool              ok;

    if (code >= 0)
        code = make_ca(&stranger, "CN=An authority unknown to all");
    if (code >= 0)
        code = make_all_shown(authority, &ca, &stranger);
    if (code >= 0)
        code = keep_ca(authority, &ca);
    ok = code >= 0 || failed(err, code);
    identity_clear(&ca);
    identity_clear(&stranger);
    if (!ok) {
        authority_free(authority);
        authority = NULL;
    }
    *made = authority;
    return ok;
}

void authority_free(struct authority *authority)
{
    if (authority == NULL)
        return;
    folder_remove(&authority->folder);
    gnutls_free(authority->ca_pem.data);
    gnutls_free(authority->ca_der.data);
    for (int i = 0; i < CERTIFICATE_COUNT; i++)
        if (authority->shown[i] != NULL)
            gnutls_certificate_free_credentials(authority->shown[i]);
    alloc_free(authority);
}

const gnutls_datum_t *authority_ca(const struct authority *authority)
{
    return &authority->ca_pem;
}

bool authority_publish(struct authority *authority, struct err *err)
{
    struct folder *folder = &authority->folder;
    struct bytes   store;

    if (!folder_make(folder, err))
        return false;
    authority->ca_file = folder_write(folder, "ca.pem", authority->ca_pem.data,
                                      authority->ca_pem.size, err);
    if (authority->ca_file == NULL)
        return false;
    bytes_init(&store, JAVA_STORE_BYTES_MAX);
    java_store_make(authority->ca_der.data, authority->ca_der.size,
                    clock_wall_ns(clock_real()) / NS_PER_MS, &store);
    authority->java_store =
        folder_write(folder, "trust.jks", store.data, store.length, err);
    bytes_clear(&store);
    return authority->java_store != NULL;
}

const char *authority_ca_file(const struct authority *authority)
{
    return authority->ca_file;
}

const char *authority_java_store(const struct authority *authority)
{
    return authority->java_store;
}

gnutls_certificate_credentials_t authority_show(
    const struct authority *authority, enum certificate certificate)
{
    return authority->shown[certificate];
}
