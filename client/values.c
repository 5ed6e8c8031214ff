/* SPDX-License-Identifier: Apache-2.0 */
#include "client/values.h"

#include <string.h>

const cJSON *values_get(const cJSON *values, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(values, name);

    return cJSON_IsNull(value) ? NULL : value;
}

const char *values_text(const cJSON *values, const char *name)
{
    return cJSON_GetStringValue(values_get(values, name));
}

bool values_say(const cJSON *values, const char *name, const char *word)
{
    const char *said = values_text(values, name);

    return said != NULL && strcmp(said, word) == 0;
}

void values_take_number(const cJSON *values, const char *name, double *number)
{
    const cJSON *value = values_get(values, name);

    if (cJSON_IsNumber(value))
        *number = value->valuedouble;
}
