/* SPDX-License-Identifier: Apache-2.0 */
/* The token endpoint's failures: what passes is waited for and tried again, a
 * refusal ends the wait and is reported. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"
#include "judge/tokens.h"

#define CHECK "token.endpoint"

static bool failed(const struct grant *grant)
{
    return grant->outcome.kind == OUTCOME_RETRIED ||
           grant->outcome.kind == OUTCOME_NETWORK;
}

static bool is_refusal(const struct grant *grant)
{
    return grant->outcome.kind == OUTCOME_DROPPED &&
           (grant->attempt->status == 400 || grant->attempt->status == 401);
}

static const char *answer_of(char                  buffer[EVIDENCE_MAX],
                             const struct grant   *grant,
                             const struct profile *profile)
{
    const struct attempt_view view = {
        .attempt = grant->attempt,
        .obligation.retry_after =
            retry_after_read(grant->attempt, INT64_MAX, profile),
    };

    return evidence_answer(buffer, &view);
}

/* ---- retried ---- */

/* How often a client asks for a token in all is its own affair, and so is its
 * budget of time; but the first failure must not be the last. */
static bool must_retry(const struct tokens *tokens, size_t index)
{
    const struct terms *terms = &tokens->history->terms;
    bool first = index == 0 || !failed(&tokens->items[index - 1]);
    bool is_retried =
        tokens->items[index].outcome.kind != OUTCOME_NETWORK ||
        profile_status(terms->profile, 0, terms->oauth) == STATUS_RETRIED;

    return first && is_retried && terms->retries > 0 &&
           terms->plan->given.config[CONFIG_MAX_TOTAL_BACKOFF] ==
               CONFIG_UNSET &&
           terms->plan->given.config[CONFIG_MAX_RATE_LIMIT] == CONFIG_UNSET;
}

static void judge_failure(const struct tokens *tokens, size_t index,
                          struct verdict *verdict)
{
    const struct grant *grant = &tokens->items[index];
    char                answer[EVIDENCE_MAX];

    if (index + 1 < tokens->count) {
        verdict_saw(verdict, RULE_AUTH_6);
        return;
    }
    if (!must_retry(tokens, index) || !leaving_by_itself(tokens->history))
        return;
    verdict_saw(verdict, RULE_AUTH_6);
    verdict_find(verdict, RULE_AUTH_6, CHECK, grant->attempt->number,
                 "no token was asked for again after this failure of the token "
                 "endpoint (%s), and the client exited",
                 answer_of(answer, grant, tokens->history->profile));
}

/* The endpoint's Retry-After is a 429's, as anywhere. */
static void judge_wait(const struct tokens *tokens, size_t index,
                       struct verdict *verdict)
{
    const struct terms      *terms = &tokens->history->terms;
    const struct grant      *grant = &tokens->items[index];
    const struct grant      *next = &tokens->items[index + 1];
    struct retry_after_value retry_after = retry_after_read(
        grant->attempt, terms->retry_after_cap_ns, terms->profile);
    int64_t waited_ns;
    char    waited[EVIDENCE_MAX];
    char    least[EVIDENCE_MAX];

    if (grant->attempt->status != 429 || retry_after.kind != RETRY_AFTER_WAIT ||
        !profile_honours_retry_after(terms->profile, 429, terms->oauth))
        return;
    waited_ns = next->attempt->arrived_ns - grant->outcome.from_ns;
    if (waited_ns + terms->early_ns >= retry_after.least_ns)
        return;
    verdict_find(verdict, RULE_AUTH_6, CHECK, next->attempt->number,
                 "a token was asked for %s after the token endpoint answered "
                 "429 with Retry-After: %.20s; allowed is %s or more",
                 evidence_seconds(waited, waited_ns), retry_after.value,
                 evidence_seconds(least, retry_after.least_ns));
}

/* ---- refused ---- */

/* Each batch may learn for itself that there is no token. */
static void judge_refusals(const struct tokens *tokens, struct verdict *verdict)
{
    const struct plan *plan = tokens->history->plan;
    unsigned           batches = plan_batches(plan);
    unsigned           refusals = 0;
    char               answer[EVIDENCE_MAX];

    for (size_t i = 0; i < tokens->count; i++) {
        const struct grant *grant = &tokens->items[i];

        if (!is_refusal(grant))
            continue;
        verdict_saw(verdict, RULE_AUTH_6);
        if (++refusals <= batches)
            continue;
        verdict_find(verdict, RULE_AUTH_6, CHECK, grant->attempt->number,
                     "a token was asked for after it had been refused (%s) "
                     "for each of %u batches; allowed is none",
                     answer_of(answer, grant, tokens->history->profile),
                     batches);
        return;
    }
}

/* The last word of the endpoint was no: nothing more is sent, and the client
 * says so. */
static void judge_end(const struct tokens *tokens, struct verdict *verdict)
{
    const struct history        *history = tokens->history;
    const struct client_outcome *outcome = &history->record->outcome;
    const struct grant          *last = &tokens->items[tokens->count - 1];

    if (!is_refusal(last))
        return;
    if (outcome->end == CLIENT_TIMED_OUT)
        verdict_find(verdict, RULE_AUTH_6, CHECK, last->attempt->number,
                     "the refusal (%d) did not end the wait: the client "
                     "outlived its limit",
                     last->attempt->status);
    if (!leaving_by_itself(history) || !outcome->has_result)
        return;
    if (outcome->success)
        verdict_find(verdict, RULE_AUTH_6, CHECK, last->attempt->number,
                     "the client reported success, though the token was "
                     "refused (%d)",
                     last->attempt->status);
    else if (outcome->error == NULL || outcome->error[0] == '\0')
        verdict_find(verdict, RULE_AUTH_6, CHECK, last->attempt->number,
                     "the client reported the refusal (%d) without an error "
                     "text",
                     last->attempt->status);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct tokens *tokens = history->tokens;

    if (tokens == NULL)
        return;
    for (size_t i = 0; i < tokens->count; i++) {
        if (!failed(&tokens->items[i]))
            continue;
        judge_failure(tokens, i, verdict);
        if (i + 1 < tokens->count)
            judge_wait(tokens, i, verdict);
    }
    judge_refusals(tokens, verdict);
    if (tokens->count > 0)
        judge_end(tokens, verdict);
}

const struct check check_token_endpoint = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_AUTH_6),
            .looks_at = "what a client does when the token endpoint fails (it "
                        "asks again) or refuses (it stops and says so)",
            .evidence =
                "the endpoint's answer. The client chooses how often it asks, "
                "but the first failure must not be the last. Each batch may "
                "learn of a refusal (400, 401) for itself, so as many refusals "
                "are right as there are batches",
            .killed_by = LIST("token-failure-is-final", "token-refusal-retried",
                              "token-retry-after-ignored"),
        },
    .judge = judge,
};
