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

/* GnuTLS says why not in its own words. */
static bool done(int code, struct err *err)
{
    return code >= 0 || err_set(err, ERR_SYSTEM, "certificates",
                                "cannot be made: %s", gnutls_strerror(code));
}

/* A new key, and a certificate for it that says nothing yet. */
static bool identity_start(struct identity *identity, int64_t from_s,
                           int64_t to_s, struct err *err)
{
    const unsigned     bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    int64_t            now_s = clock_wall_ns(clock_real()) / NS_PER_S;
    unsigned char      serial[SERIAL_BYTES];
    gnutls_x509_crt_t *made = &identity->certificate;

    if (!done(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial), err))
        return false;
    serial[0] &= 0x7f; /* A serial number is positive. */
    return done(gnutls_x509_privkey_init(&identity->key), err) &&
           done(gnutls_x509_privkey_generate(identity->key, GNUTLS_PK_ECDSA,
                                             bits, 0),
                err) &&
           done(gnutls_x509_crt_init(made), err) &&
           done(gnutls_x509_crt_set_serial(*made, serial, sizeof serial),
                err) &&
           done(gnutls_x509_crt_set_version(*made, 3), err) &&
           done(gnutls_x509_crt_set_key(*made, identity->key), err) &&
           done(gnutls_x509_crt_set_activation_time(*made,
                                                    (time_t)(now_s + from_s)),
                err) &&
           done(gnutls_x509_crt_set_expiration_time(*made,
                                                    (time_t)(now_s + to_s)),
                err);
}

/* Java and OpenSSL find the issuer by these, where two have one name. */
static bool set_key_ids(gnutls_x509_crt_t certificate, gnutls_x509_crt_t signer,
                        struct err *err)
{
    unsigned char id[KEY_ID_BYTES_MAX];
    unsigned char issuer[KEY_ID_BYTES_MAX];
    size_t        id_bytes = sizeof id;
    size_t        issuer_bytes = sizeof issuer;

    return done(gnutls_x509_crt_get_key_id(certificate, 0, id, &id_bytes),
                err) &&
           done(gnutls_x509_crt_set_subject_key_id(certificate, id, id_bytes),
                err) &&
           done(gnutls_x509_crt_get_key_id(signer, 0, issuer, &issuer_bytes),
                err) &&
           done(gnutls_x509_crt_set_authority_key_id(certificate, issuer,
                                                     issuer_bytes),
                err);
}

static bool identity_sign(const struct identity *identity,
                          const struct identity *signer, struct err *err)
{
    return set_key_ids(identity->certificate, signer->certificate, err) &&
           done(gnutls_x509_crt_sign2(identity->certificate,
                                      signer->certificate, signer->key,
                                      GNUTLS_DIG_SHA256, 0),
                err);
}

static bool make_ca(struct identity *ca, const char *name, struct err *err)
{
    return identity_start(ca, -20 * DAY_S, 3650 * DAY_S, err) &&
           done(gnutls_x509_crt_set_dn(ca->certificate, name, NULL), err) &&
           done(gnutls_x509_crt_set_basic_constraints(ca->certificate, 1, -1),
                err) &&
           done(gnutls_x509_crt_set_key_usage(ca->certificate,
                                              GNUTLS_KEY_KEY_CERT_SIGN |
                                                  GNUTLS_KEY_CRL_SIGN),
                err) &&
           identity_sign(ca, ca, err);
}

/* Whom it is for: 127.0.0.1, 127.0.0.2 and localhost, or somebody else. */
static bool set_host(gnutls_x509_crt_t made, bool ours, struct err *err)
{
    static const unsigned char loopback[][4] = {{127, 0, 0, 1}, {127, 0, 0, 2}};
    const char *dn = ours ? "CN=127.0.0.1" : "CN=elsewhere.example";
    const char *name = ours ? "localhost" : "elsewhere.example";
    bool        ok = done(gnutls_x509_crt_set_dn(made, dn, NULL), err) &&
              done(gnutls_x509_crt_set_subject_alt_name(
                       made, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
                       GNUTLS_FSAN_SET),
                   err);

    for (size_t i = 0; ok && ours && i < 2; i++)
        ok = done(gnutls_x509_crt_set_subject_alt_name(
                      made, GNUTLS_SAN_IPADDRESS, loopback[i],
                      sizeof loopback[i], GNUTLS_FSAN_APPEND),
                  err);
    return ok;
}

static bool make_leaf(struct identity *leaf, enum certificate which,
                      const struct identity *ca, struct err *err)
{
    return identity_start(leaf, spans[which].from_s, spans[which].to_s, err) &&
           set_host(leaf->certificate, which != CERTIFICATE_WRONG_HOST, err) &&
           done(gnutls_x509_crt_set_basic_constraints(leaf->certificate, 0, -1),
                err) &&
           done(gnutls_x509_crt_set_key_usage(leaf->certificate,
                                              GNUTLS_KEY_DIGITAL_SIGNATURE),
                err) &&
           done(gnutls_x509_crt_set_key_purpose_oid(
                    leaf->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0),
                err) &&
           identity_sign(leaf, which == CERTIFICATE_SELF_SIGNED ? leaf : ca,
                         err);
}

/* ---- the authority ---- */

static bool make_shown(struct authority *authority, enum certificate which,
                       const struct identity *ca, struct err *err)
{
    gnutls_certificate_credentials_t *shown = &authority->shown[which];
    struct identity                   leaf = {0};
    bool                              ok = make_leaf(&leaf, which, ca, err) &&
              done(gnutls_certificate_allocate_credentials(shown), err) &&
              done(gnutls_certificate_set_x509_key(*shown, &leaf.certificate, 1,
                                                   leaf.key),
                   err);

    identity_clear(&leaf);
    return ok;
}

static bool make_all_shown(struct authority      *authority,
                           const struct identity *ca,
                           const struct identity *stranger, struct err *err)
{
    bool ok = true;

    for (int i = 0; i < CERTIFICATE_COUNT && ok; i++)
        ok = make_shown(authority, (enum certificate)i,
                        i == CERTIFICATE_UNKNOWN_CA ? stranger : ca, err);
    return ok;
}

static bool keep_ca(struct authority *authority, const struct identity *ca,
                    struct err *err)
{
    return done(gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_PEM,
                                        &authority->ca_pem),
                err) &&
           done(gnutls_x509_crt_export2(ca->certificate, GNUTLS_X509_FMT_DER,
                                        &authority->ca_der),
                err);
}

bool authority_new(struct authority **made, struct err *err)
{
    struct authority *authority = alloc_zero(1, sizeof *authority);
    struct identity   ca = {0};
    struct identity   stranger = {0};
    bool              ok = make_ca(&ca, "CN=Retrial's own authority", err) &&
              make_ca(&stranger, "CN=An authority unknown to all", err) &&
              make_all_shown(authority, &ca, &stranger, err) &&
              keep_ca(authority, &ca, err);

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
