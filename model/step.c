/* SPDX-License-Identifier: Apache-2.0 */
#include "model/step.h"

#include "common/alloc.h"

#include <assert.h>
#include <string.h>

static const char *const elsewhere_names[] = {
#define X(elsewhere, name, meaning) [elsewhere] = name,
    ELSEWHERE_MAP(X)
#undef X
};

const char *elsewhere_name(enum elsewhere elsewhere)
{
    assert(elsewhere < ELSEWHERE_COUNT);
    return elsewhere_names[elsewhere];
}

enum elsewhere elsewhere_find(const char *name)
{
    int i = 0;

    while (i < ELSEWHERE_COUNT && strcmp(elsewhere_names[i], name) != 0)
        i++;
    return (enum elsewhere)i;
}

void step_clear(struct step *step)
{
    struct answer *answer = &step->answer;

    for (size_t i = 0; i < answer->retry_after_count; i++)
        alloc_free(answer->retry_after[i].text);
    alloc_free(answer->retry_after);
    alloc_free(answer->body);
    header_clear(&answer->headers);
    *step = (struct step){0};
}

void step_list_add(struct step_list *list, const struct step *step)
{
    list->items =
        alloc_grow(list->items, list->count + 1, sizeof list->items[0]);
    list->items[list->count++] = *step;
}

void step_list_clear(struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        step_clear(&list->items[i]);
    alloc_free(list->items);
    *list = (struct step_list){0};
}
