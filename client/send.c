/* SPDX-License-Identifier: Apache-2.0 */
#include "client/send.h"

#include "client/gzip.h"
#include "client/retry_after.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "common/version.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

enum { POLL_MS_MAX = 1000 };

/* What a callback of libcurl needs of the request under way. */
struct transfer {
    const struct bytes *body;
    size_t              sent_bytes;
    struct outcome     *outcome;
    size_t              answer_bytes;
    bool                head_whole; /* of the last answer that began */
};

struct sender {
    CURL                       *easy;
    CURLM                      *multi;
    int64_t                     timeout_ms;
    const struct answer_fields *answer_fields;
    _Atomic int64_t             stop_ns;
};

void request_init(struct request *request)
{
    *request = (struct request){.retry = 0};
    /* A hook may add to a body that was already as large as may be. */
    bytes_init(&request->body, 4 * 1024 * 1024);
}

void request_clear(struct request *request)
{
    alloc_free(request->authorization);
    alloc_free(request->retry_count);
    alloc_free(request->key);
    bytes_clear(&request->body);
    request_init(request);
}

static size_t on_read(char *out, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t           left = transfer->body->length - transfer->sent_bytes;
    size_t           length = size * count < left ? size * count : left;

    assert(transfer->sent_bytes + length <= transfer->body->length);
    if (length > 0)
        memcpy(out, transfer->body->data + transfer->sent_bytes, length);
    transfer->sent_bytes += length;
    return length;
}

/* libcurl asks to rewind when it wants to send the body a second time. It may
 * do so only while none of it has left, when the server cannot have acted. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    (void)context;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

/* libcurl calls an answer complete whose connection was closed inside its
 * header; only the empty line says that the header was whole. */
static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t           length = size * count;

    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
        transfer->head_whole = false;
    else if (length > 0 && (line[0] == '\r' || line[0] == '\n'))
        transfer->head_whole = true;
    return length;
}

static size_t on_write(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t           length = size * count;

    bytes_append(&transfer->outcome->body, data, length);
    transfer->answer_bytes += length;
    return transfer->answer_bytes <= SEND_ANSWER_MAX ? length : 0;
}

struct sender *sender_new(const struct send_config *config, struct err *err)
{
    struct sender *sender = alloc_zero(1, sizeof *sender);
    CURL          *easy = sender->easy = curl_easy_init();

    sender->multi = curl_multi_init();
    sender->timeout_ms = config->timeout_ms;
    sender->answer_fields = config->answer_fields;
    atomic_init(&sender->stop_ns, INT64_MAX);
    if (easy == NULL || sender->multi == NULL) {
        err_set(err, ERR_SYSTEM, NULL, "libcurl could not be started");
        sender_free(sender);
        return NULL;
    }
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    /* No proxy from the environment: credentials go to apiHost alone. */
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT,
                     "retrial-client/" RETRIAL_VERSION);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
#if LIBCURL_VERSION_NUM >= 0x075700
    /* Else a name server that hangs holds up timeout and shutdown, too. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    if (config->ca_file != NULL) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, config->ca_file);
        /* These and no others: not the system's folder beside them. */
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    return sender;
}

void sender_free(struct sender *sender)
{
    if (sender == NULL)
        return;
    curl_easy_cleanup(sender->easy);
    curl_multi_cleanup(sender->multi);
    alloc_free(sender);
}

void sender_stop(struct sender *sender, int64_t at_ns)
{
    int64_t known_ns = atomic_load(&sender->stop_ns);

    while (at_ns < known_ns &&
           !atomic_compare_exchange_weak(&sender->stop_ns, &known_ns, at_ns))
        continue;
    curl_multi_wakeup(sender->multi);
}

/* What can happen to a POST over HTTP/1.1 is named; the rest belongs to other
 * protocols or to features that are off, and if it came after all, another
 * attempt would be the right answer to it. */
enum trouble send_trouble(int curl_code, long os_errno)
{
    switch ((CURLcode)curl_code) {
    case CURLE_OK:
    case CURLE_WRITE_ERROR: /* Ours: the body was longer than we read. */
        return TROUBLE_NONE;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return TROUBLE_RESOLVE;
    case CURLE_COULDNT_CONNECT:
        return os_errno == ECONNRESET ? TROUBLE_RESET : TROUBLE_CONNECT;
    case CURLE_INTERFACE_FAILED:
    case CURLE_NO_CONNECTION_AVAILABLE:
        return TROUBLE_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return TROUBLE_TLS;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        return TROUBLE_RESET;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_FAIL_REWIND: /* A kept connection died under the body. */
        return TROUBLE_EMPTY;
    case CURLE_PARTIAL_FILE:
        return TROUBLE_CUT;
    case CURLE_UNSUPPORTED_PROTOCOL: /* "HTTP/0.9 when not allowed" */
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        return TROUBLE_GARBLED;
    case CURLE_OPERATION_TIMEDOUT:
        return TROUBLE_TIMEOUT;
    case CURLE_ABORTED_BY_CALLBACK: /* perform says so of a stop */
        return TROUBLE_STOPPED;
    default:
        return TROUBLE_OTHER;
    }
}

void send_read_end(void *easy, int curl_code, struct outcome *outcome)
{
    long os_errno = 0;

    outcome->ended_ns = clock_now_ns(clock_real());
    outcome->ended_wall_ns = clock_wall_ns(clock_real());
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno);
    outcome->trouble = send_trouble(curl_code, os_errno);
}

/* The first of the policy's own fields that says a wait. */
static int64_t read_ms_ns(void *easy, const struct answer_fields *fields)
{
    struct curl_header *header;
    int64_t             wait_ns = 0;

    for (size_t i = 0; i < fields->ms_count && wait_ns == 0; i++)
        if (curl_easy_header(easy, fields->ms[i], 0, CURLH_HEADER, -1,
                             &header) == CURLHE_OK)
            wait_ns = retry_after_ms_ns(header->value, fields->takes_decimals);
    return wait_ns;
}

static enum override read_override(void                       *easy,
                                   const struct answer_fields *fields)
{
    struct curl_header *header;

    if (fields->override == NULL ||
        curl_easy_header(easy, fields->override, 0, CURLH_HEADER, -1,
                         &header) != CURLHE_OK)
        return OVERRIDE_NONE;
    if (strcmp(header->value, "true") == 0)
        return OVERRIDE_RETRY;
    return strcmp(header->value, "false") == 0 ? OVERRIDE_END : OVERRIDE_NONE;
}

/* Of Retry-After every instance of the final answer, as it was sent. */
void send_read_answer(void *easy, const struct answer_fields *fields,
                      struct outcome *outcome)
{
    static const struct answer_fields none = {.ms_count = 0};
    struct curl_header               *header;
    long                              status = 0;

    assert(outcome->trouble == TROUBLE_NONE);
    if (fields == NULL)
        fields = &none;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    outcome->status = (int)status;
    while (outcome->retry_after_count < OUTCOME_RETRY_AFTER_MAX &&
           curl_easy_header(easy, "Retry-After", outcome->retry_after_count,
                            CURLH_HEADER, -1, &header) == CURLHE_OK)
        outcome->retry_after[outcome->retry_after_count++] =
            alloc_text(header->value);
    outcome->retry_after_ns = retry_after_ns(
        (const char *const *)outcome->retry_after, outcome->retry_after_count,
        outcome->ended_wall_ns, fields->takes_decimals);
    outcome->ms_ns = read_ms_ns(easy, fields);
    outcome->override = read_override(easy, fields);
}

static struct curl_slist *header_add(struct curl_slist *list, const char *name,
                                     const char *value)
{
    char              *line;
    struct curl_slist *longer;

    if (name == NULL || value == NULL)
        return list;
    line = alloc_format("%s: %s", name, value);
    longer = curl_slist_append(list, line);
    alloc_free(line);
    return longer;
}

void *send_headers(const struct request *request)
{
    struct curl_slist *list = NULL;

    list = header_add(list, "Content-Type", request->type);
    list = header_add(list, "Content-Encoding", request->gzip ? "gzip" : NULL);
    list = header_add(list, "Authorization", request->authorization);
    list = header_add(list, request->key_header, request->key);
    list = header_add(list, request->retry_header, request->retry_count);
    return curl_slist_append(list, "Expect:"); /* none, ever */
}

static int64_t stop_left_ns(struct sender *sender)
{
    return atomic_load(&sender->stop_ns) - clock_now_ns(clock_real());
}

/* Runs the transfer to its end, or to the sender's stop. */
static CURLcode perform(struct sender *sender)
{
    CURLcode result = CURLE_FAILED_INIT;
    CURLMsg *message;
    int      running = 1;
    int      left;

    curl_multi_add_handle(sender->multi, sender->easy);
    for (;;) {
        int64_t left_ns = stop_left_ns(sender);
        int64_t left_ms = left_ns / NS_PER_MS + 1;

        /* Asked before anything is sent, too: who was held up between the
         * gate and here starts nothing after the deadline. */
        if (left_ns <= 0) {
            result = CURLE_ABORTED_BY_CALLBACK;
            break;
        }
        if (curl_multi_perform(sender->multi, &running) != CURLM_OK ||
            running == 0)
            break;
        curl_multi_poll(sender->multi, NULL, 0,
                        left_ms < POLL_MS_MAX ? (int)left_ms : POLL_MS_MAX,
                        NULL);
    }
    while ((message = curl_multi_info_read(sender->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE)
            result = message->data.result;
    curl_multi_remove_handle(sender->multi, sender->easy);
    return result;
}

/* libcurl 8.7 and later keeps the wish to rewind a body, when that was refused,
 * for the transfers that follow: each would be refused, too. A copy of the
 * handle has the same settings and no such wish; the connections are kept by
 * the multi handle. */
static void forget_rewind(struct sender *sender)
{
    CURL *fresh = curl_easy_duphandle(sender->easy);

    if (fresh == NULL)
        return; /* the next transfer says what is wrong */
    curl_easy_cleanup(sender->easy);
    sender->easy = fresh;
}

void sender_send(struct sender *sender, const struct request *request,
                 struct outcome *outcome)
{
    struct curl_slist *headers = send_headers(request);
    struct transfer    transfer = {.body = &request->body, .outcome = outcome};
    struct bytes       packed;
    long               connects = 0;
    long     timeout_ms = (long)(request->timeout_ms > 0 ? request->timeout_ms
                                                         : sender->timeout_ms);
    CURLcode code;

    assert(request->url != NULL && request->type != NULL);
    bytes_init(&packed, request->body.max);
    if (request->gzip) {
        gzip_pack(&request->body, &packed);
        transfer.body = &packed;
    }
    curl_easy_setopt(sender->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(sender->easy, CURLOPT_CUSTOMREQUEST,
                     request->puts ? "PUT" : NULL);
    curl_easy_setopt(sender->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(sender->easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
    curl_easy_setopt(sender->easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(sender->easy, CURLOPT_READDATA, &transfer);
    curl_easy_setopt(sender->easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(sender->easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(sender->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)transfer.body->length);
    if (request->adjust != NULL)
        request->adjust(sender->easy);
    code = perform(sender);
    send_read_end(sender->easy, (int)code, outcome);
    curl_easy_getinfo(sender->easy, CURLINFO_NUM_CONNECTS, &connects);
    if (outcome->trouble == TROUBLE_NONE && !transfer.head_whole)
        outcome->trouble = TROUBLE_CUT;
    /* Only on a kept connection does libcurl think of sending again. */
    outcome->reused = connects == 0 || code == CURLE_SEND_FAIL_REWIND;
    if (outcome->trouble == TROUBLE_NONE)
        send_read_answer(sender->easy, sender->answer_fields, outcome);
    curl_slist_free_all(headers);
    bytes_clear(&packed);
    if (code == CURLE_SEND_FAIL_REWIND)
        forget_rewind(sender);
}
