/* SPDX-License-Identifier: Apache-2.0 */
/* The whole run for machines; docs/report.schema.json says what stands where.
 *
 * Each member, and each trial, is built, printed and freed on its own line,
 * so that a run of ten thousand trials never stands in memory as a tree. */

#include "common/alloc.h"
#include "common/version.h"
#include "reports/json_trial.h"
#include "reports/json_value.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <cJSON.h>
#include <inttypes.h>
#include <stdio.h>

enum { JSON_FORMAT_VERSION = 2 };

static cJSON *proofs_json(const struct run *run)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < run->proof_count; i++)
        cJSON_AddItemToArray(list, proof_to_json(&run->proofs[i]));
    return list;
}

static cJSON *profile_json(struct report_view *view)
{
    const struct tally *tally = view->tally;
    cJSON              *object = cJSON_CreateObject();
    cJSON              *list;

    cJSON_AddItemToObject(object, "effective",
                          profile_to_json(&view->run->profile));
    list = cJSON_AddArrayToObject(object, "differences");
    for (size_t i = 0; i < tally->difference_count; i++) {
        cJSON *item = cJSON_CreateObject();

        json_add_line(&view->mask, item, "name", tally->differences[i].name);
        json_add_line(&view->mask, item, "own", tally->differences[i].own);
        json_add_line(&view->mask, item, "published",
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
    cJSON_AddNumberToObject(object, "waits_ms", json_to_ms(tally->waits_ns));
    lacks = cJSON_AddObjectToObject(object, "lacks");
    for (size_t i = 0; i < tally->lack_count; i++)
        cJSON_AddNumberToObject(lacks, tally->lacks[i].capability,
                                tally->lacks[i].trials);
    return object;
}

static void add_id(struct report_view *view, cJSON *list,
                   const struct trial_result *trial)
{
    json_add_item(list, mask_line(&view->mask, trial->plan->id));
}

static void add_trial_lists(struct report_view *view, cJSON *object,
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

static cJSON *rule_json(struct report_view *view, const struct rule *rule)
{
    const struct rule_total *total = &view->tally->rules[rule_index(rule)];
    cJSON                   *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", rule->id);
    cJSON_AddStringToObject(object, "section", rule->section);
    cJSON_AddStringToObject(object, "level", rule_level_text(rule->level));
    cJSON_AddStringToObject(object, "sentence",
                            view->tally->sentences[rule_index(rule)]);
    cJSON_AddStringToObject(object, "source", rule->source);
    cJSON_AddNumberToObject(object, "exercised", total->exercised);
    cJSON_AddNumberToObject(object, "breached", total->breached);
    cJSON_AddNumberToObject(object, "known", total->known);
    cJSON_AddNumberToObject(object, "advised", total->advised);
    add_trial_lists(view, object, rule);
    return object;
}

static cJSON *broken_json(const struct tally *tally)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < tally->broken_count; i++)
        if (tally->broken[i].rule != NULL)
            cJSON_AddItemToArray(list,
                                 cJSON_CreateString(tally->broken[i].name));
    return list;
}

/* ---- printing ---- */

static void print_value(struct report_view *view, cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    assert(value != NULL);
    bytes_add(view->out, text ? text : "null");
    cJSON_free(text);
    cJSON_Delete(value);
}

static void print_member(struct report_view *view, const char *name,
                         cJSON *value)
{
    bytes_format(view->out, ",\n  \"%s\": ", name);
    print_value(view, value);
}

static void print_text_member(struct report_view *view, const char *name,
                              const char *text)
{
    char *masked = mask_line(&view->mask, text);

    print_member(view, name,
                 text ? cJSON_CreateString(masked) : cJSON_CreateNull());
    alloc_free(masked);
}

static void print_run(struct report_view *view)
{
    const struct run *run = view->run;
    struct tm         started = view_started(view);
    char              text[64];

    bytes_format(view->out, "{\n  \"format\": %d", JSON_FORMAT_VERSION);
    print_text_member(view, "retrial", RETRIAL_VERSION);
    print_member(view, "certified", cJSON_CreateBool(run_certified(run)));
    print_text_member(view, "summary", view->tally->summary);
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
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &started);
    print_text_member(view, "started", text);
    print_member(view, "wall_ms", cJSON_CreateNumber(json_to_ms(run->wall_ns)));
    print_member(view, "masked", cJSON_CreateBool(!view->mask.show));
    print_member(view, "profile", profile_json(view));
    print_member(view, "totals", totals_json(view->tally));
    print_member(view, "broken_rules", broken_json(view->tally));
    print_member(view, "proofs", proofs_json(run));
}

static void print_rules(struct report_view *view)
{
    bytes_add(view->out, ",\n  \"rules\": [");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        bytes_add(view->out, i > 0 ? ",\n    " : "\n    ");
        print_value(view, rule_json(view, &rule_table[i]));
    }
    bytes_add(view->out, "\n  ]");
}

static void print_trials(struct report_view *view)
{
    bytes_add(view->out, ",\n  \"trials\": [");
    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];

        mask_learn_trial(&view->mask, trial);
        bytes_add(view->out, i > 0 ? ",\n    " : "\n    ");
        print_value(view, json_trial(&view->mask, view->run, trial));
    }
    bytes_add(view->out, "\n  ]\n}\n");
}

static void write_json(struct report_view *view)
{
    print_run(view);
    print_rules(view);
    print_trials(view);
}

const struct report_writer writer_json = {
    .name = "json",
    .about = "for machines: everything, see docs/report.schema.json",
    .write = write_json,
};
