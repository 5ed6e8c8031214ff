/* SPDX-License-Identifier: Apache-2.0 */
#include "model/header.h"

#include "common/alloc.h"
#include "common/text.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static struct header *one_more(struct header_list *list)
{
    list->items =
        alloc_one_more(list->items, list->count, sizeof list->items[0]);
    return &list->items[list->count++];
}

void header_add(struct header_list *list, const char *name, const char *value)
{
    const size_t   name_bytes = strlen(name) + 1;
    const size_t   value_bytes = strlen(value) + 1;
    struct header *added = one_more(list);

    added->name = alloc_grow(NULL, name_bytes + value_bytes, 1);
    added->value = added->name + name_bytes;
    memcpy(added->name, name, name_bytes);
    memcpy(added->value, value, value_bytes);
}

void header_move(struct header_list *to, struct header_list *from)
{
    assert(to != from);
    if (to->count == 0) {
        header_clear(to);
        *to = *from;
    } else {
        for (size_t i = 0; i < from->count; i++)
            *one_more(to) = from->items[i];
        alloc_free(from->items);
    }
    *from = (struct header_list){0};
}

size_t header_bytes(const struct header_list *list)
{
    size_t total = list->count * sizeof list->items[0];

    for (size_t i = 0; i < list->count; i++)
        total += strlen(list->items[i].name) + strlen(list->items[i].value) + 2;
    return total;
}

void header_clear(struct header_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        alloc_free(list->items[i].name);
    alloc_free(list->items);
    *list = (struct header_list){0};
}

/* Most names that are not the same do not begin the same either. */
static bool is_named(const struct header *field, const char *name)
{
    enum { CASE_BIT = 'a' ^ 'A' };

    return ((field->name[0] ^ name[0]) & ~CASE_BIT) == 0 &&
           text_equal_nocase(field->name, name);
}

const char *header_get(const struct header_list *list, const char *name,
                       size_t index)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_named(&list->items[i], name) && index-- == 0)
            return list->items[i].value;
    return NULL;
}

size_t header_count(const struct header_list *list, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += is_named(&list->items[i], name);
    return count;
}
