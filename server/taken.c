#include "server/taken.h"

#include "common/alloc.h"
#include "server/connection.h"
#include "server/exchange.h"
#include "server/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TAKEN_DRAINED_BYTES_MAX = 1 << 20 };

struct taken *taken_start(struct exchange *exchange)
{
    struct server     *server = exchange->server;
    struct connection *connection = exchange->connection;
    int fd = fcntl(connection->watch.fd, F_DUPFD_CLOEXEC, 0);
    struct taken *taken;

    if (fd < 0)
        return NULL;
    taken = alloc_zero(1, sizeof *taken);
    *taken = (struct taken){.server = server, .exchange = exchange};
    taken->watch = (struct watch){.owner = taken, .fd = fd};
    taken->next = server->taken;
    if (taken->next != NULL)
        taken->next->previous = taken;
    server->taken = taken;
    server->open_count++;
    /* The epoll knows a descriptor by its open file, which lives on in ours:
     * the old watch would outlive the old descriptor. */
    connection_rest(connection);
    connection_unwatch(connection);
    connection->exchange = NULL;
    exchange->connection = NULL;
    exchange->state = EXCHANGE_TAKEN;
    return taken;
}

static void finish(struct taken *taken, enum answer_end end)
{
    struct server   *server = taken->server;
    struct exchange *exchange = taken->exchange;

    loop_unwatch(&server->loop, &taken->watch);
    close(taken->watch.fd);
    if (taken->previous != NULL)
        taken->previous->next = taken->next;
    else
        server->taken = taken->next;
    if (taken->next != NULL)
        taken->next->previous = taken->previous;
    server->open_count--;
    bytes_clear(&taken->out);
    alloc_free(taken);
    exchange_over(exchange, end);
}

/* Closing with unread bytes makes the kernel send RST instead of FIN. */
static void drain(int fd)
{
    char    junk[4096];
    ssize_t got = 1;

    for (size_t total = 0; got > 0 && total < TAKEN_DRAINED_BYTES_MAX;
         total += (size_t)got)
        got = recv(fd, junk, sizeof junk, MSG_DONTWAIT);
}

void taken_close(struct taken *taken, enum answer_end end)
{
    drain(taken->watch.fd);
    finish(taken, end);
}

void taken_reset(struct taken *taken, enum answer_end end)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    /* Dissolving the association resets it, also while another descriptor of
     * the connection is still open. SO_LINGER would wait for the last. */
    connect(taken->watch.fd, &nowhere, sizeof nowhere);
    finish(taken, end);
}

static void note_gone(struct taken *taken)
{
    taken->exchange->attempt->gone_ns = server_now_ns(taken->server);
}

static void on_gone(void *owner, uint32_t events)
{
    struct taken *taken = owner;

    (void)events;
    note_gone(taken);
    finish(taken, ANSWER_NONE);
}

void taken_wait(struct taken *taken)
{
    taken->watch.ready = on_gone;
    if (!loop_watch(&taken->server->loop, &taken->watch, EPOLLRDHUP))
        finish(taken, ANSWER_CUT);
}

static void flush(void *owner, uint32_t events)
{
    struct taken *taken = owner;
    struct bytes *out = &taken->out;

    (void)events;
    while (taken->sent_bytes < out->length) {
        ssize_t sent = send(taken->watch.fd, out->data + taken->sent_bytes,
                            out->length - taken->sent_bytes,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent >= 0) {
            taken->sent_bytes += (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!loop_watch(&taken->server->loop, &taken->watch, EPOLLOUT))
                finish(taken, ANSWER_CUT);
            return;
        } else if (errno != EINTR) {
            note_gone(taken);
            finish(taken, ANSWER_GONE);
            return;
        }
    }
    taken->exchange->attempt->answered_ns = server_now_ns(taken->server);
    taken_close(taken, ANSWER_COMPLETE);
}

void taken_send(struct taken *taken, struct bytes *bytes)
{
    taken->out = *bytes;
    bytes_init(bytes, bytes->max);
    taken->watch.ready = flush;
    flush(taken, 0);
}
