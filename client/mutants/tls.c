/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the client trusts, and what it makes of a TLS session that failed. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { URL_BYTES_MAX = 512 };

ADJUST(trust_all)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

ADJUST(trust_any_host)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

ADJUST(speak_old)
{
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
}

AFTER(refuse_tls)
{
    mistake_take_trouble(outcome, TROUBLE_TLS, AS_REFUSED);
}

WORKER_MEMORY bool tls_failed;

AFTER(note_tls)
{
    tls_failed = outcome->trouble == TROUBLE_TLS;
}

/* The way of browsers of old: what does not work over TLS may without. */
BEFORE(go_on_in_clear)
{
    WORKER_MEMORY char url[URL_BYTES_MAX];

    if (request->retry > 0 && tls_failed &&
        strncmp(request->url, "https:", 6) == 0) {
        snprintf(url, sizeof url, "http:%s", request->url + 6);
        request->url = url;
    }
}

/* clang-format off */
const struct mutant mutants_tls[] = {
    {"any-certificate-accepted", "NET-4",
     "Looks at no certificate, whoever shows it.",
     {.adjust = trust_all}},
    {"host-name-not-checked", "NET-4",
     "Looks who vouches for a certificate, but not for whom.",
     {.adjust = trust_any_host}},
    {"old-tls-accepted", "NET-5", "Speaks TLS 1.0 with who knows no better.",
     {.adjust = speak_old}},
    {"drops-on-tls-failure", "NET-1", "Does not retry a TLS failure.",
     {.after = refuse_tls}},
    {"clear-after-tls-failure", "contract",
     "Retries in the clear what failed over TLS.",
     {.before = go_on_in_clear, .after = note_tls}},
    {.name = NULL},
};
/* clang-format on */
