/* SPDX-License-Identifier: Apache-2.0 */
/* How a request stands on the wire: whom it names, where its credentials are,
 * by what method and in which version it is sent. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { URL_BYTES_MAX = 512, KEY_BYTES_MAX = 128 };

/* ---- whom it names ---- */

/* The port stays, so that the connection goes where it should. */
ADJUST(connect_to_loopback)
{
    WORKER_MEMORY struct curl_slist *to;

    if (to == NULL)
        to = curl_slist_append(NULL, "::127.0.0.1:");
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, to);
}

BEFORE(name_another)
{
    static const char  own[] = "http://127.0.0.1:";
    WORKER_MEMORY char url[URL_BYTES_MAX];

    if (strncmp(request->url, own, strlen(own)) != 0)
        return;
    snprintf(url, sizeof url, "http://ingest.example:%s",
             request->url + strlen(own));
    request->url = url;
    request->adjust = connect_to_loopback;
}

/* ---- credentials ---- */

static char write_key[KEY_BYTES_MAX]; /* before the first worker */

CONFIGURE(know_write_key)
{
    snprintf(write_key, sizeof write_key, "%s", config->write_key);
}

BEFORE(put_key_in_query)
{
    WORKER_MEMORY char url[URL_BYTES_MAX];

    snprintf(url, sizeof url, "%s?key=%s", request->url, write_key);
    request->url = url;
}

/* ---- how it is sent ---- */

ADJUST(put)
{
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
}

ADJUST(post)
{
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
}

BEFORE(put_later)
{
    request->adjust = request->retry > 0 ? put : post;
}

ADJUST(be_old)
{
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
}

/* ---- what it consists of ---- */

/* Long values were broken into lines once; nobody reads them so any more. */
BEFORE(fold_note)
{
    request->type = "application/json\r\nX-Note: one\r\n two";
}

BEFORE(end_line_bare)
{
    request->type = "application/json\nX-Client: mutant";
}

WORKER_MEMORY struct curl_slist *own_headers;

ADJUST(send_own_headers)
{
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, own_headers);
}

/* The length is taken before the body gets its line end. */
BEFORE(end_body_with_line)
{
    char length[64];

    snprintf(length, sizeof length, "Content-Length: %zu",
             request->body.length);
    bytes_add(&request->body, "\r\n");
    request->gzip = false;
    curl_slist_free_all(own_headers);
    own_headers = curl_slist_append(send_headers(request), length);
    request->adjust = send_own_headers;
}

/* clang-format off */
const struct mutant mutants_wire[] = {
    {"host-is-another", "WIRE-2",
     "Host names a server that the client was not given.",
     {.before = name_another}},
    {"key-in-query", "WIRE-6",
     "The write key stands in the target, too, as key=...",
     {.configure = know_write_key, .before = put_key_in_query}},
    {"put-on-retry", "WIRE-7", "Retries are sent by PUT.",
     {.before = put_later}},
    {"folded-field", "WIRE-3", "A field goes on on the next line.",
     {.before = fold_note}},
    {"bare-line-feed", "WIRE-3",
     "A line of the head ends in a line feed alone.",
     {.before = end_line_bare}},
    {"line-after-body", "WIRE-4",
     "The body ends with a line end that its length does not count.",
     {.before = end_body_with_line}},
    {"speaks-http-1.0", "WIRE-8", "Each request is of HTTP/1.0.",
     {.adjust = be_old}},
    {.name = NULL},
};
/* clang-format on */
