/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/proof/peer.h"

#include "common/io.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { PEER_LOOKS_A_TURN = 64 }; /* an endless body must not hold us */

const char *peer_state_word(enum peer_state state)
{
    static const char *const words[] = {
#define X(state, word) [state] = word,
        PEER_STATE_MAP(X)
#undef X
    };
    return words[state];
}

static int64_t now_ns(const struct peer *peer)
{
    return clock_now_ns(peer->clock);
}

static void end(struct peer *peer, enum peer_state state, int error)
{
    peer->state = state;
    peer->error = error;
    peer->ended_ns = now_ns(peer);
}

bool peer_start(struct peer *peer, const struct clock *clock, int port,
                const gnutls_datum_t *ca)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    const int          one = 1;

    *peer = (struct peer){.clock = clock};
    bytes_init(&peer->got, PEER_KEPT_BYTES_MAX);
    peer->began_ns = now_ns(peer);
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0)
        return false;
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(peer->fd, (struct sockaddr *)&to, sizeof to) == 0)
        peer->state = PEER_OPEN;
    else if (errno != EINPROGRESS)
        end(peer, errno == ECONNREFUSED ? PEER_REFUSED : PEER_RST, errno);
    if (ca == NULL)
        return true;
    errno = ENOMEM;
    return peer_tls_start(peer, ca);
}

size_t peer_give(struct peer *peer, const char *data, size_t length_bytes)
{
    ssize_t sent =
        peer->tls_session != NULL
            ? peer_tls_write(peer, data, length_bytes)
            : send(peer->fd, data, length_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);

    return sent > 0 ? (size_t)sent : 0;
}

/* Whether the handshake is over, either way. A connection that is made and
 * reset before anybody looks was made all the same. */
static bool look_at_handshake(struct peer *peer)
{
    struct tcp_info info = {0};
    socklen_t       length = sizeof info;
    int             error = 0;
    socklen_t       error_length = sizeof error;

    getsockopt(peer->fd, IPPROTO_TCP, TCP_INFO, &info, &length);
    if (info.tcpi_state == TCP_SYN_SENT)
        return false;
    peer->state = PEER_OPEN;
    if (info.tcpi_state != TCP_CLOSE)
        return true;
    getsockopt(peer->fd, SOL_SOCKET, SO_ERROR, &error, &error_length);
    end(peer, error == ECONNREFUSED ? PEER_REFUSED : PEER_RST, error);
    return true;
}

static void keep(struct peer *peer, const char *data, size_t length_bytes)
{
    peer->last_ns = now_ns(peer);
    peer->got_bytes += length_bytes;
    bytes_append(&peer->got, data, length_bytes);
}

static ssize_t read_some(struct peer *peer, char *data, size_t length_bytes)
{
    if (peer->tls_session != NULL) {
        ssize_t got = peer_tls_read(peer, data, length_bytes);

        if (got >= 0 || errno != EPROTO)
            return got;
    }
    return recv(peer->fd, data, length_bytes, MSG_DONTWAIT);
}

bool peer_look(struct peer *peer)
{
    char    data[16384];
    bool    news = false;
    ssize_t got = 1;

    if (peer->state == PEER_CONNECTING)
        news = look_at_handshake(peer);
    for (int i = 0; i < PEER_LOOKS_A_TURN && peer->state == PEER_OPEN; i++) {
        got = read_some(peer, data, sizeof data);
        if (got < 0 && io_would_block())
            break;
        news = true;
        /* What is left of a session that failed says nothing to anyone. */
        if (got > 0 && (peer->tls == PEER_CLEAR || peer->tls == PEER_TRUSTED ||
                        peer->tls == PEER_NO_TLS))
            keep(peer, data, (size_t)got);
        else if (got == 0)
            end(peer, PEER_FIN, 0);
        else if (got < 0)
            end(peer, PEER_RST, errno);
    }
    return news;
}

bool peer_is_over(const struct peer *peer)
{
    return peer->state != PEER_CONNECTING && peer->state != PEER_OPEN;
}

void peer_stop(struct peer *peer)
{
    peer_tls_stop(peer);
    io_close(&peer->fd);
    bytes_clear(&peer->got);
}
