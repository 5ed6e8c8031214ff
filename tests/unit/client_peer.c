/* SPDX-License-Identifier: Apache-2.0 */
#include "client_peer.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/text.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 20 };

struct connection {
    struct peer *peer;
    pthread_t    thread;
    int          fd;
};

struct peer_room {
    pthread_t         thread; /* accepts */
    int               fd;
    struct connection connections[PEER_CONNECTIONS_MAX];
    unsigned          count;
};

bool peer_say(int fd, const char *text)
{
    size_t length = strlen(text);

    while (length > 0) {
        ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool peer_status(int fd, int status, const char *headers)
{
    char text[1024];

    snprintf(text, sizeof text, "HTTP/1.1 %d x\r\n%sContent-Length: 0\r\n\r\n",
             status, headers);
    return peer_say(fd, text);
}

void peer_wait_gone(int fd)
{
    char scrap[4096];

    while (recv(fd, scrap, sizeof scrap, 0) > 0)
        continue;
}

/* How long the request is that the buffer begins with; 0 = not whole yet. */
static size_t request_length(const struct bytes *buffer)
{
    const char *end = strstr(bytes_text(buffer), "\r\n\r\n");
    const char *field = strstr(bytes_text(buffer), "Content-Length: ");
    char        digits[16] = "";
    int64_t     body = 0;

    if (end == NULL)
        return 0;
    if (field != NULL && field < end) {
        field += strlen("Content-Length: ");
        snprintf(digits, sizeof digits, "%.*s",
                 (int)strspn(field, "0123456789"), field);
        if (!text_to_int(digits, 0, REQUEST_MAX, &body))
            return 0;
    }
    end += strlen("\r\n\r\n");
    return end + body <= buffer->data + buffer->length
               ? (size_t)(end + body - buffer->data)
               : 0;
}

static bool answer_one(struct connection *connection, struct bytes *buffer,
                       size_t length)
{
    struct peer *peer = connection->peer;
    char        *text = alloc_text_n(buffer->data, length);
    bool         goes_on;

    memmove(buffer->data, buffer->data + length, buffer->length - length + 1);
    buffer->length -= length;
    goes_on = peer->answer(
        peer->context, &(struct peer_request){
                           .number = atomic_fetch_add(&peer->requests, 1) + 1,
                           .fd = connection->fd,
                           .text = text});
    alloc_free(text);
    return goes_on;
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct bytes       buffer;
    char               part[4096];
    bool               goes_on = true;

    bytes_init(&buffer, REQUEST_MAX);
    while (goes_on) {
        size_t  length = request_length(&buffer);
        ssize_t got = 0;

        if (length > 0) {
            goes_on = answer_one(connection, &buffer, length);
        } else {
            got = recv(connection->fd, part, sizeof part, 0);
            goes_on = got > 0 && bytes_append(&buffer, part, (size_t)got);
        }
    }
    bytes_clear(&buffer);
    /* The number stays taken until peer_stop, so that it ends no other's. */
    shutdown(connection->fd, SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *context)
{
    struct peer      *peer = context;
    struct peer_room *room = peer->room;
    int               fd;

    while (room->count < PEER_CONNECTIONS_MAX &&
           (fd = accept(room->fd, NULL, NULL)) >= 0) {
        struct connection *connection = &room->connections[room->count++];

        *connection = (struct connection){.peer = peer, .fd = fd};
        atomic_fetch_add(&peer->connections, 1);
        pthread_create(&connection->thread, NULL, serve, connection);
    }
    return NULL;
}

void peer_start(struct peer *peer, peer_answer *answer, void *context)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          length = sizeof address;

    peer->answer = answer;
    peer->context = context;
    atomic_init(&peer->connections, 0);
    atomic_init(&peer->requests, 0);
    peer->room = alloc_zero(1, sizeof *peer->room);
    peer->room->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(peer->room->fd, (struct sockaddr *)&address, length) != 0 ||
        listen(peer->room->fd, PEER_CONNECTIONS_MAX) != 0 ||
        getsockname(peer->room->fd, (struct sockaddr *)&address, &length) != 0)
        perror("client_peer");
    peer->port = ntohs(address.sin_port);
    pthread_create(&peer->room->thread, NULL, accept_all, peer);
}

void peer_stop(struct peer *peer)
{
    struct peer_room *room = peer->room;

    shutdown(room->fd, SHUT_RDWR);
    pthread_join(room->thread, NULL);
    close(room->fd);
    for (unsigned i = 0; i < room->count; i++) {
        shutdown(room->connections[i].fd, SHUT_RDWR);
        pthread_join(room->connections[i].thread, NULL);
        close(room->connections[i].fd);
    }
    alloc_free(room);
    peer->room = NULL;
}

const char *peer_url(const struct peer *peer, char url[PEER_URL_MAX])
{
    snprintf(url, PEER_URL_MAX, "http://127.0.0.1:%d", peer->port);
    return url;
}
