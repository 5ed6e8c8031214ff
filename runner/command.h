/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_COMMAND_H
#define RUNNER_COMMAND_H

/* One command, one file, one struct: adding one is a file and a line in
 * COMMAND_MAP. */

#include "common/err.h"

#include <stdint.h>

/* What the program's exit code means. */
enum exit_code {
    EXIT_CERTIFIED = 0,
    EXIT_NOT_CERTIFIED = 1,
    EXIT_USAGE = 2,
    EXIT_SCENARIO_BROKEN = 3,
    EXIT_CLIENT_NOT_RUN = 4, /* or a verdict stayed inconclusive, or nothing
                              * was exercised */
    EXIT_OURS = 5,
    EXIT_SIGNAL = 128, /* and the signal by which the user ended it */
};

struct options;

struct command {
    const char *name;
    const char *synopsis; /* what stands after the name */
    const char *about;    /* one line */
    uint32_t    flags;    /* those it takes: OPTION_BIT of each */
    /* *exit_code is set when true is returned. */
    bool (*run)(const struct options *options, enum exit_code *exit_code,
                struct err *err);
};

/* NAME is cmd_NAME, in cmd_NAME.c. */
#define COMMAND_MAP(X)                                                         \
    X(certify)                                                                 \
    X(serve)                                                                   \
    X(judge)                                                                   \
    X(plan)                                                                    \
    X(list)                                                                    \
    X(explain)                                                                 \
    X(faults)                                                                  \
    X(diff_profiles)

#define X(name) extern const struct command cmd_##name;
COMMAND_MAP(X)
#undef X

const struct command *command_find(const char *name); /* NULL = none */
const struct command *command_listed(unsigned index); /* NULL = no more */
/* "retrial NAME SYNOPSIS", what it does and its flags, to stdout. */
void command_help(const struct command *command);

#endif
