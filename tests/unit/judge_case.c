/* SPDX-License-Identifier: Apache-2.0 */
#include "judge_case.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/bytes.h"
#include "common/clock.h"
#include "common/date.h"
#include "common/text.h"
#include "judge/events.h"
#include "judge/judge.h"
#include "model/profile_load.h"
#include "model/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { WORDS_MAX = 64, WALL_S = 1700000000, BODY_MAX = 1 << 16 };

/* ---- words ---- */

struct words {
    char   text[CASE_TEXT_MAX];
    char  *items[WORDS_MAX];
    size_t count;
};

/* Splits at spaces; double quotes hold a value together and go. */
static void split(struct words *words, const char *line)
{
    char *out = words->text;
    bool  quoted = false;
    bool  inside = false;

    words->count = 0;
    for (; *line != '\0' && *line != '\n'; line++) {
        if (*line == '"') {
            quoted = !quoted;
        } else if (*line == ' ' && !quoted) {
            if (inside)
                *out++ = '\0';
            inside = false;
            continue;
        }
        if (!inside) {
            assert_true(words->count < WORDS_MAX);
            words->items[words->count++] = out;
            inside = true;
        }
        if (*line != '"')
            *out++ = *line;
    }
    *out = '\0';
}

/* The value of the word "KEY=VALUE", or NULL. */
static const char *value_of(const char *word, const char *key)
{
    size_t length = strlen(key);

    return strncmp(word, key, length) == 0 && word[length] == '='
               ? word + length + 1
               : NULL;
}

static const char *option(const struct words *words, size_t from, size_t to,
                          const char *key)
{
    for (size_t i = from; i < to; i++)
        if (value_of(words->items[i], key) != NULL)
            return value_of(words->items[i], key);
    return NULL;
}

static bool has_word(const struct words *words, size_t from, size_t to,
                     const char *word)
{
    for (size_t i = from; i < to; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

static int64_t seconds(const char *text)
{
    char  *end = NULL;
    double value = strtod(text, &end);

    if (*end != '\0')
        fail_msg("no time: %s", text);
    return (int64_t)(value * (double)NS_PER_S + (value < 0 ? -0.5 : 0.5));
}

static unsigned number(const char *text)
{
    int64_t value = 0;

    if (!text_to_int(text, 0, 1000000, &value))
        fail_msg("no number: %s", text);
    return (unsigned)value;
}

/* ---- given, profile, expect ---- */

static void read_sequences(struct plan *plan, const char *list)
{
    char  text[CASE_TEXT_MAX];
    char *at = text;
    char *item;

    snprintf(text, sizeof text, "%s", list);
    while ((item = strsep(&at, ",")) != NULL) {
        char   *colon = strchr(item, ':');
        int64_t delay_ns = 0;

        if (colon != NULL) {
            *colon = '\0';
            delay_ns = seconds(colon + 1);
        }
        plan_add_sequence(plan, delay_ns, number(item));
    }
}

/* "size=2:40000" or "wrong=maxRetries:null". */
static void read_pair(struct plan *plan, const char *word, char *pair)
{
    char *colon = strchr(pair, ':');

    assert_non_null(colon);
    *colon = '\0';
    if (strcmp(word, "size") == 0)
        plan_add_size(plan, number(pair), number(colon + 1));
    else
        plan_add_wrong(plan, config_find(pair), colon + 1);
}

/* noise P99.9 [P50] */
static void read_noise(struct judge_case *made, const struct words *words)
{
    struct noise noise = {.ticks = 1};
    const char  *starved = option(words, 2, words->count, "starved");
    const char  *idle = option(words, 2, words->count, "idle");
    const char  *piece = option(words, 2, words->count, "piece");

    noise.late.p999_ns = seconds(words->items[1]);
    if (words->count > 2 && strchr(words->items[2], '=') == NULL)
        noise.late.p50_ns = seconds(words->items[2]);
    if (starved != NULL)
        noise.starved_ns = seconds(starved);
    if (idle != NULL)
        noise.idle_ns = seconds(idle);
    if (piece != NULL)
        noise.starved_most_ns = seconds(piece);
    made->record->noise = noise;
}

static void read_given(struct judge_case *made, const struct words *words)
{
    struct plan *plan = made->plan;

    for (size_t i = 1; i < words->count; i++) {
        char           *word = words->items[i];
        char           *equals = strchr(word, '=');
        enum config_key key;
        struct step     step = {.kind = STEP_ANSWER, .times = 1};

        if (strcmp(word, "oauth") == 0) {
            step.answer.status = 200;
            step_list_add(&plan->routes[ROUTE_TOKEN].steps, &step);
            continue;
        }
        assert_non_null(equals);
        *equals = '\0';
        key = config_find(word);
        if (strcmp(word, "size") == 0 || strcmp(word, "wrong") == 0) {
            read_pair(plan, word, equals + 1);
            continue;
        }
        if (strcmp(word, "events") == 0) {
            plan_add_sequence(plan, 0, number(equals + 1));
        } else if (strcmp(word, "sequences") == 0) {
            read_sequences(plan, equals + 1);
        } else if (strcmp(word, "clients") == 0) {
            plan->given.clients = number(equals + 1);
        } else if (strcmp(word, "key") == 0) {
            alloc_free(plan->given.write_key);
            plan->given.write_key = alloc_text(equals + 1);
        } else if (key != CONFIG_COUNT) {
            plan->given.config[key] = number(equals + 1);
        } else {
            fail_msg("not given: %s", word);
        }
    }
}

/* "408,500-599" as a list; a number, null, or else a word. */
static cJSON *profile_json(const char *name, const char *text)
{
    enum profile_key key = profile_key_find(name);
    bool             is_list = key != PROFILE_KEY_COUNT &&
                   text_starts_with(profile_key_info(key).kind, "a list");
    cJSON *list;
    char  *copy;
    char  *rest;
    char  *item;

    if (!is_list) {
        cJSON *value = cJSON_Parse(text);

        return value ? value : cJSON_CreateString(text);
    }
    list = cJSON_CreateArray();
    copy = rest = alloc_text(text);
    while ((item = strsep(&rest, ",")) != NULL)
        cJSON_AddItemToArray(
            list, strcmp(profile_key_info(key).kind, "a list of seconds") == 0
                      ? cJSON_CreateNumber(strtod(item, NULL))
                      : cJSON_CreateString(item));
    alloc_free(copy);
    return list;
}

static void read_profile(struct judge_case *made, const struct words *words)
{
    cJSON     *values = cJSON_CreateObject();
    struct err err = {0};

    for (size_t i = 1; i < words->count; i++) {
        char *equals = strchr(words->items[i], '=');

        assert_non_null(equals);
        *equals = '\0';
        cJSON_AddItemToObject(values, words->items[i],
                              profile_json(words->items[i], equals + 1));
    }
    if (!profile_set(&made->profile, values, "case", &err))
        fail_msg("%s", err.text);
    cJSON_Delete(values);
}

static void read_range(struct expect_range *range, const char *text)
{
    char *dash;
    char  copy[32];

    snprintf(copy, sizeof copy, "%s", text);
    dash = strchr(copy, '-');
    if (dash != NULL)
        *dash = '\0';
    *range = (struct expect_range){.said = true,
                                   .min = number(copy),
                                   .max = number(dash ? dash + 1 : copy)};
}

static void read_expect(struct judge_case *made, const struct words *words)
{
    struct expect *expect = &made->plan->expect;
    const char    *attempts = option(words, 1, words->count, "attempts");
    const char    *delivered = option(words, 1, words->count, "delivered");
    const char    *success = option(words, 1, words->count, "success");

    if (attempts != NULL)
        read_range(&expect->attempts, attempts);
    if (delivered != NULL)
        read_range(&expect->delivered, delivered);
    if (success != NULL)
        expect->success = strcmp(success, "yes") == 0 ? EXPECT_YES : EXPECT_NO;
}

/* ---- an attempt's request ---- */

struct batch_words {
    unsigned numbers[WORDS_MAX];
    size_t   count;
};

/* "1,2" or "1-5"; "-" = none. */
static void read_events(struct batch_words *batch, const char *text)
{
    char  copy[CASE_TEXT_MAX];
    char *at = copy;
    char *item;

    batch->count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    while (strcmp(text, "-") != 0 && (item = strsep(&at, ",")) != NULL) {
        char    *dash = strchr(item, '-');
        unsigned last;

        if (dash != NULL)
            *dash = '\0';
        last = number(dash ? dash + 1 : item);
        for (unsigned n = number(item); n <= last; n++)
            batch->numbers[batch->count++] = n;
    }
}

static void pad_event(cJSON *event, unsigned bytes)
{
    char *padding = alloc_zero(bytes + 1u, 1);

    memset(padding, 'x', bytes);
    cJSON_AddStringToObject(event, "padding", padding);
    alloc_free(padding);
}

struct body_words {
    const char *ids;
    const char *pad;
    const char *sent;
};

static char *batch_json(const struct batch_words *batch,
                        const struct body_words *body_words, size_t attempt)
{
    const char *ids = body_words->ids;
    cJSON      *body = cJSON_CreateObject();
    cJSON      *list = cJSON_AddArrayToObject(body, "batch");
    char       *text;

    for (size_t i = 0; i < batch->count; i++) {
        cJSON *event = cJSON_CreateObject();
        char   name[PLAN_EVENT_NAME_MAX];
        char   id[64];

        plan_event_name(name, batch->numbers[i]);
        snprintf(id, sizeof id, "new-%zu-%zu", attempt, i);
        cJSON_AddStringToObject(event, "type", "track");
        cJSON_AddStringToObject(event, "event", name);
        if (ids == NULL)
            cJSON_AddStringToObject(event, "messageId", name);
        else if (strcmp(ids, "new") == 0)
            cJSON_AddStringToObject(event, "messageId", id);
        if (body_words->pad != NULL)
            pad_event(event, number(body_words->pad));
        cJSON_AddItemToArray(list, event);
    }
    if (body_words->sent != NULL)
        cJSON_AddStringToObject(body, "sentAt", body_words->sent);
    text = cJSON_PrintUnformatted(body);
    cJSON_Delete(body);
    return text;
}

static size_t gzip_text(const char *text, char *out)
{
    z_stream stream = {0};

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8,
                                  Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)text;
    stream.avail_in = (uInt)strlen(text);
    stream.next_out = (Bytef *)out;
    stream.avail_out = BODY_MAX;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return stream.total_out;
}

static void put_body(struct attempt *attempt, const struct words *words,
                     size_t arrow, const struct batch_words *batch)
{
    const char             *given = option(words, 3, arrow, "body");
    const char             *gzip = option(words, 3, arrow, "gzip");
    const struct body_words body_words = {
        .ids = option(words, 3, arrow, "ids"),
        .pad = option(words, 3, arrow, "pad"),
        .sent = option(words, 3, arrow, "sent"),
    };
    char       *made = batch_json(batch, &body_words, attempt->number);
    const char *text = given ? given : made;

    attempt->body_kept_bytes = strlen(text);
    attempt->body = alloc_zero(BODY_MAX, 1);
    if (gzip == NULL)
        snprintf(attempt->body, BODY_MAX, "%s", text);
    else
        attempt->body_kept_bytes = gzip_text(text, attempt->body);
    if (gzip != NULL && strcmp(gzip, "bad") == 0)
        attempt->body_kept_bytes -= 5;
    attempt->body_bytes = attempt->body_kept_bytes;
    if (gzip != NULL && strcmp(gzip, "undeclared") != 0)
        header_add(&attempt->headers, "Content-Encoding", "gzip");
    cJSON_free(made);
}

/* "token-2": the one that the second attempt brought. */
static void put_token(struct attempt *attempt, const char *auth)
{
    char *value = alloc_format("Bearer retrial-%s", auth);

    header_add(&attempt->headers, "Authorization", value);
    alloc_free(value);
}

static void put_credentials(struct attempt *attempt, const char *auth,
                            const char *write_key)
{
    char *credentials = alloc_format("%s:", write_key);
    char *coded = base64_encode(credentials, strlen(credentials));
    char *value = alloc_format("Basic %s", coded);

    if (auth != NULL && strcmp(auth, "wrong") == 0)
        header_add(&attempt->headers, "Authorization", "Basic AAAA");
    else if (auth != NULL && text_starts_with(auth, "token-"))
        put_token(attempt, auth);
    else if (auth != NULL && strcmp(auth, "bearer") == 0)
        header_add(&attempt->headers, "Authorization", "Bearer token");
    else if (auth == NULL || strcmp(auth, "none") != 0)
        header_add(&attempt->headers, "authorization", value);
    if (auth != NULL && strcmp(auth, "twice") == 0)
        header_add(&attempt->headers, "Authorization", value);
    alloc_free(value);
    alloc_free(coded);
    alloc_free(credentials);
}

/* The right count: attempts before this one that carried its first event. */
static unsigned attempts_before(const struct judge_case *made, unsigned event)
{
    const struct record *record = made->record;
    unsigned             count = 0;
    unsigned             numbers[1];
    size_t               unpack = EVENTS_UNPACK_BYTES;

    for (size_t i = 0; i + 1 < record->attempt_count; i++)
        count += events_numbers(record->attempts[i], &made->profile, numbers, 1,
                                &unpack) > 0 &&
                 numbers[0] == event;
    return count;
}

static void put_count(struct judge_case *made, struct attempt *attempt,
                      const char *count, const struct batch_words *batch)
{
    const struct profile *profile = &made->profile;
    char                  text[32];
    unsigned              right = 0;

    if (PROFILE_OPEN(profile, attempt_header))
        return;
    if (count == NULL && batch->count > 0)
        right = attempts_before(made, batch->numbers[0]);
    snprintf(text, sizeof text, "%u",
             right + (profile->attempt_first == ATTEMPT_FIRST_ONE));
    if (count != NULL && strcmp(count, "-") != 0)
        header_add(&attempt->headers, profile->attempt_header, count);
    else if (count == NULL &&
             (right > 0 || profile->attempt_first != ATTEMPT_FIRST_ABSENT))
        header_add(&attempt->headers, profile->attempt_header, text);
}

/* KIND or KIND:TEXT */
static enum violation_kind violation_kind(const char *words)
{
    size_t length = strcspn(words, ":");
    int    kind = 0;

    while (kind < VIOLATION_COUNT &&
           (strlen(violation_name((enum violation_kind)kind)) != length ||
            strncmp(violation_name((enum violation_kind)kind), words, length) !=
                0))
        kind++;
    if (kind == VIOLATION_COUNT)
        fail_msg("no such violation: %s", words);
    return (enum violation_kind)kind;
}

/* NAME:VALUE */
static void put_header(struct attempt *attempt, const char *words)
{
    char  name[CASE_TEXT_MAX];
    char *colon;

    if (words == NULL)
        return;
    snprintf(name, sizeof name, "%s", words);
    colon = strchr(name, ':');
    assert_non_null(colon);
    *colon = '\0';
    header_add(&attempt->headers, name, colon + 1);
}

static void put_request(struct judge_case *made, struct attempt *attempt,
                        const struct words *words, size_t arrow)
{
    struct batch_words batch;
    const char        *type = option(words, 3, arrow, "type");
    const char        *violation = option(words, 3, arrow, "violation");
    const char        *target = option(words, 3, arrow, "target");

    read_events(&batch, words->items[2]);
    attempt->route =
        has_word(words, 3, arrow, "elsewhere") ? ROUTE_ELSEWHERE : ROUTE_INGEST;
    attempt->connection = 1;
    attempt->method = alloc_text("POST");
    attempt->target = alloc_text(target ? target : "/v1/batch");
    put_header(attempt, option(words, 3, arrow, "header"));
    attempt->version = alloc_text("HTTP/1.1");
    attempt->arrived_ns = seconds(words->items[1]);
    attempt->accepted_ns = attempt->arrived_ns;
    if (!has_word(words, 3, arrow, "part"))
        attempt->body_ns = attempt->arrived_ns;
    put_credentials(attempt, option(words, 3, arrow, "auth"),
                    made->plan->given.write_key);
    if (type == NULL || strcmp(type, "-") != 0)
        header_add(&attempt->headers, "Content-Type",
                   type ? type : "application/json");
    if (violation != NULL)
        attempt_violation(attempt, violation_kind(violation), "%s", violation);
    put_body(attempt, words, arrow, &batch);
    put_count(made, attempt, option(words, 3, arrow, "count"), &batch);
}

/* ---- an attempt's answer ---- */

static void put_retry_after(struct attempt *attempt, const char *word)
{
    const char *text = value_of(word, "ra");
    const char *date = value_of(word, "date");

    if (text != NULL)
        header_add(&attempt->answer_headers, "Retry-After", text);
    if (value_of(word, "head") != NULL) {
        char *name = alloc_text(value_of(word, "head"));
        char *colon = strchr(name, ':');

        assert_non_null(colon);
        *colon = '\0';
        header_add(&attempt->answer_headers, name, colon + 1);
        alloc_free(name);
    }
    if (date == NULL)
        return;
    for (int form = 0; form < DATE_FORM_COUNT; form++) {
        const char *name = date_form_name((enum date_form)form);
        char        buffer[DATE_TEXT_MAX];

        if (text_starts_with(date, name))
            header_add(
                &attempt->answer_headers, "Retry-After",
                date_format(buffer, (enum date_form)form,
                            attempt->answer_wall_s +
                                seconds(date + strlen(name) + 1) / NS_PER_S));
    }
}

/* As the server writes it down when it has played the fault to its end. */
static void put_fault(struct attempt *attempt, int status)
{
    attempt->status = status;
    switch (fault_sees(attempt->fault)) {
    case SEES_ANSWER:
        attempt->end = ANSWER_COMPLETE;
        break;
    case SEES_EITHER:
        attempt->end =
            attempt->gone_ns == TIME_NEVER ? ANSWER_COMPLETE : ANSWER_GONE;
        break;
    case SEES_TROUBLE:
    case SEES_SILENCE:
        attempt->end = status != 0 ? ANSWER_CUT : ANSWER_NONE;
        break;
    }
}

static void put_answer(struct attempt *attempt, const struct words *words,
                       size_t arrow)
{
    const char *what = words->items[arrow + 1];
    const char *took = option(words, arrow + 2, words->count, "took");
    const char *gone = option(words, arrow + 2, words->count, "gone");
    const char *conn = option(words, arrow + 2, words->count, "conn");
    const char *status = option(words, arrow + 2, words->count, "status");
    int64_t     took_ns = took ? seconds(took) : NS_PER_MS;

    attempt->answer_wall_s = WALL_S + attempt->arrived_ns / NS_PER_S;
    if (gone != NULL)
        attempt->gone_ns = seconds(gone);
    attempt->fault = fault_find(what);
    if (conn != NULL)
        attempt->connection = number(conn);
    if (strcmp(what, "cut") == 0) {
        attempt->end = ANSWER_CUT;
    } else if (strcmp(what, "none") == 0) {
        attempt->end = gone ? ANSWER_GONE : ANSWER_NONE;
    } else if (attempt->fault == FAULT_NONE) {
        attempt->end = ANSWER_COMPLETE;
        attempt->status = (int)number(what);
    } else {
        put_fault(attempt,
                  status ? (int)number(status) : fault_status(attempt->fault));
    }
    if (attempt->end != ANSWER_COMPLETE &&
        (attempt->fault == FAULT_NONE || attempt->fault == FAULT_HANG))
        return;
    attempt->answering_ns = attempt->arrived_ns + took_ns / 2;
    attempt->answered_ns = attempt->arrived_ns + took_ns;
    for (size_t i = arrow + 2; i < words->count; i++)
        put_retry_after(attempt, words->items[i]);
    if (has_word(words, arrow + 2, words->count, "to-elsewhere"))
        header_add(&attempt->answer_headers, "Location",
                   "http://127.0.0.1:9/v1/batch");
}

/* The form of a right request for a token; its assertion expires a minute
 * after now. */
static char *make_form(const char *start, int64_t now_wall_s)
{
    static const char head[] = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    char *claims = alloc_format("{\"iss\":\"id\",\"sub\":\"id\",\"aud\":\"a\","
                                "\"exp\":%lld}",
                                (long long)now_wall_s + 60);
    char *coded_head = base64url_encode(head, strlen(head));
    char *coded_claims = base64url_encode(claims, strlen(claims));
    char *form =
        alloc_format("%s%s.%s.c2ln&scope=s", start, coded_head, coded_claims);

    alloc_free(coded_claims);
    alloc_free(coded_head);
    alloc_free(claims);
    return form;
}

/* token SECONDS [FORM] -> ANSWER [life=SECONDS] */
static void read_token(struct judge_case *made, const struct words *words)
{
    static const char form[] =
        "grant_type=client_credentials&client_assertion_type="
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        "&client_assertion=";
    struct attempt *attempt = record_attempt(made->record);
    size_t          arrow = strcmp(words->items[2], "->") == 0 ? 2 : 3;
    const char     *life = option(words, arrow + 2, words->count, "life");

    attempt->route = ROUTE_TOKEN;
    attempt->connection = 2;
    attempt->method = alloc_text("POST");
    attempt->target = alloc_text("/token");
    attempt->version = alloc_text("HTTP/1.1");
    attempt->arrived_ns = seconds(words->items[1]);
    attempt->accepted_ns = attempt->arrived_ns;
    attempt->body_ns = attempt->arrived_ns;
    put_answer(attempt, words, arrow);
    if (arrow == 3)
        attempt->body = alloc_text(words->items[2]);
    else
        attempt->body = make_form(form, attempt->answer_wall_s);
    attempt->body_kept_bytes = strlen(attempt->body);
    attempt->body_bytes = attempt->body_kept_bytes;
    if (attempt->status == 200)
        attempt->answer_body =
            alloc_format("{\"access_token\":\"retrial-token-%u\","
                         "\"expires_in\":%s}",
                         attempt->number, life ? life : "3600");
}

static void read_attempt(struct judge_case *made, const struct words *words)
{
    struct attempt *attempt = record_attempt(made->record);
    size_t          arrow = 3;

    while (arrow < words->count && strcmp(words->items[arrow], "->") != 0)
        arrow++;
    if (arrow + 1 >= words->count)
        fail_msg("%s: an attempt without an answer", made->name);
    put_request(made, attempt, words, arrow);
    put_answer(attempt, words, arrow);
}

/* "strike FROM FAULT [UNTIL] [conn=N] [heard=BYTES]" */
static void read_strike(struct judge_case *made, const struct words *words)
{
    const char *conn = option(words, 3, words->count, "conn");
    const char *heard = option(words, 3, words->count, "heard");
    unsigned    connection = conn != NULL ? number(conn) : 1;
    bool        ends = words->count > 3 && strchr(words->items[3], '=') == NULL;

    assert_true(words->count >= 3);
    record_strike(made->record, seconds(words->items[1]),
                  ends ? seconds(words->items[3]) : TIME_NEVER, connection,
                  fault_find(words->items[2]));
    if (heard != NULL)
        record_strike_met(made->record, seconds(words->items[1]), connection,
                          number(heard), "it said something");
}

/* ---- the end ---- */

static void read_end(struct judge_case *made, const struct words *words)
{
    static const char *const ends[] = {
#define X(end, name, meaning) name,
        CLIENT_END_MAP(X)
#undef X
    };
    struct client_outcome *outcome = &made->record->outcome;
    const char            *failure = option(words, 3, words->count, "failure");
    int                    end = 0;

    while (strcmp(ends[end], words->items[1]) != 0) {
        end++;
        assert_true(end <= CLIENT_BY_HAND);
    }
    outcome->end = (enum client_end)end;
    outcome->signal = outcome->end == CLIENT_CRASHED ? 11 : 0;
    outcome->started_ns = 0;
    if (words->count > 2)
        outcome->ended_ns = seconds(words->items[2]);
    if (outcome->end == CLIENT_OBSERVED)
        made->record->observed_ns = outcome->ended_ns;
    if (option(words, 3, words->count, "result") != NULL)
        outcome->result_ns = seconds(option(words, 3, words->count, "result"));
    if (option(words, 3, words->count, "lapse") != NULL)
        outcome->lapse = alloc_text(option(words, 3, words->count, "lapse"));
    if (option(words, 3, words->count, "extra") != NULL)
        outcome->extra_ns = seconds(option(words, 3, words->count, "extra"));
    if (outcome->end == CLIENT_CUT_OFF &&
        !has_word(words, 3, words->count, "no-bound"))
        outcome->bound = alloc_text("a bound of our own ended it");
    outcome->success = has_word(words, 3, words->count, "success");
    outcome->has_result =
        words->count > 3 && !has_word(words, 3, words->count, "no-result");
    if (outcome->has_result && !outcome->success)
        outcome->error = alloc_text(failure ? failure : "it failed");
    if (failure != NULL && failure[0] == '\0')
        outcome->error[0] = '\0';
}

static void read_rules(struct judge_case *made, const struct words *words)
{
    for (size_t i = 1; i < words->count; i++) {
        const struct rule *rule = rule_find(words->items[i]);

        if (rule == NULL)
            fail_msg("no such rule: %s", words->items[i]);
        plan_add_rule(made->plan, rule);
    }
}

/* ---- cases ---- */

static struct judge_case case_begin(const char *name)
{
    struct judge_case made = {0};
    struct err        err = {0};

    snprintf(made.name, sizeof made.name, "%s", name);
    made.plan = plan_new(name, "case", 1);
    made.plan->given.write_key = alloc_text("key");
    made.record = record_new();
    made.record->outcome.end = CLIENT_EXITED;
    if (!profile_load(&made.profile, "segment", &err))
        fail_msg("%s", err.text);
    made.profile.lateness_ms = 100; /* as the reference's manifest says */
    return made;
}

/* remark TIME [KIND] */
static void read_remark(struct judge_case *made, const struct words *words)
{
    struct remark *remark =
        record_remark(made->record, seconds(words->items[1]), 2, "junk");

    if (words->count > 2)
        remark->wrong = violation_kind(words->items[2]);
}

void judge_case_line(struct judge_case *made, const char *line)
{
    struct words words;

    split(&words, line);
    if (words.count == 0)
        return;
    if (strcmp(words.items[0], "rules") == 0)
        read_rules(made, &words);
    else if (strcmp(words.items[0], "given") == 0)
        read_given(made, &words);
    else if (strcmp(words.items[0], "profile") == 0)
        read_profile(made, &words);
    else if (strcmp(words.items[0], "expect") == 0)
        read_expect(made, &words);
    else if (strcmp(words.items[0], "at") == 0)
        read_attempt(made, &words);
    else if (strcmp(words.items[0], "token") == 0)
        read_token(made, &words);
    else if (strcmp(words.items[0], "noise") == 0)
        read_noise(made, &words);
    else if (strcmp(words.items[0], "remark") == 0)
        read_remark(made, &words);
    else if (strcmp(words.items[0], "strike") == 0)
        read_strike(made, &words);
    else if (strcmp(words.items[0], "end") == 0)
        read_end(made, &words);
    else if (strcmp(words.items[0], "overflow") == 0)
        made->record->overflow = true;
    else if (strcmp(words.items[0], "want") == 0)
        snprintf(made->want, sizeof made->want, "%.*s",
                 (int)strcspn(line + 5, "\n"), line + 5);
    else
        fail_msg("%s: what is this: %s", made->name, words.items[0]);
}

void judge_case_at(struct judge_case *made, const char *attempt)
{
    char line[CASE_TEXT_MAX];

    snprintf(line, sizeof line, "at %s", attempt);
    judge_case_line(made, line);
}

struct judge_case judge_case_new(const char *name, unsigned events)
{
    struct judge_case made = case_begin(name);

    plan_add_sequence(made.plan, 0, events);
    return made;
}

static const char *next_line(const char **text, int *line)
{
    const char *at = *text;

    *text += strcspn(at, "\n");
    *text += **text == '\n';
    (*line)++;
    return at;
}

bool judge_case_next(const char **text, int *line, struct judge_case *made)
{
    char name[CASE_TEXT_MAX];

    while (**text != '\0' && !text_starts_with(*text, "case "))
        next_line(text, line);
    if (**text == '\0')
        return false;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(*text + 5, "\n"),
             *text + 5);
    *made = case_begin(name);
    next_line(text, line);
    made->line = *line;
    while (**text != '\0' && !text_starts_with(*text, "case "))
        if (**text == '#')
            next_line(text, line);
        else
            judge_case_line(made, next_line(text, line));
    return true;
}

void judge_case_clear(struct judge_case *made)
{
    plan_free(made->plan);
    record_free(made->record);
}

char *judge_case_verdict(const struct judge_case *made,
                         char                     buffer[CASE_TEXT_MAX])
{
    struct verdict *verdict = verdict_new();
    size_t          used;

    judge_record(made->plan, &made->profile, made->record, verdict);
    verdict_settle(verdict, made->plan);
    used = (size_t)snprintf(buffer, CASE_TEXT_MAX, "%s",
                            verdict_name(verdict->kind));
    for (size_t i = 0; i < verdict->finding_count && used < CASE_TEXT_MAX;
         i++) {
        const struct finding *found = &verdict->findings[i];

        used +=
            (size_t)snprintf(buffer + used, CASE_TEXT_MAX - used, " %s%s@%u",
                             found->kind == FINDING_ADVICE ? "~" : "",
                             found->subject, found->attempt);
    }
    verdict_free(verdict);
    return buffer;
}
