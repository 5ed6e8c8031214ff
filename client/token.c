/* SPDX-License-Identifier: Apache-2.0 */
#include "client/token.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <assert.h>
#include <cJSON.h>
#include <string.h>

/* Longer than any token is let live. */
#define LIFE_MAX_S 1e9

/* b64token (RFC 6750, 2.1): nothing that could end a header field. */
static bool is_token68(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz"
                                 "0123456789-._~+/");

    return length > 0 && length <= TOKEN_TEXT_MAX &&
           text[length + strspn(text + length, "=")] == '\0';
}

/* Without a type it can only be meant as a bearer token. */
static bool is_bearer(const cJSON *type)
{
    return type == NULL || (cJSON_IsString(type) &&
                            text_equal_nocase(type->valuestring, "Bearer"));
}

/* False when it is there and is no length of a life. */
static bool read_renewal(const cJSON *expires_in, int64_t asked_ns,
                         int64_t *renew_ns)
{
    int64_t life_ns;
    int64_t margin_ns;

    *renew_ns = INT64_MAX;
    if (expires_in == NULL)
        return true;
    if (!cJSON_IsNumber(expires_in) || !(expires_in->valuedouble >= 0))
        return false;
    if (expires_in->valuedouble > LIFE_MAX_S)
        return true;
    life_ns = (int64_t)(expires_in->valuedouble * (double)NS_PER_S);
    margin_ns = life_ns / 10;
    if (margin_ns > TOKEN_MARGIN_NS)
        margin_ns = TOKEN_MARGIN_NS;
    *renew_ns = asked_ns + life_ns - margin_ns;
    return true;
}

bool token_read(const struct bytes *body, int64_t asked_ns, struct token *token)
{
    cJSON      *json = cJSON_Parse(bytes_text(body));
    const char *text = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(json, "access_token"));
    int64_t renew_ns;
    bool    ok;

    ok = text != NULL && is_token68(text) &&
         is_bearer(cJSON_GetObjectItemCaseSensitive(json, "token_type")) &&
         read_renewal(cJSON_GetObjectItemCaseSensitive(json, "expires_in"),
                      asked_ns, &renew_ns);
    if (ok) {
        alloc_free(token->text);
        token->text = alloc_text(text);
        token->renew_ns = renew_ns;
    }
    cJSON_Delete(json);
    return ok;
}

void token_copy(struct token *to, const struct token *from)
{
    assert(to != from);
    alloc_free(to->text);
    *to = *from;
    to->text = alloc_text(from->text);
}

void token_clear(struct token *token)
{
    alloc_free(token->text);
    *token = (struct token){.text = NULL};
}
