/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/families.h"

#include "common/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A family that would take more lines is one pattern. */
enum { LINES_MAX = 4, LABEL_COLUMNS = 15, NAME_COLUMNS = 40 };

struct member {
    const char *id;
    bool        belongs;
};

/* Members that stand side by side and whose ids begin alike, up to and with a
 * slash. */
struct family {
    const struct member *members;
    size_t               count;
    size_t               alike; /* characters; 0 = all scenarios there are */
};

static int by_id(const void *left, const void *right)
{
    const struct member *a = left;
    const struct member *b = right;

    return strcmp(a->id, b->id);
}

static size_t belonging(const struct family *family)
{
    size_t count = 0;

    for (size_t i = 0; i < family->count; i++)
        count += family->members[i].belongs;
    return count;
}

/* The part of the family from its member first on that is alike for a word
 * more. One that is a scenario by itself has nothing behind that word. */
static struct family part_of(const struct family *family, size_t first)
{
    const char   *id = family->members[first].id;
    size_t        word = strcspn(id + family->alike, "/");
    struct family part = {family->members + first, 1, family->alike + word};

    if (id[part.alike] == '\0')
        return part;
    part.alike++;
    while (first + part.count < family->count &&
           strncmp(id, part.members[part.count].id, part.alike) == 0)
        part.count++;
    return part;
}

static bool is_one_line(const struct family *family);

static size_t lines_within(const struct family *family)
{
    size_t lines = 0;

    for (size_t first = 0; first < family->count;) {
        struct family part = part_of(family, first);

        if (is_one_line(&part))
            lines += belonging(&part) > 0;
        else
            lines += lines_within(&part);
        first += part.count;
    }
    return lines;
}

static bool is_one_line(const struct family *family)
{
    return belonging(family) <= 1 || lines_within(family) > LINES_MAX;
}

static const char *only_one(const struct family *family)
{
    size_t i = 0;

    while (!family->members[i].belongs)
        i++;
    return family->members[i].id;
}

static void print_line(const struct family *family, const char **label)
{
    size_t count = belonging(family);
    char  *pattern;

    if (count == 0)
        return;
    pattern = count == 1 ? alloc_text(only_one(family))
                         : alloc_format("%.*s*", (int)family->alike,
                                        family->members[0].id);
    printf("%-*s%-*s", LABEL_COLUMNS, *label, count > 1 ? NAME_COLUMNS : 0,
           pattern);
    if (count > 1 && count == family->count)
        printf(" all %zu", count);
    else if (count > 1)
        printf(" %zu of %zu", count, family->count);
    printf("\n");
    *label = "";
    alloc_free(pattern);
}

static void print_parts(const struct family *family, const char **label)
{
    for (size_t first = 0; first < family->count;) {
        struct family part = part_of(family, first);

        if (is_one_line(&part))
            print_line(&part, label);
        else
            print_parts(&part, label);
        first += part.count;
    }
}

void families_print(const struct script *script, const struct rule *rule,
                    const char *label)
{
    size_t         count = script_plan_count(script);
    struct member *members = alloc_zero(count + 1, sizeof members[0]);
    struct family  all = {members, count, 0};

    for (size_t i = 0; i < count; i++) {
        const struct plan *plan = script_plan(script, i);

        members[i] = (struct member){plan->id, plan_names_rule(plan, rule)};
    }
    qsort(members, count, sizeof members[0], by_id);
    print_parts(&all, &label);
    alloc_free(members);
}
