/* SPDX-License-Identifier: Apache-2.0 */
#include "server/head.h"

#include "common/alloc.h"
#include "common/text.h"
#include "server/bounds.h"

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { LOOK_BYTES = 4096 };

/* ---- what it holds ---- */

static size_t count_spaces(const char *line, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += line[i] == ' ';
    return count;
}

static void read_field(struct head *head, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);

    if (colon == NULL)
        head->no_colon = true;
    else if (colon > line && (colon[-1] == ' ' || colon[-1] == '\t'))
        head->space_before_colon = true;
}

/* From the request line on, a line at a time until the empty one. */
static void read_lines(struct head *head, const char *bytes, size_t length)
{
    const char *const first = bytes + head->empty_bytes;
    const char *const end = bytes + length;
    const char       *line = first;
    const char       *feed;

    while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        const bool bare = feed == line || feed[-1] != '\r';

        head->bare_line_feed |= bare;
        if (feed == line || (!bare && feed == line + 1)) {
            head->head_bytes = (size_t)(feed + 1 - bytes);
            return;
        }
        if (line == first)
            head->spaces = count_spaces(line, (size_t)(feed - line));
        else if (*line == ' ' || *line == '\t')
            head->folded = true;
        else
            read_field(head, line, (size_t)(feed - line));
        line = feed + 1;
    }
}

static void read_head(struct head *head, const char *bytes, size_t length)
{
    size_t until;

    head->came_bytes = length;
    while (head->empty_bytes < length && (bytes[head->empty_bytes] == '\r' ||
                                          bytes[head->empty_bytes] == '\n'))
        head->empty_bytes++;
    read_lines(head, bytes, length);
    until = head->head_bytes > 0 ? head->head_bytes : length;
    head->nul = memchr(bytes, '\0', until) != NULL;
}

static void keep(struct head *head, const char *bytes, size_t length)
{
    if (length > RECORD_RAW_KEPT_MAX)
        length = RECORD_RAW_KEPT_MAX;
    head->kept = alloc_grow(NULL, length, 1);
    memcpy(head->kept, bytes, length);
    head->kept_bytes = length;
}

/* A head that is longer than most: as much as libmicrohttpd takes. */
static void __attribute__((noinline)) look_further(struct head *head, int fd)
{
    char        bytes[SERVER_HEAD_BYTES_MAX];
    ssize_t     got = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);
    struct head again = {.kept = head->kept, .kept_bytes = head->kept_bytes};

    if (got <= 0)
        return;
    read_head(&again, bytes, (size_t)got);
    *head = again;
}

bool head_look(struct head *head, int fd)
{
    char    bytes[LOOK_BYTES];
    ssize_t got = recv(fd, bytes, sizeof bytes, MSG_PEEK | MSG_DONTWAIT);

    if (got <= 0)
        return false;
    keep(head, bytes, (size_t)got);
    read_head(head, bytes, (size_t)got);
    if (head->head_bytes == 0 && (size_t)got == sizeof bytes)
        look_further(head, fd);
    return true;
}

void head_clear(struct head *head)
{
    alloc_free(head->kept);
    *head = (struct head){0};
}

void head_move(struct head *to, struct head *from)
{
    head_clear(to);
    *to = *from;
    *from = (struct head){0};
}

/* ---- what is wrong with it ---- */

static bool begins(const char **at, size_t *left, const char *text)
{
    const size_t length = strlen(text);

    if (*left < length || memcmp(*at, text, length) != 0)
        return false;
    *at += length;
    *left -= length;
    return true;
}

bool head_is_of(const struct head *head, const struct attempt *attempt)
{
    const char *at = head->kept;
    size_t      left = head->kept_bytes;

    if (at == NULL || left <= head->empty_bytes)
        return false;
    at += head->empty_bytes;
    left -= head->empty_bytes;
    if (!begins(&at, &left, attempt->method) || left == 0 || *at != ' ')
        return false;
    while (left > 0 && *at == ' ') {
        at++;
        left--;
    }
    return begins(&at, &left, attempt->target);
}

/* libmicrohttpd 0.9 leaves the white space to the name, 1.0 takes it away. */
static bool is_space_kept(const struct header_list *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const char *name = headers->items[i].name;

        if (name[0] != '\0' && strchr(" \t", name[strlen(name) - 1]) != NULL)
            return true;
    }
    return false;
}

void head_check(const struct head *head, struct attempt *attempt)
{
    if (head->spaces > 0 && head->spaces != 2)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "%zu spaces in the request line: two are allowed "
                          "(RFC 9112, 3)",
                          head->spaces);
    if (head->empty_bytes > 0)
        attempt_violation(attempt, VIOLATION_AHEAD,
                          "%zu bytes of empty lines before the request line: "
                          "none is allowed (RFC 9112, 2.2)",
                          head->empty_bytes);
    if (head->bare_line_feed)
        attempt_violation(attempt, VIOLATION_FIELD,
                          "a line of its head ends in a line feed alone: only "
                          "CR LF is allowed (RFC 9112, 2.2)");
    if (head->folded)
        attempt_violation(attempt, VIOLATION_FIELD,
                          "a field goes on on the next line: a field is one "
                          "line (RFC 9112, 5.2)");
    if (head->no_colon)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "a line of its head has no colon, so that it is no "
                          "field (RFC 9112, 5)");
    if (head->space_before_colon && !is_space_kept(&attempt->headers))
        attempt_violation(attempt, VIOLATION_FRAME,
                          "white space between the name of a field and its "
                          "colon (RFC 9112, 5.1)");
    if (head->nul)
        attempt_violation(attempt, VIOLATION_FIELD,
                          "a NUL in its head (RFC 9110, 5.5)");
}

size_t head_surplus(const struct head *head, const struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;
    const char               *length = header_get(headers, "Content-Length", 0);
    int64_t                   body_bytes = 0;

    if (head->head_bytes == 0 || header_count(headers, "Content-Length") > 1 ||
        header_count(headers, "Transfer-Encoding") > 0 ||
        (length != NULL &&
         !text_to_int(length, 0, SERVER_BODY_BYTES_MAX, &body_bytes)) ||
        head->came_bytes - head->head_bytes <= (uint64_t)body_bytes)
        return 0;
    return head->came_bytes - head->head_bytes - (size_t)body_bytes;
}

bool head_is_empty(const struct head *head)
{
    return head->came_bytes > 0 && head->empty_bytes == head->came_bytes;
}
