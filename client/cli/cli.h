/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CLI_CLI_H
#define CLIENT_CLI_CLI_H

/* The e2e contract: --input JSON in, one JSON line out, 0 if every event was
 * delivered, 1 if not, 2 if it was called wrongly. And the stdio contract:
 * --stdio, such a line in for each job, one out, until stdin ends; each job
 * has a client of its own. */

#include "client/hook.h"

struct cli_program {
    const char         *usage; /* what --help prints */
    const char         *name;  /* "retrial-client" */
    const struct hooks *hooks; /* NULL = none */
    const char         *profile; /* its values; NULL = Segment's contract */
};

/* argv without the program's name. Returns the exit code. A profile is a file
 * behind --profile, or the values of one in RETRIAL_PROFILE. */
int cli_main(const struct cli_program *program, int argc, char **argv);

/* One line to stderr and the exit code for it. */
int cli_wrong(const struct cli_program *program, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
