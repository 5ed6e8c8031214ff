/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

/* Which route a request is for. SDKs differ in their paths, so that any
 * POST is ingest unless it is for a token, or the profile says another method,
 * or a path; and the settings are found under any prefix. */

#include "model/plan.h"
#include "model/profile.h"

/* profile: NULL = none. */
enum route route_of(const char *method, const char *target,
                    const struct profile *profile);

#endif
