/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/command.h"

#include "runner/options.h"

#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
#define X(name) &cmd_##name,
    COMMAND_MAP(X)
#undef X
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

const struct command *command_find(const char *name)
{
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const struct command *command_listed(unsigned index)
{
    return index < COMMAND_COUNT ? commands[index] : NULL;
}

void command_help(const struct command *command)
{
    printf("usage: retrial %s %s\n\n%s\n\n", command->name, command->synopsis,
           command->about);
    options_print_help(command->flags);
}
