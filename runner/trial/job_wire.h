/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_JOB_WIRE_H
#define RUNNER_TRIAL_JOB_WIRE_H

/* How a client of contract env is told where and as whom it sends: the
 * profile's path and credentials, ready to be used. All texts are yours. */

#include "model/profile.h"

/* As it stands in a query or a form. */
char *job_escape(const char *text);

/* The server's address with the path of a batch, and with the write key, where
 * that belongs into the query. */
char *job_url(const struct profile *profile, const char *address,
              const char *write_key);
/* The value of Authorization; NULL = none is asked for. */
char *job_authorization(const struct profile *profile, const char *write_key);
/* The Content-Type of a batch; not yours. */
const char *job_type(const struct profile *profile);
/* The header fields of a batch, a line each: its type, and credentials. */
char *job_headers(const struct profile *profile, const char *write_key);

#endif
