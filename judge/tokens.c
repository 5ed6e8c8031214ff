#include "judge/tokens.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <cJSON.h>
#include <string.h>
#include <strings.h>

#define SCHEME "Bearer "

/* An answer's token, as RFC 6749, 5.1 has it. */
static void read_answer(struct grant *grant)
{
    cJSON      *json = cJSON_Parse(grant->attempt->answer_body);
    const char *token = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(json, "access_token"));
    const cJSON *life = cJSON_GetObjectItemCaseSensitive(json, "expires_in");

    grant->token = alloc_text(token);
    if (cJSON_IsNumber(life) && life->valuedouble >= 0 &&
        life->valuedouble < 1e9)
        grant->life_ns = (int64_t)(life->valuedouble * (double)NS_PER_S);
    cJSON_Delete(json);
}

static void add(struct tokens *tokens, const struct attempt *attempt,
                bool again)
{
    const struct history *history = tokens->history;
    struct grant         *grant = &tokens->items[tokens->count++];

    *grant = (struct grant){
        .attempt = attempt,
        .outcome = outcome_of(&history->terms, history->record, attempt, again),
        .life_ns = TIME_NEVER,
        .void_from_ns = INT64_MAX,
        .void_to_ns = INT64_MAX,
    };
    if (grant->outcome.kind == OUTCOME_DELIVERED &&
        attempt->answer_body != NULL)
        read_answer(grant);
}

const char *tokens_carried(const struct attempt *attempt)
{
    const char *value = header_get(&attempt->headers, "Authorization", 0);

    if (value == NULL || strncasecmp(value, SCHEME, strlen(SCHEME)) != 0)
        return NULL;
    return value + strlen(SCHEME);
}

static struct grant *find(const struct tokens  *tokens,
                          const struct attempt *attempt)
{
    const char *token = tokens_carried(attempt);

    for (size_t i = tokens->count; token != NULL && i-- > 0;) {
        struct grant *grant = &tokens->items[i];

        if (grant->token != NULL && strcmp(grant->token, token) == 0 &&
            grant->attempt->answering_ns <= attempt->arrived_ns)
            return grant;
    }
    return NULL;
}

const struct grant *tokens_grant_of(const struct tokens  *tokens,
                                    const struct attempt *attempt)
{
    return find(tokens, attempt);
}

/* AUTH-4's list. */
static bool makes_void(int status)
{
    return status == 400 || status == 401 || status == 403 || status == 511;
}

static void note_refusal(struct tokens *tokens, const struct attempt_view *view)
{
    struct grant *grant = find(tokens, view->attempt);

    if (grant == NULL || view->outcome.kind == OUTCOME_UNKNOWN ||
        !makes_void(view->attempt->status) ||
        view->outcome.from_ns >= grant->void_from_ns)
        return;
    grant->void_from_ns = view->outcome.from_ns;
    grant->void_to_ns = view->outcome.to_ns;
}

void tokens_init(struct tokens *tokens, const struct history *history)
{
    const struct record *record = history->record;
    size_t               asked = 0;

    for (size_t i = 0; i < record->attempt_count; i++)
        asked += record->attempts[i]->route == ROUTE_TOKEN;
    *tokens = (struct tokens){
        .history = history,
        .items = alloc_zero(asked + 1, sizeof tokens->items[0]),
    };
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->route == ROUTE_TOKEN)
            add(tokens, record->attempts[i], tokens->count + 1 < asked);
    for (size_t i = 0; i < history->count; i++)
        note_refusal(tokens, &history->items[i]);
}

void tokens_clear(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        alloc_free(tokens->items[i].token);
    alloc_free(tokens->items);
    *tokens = (struct tokens){0};
}
