/* SPDX-License-Identifier: Apache-2.0 */
/* OAuth without a network: tokens as they are read, assertions as they are
 * signed; and that the server's other half of the key accepts them. */

#include "client/assertion.h"
#include "client/token.h"
#include "common/alloc.h"
#include "common/base64.h"
#include "common/clock.h"
#include "server/keys/credential.h"

#include <cJSON.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ASKED_NS (1000 * NS_PER_S)

/* ---- tokens ---- */

static bool read_text(const char *text, struct token *token)
{
    struct bytes body;
    bool         ok;

    bytes_init(&body, 1 << 20);
    bytes_add(&body, text);
    ok = token_read(&body, ASKED_NS, token);
    bytes_clear(&body);
    return ok;
}

static void test_tokens(void **state)
{
    /* clang-format off */
    static const struct {
        const char *body;
        const char *text;
        int64_t     lives_ns; /* until it is renewed; INT64_MAX = for ever */
    } rows[] = {
        {"{\"access_token\":\"a.B-c_~+/=\",\"expires_in\":3600}",
         "a.B-c_~+/=", 3540 * NS_PER_S},
        {"{\"access_token\":\"t\",\"expires_in\":100}", "t", 90 * NS_PER_S},
        {"{\"access_token\":\"t\",\"expires_in\":600}", "t", 540 * NS_PER_S},
        {"{\"access_token\":\"t\",\"expires_in\":2.5}", "t",
         9 * NS_PER_S / 4},
        {"{\"access_token\":\"t\",\"expires_in\":0}", "t", 0},
        {"{\"access_token\":\"t\"}", "t", INT64_MAX},
        {"{\"access_token\":\"t\",\"expires_in\":1e300}", "t", INT64_MAX},
        {"{\"access_token\":\"t\",\"token_type\":\"bearer\",\"scope\":1}", "t",
         INT64_MAX},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct token token = {.text = NULL};

        if (!read_text(rows[i].body, &token))
            fail_msg("not taken: %s", rows[i].body);
        assert_string_equal(token.text, rows[i].text);
        if (rows[i].lives_ns == INT64_MAX)
            assert_true(token.renew_ns == INT64_MAX);
        else
            assert_int_equal(token.renew_ns - ASKED_NS, rows[i].lives_ns);
        token_clear(&token);
    }
}

static void test_no_tokens(void **state)
{
    static const char *const bodies[] = {
        "",
        "<html>",
        "[]",
        "{}",
        "{\"access_token\":null}",
        "{\"access_token\":7}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
        "{\"access_token\":\"=\"}",
        "{\"access_token\":\"a=b\"}",
        "{\"access_token\":\"\\u00e9\"}",
        "{\"access_token\":\"t\",\"token_type\":\"mac\"}",
        "{\"access_token\":\"t\",\"token_type\":1}",
        "{\"access_token\":\"t\",\"expires_in\":-1}",
        "{\"access_token\":\"t\",\"expires_in\":\"3600\"}",
        "{\"access_token\":\"t\",\"expires_in\":null}",
    };
    struct token token = {.text = NULL, .renew_ns = 7, .number = 8};

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        if (read_text(bodies[i], &token))
            fail_msg("taken: %s", bodies[i]);
        assert_null(token.text);
        assert_int_equal(token.renew_ns, 7);
    }
}

static void test_token_of_any_length(void **state)
{
    char        *text = alloc_zero(TOKEN_TEXT_MAX + 100, 1);
    struct token token = {.text = NULL};

    (void)state;
    for (int over = 0; over <= 1; over++) {
        int length = TOKEN_TEXT_MAX + over;
        int at = sprintf(text, "{\"access_token\":\"");

        memset(text + at, 'x', (size_t)length);
        strcpy(text + at + length, "\"}");
        assert_int_equal(read_text(text, &token), over == 0);
        token_clear(&token);
    }
    alloc_free(text);
}

/* ---- keys ---- */

static char *write_key(EVP_PKEY *pkey, const char *passphrase)
{
    static char path[64];
    int         fd;
    FILE       *file;

    strcpy(path, "/tmp/retrial-key-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    file = fdopen(fd, "w");
    assert_int_equal(PEM_write_PKCS8PrivateKey(
                         file, pkey, passphrase ? EVP_aes_128_cbc() : NULL,
                         NULL, 0, NULL, (void *)(uintptr_t)passphrase),
                     1);
    fclose(file);
    EVP_PKEY_free(pkey);
    return path;
}

static void assert_refused(const char *path, const char *why)
{
    struct err err = {0};

    assert_null(assertion_key_new(path, &err));
    assert_string_equal(err.place, path);
    if (strstr(err.text, why) == NULL)
        fail_msg("found %s, wanted %s", err.text, why);
    unlink(path);
}

static void test_keys(void **state)
{
    char  junk[] = "/tmp/retrial-key-XXXXXX";
    FILE *file;

    (void)state;
    assert_refused("/tmp/retrial-no-such-key", "No such file");
    file = fdopen(mkstemp(junk), "w");
    fputs("-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n",
          file);
    fclose(file);
    assert_refused(junk, "no private key");
    assert_refused(write_key(EVP_EC_gen("P-256"), NULL), "not RSA");
    assert_refused(write_key(EVP_RSA_gen(1024), NULL), "1024 bits");
    assert_refused(write_key(EVP_RSA_gen(2048), "secret"), "no private key");
}

/* ---- assertions ---- */

static cJSON *part_of(const char *token, int index)
{
    const char  *from = token;
    struct bytes text;
    cJSON       *json;

    for (int i = 0; i < index; i++)
        from = strchr(from, '.') + 1;
    bytes_init(&text, 1 << 16);
    assert_true(base64url_decode(from, strcspn(from, "."), &text));
    json = cJSON_Parse(bytes_text(&text));
    assert_non_null(json);
    bytes_clear(&text);
    return json;
}

static const char *word(const cJSON *json, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

static double value(const cJSON *json, const char *name)
{
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, name));
}

/* Signed with OpenSSL, accepted by GnuTLS; and not after a change. */
static void test_assertion(void **state)
{
    const struct assertion assertion = {
        .client_id = "the client",
        .audience = "https://auth.example",
        .key_id = "the key",
        .unique_id = "once",
        .now_wall_s = 1700000000,
    };
    struct err            err = {0};
    struct credential    *credential = NULL;
    struct assertion_key *key;
    char                 *token;
    cJSON                *head;
    cJSON                *claims;

    (void)state;
    assert_true(credential_new(&credential, &err));
    key = assertion_key_new(credential_key_file(credential), &err);
    if (key == NULL)
        fail_msg("%s: %s", err.place, err.text);
    token = assertion_sign(key, &assertion);
    assert_non_null(token);
    head = part_of(token, 0);
    claims = part_of(token, 1);
    assert_string_equal(word(head, "alg"), "RS256");
    assert_string_equal(word(head, "kid"), "the key");
    assert_string_equal(word(claims, "iss"), "the client");
    assert_string_equal(word(claims, "sub"), "the client");
    assert_string_equal(word(claims, "aud"), "https://auth.example");
    assert_string_equal(word(claims, "jti"), "once");
    assert_true(value(claims, "iat") == 1700000000 - ASSERTION_BACKDATED_S);
    assert_true(value(claims, "exp") ==
                1700000000 - ASSERTION_BACKDATED_S + ASSERTION_LIFE_S);
    assert_null(credential_refuses(credential, token, strlen(token)));
    token[5] = token[5] == 'A' ? 'B' : 'A';
    assert_non_null(credential_refuses(credential, token, strlen(token)));
    assert_non_null(credential_refuses(credential, "a.b", 3));
    assert_non_null(credential_refuses(credential, "ab", 2));
    assert_non_null(credential_refuses(credential, "a.b.*", 5));
    cJSON_Delete(head);
    cJSON_Delete(claims);
    alloc_free(token);
    assertion_key_free(key);
    credential_free(credential);
}

/* The file is this user's alone, and gone afterwards. */
static void test_key_file(void **state)
{
    struct credential *credential = NULL;
    struct err         err = {0};
    char              *path;

    (void)state;
    setenv("TMPDIR", "/tmp/retrial-no-such-folder", 1);
    assert_false(credential_new(&credential, &err));
    assert_null(credential);
    unsetenv("TMPDIR");
    assert_true(credential_new(&credential, &err));
    path = alloc_text(credential_key_file(credential));
    assert_int_equal(access(path, R_OK), 0);
    credential_free(credential);
    assert_int_equal(access(path, F_OK), -1);
    alloc_free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_no_tokens),
        cmocka_unit_test(test_token_of_any_length),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_assertion),
        cmocka_unit_test(test_key_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
