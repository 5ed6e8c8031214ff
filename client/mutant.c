#include "client/mutant.h"

#include "client/mutant_oauth.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "common/rng.h"

#include <cJSON.h>
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A worker sees one batch at a time from its first attempt to its end, so what
 * a mistake remembers of a batch, or from one to the next, is the worker's. */
#define WORKER_MEMORY static _Thread_local

#define CONFIGURE(function)                                                    \
    static void function(struct ingest_config *config,                         \
                         struct retry_policy  *policy)

/* What is remembered of a client, by all its workers. */
static atomic_uint     client_retries;
static _Atomic int64_t limited_ns; /* how long its last rate limit was */
static atomic_bool     stopped;

void mutant_forget(void)
{
    atomic_store(&client_retries, 0);
    atomic_store(&limited_ns, 0);
    atomic_store(&stopped, false);
}

/* The policy after configure; read only when the workers run. */
static struct retry_policy known_policy;

CONFIGURE(know_policy)
{
    (void)config;
    known_policy = *policy;
}

/* ---- X-Retry-Count ---- */

static void set_count(struct request *request, unsigned count)
{
    alloc_free(request->retry_count);
    request->retry_count = count > 0 ? alloc_format("%u", count) : NULL;
}

static bool count_never(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    set_count(request, 0);
    return false;
}

static bool count_zero(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry == 0)
        request->retry_count = alloc_text("0");
    return false;
}

WORKER_MEMORY unsigned counted_before_wait;

static bool count_since_wait(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry == 0)
        counted_before_wait = 0;
    set_count(request, request->retry - counted_before_wait);
    return false;
}

static void note_wait(const struct request *request,
                      const struct outcome *outcome, struct retry *retry,
                      struct move *move)
{
    (void)request;
    (void)outcome;
    if (move->blocks_all)
        counted_before_wait = retry->retries;
}

static bool count_of_client(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry > 0)
        atomic_fetch_add(&client_retries, 1);
    set_count(request, atomic_load(&client_retries));
    return false;
}

/* ---- credentials and bodies ---- */

static bool forget_authorization(struct request *request,
                                 struct outcome *outcome)
{
    (void)outcome;
    alloc_free(request->authorization);
    request->authorization = NULL;
    return false;
}

static bool forget_authorization_later(struct request *request,
                                       struct outcome *outcome)
{
    return request->retry > 0 && forget_authorization(request, outcome);
}

/* A value that was never checked for line breaks carries a header of its
 * own. */
static bool inject_host(struct request *request, struct outcome *outcome)
{
    char *injected = alloc_format("%s\r\nHost: elsewhere.example",
                                  request->authorization);

    (void)outcome;
    alloc_free(request->authorization);
    request->authorization = injected;
    return false;
}

static bool cut_body(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->body.data[--request->body.length] = '\0';
    return false;
}

static void rewrite(struct request *request, void (*change)(cJSON *body))
{
    cJSON *body = cJSON_Parse(request->body.data);
    char  *text;

    change(body);
    text = cJSON_PrintUnformatted(body);
    bytes_clear(&request->body);
    bytes_add(&request->body, text);
    cJSON_free(text);
    cJSON_Delete(body);
}

static cJSON *events_of(cJSON *body)
{
    return cJSON_GetObjectItemCaseSensitive(body, "batch");
}

static void repeat_last(cJSON *body)
{
    cJSON *events = events_of(body);
    int    last = cJSON_GetArraySize(events) - 1;

    cJSON_AddItemToArray(
        events, cJSON_Duplicate(cJSON_GetArrayItem(events, last), true));
}

static bool repeat_last_later(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry > 0)
        rewrite(request, repeat_last);
    return false;
}

static void leave_out_first(cJSON *body)
{
    cJSON *events = events_of(body);

    if (cJSON_GetArraySize(events) > 1)
        cJSON_DeleteItemFromArray(events, 0);
}

static bool leave_out_first_later(struct request *request,
                                  struct outcome *outcome)
{
    (void)outcome;
    if (request->retry > 0)
        rewrite(request, leave_out_first);
    return false;
}

static void rename_messages(cJSON *body)
{
    static atomic_uint renamed;
    cJSON             *event;

    cJSON_ArrayForEach(event, events_of(body)) {
        char *id = alloc_format("renamed-%u", atomic_fetch_add(&renamed, 1));

        cJSON_ReplaceItemInObjectCaseSensitive(event, "messageId",
                                               cJSON_CreateString(id));
        alloc_free(id);
    }
}

static bool rename_later(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry > 0)
        rewrite(request, rename_messages);
    return false;
}

static void freeze(cJSON *body)
{
    WORKER_MEMORY char stamp[64];
    cJSON *sent_at = cJSON_GetObjectItemCaseSensitive(body, "sentAt");

    if (stamp[0] == '\0')
        snprintf(stamp, sizeof stamp, "%s", sent_at->valuestring);
    cJSON_SetValuestring(sent_at, stamp);
}

/* The stamp of the worker's first attempt, for ever. */
static bool freeze_sent_at(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    rewrite(request, freeze);
    return false;
}

/* ---- status codes: one taken for another ---- */

enum { AS_REFUSED = 400, AS_RETRYABLE = 500 };

#define TAKE_STATUS(function, condition, taken)                                \
    static void function(const struct request *request,                        \
                         struct outcome       *outcome)                        \
    {                                                                          \
        const int status = outcome->status;                                    \
                                                                               \
        (void)request;                                                         \
        if (condition)                                                         \
            outcome->status = (taken);                                         \
    }

static bool is_basic(const struct request *request)
{
    return request->authorization != NULL &&
           strncmp(request->authorization, "Basic ", 6) == 0;
}

TAKE_STATUS(retry_413, status == 413, AS_RETRYABLE)
TAKE_STATUS(retry_501, status == 501, AS_RETRYABLE)
TAKE_STATUS(retry_511, status == 511 && is_basic(request), AS_RETRYABLE)
TAKE_STATUS(drop_408, status == 408, AS_REFUSED)
TAKE_STATUS(drop_410, status == 410, AS_REFUSED)
TAKE_STATUS(drop_460, status == 460, AS_REFUSED)
TAKE_STATUS(drop_502, status == 502, AS_REFUSED)
TAKE_STATUS(refuse_201, status == 201, AS_REFUSED)
TAKE_STATUS(refuse_3xx, status >= 300 && status <= 399, AS_REFUSED)
TAKE_STATUS(limit_503, status == 503 && outcome->retry_after_count > 0, 429)

static void parse_body(const struct request *request, struct outcome *outcome)
{
    cJSON *body = cJSON_Parse(bytes_text(&outcome->body));

    (void)request;
    if (outcome->status >= 400 && !cJSON_IsObject(body))
        outcome->status = AS_REFUSED; /* the parser's exception */
    cJSON_Delete(body);
}

/* ---- network: a trouble taken for a refusal ---- */

#define REFUSE_TROUBLE(function, which)                                        \
    static void function(const struct request *request,                        \
                         struct outcome       *outcome)                        \
    {                                                                          \
        (void)request;                                                         \
        if (outcome->trouble == (which)) {                                     \
            outcome->trouble = TROUBLE_NONE;                                   \
            outcome->status = AS_REFUSED;                                      \
        }                                                                      \
    }

REFUSE_TROUBLE(refuse_reset, TROUBLE_RESET)
REFUSE_TROUBLE(refuse_empty, TROUBLE_EMPTY)
REFUSE_TROUBLE(refuse_timeout, TROUBLE_TIMEOUT)
REFUSE_TROUBLE(refuse_garbled, TROUBLE_GARBLED)

static void take_cut_for_whole(const struct request *request,
                               struct outcome       *outcome)
{
    (void)request;
    if (outcome->trouble == TROUBLE_CUT) {
        outcome->trouble = TROUBLE_NONE;
        outcome->status = 200;
    }
}

/* A pool that hands out the dead connection again, twice: both fail before
 * anything is sent. */
WORKER_MEMORY unsigned dead_tries;

static void note_dead(const struct request *request, struct outcome *outcome)
{
    (void)request;
    if (outcome->reused && (outcome->trouble == TROUBLE_RESET ||
                            outcome->trouble == TROUBLE_EMPTY))
        dead_tries = 2;
}

static bool try_dead_again(struct request *request, struct outcome *outcome)
{
    if (request->retry == 0 || dead_tries == 0)
        return false;
    dead_tries--;
    outcome->trouble = TROUBLE_RESET;
    return true;
}

static bool hold_on(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->timeout_ms = 5000;
    return false;
}

static void crash_on_502(const struct request *request,
                         struct outcome *outcome)
{
    (void)request;
    if (outcome->status == 502)
        abort(); /* SIGABRT is the one that no mask holds back */
}

/* body["code"], whether it is there or not. */
static void crash_without_code(const struct request *request,
                               struct outcome       *outcome)
{
    cJSON *body = cJSON_Parse(bytes_text(&outcome->body));

    (void)request;
    if (outcome->status >= 400 && cJSON_IsObject(body) &&
        !cJSON_HasObjectItem(body, "code"))
        abort(); /* SIGABRT is the one that no mask holds back */
    cJSON_Delete(body);
}

/* ---- Retry-After ---- */

static void ignore_retry_after(const struct request *request,
                               struct outcome *outcome)
{
    (void)request;
    outcome->retry_after_ns = 0;
}

/* `if response:` where an error response is false: its status was noted
 * before, its header is never looked at. */
static void lose_error_header(const struct request *request,
                              struct outcome       *outcome)
{
    (void)request;
    if (outcome->status < 400)
        return;
    while (outcome->retry_after_count > 0)
        alloc_free(outcome->retry_after[--outcome->retry_after_count]);
    outcome->retry_after_ns = 0;
}

static void take_ms(const struct request *request, struct outcome *outcome)
{
    (void)request;
    outcome->retry_after_ns /= 1000;
}

CONFIGURE(no_cap)
{
    (void)config;
    policy->max_retry_after_ns = INT64_MAX;
}

#define DECIDE(function)                                                       \
    static void function(const struct request *request,                        \
                         const struct outcome *outcome, struct retry *retry,   \
                         struct move *move)

DECIDE(dawdle)
{
    (void)request;
    (void)retry;
    if (move->kind == MOVE_WAIT)
        move->until_ns += (move->until_ns - outcome->ended_ns) * 15 / 100;
}

DECIDE(pay_for_waits)
{
    (void)request;
    (void)outcome;
    if (move->kind == MOVE_WAIT && retry->retries > known_policy.max_retries)
        *move = (struct move){.kind = MOVE_DROP, .drop = DROP_RETRIES_SPENT};
}

DECIDE(refill_budget)
{
    WORKER_MEMORY unsigned given_back;

    if (request->retry == 0)
        given_back = 0;
    if (move->blocks_all) {
        given_back = retry->counted;
    } else if (move->kind == MOVE_DROP && move->drop == DROP_RETRIES_SPENT &&
               retry->counted < known_policy.max_retries + given_back) {
        retry->counted++;
        retry->retries++;
        *move = (struct move){
            .kind = MOVE_WAIT,
            .until_ns = outcome->ended_ns +
                        retry_backoff_ns(&known_policy, retry->counted, 0.5),
        };
    }
}

DECIDE(zero_at_once)
{
    (void)request;
    (void)retry;
    if (outcome->status == 429 && outcome->retry_after_count == 1 &&
        strcmp(outcome->retry_after[0], "0") == 0)
        move->until_ns = outcome->ended_ns;
}

/* As strtol would: sign, digits, and no look at what follows. */
static int64_t prefix_seconds(const char *text)
{
    bool    negative = *text == '-';
    int64_t seconds = 0;

    text += *text == '-' || *text == '+';
    for (; isdigit((unsigned char)*text) && seconds < 1000000; text++)
        seconds = seconds * 10 + (*text - '0');
    return negative ? -seconds : seconds;
}

DECIDE(wait_prefix)
{
    const char *value = outcome->retry_after[0];
    int64_t     wait_ns;

    (void)request;
    (void)retry;
    if (outcome->status != 429 || value == NULL ||
        outcome->retry_after_ns > 0 || strcmp(value, "0") == 0)
        return;
    wait_ns = prefix_seconds(value) * NS_PER_S;
    if (wait_ns > known_policy.max_retry_after_ns)
        wait_ns = known_policy.max_retry_after_ns;
    move->until_ns = outcome->ended_ns + wait_ns;
}

DECIDE(drop_bare_429)
{
    (void)request;
    (void)retry;
    if (outcome->status == 429 && outcome->retry_after_count == 0)
        *move = (struct move){.kind = MOVE_DROP, .drop = DROP_REFUSED};
}

DECIDE(block_alone)
{
    (void)request;
    (void)outcome;
    (void)retry;
    move->blocks_all = false;
}

DECIDE(stay_limited)
{
    (void)request;
    (void)retry;
    if (move->blocks_all) {
        atomic_store(&limited_ns, move->until_ns - outcome->ended_ns);
    } else if (move->kind == MOVE_DELIVERED && atomic_load(&limited_ns) > 0) {
        move->until_ns = outcome->ended_ns + atomic_load(&limited_ns);
        move->blocks_all = true;
    }
}

CONFIGURE(limited_for_ever)
{
    (void)config;
    policy->max_rate_limit_ns = INT64_MAX;
}

/* ---- backoff and budgets ---- */

CONFIGURE(hurry)
{
    (void)config;
    policy->backoff_base_s = 0.05;
    policy->backoff_factor = 1;
}

CONFIGURE(no_backoff_cap)
{
    (void)config;
    policy->backoff_cap_s = 1e6;
}

CONFIGURE(no_jitter)
{
    (void)config;
    policy->jitter_min = policy->jitter_max = 1;
}

CONFIGURE(never_grow)
{
    (void)config;
    policy->backoff_factor = 1;
}

DECIDE(grow_on)
{
    WORKER_MEMORY unsigned earlier;
    const int64_t          cap_ns = 60 * NS_PER_S;
    int64_t                wait_ns = move->until_ns - outcome->ended_ns;

    (void)request;
    if (move->kind != MOVE_WAIT) {
        earlier += retry->counted;
    } else if (!move->blocks_all) {
        for (unsigned i = 0; i < earlier && wait_ns < cap_ns; i++)
            wait_ns *= 2;
        move->until_ns = outcome->ended_ns +
                         (wait_ns < cap_ns ? wait_ns : cap_ns);
    }
}

DECIDE(jitter_alike)
{
    WORKER_MEMORY struct rng rng;
    WORKER_MEMORY bool       seeded;

    (void)request;
    if (move->kind != MOVE_WAIT || move->blocks_all)
        return;
    if (!seeded)
        rng_seed(&rng, 42);
    seeded = true;
    move->until_ns = outcome->ended_ns +
                     retry_backoff_ns(&known_policy, retry->counted,
                                      rng_unit(&rng));
}

CONFIGURE(one_more)
{
    (void)config;
    policy->max_retries++;
}

CONFIGURE(one_at_least)
{
    (void)config;
    if (policy->max_retries == 0)
        policy->max_retries = 1;
}

CONFIGURE(ten_by_default)
{
    struct ingest_config fresh;

    ingest_config_init(&fresh);
    if (config->max_retries == fresh.max_retries)
        policy->max_retries = 10;
}

/* The duration is looked at when an attempt has failed, and not when the next
 * one starts. */
DECIDE(look_at_limit_late)
{
    (void)request;
    if (move->blocks_all && outcome->ended_ns - retry->limited_since_ns >
                                known_policy.max_rate_limit_ns)
        *move = (struct move){.kind = MOVE_DROP, .drop = DROP_RATE_LIMIT_SPENT};
}

CONFIGURE(limit_unbounded_at_start)
{
    know_policy(config, policy);
    policy->max_rate_limit_ns = INT64_MAX;
}

CONFIGURE(retry_for_ever)
{
    (void)config;
    policy->max_total_backoff_ns = INT64_MAX;
}

/* Long enough for the law's first wait. */
CONFIGURE(once_at_zero)
{
    (void)config;
    if (policy->max_total_backoff_ns == 0)
        policy->max_total_backoff_ns = NS_PER_S;
}

/* ---- delivery ---- */

static bool refuse_when_stopped(struct request *request,
                                struct outcome *outcome)
{
    (void)request;
    if (!atomic_load(&stopped))
        return false;
    outcome->status = AS_REFUSED;
    return true;
}

DECIDE(stop_when_spent)
{
    (void)request;
    (void)outcome;
    (void)retry;
    if (move->kind == MOVE_DROP && move->drop != DROP_REFUSED)
        atomic_store(&stopped, true);
}

DECIDE(stop_when_refused)
{
    (void)request;
    (void)outcome;
    (void)retry;
    if (move->kind == MOVE_DROP && move->drop == DROP_REFUSED)
        atomic_store(&stopped, true);
}

static void forget_batches(size_t *under_way)
{
    *under_way = 0;
}

DECIDE(lose_when_limited)
{
    (void)request;
    (void)outcome;
    (void)retry;
    if (move->blocks_all)
        move->kind = MOVE_DELIVERED;
}

/* Puts the batch back into the queue, and finds no room there. */
DECIDE(lose_when_full)
{
    (void)outcome;
    (void)retry;
    if (move->blocks_all && request->room == 0)
        move->kind = MOVE_DELIVERED;
}

/* Puts the batch back behind all others: here, in the hands of the last of
 * them once that is done. */
WORKER_MEMORY struct {
    cJSON   *batch; /* the events; NULL = nothing is put back */
    unsigned retries;
    bool     goes; /* instead of the batch that is in hand */
} tail;

DECIDE(go_to_the_tail)
{
    cJSON *body;

    (void)retry;
    if (tail.goes && move->kind != MOVE_WAIT) {
        cJSON_Delete(tail.batch);
        tail.batch = NULL;
        tail.goes = false;
    } else if (tail.batch == NULL && move->blocks_all &&
               request->waiting > 0) {
        body = cJSON_Parse(request->body.data);
        tail.batch = cJSON_DetachItemFromObject(body, "batch");
        tail.retries = request->retry;
        cJSON_Delete(body);
        move->kind = MOVE_DELIVERED;
    } else if (tail.batch != NULL && move->kind == MOVE_DELIVERED &&
               request->waiting == 0) {
        tail.goes = true;
        *move = (struct move){
            .kind = MOVE_WAIT,
            .until_ns = outcome->ended_ns,
        };
    }
}

static void change_for_tail(cJSON *body)
{
    cJSON_ReplaceItemInObjectCaseSensitive(body, "batch",
                                           cJSON_Duplicate(tail.batch, true));
}

static bool send_the_tail(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (!tail.goes)
        return false;
    rewrite(request, change_for_tail);
    set_count(request, ++tail.retries);
    return false;
}

static bool hide_full_queue(const struct ingest_report *report)
{
    return report->reason != NULL && strstr(report->reason, "queue is full");
}

static bool hide_oversized(const struct ingest_report *report)
{
    return report->reason != NULL && strstr(report->reason, "bytes, allowed");
}

CONFIGURE(any_event)
{
    (void)policy;
    config->max_event_bytes = 1 << 20;
}

CONFIGURE(any_batch)
{
    (void)policy;
    config->max_batch_bytes = 3 << 20;
}

DECIDE(hide_failure)
{
    (void)request;
    (void)outcome;
    (void)retry;
    if (move->kind == MOVE_DROP)
        move->kind = MOVE_DELIVERED;
}

DECIDE(send_again)
{
    WORKER_MEMORY uint64_t sent_again; /* the last batch it was done to */

    if (move->kind == MOVE_DELIVERED && sent_again != request->batch_number) {
        sent_again = request->batch_number;
        *move = (struct move){
            .kind = MOVE_WAIT,
            .until_ns = outcome->ended_ns,
        };
        retry->retries++;
    }
}

/* ---- settings: one taken for another before the job is read ---- */

/* The input with another value for each setting that is wrong so, or without
 * the setting where there is none. */
static char *mend_config(const char *input, bool (*is_wrong)(const cJSON *item),
                         const char *json)
{
    cJSON       *job = cJSON_Parse(input);
    cJSON       *config = cJSON_GetObjectItemCaseSensitive(job, "config");
    const cJSON *item = config ? config->child : NULL;
    char        *printed;
    char        *text;

    while (item != NULL) {
        const char *name = item->string;
        bool        wrong = is_wrong(item);

        item = item->next;
        if (wrong && json != NULL)
            cJSON_ReplaceItemInObjectCaseSensitive(config, name,
                                                   cJSON_CreateRaw(json));
        else if (wrong)
            cJSON_DeleteItemFromObjectCaseSensitive(config, name);
    }
    printed = cJSON_PrintUnformatted(job);
    text = alloc_text(printed);
    cJSON_free(printed);
    cJSON_Delete(job);
    return text;
}

static bool is_null(const cJSON *item)
{
    return cJSON_IsNull(item);
}

static bool is_negative(const cJSON *item)
{
    return cJSON_IsNumber(item) && item->valuedouble < 0;
}

static bool is_no_number(const cJSON *item)
{
    return !cJSON_IsNumber(item) && !cJSON_IsNull(item);
}

static char *take_null_for_default(const char *input)
{
    return mend_config(input, is_null, NULL);
}

static char *take_negative_for_one(const char *input)
{
    return mend_config(input, is_negative, "1");
}

static char *take_junk_for_default(const char *input)
{
    return mend_config(input, is_no_number, NULL);
}

/* ---- the list ---- */

const struct mutant mutant_table[] = {
    {"no-count-header", "COUNT-2", "Retries carry no X-Retry-Count.",
     {.before = count_never}},
    {"count-on-first", "COUNT-1",
     "A batch's first attempt carries X-Retry-Count: 0.",
     {.before = count_zero}},
    {"count-restarts-after-retry-after", "COUNT-3",
     "After a Retry-After wait the count begins again, without a header.",
     {.before = count_since_wait, .decide = note_wait}},
    {"count-carries-over-to-next-batch", "COUNT-4",
     "The count is the client's and not the batch's: a new batch carries it "
     "on.",
     {.before = count_of_client}},

    {"no-authorization", "AUTH-1", "No request carries credentials.",
     {.before = forget_authorization}},
    {"no-authorization-on-retry", "AUTH-3", "Retries carry no credentials.",
     {.before = forget_authorization_later}},
    {"basic-with-oauth", "AUTH-2",
     "Sends the write key's Basic credentials though OAuth is configured.",
     {.before = mutant_basic_with_oauth}},
    {"token-not-cleared", "AUTH-4",
     "Goes on with a token that the server refused.",
     {.void_token = mutant_keep_token}},
    {"token-cleared-on-511-only", "AUTH-4",
     "Takes a new token after 511, but not after 400, 401 and 403.",
     {.void_token = mutant_keep_token_but_511}},
    {"credentials-follow-redirects", "AUTH-5",
     "Follows redirects, credentials and all, to any origin.",
     {.configure = mutant_know_sending, .before = mutant_follow_redirects}},
    {"token-refusal-retried", "AUTH-6",
     "Asks for a token again and again after it was refused.",
     {.after_token = mutant_retry_refusal}},
    {"token-wrong-grant", "contract",
     "Asks for a token with another grant than client credentials.",
     {.before_token = mutant_wrong_grant}},
    {"assertion-altered", "contract",
     "Alters an assertion after it was signed.",
     {.before_token = mutant_alter_assertion}},
    {"token-failure-is-final", "AUTH-6",
     "Gives up at the first failure of the token endpoint.",
     {.after_token = mutant_give_up_token}},
    {"token-retry-after-ignored", "AUTH-6",
     "Asks for a token again before the token endpoint's Retry-After is over.",
     {.after_token = mutant_ignore_token_wait}},
    {"token-for-every-request", "AUTH-7", "Fetches a token for each request.",
     {.reuse_token = mutant_never_reuse}},
    {"token-for-every-worker", "AUTH-7", "Each worker fetches its own token.",
     {.reuse_token = mutant_own_token}},
    {"expired-token-used", "AUTH-7", "Uses a token for ever.",
     {.after_token = mutant_token_for_ever}},

    {"201-is-an-error", "STATUS-1", "Takes 201 for a refusal.",
     {.after = refuse_201}},
    {"redirect-is-an-error", "STATUS-1", "Takes 300-399 for a refusal.",
     {.after = refuse_3xx}},
    {"drops-408", "STATUS-2", "Does not retry 408.", {.after = drop_408}},
    {"drops-410", "STATUS-2", "Does not retry 410.", {.after = drop_410}},
    {"drops-460", "STATUS-2", "Does not retry 460.", {.after = drop_460}},
    {"retries-413", "STATUS-3", "Retries 413.", {.after = retry_413}},
    {"drops-502", "STATUS-4", "Does not retry 502.", {.after = drop_502}},
    {"retries-501", "STATUS-5", "Retries 501.", {.after = retry_501}},
    {"retries-511-without-oauth", "STATUS-6", "Retries 511 without OAuth.",
     {.after = retry_511}},
    {"drops-511-with-oauth", "STATUS-6",
     "Does not retry 511, though OAuth is configured.",
     {.after = mutant_drop_511}},
    {"error-body-parsed", "STATUS-7",
     "Parses the body of an error, and drops the batch when it is no JSON "
     "object.",
     {.after = parse_body}},

    {"retry-after-ignored", "RA-1",
     "Ignores Retry-After: an ordinary counted backoff.",
     {.after = ignore_retry_after}},
    {"error-response-is-falsy", "RA-1",
     "Loses Retry-After, because an error response is taken for none.",
     {.after = lose_error_header}},
    {"retry-after-in-ms", "RA-1", "Takes Retry-After for milliseconds.",
     {.after = take_ms}},
    {"fifteen-percent-late", "RA-2",
     "Waits for fifteen percent more than it should.", {.decide = dawdle}},
    {"retry-after-uncapped", "RA-3", "Waits for any Retry-After in full.",
     {.configure = no_cap}},
    {"retry-after-counted", "RA-4",
     "A Retry-After wait consumes the retry budget.",
     {.configure = know_policy, .decide = pay_for_waits}},
    {"gate-per-worker", "RA-5",
     "A Retry-After blocks its own batch only; other workers go on.",
     {.decide = block_alone}},
    {"retry-after-on-503", "RA-6", "Honours Retry-After on 503 too.",
     {.after = limit_503}},
    {"bare-429-dropped", "RA-7", "Drops on 429 without Retry-After.",
     {.decide = drop_bare_429}},
    {"retry-after-zero-tight-loop", "RA-8",
     "Comes back at once after Retry-After: 0.", {.decide = zero_at_once}},
    {"retry-after-junk-prefix-parsed", "RA-9",
     "Reads Retry-After as strtol does: waits 120 s for 120junk, and nothing "
     "for -5 or abc.",
     {.configure = know_policy, .decide = wait_prefix}},
    {"rate-limited-for-ever", "BUDGET-4",
     "Knows no end of 429 with Retry-After.", {.configure = limited_for_ever}},
    {"rate-limit-state-never-cleared", "RA-12",
     "Once rate-limited, waits as long again after every success.",
     {.decide = stay_limited}},

    {"backoff-too-short", "BACK-1", "Backs off for 50 ms, always.",
     {.configure = hurry}},
    {"backoff-constant", "BACK-1", "Backs off for 0.5 s, always.",
     {.configure = never_grow}},
    {"backoff-uncapped", "BACK-2", "Backs off for longer than the cap.",
     {.configure = no_backoff_cap}},
    {"backoff-without-jitter", "BACK-3", "Backs off as the law says, exactly.",
     {.configure = no_jitter}},
    {"backoff-carries-over", "BACK-5",
     "A new batch's backoff goes on where the last one's ended.",
     {.decide = grow_on}},

    {"jitter-seeded-the-same", "BACK-4",
     "Draws its jitter from the same seed in every process.",
     {.configure = know_policy, .decide = jitter_alike}},

    {"one-retry-too-many", "BUDGET-1", "Retries maxRetries + 1 times.",
     {.configure = one_more}},
    {"budget-restarts-after-retry-after", "BUDGET-1",
     "A Retry-After wait gives the retries back that were spent before it.",
     {.configure = know_policy, .decide = refill_budget}},
    {"budget-zero-retries-once", "BUDGET-2", "Takes maxRetries 0 for 1.",
     {.configure = one_at_least}},
    {"total-backoff-unbounded", "BUDGET-3",
     "Knows no maxTotalBackoffDuration.", {.configure = retry_for_ever}},
    {"zero-duration-retries-once", "BUDGET-3",
     "Retries once when maxTotalBackoffDuration is 0.",
     {.configure = once_at_zero}},
    {"rate-limit-duration-looked-at-late", "BUDGET-4",
     "Looks at maxRateLimitDuration when an attempt has failed, and not when "
     "the next one starts.",
     {.configure = limit_unbounded_at_start, .decide = look_at_limit_late}},
    {"default-retries-10", "BUDGET-5", "Retries 10 times by default.",
     {.configure = ten_by_default}},
    {"null-limit-is-default", "BUDGET-6", "Takes null for the default.",
     {.read = take_null_for_default}},
    {"negative-limit-is-one", "BUDGET-6", "Takes a negative limit for 1.",
     {.read = take_negative_for_one}},
    {"junk-limit-is-default", "BUDGET-6",
     "Takes a limit that is no number for the default.",
     {.read = take_junk_for_default}},
    {"spent-budget-stops-everything", "BUDGET-7",
     "After one batch's budget is spent no other batch is sent.",
     {.before = refuse_when_stopped, .decide = stop_when_spent}},

    {"drops-on-reset", "NET-1", "Does not retry a connection reset.",
     {.after = refuse_reset}},
    {"drops-on-empty-reply", "NET-1",
     "Does not retry a connection closed without an answer.",
     {.after = refuse_empty}},
    {"drops-on-timeout", "NET-1", "Does not retry a request timeout.",
     {.after = refuse_timeout}},
    {"request-timeout-ignored", "NET-2",
     "Holds on to a request for 5 s, whatever its timeout.",
     {.before = hold_on}},

    {"drops-on-garbled", "NET-1",
     "Does not retry an answer that is no HTTP.", {.after = refuse_garbled}},
    {"cut-answer-is-delivered", "NET-1",
     "Takes an answer that was cut short for a success.",
     {.after = take_cut_for_whole}},
    {"dead-connection-tried-again", "NET-3",
     "Tries a kept connection twice more when it has died.",
     {.before = try_dead_again, .after = note_dead}},

    {"requeued-at-the-tail", "RA-13",
     "Puts a rate-limited batch back behind all others.",
     {.before = send_the_tail, .decide = go_to_the_tail}},
    {"lost-when-requeue-meets-full-queue", "RA-13",
     "Puts a rate-limited batch back into its queue, and forgets it when the "
     "queue is full.",
     {.decide = lose_when_full}},
    {"lost-when-rate-limited", "DELIVER-1",
     "Forgets the batch that met a Retry-After, and reports success.",
     {.decide = lose_when_limited}},
    {"partial-batch-on-retry", "DELIVER-3",
     "A retry leaves out the first of several events.",
     {.before = leave_out_first_later}},
    {"sent-again-after-success", "DELIVER-2",
     "Sends every batch once more after its success.", {.decide = send_again}},
    {"batch-changed-between-attempts", "DELIVER-3",
     "A retry carries the batch's last event twice.",
     {.before = repeat_last_later}},
    {"new-message-ids-on-retry", "DELIVER-3",
     "A retry carries new messageIds.", {.before = rename_later}},
    {"failure-reported-as-success", "DELIVER-4",
     "Reports a dropped batch as delivered.", {.decide = hide_failure}},
    {"poisoned-batch-stops-queue", "DELIVER-5",
     "After one batch is refused no other batch is sent.",
     {.before = refuse_when_stopped, .decide = stop_when_refused}},
    {"flush-returns-early", "DELIVER-6",
     "A flush waits for what is queued and forgets the batch that is out for "
     "its retry.",
     {.flush = forget_batches}},
    {"full-queue-silent", "DELIVER-7", "Forgets what its full queue refused.",
     {.tell = hide_full_queue}},
    {"oversized-event-sent", "DELIVER-8", "Sends events of any size.",
     {.configure = any_event}},
    {"oversized-event-silent", "DELIVER-8",
     "Leaves out an event that is too large, and does not report it.",
     {.tell = hide_oversized}},
    {"batch-too-large", "DELIVER-8", "Knows no bound of a batch's bytes.",
     {.configure = any_batch}},
    {"sent-at-frozen", "DELIVER-10",
     "Every request carries the sentAt of the first.",
     {.before = freeze_sent_at}},
    {"body-not-json", "DELIVER-9", "The body lacks its last brace.",
     {.before = cut_body}},

    {"header-injection", "contract",
     "A line break in a header value brings a second Host.",
     {.before = inject_host}},
    {"error-body-without-code-crashes", "contract",
     "Crashes on an error whose body has no code.",
     {.after = crash_without_code}},
    {"crashes-on-502", "contract", "Crashes when it reads 502.",
     {.after = crash_on_502}},
};
const size_t mutant_count = sizeof mutant_table / sizeof mutant_table[0];

const struct mutant *mutant_find(const char *name)
{
    for (size_t i = 0; i < mutant_count; i++)
        if (strcmp(mutant_table[i].name, name) == 0)
            return &mutant_table[i];
    return NULL;
}
