/* SPDX-License-Identifier: Apache-2.0 */
#include "client/oauth.h"

#include "client/assertion.h"
#include "client/config.h"
#include "client/event.h"
#include "common/alloc.h"
#include "common/clock.h"

#include <assert.h>
#include <curl/curl.h>

#define SCOPE_DEFAULT "tracking_api:write"

struct oauth {
    struct oauth_setup    setup;
    struct assertion_key *key;
    char                 *audience; /* the server, without a slash at its end */
    char                 *url; /* of its token endpoint */

    struct monitor monitor;
    struct token   token; /* text NULL = none */
    uint64_t       token_count; /* fetched so far */
    bool           fetching;
    uint64_t       fetch_number; /* 1, 2, 3 ... of the one that ended last */
    enum oauth_end fetch_end; /* how it ended, */
    char          *fetch_why; /* and why it failed */
};

struct oauth *oauth_new(const struct oauth_setup *setup, struct err *err)
{
    struct assertion_key *key = assertion_key_new(setup->config->key_file, err);
    struct oauth         *oauth;

    if (key == NULL)
        return NULL;
    oauth = alloc_zero(1, sizeof *oauth);
    oauth->setup = *setup;
    oauth->key = key;
    oauth->audience = config_base(setup->config->auth_server);
    oauth->url = alloc_format("%s/token", oauth->audience);
    monitor_init(&oauth->monitor);
    return oauth;
}

void oauth_free(struct oauth *oauth)
{
    if (oauth == NULL)
        return;
    monitor_clear(&oauth->monitor);
    token_clear(&oauth->token);
    assertion_key_free(oauth->key);
    alloc_free(oauth->fetch_why);
    alloc_free(oauth->url);
    alloc_free(oauth->audience);
    alloc_free(oauth);
}

/* ---- one request for a token ---- */

static void add_field(struct bytes *body, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(NULL, value, 0);

    bytes_format(body, "%s%s=%s", body->length > 0 ? "&" : "", name,
                 escaped ? escaped : "");
    curl_free(escaped);
}

static bool make_request(const struct oauth *oauth, struct rng *rng,
                         struct request *request)
{
    const struct ingest_oauth *config = oauth->setup.config;
    char                       unique_id[EVENT_UUID_MAX];
    struct assertion           assertion = {
                  .client_id = config->client_id,
                  .audience = oauth->audience,
                  .key_id = config->key_id,
                  .unique_id = event_uuid(unique_id, rng),
                  .now_wall_s = clock_wall_ns(clock_real()) / NS_PER_S,
    };
    char *signed_text = assertion_sign(oauth->key, &assertion);

    request_init(request);
    request->url = oauth->url;
    request->type = "application/x-www-form-urlencoded";
    if (signed_text == NULL)
        return false;
    add_field(&request->body, "grant_type", "client_credentials");
    add_field(&request->body, "client_assertion_type",
              "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    add_field(&request->body, "client_assertion", signed_text);
    add_field(&request->body, "scope",
              config->scope ? config->scope : SCOPE_DEFAULT);
    alloc_free(signed_text);
    return true;
}

/* A success that brought no token is as good as no answer, and a redirect is
 * not followed: the assertion is for this server alone. */
static void weigh(struct outcome *outcome, bool read)
{
    if (outcome->trouble != TROUBLE_NONE || read)
        return;
    if (outcome->status >= 200 && outcome->status <= 299)
        outcome->trouble = TROUBLE_GARBLED;
    else if (outcome->status >= 300 && outcome->status <= 399)
        outcome->status = 400;
}

static bool ask(struct oauth *oauth, struct sender *sender, struct rng *rng,
                struct token *token, struct outcome *outcome)
{
    const struct hooks *hooks = oauth->setup.hooks;
    int64_t             asked_ns = clock_now_ns(clock_real());
    struct request      request;
    bool                read = false;

    outcome_clear(outcome);
    outcome->began_ns = asked_ns;
    if (make_request(oauth, rng, &request)) {
        if (hooks->before_token != NULL)
            hooks->before_token(&request);
        sender_send(sender, &request, outcome);
        if (hooks->after_token != NULL)
            hooks->after_token(outcome);
        read = outcome->trouble == TROUBLE_NONE && outcome->status >= 200 &&
               outcome->status <= 299 &&
               token_read(&outcome->body, asked_ns, token);
        weigh(outcome, read);
    } else {
        outcome->trouble = TROUBLE_OTHER;
        outcome->ended_ns = clock_now_ns(clock_real());
    }
    request_clear(&request);
    return read;
}

/* ---- a fetch: asked until there is a token or an end ---- */

static char *describe(const struct outcome *outcome, enum drop drop)
{
    assert(drop != DROP_SHUTDOWN); /* that is no failure */
    if (outcome->trouble != TROUBLE_NONE)
        return alloc_format("no OAuth token: %s: %s",
                            trouble_text(outcome->trouble), drop_text(drop));
    return alloc_format("no OAuth token: HTTP %d: %s", outcome->status,
                        drop_text(drop));
}

static enum oauth_end fetch(struct oauth *oauth, struct sender *sender,
                            struct rng *rng, struct token *token, char **why)
{
    const struct retry_policy *policy = oauth->setup.policy;
    enum oauth_end             end = OAUTH_READY;
    struct move                move = {.kind = MOVE_WAIT};
    struct outcome             outcome;
    struct retry               retry;

    outcome_init(&outcome);
    retry_init(&retry);
    while (move.kind == MOVE_WAIT) {
        if (!gate_pass(oauth->setup.gate, move.until_ns)) {
            end = OAUTH_STOPPED;
            break;
        }
        if (ask(oauth, sender, rng, token, &outcome))
            break;
        move = retry_next(policy, &retry, &outcome, rng_unit(rng));
        if (move.kind == MOVE_DROP && move.drop == DROP_SHUTDOWN) {
            end = OAUTH_STOPPED;
        } else if (move.kind == MOVE_DROP) {
            end = OAUTH_FAILED;
            *why = describe(&outcome, move.drop);
        }
    }
    outcome_clear(&outcome);
    return end;
}

/* With the lock, which is given up while we ask. */
static void lead_fetch(struct oauth *oauth, struct sender *sender,
                       struct rng *rng)
{
    struct token   token = {.text = NULL};
    char          *why = NULL;
    enum oauth_end end;

    assert(!oauth->fetching);
    oauth->fetching = true;
    monitor_unlock(&oauth->monitor);
    end = fetch(oauth, sender, rng, &token, &why);
    monitor_lock(&oauth->monitor);
    if (end == OAUTH_READY) {
        token.number = ++oauth->token_count;
        token_copy(&oauth->token, &token);
    }
    alloc_free(oauth->fetch_why);
    oauth->fetch_why = why;
    oauth->fetch_end = end;
    oauth->fetch_number++;
    oauth->fetching = false;
    monitor_notify(&oauth->monitor);
    token_clear(&token);
}

/* With the lock: waits for the fetch that is under way. */
static void join_fetch(struct oauth *oauth)
{
    uint64_t before = oauth->fetch_number;

    assert(oauth->fetching);
    while (oauth->fetch_number == before)
        monitor_wait(&oauth->monitor, MONITOR_FOREVER);
}

/* A token that was fetched a moment ago is used even if it will not live
 * long: there is no better one. */
static bool may_use(const struct oauth *oauth, bool fetched_now)
{
    const struct hooks *hooks = oauth->setup.hooks;
    bool                lives =
        fetched_now || clock_now_ns(clock_real()) < oauth->token.renew_ns;

    return oauth->token.text != NULL && lives &&
           (hooks->reuse_token == NULL || hooks->reuse_token());
}

enum oauth_end oauth_take(struct oauth *oauth, struct sender *sender,
                          struct rng *rng, struct token *token, char **why)
{
    enum oauth_end end = OAUTH_READY;
    bool           had = false;

    monitor_lock(&oauth->monitor);
    had = may_use(oauth, false);
    while (end == OAUTH_READY && !had) {
        if (oauth->fetching) {
            join_fetch(oauth);
            had = may_use(oauth, true); /* or somebody forgot it already */
        } else {
            lead_fetch(oauth, sender, rng);
            had = true;
        }
        end = oauth->fetch_end;
    }
    assert((end == OAUTH_READY) <= (oauth->token.text != NULL));
    if (end == OAUTH_READY)
        token_copy(token, &oauth->token);
    if (end == OAUTH_FAILED)
        *why = alloc_text(oauth->fetch_why);
    monitor_unlock(&oauth->monitor);
    return end;
}

void oauth_forget(struct oauth *oauth, uint64_t token_number)
{
    monitor_lock(&oauth->monitor);
    if (oauth->token.number == token_number)
        token_clear(&oauth->token);
    monitor_unlock(&oauth->monitor);
}

bool oauth_is_void_after(int status)
{
    switch (status) {
    case 400: /* Bad Request */
    case 401: /* Unauthorized */
    case 403: /* Forbidden */
    case 511: /* Network Authentication Required */
        return true;
    default:
        return false;
    }
}
