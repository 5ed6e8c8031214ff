/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_GZIP_H
#define CLIENT_GZIP_H

#include "common/bytes.h"

/* Appends the input as one gzip member. */
void gzip_pack(const struct bytes *input, struct bytes *packed);

#endif
