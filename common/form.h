/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_FORM_H
#define COMMON_FORM_H

/* A form as a request's body (application/x-www-form-urlencoded). */

#include <stddef.h>

/* The field's value as it was sent, escapes and all: where it begins in the
 * form, and how long it is; NULL = there is no such field. */
const char *form_value(const char *form, const char *name,
                       size_t *length_bytes);

#endif
