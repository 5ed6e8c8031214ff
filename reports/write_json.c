/* The whole run for machines; docs/report.schema.json says what stands where.
 *
 * Each member, and each trial, is built, printed and freed on its own line,
 * so that a run of ten thousand trials never stands in memory as a tree. */

#include "common/alloc.h"
#include "common/base64.h"
#include "common/clock.h"
#include "common/text.h"
#include "common/version.h"
#include "reports/raw.h"
#include "reports/tally.h"
#include "reports/writers.h"

#include <cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    JSON_FORMAT_VERSION = 2,
    JSON_BODY_MAX = 4096, /* bytes of a body that are shown */
};

enum { JSON_WORDS_MAX = 4096 }; /* bytes of a client's own words */

struct json_view {
    struct bytes                *out;
    struct mask                  mask; /* of the run, then of each trial */
    const struct run            *run;
    const struct report_options *options;
};

/* ---- values ---- */

static void add_line(struct mask *mask, cJSON *object, const char *name,
                     const char *text)
{
    char *masked;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    masked = mask_line(mask, text);
    cJSON_AddStringToObject(object, name, masked);
    alloc_free(masked);
}

/* What a client says of itself may be of megabytes. */
static void add_words(struct mask *mask, cJSON *object, const char *name,
                      const char *text)
{
    struct bytes line;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    bytes_init(&line, 2 * JSON_WORDS_MAX);
    mask_add_short(mask, text, JSON_WORDS_MAX, &line);
    cJSON_AddStringToObject(object, name, bytes_text(&line));
    bytes_clear(&line);
}

static void add_block(struct mask *mask, cJSON *object, const char *name,
                      const char *text)
{
    char *masked;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    masked = mask_block(mask, text, strlen(text));
    cJSON_AddStringToObject(object, name, masked);
    alloc_free(masked);
}

/* Milliseconds, in whole microseconds: nobody measured finer. */
static double to_ms(int64_t time_ns)
{
    return (double)(time_ns / NS_PER_US) / 1000.0;
}

static void add_time(cJSON *object, const char *name, int64_t time_ns)
{
    if (time_ns == TIME_NEVER)
        cJSON_AddNullToObject(object, name);
    else
        cJSON_AddNumberToObject(object, name, to_ms(time_ns));
}

static void add_headers(struct mask *mask, cJSON *object, const char *name,
                        const struct header_list *headers)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < headers->count; i++) {
        cJSON *pair = cJSON_CreateArray();
        char  *field = mask_line(mask, headers->items[i].name);
        char  *value = mask_header(mask, &headers->items[i]);

        cJSON_AddItemToArray(pair, cJSON_CreateString(field));
        cJSON_AddItemToArray(pair, cJSON_CreateString(value));
        cJSON_AddItemToArray(list, pair);
        alloc_free(field);
        alloc_free(value);
    }
}

/* ---- attempts ---- */

static void add_body_text(struct json_view *view, cJSON *object,
                          const char *body, size_t length)
{
    char  *text = mask_block(&view->mask, body, length);
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
static void add_body(struct json_view *view, cJSON *object,
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
    if (!view->mask.show && (!readable || attempt->route == ROUTE_TOKEN)) {
        cJSON_AddNullToObject(object, "body");
    } else if (readable) {
        add_body_text(view, object, attempt->body, length);
    } else {
        char *encoded = base64_encode(
            attempt->body, length < JSON_BODY_MAX ? length : JSON_BODY_MAX);

        cJSON_AddStringToObject(object, "body_base64", encoded);
        alloc_free(encoded);
    }
}

/* Only of what was wrong, and could be seen. */
static void add_raw(struct json_view *view, cJSON *object, const char *raw,
                    size_t raw_bytes)
{
    char *text;

    if (raw == NULL)
        return;
    text = raw_line(&view->mask, raw, raw_bytes);
    cJSON_AddStringToObject(object, "raw", text);
    alloc_free(text);
}

static cJSON *attempt_to_json(struct json_view     *view,
                              const struct attempt *attempt)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *violations;
    cJSON *answer;

    cJSON_AddNumberToObject(object, "number", attempt->number);
    cJSON_AddNumberToObject(object, "connection", attempt->connection);
    cJSON_AddStringToObject(object, "route", route_name(attempt->route));
    add_line(&view->mask, object, "method", attempt->method);
    add_line(&view->mask, object, "target", attempt->target);
    add_line(&view->mask, object, "version", attempt->version);
    add_time(object, "accepted_ms", attempt->accepted_ns);
    add_time(object, "arrived_ms", attempt->arrived_ns);
    add_time(object, "body_ms", attempt->body_ns);
    add_time(object, "answering_ms", attempt->answering_ns);
    add_time(object, "answered_ms", attempt->answered_ns);
    add_time(object, "gone_ms", attempt->gone_ns);
    add_headers(&view->mask, object, "headers", &attempt->headers);
    add_body(view, object, attempt);
    violations = cJSON_AddArrayToObject(object, "violations");
    for (size_t i = 0; i < attempt->violation_count; i++) {
        char *text = mask_line(&view->mask, attempt->violations[i].text);

        cJSON_AddItemToArray(violations, cJSON_CreateString(text));
        alloc_free(text);
    }
    add_raw(view, object, attempt->raw, attempt->raw_bytes);
    answer = cJSON_AddObjectToObject(object, "answer");
    add_line(&view->mask, answer, "played", attempt->played);
    cJSON_AddStringToObject(answer, "fault", fault_name(attempt->fault));
    cJSON_AddNumberToObject(answer, "status", attempt->status);
    add_headers(&view->mask, answer, "headers", &attempt->answer_headers);
    cJSON_AddNumberToObject(answer, "body_bytes",
                            (double)attempt->answer_body_bytes);
    cJSON_AddStringToObject(answer, "end", answer_end_name(attempt->end));
    return object;
}

/* ---- trials ---- */

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

static void add_findings(struct json_view *view, cJSON *object,
                         const struct verdict *verdict)
{
    cJSON *list = cJSON_AddArrayToObject(object, "findings");

    for (size_t i = 0; verdict != NULL && i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        cJSON                *item = cJSON_CreateObject();

        cJSON_AddStringToObject(item, "kind", finding_kind_name(finding->kind));
        add_line(&view->mask, item, "subject", finding->subject);
        add_line(&view->mask, item, "check", finding->check);
        if (finding->attempt > 0)
            cJSON_AddNumberToObject(item, "attempt", finding->attempt);
        else
            cJSON_AddNullToObject(item, "attempt");
        add_line(&view->mask, item, "text", finding->text);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_outcome(struct json_view *view, cJSON *object,
                        const struct client_outcome *outcome)
{
    cJSON *client = cJSON_AddObjectToObject(object, "client");

    cJSON_AddStringToObject(client, "end", client_end_name(outcome->end));
    if (outcome->end == CLIENT_EXITED)
        cJSON_AddNumberToObject(client, "exit_code", outcome->exit_code);
    if (outcome->end == CLIENT_CRASHED)
        cJSON_AddNumberToObject(client, "signal", outcome->signal);
    add_time(client, "started_ms", outcome->started_ns);
    add_time(client, "ended_ms", outcome->ended_ns);
    add_time(client, "result_ms", outcome->result_ns);
    if (outcome->has_result)
        cJSON_AddBoolToObject(client, "success", outcome->success);
    else
        cJSON_AddNullToObject(client, "success");
    add_words(&view->mask, client, "error", outcome->error);
    add_line(&view->mask, client, "trouble", outcome->trouble);
    add_line(&view->mask, client, "lapse", outcome->lapse);
    add_line(&view->mask, client, "bound", outcome->bound);
    add_line(&view->mask, client, "left", outcome->left);
    add_block(&view->mask, client, "stdout_tail", outcome->out_tail);
    add_block(&view->mask, client, "stderr_tail", outcome->err_tail);
}

static void add_leg(cJSON *object, const struct noise_leg *leg)
{
    cJSON_AddNumberToObject(object, "p50_ms", to_ms(leg->p50_ns));
    cJSON_AddNumberToObject(object, "p999_ms", to_ms(leg->p999_ns));
    cJSON_AddNumberToObject(object, "max_ms", to_ms(leg->max_ns));
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
    cJSON_AddNumberToObject(item, "bound_ms", to_ms(noise_bound_ns(noise)));
    add_leg(item, &noise->late);
    add_leg(cJSON_AddObjectToObject(item, "answer"), &noise->answer);
    add_leg(cJSON_AddObjectToObject(item, "beat"), &noise->beat);
    cJSON_AddNumberToObject(item, "unjumped_ms", to_ms(noise->unjumped_ns));
    cJSON_AddNumberToObject(item, "starved_ms", to_ms(noise->starved_ns));
    cJSON_AddNumberToObject(item, "starved_most_ms",
                            to_ms(noise->starved_most_ns));
}

static void add_record(struct json_view *view, cJSON *object,
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
                             attempt_to_json(view, record->attempts[i]));
    for (size_t i = 0; i < record->remark_count; i++) {
        cJSON *remark = cJSON_CreateObject();

        add_time(remark, "at_ms", record->remarks[i].at_ns);
        cJSON_AddNumberToObject(remark, "connection",
                                record->remarks[i].connection);
        add_line(&view->mask, remark, "text", record->remarks[i].text);
        add_raw(view, remark, record->remarks[i].raw,
                record->remarks[i].raw_bytes);
        cJSON_AddItemToArray(remarks, remark);
    }
    add_noise(object, &record->noise);
    add_outcome(view, object, &record->outcome);
}

static cJSON *trial_to_json(struct json_view          *view,
                            const struct trial_result *trial)
{
    const struct plan *plan = trial->plan;
    cJSON             *object = cJSON_CreateObject();

    add_line(&view->mask, object, "id", plan->id);
    add_line(&view->mask, object, "file", plan->file);
    cJSON_AddNumberToObject(object, "line", plan->line);
    add_line(&view->mask, object, "about", plan->about);
    cJSON_AddStringToObject(object, "verdict",
                            verdict_name(trial_result_kind(view->run, trial)));
    cJSON_AddBoolToObject(object, "blocks",
                          trial_result_blocks(view->run, trial));
    add_line(&view->mask, object, "reason",
             trial->verdict ? trial->verdict->reason : NULL);
    add_line(&view->mask, object, "known_failure", trial->known_failure);
    cJSON_AddBoolToObject(object, "unexpected_pass", trial->unexpected_pass);
    cJSON_AddNumberToObject(object, "runs", trial->runs);
    cJSON_AddNumberToObject(object, "wall_ms", to_ms(trial->wall_ns));
    add_line(&view->mask, object, "clock",
             trial->record ? trial->record->clock : NULL);
    add_rules(object, trial);
    add_findings(view, object, trial->verdict);
    cJSON_AddItemToObject(object, "statistics",
                          verdict_statistics_to_json(trial->verdict));
    add_record(view, object, trial->record);
    return object;
}

/* ---- the run ---- */

static cJSON *proofs_json(const struct run *run)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < run->proof_count; i++)
        cJSON_AddItemToArray(list, proof_to_json(&run->proofs[i]));
    return list;
}

static cJSON *profile_json(struct json_view *view, const struct tally *tally)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *list;

    cJSON_AddItemToObject(object, "effective",
                          profile_to_json(&view->run->profile));
    list = cJSON_AddArrayToObject(object, "differences");
    for (size_t i = 0; i < tally->difference_count; i++) {
        cJSON *item = cJSON_CreateObject();

        add_line(&view->mask, item, "name", tally->differences[i].name);
        add_line(&view->mask, item, "own", tally->differences[i].own);
        add_line(&view->mask, item, "published",
                 tally->differences[i].published);
        cJSON_AddItemToArray(list, item);
    }
    return object;
}

static cJSON *totals_json(const struct tally *tally)
{
    const struct totals *totals = &tally->totals;
    cJSON               *object = cJSON_CreateObject();
    cJSON               *verdicts;
    cJSON               *lacks;

    cJSON_AddNumberToObject(object, "trials", totals->trials);
    verdicts = cJSON_AddObjectToObject(object, "by_verdict");
    for (int i = 0; i < VERDICT_COUNT; i++)
        cJSON_AddNumberToObject(verdicts, verdict_name((enum verdict_kind)i),
                                totals->by_verdict[i]);
    cJSON_AddNumberToObject(object, "known_failures", totals->known_failures);
    cJSON_AddNumberToObject(object, "unexpected_passes",
                            totals->unexpected_passes);
    cJSON_AddNumberToObject(object, "advice", totals->advice);
    cJSON_AddNumberToObject(object, "attempts", (double)totals->attempts);
    cJSON_AddNumberToObject(object, "waits_ms", to_ms(tally->waits_ns));
    lacks = cJSON_AddObjectToObject(object, "lacks");
    for (size_t i = 0; i < tally->lack_count; i++)
        cJSON_AddNumberToObject(lacks, tally->lacks[i].capability,
                                tally->lacks[i].trials);
    return object;
}

static void add_id(struct json_view *view, cJSON *list,
                   const struct trial_result *trial)
{
    char *id = mask_line(&view->mask, trial->plan->id);

    cJSON_AddItemToArray(list, cJSON_CreateString(id));
    alloc_free(id);
}

static void add_trial_lists(struct json_view *view, cJSON *object,
                            const struct rule *rule)
{
    const struct run *run = view->run;
    cJSON            *named = cJSON_AddArrayToObject(object, "named_by");
    cJSON *exercised = cJSON_AddArrayToObject(object, "exercised_by");
    cJSON *breached = cJSON_AddArrayToObject(object, "breached_by");

    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial_result *trial = &run->trials[i];

        for (size_t j = 0; j < trial->plan->rule_count; j++)
            if (trial->plan->rules[j] == rule)
                add_id(view, named, trial);
        if (trial_result_exercises(run, trial, rule))
            add_id(view, exercised, trial);
        if (trial_result_breaches(run, trial, rule))
            add_id(view, breached, trial);
    }
}

static cJSON *rule_json(struct json_view *view, const struct tally *tally,
                        const struct rule *rule)
{
    const struct rule_total *total = &tally->rules[rule_index(rule)];
    cJSON                   *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", rule->id);
    cJSON_AddStringToObject(object, "section", rule->section);
    cJSON_AddStringToObject(object, "level", rule_level_text(rule->level));
    cJSON_AddStringToObject(object, "sentence", rule->sentence);
    cJSON_AddStringToObject(object, "source", rule->source);
    cJSON_AddNumberToObject(object, "exercised", total->exercised);
    cJSON_AddNumberToObject(object, "breached", total->breached);
    cJSON_AddNumberToObject(object, "known", total->known);
    cJSON_AddNumberToObject(object, "advised", total->advised);
    add_trial_lists(view, object, rule);
    return object;
}

static cJSON *broken_json(const struct run *run)
{
    const struct rule *broken[RULE_COUNT];
    size_t             count = run_broken_rules(run, broken, RULE_COUNT);
    cJSON             *list = cJSON_CreateArray();

    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(broken[i]->id));
    return list;
}

/* ---- printing ---- */

static void print_value(struct json_view *view, cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    bytes_add(view->out, text ? text : "null");
    cJSON_free(text);
    cJSON_Delete(value);
}

static void print_member(struct json_view *view, const char *name, cJSON *value)
{
    bytes_format(view->out, ",\n  \"%s\": ", name);
    print_value(view, value);
}

static void print_text_member(struct json_view *view, const char *name,
                              const char *text)
{
    char *masked = mask_line(&view->mask, text);

    print_member(view, name,
                 text ? cJSON_CreateString(masked) : cJSON_CreateNull());
    alloc_free(masked);
}

static void print_run(struct json_view *view, const struct tally *tally)
{
    const struct run *run = view->run;
    time_t            started = (time_t)run->started_wall_s;
    struct tm         utc = {0};
    char              text[64];

    bytes_format(view->out, "{\n  \"format\": %d", JSON_FORMAT_VERSION);
    print_text_member(view, "retrial", RETRIAL_VERSION);
    print_member(view, "certified", cJSON_CreateBool(run_certified(run)));
    print_text_member(view, "summary", tally->summary);
    print_text_member(view, "client", run->client);
    print_text_member(view, "command", run->command);
    /* As text: a JSON number is not exact beyond 2^53. */
    snprintf(text, sizeof text, "%" PRIu64, run->seed);
    print_text_member(view, "seed", text);
    print_text_member(view, "clock", run->clock);
    print_member(view, "strict", cJSON_CreateBool(run->strict));
    print_member(view, "interrupted", cJSON_CreateBool(run->interrupted));
    print_member(view, "unended", cJSON_CreateNumber((double)run->unended));
    print_member(view, "jobs", cJSON_CreateNumber(run->jobs));
    gmtime_r(&started, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    print_text_member(view, "started", text);
    print_member(view, "wall_ms", cJSON_CreateNumber(to_ms(run->wall_ns)));
    print_member(view, "masked", cJSON_CreateBool(!view->mask.show));
    print_member(view, "profile", profile_json(view, tally));
    print_member(view, "totals", totals_json(tally));
    print_member(view, "broken_rules", broken_json(run));
    print_member(view, "proofs", proofs_json(run));
}

static void print_rules(struct json_view *view, const struct tally *tally)
{
    bytes_add(view->out, ",\n  \"rules\": [");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        bytes_add(view->out, i > 0 ? ",\n    " : "\n    ");
        print_value(view, rule_json(view, tally, &rule_table[i]));
    }
    bytes_add(view->out, "\n  ]");
}

static void print_trials(struct json_view *view)
{
    bytes_add(view->out, ",\n  \"trials\": [");
    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];

        mask_clear(&view->mask);
        mask_learn_plan(&view->mask, trial->plan);
        if (trial->record != NULL)
            mask_learn_record(&view->mask, trial->record);
        bytes_add(view->out, i > 0 ? ",\n    " : "\n    ");
        print_value(view, trial_to_json(view, trial));
    }
    bytes_add(view->out, "\n  ]\n}\n");
}

static bool write_json(const struct run            *run,
                       const struct report_options *options, struct bytes *out,
                       struct err *err)
{
    struct json_view view = {.out = out, .run = run, .options = options};
    struct tally    *tally;

    mask_init(&view.mask, options->show_secrets);
    tally_mask(&view.mask, run);
    tally = tally_new(run, &view.mask);
    print_run(&view, tally);
    print_rules(&view, tally);
    print_trials(&view);
    tally_free(tally);
    mask_clear(&view.mask);
    return report_whole(out, "json", err);
}

const struct report_writer writer_json = {
    .name = "json",
    .about = "for machines: everything, see docs/report.schema.json",
    .write = write_json,
};
