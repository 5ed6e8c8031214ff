/* SPDX-License-Identifier: Apache-2.0 */
/* The server on the wire: routes, answers, bodies, and the record of them. */

#include "common/alloc.h"
#include "common/date.h"
#include "common/text.h"
#include "server_peer.h"
#include "tests/unit/fake_clock.h"

#include <gnutls/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ABC_SHA256                                                             \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/* One request on a connection of its own, and all that comes back; the
 * connection is closed. */
static enum peer_end ask_alone(struct stage *stage, const char *request,
                               struct bytes *answer)
{
    int           fd = peer_connect(stage);
    enum peer_end end;

    peer_send(stage, fd, request);
    end = peer_answer(stage, fd, answer);
    close(fd);
    return end;
}

/* ---- routes and their defaults ---- */

static void default_answers(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    assert_true(server_idle(stage.server));
    fd = peer_connect(&stage);
    peer_ask(
        &stage, fd,
        "GET /v1/projects/abc/settings HTTP/1.1\r\n"
        "Host: x\r\n\r\n",
        "{\"integrations\":{\"Segment.io\":{\"apiKey\":\"write\\\"key\"}}}");
    assert_true(server_first_answer_ns(stage.server) == TIME_NEVER);
    peer_ask(&stage, fd, peer_post("{\"batch\":[]}"), "{\"success\":true}");
    peer_ask(&stage, fd, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n",
             "HTTP/1.1 404 Not Found\r\n");
    stage_attempts(&stage, 3);
    assert_false(server_idle(stage.server));
    assert_true(server_first_answer_ns(stage.server) ==
                attempt_at(&stage, 2)->answering_ns);
    close(fd);
    while (!server_idle(stage.server))
        assert_true(stage_turn(&stage));
    assert_int_equal(stage.record->remark_count, 0);
    stage_clear(&stage);
}

static void attempt_is_written_down(void **state)
{
    struct stage          stage;
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd,
             "POST /v1/import/?a=%20b HTTP/1.1\r\nHost: x\r\nb: 2\r\nA:  1 \r\n"
             "b: 3\r\nContent-Length: 3\r\n\r\nabc",
             "HTTP/1.1 200 OK\r\n");
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->number, 1);
    assert_int_equal(at->connection, 1);
    assert_int_equal(at->route, ROUTE_INGEST);
    assert_string_equal(at->method, "POST");
    assert_string_equal(at->target, "/v1/import/?a=%20b");
    assert_string_equal(at->version, "HTTP/1.1");
    assert_int_equal(at->headers.count, 5);
    assert_string_equal(at->headers.items[0].name, "Host");
    assert_string_equal(at->headers.items[1].name, "b");
    assert_string_equal(at->headers.items[1].value, "2");
    assert_string_equal(at->headers.items[2].name, "A");
    assert_string_equal(at->headers.items[3].value, "3");
    assert_string_equal(at->body, "abc");
    assert_int_equal(at->body_bytes, 3);
    assert_int_equal(at->body_kept_bytes, 3);
    assert_string_equal(at->body_sha256, ABC_SHA256);
    assert_int_equal(at->violation_count, 0);
    assert_true(at->accepted_ns >= 0);
    assert_true(at->accepted_ns <= at->arrived_ns);
    assert_true(at->arrived_ns <= at->body_ns);
    assert_true(at->body_ns <= at->answering_ns);
    assert_true(at->answering_ns <= at->answered_ns);
    assert_true(at->gone_ns == TIME_NEVER);
    assert_string_equal(at->played, "default answer 200");
    assert_int_equal(at->status, 200);
    assert_int_equal(at->end, ANSWER_COMPLETE);
    assert_int_equal(at->answer_body_bytes, strlen("{\"success\":true}"));
    close(fd);
    stage_clear(&stage);
}

static void routes_have_steps_of_their_own(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_answer(&stage.plan->routes[ROUTE_TOKEN].steps, 401);
    stage_answer(&stage.plan->routes[ROUTE_SETTINGS].steps, 503);
    stage_answer(stage_steps(&stage), 500);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, "GET /projects/k/settings HTTP/1.1\r\nHost: x\r\n\r\n",
             "HTTP/1.1 503 ");
    peer_ask(&stage, fd,
             "POST /token HTTP/1.1\r\nHost: x\r\n"
             "Content-Length: 0\r\n\r\n",
             "HTTP/1.1 401 ");
    peer_ask(&stage, fd, peer_post(""), "HTTP/1.1 500 ");
    peer_ask(&stage, fd,
             "POST /token HTTP/1.1\r\nHost: x\r\n"
             "Content-Length: 0\r\n\r\n",
             "\"access_token\"");
    stage_attempts(&stage, 4);
    assert_string_equal(attempt_at(&stage, 1)->played,
                        "settings 1. answer 503");
    assert_string_equal(attempt_at(&stage, 4)->played, "default answer 200");
    close(fd);
    stage_clear(&stage);
}

/* ---- what is sent ---- */

static void statuses(void **state)
{
    static const int list[] = {100, 101, 102, 103, 199, 200, 201, 202, 204,
                               205, 206, 299, 300, 301, 304, 308, 399, 400,
                               407, 408, 413, 426, 429, 431, 460, 499, 500,
                               501, 503, 505, 511, 520, 599, 600, 700, 999};
    struct stage     stage;
    const size_t     count = sizeof list / sizeof list[0];

    (void)state;
    stage_init(&stage);
    for (size_t i = 0; i < count; i++)
        stage_answer(stage_steps(&stage), list[i]);
    stage_start(&stage);
    for (size_t i = 0; i < count; i++) {
        struct bytes          answer = {0};
        const struct attempt *at;
        char                  line[32];
        const char           *body;
        int                   fd = peer_connect(&stage);

        peer_send(&stage, fd, peer_post("{}"));
        if (list[i] < 200)
            assert_int_equal(peer_rest(&stage, fd, &answer), PEER_FIN);
        else
            assert_int_equal(peer_answer(&stage, fd, &answer), PEER_OPEN);
        close(fd);
        stage_attempts(&stage, i + 1);
        at = attempt_at(&stage, i + 1);
        snprintf(line, sizeof line, "HTTP/1.1 %d ", list[i]);
        if (!text_starts_with(bytes_text(&answer), line))
            fail_msg("not %s: %s", line, bytes_text(&answer));
        body = strstr(bytes_text(&answer), "\r\n\r\n") + 4;
        assert_int_equal(strlen(body), at->answer_body_bytes);
        assert_int_equal(at->answer_body_bytes == 0,
                         list[i] < 200 || list[i] == 204 || list[i] == 205 ||
                             list[i] == 304);
        assert_int_equal(at->status, list[i]);
        assert_int_equal(at->end, ANSWER_COMPLETE);
        bytes_clear(&answer);
    }
    stage_clear(&stage);
}

/* The head that the record claims was sent, without its status line. */
static void print_claimed(const struct attempt *attempt, struct bytes *text)
{
    bytes_init(text, 100000);
    for (size_t i = 0; i < attempt->answer_headers.count; i++)
        bytes_format(text, "%s: %s\r\n", attempt->answer_headers.items[i].name,
                     attempt->answer_headers.items[i].value);
    bytes_add(text, "\r\n");
}

static void assert_record_is_the_wire(const struct attempt *attempt,
                                      const struct bytes   *answer)
{
    struct bytes claimed;
    const char  *head = strstr(bytes_text(answer), "\r\n") + 2;

    print_claimed(attempt, &claimed);
    if (!text_starts_with(head, bytes_text(&claimed)))
        fail_msg("claimed:\n%s\nsent:\n%s", bytes_text(&claimed), head);
    bytes_clear(&claimed);
}

static void retry_after_is_sent_as_written(void **state)
{
    static const char *const values[] = {"2",
                                         "0",
                                         "-1",
                                         "+5",
                                         "1.5",
                                         " 7 ",
                                         "",
                                         "\t7",
                                         "7  ",
                                         "120junk",
                                         "0x10",
                                         "2147483648",
                                         "9223372036854775808",
                                         "99999999999999999999",
                                         "5,10",
                                         "1e3",
                                         "Sun, 99 Nov 1994 08:49:37 GMT",
                                         "\xc3\xa4",
                                         ":",
                                         "\"2\""};
    const size_t             count = sizeof values / sizeof values[0];
    struct stage             stage;

    (void)state;
    stage_init(&stage);
    for (size_t i = 0; i < count; i++)
        step_retry_after(stage_answer(stage_steps(&stage), 429), values[i]);
    stage_start(&stage);
    for (size_t i = 0; i < count; i++) {
        struct bytes answer = {0};
        char         line[128];

        ask_alone(&stage, peer_post("{}"), &answer);
        stage_attempts(&stage, i + 1);
        snprintf(line, sizeof line, "\r\nRetry-After: %s\r\n", values[i]);
        if (strstr(bytes_text(&answer), line) == NULL)
            fail_msg("no \"%s\" in %s", line, bytes_text(&answer));
        assert_string_equal(
            header_get(&attempt_at(&stage, i + 1)->answer_headers,
                       "Retry-After", 0),
            values[i]);
        assert_record_is_the_wire(attempt_at(&stage, i + 1), &answer);
        bytes_clear(&answer);
    }
    stage_clear(&stage);
}

static void two_retry_afters_in_order(void **state)
{
    static const char *const seconds[] = {"120", ""};
    struct stage             stage;

    (void)state;
    stage_init(&stage);
    for (size_t i = 0; i < 2; i++) {
        struct step *step = stage_answer(stage_steps(&stage), 429);

        step_retry_after(step, "7");
        step_retry_after(step, seconds[i]);
    }
    stage_start(&stage);
    for (size_t i = 0; i < 2; i++) {
        struct bytes answer = {0};
        char         lines[64];

        ask_alone(&stage, peer_post("{}"), &answer);
        snprintf(lines, sizeof lines, "Retry-After: 7\r\nRetry-After: %s\r\n",
                 seconds[i]);
        assert_non_null(strstr(bytes_text(&answer), lines));
        bytes_clear(&answer);
    }
    stage_clear(&stage);
}

static void dates_are_resolved_when_served(void **state)
{
    struct stage      stage;
    struct clock_fake fake;
    const int64_t     wall_s = 784111777;

    (void)state;
    stage_init(&stage);
    clock_fake_init(&fake, 1000, wall_s * NS_PER_S + 999999999);
    stage.config.clock = &fake.clock;
    for (int form = 0; form < DATE_FORM_COUNT; form++) {
        struct step *step = stage_answer(stage_steps(&stage), 429);

        step_retry_after(step, "");
        step->answer.retry_after[0].is_date = true;
        step->answer.retry_after[0].form = (enum date_form)form;
        step->answer.retry_after[0].offset_s = 10 * form - 3;
    }
    stage_start(&stage);
    for (int form = 0; form < DATE_FORM_COUNT; form++) {
        struct bytes answer = {0};
        char         date[DATE_TEXT_MAX], line[128];

        ask_alone(&stage, peer_post("{}"), &answer);
        date_format(date, (enum date_form)form, wall_s + form + 10 * form - 3);
        snprintf(line, sizeof line, "\r\nRetry-After: %s\r\n", date);
        if (strstr(bytes_text(&answer), line) == NULL)
            fail_msg("no \"%s\" in %s", line, bytes_text(&answer));
        assert_int_equal(attempt_at(&stage, (size_t)form + 1)->answer_wall_s,
                         wall_s + form);
        bytes_clear(&answer);
        clock_fake_advance(&fake, NS_PER_S);
    }
    stage_clear(&stage);
}

static void record_is_the_wire(void **state)
{
    static const char *const requests[] = {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        "Content-Length: 0\r\n\r\n",
        "POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.0\r\nConnection: Keep-Alive\r\n"
        "Content-Length: 0\r\n\r\n",
        "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
        "Content-Length: 2\r\n\r\n12",
    };
    /* clang-format off */
    static const char *const fields[][2] = {
        {"X-Own", "1"},           {"Date", "yesterday"},
        {"Content-Type", "text/html"}, {"Connection", "close"},
        {"Connection", "keep-alive"},  {"Content-Length", "5"},
        {"Server", ""},           {"Location", "http://127.0.0.1:9/"},
    };
    /* clang-format on */
    const size_t asked = sizeof requests / sizeof requests[0];
    const size_t answered = sizeof fields / sizeof fields[0];
    struct stage stage;
    size_t       n = 0;

    (void)state;
    stage_init(&stage);
    for (size_t i = 0; i < answered; i++)
        for (size_t j = 0; j < asked; j++)
            header_add(&stage_answer(stage_steps(&stage), 503)->answer.headers,
                       fields[i][0], fields[i][1]);
    stage_start(&stage);
    for (size_t i = 0; i < answered; i++)
        for (size_t j = 0; j < asked; j++) {
            struct bytes answer = {0};

            ask_alone(&stage, requests[j], &answer);
            stage_attempts(&stage, ++n);
            assert_record_is_the_wire(attempt_at(&stage, n), &answer);
            bytes_clear(&answer);
        }
    stage_clear(&stage);
}

static void body_is_sent_as_given(void **state)
{
    struct stage stage;
    struct step *step;
    struct bytes answer = {0};
    const char  *body;

    (void)state;
    stage_init(&stage);
    step = stage_answer(stage_steps(&stage), 400);
    step->answer.body = alloc_text_n("a\0b\xff", 4);
    step->answer.body_bytes = 4;
    step = stage_answer(stage_steps(&stage), 200);
    step->answer.body = alloc_text("");
    stage_start(&stage);
    ask_alone(&stage, peer_post("{}"), &answer);
    body = strstr(bytes_text(&answer), "\r\n\r\n") + 4;
    assert_memory_equal(body, "a\0b\xff", 4);
    assert_int_equal(answer.length, (size_t)(body - answer.data) + 4);
    bytes_clear(&answer);
    ask_alone(&stage, peer_post("{}"), &answer);
    assert_non_null(strstr(bytes_text(&answer), "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(bytes_text(&answer), "Content-Type"));
    bytes_clear(&answer);
    stage_clear(&stage);
}

/* More than the sockets hold: the rest waits until the client reads. */
static void big_answer_comes_whole(void **state)
{
    const size_t size = 12 << 20;
    struct stage stage;

    (void)state;
    stage_init(&stage);
    for (int i = 0; i < 2; i++) {
        struct step *step = stage_answer(stage_steps(&stage), 200);

        step->answer.body = alloc_zero(size + 1, 1);
        memset(step->answer.body, 'x', size);
        step->answer.body_bytes = size;
        if (i == 1)
            header_add(&step->answer.headers, "X-Raw", "");
    }
    stage_start(&stage);
    for (size_t i = 1; i <= 2; i++) {
        struct bytes answer = {0};
        int          fd = peer_connect(&stage);

        peer_send(&stage, fd, peer_post("{}"));
        stage_turns(&stage, 100);
        assert_int_equal(attempt_at(&stage, i)->end, ANSWER_NONE);
        peer_answer(&stage, fd, &answer);
        assert_true(answer.length > size);
        stage_attempts(&stage, i);
        assert_int_equal(attempt_at(&stage, i)->end, ANSWER_COMPLETE);
        assert_true(attempt_at(&stage, i)->answered_ns >
                    attempt_at(&stage, i)->answering_ns);
        bytes_clear(&answer);
        close(fd);
    }
    stage_clear(&stage);
}

static void client_that_goes_within_an_answer(void **state)
{
    const size_t size = 12 << 20;
    struct stage stage;

    (void)state;
    stage_init(&stage);
    for (int i = 0; i < 2; i++) {
        struct step *step = stage_answer(stage_steps(&stage), 200);

        step->answer.body = alloc_zero(size + 1, 1);
        step->answer.body_bytes = size;
        if (i == 1)
            header_add(&step->answer.headers, "X-Raw", "");
    }
    stage_start(&stage);
    for (size_t i = 1; i <= 2; i++) {
        int fd = peer_connect(&stage);

        peer_send(&stage, fd, peer_post("{}"));
        stage_turns(&stage, 100);
        close(fd);
        stage_attempts(&stage, i);
        assert_int_equal(attempt_at(&stage, i)->end, ANSWER_GONE);
        assert_true(attempt_at(&stage, i)->gone_ns != TIME_NEVER);
        assert_true(attempt_at(&stage, i)->answered_ns == TIME_NEVER);
    }
    stage_clear(&stage);
}

/* ---- connections ---- */

static void connection_is_kept(void **state)
{
    struct stage stage;
    int          first, second;

    (void)state;
    stage_init(&stage);
    step_retry_after(stage_answer(stage_steps(&stage), 429), "1");
    stage_start(&stage);
    first = peer_connect(&stage);
    peer_ask(&stage, first, peer_post("{}"), "HTTP/1.1 429 ");
    second = peer_connect(&stage);
    peer_ask(&stage, second, peer_post("{}"), "HTTP/1.1 200 ");
    for (int i = 0; i < 20; i++)
        peer_ask(&stage, first, peer_post("{}"), "HTTP/1.1 200 ");
    stage_attempts(&stage, 22);
    assert_int_equal(attempt_at(&stage, 1)->connection, 1);
    assert_int_equal(attempt_at(&stage, 2)->connection, 2);
    assert_int_equal(attempt_at(&stage, 22)->connection, 1);
    assert_true(attempt_at(&stage, 22)->accepted_ns ==
                attempt_at(&stage, 1)->accepted_ns);
    close(first);
    close(second);
    stage_clear(&stage);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    char         requests[1024];
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_answer(stage_steps(&stage), 501);
    stage_answer(stage_steps(&stage), 502)->delay_ns = 20 * NS_PER_MS;
    stage_answer(stage_steps(&stage), 503);
    stage_start(&stage);
    fd = peer_connect(&stage);
    snprintf(requests, sizeof requests, "%s", peer_post("{}"));
    for (int i = 0; i < 2; i++)
        strncat(requests, peer_post("{}"),
                sizeof requests - strlen(requests) - 1);
    peer_send(&stage, fd, requests);
    stage_attempts(&stage, 3);
    peer_answer(&stage, fd, &answer);
    assert_int_equal(attempt_at(&stage, 1)->status, 501);
    assert_int_equal(attempt_at(&stage, 2)->status, 502);
    assert_int_equal(attempt_at(&stage, 3)->status, 503);
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 0);
    assert_int_equal(attempt_at(&stage, 2)->violation_count, 1);
    assert_int_equal(attempt_at(&stage, 3)->violation_count, 1);
    assert_true(text_starts_with(attempt_at(&stage, 3)->violations[0].text,
                                 "it came before the answer"));
    peer_send(&stage, fd, peer_post("{}"));
    stage_attempts(&stage, 4);
    assert_int_equal(attempt_at(&stage, 4)->violation_count, 0);
    assert_non_null(
        strstr(strstr(bytes_text(&answer), "HTTP/1.1 501"), "HTTP/1.1 502"));
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

static void many_connections(void **state)
{
    enum { COUNT = 200 };
    struct stage stage;
    int          fd[COUNT];

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    for (int i = 0; i < COUNT; i++)
        fd[i] = peer_connect(&stage);
    for (int i = 0; i < COUNT; i++)
        peer_send(&stage, fd[i], peer_post("{}"));
    stage_attempts(&stage, COUNT);
    for (int i = 0; i < COUNT; i++) {
        struct bytes answer = {0};

        assert_int_equal(peer_answer(&stage, fd[i], &answer), PEER_OPEN);
        assert_true(text_starts_with(bytes_text(&answer), "HTTP/1.1 200 "));
        bytes_clear(&answer);
        close(fd[i]);
    }
    while (!server_idle(stage.server))
        assert_true(stage_turn(&stage));
    stage_clear(&stage);
}

static void client_that_closed_its_half_is_answered(void **state)
{
    struct stage stage;
    struct bytes answer = {0};
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, peer_post("{}"));
    shutdown(fd, SHUT_WR);
    assert_int_equal(peer_rest(&stage, fd, &answer), PEER_FIN);
    assert_true(text_starts_with(bytes_text(&answer), "HTTP/1.1 200 "));
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

static void busy_port_is_named(void **state)
{
    struct stage         stage;
    struct server_config config;
    struct server       *second;
    struct err           err;
    char                 place[32];

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    config = stage.config;
    config.port = server_port(stage.server);
    assert_false(server_start(&second, &config, &err));
    assert_null(second);
    snprintf(place, sizeof place, "port %d", config.port);
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.place, place);
    assert_string_equal(err.text, "in use");
    stage_stop(&stage);
    /* And it is free again at once. */
    assert_true(server_start(&stage.server, &config, &err));
    config.port = 65536;
    assert_false(server_start(&second, &config, &err));
    assert_int_equal(err.code, ERR_USAGE);
    stage_clear(&stage);
}

/* ---- bodies ---- */

static void body_of_chunks(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd,
              "POST /b HTTP/1.1\r\nHost: x\r\n"
              "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    stage_turns(&stage, 3);
    peer_ask(&stage, fd, "2\r\nbc\r\n0\r\nTrailer: 1\r\n\r\n", "HTTP/1.1 200 ");
    peer_ask(&stage, fd, peer_post("{}"), "HTTP/1.1 200 ");
    stage_attempts(&stage, 2);
    assert_string_equal(attempt_at(&stage, 1)->body, "abc");
    assert_string_equal(attempt_at(&stage, 1)->body_sha256, ABC_SHA256);
    assert_int_equal(attempt_at(&stage, 1)->violation_count, 0);
    close(fd);
    stage_clear(&stage);
}

/* {"a":1}, gzipped: it is kept as it came. */
static void gzip_is_kept_as_sent(void **state)
{
    static const unsigned char zipped[] = {
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x03, 0xab, 0x56, 0x4a, 0x54, 0xb2, 0x32, 0xac, 0x05,
        0x00, 0xd2, 0x41, 0x25, 0x9b, 0x07, 0x00, 0x00, 0x00};
    unsigned char         digest[32];
    char                  hex[65];
    char                  head[128];
    struct stage          stage;
    struct bytes          answer = {0};
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    snprintf(head, sizeof head,
             "POST /b HTTP/1.1\r\nHost: x\r\n"
             "Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
             sizeof zipped);
    peer_send(&stage, fd, head);
    peer_send_n(&stage, fd, (const char *)zipped, sizeof zipped);
    peer_answer(&stage, fd, &answer);
    bytes_clear(&answer);
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->body_kept_bytes, sizeof zipped);
    assert_memory_equal(at->body, zipped, sizeof zipped);
    gnutls_hash_fast(GNUTLS_DIG_SHA256, zipped, sizeof zipped, digest);
    for (int i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(at->body_sha256, hex);
    close(fd);
    stage_clear(&stage);
}

/* Sends a body of that many bytes 'x'. */
static void send_big(struct stage *stage, int fd, size_t size)
{
    static char chunk[1 << 16];
    char        head[128];

    memset(chunk, 'x', sizeof chunk);
    snprintf(head, sizeof head,
             "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
             size);
    peer_send(stage, fd, head);
    for (; size > 0; size -= size < sizeof chunk ? size : sizeof chunk)
        peer_send_n(stage, fd, chunk,
                    size < sizeof chunk ? size : sizeof chunk);
}

static void big_body_is_kept_in_part(void **state)
{
    const size_t          size = 3000000;
    struct stage          stage;
    struct bytes          answer = {0};
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    send_big(&stage, fd, size);
    peer_answer(&stage, fd, &answer);
    bytes_clear(&answer);
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->body_bytes, size);
    assert_int_equal(at->body_kept_bytes, RECORD_BODY_KEPT_MAX);
    assert_int_equal(strlen(at->body), RECORD_BODY_KEPT_MAX);
    /* head -c 3000000 /dev/zero | tr '\0' x | sha256sum */
    assert_string_equal(
        at->body_sha256,
        "e55b8bdf621ddaa8f462c74745db9680d3bb7536a9cf854f8d6668b34a287890");
    close(fd);
    stage_clear(&stage);
}

static void endless_body_is_ended(void **state)
{
    struct stage          stage;
    struct bytes          answer = {0};
    const struct attempt *at;
    int                   fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    send_big(&stage, fd, 66 << 20);
    assert_int_not_equal(peer_rest(&stage, fd, &answer), PEER_OPEN);
    assert_int_equal(answer.length, 0);
    stage_attempts(&stage, 1);
    at = attempt_at(&stage, 1);
    assert_int_equal(at->end, ANSWER_CUT);
    assert_true(at->body_ns == TIME_NEVER);
    assert_string_equal(at->violations[0].text,
                        "a body of more than 67108864 bytes");
    bytes_clear(&answer);
    close(fd);
    stage_clear(&stage);
}

static void continue_is_sent_when_expected(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd,
             "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
             "Expect: 100-continue\r\n\r\n",
             "HTTP/1.1 100 Continue\r\n\r\n");
    peer_ask(&stage, fd, "abc", "HTTP/1.1 200 ");
    stage_attempts(&stage, 1);
    assert_int_equal(attempt_at(&stage, 1)->status, 200);
    close(fd);
    stage_clear(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_answers),
        cmocka_unit_test(attempt_is_written_down),
        cmocka_unit_test(routes_have_steps_of_their_own),
        cmocka_unit_test(statuses),
        cmocka_unit_test(retry_after_is_sent_as_written),
        cmocka_unit_test(two_retry_afters_in_order),
        cmocka_unit_test(dates_are_resolved_when_served),
        cmocka_unit_test(record_is_the_wire),
        cmocka_unit_test(body_is_sent_as_given),
        cmocka_unit_test(big_answer_comes_whole),
        cmocka_unit_test(client_that_goes_within_an_answer),
        cmocka_unit_test(connection_is_kept),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(many_connections),
        cmocka_unit_test(client_that_closed_its_half_is_answered),
        cmocka_unit_test(busy_port_is_named),
        cmocka_unit_test(body_of_chunks),
        cmocka_unit_test(gzip_is_kept_as_sent),
        cmocka_unit_test(big_body_is_kept_in_part),
        cmocka_unit_test(endless_body_is_ended),
        cmocka_unit_test(continue_is_sent_when_expected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
