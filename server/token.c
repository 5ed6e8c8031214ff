/* SPDX-License-Identifier: Apache-2.0 */
#include "server/token.h"

#include "common/form.h"

void token_check(struct attempt *attempt, const struct credential *credential)
{
    size_t length_bytes = 0;
    /* A JSON Web Token needs no escapes. */
    const char *assertion =
        form_value(attempt->body, "client_assertion", &length_bytes);
    const char *wrong;

    if (assertion == NULL) {
        attempt_violation(attempt, VIOLATION_OTHER,
                          "no client_assertion (RFC 7523, 2.2)");
        return;
    }
    wrong = credential_refuses(credential, assertion, length_bytes);
    if (wrong != NULL)
        attempt_violation(attempt, VIOLATION_OTHER, "the client_assertion %s",
                          wrong);
}
