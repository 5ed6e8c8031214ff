/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the client trusts, and what it makes of a TLS session that failed. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { URL_BYTES_MAX = 512 };

static void trust_all(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void trust_any_host(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void speak_old(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
}

#define ADJUST_EACH(function, how)                                             \
    static bool function(struct request *request, struct outcome *outcome)     \
    {                                                                          \
        (void)outcome;                                                         \
        request->adjust = (how);                                               \
        return false;                                                          \
    }

ADJUST_EACH(accept_any_certificate, trust_all)
ADJUST_EACH(accept_any_host, trust_any_host)
ADJUST_EACH(accept_old_tls, speak_old)

static void refuse_tls(const struct request *request, struct outcome *outcome)
{
    (void)request;
    if (outcome->trouble == TROUBLE_TLS) {
        outcome->trouble = TROUBLE_NONE;
        outcome->status = AS_REFUSED;
    }
}

WORKER_MEMORY bool tls_failed;

static void note_tls(const struct request *request, struct outcome *outcome)
{
    (void)request;
    tls_failed = outcome->trouble == TROUBLE_TLS;
}

/* The way of browsers of old: what does not work over TLS may without. */
static bool go_on_in_clear(struct request *request, struct outcome *outcome)
{
    WORKER_MEMORY char url[URL_BYTES_MAX];

    (void)outcome;
    if (request->retry > 0 && tls_failed &&
        strncmp(request->url, "https:", 6) == 0) {
        snprintf(url, sizeof url, "http:%s", request->url + 6);
        request->url = url;
    }
    return false;
}

/* clang-format off */
static const struct mutant mutants[] = {
    {"any-certificate-accepted", "NET-4",
     "Looks at no certificate, whoever shows it.",
     {.before = accept_any_certificate}},
    {"host-name-not-checked", "NET-4",
     "Looks who vouches for a certificate, but not for whom.",
     {.before = accept_any_host}},
    {"old-tls-accepted", "NET-5", "Speaks TLS 1.0 with who knows no better.",
     {.before = accept_old_tls}},
    {"drops-on-tls-failure", "NET-1", "Does not retry a TLS failure.",
     {.after = refuse_tls}},
    {"clear-after-tls-failure", "contract",
     "Retries in the clear what failed over TLS.",
     {.before = go_on_in_clear, .after = note_tls}},
};
/* clang-format on */

const struct mutant_group mutants_tls = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
};
