/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes on a connection: the server neither crashes nor hangs, and when it
 * stops, every attempt has an end, whatever fault it met, and no descriptor is
 * left open.
 *
 * The first byte of the input says where the rest is cut in two sends, and how
 * much time passes between them. Of the second, the top bit asks for a port
 * that speaks TLS, the others for the fault that is played (modulo their
 * number; 0 and those of the port itself: answers, a delay and a hang). */

#include "common/alloc.h"
#include "server/server.h"
#include "tests/fuzz/target.h"
#include "tests/unit/fake_clock.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURNS = 8, EVENTS = 3, HEAD_BYTES = 2, TLS_BIT = 0x80 };

static void add_answers(struct step_list *steps)
{
    struct step answer = {.kind = STEP_ANSWER, .times = 1};
    struct step raw = {.kind = STEP_ANSWER, .times = 1};
    struct step late = {.kind = STEP_ANSWER, .times = 1};
    struct step hang = {.kind = STEP_FAULT, .fault = FAULT_HANG};

    answer.answer.status = 429;
    late.answer.status = 503;
    late.delay_ns = NS_PER_S;
    raw.answer.status = 200;
    header_add(&raw.answer.headers, "Retry-After", "");
    step_list_add(steps, &answer);
    step_list_add(steps, &late);
    step_list_add(steps, &raw);
    step_list_add(steps, &hang);
}

static void add_fault(struct step_list *steps, enum fault fault)
{
    struct step step = {.kind = STEP_FAULT, .times = 1, .fault = fault};

    step.how = fault_how_default(fault);
    step.answer.status = fault_status(fault);
    if (fault_family(fault) == FAMILY_REQUEST)
        step.how.values[PARAM_AFTER] = 1;
    step_list_add(steps, &step);
}

/* One step of each kind, so that what a request leads to varies; or the fault,
 * and then those. */
static struct plan *make_plan(enum fault fault)
{
    struct plan *plan = plan_new("fuzz", "fuzz", 1);

    plan->given.events = EVENTS;
    if (fault != FAULT_NONE && fault_family(fault) <= FAMILY_TLS) {
        plan->on_connection =
            alloc_grow(NULL, 1, sizeof plan->on_connection[0]);
        plan->on_connection_count = 1;
        plan->on_connection[0] = (struct connection_steps){.connection = 1};
        add_fault(&plan->on_connection[0].steps, fault);
    } else if (fault != FAULT_NONE) {
        add_fault(&plan->routes[ROUTE_INGEST].steps, fault);
    }
    add_answers(&plan->routes[ROUTE_INGEST].steps);
    return plan;
}

static enum fault fault_of(uint8_t byte)
{
    enum fault fault = (enum fault)((byte & ~TLS_BIT) % FAULT_COUNT);

    return fault != FAULT_NONE && fault_family(fault) == FAMILY_PORT
               ? FAULT_NONE
               : fault;
}

static bool needs_tls(enum fault fault)
{
    return fault != FAULT_NONE && fault_family(fault) == FAMILY_TLS;
}

/* ---- TLS ---- */

static struct authority *authority; /* for all inputs: it takes its time */

static void forget_authority(void)
{
    authority_free(authority);
}

static struct authority *know_authority(void)
{
    struct err err;

    if (authority != NULL)
        return authority;
    if (!authority_new(&authority, &err))
        abort();
    atexit(forget_authority);
    return authority;
}

/* ---- the client ---- */

static int connect_to(const struct server *server)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)server_port(server)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int           fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pollfd done = {.fd = fd, .events = POLLOUT};
    int           code = connect(fd, (struct sockaddr *)&to, sizeof to);

    while (code < 0 && errno == EINTR) /* libFuzzer's alarm: it goes on */
        code = poll(&done, 1, -1);
    if (code < 0) {
        perror("connect");
        abort();
    }
    return fd;
}

static void turn(struct server *server)
{
    for (int i = 0; i < TURNS; i++)
        server_turn(server);
}

static void send_part(struct server *server, int fd, const uint8_t *data,
                      size_t size)
{
    if (size > 0 && send(fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        return; /* The server has closed already. */
    turn(server);
}

static void talk(struct server *server, struct clock_fake *fake,
                 const uint8_t *data, size_t size, uint8_t head)
{
    size_t cut = size > 0 ? head % size : 0;
    int    fd = connect_to(server);

    send_part(server, fd, data, cut);
    clock_fake_advance(fake, head * NS_PER_S / 4);
    turn(server);
    send_part(server, fd, data + cut, size - cut);
    clock_fake_advance(fake, head * NS_PER_S / 4);
    turn(server);
    close(fd);
    turn(server);
}

/* A fault may be an end with nothing sent; else somebody ended it. */
static void assert_ended(const struct attempt *attempt)
{
    if (attempt->end == ANSWER_NONE && attempt->gone_ns == TIME_NEVER &&
        attempt->fault == FAULT_NONE)
        abort();
}

static int lowest_free(void)
{
    int fd = dup(STDERR_FILENO);

    if (fd < 0)
        abort();
    close(fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan         *plan;
    struct record       *record;
    struct clock_fake    fake;
    struct server_config config = {.clock = &fake.clock};
    struct server       *server;
    struct err           err;
    enum fault           fault;
    int                  free_before;

    if (size < HEAD_BYTES)
        return 0;
    fault = fault_of(data[1]);
    plan = make_plan(fault);
    plan->given.https = (data[1] & TLS_BIT) != 0 || needs_tls(fault);
    config.keys.authority = plan->given.https ? know_authority() : NULL;
    free_before = lowest_free();
    record = record_new();
    config.plan = plan;
    config.record = record;
    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    if (!server_start(&server, &config, &err))
        abort();
    talk(server, &fake, data + HEAD_BYTES, size - HEAD_BYTES, data[0]);
    server_stop(server);
    for (size_t i = 0; i < record->attempt_count; i++)
        assert_ended(record->attempts[i]);
    if (lowest_free() != free_before)
        abort();
    record_free(record);
    plan_free(plan);
    return 0;
}
