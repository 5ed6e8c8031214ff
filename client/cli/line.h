/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CLI_LINE_H
#define CLIENT_CLI_LINE_H

/* Lines from a descriptor, one after the other, each within a bound: what is
 * longer is read to its end and not kept. */

#include "common/bytes.h"

enum line_end {
    LINE_WHOLE,    /* text holds it, without its newline */
    LINE_TOO_LONG, /* text is empty */
    LINE_NONE,     /* nothing more comes */
};

struct line_reader {
    int          fd;
    struct bytes text; /* initialised with the bound; the caller clears it */
    char         part[65536];
    size_t       from; /* what is left of part */
    size_t       to;
};

/* A last line may lack its newline. */
enum line_end line_next(struct line_reader *reader);

#endif
