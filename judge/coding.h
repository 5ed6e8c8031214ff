/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CODING_H
#define JUDGE_CODING_H

/* The Content-Encoding of a body, and how it is undone: gzip of any number of
 * members (RFC 1952), and deflate with or without its zlib frame, as clients
 * send it (RFC 9110, 8.4.1.2). */

#include "common/bytes.h"
#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>

enum coding { CODING_NONE, CODING_GZIP, CODING_DEFLATE, CODING_UNKNOWN };

enum coding coding_of(const struct attempt *attempt);
/* The profile's ingest takes it. */
bool coding_is_taken(const struct attempt *attempt,
                     const struct profile *profile);

enum coding_end { CODING_UNDONE, CODING_BROKEN, CODING_FULL };

/* Appends what the body was before: gzip or deflate. CODING_FULL: there is no
 * room for more of it. */
enum coding_end coding_undo(const struct attempt *attempt, enum coding coding,
                            struct bytes *out);

#endif
