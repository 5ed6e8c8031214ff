/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_BASE64_H
#define COMMON_BASE64_H

/* Base64 (RFC 4648, section 4), for Basic credentials and for bodies that are
 * not text; and its form for URLs (section 5, unpadded), for JSON Web
 * Tokens. */

#include "common/bytes.h"

#include <stdbool.h>

/* The text is yours (alloc_free). */
char *base64_encode(const void *data, size_t length_bytes);

/* Appends the decoded bytes; false on anything but canonical Base64. */
bool base64_decode(const char *text, struct bytes *decoded);

/* The same two with '-' and '_' for '+' and '/', and no padding. */
char *base64url_encode(const void *data, size_t length_bytes);
bool base64url_decode(const char *text, size_t length, struct bytes *decoded);

#endif
