#include "runner/command.h"

#include "runner/options.h"

#include <stdio.h>
#include <string.h>

extern const struct command cmd_certify;
extern const struct command cmd_serve;
extern const struct command cmd_judge;
extern const struct command cmd_plan;
extern const struct command cmd_list;
extern const struct command cmd_explain;
extern const struct command cmd_faults;

static const struct command *const commands[] = {
    &cmd_certify, &cmd_serve,   &cmd_judge,  &cmd_plan,
    &cmd_list,    &cmd_explain, &cmd_faults,
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
    printf("usage: retrial %s %s\n\n%s\n", command->name, command->synopsis,
           command->about);
    if (command->flags != NULL) {
        printf("\n");
        options_print_help(*command->flags);
    }
}
