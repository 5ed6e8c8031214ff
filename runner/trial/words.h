/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_WORDS_H
#define RUNNER_TRIAL_WORDS_H

/* A list of words, NULL-terminated, as argv is. NULL is one without any. */

#include <stddef.h>

size_t words_count(char *const *words);
void words_add(char ***words, char *word); /* takes the word */
void words_free(char **words);

#endif
