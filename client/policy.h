/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_POLICY_H
#define CLIENT_POLICY_H

/* The policy of another ingest, read from the values of its profile: one JSON
 * object, its names and meanings those of docs/profiles-published.md. A value
 * that is not there, or null, leaves what retry_policy_init set; a null law
 * or budget asks for nothing, so that anything is right. */

#include "client/ingest.h"
#include "client/retry.h"

/* Over the policy of retry_policy_init. False: this is no profile; err says
 * which value. */
bool MUST_USE policy_read(struct retry_policy *policy, const char *profile,
                          struct err *err);

/* What the policy reads of an answer; yours (answer_fields_clear). */
struct answer_fields policy_answer_fields(const char *profile);

#endif
