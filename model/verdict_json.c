/* SPDX-License-Identifier: Apache-2.0 */
/* A verdict as a JSON object, and back: between a trial's process and the
 * one that reports, and in golden files. */

#include "model/field.h"
#include "model/verdict.h"

#include "common/alloc.h"

#include <string.h>

/* ---- writing ---- */

static cJSON *finding_to_json(const struct finding *finding)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "kind", finding_kind_name(finding->kind));
    field_put_text(object, "rule", finding->rule ? finding->rule->id : NULL);
    field_put_text(object, "subject", finding->subject);
    field_put_text(object, "check", finding->check);
    cJSON_AddNumberToObject(object, "attempt", finding->attempt);
    field_put_text(object, "text", finding->text);
    return object;
}

cJSON *verdict_statistics_to_json(const struct verdict *verdict)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; verdict != NULL && i < verdict->statistic_count; i++)
        cJSON_AddItemToArray(list, statistic_to_json(&verdict->statistics[i]));
    return list;
}

static void add_rules(cJSON *object, const char *name,
                      const bool rules[RULE_COUNT])
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < RULE_COUNT; i++)
        if (rules[i])
            cJSON_AddItemToArray(list, cJSON_CreateString(rule_table[i].id));
}

cJSON *verdict_to_json(const struct verdict *verdict)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *findings;

    cJSON_AddStringToObject(object, "verdict", verdict_name(verdict->kind));
    field_put_text(object, "reason", verdict->reason);
    cJSON_AddBoolToObject(object, "decided", verdict->decided);
    field_put_text(object, "lacks", verdict->lacks);
    field_put_text(object, "cut", verdict->cut);
    cJSON_AddStringToObject(object, "cut_kind",
                            verdict_name(verdict->cut_kind));
    findings = cJSON_AddArrayToObject(object, "findings");
    for (size_t i = 0; i < verdict->finding_count; i++)
        cJSON_AddItemToArray(findings, finding_to_json(&verdict->findings[i]));
    cJSON_AddItemToObject(object, "statistics",
                          verdict_statistics_to_json(verdict));
    add_rules(object, "saw", verdict->saw);
    add_rules(object, "open", verdict->open);
    return object;
}

/* ---- reading ---- */

static const char *const verdict_words[] = {
#define X(kind, name, meaning) name,
    VERDICT_MAP(X)
#undef X
};

static const char *const finding_words[] = {
#define X(kind, name, meaning) name,
    FINDING_MAP(X)
#undef X
};

static bool read_rule(const struct field_source *source,
                      struct finding            *finding)
{
    char *id = NULL;

    if (!field_text(source, "rule", &id))
        return false;
    finding->rule = id ? rule_find(id) : NULL;
    if (id != NULL && finding->rule == NULL) {
        alloc_free(id);
        return field_wrong(source, "rule", "a rule's id or null");
    }
    alloc_free(id);
    return true;
}

static bool read_finding(const struct field_source *source,
                         struct finding            *finding)
{
    size_t kind;

    if (!field_word(source, "kind", finding_words,
                    sizeof finding_words / sizeof finding_words[0], &kind))
        return false;
    finding->kind = (enum finding_kind)kind;
    return field_unsigned(source, "attempt", &finding->attempt) &&
           read_rule(source, finding) &&
           field_said(source, "subject", &finding->subject) &&
           field_said(source, "check", &finding->check) &&
           field_said(source, "text", &finding->text);
}

static bool read_findings(const struct field_source *source,
                          struct verdict            *verdict)
{
    const cJSON *list;
    const cJSON *item;

    if (!field_list(source, "findings", &list))
        return false;
    cJSON_ArrayForEach (item, list) {
        struct field_source inner = *source;
        struct finding     *finding;

        inner.object = item;
        if (verdict->finding_count == VERDICT_FINDINGS_MAX)
            return field_wrong(source, "findings", "not so many");
        verdict->findings =
            alloc_grow(verdict->findings, verdict->finding_count + 1,
                       sizeof verdict->findings[0]);
        finding = &verdict->findings[verdict->finding_count++];
        *finding = (struct finding){0};
        if (!read_finding(&inner, finding))
            return false;
    }
    return true;
}

static bool read_statistics(const struct field_source *source,
                            struct verdict            *verdict)
{
    const cJSON *list;
    const cJSON *item;

    if (!field_list(source, "statistics", &list))
        return false;
    if (cJSON_GetArraySize(list) > VERDICT_STATISTICS_MAX)
        return field_wrong(source, "statistics", "not so many");
    verdict->statistics =
        alloc_zero(VERDICT_STATISTICS_MAX, sizeof verdict->statistics[0]);
    cJSON_ArrayForEach (item, list) {
        if (!statistic_from_json(
                item, source->place,
                &verdict->statistics[verdict->statistic_count++], source->err))
            return false;
    }
    return true;
}

static bool read_rules(const struct field_source *source, const char *name,
                       bool rules[RULE_COUNT])
{
    const cJSON *list;
    const cJSON *item;

    if (!field_list(source, name, &list))
        return false;
    cJSON_ArrayForEach (item, list) {
        const struct rule *rule =
            cJSON_IsString(item) ? rule_find(item->valuestring) : NULL;

        if (rule == NULL)
            return field_wrong(source, name, "a list of rules' ids");
        rules[rule_index(rule)] = true;
    }
    return true;
}

bool verdict_from_json(const cJSON *json, const char *place,
                       struct verdict **verdict, struct err *err)
{
    struct field_source source = {json, place, err};
    struct verdict     *read = verdict_new();
    size_t              kind = 0;
    size_t              cut_kind = 0;

    if (!field_word(&source, "verdict", verdict_words, VERDICT_COUNT, &kind) ||
        !field_text(&source, "reason", &read->reason) ||
        !field_bool(&source, "decided", &read->decided) ||
        !field_text(&source, "lacks", &read->lacks) ||
        !field_text(&source, "cut", &read->cut) ||
        !field_word(&source, "cut_kind", verdict_words, VERDICT_COUNT,
                    &cut_kind) ||
        !read_findings(&source, read) || !read_statistics(&source, read) ||
        !read_rules(&source, "saw", read->saw) ||
        !read_rules(&source, "open", read->open)) {
        verdict_free(read);
        return false;
    }
    read->kind = (enum verdict_kind)kind;
    read->cut_kind = (enum verdict_kind)cut_kind;
    *verdict = read;
    return true;
}
