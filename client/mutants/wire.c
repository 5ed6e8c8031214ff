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
static void connect_to_loopback(void *easy)
{
    WORKER_MEMORY struct curl_slist *to;

    if (to == NULL)
        to = curl_slist_append(NULL, "::127.0.0.1:");
    curl_easy_setopt(easy, CURLOPT_CONNECT_TO, to);
}

static bool name_another(struct request *request, struct outcome *outcome)
{
    static const char  own[] = "http://127.0.0.1:";
    WORKER_MEMORY char url[URL_BYTES_MAX];

    (void)outcome;
    if (strncmp(request->url, own, strlen(own)) != 0)
        return false;
    snprintf(url, sizeof url, "http://ingest.example:%s",
             request->url + strlen(own));
    request->url = url;
    request->adjust = connect_to_loopback;
    return false;
}

/* ---- credentials ---- */

static char write_key[KEY_BYTES_MAX]; /* before the first worker */

CONFIGURE(know_write_key)
{
    (void)policy;
    snprintf(write_key, sizeof write_key, "%s", config->write_key);
}

static bool put_key_in_query(struct request *request, struct outcome *outcome)
{
    WORKER_MEMORY char url[URL_BYTES_MAX];

    (void)outcome;
    snprintf(url, sizeof url, "%s?key=%s", request->url, write_key);
    request->url = url;
    return false;
}

/* ---- how it is sent ---- */

static void put(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "PUT");
}

static void post(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
}

static bool put_later(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->adjust = request->retry > 0 ? put : post;
    return false;
}

static void be_old(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_0);
}

static bool speak_http_1_0(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->adjust = be_old;
    return false;
}

/* ---- what it consists of ---- */

/* Long values were broken into lines once; nobody reads them so any more. */
static bool fold_note(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->type = "application/json\r\nX-Note: one\r\n two";
    return false;
}

static bool end_line_bare(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->type = "application/json\nX-Client: mutant";
    return false;
}

WORKER_MEMORY struct curl_slist *own_headers;

static void send_own_headers(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, own_headers);
}

/* The length is taken before the body gets its line end. */
static bool end_body_with_line(struct request *request, struct outcome *outcome)
{
    char length[64];

    (void)outcome;
    snprintf(length, sizeof length, "Content-Length: %zu",
             request->body.length);
    bytes_add(&request->body, "\r\n");
    request->gzip = false;
    curl_slist_free_all(own_headers);
    own_headers = curl_slist_append(send_headers(request), length);
    request->adjust = send_own_headers;
    return false;
}

/* clang-format off */
static const struct mutant mutants[] = {
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
     {.before = speak_http_1_0}},
};
/* clang-format on */

const struct mutant_group mutants_wire = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
};
