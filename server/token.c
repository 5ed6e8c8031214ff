#include "server/token.h"

#include <string.h>

#define FIELD "client_assertion="

/* The value of the form's field; a JSON Web Token needs no escapes. */
static const char *find_assertion(const char *form, size_t *length_bytes)
{
    const char *at = form;

    while (at != NULL && strncmp(at, FIELD, strlen(FIELD)) != 0) {
        at = strchr(at, '&');
        at = at ? at + 1 : NULL;
    }
    if (at == NULL)
        return NULL;
    at += strlen(FIELD);
    *length_bytes = strcspn(at, "&");
    return at;
}

void token_check(struct attempt *attempt, const struct credential *credential)
{
    size_t      length_bytes = 0;
    const char *assertion =
        attempt->body ? find_assertion(attempt->body, &length_bytes) : NULL;
    const char *wrong;

    if (assertion == NULL) {
        attempt_violation(attempt, "no client_assertion (RFC 7523, 2.2)");
        return;
    }
    wrong = credential_refuses(credential, assertion, length_bytes);
    if (wrong != NULL)
        attempt_violation(attempt, "the client_assertion %s", wrong);
}
