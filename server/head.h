/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

/* The first bytes of a request, seen in the socket before libmicrohttpd reads
 * them. It takes a bare line feed for the end of a line, unfolds fields, cuts
 * at a NUL, drops what is left over after a body, and tells nobody.
 *
 * One look a request, when its first byte is noticed; what comes later is not
 * seen, nor is what comes in the microseconds between our turn and that of
 * libmicrohttpd, which reads it at once: that happens now and then on a full
 * machine, and then a request is judged as far as libmicrohttpd shows it. Every
 * client looked at sends its head in one piece; of one that does
 * not, only what was there is judged. */

#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>

struct head {
    char  *kept; /* NULL: nothing was seen */
    size_t kept_bytes;
    size_t came_bytes;  /* with the first look: the body's beginning, too */
    size_t empty_bytes; /* of empty lines, before the request line */
    size_t head_bytes;  /* up to and with the empty line that ends it; 0: that
                        * was not there */
    size_t spaces;      /* in the request line, if that was whole */
    bool   bare_line_feed;
    bool   folded;
    bool   no_colon; /* in a line that should be a field */
    bool   space_before_colon;
    bool   nul;
};

/* Fills head (cleared before) with what lies unread in the socket; false:
 * nothing does. */
bool head_look(struct head *head, int fd);
void head_clear(struct head *head);
/* Gives it to another, whose own is cleared. */
void head_move(struct head *to, struct head *from);

/* It is the head of this request: where a client sends ahead, what was seen
 * may have been anything. */
bool head_is_of(const struct head *head, const struct attempt *attempt);
/* Adds a violation to its attempt for each thing that libmicrohttpd hides. */
void head_check(const struct head *head, struct attempt *attempt);
/* How many bytes came along that belong neither to it nor to its body, as far
 * as one can tell. */
size_t head_surplus(const struct head *head, const struct attempt *attempt);
/* Nothing but empty lines came. */
bool head_is_empty(const struct head *head);

#endif
