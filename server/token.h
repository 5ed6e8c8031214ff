/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_TOKEN_H
#define SERVER_TOKEN_H

/* A request for a token as the authorization server reads it. What is played
 * does not depend on it: a bad signature is written down, not refused. */

#include "model/record.h"
#include "server/keys/credential.h"

/* Notes what is wrong with the assertion's signature. */
void token_check(struct attempt *attempt, const struct credential *credential);

#endif
