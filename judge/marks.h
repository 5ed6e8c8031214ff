/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_MARKS_H
#define JUDGE_MARKS_H

/* Events found by their marks.
 *
 * Each event that a client is handed carries a text of its own (model/plan.h),
 * and whatever a body's form, that text stands in it: as it is (JSON, lines of
 * it, protobuf, msgpack), or within the escapes or the Base64 of a form's
 * field. So a batch is known without a parser for each form. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* The numbers of the plan's events, each once, in the order in which their
 * marks come first; numbers has room for PLAN_EVENTS_MAX. Returns how many.
 * Takes time and memory in proportion to the text. */
size_t marks_find(const struct bytes *text, unsigned *numbers);
/* A field of that name has that value, found likewise. */
bool marks_have_field(const struct bytes *text, const char *name,
                      const char *value);

#endif
