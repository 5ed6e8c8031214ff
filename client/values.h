/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_VALUES_H
#define CLIENT_VALUES_H

/* The values of a profile, as policy.h and wire.h read them. */

#include <cJSON.h>
#include <stdbool.h>

/* NULL: it is not there, or null. */
const cJSON *values_get(const cJSON *values, const char *name);
const char *values_text(const cJSON *values, const char *name);
/* It is this word. */
bool values_say(const cJSON *values, const char *name, const char *word);
/* Left as it is where there is none. */
void values_take_number(const cJSON *values, const char *name, double *number);

#endif
