/* SPDX-License-Identifier: Apache-2.0 */
/* A client of two processes that talk with each other, by a pair of sockets, a
 * pipe, a connection of the loopback and its datagrams, beside a thread that
 * sleeps an hour. What one has sent and the other has not been woken for is
 * under way: time must not jump.
 *
 * Prints how many seconds the talk took. */

#include "beside.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 5000, BYTES = 100 };

struct line {
    int ours[2]; /* to read from, to write to */
    int theirs[2];
};

static bool by_pair(struct line *line)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return false;
    *line = (struct line){{ends[0], ends[0]}, {ends[1], ends[1]}};
    return true;
}

static bool by_pipes(struct line *line)
{
    int there[2];
    int back[2];

    if (pipe(there) != 0 || pipe(back) != 0)
        return false;
    *line = (struct line){{back[0], there[1]}, {there[0], back[1]}};
    return true;
}

static int bind_one(int type, struct sockaddr_in *address)
{
    socklen_t length = sizeof *address;
    int       fd = socket(AF_INET, type, 0);

    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (struct sockaddr *)address, sizeof *address) != 0 ||
        getsockname(fd, (struct sockaddr *)address, &length) != 0)
        return -1;
    return fd;
}

static bool by_connection(struct line *line)
{
    const int          on = 1;
    struct sockaddr_in address;
    int                listener = bind_one(SOCK_STREAM, &address);
    int                near = socket(AF_INET, SOCK_STREAM, 0);
    int                far;

    if (listener < 0 || listen(listener, 1) != 0 ||
        connect(near, (struct sockaddr *)&address, sizeof address) != 0)
        return false;
    far = accept(listener, NULL, NULL);
    setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *line = (struct line){{near, near}, {far, far}};
    return far >= 0;
}

static bool by_datagrams(struct line *line)
{
    struct sockaddr_in here;
    struct sockaddr_in there;
    int                near = bind_one(SOCK_DGRAM, &here);
    int                far = bind_one(SOCK_DGRAM, &there);

    *line = (struct line){{near, near}, {far, far}};
    return near >= 0 && far >= 0 &&
           connect(near, (struct sockaddr *)&there, sizeof there) == 0 &&
           connect(far, (struct sockaddr *)&here, sizeof here) == 0;
}

static bool echo(const int ends[2])
{
    char word[BYTES];

    for (int i = 0; i < WORDS; i++)
        if (read(ends[0], word, sizeof word) != sizeof word ||
            write(ends[1], word, sizeof word) != sizeof word)
            return false;
    return true;
}

static bool talk(const int ends[2])
{
    char word[BYTES] = "";

    for (int i = 0; i < WORDS; i++)
        if (write(ends[1], word, sizeof word) != sizeof word ||
            read(ends[0], word, sizeof word) != sizeof word)
            return false;
    return true;
}

static bool see_them_talk(bool (*lay)(struct line *))
{
    struct line line;
    int         status = 1;
    pid_t       pid;

    if (!lay(&line))
        return false;
    pid = fork();
    if (pid == 0)
        _exit(echo(line.theirs) ? 0 : 1);
    return pid > 0 && talk(line.ours) && waitpid(pid, &status, 0) == pid &&
           status == 0;
}

int main(void)
{
    double began_s = beside_seconds(CLOCK_MONOTONIC);

    beside_an_hour();
    if (!see_them_talk(by_pair) || !see_them_talk(by_pipes) ||
        !see_them_talk(by_connection) || !see_them_talk(by_datagrams))
        return 2;
    printf("%.6f\n", beside_seconds(CLOCK_MONOTONIC) - began_s);
    return 0;
}
