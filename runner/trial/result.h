/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_RESULT_H
#define RUNNER_TRIAL_RESULT_H

/* What a client says of itself on stdout: its last JSON value, which may span
 * lines and must hold `success`. Everything else is advisory. Pure. */

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum { RESULT_BYTES_MAX = 4 << 20 }; /* with all that is printed before it */

struct result {
    bool  found;
    bool  success;
    char *error;        /* its words; NULL = none */
    char *capabilities; /* more than the contract's base: its words, a space
                         * between two; NULL = it says none */
    char *trouble; /* why nothing was found */
};

void result_parse(struct result *result, const char *text, size_t length_bytes);
/* Of contract stdio: one line, that object and nothing else. */
void result_parse_line(struct result *result, const char *line,
                       size_t length_bytes);
void result_clear(struct result *result);

#endif
