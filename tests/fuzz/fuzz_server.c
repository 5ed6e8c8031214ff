/* Any bytes on a connection: the server neither crashes nor hangs, and when it
 * stops, every attempt has an end.
 *
 * The first byte of the input says where the rest is cut in two sends, and how
 * much time passes between them. */

#include "common/alloc.h"
#include "server/server.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TURNS = 8, EVENTS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One step of each kind, so that what a request leads to varies. */
static struct plan *make_plan(void)
{
    struct plan      *plan = plan_new("fuzz", "fuzz", 1);
    struct step_list *steps = &plan->routes[ROUTE_INGEST].steps;
    struct step       answer = {.kind = STEP_ANSWER, .times = 1};
    struct step       raw = {.kind = STEP_ANSWER, .times = 1};
    struct step       late = {.kind = STEP_ANSWER, .times = 1};
    struct step       hang = {.kind = STEP_FAULT, .fault = FAULT_HANG};

    plan->given.events = EVENTS;
    answer.answer.status = 429;
    late.answer.status = 503;
    late.delay_ns = NS_PER_S;
    raw.answer.status = 200;
    header_add(&raw.answer.headers, "Retry-After", "");
    step_list_add(steps, &answer);
    step_list_add(steps, &late);
    step_list_add(steps, &raw);
    step_list_add(steps, &hang);
    return plan;
}

static int connect_to(const struct server *server)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_port = htons((uint16_t)server_port(server));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        abort();
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct plan         *plan = make_plan();
    struct record       *record = record_new();
    struct clock_fake    fake;
    struct server_config config = {
        .plan = plan, .record = record, .clock = &fake.clock};
    struct server *server;
    struct err     err;
    size_t         cut = size > 1 ? 1 + data[0] % (size - 1) : size;
    int            fd;

    clock_fake_init(&fake, NS_PER_S, NS_PER_S);
    if (!server_start(&server, &config, &err))
        abort();
    fd = connect_to(server);
    send_part(server, fd, size > 0 ? data + 1 : data, cut > 0 ? cut - 1 : 0);
    clock_fake_advance(&fake, (size > 0 ? data[0] : 0) * NS_PER_S / 4);
    turn(server);
    send_part(server, fd, data + cut, size - cut);
    close(fd);
    turn(server);
    server_stop(server);
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->end == ANSWER_NONE &&
            record->attempts[i]->gone_ns == TIME_NEVER)
            abort();
    record_free(record);
    plan_free(plan);
    return 0;
}
