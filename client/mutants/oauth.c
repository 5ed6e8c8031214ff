/* SPDX-License-Identifier: Apache-2.0 */
/* OAuth and redirects: which credentials go where, when a token is asked for,
 * kept and let go. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"
#include "common/base64.h"

#include <cJSON.h>
#include <curl/curl.h>
#include <string.h>

/* ---- which credentials go where ---- */

BEFORE(basic_with_oauth)
{
    cJSON      *body = cJSON_Parse(request->body.data);
    const char *write_key = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(body, "writeKey"));
    char *pair = alloc_format("%s:", write_key ? write_key : "");
    char *coded = base64_encode(pair, strlen(pair));

    alloc_free(request->authorization);
    request->authorization = alloc_format("Basic %s", coded);
    alloc_free(coded);
    alloc_free(pair);
    cJSON_Delete(body);
}

/* ---- whom a redirect is followed to ---- */

enum { FOLLOWED_MAX = 5 };

struct following {
    const struct bytes *body;
    size_t              sent_bytes;
    bool                answered;
};

static size_t give_body(char *out, size_t size, size_t count, void *context)
{
    struct following *following = context;
    size_t            left = following->body->length - following->sent_bytes;
    size_t            length = size * count < left ? size * count : left;

    memcpy(out, following->body->data + following->sent_bytes, length);
    following->sent_bytes += length;
    return length;
}

/* The body again, but not for a connection that died. */
static int rewind_body(void *context, UNREAD curl_off_t offset,
                       UNREAD int origin)
{
    struct following *following = context;

    following->sent_bytes = 0;
    return following->answered ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static size_t note_answer(UNREAD char *data, size_t size, size_t count,
                          void *context)
{
    struct following *following = context;

    following->answered = true;
    return size * count;
}

static size_t read_nothing(UNREAD char *data, size_t size, size_t count,
                           UNREAD void *context)
{
    return size * count;
}

static long  known_timeout_ms = 10000;
static char *known_ca_file; /* NULL = the system's */

CONFIGURE(know_sending)
{
    known_timeout_ms = (long)config->request_timeout_ms;
    known_ca_file = alloc_text(config->ca_file);
}

static bool is_part_same(const char *left, const char *right, CURLUPart part)
{
    char             *parts[2] = {NULL, NULL};
    const char *const urls[] = {left, right};
    bool              same;

    for (int i = 0; i < 2; i++) {
        CURLU *url = curl_url();

        curl_url_set(url, CURLUPART_URL, urls[i], 0);
        curl_url_get(url, part, &parts[i], CURLU_DEFAULT_PORT);
        curl_url_cleanup(url);
    }
    same =
        parts[0] != NULL && parts[1] != NULL && strcmp(parts[0], parts[1]) == 0;
    curl_free(parts[0]);
    curl_free(parts[1]);
    return same;
}

static bool to_anyone(UNREAD const char *from, UNREAD const char *to)
{
    return true;
}

static bool to_same_host(const char *from, const char *to)
{
    return is_part_same(from, to, CURLUPART_HOST);
}

static bool to_same_port(const char *from, const char *to)
{
    return is_part_same(from, to, CURLUPART_PORT);
}

/* The right client's own way of sending, but that an answer may lead on. */
static void prepare(CURL *easy, const struct request *request,
                    struct following *following)
{
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)request->body.length);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, following);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, following);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, note_answer);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, following);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, known_timeout_ms);
    if (known_ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, known_ca_file);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, read_nothing);
}

/* As a library does that is told to follow, credentials and all, to whom it
 * takes for the same. */
static bool follow(struct request *request, struct outcome *outcome,
                   bool (*is_same)(const char *from, const char *to))
{
    static _Thread_local CURL *easy;
    struct following           following = {.body = &request->body};
    struct curl_slist         *headers;
    char                      *next = NULL;

    if (easy == NULL)
        easy = curl_easy_init();
    request->gzip = false; /* give_body packs nothing */
    headers = send_headers(request);
    prepare(easy, request, &following);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    for (int i = 0; i < FOLLOWED_MAX; i++) {
        following.sent_bytes = 0;
        following.answered = false;
        send_read_end(easy, (int)curl_easy_perform(easy), outcome);
        curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &next);
        if (outcome->trouble != TROUBLE_NONE || next == NULL ||
            !is_same(request->url, next))
            break;
        curl_easy_setopt(easy, CURLOPT_URL, next);
    }
    if (outcome->trouble == TROUBLE_NONE)
        send_read_answer(easy, NULL, outcome);
    curl_slist_free_all(headers);
    return true;
}

#define FOLLOW(function, is_same)                                              \
    INSTEAD(function)                                                          \
    {                                                                          \
        return follow(request, outcome, is_same);                              \
    }

FOLLOW(follow_redirects, to_anyone)
FOLLOW(follow_to_other_port, to_same_host)
FOLLOW(follow_to_other_host, to_same_port)

AFTER(drop_511)
{
    if (outcome->status == 511)
        outcome->status = 400;
}

/* ---- when a token is void ---- */

static bool keep_token(UNREAD int status)
{
    return false;
}

static bool keep_token_but_511(int status)
{
    return status == 511;
}

/* ---- what is asked of the token endpoint, and what it says ---- */

static void wrong_grant(struct request *request)
{
    char *body = alloc_format("grant_type=password&%s",
                              strchr(request->body.data, '&') + 1);

    bytes_clear(&request->body);
    bytes_add(&request->body, body);
    alloc_free(body);
}

/* One letter of the claims: the signature is then another text's. */
static void alter_assertion(struct request *request)
{
    char *claims =
        strchr(strstr(request->body.data, "client_assertion=ey"), '.');

    claims[10] = claims[10] == 'A' ? 'B' : 'A';
}

static void retry_refusal(struct outcome *outcome)
{
    if (outcome->status == 400 || outcome->status == 401)
        outcome->status = 500;
}

static void give_up_token(struct outcome *outcome)
{
    if (outcome->trouble != TROUBLE_NONE || outcome->status == 429 ||
        outcome->status >= 500) {
        outcome->trouble = TROUBLE_NONE;
        outcome->status = 400;
    }
}

/* The ordinary backoff, half a second at first. */
static void ignore_token_wait(struct outcome *outcome)
{
    outcome->retry_after_ns = 0;
}

static void token_for_ever(struct outcome *outcome)
{
    mistake_take_integer(outcome, "expires_in");
}

/* ---- who shares it ---- */

static bool never_reuse(void)
{
    return false;
}

/* Each worker believes that there is none until it has fetched one itself. */
static bool own_token(void)
{
    static _Thread_local bool has_own;
    bool                      had = has_own;

    has_own = true;
    return had;
}

/* clang-format off */
const struct mutant mutants_oauth[] = {
    {"basic-with-oauth", "AUTH-2",
     "Sends the write key's Basic credentials though OAuth is configured.",
     {.before = basic_with_oauth}},
    {"token-not-cleared", "AUTH-4",
     "Goes on with a token that the server refused.",
     {.void_token = keep_token}},
    {"token-cleared-on-511-only", "AUTH-4",
     "Takes a new token after 511, but not after 400, 401 and 403.",
     {.void_token = keep_token_but_511}},
    {"credentials-follow-redirects", "AUTH-5",
     "Follows redirects, credentials and all, to any origin.",
     {.configure = know_sending, .instead = follow_redirects}},
    {"credentials-follow-to-other-port", "AUTH-5",
     "Follows redirects, credentials and all, on the same host.",
     {.configure = know_sending, .instead = follow_to_other_port}},
    {"credentials-follow-to-other-host", "AUTH-5",
     "Follows redirects, credentials and all, to the same port.",
     {.configure = know_sending, .instead = follow_to_other_host}},
    {"token-refusal-retried", "AUTH-6",
     "Asks for a token again and again after it was refused.",
     {.after_token = retry_refusal}},
    {"token-wrong-grant", "contract",
     "Asks for a token with another grant than client credentials.",
     {.before_token = wrong_grant}},
    {"assertion-altered", "contract",
     "Alters an assertion after it was signed.",
     {.before_token = alter_assertion}},
    {"token-failure-is-final", "AUTH-6",
     "Gives up at the first failure of the token endpoint.",
     {.after_token = give_up_token}},
    {"token-retry-after-ignored", "AUTH-6",
     "Asks for a token again before the token endpoint's Retry-After is over.",
     {.after_token = ignore_token_wait}},
    {"token-for-every-request", "AUTH-7", "Fetches a token for each request.",
     {.reuse_token = never_reuse}},
    {"token-for-every-worker", "AUTH-7", "Each worker fetches its own token.",
     {.reuse_token = own_token}},
    {"expired-token-used", "AUTH-7", "Uses a token for ever.",
     {.after_token = token_for_ever}},
    {"drops-511-with-oauth", "STATUS-6",
     "Does not retry 511, though OAuth is configured.",
     {.after = drop_511}},
    {.name = NULL},
};
/* clang-format on */
