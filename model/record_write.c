/* SPDX-License-Identifier: Apache-2.0 */
/* A record as JSON Lines.
 *
 *   {"kind":"head","format":1, ...}     once
 *   {"kind":"attempt","number":1, ...}  in order of arrival
 *   {"kind":"remark", ...}
 *   {"kind":"end", ...}                 once: counts, the client's outcome
 *
 * record_read.c is the way back. */

#include "model/field.h"
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>

enum { NUMBER_TEXT_MAX = 24 };

/* cJSON prints 15 digits of a number; a time may have 16. */
static void put_int(cJSON *object, const char *name, int64_t value)
{
    char digits[NUMBER_TEXT_MAX];

    snprintf(digits, sizeof digits, "%" PRId64, value);
    cJSON_AddRawToObject(object, name, digits);
}

static void put_line(struct bytes *out, cJSON *object)
{
    char *line = cJSON_PrintUnformatted(object);

    bytes_add(out, line);
    bytes_add(out, "\n");
    cJSON_free(line);
    cJSON_Delete(object);
}

static cJSON *line_of_kind(const char *kind)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "kind", kind);
    return object;
}

static void put_headers(cJSON *object, const char *name,
                        const struct header_list *headers)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < headers->count; i++) {
        cJSON *field = cJSON_CreateObject();

        field_put_text(field, "name", headers->items[i].name);
        field_put_text(field, "value", headers->items[i].value);
        cJSON_AddItemToArray(list, field);
    }
}

static void write_head(const struct record *record, struct bytes *out)
{
    cJSON *head = line_of_kind("head");
    char   seed[NUMBER_TEXT_MAX];

    snprintf(seed, sizeof seed, "%" PRIu64, record->seed);
    put_int(head, "format", RECORD_FORMAT_VERSION);
    field_put_text(head, "plan", record->plan_id);
    field_put_text(head, "client", record->client);
    field_put_text(head, "clock", record->clock);
    cJSON_AddStringToObject(head, "seed", seed);
    put_int(head, "started_wall_s", record->started_wall_s);
    field_put_text(head, "plan_text", record->plan_text);
    field_put_text(head, "profile", record->profile);
    put_line(out, head);
}

/* What older records do not have either. */
static void put_raw(cJSON *line, const char *raw, size_t raw_bytes)
{
    if (raw != NULL)
        field_put_bytes(line, "raw", raw, raw_bytes);
}

static void put_request(cJSON *line, const struct attempt *attempt)
{
    cJSON *violations;

    field_put_text(line, "method", attempt->method);
    field_put_text(line, "target", attempt->target);
    field_put_text(line, "version", attempt->version);
    put_headers(line, "headers", &attempt->headers);
    field_put_bytes(line, "body", attempt->body, attempt->body_kept_bytes);
    put_int(line, "body_bytes", (int64_t)attempt->body_bytes);
    cJSON_AddStringToObject(line, "body_sha256", attempt->body_sha256);
    violations = cJSON_AddArrayToObject(line, "violations");
    for (size_t i = 0; i < attempt->violation_count; i++) {
        cJSON *violation = cJSON_CreateObject();

        cJSON_AddStringToObject(violation, "kind",
                                violation_name(attempt->violations[i].kind));
        field_put_text(violation, "text", attempt->violations[i].text);
        cJSON_AddItemToArray(violations, violation);
    }
    put_raw(line, attempt->raw, attempt->raw_bytes);
}

static void put_times(cJSON *line, const struct attempt *attempt)
{
    put_int(line, "accepted_ns", attempt->accepted_ns);
    put_int(line, "arrived_ns", attempt->arrived_ns);
    put_int(line, "body_ns", attempt->body_ns);
    put_int(line, "answering_ns", attempt->answering_ns);
    put_int(line, "answered_ns", attempt->answered_ns);
    put_int(line, "gone_ns", attempt->gone_ns);
}

static void put_answer(cJSON *line, const struct attempt *attempt)
{
    field_put_text(line, "played", attempt->played);
    cJSON_AddStringToObject(line, "fault", fault_name(attempt->fault));
    put_int(line, "status", attempt->status);
    put_headers(line, "answer_headers", &attempt->answer_headers);
    put_int(line, "answer_body_bytes", (int64_t)attempt->answer_body_bytes);
    if (attempt->answer_body != NULL)
        field_put_text(line, "answer_body", attempt->answer_body);
    put_int(line, "answer_wall_s", attempt->answer_wall_s);
    cJSON_AddStringToObject(line, "end", answer_end_name(attempt->end));
}

static void write_attempt(const struct attempt *attempt, struct bytes *out)
{
    cJSON *line = line_of_kind("attempt");

    put_int(line, "number", attempt->number);
    put_int(line, "connection", attempt->connection);
    cJSON_AddStringToObject(line, "route", route_name(attempt->route));
    put_times(line, attempt);
    put_request(line, attempt);
    put_answer(line, attempt);
    put_line(out, line);
}

static void write_remark(const struct remark *remark, struct bytes *out)
{
    cJSON *line = line_of_kind("remark");

    put_int(line, "at_ns", remark->at_ns);
    put_int(line, "connection", remark->connection);
    cJSON_AddStringToObject(line, "fault", fault_name(remark->fault));
    put_int(line, "until_ns", remark->until_ns);
    if (remark->heard_bytes != NO_SESSION)
        put_int(line, "heard_bytes", remark->heard_bytes);
    field_put_text(line, "text", remark->text);
    if (remark->wrong != VIOLATION_OTHER)
        cJSON_AddStringToObject(line, "wrong", violation_name(remark->wrong));
    put_raw(line, remark->raw, remark->raw_bytes);
    put_line(out, line);
}

static void put_leg(cJSON *noise, const char *name, const struct noise_leg *leg)
{
    cJSON *object = cJSON_AddObjectToObject(noise, name);

    put_int(object, "p50_ns", leg->p50_ns);
    put_int(object, "p999_ns", leg->p999_ns);
    put_int(object, "max_ns", leg->max_ns);
}

static void put_noise(cJSON *end, const struct noise *noise)
{
    cJSON *object = cJSON_AddObjectToObject(end, "noise");

    put_int(object, "ticks", noise->ticks);
    put_int(object, "late_p50_ns", noise->late.p50_ns);
    put_int(object, "late_p999_ns", noise->late.p999_ns);
    put_int(object, "late_max_ns", noise->late.max_ns);
    put_leg(object, "answer", &noise->answer);
    put_leg(object, "beat", &noise->beat);
    put_int(object, "unjumped_ns", noise->unjumped_ns);
    put_int(object, "held_up_ns", noise->held_up_ns);
    put_int(object, "starved_ns", noise->starved_ns);
    put_int(object, "starved_most_ns", noise->starved_most_ns);
    put_int(object, "idle_ns", noise->idle_ns);
}

static void put_outcome(cJSON *end, const struct client_outcome *outcome)
{
    cJSON *object = cJSON_AddObjectToObject(end, "outcome");

    cJSON_AddStringToObject(object, "end", client_end_name(outcome->end));
    put_int(object, "exit_code", outcome->exit_code);
    put_int(object, "signal", outcome->signal);
    put_int(object, "started_ns", outcome->started_ns);
    put_int(object, "ended_ns", outcome->ended_ns);
    put_int(object, "result_ns", outcome->result_ns);
    cJSON_AddBoolToObject(object, "untaken", outcome->untaken);
    cJSON_AddBoolToObject(object, "has_result", outcome->has_result);
    cJSON_AddBoolToObject(object, "success", outcome->success);
    field_put_text(object, "error", outcome->error);
    field_put_text(object, "trouble", outcome->trouble);
    put_int(object, "extra_ns", outcome->extra_ns);
    field_put_text(object, "bound", outcome->bound);
    field_put_text(object, "lapse", outcome->lapse);
    if (outcome->capabilities != NULL)
        field_put_text(object, "capabilities", outcome->capabilities);
    field_put_text(object, "left", outcome->left);
    field_put_text(object, "out_tail", outcome->out_tail);
    field_put_text(object, "err_tail", outcome->err_tail);
}

void record_write(const struct record *record, struct bytes *out)
{
    cJSON *end;

    write_head(record, out);
    for (size_t i = 0; i < record->attempt_count; i++)
        write_attempt(record->attempts[i], out);
    for (size_t i = 0; i < record->remark_count; i++)
        write_remark(&record->remarks[i], out);
    end = line_of_kind("end");
    put_int(end, "attempts", (int64_t)record->attempt_count);
    put_int(end, "remarks", (int64_t)record->remark_count);
    cJSON_AddBoolToObject(end, "overflow", record->overflow);
    put_int(end, "observed_ns", record->observed_ns);
    if (record->undecided != NULL)
        field_put_text(end, "undecided", record->undecided);
    if (record->noise.ticks > 0)
        put_noise(end, &record->noise);
    put_outcome(end, &record->outcome);
    put_line(out, end);
}
