/* SPDX-License-Identifier: Apache-2.0 */
#include "server_peer.h"

#include "common/alloc.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_BYTES_MAX = 32 << 20 };

#define DEADLINE_NS (60 * NS_PER_S)

static int64_t stage_until_ns;

void stage_init(struct stage *stage)
{
    *stage = (struct stage){0};
    stage->plan = plan_new("test", "test", 1);
    stage->plan->given.write_key = alloc_text("write\"key");
    stage->plan->given.events = 10;
    stage->record = record_new();
    stage->config.clock = clock_real();
    stage_until_ns = clock_now_ns(clock_real()) + DEADLINE_NS;
}

void stage_start(struct stage *stage)
{
    struct err err;

    stage->config.plan = stage->plan;
    stage->config.record = stage->record;
    stage->config.epoch_ns = clock_now_ns(stage->config.clock);
    if (!server_start(&stage->server, &stage->config, &err))
        fail_msg("server_start: %s: %s", err.place, err.text);
}

void stage_stop(struct stage *stage)
{
    server_stop(stage->server);
    stage->server = NULL;
}

void stage_clear(struct stage *stage)
{
    stage_stop(stage);
    record_free(stage->record);
    plan_free(stage->plan);
}

struct step_list *stage_steps(struct stage *stage)
{
    return &stage->plan->routes[ROUTE_INGEST].steps;
}

struct step *stage_answer(struct step_list *list, int status)
{
    struct step step = {.kind = STEP_ANSWER, .times = 1};

    step.answer.status = status;
    step_list_add(list, &step);
    return &list->items[list->count - 1];
}

struct step *stage_fault(struct step_list *list, enum fault fault)
{
    struct step step = {.kind = STEP_FAULT, .times = 1, .fault = fault};

    step.how = fault_how_default(fault);
    step.answer.status = fault_status(fault);
    step_list_add(list, &step);
    return &list->items[list->count - 1];
}

struct step_list *stage_connection(struct stage *stage, unsigned number)
{
    struct plan             *plan = stage->plan;
    struct connection_steps *own;

    plan->on_connection =
        alloc_grow(plan->on_connection, plan->on_connection_count + 1,
                   sizeof plan->on_connection[0]);
    own = &plan->on_connection[plan->on_connection_count++];
    *own = (struct connection_steps){.connection = number};
    return &own->steps;
}

struct step *stage_connection_fault(struct stage *stage, unsigned number,
                                    enum fault fault)
{
    return stage_fault(stage_connection(stage, number), fault);
}

void step_retry_after(struct step *step, const char *text)
{
    struct answer *answer = &step->answer;

    answer->retry_after =
        alloc_grow(answer->retry_after, answer->retry_after_count + 1,
                   sizeof answer->retry_after[0]);
    answer->retry_after[answer->retry_after_count++] =
        (struct retry_after){.text = alloc_text(text)};
}

bool stage_turn(struct stage *stage)
{
    struct pollfd fd = {.fd = server_fd(stage->server), .events = POLLIN};
    int64_t       wait_ns = server_wait_ns(stage->server);
    int           ready;

    if (wait_ns < 0)
        wait_ns = DEADLINE_NS;
    ready = poll(&fd, 1, (int)(wait_ns / NS_PER_MS));
    server_turn(stage->server);
    return (ready > 0 || wait_ns < DEADLINE_NS) &&
           clock_now_ns(clock_real()) < stage_until_ns;
}

void stage_turns(struct stage *stage, int n)
{
    while (n-- > 0)
        server_turn(stage->server);
}

/* The kernel completes it from the backlog: no turn is needed. */
static bool try_to_connect(const struct stage *stage, int *fd)
{
    struct sockaddr_in to = {.sin_family = AF_INET};

    *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_port = htons((uint16_t)server_port(stage->server));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return *fd >= 0 && connect(*fd, (struct sockaddr *)&to, sizeof to) == 0;
}

int peer_connect(struct stage *stage)
{
    int fd;

    if (!try_to_connect(stage, &fd))
        fail_msg("connect: %s", strerror(errno));
    return fd;
}

bool peer_is_refused(struct stage *stage)
{
    int  fd;
    bool refused = !try_to_connect(stage, &fd) && errno == ECONNREFUSED;

    close(fd);
    return refused;
}

void peer_send_n(struct stage *stage, int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent > 0) {
            data += sent;
            length -= (size_t)sent;
        } else if (errno != EAGAIN) {
            return; /* The server has closed; the test looks at that. */
        }
        server_turn(stage->server);
        if (clock_now_ns(clock_real()) > stage_until_ns)
            fail_msg("the server does not read");
    }
}

void peer_send(struct stage *stage, int fd, const char *text)
{
    peer_send_n(stage, fd, text, strlen(text));
}

enum peer_end peer_now(int fd, struct bytes *answer)
{
    char    chunk[65536];
    ssize_t got;

    while ((got = recv(fd, chunk, sizeof chunk, MSG_DONTWAIT)) > 0)
        bytes_append(answer, chunk, (size_t)got);
    if (got == 0)
        return PEER_FIN;
    return errno == EAGAIN ? PEER_OPEN : PEER_RST;
}

/* Whether the text holds a whole answer, with the body it announces. */
static bool is_whole(const struct bytes *answer)
{
    const char *text = bytes_text(answer);
    const char *body = strstr(text, "\r\n\r\n");
    const char *length = strcasestr(text, "\r\nContent-Length: ");
    size_t      body_bytes = 0;

    if (body == NULL)
        return false;
    body += 4;
    if (length != NULL && length < body)
        body_bytes = (size_t)strtoul(strchr(length + 2, ' '), NULL, 10);
    return answer->length - (size_t)(body - text) >= body_bytes;
}

static enum peer_end read_on(struct stage *stage, int fd, struct bytes *answer,
                             bool one)
{
    enum peer_end end;

    if (answer->max == 0)
        bytes_init(answer, ANSWER_BYTES_MAX);
    while ((end = peer_now(fd, answer)) == PEER_OPEN) {
        if (one && is_whole(answer))
            return PEER_OPEN;
        if (!stage_turn(stage))
            fail_msg("no answer, only \"%s\"", bytes_text(answer));
    }
    return end;
}

enum peer_end peer_answer(struct stage *stage, int fd, struct bytes *answer)
{
    return read_on(stage, fd, answer, true);
}

enum peer_end peer_rest(struct stage *stage, int fd, struct bytes *answer)
{
    return read_on(stage, fd, answer, false);
}

void peer_ask(struct stage *stage, int fd, const char *request,
              const char *expected)
{
    struct bytes answer = {0};

    peer_send(stage, fd, request);
    peer_answer(stage, fd, &answer);
    if (strstr(bytes_text(&answer), expected) == NULL)
        fail_msg("\"%s\" is not in:\n%s", expected, bytes_text(&answer));
    bytes_clear(&answer);
}

const char *peer_post(const char *body)
{
    static char request[65536];

    snprintf(request, sizeof request,
             "POST /v1/batch HTTP/1.1\r\nHost: x\r\n"
             "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    return request;
}

static size_t count_over(struct stage *stage)
{
    const struct record *record = stage->record;
    size_t               count = 0;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        count += attempt->end != ANSWER_NONE ||
                 attempt->gone_ns != TIME_NEVER ||
                 attempt->answered_ns != TIME_NEVER ||
                 (attempt->fault != FAULT_NONE && attempt->fault != FAULT_HANG);
    }
    return count;
}

void stage_attempts(struct stage *stage, size_t n)
{
    while (count_over(stage) < n)
        if (!stage_turn(stage))
            fail_msg("%zu attempts were over, not %zu", count_over(stage), n);
}

bool stage_attempt_or_remark(struct stage *stage, size_t n, size_t remarks)
{
    while (count_over(stage) < n && stage->record->remark_count < remarks)
        if (!stage_turn(stage))
            fail_msg("neither attempt %zu nor remark %zu came", n, remarks);
    return count_over(stage) >= n;
}

const struct attempt *attempt_at(const struct stage *stage, size_t n)
{
    assert_true(n >= 1 && n <= stage->record->attempt_count);
    return stage->record->attempts[n - 1];
}
