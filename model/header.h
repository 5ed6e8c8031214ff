/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_HEADER_H
#define MODEL_HEADER_H

/* HTTP header fields in the order they stood on the wire, duplicates kept. */

#include <stddef.h>

struct header {
    char *name;  /* as sent, case kept */
    char *value; /* stands behind the name, in the same block of memory */
};

struct header_list {
    struct header *items;
    size_t         count;
};

void header_add(struct header_list *list, const char *name, const char *value);
/* All of `from` goes to the end of `to`; nothing is left there. */
void header_move(struct header_list *to, struct header_list *from);
/* What it takes to keep them. */
size_t header_bytes(const struct header_list *list);
void header_clear(struct header_list *list);
/* The index-th value of that name (any case), or NULL. */
const char *header_get(const struct header_list *list, const char *name,
                       size_t index);
size_t header_count(const struct header_list *list, const char *name);

#endif
