/* SPDX-License-Identifier: Apache-2.0 */
/* Every writer on every kind of run: nothing secret, nothing that breaks out
 * of its format, the golden text, the schema. `reports_test --write DIR`
 * writes all documents there, to look at, or to be the new golden ones. */

#include "reports_sample.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/text.h"
#include "reports/mask.h"
#include "reports/report.h"

#include <cJSON.h>
#include <libxml/xmlschemas.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifndef GOLDEN_DIR
#define GOLDEN_DIR "tests/golden/reports"
#endif

enum { FILE_BYTES_MAX = 8 << 20 };

static char *write_as(const char *writer, const struct run *run,
                      const struct report_options *options)
{
    const struct report_writer *report = report_find(writer);
    struct bytes                out;
    struct err                  err = {0};

    assert_non_null(report);
    bytes_init(&out, REPORT_BYTES_MAX);
    assert_true(report_write(report, run, options, &out, &err));
    assert_false(out.truncated);
    assert_true(out.length > 0);
    return bytes_take(&out);
}

static char *read_golden(const char *name)
{
    char         path[512];
    struct bytes text;
    char         part[4096];
    size_t       got;
    FILE        *file;

    snprintf(path, sizeof path, "%s/%s", GOLDEN_DIR, name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("no golden file %s", path);
    bytes_init(&text, FILE_BYTES_MAX);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        bytes_append(&text, part, got);
    fclose(file);
    return bytes_take(&text);
}

/* ---- the golden text ---- */

static const struct golden {
    const char *name;
    enum sample sample;
    int         width;
    bool        verbose;
} goldens[] = {
    {"mixed-40.txt", SAMPLE_MIXED, 40, false},
    {"mixed-80.txt", SAMPLE_MIXED, 80, false},
    {"mixed-200.txt", SAMPLE_MIXED, 200, true},
    {"pass-80.txt", SAMPLE_PASS, 80, false},
    {"pass-told-80.txt", SAMPLE_PASS, 80, true},
    {"part-80.txt", SAMPLE_PART, 80, false},
    {"one-80.txt", SAMPLE_ONE, 80, false},
    {"empty-80.txt", SAMPLE_EMPTY, 80, false},
    {"hostile-80.txt", SAMPLE_HOSTILE, 80, false},
};

enum { GOLDEN_COUNT = sizeof goldens / sizeof goldens[0] };

static char *write_golden(const struct golden *golden)
{
    struct report_options options = {.width = golden->width,
                                     .verbose = golden->verbose};
    struct sample_run     made;
    char                 *text;

    sample_make(&made, golden->sample);
    text = write_as("text", made.run, &options);
    sample_clear(&made);
    return text;
}

static void text_is_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        char *text = write_golden(&goldens[i]);
        char *golden = read_golden(goldens[i].name);

        assert_string_equal(text, golden);
        alloc_free(text);
        alloc_free(golden);
    }
}

static void text_keeps_its_width(void **state)
{
    struct sample_run made;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    for (int width = 40; width <= 200; width += 8) {
        struct report_options options = {.width = width};
        char                 *text = write_as("text", made.run, &options);
        char                 *last = strstr(text, "not certified: ");

        assert_non_null(last);
        *last = '\0'; /* the summary is one line, for grep */
        for (char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1)
            if ((int)strcspn(at, "\n") > width)
                fail_msg("wider than %d: %.*s", width, (int)strcspn(at, "\n"),
                         at);
        alloc_free(text);
    }
    sample_clear(&made);
}

static void colour_is_only_for_terminals(void **state)
{
    struct report_options options = {.colour = true};
    struct sample_run     made;
    char                 *text;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    text = write_as("text", made.run, &options);
    assert_non_null(strstr(text, "\033[1;31mFAIL\033[0m"));
    alloc_free(text);
    options.colour = false;
    text = write_as("text", made.run, &options);
    assert_null(strchr(text, '\033'));
    alloc_free(text);
    sample_clear(&made);
}

/* ---- what no report may hold ---- */

static void check_no_secret(const char *text, const char *where)
{
    char *basic = base64_encode(SAMPLE_KEY ":", strlen(SAMPLE_KEY) + 1);
    char *bare = base64_encode(SAMPLE_KEY, strlen(SAMPLE_KEY));
    const char *const secrets[] = {SAMPLE_KEY, SAMPLE_TOKEN, basic, bare,
                                   "c00kie"};

    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (strstr(text, secrets[i]) != NULL)
            fail_msg("%s tells a secret: %s", where, secrets[i]);
    alloc_free(basic);
    alloc_free(bare);
}

/* Valid UTF-8, and nothing that a terminal obeys. */
static void check_clean(const char *text, const char *where)
{
    if (!text_is_utf8(text, strlen(text)))
        fail_msg("%s is not UTF-8", where);
    for (const char *at = text; *at != '\0'; at++)
        if (((unsigned char)*at < 0x20 && *at != '\n') || *at == 0x7f)
            fail_msg("%s holds the control %02x", where, *at);
    assert_null(strstr(text, "\xe2\x80\xae"));
    assert_null(strstr(text, "\xc2\x9b"));
    assert_null(strstr(text, "\xef\xbf\xbf"));
}

static void every_report_is_masked_and_clean(void **state)
{
    const struct report_options options = {.verbose = true};

    (void)state;
    for (int sample = 0; sample < SAMPLE_COUNT; sample++) {
        struct sample_run made;

        sample_make(&made, (enum sample)sample);
        for (size_t i = 0; report_listed(i) != NULL; i++) {
            char *text = write_as(report_listed(i)->name, made.run, &options);

            check_no_secret(text, report_listed(i)->name);
            check_clean(text, report_listed(i)->name);
            alloc_free(text);
        }
        sample_clear(&made);
    }
}

static void secrets_show_when_asked(void **state)
{
    const struct report_options options = {.show_secrets = true,
                                           .verbose = true};
    struct sample_run           made;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    for (size_t i = 0; report_listed(i) != NULL; i++) {
        char *text = write_as(report_listed(i)->name, made.run, &options);

        if (strcmp(report_listed(i)->name, "markdown") != 0 &&
            strstr(text, SAMPLE_TOKEN) == NULL)
            fail_msg("%s hides a token", report_listed(i)->name);
        alloc_free(text);
    }
    sample_clear(&made);
}

static void mask_cuts_and_overlaps(void **state)
{
    static const struct {
        const char *text;
        const char *masked;
    } cases[] = {
        {"key " SAMPLE_KEY ", again " SAMPLE_KEY, "key ****, again ****"},
        {"wk-4711-very", "****"},             /* cut at its end */
        {"very-secret and on", "**** and on"}, /* cut at its start */
        {"abc/def+ghi", "****"},
        {"abc%2Fdef%2Bghi", "****"},
        {"abc\\/def+ghi", "****"},
        {"abc", "abc"},
        {"", ""},
    };
    struct mask mask;

    (void)state;
    mask_init(&mask, false);
    mask_learn(&mask, SAMPLE_KEY);
    mask_learn(&mask, "abc/def+ghi");
    mask_learn(&mask, "abc"); /* too short to be a secret */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *masked = mask_block(&mask, cases[i].text, strlen(cases[i].text));

        assert_string_equal(masked, cases[i].masked);
        alloc_free(masked);
    }
    mask_clear(&mask);
}

static void mask_keeps_the_scheme(void **state)
{
    static const struct {
        const char *name, *value, *masked;
    } cases[] = {
        {"Authorization", "Basic d2s6", "Basic ****"},
        {"authorization", "bearer abc", "bearer ****"},
        {"Authorization", "Basic ", "Basic "},
        {"Authorization", "", ""},
        {"Authorization", "mykey and more", "****"},
        {"Cookie", "a=b", "****"},
        {"X-Retry-Count", "1", "1"},
    };
    struct mask mask;

    (void)state;
    mask_init(&mask, false);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct header header = {(char *)(uintptr_t)cases[i].name,
                                (char *)(uintptr_t)cases[i].value};
        char         *masked = mask_header(&mask, &header);

        assert_string_equal(masked, cases[i].masked);
        alloc_free(masked);
    }
    mask_clear(&mask);
}

/* ---- formats ---- */

static void be_silent(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static void junit_fits_its_schema(void **state)
{
    xmlSchemaParserCtxtPtr parser;
    xmlSchemaPtr           schema;

    (void)state;
    parser = xmlSchemaNewParserCtxt(GOLDEN_DIR "/junit.xsd");
    schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    for (int sample = 0; sample < SAMPLE_COUNT; sample++) {
        const struct report_options options = {0};
        xmlSchemaValidCtxtPtr       valid = xmlSchemaNewValidCtxt(schema);
        struct sample_run           made;
        char                       *text;
        xmlDocPtr                   document;

        sample_make(&made, (enum sample)sample);
        text = write_as("junit", made.run, &options);
        document = xmlReadMemory(text, (int)strlen(text), "junit.xml", NULL,
                                 XML_PARSE_NONET);
        assert_non_null(document);
        assert_int_equal(xmlSchemaValidateDoc(valid, document), 0);
        xmlFreeDoc(document);
        xmlSchemaFreeValidCtxt(valid);
        alloc_free(text);
        sample_clear(&made);
    }
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
}

/* The schema is worth something: it refuses what is not JUnit. */
static void the_junit_schema_refuses(void **state)
{
    static const char *const wrong[] = {
        "<testsuites/>",
        ("<testsuites tests='1' failures='0' errors='0'><testcase/>"
         "</testsuites>"),
        "<testsuites tests='x' failures='0' errors='0'/>",
    };
    xmlSchemaParserCtxtPtr parser =
        xmlSchemaNewParserCtxt(GOLDEN_DIR "/junit.xsd");
    xmlSchemaPtr schema = xmlSchemaParse(parser);

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        xmlSchemaValidCtxtPtr valid = xmlSchemaNewValidCtxt(schema);
        xmlDocPtr document = xmlReadMemory(wrong[i], (int)strlen(wrong[i]),
                                           "wrong.xml", NULL, 0);

        xmlSchemaSetValidErrors(valid, be_silent, be_silent, NULL);
        assert_non_null(document);
        assert_int_not_equal(xmlSchemaValidateDoc(valid, document), 0);
        xmlFreeDoc(document);
        xmlSchemaFreeValidCtxt(valid);
    }
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
}

static const cJSON *get(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);

    assert_non_null(value);
    return value;
}

static void json_tells_all(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    char                       *text;
    cJSON                      *json;
    const cJSON                *trial;
    const cJSON                *attempt;
    const cJSON                *counted;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    text = write_as("json", made.run, &options);
    json = cJSON_Parse(text);
    assert_non_null(json);
    assert_true(cJSON_IsFalse(get(json, "certified")));
    assert_string_equal(get(json, "seed")->valuestring, "18446744073709551615");
    assert_int_equal(cJSON_GetArraySize(get(json, "rules")), RULE_COUNT);
    assert_int_equal(cJSON_GetArraySize(get(json, "trials")),
                     made.run->trial_count);
    assert_int_equal(
        cJSON_GetArraySize(get(get(json, "profile"), "differences")), 2);
    trial = cJSON_GetArrayItem(get(json, "trials"), 2);
    assert_string_equal(get(trial, "id")->valuestring, "retry-after/seconds");
    assert_string_equal(get(trial, "verdict")->valuestring, "fail");
    assert_true(cJSON_IsTrue(get(trial, "blocks")));
    counted = cJSON_GetArrayItem(get(trial, "statistics"), 0);
    assert_true(get(counted, "p")->valuedouble == 3e-9);
    assert_int_equal(cJSON_GetArraySize(get(get(counted, "histogram"), "bins")),
                     10);
    attempt = cJSON_GetArrayItem(get(trial, "attempts"), 1);
    assert_true(get(attempt, "arrived_ms")->valuedouble == 516.1);
    assert_true(cJSON_IsNull(get(attempt, "gone_ms")));
    cJSON_Delete(json);
    alloc_free(text);
    sample_clear(&made);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;

    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

static void tap_counts(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    char                       *text;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    text = write_as("tap", made.run, &options);
    assert_non_null(strstr(text, "TAP version 14\n1..13\n"));
    assert_int_equal(count_of(text, "\nok "), 6);
    assert_int_equal(count_of(text, "\nnot ok "), 7);
    assert_int_equal(count_of(text, " # SKIP not exercised: "), 4);
    assert_int_equal(count_of(text, " # SKIP not exercised: lacks: "), 3);
    assert_int_equal(count_of(text, " # TODO "), 1);
    alloc_free(text);
    sample_clear(&made);
    sample_make(&made, SAMPLE_HOSTILE);
    text = write_as("tap", made.run, &options);
    assert_int_equal(count_of(text, " # SKIP not exercised: "), 1);
    alloc_free(text);
    sample_clear(&made);
}

/* Each document has a form for it, and the reason in it. */
static void unexercised_is_told(void **state)
{
    /* clang-format off */
    static const struct {
        const char *writer;
        const char *says;
        size_t      times;
    } told[] = {
        {"text", "\n  budget/three\n    nothing in this trial exercised "
                 "BUDGET-1\n",
         1},
        {"tap", " - budget/three # SKIP not exercised: nothing in this trial "
                "exercised BUDGET-1\n",
         1},
        {"junit", "<skipped message=\"not exercised: nothing in this trial "
                  "exercised BUDGET-1\"/>",
         1},
        {"junit", "<skipped message=\"not exercised: lacks: oauth\"/>", 2},
        {"markdown", "- budget/three: nothing in this trial exercised "
                     "BUDGET-1\n",
         1},
        {"html", "<span class=\"pill unexercised\">not exercised</span>", 4},
        {"html", "<b>4</b><span>not exercised</span>", 1},
        {"json", "\"verdict\":\"not exercised\"", 4},
        {"json", "\"not exercised\":4", 1},
        {"json", "\"lacks\":{\"oauth\":2,\"config.maxRetries\":1}", 1},
    };
    /* clang-format on */
    const struct report_options options = {.width = 80};
    struct sample_run           made;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        char *text = write_as(told[i].writer, made.run, &options);

        if (count_of(text, told[i].says) != told[i].times)
            fail_msg("%s: %zu times, not %zu: %s", told[i].writer,
                     (size_t)count_of(text, told[i].says), told[i].times,
                     told[i].says);
        alloc_free(text);
    }
    sample_clear(&made);
}

static void html_cannot_be_left(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    char                       *text;

    (void)state;
    sample_make(&made, SAMPLE_HOSTILE);
    text = write_as("html", made.run, &options);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "]]>"));
    assert_int_equal(count_of(text, "<title>"), 1);
    assert_int_equal(count_of(text, "<details"), count_of(text, "</details>"));
    assert_int_equal(count_of(text, "<div"), count_of(text, "</div>"));
    assert_int_equal(count_of(text, "<span"), count_of(text, "</span>"));
    assert_int_equal(count_of(text, "POST / HTTP/1.1\\r\\nHost: x\\r\\n"
                                    "Authorization: ****\\r\\n"),
                     2); /* an attempt's bytes, and a remark's */
    assert_null(strstr(text, "eW91IHNl"));
    assert_null(strstr(text, "<b>&'"));
    alloc_free(text);
    text = write_as("markdown", made.run, &options);
    assert_null(strstr(text, "\n```\n```")); /* a fence closed from inside */
    assert_int_equal(count_of(text, "\n````text\n"), 1);
    alloc_free(text);
    sample_clear(&made);
}

/* ---- the run's own arithmetic ---- */

static void broken_rules_come_worst_first(void **state)
{
    const struct rule *broken[RULE_COUNT];
    struct sample_run  made;
    struct rule_total  total;
    size_t             count;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    count = run_broken_rules(made.run, broken, RULE_COUNT);
    assert_int_equal(count, 3);
    assert_string_equal(broken[0]->id, "RA-1"); /* named once, broken twice */
    assert_string_equal(broken[1]->id, "COUNT-3");
    assert_string_equal(broken[2]->id, "AUTH-3"); /* nobody names it */
    assert_int_equal(run_broken_rules(made.run, broken, 1), 1);
    total = run_rule_total(made.run, rule_find("STATUS-5"));
    assert_int_equal(total.known, 1);
    assert_int_equal(total.breached, 0);
    sample_clear(&made);
}

static void totals_add_up(void **state)
{
    struct sample_run made;
    struct totals     totals;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    totals = run_totals(made.run);
    assert_int_equal(totals.trials, 13);
    assert_int_equal(totals.by_verdict[VERDICT_PASS], 3);
    assert_int_equal(totals.by_verdict[VERDICT_FAIL], 3);
    assert_int_equal(totals.by_verdict[VERDICT_NOT_EXERCISED], 4);
    assert_int_equal(totals.lacking, 3);
    assert_int_equal(totals.by_verdict[VERDICT_BROKEN], 1);
    assert_int_equal(totals.by_verdict[VERDICT_INCONCLUSIVE], 1);
    assert_int_equal(totals.known_failures, 1);
    assert_int_equal(totals.unexpected_passes, 1);
    assert_int_equal(totals.advice, 1);
    assert_false(run_certified(made.run));
    sample_clear(&made);
    sample_make(&made, SAMPLE_PASS);
    assert_true(run_certified(made.run));
    sample_clear(&made);
    sample_make(&made, SAMPLE_EMPTY);
    assert_false(run_certified(made.run));
    sample_clear(&made);
    sample_make(&made, SAMPLE_LACKING);
    assert_false(run_certified(made.run));
    sample_clear(&made);
}

static void a_strict_run_fails_advice(void **state)
{
    struct sample_run    made;
    const struct rule   *broken[RULE_COUNT];
    struct trial_result *trial;

    (void)state;
    sample_make(&made, SAMPLE_PASS);
    trial = &made.run->trials[1];
    verdict_find(trial->verdict, RULE_RA_2, "retry-after.soon", 2,
                 "it was late");
    verdict_settle(trial->verdict, trial->plan);
    assert_int_equal(trial->verdict->kind, VERDICT_PASS);
    assert_true(run_certified(made.run));
    assert_int_equal(run_broken_rules(made.run, broken, RULE_COUNT), 0);
    made.run->strict = true;
    assert_false(run_certified(made.run));
    assert_int_equal(trial_result_kind(made.run, trial), VERDICT_FAIL);
    assert_int_equal(run_broken_rules(made.run, broken, RULE_COUNT), 1);
    assert_int_equal(run_totals(made.run).by_verdict[VERDICT_FAIL], 1);
    sample_clear(&made);
}

/* ---- size ---- */

static void many_trials_are_written(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;

    (void)state;
    sample_make_many(&made, 10000);
    for (size_t i = 0; report_listed(i) != NULL; i++)
        alloc_free(write_as(report_listed(i)->name, made.run, &options));
    sample_clear(&made);
}

static void many_attempts_are_told_briefly(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    struct bytes                out;
    struct trial_result        *trial;

    (void)state;
    sample_make(&made, SAMPLE_PASS);
    trial = &made.run->trials[0];
    for (size_t i = 0; i < 5000; i++) {
        struct attempt *attempt = record_attempt(trial->record);

        attempt->connection = 1;
        attempt->arrived_ns = (int64_t)(i + 20) * INT64_C(1000000);
    }
    bytes_init(&out, REPORT_BYTES_MAX);
    report_trial(trial, made.run, &options, &out);
    assert_non_null(strstr(bytes_text(&out), "4969 attempts left out"));
    assert_true(count_of(bytes_text(&out), "\n") < 60);
    bytes_clear(&out);
    sample_clear(&made);
}

static void a_full_buffer_is_an_error(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    for (size_t i = 0; report_listed(i) != NULL; i++) {
        struct bytes out;
        struct err   err = {0};

        bytes_init(&out, 500);
        assert_false(
            report_write(report_listed(i), made.run, &options, &out, &err));
        assert_int_equal(err.code, ERR_OURS);
        bytes_clear(&out);
    }
    sample_clear(&made);
}

static void the_count_has_the_profiles_name(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    struct bytes                out;
    struct err                  err = {0};

    (void)state;
    for (int none = 0; none < 2; none++) {
        sample_make(&made, SAMPLE_MIXED);
        snprintf(made.run->profile.attempt_header, PROFILE_NAME_MAX, "X-Try");
        made.run->profile.open[PROFILE_KEY_attempt_header] = none;
        bytes_init(&out, REPORT_BYTES_MAX);
        assert_true(
            report_write(report_find("html"), made.run, &options, &out, &err));
        assert_null(strstr(bytes_text(&out), "<th>X-Retry-Count"));
        assert_true((strstr(bytes_text(&out), "<th>X-Try") == NULL) == none);
        bytes_clear(&out);
        sample_clear(&made);
    }
}

static void an_attempt_is_one_line(void **state)
{
    const struct report_options options = {0};
    struct sample_run           made;
    struct bytes                out;

    (void)state;
    sample_make(&made, SAMPLE_MIXED);
    bytes_init(&out, REPORT_BYTES_MAX);
    report_attempt_line(made.run->trials[2].record->attempts[0],
                        &made.run->profile, &options, &out);
    assert_string_equal(bytes_text(&out),
                        "   1      4.1 ms  c1   ingest  count -  credentials "
                        "Basic ****  45 bytes -> 429, Retry-After: 2\n");
    bytes_clear(&out);
    sample_clear(&made);
}

/* ---- samples on disk ---- */

static int write_file(const char *folder, const char *name, const char *text)
{
    char  path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        fprintf(stderr, "%s cannot be written\n", path);
        return 1;
    }
    return 0;
}

static int write_samples(const char *folder)
{
    int failed = 0;

    for (size_t i = 0; i < GOLDEN_COUNT; i++) {
        char *text = write_golden(&goldens[i]);

        failed |= write_file(folder, goldens[i].name, text);
        alloc_free(text);
    }
    for (int sample = 0; sample < SAMPLE_COUNT; sample++) {
        struct sample_run made;

        sample_make(&made, (enum sample)sample);
        for (size_t i = 0; report_listed(i) != NULL; i++) {
            const struct report_options options = {.verbose = true,
                                                   .colour = i == 0};
            const char                 *writer = report_listed(i)->name;
            char *text = write_as(writer, made.run, &options);
            char  name[64];

            snprintf(name, sizeof name, "%s.%s",
                     sample_name((enum sample)sample), writer);
            failed |= write_file(folder, name, text);
            alloc_free(text);
        }
        sample_clear(&made);
    }
    return failed;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_golden),
        cmocka_unit_test(text_keeps_its_width),
        cmocka_unit_test(colour_is_only_for_terminals),
        cmocka_unit_test(every_report_is_masked_and_clean),
        cmocka_unit_test(secrets_show_when_asked),
        cmocka_unit_test(mask_cuts_and_overlaps),
        cmocka_unit_test(mask_keeps_the_scheme),
        cmocka_unit_test(junit_fits_its_schema),
        cmocka_unit_test(the_junit_schema_refuses),
        cmocka_unit_test(json_tells_all),
        cmocka_unit_test(tap_counts),
        cmocka_unit_test(unexercised_is_told),
        cmocka_unit_test(html_cannot_be_left),
        cmocka_unit_test(broken_rules_come_worst_first),
        cmocka_unit_test(totals_add_up),
        cmocka_unit_test(a_strict_run_fails_advice),
        cmocka_unit_test(many_trials_are_written),
        cmocka_unit_test(many_attempts_are_told_briefly),
        cmocka_unit_test(a_full_buffer_is_an_error),
        cmocka_unit_test(the_count_has_the_profiles_name),
        cmocka_unit_test(an_attempt_is_one_line),
    };

    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        return write_samples(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
