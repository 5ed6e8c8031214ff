/* SPDX-License-Identifier: Apache-2.0 */
#include "server/wire.h"

#include "common/io.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { ANSWER_BYTES_MAX = 32 * 1024 };

/* From net/tcp_states.h, in the kernel's numbers. */
enum state {
    ESTABLISHED = 1,
    SYN_SENT,
    SYN_RECEIVED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    TIME_WAIT,
    CLOSED,
    CLOSE_WAIT,
    LAST_ACK,
    LISTENS,
    CLOSING,
    NEW_SYN_RECEIVED,
};

#define BIT(state) (1u << (state))

#define SENT_FIN                                                               \
    (BIT(FIN_WAIT_1) | BIT(FIN_WAIT_2) | BIT(LAST_ACK) | BIT(CLOSING) |        \
     BIT(TIME_WAIT))
#define GOT_FIN                                                                \
    (BIT(CLOSE_WAIT) | BIT(LAST_ACK) | BIT(CLOSING) | BIT(TIME_WAIT) |         \
     BIT(CLOSED))

/* One end of a connection. */
struct end {
    unsigned state; /* 0 = there is none */
    bool     counted;
    uint64_t sent;     /* bytes, each once */
    uint64_t received; /* bytes in order */
    uint64_t unsent;
};

struct question {
    struct nlmsghdr         head;
    struct inet_diag_req_v2 what;
};

static struct question ask_about(int family, unsigned states)
{
    return (struct question){
        .head = {.nlmsg_len = sizeof(struct question),
                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                 .nlmsg_flags = NLM_F_REQUEST},
        .what = {.sdiag_family = (uint8_t)family,
                 .sdiag_protocol = IPPROTO_TCP,
                 .idiag_states = states},
    };
}

bool wire_open(struct wire *wire, struct err *err)
{
    /* The kernel answers within the call; this is for a kernel that does
     * not. */
    const struct timeval limit = {.tv_sec = 1};

    *wire = (struct wire){.fd = -1};
    wire->fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (wire->fd < 0)
        return err_set_errno(err, "clock",
                             "the kernel does not tell of its connections");
    setsockopt(wire->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return true;
}

void wire_close(struct wire *wire)
{
    io_close(&wire->fd);
}

/* ---- one end ---- */

static void count(struct end *end, const struct tcp_info *info)
{
    end->counted = true;
    end->sent = info->tcpi_bytes_sent - info->tcpi_bytes_retrans;
    end->received = info->tcpi_bytes_received;
    end->unsent = info->tcpi_notsent_bytes;
    /* The kernel counts the end of the stream as a byte. */
    if ((BIT(end->state) & GOT_FIN) != 0 && end->received > 0)
        end->received--;
}

static struct end our_end(int fd)
{
    struct tcp_info info = {0};
    socklen_t       length = sizeof info;
    struct end      end = {0};

    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return end;
    end.state = info.tcpi_state;
    count(&end, &info);
    return end;
}

static void read_end(struct end *end, const struct nlmsghdr *head)
{
    const struct inet_diag_msg *message = NLMSG_DATA(head);
    const char                 *at = (const void *)(message + 1);
    const char                 *last = (const char *)head + head->nlmsg_len;

    end->state = message->idiag_state;
    while (last - at >= (ptrdiff_t)sizeof(struct rtattr)) {
        const struct rtattr *part = (const void *)at;
        struct tcp_info      info = {0};
        size_t               bytes = RTA_PAYLOAD(part);

        if (part->rta_len < sizeof *part || part->rta_len > last - at)
            return;
        at += RTA_ALIGN(part->rta_len);
        if (part->rta_type != INET_DIAG_INFO)
            continue;
        memcpy(&info, RTA_DATA(part),
               bytes < sizeof info ? bytes : sizeof info);
        count(end, &info);
    }
}

/* Asks about one socket. False: nobody knows. */
static bool ask(const struct wire *wire, struct question *question,
                struct end *end)
{
    union {
        struct nlmsghdr head;
        char            bytes[ANSWER_BYTES_MAX];
    } answer;
    ssize_t got;

    *end = (struct end){0};
    question->what.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    question->what.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (send(wire->fd, question, sizeof *question, 0) < 0)
        return false;
    got = recv(wire->fd, &answer, sizeof answer, 0);
    if (got < (ssize_t)sizeof answer.head)
        return false;
    if (answer.head.nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *error = NLMSG_DATA(&answer.head);

        return error->error == -ENOENT;
    }
    read_end(end, &answer.head);
    return true;
}

bool wire_pair_of(int fd, struct wire_pair *pair)
{
    socklen_t length = sizeof pair->ours;

    return getsockname(fd, (struct sockaddr *)&pair->ours, &length) == 0 &&
           getpeername(fd, (struct sockaddr *)&pair->theirs, &length) == 0 &&
           pair->ours.sin_family == AF_INET;
}

/* False: nobody knows. */
static bool their_end(const struct wire *wire, const struct wire_pair *pair,
                      struct end *end)
{
    struct question question = ask_about(AF_INET, ~0u);

    question.what.idiag_ext = 1u << (INET_DIAG_INFO - 1);
    question.what.id.idiag_sport = pair->theirs.sin_port;
    question.what.id.idiag_dport = pair->ours.sin_port;
    question.what.id.idiag_src[0] = pair->theirs.sin_addr.s_addr;
    question.what.id.idiag_dst[0] = pair->ours.sin_addr.s_addr;
    return ask(wire, &question, end);
}

bool wire_unheard(const struct wire *wire, const struct wire_pair *pair)
{
    struct end theirs;

    return !their_end(wire, pair, &theirs) || theirs.state == ESTABLISHED;
}

static bool arrived(const struct end *from, const struct end *to)
{
    if ((BIT(from->state) & SENT_FIN) != 0 && (BIT(to->state) & GOT_FIN) == 0)
        return false;
    /* One that is not counted any more has nothing left to send or get. */
    return !from->counted || !to->counted ||
           (from->unsent == 0 && from->sent <= to->received);
}

/* Only TCP has a wire: a pair of sockets has all it was given at once. */
static bool has_wire(int fd)
{
    int       family = AF_UNSPEC;
    socklen_t length = sizeof family;

    return fd >= 0 &&
           getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &length) == 0 &&
           family != AF_UNIX;
}

bool wire_settled(const struct wire *wire, int fd)
{
    struct wire_pair pair;
    struct end       theirs = {0};
    struct end       ours;

    if (!has_wire(fd))
        return true;
    if (wire_pair_of(fd, &pair) ? !their_end(wire, &pair, &theirs)
                                : errno != ENOTCONN)
        return false;
    ours = our_end(fd);
    /* Gone without a trace: by a reset, which we have yet to see. */
    if (theirs.state == 0)
        return ours.state != ESTABLISHED;
    /* Their side of the connection is over, and all of it acknowledged. */
    if (theirs.state == TIME_WAIT || (!theirs.counted && ours.counted))
        return true;
    return arrived(&theirs, &ours) && arrived(&ours, &theirs);
}

/* ---- all of them ---- */

static bool is_stranger(const struct inet_diag_sockid *id, unsigned state,
                        const struct wire_book *book)
{
    int source = ntohs(id->idiag_sport);
    int target = ntohs(id->idiag_dport);

    switch (state) {
    case SYN_SENT:
        return book->ours(book->data, target);
    case SYN_RECEIVED:
    case NEW_SYN_RECEIVED:
        return book->ours(book->data, source);
    case ESTABLISHED:
        return book->ours(book->data, target) &&
               !book->known(book->data, target, source);
    default:
        return false;
    }
}

static bool take_stranger(struct wire *wire, const struct nlmsghdr *head,
                          const struct wire_book *book)
{
    const struct inet_diag_msg *message = NLMSG_DATA(head);

    if (!is_stranger(&message->id, message->idiag_state, book))
        return false;
    wire->stranger = message->id;
    wire->stranger_family = message->idiag_family;
    wire->stranger_state = message->idiag_state;
    return true;
}

/* In one part of the answer; *done: it was the last. */
static bool any_stranger(struct wire *wire, const struct nlmsghdr *head,
                         size_t bytes, const struct wire_book *book, bool *done)
{
    for (; NLMSG_OK(head, bytes); head = NLMSG_NEXT(head, bytes)) {
        if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
            *done = true;
        if (head->nlmsg_type == NLMSG_ERROR)
            return true;
        if (head->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
            take_stranger(wire, head, book))
            return true;
    }
    return false;
}

static bool strangers_of(struct wire *wire, int family,
                         const struct wire_book *book)
{
    struct question question =
        ask_about(family, BIT(SYN_SENT) | BIT(SYN_RECEIVED) |
                              BIT(NEW_SYN_RECEIVED) | BIT(ESTABLISHED));
    union {
        struct nlmsghdr head;
        char            bytes[ANSWER_BYTES_MAX];
    } answer;
    bool found = false;
    bool done = false;

    question.head.nlmsg_flags |= NLM_F_DUMP;
    if (send(wire->fd, &question, sizeof question, 0) < 0)
        return true;
    /* Read to its end, or the next question gets the rest of this answer. */
    while (!done) {
        ssize_t got = recv(wire->fd, &answer, sizeof answer, 0);

        if (got <= 0)
            return true;
        if (any_stranger(wire, &answer.head, (size_t)got, book, &done))
            found = true;
    }
    return found;
}

/* The one that was found last is what it was, and a stranger still. */
static bool is_still_there(struct wire *wire, const struct wire_book *book)
{
    struct question question = ask_about(wire->stranger_family, ~0u);
    struct end      end;

    if (wire->stranger_family == 0)
        return false;
    question.what.id = wire->stranger;
    if (ask(wire, &question, &end) && end.state == wire->stranger_state &&
        is_stranger(&wire->stranger, end.state, book))
        return true;
    wire->stranger_family = 0;
    return false;
}

bool wire_strangers(struct wire *wire, const struct wire_book *book, bool ipv6)
{
    return is_still_there(wire, book) || strangers_of(wire, AF_INET, book) ||
           (ipv6 && strangers_of(wire, AF_INET6, book));
}
