/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_JSON_VALUE_H
#define REPORTS_JSON_VALUE_H

/* Values in a report's JSON: texts masked, times in milliseconds. */

#include "model/header.h"
#include "reports/mask.h"

#include <cJSON.h>
#include <stdint.h>

/* null where there is none, as do all. */
void json_add_line(struct mask *mask, cJSON *object, const char *name,
                   const char *text);
/* What a client says of itself may be of megabytes. */
void json_add_words(struct mask *mask, cJSON *object, const char *name,
                    const char *text);
void json_add_block(struct mask *mask, cJSON *object, const char *name,
                    const char *text);
/* The bytes of what was wrong, where they were kept. */
void json_add_raw(struct mask *mask, cJSON *object, const char *raw,
                  size_t raw_bytes);
/* To a list of texts; takes the text. */
void json_add_item(cJSON *list, char *text);
void json_add_headers(struct mask *mask, cJSON *object, const char *name,
                      const struct header_list *headers);
/* Milliseconds, in whole microseconds: nobody measured finer. */
double json_to_ms(int64_t time_ns);
void json_add_time(cJSON *object, const char *name, int64_t time_ns);

#endif
