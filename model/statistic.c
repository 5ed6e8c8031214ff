/* SPDX-License-Identifier: Apache-2.0 */
#include "model/statistic.h"

#include "common/alloc.h"
#include "model/field.h"

#include <assert.h>
#include <stdint.h>

void statistic_clear(struct statistic *statistic)
{
    for (size_t i = 0; i < statistic->question_count; i++) {
        alloc_free(statistic->questions[i].text);
        alloc_free(statistic->questions[i].measure);
    }
    alloc_free(statistic->check);
    alloc_free(statistic->test);
    alloc_free(statistic->law);
    *statistic = (struct statistic){0};
}

void statistic_place(struct statistic *statistic, double place)
{
    assert(place == place); /* no NaN has a place */
    statistic->samples++;
    if (place < 0)
        statistic->before++;
    else if (place >= 1)
        statistic->after++;
    else
        statistic->bins[(int)(place * STATISTIC_BINS)]++;
}

struct statistic_question *statistic_ask(struct statistic *statistic,
                                         const char *text, const char *measure)
{
    struct statistic_question *asked;

    assert(statistic->question_count < STATISTIC_QUESTIONS_MAX);
    asked = &statistic->questions[statistic->question_count++];
    asked->text = alloc_text(text);
    asked->measure = alloc_text(measure);
    return asked;
}

unsigned statistic_peak(const struct statistic *statistic)
{
    unsigned peak = 0;

    for (size_t i = 0; i < STATISTIC_BINS; i++)
        if (statistic->bins[i] > peak)
            peak = statistic->bins[i];
    return peak;
}

/* ---- writing ---- */

static cJSON *question_to_json(const struct statistic_question *question)
{
    cJSON *object = cJSON_CreateObject();

    field_put_text(object, "text", question->text);
    cJSON_AddNumberToObject(object, "samples", question->samples);
    field_put_text(object, "measure", question->measure);
    cJSON_AddNumberToObject(object, "seen", question->seen);
    cJSON_AddNumberToObject(object, "p", question->p);
    return object;
}

static void put_histogram(cJSON *object, const struct statistic *statistic)
{
    cJSON *histogram = cJSON_AddObjectToObject(object, "histogram");
    cJSON *bins;

    cJSON_AddNumberToObject(histogram, "from", statistic->from);
    cJSON_AddNumberToObject(histogram, "to", statistic->to);
    cJSON_AddNumberToObject(histogram, "before", statistic->before);
    bins = cJSON_AddArrayToObject(histogram, "bins");
    for (size_t i = 0; i < STATISTIC_BINS; i++)
        cJSON_AddItemToArray(bins, cJSON_CreateNumber(statistic->bins[i]));
    cJSON_AddNumberToObject(histogram, "after", statistic->after);
}

cJSON *statistic_to_json(const struct statistic *statistic)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *measured;
    cJSON *questions;

    field_put_text(object, "rule", statistic->rule->id);
    field_put_text(object, "check", statistic->check);
    field_put_text(object, "test", statistic->test);
    field_put_text(object, "law", statistic->law);
    cJSON_AddNumberToObject(object, "samples", statistic->samples);
    cJSON_AddNumberToObject(object, "p", statistic->p);
    cJSON_AddNumberToObject(object, "alpha", statistic->alpha);
    measured = cJSON_AddObjectToObject(object, "measured");
    cJSON_AddNumberToObject(measured, "d", statistic->measured_d);
    cJSON_AddNumberToObject(measured, "p", statistic->measured_p);
    questions = cJSON_AddArrayToObject(object, "questions");
    for (size_t i = 0; i < statistic->question_count; i++)
        cJSON_AddItemToArray(questions,
                             question_to_json(&statistic->questions[i]));
    put_histogram(object, statistic);
    return object;
}

/* ---- reading ---- */

static bool read_rule(const struct field_source *source,
                      struct statistic          *statistic)
{
    char *id = NULL;

    if (!field_said(source, "rule", &id))
        return false;
    statistic->rule = rule_find(id);
    alloc_free(id);
    return statistic->rule != NULL ||
           field_wrong(source, "rule", "a rule's id");
}

static bool read_question(const struct field_source *source,
                          struct statistic_question *question)
{
    return field_said(source, "text", &question->text) &&
           field_unsigned(source, "samples", &question->samples) &&
           field_said(source, "measure", &question->measure) &&
           field_number(source, "seen", 0, 1e9, &question->seen) &&
           field_number(source, "p", 0, 1, &question->p);
}

static bool read_questions(const struct field_source *source,
                           struct statistic          *statistic)
{
    const cJSON *list;
    const cJSON *item;

    if (!field_list(source, "questions", &list))
        return false;
    cJSON_ArrayForEach (item, list) {
        struct field_source inner = *source;

        inner.object = item;
        if (statistic->question_count == STATISTIC_QUESTIONS_MAX)
            return field_wrong(source, "questions", "not so many");
        if (!read_question(&inner,
                           &statistic->questions[statistic->question_count++]))
            return false;
    }
    return true;
}

static bool read_bins(const struct field_source *source,
                      struct statistic          *statistic)
{
    const cJSON *list;
    const cJSON *item;
    size_t       count = 0;

    if (!field_list(source, "bins", &list))
        return false;
    cJSON_ArrayForEach (item, list) {
        if (count == STATISTIC_BINS || !cJSON_IsNumber(item) ||
            !(item->valuedouble >= 0 && item->valuedouble <= UINT32_MAX))
            return field_wrong(source, "bins", "ten counts");
        statistic->bins[count++] = (unsigned)item->valuedouble;
    }
    return count == STATISTIC_BINS || field_wrong(source, "bins", "ten counts");
}

static bool read_histogram(const struct field_source *source,
                           struct statistic          *statistic)
{
    struct field_source inner;

    return field_object(source, "histogram", &inner) &&
           field_number(&inner, "from", 0, 1e9, &statistic->from) &&
           field_number(&inner, "to", 0, 1e9, &statistic->to) &&
           field_unsigned(&inner, "before", &statistic->before) &&
           read_bins(&inner, statistic) &&
           field_unsigned(&inner, "after", &statistic->after);
}

static bool read_measured(const struct field_source *source,
                          struct statistic          *statistic)
{
    struct field_source inner;

    return field_object(source, "measured", &inner) &&
           field_number(&inner, "d", 0, 1, &statistic->measured_d) &&
           field_number(&inner, "p", 0, 1, &statistic->measured_p);
}

bool statistic_from_json(const cJSON *json, const char *place,
                         struct statistic *statistic, struct err *err)
{
    const struct field_source source = {json, place, err};

    return read_rule(&source, statistic) &&
           field_said(&source, "check", &statistic->check) &&
           field_said(&source, "test", &statistic->test) &&
           field_said(&source, "law", &statistic->law) &&
           field_unsigned(&source, "samples", &statistic->samples) &&
           field_number(&source, "p", 0, 1, &statistic->p) &&
           field_number(&source, "alpha", 0, 1, &statistic->alpha) &&
           read_measured(&source, statistic) &&
           read_questions(&source, statistic) &&
           read_histogram(&source, statistic);
}
