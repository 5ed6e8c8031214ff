/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/faults_page.h"

#include "common/text.h"
#include "model/fault.h"
#include "runner/proof/proof.h"

#include <inttypes.h>
#include <stdio.h>

static void print_value(enum fault_param param, int64_t value)
{
    char text[TEXT_DURATION_MAX];

    switch (fault_param_kind(param)) {
    case PARAM_NUMBER:
        printf("%" PRId64, value);
        break;
    case PARAM_WORD:
        printf("\"%s\"", fault_by_name((enum fault_by)value));
        break;
    case PARAM_DURATION:
        printf("%s", text_from_duration(text, value));
        break;
    }
}

static void print_words(enum fault fault)
{
    struct fault_how how = fault_how_default(fault);
    const char      *comma = "";

    for (int i = 0; i < FAULT_PARAM_COUNT; i++) {
        if (!fault_takes(fault, (enum fault_param)i))
            continue;
        printf("%s%s = ", comma, fault_param_name((enum fault_param)i));
        print_value((enum fault_param)i, how.values[i]);
        comma = ", ";
    }
    if (fault_status(fault) != 0)
        printf("%san answer (%d)", comma, fault_status(fault));
    if (fault_status(fault) != 0)
        comma = ", ";
    if (fault_over(fault) == OVER_TLS)
        printf("%sonly over TLS", comma);
    else if (fault_over(fault) == OVER_CLEAR)
        printf("%sonly in the clear", comma);
}

static void print_family(enum fault_family family)
{
    printf("\n## %s: %s\n\n"
           "| fault | what happens | words | taken for | a raw peer sees |\n"
           "|---|---|---|---|---|\n",
           fault_family_name(family), fault_family_meaning(family));
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        enum fault fault = (enum fault)i;

        if (fault_family(fault) != family)
            continue;
        printf("| `%s` | %s | ", fault_name(fault), fault_meaning(fault));
        print_words(fault);
        printf(" | %s | %s |\n", fault_sees_name(fault_sees(fault)),
               promise_of(fault)->in_words);
    }
}

void faults_page_print(void)
{
    printf("# The faults\n\n"
           "Made by `retrial explain faults` from the one table in "
           "`model/fault.h`; a test holds this page to it. `retrial faults`\n"
           "proves the last column: a raw peer meets each fault of this very "
           "server, and says what it saw.\n\n"
           "A fault's words stand beside its name: `fault { \"cut-body\", "
           "after = 5, by = \"reset\" }`. Here they have their values\n"
           "unless said. A fault that comes with an answer takes all words of "
           "an answer, too. What a right client takes a fault\nfor:\n\n"
           "| | |\n|---|---|\n");
    for (int i = SEES_TROUBLE; i <= SEES_EITHER; i++)
        printf("| %s | %s |\n", fault_sees_name((enum fault_sees)i),
               fault_sees_meaning((enum fault_sees)i));
    for (int i = FAMILY_PORT; i <= FAMILY_AFTER; i++)
        print_family((enum fault_family)i);
}
