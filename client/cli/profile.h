/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CLI_PROFILE_H
#define CLIENT_CLI_PROFILE_H

/* A profile's file as the client library takes it: the values of both its
 * halves in one JSON object, over those of the files that it extends, which
 * stand beside it. */

#include "common/err.h"

/* Yours; NULL = it cannot be read, or is no profile. */
char *MUST_USE profile_flatten(const char *path, struct err *err);

#endif
