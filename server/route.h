/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

/* Which route a request is for. SDKs differ in their paths, so that any
 * POST is ingest unless it is for a token, and the settings are found under
 * any prefix. */

#include "model/plan.h"

enum route route_of(const char *method, const char *target);

#endif
