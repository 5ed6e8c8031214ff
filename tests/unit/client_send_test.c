/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl says, and what libcurl does not: every code means something,
 * and a name server that hangs holds up neither timeout nor shutdown. */

#include "client/hook.h"
#include "client/ingest.h"
#include "client/monitor.h"
#include "client/send.h"
#include "common/clock.h"

#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- every CURLcode ---- */

/* Those that cannot happen to a POST over HTTP/1.1, or say nothing of the
 * server: they are retried like any failure, on purpose. What is neither here
 * nor in the table is a code that nobody has thought about. */
/* clang-format off */
static const int others[] = {
    CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_NOT_BUILT_IN,
    CURLE_REMOTE_ACCESS_DENIED, CURLE_FTP_ACCEPT_FAILED,
    CURLE_FTP_WEIRD_PASS_REPLY, CURLE_FTP_ACCEPT_TIMEOUT,
    CURLE_FTP_WEIRD_PASV_REPLY, CURLE_FTP_WEIRD_227_FORMAT,
    CURLE_FTP_CANT_GET_HOST, CURLE_HTTP2, CURLE_FTP_COULDNT_SET_TYPE,
    CURLE_FTP_COULDNT_RETR_FILE, CURLE_OBSOLETE20, CURLE_QUOTE_ERROR,
    CURLE_HTTP_RETURNED_ERROR, CURLE_OBSOLETE24, CURLE_UPLOAD_FAILED,
    CURLE_READ_ERROR, CURLE_OUT_OF_MEMORY, CURLE_OBSOLETE29,
    CURLE_FTP_PORT_FAILED, CURLE_FTP_COULDNT_USE_REST, CURLE_OBSOLETE32,
    CURLE_RANGE_ERROR, CURLE_HTTP_POST_ERROR, CURLE_BAD_DOWNLOAD_RESUME,
    CURLE_FILE_COULDNT_READ_FILE, CURLE_LDAP_CANNOT_BIND,
    CURLE_LDAP_SEARCH_FAILED, CURLE_OBSOLETE40, CURLE_FUNCTION_NOT_FOUND,
    CURLE_BAD_FUNCTION_ARGUMENT, CURLE_OBSOLETE44, CURLE_OBSOLETE46,
    CURLE_TOO_MANY_REDIRECTS, CURLE_UNKNOWN_OPTION, CURLE_SETOPT_OPTION_SYNTAX,
    CURLE_OBSOLETE50, CURLE_OBSOLETE51, CURLE_OBSOLETE57, CURLE_OBSOLETE62,
    CURLE_FILESIZE_EXCEEDED, CURLE_LOGIN_DENIED, CURLE_TFTP_NOTFOUND,
    CURLE_TFTP_PERM, CURLE_REMOTE_DISK_FULL, CURLE_TFTP_ILLEGAL,
    CURLE_TFTP_UNKNOWNID, CURLE_REMOTE_FILE_EXISTS, CURLE_TFTP_NOSUCHUSER,
    CURLE_OBSOLETE75, CURLE_OBSOLETE76, CURLE_REMOTE_FILE_NOT_FOUND, CURLE_SSH,
    CURLE_AGAIN, CURLE_FTP_PRET_FAILED, CURLE_RTSP_CSEQ_ERROR,
    CURLE_RTSP_SESSION_ERROR, CURLE_FTP_BAD_FILE_LIST, CURLE_CHUNK_FAILED,
    CURLE_HTTP2_STREAM, CURLE_RECURSIVE_API_CALL, CURLE_AUTH_ERROR,
    CURLE_HTTP3, CURLE_QUIC_CONNECT_ERROR, CURLE_PROXY,
    CURLE_UNRECOVERABLE_POLL,
};
/* clang-format on */

static const struct {
    int          code;
    enum trouble trouble;
} named[] = {
    {CURLE_OK, TROUBLE_NONE},
    {CURLE_WRITE_ERROR, TROUBLE_NONE}, /* the body was too long for us */
    {CURLE_COULDNT_RESOLVE_PROXY, TROUBLE_RESOLVE},
    {CURLE_COULDNT_RESOLVE_HOST, TROUBLE_RESOLVE},
    {CURLE_COULDNT_CONNECT, TROUBLE_CONNECT},
    {CURLE_INTERFACE_FAILED, TROUBLE_CONNECT},
    {CURLE_NO_CONNECTION_AVAILABLE, TROUBLE_CONNECT},
    {CURLE_SSL_CONNECT_ERROR, TROUBLE_TLS},
    {CURLE_SSL_ENGINE_NOTFOUND, TROUBLE_TLS},
    {CURLE_SSL_ENGINE_SETFAILED, TROUBLE_TLS},
    {CURLE_SSL_ENGINE_INITFAILED, TROUBLE_TLS},
    {CURLE_SSL_CERTPROBLEM, TROUBLE_TLS},
    {CURLE_SSL_CIPHER, TROUBLE_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, TROUBLE_TLS},
    {CURLE_USE_SSL_FAILED, TROUBLE_TLS},
    {CURLE_SSL_CACERT_BADFILE, TROUBLE_TLS},
    {CURLE_SSL_SHUTDOWN_FAILED, TROUBLE_TLS},
    {CURLE_SSL_CRL_BADFILE, TROUBLE_TLS},
    {CURLE_SSL_ISSUER_ERROR, TROUBLE_TLS},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, TROUBLE_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, TROUBLE_TLS},
    {CURLE_SSL_CLIENTCERT, TROUBLE_TLS},
    {CURLE_SEND_ERROR, TROUBLE_RESET},
    {CURLE_RECV_ERROR, TROUBLE_RESET},
    {CURLE_GOT_NOTHING, TROUBLE_EMPTY},
    {CURLE_SEND_FAIL_REWIND, TROUBLE_EMPTY},
    {CURLE_PARTIAL_FILE, TROUBLE_CUT},
    {CURLE_UNSUPPORTED_PROTOCOL, TROUBLE_GARBLED},
    {CURLE_WEIRD_SERVER_REPLY, TROUBLE_GARBLED},
    {CURLE_BAD_CONTENT_ENCODING, TROUBLE_GARBLED},
    {CURLE_OPERATION_TIMEDOUT, TROUBLE_TIMEOUT},
    {CURLE_ABORTED_BY_CALLBACK, TROUBLE_STOPPED},
};

enum {
    OTHER_COUNT = sizeof others / sizeof others[0],
    NAMED_COUNT = sizeof named / sizeof named[0],
    KNOWN_MAX = CURLE_UNRECOVERABLE_POLL, /* libcurl 7.84 ends there */
};

static void test_every_code(void **state)
{
    unsigned times[KNOWN_MAX + 1] = {0};

    (void)state;
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        assert_int_equal(send_trouble(named[i].code, 0), named[i].trouble);
        times[named[i].code]++;
    }
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        assert_int_equal(send_trouble(others[i], 0), TROUBLE_OTHER);
        times[others[i]]++;
    }
    for (int code = 0; code <= KNOWN_MAX; code++)
        if (times[code] != 1)
            fail_msg("CURLcode %d (%s) is here %u times", code,
                     curl_easy_strerror((CURLcode)code), times[code]);
    /* What a newer libcurl adds is retried until someone looks at it. */
    assert_int_equal(send_trouble(KNOWN_MAX + 1, 0), TROUBLE_OTHER);
    assert_int_equal(send_trouble(CURLE_COULDNT_CONNECT, ECONNRESET),
                     TROUBLE_RESET);
}

/* ---- a name server that hangs ---- */

enum { HANG_S = 20 };

static struct monitor resolver;
static bool           resolver_released;
static bool           resolver_waited_in_vain;

/* The one that libcurl calls: a program's own symbol comes before libc's. */
int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints,
                struct addrinfo **restrict result)
{
    int64_t until_ns = clock_now_ns(clock_real()) + HANG_S * NS_PER_S;

    (void)node;
    (void)service;
    (void)hints;
    *result = NULL;
    monitor_lock(&resolver);
    while (!resolver_released && clock_now_ns(clock_real()) < until_ns)
        monitor_wait(&resolver, until_ns);
    resolver_waited_in_vain = !resolver_released;
    monitor_unlock(&resolver);
    return EAI_AGAIN;
}

static void on_error(void *context, const struct ingest_report *report)
{
    snprintf(context, 256, "%s", report->reason);
}

/* Sends one event to a host whose name never comes; the reason of its end. */
static bool send_nowhere(int64_t timeout_ms, int64_t shutdown_ms,
                         char reason[256])
{
    struct ingest_config config;
    struct ingest       *ingest;
    struct err           err;
    bool                 in_time;

    ingest_config_init(&config);
    config.write_key = "k";
    config.api_host = "http://retrial.invalid";
    config.flush_at = 1;
    config.max_retries = 0;
    config.request_timeout_ms = timeout_ms;
    config.on_error = on_error;
    config.context = reason;
    ingest = ingest_new(&config, &err);
    assert_non_null(ingest);
    assert_true(ingest_track(ingest, "u", "e", NULL, &err));
    in_time = ingest_shutdown(ingest, shutdown_ms);
    ingest_free(ingest);
    return in_time;
}

static void test_resolver_hangs(void **state)
{
    char reason[256] = "";

    (void)state;
    monitor_init(&resolver);
    assert_false(send_nowhere(3600000, 50, reason));
    assert_string_equal(reason, "given up at the shutdown's deadline: "
                                "the client was shut down");
    assert_true(send_nowhere(50, INGEST_FOREVER, reason));
    assert_string_equal(reason, "no answer within the request timeout: "
                                "maxRetries is spent");
    monitor_lock(&resolver);
    assert_false(resolver_waited_in_vain);
    resolver_released = true;
    monitor_notify(&resolver);
    monitor_unlock(&resolver);
    assert_true(send_nowhere(3600000, INGEST_FOREVER, reason));
    assert_string_equal(reason, "the host name could not be resolved: "
                                "maxRetries is spent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code),
        cmocka_unit_test(test_resolver_hangs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
