/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/words.h"

#include "common/alloc.h"

size_t words_count(char *const *words)
{
    size_t count = 0;

    while (words != NULL && words[count] != NULL)
        count++;
    return count;
}

void words_add(char ***words, char *word)
{
    size_t count = words_count(*words);

    *words = alloc_grow(*words, count + 2, sizeof **words);
    (*words)[count] = word;
    (*words)[count + 1] = NULL;
}

void words_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        alloc_free(words[i]);
    alloc_free(words);
}
