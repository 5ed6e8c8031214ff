/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: a wrong one taken for another before the job is read. */

#include "client/mutants/mutant.h"
#include "common/alloc.h"

#include <cJSON.h>
#include <stdbool.h>

/* The input with another value for each setting that is wrong so, or without
 * the setting where there is none. */
static char *mend_config(const char *input, bool (*is_wrong)(const cJSON *item),
                         const char *json)
{
    cJSON       *job = cJSON_Parse(input);
    cJSON       *config = cJSON_GetObjectItemCaseSensitive(job, "config");
    const cJSON *item = config ? config->child : NULL;
    char        *printed;
    char        *text;

    while (item != NULL) {
        const char *name = item->string;
        bool        wrong = is_wrong(item);

        item = item->next;
        if (wrong && json != NULL)
            cJSON_ReplaceItemInObjectCaseSensitive(config, name,
                                                   cJSON_CreateRaw(json));
        else if (wrong)
            cJSON_DeleteItemFromObjectCaseSensitive(config, name);
    }
    printed = cJSON_PrintUnformatted(job);
    text = alloc_text(printed);
    cJSON_free(printed);
    cJSON_Delete(job);
    return text;
}

static bool is_null(const cJSON *item)
{
    return cJSON_IsNull(item);
}

static bool is_negative(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble < 0;
}

static bool is_no_number(const cJSON *item)
{
    return !cJSON_IsNumber(item) && !cJSON_IsNull(item);
}

static char *take_null_for_default(const char *input)
{
    return mend_config(input, is_null, NULL);
}

static char *take_negative_for_one(const char *input)
{
    return mend_config(input, is_negative, "1");
}

static char *take_junk_for_default(const char *input)
{
    return mend_config(input, is_no_number, NULL);
}

/* clang-format off */
const struct mutant mutants_config[] = {
    {"null-limit-is-default", "BUDGET-6", "Takes null for the default.",
     {.read = take_null_for_default}},
    {"negative-limit-is-one", "BUDGET-6", "Takes a negative limit for 1.",
     {.read = take_negative_for_one}},
    {"junk-limit-is-default", "BUDGET-6",
     "Takes a limit that is no number for the default.",
     {.read = take_junk_for_default}},
    {.name = NULL},
};
/* clang-format on */
