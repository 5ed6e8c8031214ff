/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/checks_page.h"

#include "common/bytes.h"
#include "judge/judge.h"
#include "model/rule.h"

#include <stdio.h>
#include <string.h>

enum { COLUMNS = 120, LINE_BYTES_MAX = 1 << 16 };

/* An item of a list, wrapped between words. */
static void print_item(const char *text)
{
    size_t column = 1;

    printf("-");
    while (*text != '\0') {
        size_t length = strcspn(text, " ");

        if (column + 1 + length > COLUMNS) {
            printf("\n ");
            column = 1;
        }
        printf(" %.*s", (int)length, text);
        column += 1 + length;
        text += length;
        text += *text == ' ';
    }
    printf("\n");
}

static void print_sentence(const char *head, const char *sentence)
{
    struct bytes text;

    bytes_init(&text, LINE_BYTES_MAX);
    bytes_format(&text, "%s: %s.", head, sentence);
    print_item(bytes_text(&text));
    bytes_clear(&text);
}

static void print_names(const char *head, const char *const *names,
                        const char *mark)
{
    struct bytes text;

    bytes_init(&text, LINE_BYTES_MAX);
    bytes_format(&text, "%s:", head);
    if (*names == NULL)
        bytes_format(&text, " none of the numbered ones.");
    for (size_t i = 0; names[i] != NULL; i++)
        bytes_format(&text, "%s%s%s%s", i > 0 ? ", " : " ", mark, names[i],
                     mark);
    print_item(bytes_text(&text));
    bytes_clear(&text);
}

static void print_rules(const struct check_info *check)
{
    const char *names[RULE_COUNT + 1];
    size_t      count = 0;

    for (; check->rules[count] != RULE_NONE; count++)
        names[count] = rule_table[check->rules[count]].id;
    names[count] = NULL;
    print_names("Rules", names, "");
}

void checks_page_print(void)
{
    const struct check_info *check;

    printf("# The checks\n\n"
           "Made by `retrial explain checks` from the checks themselves "
           "(`judge/check_*.c`); a test holds this page to them.\n"
           "A check is a pure function of a trial's plan, profile and record. "
           "[How blame is laid](#how-blame-is-laid) stands\n"
           "below the list.\n");
    for (size_t i = 0; (check = judge_check(i)) != NULL; i++) {
        printf("\n## %s\n", check->name);
        print_rules(check);
        print_sentence("Looks at", check->looks_at);
        print_sentence("Evidence", check->evidence);
        print_names("Killed by", check->killed_by, "`");
    }
}
