/* How a request stands on the wire: whom it names, where its credentials are,
 * by what method and in which version it is sent. */

#include "client/mistake.h"
#include "client/mutant.h"

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

static const struct mutant mutants[] = {
    {"host-is-another", "WIRE-2",
     "Host names a server that the client was not given.",
     {.before = name_another}},
    {"key-in-query", "WIRE-6",
     "The write key stands in the target, too, as key=...",
     {.configure = know_write_key, .before = put_key_in_query}},
    {"put-on-retry", "WIRE-7", "Retries are sent by PUT.",
     {.before = put_later}},
    {"speaks-http-1.0", "WIRE-8", "Each request is of HTTP/1.0.",
     {.before = speak_http_1_0}},
};

const struct mutant_group mutants_wire = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
};
