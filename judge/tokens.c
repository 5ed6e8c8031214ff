/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/tokens.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <cJSON.h>
#include <stdlib.h>
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

    assert(attempt->route == ROUTE_TOKEN);
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

/* ---- who was given a token, looked up: a client may ask for very many ---- */

static int compare_given(const struct grant *grant, const char *token,
                         int64_t given_ns)
{
    int order = strcmp(grant->token, token);

    if (order != 0)
        return order;
    return (grant->attempt->answering_ns > given_ns) -
           (grant->attempt->answering_ns < given_ns);
}

static int by_token(const void *left, const void *right)
{
    const struct given_token *a = left;
    const struct given_token *b = right;

    return compare_given(a->grant, b->grant->token,
                         b->grant->attempt->answering_ns);
}

static void sort_given(struct tokens *tokens)
{
    struct given_token *given =
        alloc_zero(tokens->count + 1, sizeof tokens->given[0]);
    size_t count = 0;

    for (size_t i = 0; i < tokens->count; i++)
        if (tokens->items[i].token != NULL)
            given[count++].grant = &tokens->items[i];
    qsort(given, count, sizeof given[0], by_token);
    for (size_t i = 0; i < count; i++) {
        given[i].latest = given[i].grant;
        if (i > 0 && given[i - 1].latest > given[i].grant &&
            strcmp(given[i - 1].grant->token, given[i].grant->token) == 0)
            given[i].latest = given[i - 1].latest;
    }
    tokens->given = given;
    tokens->given_count = count;
}

static struct grant *find(const struct tokens  *tokens,
                          const struct attempt *attempt)
{
    const char *token = tokens_carried(attempt);
    size_t      low = 0;
    size_t      high = tokens->given_count;

    if (token == NULL)
        return NULL;
    while (low < high) { /* the first that was given later */
        size_t middle = low + (high - low) / 2;

        if (compare_given(tokens->given[middle].grant, token,
                          attempt->arrived_ns) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || strcmp(tokens->given[low - 1].grant->token, token) != 0)
        return NULL;
    assert(tokens->given[low - 1].latest >= tokens->given[low - 1].grant);
    return tokens->given[low - 1].latest;
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

struct tokens *tokens_new(const struct history *history)
{
    const struct record *record = history->record;
    struct tokens       *tokens;
    size_t               asked = 0;

    if (!history->terms.oauth)
        return NULL;
    tokens = alloc_zero(1, sizeof *tokens);
    for (size_t i = 0; i < record->attempt_count; i++)
        asked += record->attempts[i]->route == ROUTE_TOKEN;
    *tokens = (struct tokens){
        .history = history,
        .items = alloc_zero(asked + 1, sizeof tokens->items[0]),
    };
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->route == ROUTE_TOKEN)
            add(tokens, record->attempts[i], tokens->count + 1 < asked);
    assert(tokens->count == asked);
    sort_given(tokens);
    for (size_t i = 0; i < history->count; i++)
        note_refusal(tokens, &history->items[i]);
    return tokens;
}

void tokens_free(struct tokens *tokens)
{
    if (tokens == NULL)
        return;
    for (size_t i = 0; i < tokens->count; i++)
        alloc_free(tokens->items[i].token);
    alloc_free(tokens->items);
    alloc_free(tokens->given);
    alloc_free(tokens);
}
