/* SPDX-License-Identifier: Apache-2.0 */
/* How far from its time an answer comes that was asked to be delayed.
 *
 *   bench_late PORT DELAY_MS CONNECTIONS ROUNDS
 *
 * Each connection asks on a schedule of its own, evenly spread over one and a
 * half delays, so that deadlines do not fall together and an answer that is
 * late does not put off the next question. What is measured is the first byte
 * of the answer against the moment the request was sent plus the delay; it
 * holds the loopback and this program, the same for all servers. Prints JSON.
 */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 10000, ROUNDS_MAX = 1000, EVENTS_MAX = 256 };

static const char request[] =
    "POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n"
    "{\"batch\":[]}";

struct line {
    int     fd;      /* -1 = closed by the server */
    int64_t sent_ns; /* 0 = no answer is awaited */
};

struct late {
    int          port;
    int          epoll_fd;
    int64_t      delay_ns;
    struct line *lines;
    size_t       line_count;
    int64_t     *errors_ns;
    size_t       error_count;
    size_t       early;
    size_t       missing; /* had no answer when the next question was due */
};

static bool open_line(const struct late *late, struct line *line)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)late->port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    const int          one = 1;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line->fd < 0 ||
        connect(line->fd, (struct sockaddr *)&at, sizeof at) != 0)
        return false;
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return epoll_ctl(late->epoll_fd, EPOLL_CTL_ADD, line->fd, &event) == 0;
}

/* Some servers end the connection with each answer. */
static void close_line(struct line *line)
{
    close(line->fd);
    line->fd = -1;
}

static bool open_lines(struct late *late)
{
    for (size_t i = 0; i < late->line_count; i++)
        if (!open_line(late, &late->lines[i]))
            return false;
    return true;
}

static void hear(struct late *late, struct line *line)
{
    char    rest[4096];
    int64_t now_ns = clock_now_ns(clock_real());
    int64_t error_ns = now_ns - line->sent_ns - late->delay_ns;

    if (recv(line->fd, rest, sizeof rest, MSG_DONTWAIT) <= 0) {
        late->missing += line->sent_ns != 0;
        line->sent_ns = 0;
        close_line(line);
        return;
    }
    if (line->sent_ns == 0)
        return; /* more of the same answer */
    line->sent_ns = 0;
    late->early += error_ns < 0;
    late->errors_ns[late->error_count++] = llabs(error_ns);
}

static void listen_until(struct late *late, int64_t until_ns)
{
    struct epoll_event events[EVENTS_MAX];
    int64_t            left_ns;

    while ((left_ns = until_ns - clock_now_ns(clock_real())) > 0) {
        const struct timespec wait = {.tv_sec = left_ns / NS_PER_S,
                                      .tv_nsec = left_ns % NS_PER_S};
        int                   count =
            epoll_pwait2(late->epoll_fd, events, EVENTS_MAX, &wait, NULL);

        for (int i = 0; i < count; i++)
            hear(late, events[i].data.ptr);
    }
}

static void ask(struct late *late, struct line *line)
{
    /* An answer that comes after this must not count for the next question. */
    if (line->fd >= 0 && line->sent_ns != 0) {
        late->missing++;
        close_line(line);
    }
    line->sent_ns = 0;
    if (line->fd < 0 && !open_line(late, line)) {
        late->missing++;
        return;
    }
    line->sent_ns = clock_now_ns(clock_real());
    if (send(line->fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) {
        line->sent_ns = 0;
        late->missing++;
    }
}

static int by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

static double part_ms(const struct late *late, double part)
{
    size_t index = (size_t)(part * (double)(late->error_count - 1));

    return (double)late->errors_ns[index] / 1e6;
}

static void print(struct late *late)
{
    for (size_t i = 0; i < late->line_count; i++)
        late->missing += late->lines[i].sent_ns != 0;
    qsort(late->errors_ns, late->error_count, sizeof late->errors_ns[0],
          by_size);
    printf("{\"answers\":%zu,\"missing\":%zu,\"early\":%zu", late->error_count,
           late->missing, late->early);
    if (late->error_count > 0)
        printf(",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f",
               part_ms(late, 0.5), part_ms(late, 0.99), part_ms(late, 1));
    printf("}\n");
}

int main(int argc, char **argv)
{
    int64_t     port, delay_ms, connections, rounds, start_ns, step_ns;
    struct late late = {0};

    if (argc != 5 || !text_to_int(argv[1], 1, 65535, &port) ||
        !text_to_int(argv[2], 0, 60000, &delay_ms) ||
        !text_to_int(argv[3], 1, CONNECTIONS_MAX, &connections) ||
        !text_to_int(argv[4], 1, ROUNDS_MAX, &rounds)) {
        fprintf(stderr, "bench_late PORT DELAY_MS CONNECTIONS ROUNDS\n");
        return 2;
    }
    late.port = (int)port;
    late.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    late.delay_ns = delay_ms * NS_PER_MS;
    late.line_count = (size_t)connections;
    late.lines = alloc_zero(late.line_count, sizeof late.lines[0]);
    late.errors_ns =
        alloc_zero((size_t)(connections * rounds), sizeof late.errors_ns[0]);
    if (!open_lines(&late)) {
        perror("bench_late: connect");
        return 1;
    }
    step_ns = late.delay_ns * 3 / 2 / connections;
    start_ns = clock_now_ns(clock_real()) + 10 * NS_PER_MS;
    for (int64_t i = 0; i < connections * rounds; i++) {
        listen_until(&late, start_ns + i * step_ns);
        ask(&late, &late.lines[i % connections]);
    }
    listen_until(&late, clock_now_ns(clock_real()) + 3 * late.delay_ns);
    print(&late);
    return 0;
}
