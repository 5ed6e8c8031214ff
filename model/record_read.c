/* SPDX-License-Identifier: Apache-2.0 */
/* A record from its JSON Lines (record_write.c).
 *
 * Who reads it back trusts nothing: a file may be cut, edited or no record at
 * all. Every number is bounded here, so that no reader of a record has to
 * fear for its arithmetic. */

#include "model/field.h"
#include "model/record.h"

#include "common/alloc.h"

#include <stdio.h>
#include <string.h>

enum { COUNT_OF_ENDS = CLIENT_BY_HAND + 1 };

/* ---- the pieces ---- */

static const char *const answer_end_words[] = {
#define X(end, name, meaning) name,
    ANSWER_END_MAP(X)
#undef X
};

static const char *const violation_words[] = {
#define X(kind, name, meaning) name,
    VIOLATION_MAP(X)
#undef X
};

static const char *const client_end_words[] = {
#define X(end, name, meaning) name,
    CLIENT_END_MAP(X)
#undef X
};

_Static_assert(sizeof client_end_words / sizeof client_end_words[0] ==
                   COUNT_OF_ENDS,
               "CLIENT_END_MAP has another last line");

static bool read_time(const struct field_source *line, const char *name,
                      int64_t *time_ns)
{
    return field_int(line, name, TIME_NEVER, FIELD_INT_MAX, time_ns);
}

static bool read_size(const struct field_source *line, const char *name,
                      size_t *size)
{
    int64_t value;

    if (!field_int(line, name, 0, FIELD_INT_MAX, &value))
        return false;
    *size = (size_t)value;
    return true;
}

static bool read_plain_int(const struct field_source *line, const char *name,
                           int min, int max, int *number)
{
    int64_t value;

    if (!field_int(line, name, min, max, &value))
        return false;
    *number = (int)value;
    return true;
}

static bool read_headers(const struct field_source *line, const char *name,
                         struct header_list *headers)
{
    const cJSON *list;
    const cJSON *item;
    bool         read = true;

    if (!field_list(line, name, &list))
        return false;
    for (item = list->child; item != NULL && read; item = item->next) {
        struct field_source field = *line;
        char               *field_name = NULL;
        char               *value = NULL;

        field.object = item;
        read = field_said(&field, "name", &field_name) &&
               field_said(&field, "value", &value);
        if (read)
            header_add(headers, field_name, value);
        alloc_free(field_name);
        alloc_free(value);
    }
    return read;
}

/* Older records do not say what kind it is, and most remarks are of none. */
static bool read_violation_kind(const struct field_source *line,
                                const char *name, enum violation_kind *kind)
{
    size_t index = VIOLATION_OTHER;
    bool   read =
        !cJSON_HasObjectItem(line->object, name) ||
        field_word(line, name, violation_words, VIOLATION_COUNT, &index);

    *kind = (enum violation_kind)index;
    return read;
}

/* Only what was wrong has it. */
static bool read_raw(const struct field_source *line, char **raw,
                     size_t *raw_bytes)
{
    if (!cJSON_HasObjectItem(line->object, "raw") &&
        !cJSON_HasObjectItem(line->object, "raw_base64"))
        return true;
    return field_bytes(line, "raw", RECORD_RAW_KEPT_MAX, raw, raw_bytes);
}

static bool read_violations(const struct field_source *line,
                            struct attempt            *attempt)
{
    const cJSON *list;
    const cJSON *item;

    if (!field_list(line, "violations", &list))
        return false;
    cJSON_ArrayForEach (item, list) {
        struct field_source field = *line;
        enum violation_kind kind;
        char               *text = NULL;

        field.object = item;
        if (!read_violation_kind(&field, "kind", &kind) ||
            !field_said(&field, "text", &text))
            return false;
        attempt_violation(attempt, kind, "%s", text);
        alloc_free(text);
    }
    return true;
}

static bool read_sha256(const struct field_source *line,
                        struct attempt            *attempt)
{
    char *text = NULL;
    bool  fits;

    if (!field_said(line, "body_sha256", &text))
        return false;
    fits = strlen(text) < sizeof attempt->body_sha256;
    if (fits)
        snprintf(attempt->body_sha256, sizeof attempt->body_sha256, "%s", text);
    alloc_free(text);
    return fits || field_wrong(line, "body_sha256", "64 hex digits or none");
}

static bool read_body(const struct field_source *line, struct attempt *attempt)
{
    if (!field_bytes(line, "body", RECORD_BODY_KEPT_MAX, &attempt->body,
                     &attempt->body_kept_bytes) ||
        !read_size(line, "body_bytes", &attempt->body_bytes) ||
        !read_sha256(line, attempt))
        return false;
    return attempt->body_bytes >= attempt->body_kept_bytes ||
           field_wrong(line, "body_bytes", "at least what was kept of it");
}

static bool read_request(const struct field_source *line,
                         struct attempt            *attempt)
{
    return field_text(line, "method", &attempt->method) &&
           field_text(line, "target", &attempt->target) &&
           field_text(line, "version", &attempt->version) &&
           read_headers(line, "headers", &attempt->headers) &&
           read_body(line, attempt) && read_violations(line, attempt) &&
           read_raw(line, &attempt->raw, &attempt->raw_bytes);
}

static bool read_times(const struct field_source *line, struct attempt *attempt)
{
    return read_time(line, "accepted_ns", &attempt->accepted_ns) &&
           read_time(line, "arrived_ns", &attempt->arrived_ns) &&
           read_time(line, "body_ns", &attempt->body_ns) &&
           read_time(line, "answering_ns", &attempt->answering_ns) &&
           read_time(line, "answered_ns", &attempt->answered_ns) &&
           read_time(line, "gone_ns", &attempt->gone_ns);
}

static bool read_route(const struct field_source *line, struct attempt *attempt)
{
    const char *words[ROUTE_COUNT];
    size_t      index;

    for (int i = 0; i < ROUTE_COUNT; i++)
        words[i] = route_name((enum route)i);
    if (!field_word(line, "route", words, ROUTE_COUNT, &index))
        return false;
    attempt->route = (enum route)index;
    return true;
}

/* Only some answers have it, and older records none. */
static bool read_answer_body(const struct field_source *line,
                             struct attempt            *attempt)
{
    if (!cJSON_HasObjectItem(line->object, "answer_body") &&
        !cJSON_HasObjectItem(line->object, "answer_body_base64"))
        return true;
    return field_text(line, "answer_body", &attempt->answer_body);
}

static bool read_fault(const struct field_source *line, enum fault *fault)
{
    const char *faults[FAULT_COUNT];
    size_t      index;

    for (int i = 0; i < FAULT_COUNT; i++)
        faults[i] = fault_name((enum fault)i);
    if (!field_word(line, "fault", faults, FAULT_COUNT, &index))
        return false;
    *fault = (enum fault)index;
    return true;
}

static bool read_answer(const struct field_source *line,
                        struct attempt            *attempt)
{
    size_t end;

    if (!field_text(line, "played", &attempt->played) ||
        !read_fault(line, &attempt->fault) ||
        !read_plain_int(line, "status", 0, 999, &attempt->status) ||
        !read_headers(line, "answer_headers", &attempt->answer_headers) ||
        !read_size(line, "answer_body_bytes", &attempt->answer_body_bytes) ||
        !read_answer_body(line, attempt) ||
        !field_int(line, "answer_wall_s", -FIELD_INT_MAX, FIELD_INT_MAX,
                   &attempt->answer_wall_s) ||
        !field_word(line, "end", answer_end_words,
                    sizeof answer_end_words / sizeof answer_end_words[0], &end))
        return false;
    attempt->end = (enum answer_end)end;
    return true;
}

/* ---- the lines ---- */

static bool read_seed(const struct field_source *line, uint64_t *seed)
{
    static const char allowed[] = "a number below 2^64, as a string";
    char             *text = NULL;
    uint64_t          value = 0;
    bool              read;

    if (!field_said(line, "seed", &text))
        return false;
    read = text[0] != '\0';
    for (const char *at = text; *at != '\0' && read; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        read = *at >= '0' && *at <= '9' && value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    alloc_free(text);
    *seed = value;
    return read || field_wrong(line, "seed", allowed);
}

static bool read_head(const struct field_source *line, struct record *record)
{
    char    allowed[64];
    int64_t format;

    snprintf(allowed, sizeof allowed,
             "%d, the format this version of Retrial reads",
             RECORD_FORMAT_VERSION);
    if (!field_int(line, "format", 0, FIELD_INT_MAX, &format))
        return false;
    if (format != RECORD_FORMAT_VERSION)
        return field_wrong(line, "format", allowed);
    return field_text(line, "plan", &record->plan_id) &&
           field_text(line, "client", &record->client) &&
           field_text(line, "clock", &record->clock) &&
           read_seed(line, &record->seed) &&
           field_int(line, "started_wall_s", -FIELD_INT_MAX, FIELD_INT_MAX,
                     &record->started_wall_s) &&
           field_text(line, "plan_text", &record->plan_text) &&
           field_text(line, "profile", &record->profile);
}

static bool read_attempt(const struct field_source *line, struct record *record)
{
    struct attempt *attempt;
    unsigned        number;
    char            allowed[64];

    if (!field_unsigned(line, "number", &number))
        return false;
    attempt = record_attempt(record);
    if (attempt == NULL || attempt->number != number) {
        snprintf(allowed, sizeof allowed, "%zu, the next in order, at most %d",
                 record->attempt_count, RECORD_ATTEMPTS_MAX);
        return field_wrong(line, "number", allowed);
    }
    return field_unsigned(line, "connection", &attempt->connection) &&
           read_route(line, attempt) && read_times(line, attempt) &&
           read_request(line, attempt) && read_answer(line, attempt);
}

/* What was added to a strike's own words stands in the text; only what had a
 * TLS session has heard_bytes. */
static bool read_met(const struct field_source *line, char **text,
                     struct remark *remark)
{
    char *own = remark->text;

    remark->text = *text;
    *text = own;
    return !cJSON_HasObjectItem(line->object, "heard_bytes") ||
           field_int(line, "heard_bytes", 0, FIELD_INT_MAX,
                     &remark->heard_bytes);
}

/* NULL: there was no room for it. */
static bool read_wrong(const struct field_source *line, struct remark *remark)
{
    return remark == NULL ||
           (read_violation_kind(line, "wrong", &remark->wrong) &&
            read_raw(line, &remark->raw, &remark->raw_bytes));
}

static bool read_remark(const struct field_source *line, struct record *record)
{
    const size_t before = record->remark_count;
    bool         ok = true;
    int64_t      at_ns;
    int64_t      until_ns;
    unsigned     connection;
    enum fault   fault;
    char        *text = NULL;

    if (!read_time(line, "at_ns", &at_ns) ||
        !read_time(line, "until_ns", &until_ns) ||
        !field_unsigned(line, "connection", &connection) ||
        !read_fault(line, &fault) || !field_said(line, "text", &text))
        return false;
    if (fault == FAULT_NONE)
        ok = read_wrong(line,
                        record_remark(record, at_ns, connection, "%s", text));
    else
        record_strike(record, at_ns, until_ns, connection, fault);
    if (fault != FAULT_NONE && record->remark_count > before)
        ok = read_met(line, &text, &record->remarks[before]);
    alloc_free(text);
    return ok;
}

/* Older records do not have it. */
static bool read_later_time(const struct field_source *object, const char *name,
                            int64_t *time_ns)
{
    return !cJSON_HasObjectItem(object->object, name) ||
           read_time(object, name, time_ns);
}

/* Older records do not have these, and not every client says what it can. */
static bool read_later_fields(const struct field_source *object,
                              struct client_outcome     *outcome)
{
    outcome->result_ns = TIME_NEVER;
    return read_later_time(object, "result_ns", &outcome->result_ns) &&
           read_later_time(object, "extra_ns", &outcome->extra_ns) &&
           (!cJSON_HasObjectItem(object->object, "bound") ||
            field_text(object, "bound", &outcome->bound)) &&
           (!cJSON_HasObjectItem(object->object, "untaken") ||
            field_bool(object, "untaken", &outcome->untaken)) &&
           (!cJSON_HasObjectItem(object->object, "lapse") ||
            field_text(object, "lapse", &outcome->lapse)) &&
           (!cJSON_HasObjectItem(object->object, "capabilities") ||
            field_text(object, "capabilities", &outcome->capabilities)) &&
           (!cJSON_HasObjectItem(object->object, "left") ||
            field_text(object, "left", &outcome->left));
}

static bool read_outcome(const struct field_source *line,
                         struct client_outcome     *outcome)
{
    struct field_source object;
    size_t              end;

    if (!field_object(line, "outcome", &object) ||
        !field_word(&object, "end", client_end_words, COUNT_OF_ENDS, &end) ||
        !read_plain_int(&object, "exit_code", INT32_MIN, INT32_MAX,
                        &outcome->exit_code) ||
        !read_plain_int(&object, "signal", 0, 1024, &outcome->signal))
        return false;
    outcome->end = (enum client_end)end;
    return read_time(&object, "started_ns", &outcome->started_ns) &&
           read_time(&object, "ended_ns", &outcome->ended_ns) &&
           read_later_fields(&object, outcome) &&
           field_bool(&object, "has_result", &outcome->has_result) &&
           field_bool(&object, "success", &outcome->success) &&
           field_text(&object, "error", &outcome->error) &&
           field_text(&object, "trouble", &outcome->trouble) &&
           field_text(&object, "out_tail", &outcome->out_tail) &&
           field_text(&object, "err_tail", &outcome->err_tail);
}

/* Older records have none. */
static bool read_leg(const struct field_source *noise, const char *name,
                     struct noise_leg *leg)
{
    struct field_source object;

    if (!cJSON_HasObjectItem(noise->object, name))
        return true;
    return field_object(noise, name, &object) &&
           read_time(&object, "p50_ns", &leg->p50_ns) &&
           read_time(&object, "p999_ns", &leg->p999_ns) &&
           read_time(&object, "max_ns", &leg->max_ns);
}

/* Nobody measured it where a client is driven by hand, or in older records. */
static bool read_noise(const struct field_source *line, struct noise *noise)
{
    struct field_source object;

    if (!cJSON_HasObjectItem(line->object, "noise"))
        return true;
    return field_object(line, "noise", &object) &&
           field_unsigned(&object, "ticks", &noise->ticks) &&
           read_time(&object, "late_p50_ns", &noise->late.p50_ns) &&
           read_time(&object, "late_p999_ns", &noise->late.p999_ns) &&
           read_time(&object, "late_max_ns", &noise->late.max_ns) &&
           read_leg(&object, "answer", &noise->answer) &&
           read_leg(&object, "beat", &noise->beat) &&
           read_later_time(&object, "unjumped_ns", &noise->unjumped_ns) &&
           read_later_time(&object, "held_up_ns", &noise->held_up_ns) &&
           read_later_time(&object, "starved_ns", &noise->starved_ns) &&
           read_later_time(&object, "starved_most_ns",
                           &noise->starved_most_ns) &&
           read_later_time(&object, "idle_ns", &noise->idle_ns);
}

static bool read_count(const struct field_source *line, const char *name,
                       size_t counted)
{
    char   allowed[64];
    size_t said;

    if (!read_size(line, name, &said))
        return false;
    snprintf(allowed, sizeof allowed, "%zu, as many as stand above", counted);
    return said == counted || field_wrong(line, name, allowed);
}

static bool read_end(const struct field_source *line, struct record *record)
{
    return read_count(line, "attempts", record->attempt_count) &&
           read_count(line, "remarks", record->remark_count) &&
           field_bool(line, "overflow", &record->overflow) &&
           read_time(line, "observed_ns", &record->observed_ns) &&
           (!cJSON_HasObjectItem(line->object, "undecided") ||
            field_text(line, "undecided", &record->undecided)) &&
           read_noise(line, &record->noise) &&
           read_outcome(line, &record->outcome);
}

/* ---- the file ---- */

enum line_kind { LINE_HEAD, LINE_ATTEMPT, LINE_REMARK, LINE_END };

static const char *const line_words[] = {"head", "attempt", "remark", "end"};

/* Where the reader stands. */
struct reader {
    const char    *at;
    size_t         left_bytes;
    size_t         line;
    struct record *record;
    bool           ended; /* the end line was read */
};

static bool read_line(struct reader *reader, const struct field_source *line)
{
    size_t kind;

    if (!field_word(line, "kind", line_words, LINE_END + 1, &kind))
        return false;
    if ((reader->line == 1) != (kind == LINE_HEAD))
        return field_wrong(line, "kind",
                           reader->line == 1 ? "head, on the first line"
                                             : "attempt, remark or end");
    switch ((enum line_kind)kind) {
    case LINE_HEAD:
        return read_head(line, reader->record);
    case LINE_ATTEMPT:
        return read_attempt(line, reader->record);
    case LINE_REMARK:
        return read_remark(line, reader->record);
    case LINE_END:
        break;
    }
    reader->ended = read_end(line, reader->record);
    return reader->ended;
}

static bool cut(const char *place, struct err *err)
{
    return err_set(err, ERR_USAGE, place, "the record was cut: no end line");
}

/* One line, its newline included. A last line that has none and is no JSON is
 * where the file was cut. */
static bool next_line(struct reader *reader, const char *place, struct err *err)
{
    const char *newline = memchr(reader->at, '\n', reader->left_bytes);
    size_t      length_bytes =
        newline ? (size_t)(newline - reader->at) : reader->left_bytes;
    cJSON *object = cJSON_ParseWithLength(reader->at, length_bytes);
    struct field_source line = {object, place, err};
    bool                read;

    if (object == NULL && newline == NULL)
        return cut(place, err);
    if (!cJSON_IsObject(object))
        read = err_set(err, ERR_USAGE, place,
                       "this is no line of a record; allowed is a JSON "
                       "object");
    else
        read = read_line(reader, &line);
    cJSON_Delete(object);
    reader->at += length_bytes + (newline != NULL);
    reader->left_bytes -= length_bytes + (newline != NULL);
    return read;
}

bool record_read(const char *text, size_t length_bytes, const char *place,
                 struct record **record, struct err *err)
{
    struct reader reader = {
        .at = text, .left_bytes = length_bytes, .record = record_new()};
    char at[ERR_PLACE_MAX];
    bool read = true;

    snprintf(at, sizeof at, "%s:1", place);
    while (read && reader.left_bytes > 0) {
        snprintf(at, sizeof at, "%s:%zu", place, ++reader.line);
        if (reader.ended)
            read =
                err_set(err, ERR_USAGE, at, "nothing may follow the end line");
        else
            read = next_line(&reader, at, err);
    }
    if (read && !reader.ended)
        read = cut(at, err);
    if (!read) {
        record_free(reader.record);
        return false;
    }
    *record = reader.record;
    return true;
}
