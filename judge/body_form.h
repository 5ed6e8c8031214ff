/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_BODY_FORM_H
#define JUDGE_BODY_FORM_H

/* Whether a body has the form that its profile says. Of the forms but JSON
 * only the frame is looked at: nothing is read out of it (marks.h). */

#include "common/bytes.h"
#include "model/profile.h"

#include <cJSON.h>
#include <stdbool.h>

/* The whole text as one JSON value, yours; NULL = it is none. */
cJSON *body_form_json(const char *text, size_t length);

/* The profile says a form, and not JSON. */
bool body_form_fits(const struct profile *profile, const struct bytes *text);

#endif
