/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/json_trial.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/text.h"
#include "reports/json_value.h"

#include <string.h>

enum { JSON_BODY_MAX = 4096 }; /* bytes of a body that are shown */

static void add_body_text(struct mask *mask, cJSON *object, const char *body,
                          size_t length)
{
    char  *text = mask_block(mask, body, length);
    size_t end = strlen(text);

    if (end > JSON_BODY_MAX)
        for (end = JSON_BODY_MAX; ((unsigned char)text[end] & 0xc0) == 0x80;)
            end--;
    text[end] = '\0';
    cJSON_AddStringToObject(object, "body", text);
    alloc_free(text);
}

/* What cannot be searched for secrets (gzip) is not shown while they are
 * masked, nor is what a client sends to get a token. */
static void add_body(struct mask *mask, cJSON *object,
                     const struct attempt *attempt)
{
    size_t length = attempt->body_kept_bytes;
    bool   readable;

    cJSON_AddNumberToObject(object, "body_bytes", (double)attempt->body_bytes);
    cJSON_AddStringToObject(object, "body_sha256", attempt->body_sha256);
    if (attempt->body == NULL || length == 0) {
        cJSON_AddNullToObject(object, "body");
        return;
    }
    readable = text_is_utf8(attempt->body, length) &&
               memchr(attempt->body, '\0', length) == NULL;
    if (!mask->show && (!readable || attempt->route == ROUTE_TOKEN)) {
        cJSON_AddNullToObject(object, "body");
    } else if (readable) {
        add_body_text(mask, object, attempt->body, length);
    } else {
        char *encoded = base64_encode(
            attempt->body, length < JSON_BODY_MAX ? length : JSON_BODY_MAX);

        cJSON_AddStringToObject(object, "body_base64", encoded);
        alloc_free(encoded);
    }
}

static cJSON *attempt_to_json(struct mask *mask, const struct attempt *attempt)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *violations;
    cJSON *answer;

    cJSON_AddNumberToObject(object, "number", attempt->number);
    cJSON_AddNumberToObject(object, "connection", attempt->connection);
    cJSON_AddStringToObject(object, "route", route_name(attempt->route));
    json_add_line(mask, object, "method", attempt->method);
    json_add_line(mask, object, "target", attempt->target);
    json_add_line(mask, object, "version", attempt->version);
    json_add_time(object, "accepted_ms", attempt->accepted_ns);
    json_add_time(object, "arrived_ms", attempt->arrived_ns);
    json_add_time(object, "body_ms", attempt->body_ns);
    json_add_time(object, "answering_ms", attempt->answering_ns);
    json_add_time(object, "answered_ms", attempt->answered_ns);
    json_add_time(object, "gone_ms", attempt->gone_ns);
    json_add_headers(mask, object, "headers", &attempt->headers);
    add_body(mask, object, attempt);
    violations = cJSON_AddArrayToObject(object, "violations");
    for (size_t i = 0; i < attempt->violation_count; i++)
        json_add_item(violations, mask_line(mask, attempt->violations[i].text));
    json_add_raw(mask, object, attempt->raw, attempt->raw_bytes);
    answer = cJSON_AddObjectToObject(object, "answer");
    json_add_line(mask, answer, "played", attempt->played);
    cJSON_AddStringToObject(answer, "fault", fault_name(attempt->fault));
    cJSON_AddNumberToObject(answer, "status", attempt->status);
    json_add_headers(mask, answer, "headers", &attempt->answer_headers);
    cJSON_AddNumberToObject(answer, "body_bytes",
                            (double)attempt->answer_body_bytes);
    cJSON_AddStringToObject(answer, "end", answer_end_name(attempt->end));
    return object;
}

static void add_rules(cJSON *object, const struct trial_result *trial)
{
    cJSON *named = cJSON_AddArrayToObject(object, "rules");
    cJSON *judged = cJSON_AddArrayToObject(object, "judged");

    for (size_t i = 0; i < trial->plan->rule_count; i++)
        cJSON_AddItemToArray(named,
                             cJSON_CreateString(trial->plan->rules[i]->id));
    for (size_t i = 0; trial->verdict != NULL && i < RULE_COUNT; i++)
        if (trial->verdict->saw[i])
            cJSON_AddItemToArray(judged, cJSON_CreateString(rule_table[i].id));
}

static void add_findings(struct mask *mask, cJSON *object,
                         const struct verdict *verdict)
{
    cJSON *list = cJSON_AddArrayToObject(object, "findings");

    for (size_t i = 0; verdict != NULL && i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        cJSON                *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "kind", finding_kind_name(finding->kind));
        json_add_line(mask, item, "subject", finding->subject);
        json_add_line(mask, item, "check", finding->check);
        if (finding->attempt > 0)
            cJSON_AddNumberToObject(item, "attempt", finding->attempt);
        else
            cJSON_AddNullToObject(item, "attempt");
        json_add_line(mask, item, "text", finding->text);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_outcome(struct mask *mask, cJSON *object,
                        const struct client_outcome *outcome)
{
    cJSON *client = cJSON_AddObjectToObject(object, "client");

    cJSON_AddStringToObject(client, "end", client_end_name(outcome->end));
    if (outcome->end == CLIENT_EXITED)
        cJSON_AddNumberToObject(client, "exit_code", outcome->exit_code);
    if (outcome->end == CLIENT_CRASHED)
        cJSON_AddNumberToObject(client, "signal", outcome->signal);
    json_add_time(client, "started_ms", outcome->started_ns);
    json_add_time(client, "ended_ms", outcome->ended_ns);
    json_add_time(client, "result_ms", outcome->result_ns);
    if (outcome->has_result)
        cJSON_AddBoolToObject(client, "success", outcome->success);
    else
        cJSON_AddNullToObject(client, "success");
    json_add_words(mask, client, "error", outcome->error);
    json_add_line(mask, client, "trouble", outcome->trouble);
    json_add_line(mask, client, "lapse", outcome->lapse);
    json_add_line(mask, client, "bound", outcome->bound);
    json_add_line(mask, client, "left", outcome->left);
    json_add_block(mask, client, "stdout_tail", outcome->out_tail);
    json_add_block(mask, client, "stderr_tail", outcome->err_tail);
}

static void add_leg(cJSON *object, const struct noise_leg *leg)
{
    cJSON_AddNumberToObject(object, "p50_ms", json_to_ms(leg->p50_ns));
    cJSON_AddNumberToObject(object, "p999_ms", json_to_ms(leg->p999_ns));
    cJSON_AddNumberToObject(object, "max_ms", json_to_ms(leg->max_ns));
}

static void add_noise(cJSON *object, const struct noise *noise)
{
    cJSON *item;

    if (noise->ticks == 0) {
        cJSON_AddNullToObject(object, "noise");
        return;
    }
    item = cJSON_AddObjectToObject(object, "noise");
    cJSON_AddNumberToObject(item, "ticks", noise->ticks);
    cJSON_AddNumberToObject(item, "bound_ms",
                            json_to_ms(noise_bound_ns(noise)));
    add_leg(item, &noise->late);
    add_leg(cJSON_AddObjectToObject(item, "answer"), &noise->answer);
    add_leg(cJSON_AddObjectToObject(item, "beat"), &noise->beat);
    cJSON_AddNumberToObject(item, "unjumped_ms",
                            json_to_ms(noise->unjumped_ns));
    cJSON_AddNumberToObject(item, "starved_ms", json_to_ms(noise->starved_ns));
    cJSON_AddNumberToObject(item, "starved_most_ms",
                            json_to_ms(noise->starved_most_ns));
}

static void add_record(struct mask *mask, cJSON *object,
                       const struct record *record)
{
    cJSON *attempts = cJSON_AddArrayToObject(object, "attempts");
    cJSON *remarks = cJSON_AddArrayToObject(object, "remarks");

    if (record == NULL) {
        cJSON_AddNullToObject(object, "noise");
        cJSON_AddNullToObject(object, "client");
        return;
    }
    for (size_t i = 0; i < record->attempt_count; i++)
        cJSON_AddItemToArray(attempts,
                             attempt_to_json(mask, record->attempts[i]));
    for (size_t i = 0; i < record->remark_count; i++) {
        cJSON *remark = cJSON_CreateObject();

        json_add_time(remark, "at_ms", record->remarks[i].at_ns);
        cJSON_AddNumberToObject(remark, "connection",
                                record->remarks[i].connection);
        json_add_line(mask, remark, "text", record->remarks[i].text);
        json_add_raw(mask, remark, record->remarks[i].raw,
                     record->remarks[i].raw_bytes);
        cJSON_AddItemToArray(remarks, remark);
    }
    add_noise(object, &record->noise);
    add_outcome(mask, object, &record->outcome);
}

cJSON *json_trial(struct mask *mask, const struct run *run,
                  const struct trial_result *trial)
{
    const struct plan *plan = trial->plan;
    cJSON             *object = cJSON_CreateObject();

    json_add_line(mask, object, "id", plan->id);
    json_add_line(mask, object, "file", plan->file);
    cJSON_AddNumberToObject(object, "line", plan->line);
    json_add_line(mask, object, "about", plan->about);
    cJSON_AddStringToObject(object, "verdict",
                            verdict_name(trial_result_kind(run, trial)));
    cJSON_AddBoolToObject(object, "blocks", trial_result_blocks(run, trial));
    json_add_line(mask, object, "reason",
                  trial->verdict ? trial->verdict->reason : NULL);
    json_add_line(mask, object, "known_failure", trial->known_failure);
    cJSON_AddBoolToObject(object, "unexpected_pass", trial->unexpected_pass);
    cJSON_AddNumberToObject(object, "runs", trial->runs);
    cJSON_AddNumberToObject(object, "wall_ms", json_to_ms(trial->wall_ns));
    json_add_line(mask, object, "clock",
                  trial->record ? trial->record->clock : NULL);
    add_rules(object, trial);
    add_findings(mask, object, trial->verdict);
    cJSON_AddItemToObject(object, "statistics",
                          verdict_statistics_to_json(trial->verdict));
    add_record(mask, object, trial->record);
    return object;
}
