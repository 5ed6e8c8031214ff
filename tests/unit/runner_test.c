/* SPDX-License-Identifier: Apache-2.0 */
/* The runner's pure parts: what a client said, what it is started with, what
 * a manifest may say, which failures are expected. */

#include "common/alloc.h"
#include "common/bytes.h"
#include "model/profile_load.h"
#include "runner/known.h"
#include "runner/suite/doubt.h"
#include "runner/suite/lateness.h"
#include "runner/suite/worker.h"
#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/job_wire.h"
#include "runner/trial/manifest.h"
#include "runner/trial/result.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- result ---- */

static const struct {
    const char *out;
    bool        found;
    bool        success;
    const char *error; /* or, when not found, a part of the trouble */
} said[] = {
    {"{\"success\":true}\n", true, true, NULL},
    {"{\"success\":false,\"error\":\"no\"}", true, false, "no"},
    {"log line\n{\"success\":true}\n", true, true, NULL},
    {"{\n  \"success\": true,\n  \"httpLog\": [ {\"a\":1} ]\n}\n", true, true,
     NULL},
    {"{\"success\":false}\n{\"success\":true}\n", true, true, NULL},
    {"{\"success\":true}\ndone.\n", true, true, NULL},
    {"{\"success\":true,\"x\":{\"success\":false}}\n", true, true, NULL},
    {"{\"success\":true,\"error\":null}", true, true, NULL},
    {"", false, false, "printed nothing"},
    {" \n\n", false, false, "printed nothing"},
    {"all well", false, false, "no JSON value"},
    {"{\"success\":true", false, false, "no JSON value"},
    {"{\"success\":\"yes\"}", false, false, "no \"success\""},
    {"{\"ok\":true}", false, false, "no \"success\""},
    {"{\"success\":1}", false, false, "no \"success\""},
};

static void clear_result(struct client_outcome *result)
{
    alloc_free(result->error);
    alloc_free(result->trouble);
    alloc_free(result->capabilities);
}

static void test_result(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        struct client_outcome result = {0};

        result_parse(&result, said[i].out, strlen(said[i].out));
        assert_int_equal(result.has_result, said[i].found);
        assert_int_equal(result.success, said[i].success);
        if (!said[i].found)
            assert_non_null(strstr(result.trouble, said[i].error));
        else if (said[i].error != NULL)
            assert_string_equal(result.error, said[i].error);
        else
            assert_null(result.error);
        clear_result(&result);
    }
}

/* A client that prints nothing but braces, or objects in objects that never
 * end, must not keep us busy. */
static void test_result_hostile(void **state)
{
    static const char *const units[] = {
        "{", "{}", "{ ", "{\"a\":", "{\"a\":[1,", "{\"success\":true,\"a\":"};

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        struct client_outcome result = {0};
        struct bytes          text;

        bytes_init(&text, RESULT_BYTES_MAX);
        while (bytes_add(&text, units[i]))
            ;
        result_parse(&result, bytes_text(&text), text.length);
        assert_false(result.has_result);
        clear_result(&result);
        bytes_clear(&text);
    }
}

/* A result may be as long as what a client may print, whatever its words
 * quote, and may lie before as many lines of a log. */
static void test_result_long(void **state)
{
    static const char *const quoted[] = {"x", "{", "{}", "[{\\\"a\\\":1}] "};
    static const char        tail[] = "\",\"capabilities\":[\"oauth\"]}\n";

    (void)state;
    for (size_t i = 0; i < sizeof quoted / sizeof quoted[0]; i++) {
        struct client_outcome result = {0};
        struct bytes          text;

        bytes_init(&text, RESULT_BYTES_MAX);
        bytes_add(&text, "{\"success\":false,\"error\":\"");
        while (text.length < RESULT_BYTES_MAX - 100000)
            bytes_add(&text, quoted[i]);
        bytes_add(&text, tail);
        while (text.length < RESULT_BYTES_MAX - 100)
            bytes_add(&text, i % 2 == 0 ? "{'a log': {}}\n" : "\n");
        result_parse(&result, bytes_text(&text), text.length);
        assert_true(result.has_result);
        assert_false(result.success);
        assert_true(strlen(result.error) > (3 << 20));
        assert_string_equal(result.capabilities, "oauth");
        clear_result(&result);
        bytes_clear(&text);
    }
}

static void test_result_capabilities(void **state)
{
    static const char text[] =
        "{\"success\":true,\"capabilities\":[\"config.workers\",7,\"oauth\"]}";
    struct client_outcome result = {0};

    (void)state;
    result_parse(&result, text, strlen(text));
    assert_string_equal(result.capabilities, "config.workers oauth");
    clear_result(&result);
}

/* ---- manifest ---- */

static char folder[] = "/tmp/retrial-manifest-XXXXXX";

static void write_named(const char *name, const char *text)
{
    char *path = alloc_format("%s/%s", folder, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    alloc_free(path);
}

static void remove_named(const char *name)
{
    char *path = alloc_format("%s/%s", folder, name);

    unlink(path);
    alloc_free(path);
}

static void write_manifest(const char *text)
{
    write_named("client.json", text);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    remove_named("client.json");
    return rmdir(folder);
}

static const struct {
    const char *text;
    const char *says; /* a part of the error */
} wrong_manifests[] = {
    {"{", "not a JSON object"},
    {"[]", "not a JSON object"},
    {"{\"command\":\"x\"}", "name: missing"},
    {"{\"name\":\"\"}", "name: found \"\", allowed is a name"},
    {"{\"name\":\"x\"}", "names no command"},
    {"{\"name\":\"x\",\"comand\":\"y\"}", "did you mean command?"},
    {"{\"name\":\"x\",\"command\":[]}", "a string or a list of words"},
    {"{\"name\":\"x\",\"command\":\"a | b\"}", "without pipes"},
    {"{\"name\":\"x\",\"command\":\"'a\"}", "an unclosed quote"},
    {"{\"name\":\"x\",\"command\":\"\\u0000\"}", "found a NUL character"},
    {"{\"name\":\"x\",\"command\":\"a\\u0000b\"}", "found a NUL character"},
    {"{\"name\":\"x\",\"command\":[\"a\",\"\\\\\\u0000\"]}",
     "found a NUL character"},
    {"{\"name\":\"x\",\"command\":[\"\"]}", "command: found an empty name"},
    {"{\"name\":\"x\",\"command\":\"''\"}", "command: found an empty name"},
    {"{\"name\":\"x\",\"command\":\" \"}", "command: found an empty name"},
    {"{\"name\":\"x\",\"command\":[\"a\",\"\\u001b[2J\"]}",
     "a control character (0x1b) in word 2"},
    {"{\"name\":\"x\",\"command\":[\"a\\tb\"]}",
     "a control character (0x09) in word 1"},
    {"{\"name\":\"x\",\"command\":\"a\",\"contract\":\"soap\"}",
     "allowed is e2e, env or stdio"},
    {"{\"name\":\"x\",\"command\":\"a\",\"capabilities\":[\"fly\"]}",
     "found fly"},
    {"{\"name\":\"x\",\"command\":\"a\",\"units\":{\"timeout\":\"h\"}}",
     "\"ms\" or \"s\""},
    {"{\"name\":\"x\",\"command\":\"a\",\"units\":{\"flushAt\":\"ms\"}}",
     "allowed are timeout and flushInterval"},
    {"{\"name\":\"x\",\"command\":\"a\",\"defaults\":{\"flushAt\":0}}",
     "in the key's range"},
    {"{\"name\":\"x\",\"command\":\"a\",\"defaults\":{\"flushat\":1}}",
     "a config key"},
    {"{\"name\":\"x\",\"command\":\"a\",\"waits_s\":0}",
     "waits_s: found 0, allowed is seconds, more than 0"},
    {"{\"name\":\"x\",\"command\":\"a\",\"waits_s\":\"30s\"}",
     "allowed is seconds, more than 0"},
    {"{\"name\":\"x\",\"command\":\"a\",\"capabilities\":"
     "[\"config.maxRetries.nought\"]}",
     "found config.maxRetries.nought"},
    {"{\"name\":\"x\",\"command\":\"a\",\"profile\":{\"gatee\":\"x\"}}",
     "did you mean gate?"},
    {"{\"name\":\"x\",\"command\":\"a\",\"profile\":{\"gate\":\"x\"}}",
     "allowed is one of: all batch"},
    {"{\"name\":\"x\",\"command\":\"a\",\"profile\":{\"jitter_min\":-1}}",
     "a number from 0 to 10"},
    {"{\"name\":\"x\",\"command\":\"a\",\"profile\":{\"jitter_min\":2}}",
     "at most jitter_max"},
    {"{\"name\":\"x\",\"command\":\"a\",\"expected_failures\":"
     "[{\"scenario\":\"*\"}]}",
     "needs its reason"},
    {"{\"name\":\"x\",\"command\":\"a\",\"expected_failures\":"
     "[{\"scenario\":\"*\",\"rule\":\"RA-99\",\"reason\":\"y\"}]}",
     "found the rule RA-99"},
    {"{\"name\":\"x\",\"command\":\"a\",\"expected_failures\":"
     "[{\"scenaro\":\"*\"}]}",
     "scenario, rule, reason or source"},
    {"{\"name\":\"x\",\"command\":\"a\",\"expected_failures\":[[\"a\"]]}",
     "a list with a scenario each"},
};

static void test_wrong_manifests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_manifests / sizeof wrong_manifests[0];
         i++) {
        struct manifest *manifest = NULL;
        struct err       err = {0};

        write_manifest(wrong_manifests[i].text);
        assert_false(manifest_read(folder, NULL, NULL, &manifest, &err));
        assert_int_equal(err.code, ERR_USAGE);
        if (strstr(err.text, wrong_manifests[i].says) == NULL)
            fail_msg("%s: said '%s'", wrong_manifests[i].text, err.text);
        assert_non_null(strstr(err.place, "client.json"));
    }
}

static struct profile segment; /* loaded once, below */

static const char good_manifest[] =
    "{\"name\":\"x\",\"command\":\"node 'a b.js' --c\",\"contract\":\"e2e\","
    "\"capabilities\":[\"batches\",\"config.flushAt\","
    "\"config.maxRetries.zero\"],\"waits_s\":30,"
    "\"units\":{\"timeout\":\"s\"},\"defaults\":{\"timeout\":1500},"
    "\"profile\":{\"delivered\":[\"200-299\"]},\"expected_failures\":["
    "{\"scenario\":\"status/*\",\"rule\":\"STATUS-1\",\"reason\":\"r\"}]}";

static void test_good_manifest(void **state)
{
    struct manifest *manifest = NULL;
    struct err       err = {0};

    (void)state;
    write_manifest(good_manifest);
    assert_true(manifest_read(folder, NULL, NULL, &manifest, &err));
    assert_string_equal(manifest->command[0], "node");
    assert_string_equal(manifest->command[1], "a b.js");
    assert_string_equal(manifest->command[2], "--c");
    assert_null(manifest->command[3]);
    assert_true(manifest->timeout_in_s);
    assert_false(manifest->profile.delivered[302]);
    assert_true(manifest->profile_base.delivered[302]);
    assert_string_equal(manifest->profile.name, "segment");
    assert_true(manifest->profile.waits_s == 30);
    assert_true(manifest->profile_base.waits_s == 0);
    assert_true(manifest_has_capability(manifest, "config.maxRetries.zero"));
    assert_int_equal(manifest->expected_count, 1);
    manifest_free(manifest);
}

/* A manifest names its profile, and sets values of it; who names one on the
 * command line goes before. */
static void test_chosen_profile(void **state)
{
    static const struct {
        const char *profile;
        const char *name;
        const char *says; /* NULL = it is fine */
    } cases[] = {
        {"\"openai\"", "openai", NULL},
        {"{\"name\":\"openai\",\"gate\":\"all\"}", "openai", NULL},
        {"{\"gate\":\"batch\"}", "segment", NULL},
        {"\"./mine.json\"", "mine", NULL}, /* beside the manifest */
        {"\"./my.json\"", NULL, "cannot be read"},
        {"\"openay\"", NULL, "did you mean openai?"},
        {"7", NULL, "allowed is an object of profile values"},
    };

    (void)state;
    write_named("mine.json",
                "{\"name\":\"mine\",\"extends\":\"http\",\"source\":\"me\"}");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct manifest *manifest = NULL;
        struct err       err = {0};
        char            *text =
            alloc_format("{\"name\":\"x\",\"command\":\"a\",\"profile\":%s}",
                         cases[i].profile);

        write_manifest(text);
        assert_int_equal(manifest_read(folder, NULL, NULL, &manifest, &err),
                         cases[i].says == NULL);
        if (cases[i].says != NULL) {
            assert_non_null(strstr(err.text, cases[i].says));
        } else {
            assert_string_equal(manifest->profile_base.name, cases[i].name);
            manifest_free(manifest);
            assert_true(manifest_read(folder, &segment, NULL, &manifest, &err));
            assert_string_equal(manifest->profile_base.name, "segment");
        }
        manifest_free(manifest);
        alloc_free(text);
    }
    remove_named("mine.json");
}

/* --client goes before the manifest's own command. */
static void test_client_overrides(void **state)
{
    struct manifest *manifest = NULL;
    struct err       err = {0};

    (void)state;
    write_manifest(good_manifest);
    assert_true(manifest_read(folder, NULL, "other", &manifest, &err));
    assert_string_equal(manifest->command[0], "other");
    assert_null(manifest->command[1]);
    manifest_free(manifest);
}

/* An SDK's own e2e-config.json: what it does not say is not declared. */
static void test_declared_authorization(void **state)
{
    static const struct {
        const char                *env;
        enum profile_authorization means;
    } flags[] = {
        {"{}", AUTHORIZATION_AS_SENT},
        {"{\"HTTP_CONFIG_SETTINGS\":\"true\"}", AUTHORIZATION_AS_SENT},
        {"{\"AUTH_HEADER\":\"true\"}", AUTHORIZATION_BASIC},
        {"{\"AUTH_HEADER\":\"false\"}", AUTHORIZATION_NONE},
    };

    (void)state;
    remove_named("client.json");
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        struct manifest *manifest = NULL;
        struct err       err = {0};
        char *text = alloc_format("{\"sdk\":\"x\",\"env\":%s}", flags[i].env);

        write_named("e2e-config.json", text);
        assert_true(manifest_read(folder, NULL, "node x", &manifest, &err));
        assert_int_equal(manifest->profile.authorization, flags[i].means);
        assert_int_equal(manifest->profile_base.authorization,
                         AUTHORIZATION_BASIC);
        manifest_free(manifest);
        alloc_free(text);
    }
    remove_named("e2e-config.json");
}

/* ---- job ---- */

static void test_job(void **state)
{
    struct plan     *plan = plan_new("x/y", "x.lua", 1);
    struct manifest *manifest = NULL;
    struct err       err = {0};
    struct job_setup setup;
    struct job       job;
    cJSON           *input;
    const cJSON     *config;

    (void)state;
    write_manifest(good_manifest);
    assert_true(manifest_read(folder, NULL, NULL, &manifest, &err));
    plan->given.write_key = alloc_text("k");
    plan_add_sequence(plan, 0, 2);
    plan_add_sequence(plan, 1500 * INT64_C(1000000), 1);
    plan->given.config[CONFIG_FLUSH_AT] = 1;
    setup = (struct job_setup){
        .plan = plan, .manifest = manifest, .port = 4321, .client = 1};
    assert_true(job_make(&job, &setup, &err));
    assert_string_equal(job.argv[3], "--input");
    input = cJSON_Parse(job.argv[4]);
    config = cJSON_GetObjectItem(input, "config");
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(input, "apiHost")),
        "http://127.0.0.1:4321");
    assert_false(cJSON_HasObjectItem(input, "cdnHost"));
    assert_int_equal(cJSON_GetObjectItem(config, "flushAt")->valueint, 1);
    /* 1500 ms in a client that takes whole seconds: never shorter. */
    assert_int_equal(cJSON_GetObjectItem(config, "timeout")->valueint, 2);
    assert_int_equal(
        cJSON_GetArraySize(cJSON_GetObjectItem(input, "sequences")), 2);
    assert_non_null(strstr(job.argv[4], "\"delayMs\":1500"));
    assert_non_null(strstr(job.argv[4], "retrial-event-00003"));
    cJSON_Delete(input);
    job_clear(&job);
    manifest_free(manifest);
    plan_free(plan);
}

/* Each of several clients is given its own share. */
static void test_job_of_several(void **state)
{
    struct plan     *plan = plan_new("x/y", "x.lua", 1);
    struct manifest *manifest = NULL;
    struct err       err = {0};
    struct job_setup setup;
    struct job       job;
    char            *body;

    (void)state;
    assert_true(
        manifest_of_command("x", &contract_e2e, &segment, &manifest, &err));
    plan->given.write_key = alloc_text("k");
    plan->given.clients = 2;
    plan_add_sequence(plan, 0, 2);
    plan_add_sequence(plan, 0, 1);
    plan_add_sequence(plan, 0, 1);
    setup = (struct job_setup){
        .plan = plan, .manifest = manifest, .port = 1, .client = 1};
    assert_true(job_make(&job, &setup, &err));
    assert_non_null(strstr(job.argv[2], "retrial-event-00002"));
    assert_null(strstr(job.argv[2], "retrial-event-00003"));
    assert_non_null(strstr(job.argv[2], "retrial-event-00004"));
    job_clear(&job);
    body = job_body(plan, &manifest->profile, 2);
    assert_non_null(strstr(body, "retrial-event-00003"));
    assert_null(strstr(body, "retrial-event-00004"));
    alloc_free(body);
    manifest_free(manifest);
    plan_free(plan);
}

/* How the contract env says each kind of credentials. */
static void test_env_wire(void **state)
{
    static const struct {
        const char *values;
        const char *url, *authorization, *headers;
    } cases[] = {
        {"{}", "http://h/v1/batch", "Basic ay8xOg==",
         "Content-Type: application/json\nAuthorization: Basic ay8xOg==\n"},
        {"{\"authorization\":\"bearer\",\"path\":\"/in\"}", "http://h/in",
         "Bearer k/1",
         "Content-Type: application/json\nAuthorization: Bearer k/1\n"},
        {"{\"authorization\":\"header\",\"credential_name\":\"X-Key\","
         "\"content_types\":[],\"body_form\":\"ndjson\"}",
         "http://h/v1/batch", NULL,
         "Content-Type: application/x-ndjson\nX-Key: k/1\n"},
        {"{\"authorization\":\"query\",\"credential_name\":\"key\"}",
         "http://h/v1/batch?key=k%2F1", NULL,
         "Content-Type: application/json\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct profile profile = segment;
        struct err     err;
        cJSON         *values = cJSON_Parse(cases[i].values);
        char          *url;
        char          *authorization;
        char          *headers;

        assert_true(profile_set(&profile, values, "case", &err));
        url = job_url(&profile, "http://h", "k/1");
        authorization = job_authorization(&profile, "k/1");
        headers = job_headers(&profile, "k/1");
        assert_string_equal(url, cases[i].url);
        if (cases[i].authorization == NULL)
            assert_null(authorization);
        else
            assert_string_equal(authorization, cases[i].authorization);
        assert_string_equal(headers, cases[i].headers);
        alloc_free(url);
        alloc_free(authorization);
        alloc_free(headers);
        cJSON_Delete(values);
    }
}

/* What a plan says of its input's size is enough, and not by much. */
static void test_input_bytes(void **state)
{
    static const unsigned shapes[][2] = {
        {1, 0}, {1, 1}, {500, 0}, {40, 999}, {7, 100000}};
    struct manifest *manifest = NULL;
    struct err       err = {0};

    (void)state;
    assert_true(manifest_of_command("x --stdio", &contract_stdio, &segment,
                                    &manifest, &err));
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct plan     *plan = plan_new("x/y", "x.lua", 1);
        struct job_setup setup = {
            .plan = plan, .manifest = manifest, .port = 65535, .client = 1};
        struct job job;
        size_t     least;

        plan->given.write_key = alloc_text("k\"k");
        plan->given.event_bytes = shapes[i][1];
        plan_add_sequence(plan, 3600000 * INT64_C(1000000), shapes[i][0]);
        for (int key = 0; key < CONFIG_COUNT; key++)
            plan->given.config[key] = config_max((enum config_key)key);
        assert_true(job_make(&job, &setup, &err));
        least = strlen(job.input);
        assert_true(least <= plan_input_bytes(plan));
        assert_true(plan_input_bytes(plan) < least + least / 8 + 3000);
        assert_null(job.argv[2]);
        job_clear(&job);
        plan_free(plan);
    }
    manifest_free(manifest);
}

static void test_large_input(void **state)
{
    struct plan     *plan = plan_new("x/y", "x.lua", 1);
    struct manifest *e2e = NULL;
    struct manifest *stdio = NULL;
    struct err       err = {0};

    (void)state;
    assert_true(manifest_of_command("x", &contract_e2e, &segment, &e2e, &err));
    assert_true(
        manifest_of_command("x", &contract_stdio, &segment, &stdio, &err));
    plan_add_sequence(plan, 0, 8);
    assert_null(manifest_lacks(e2e, plan));
    plan->given.event_bytes = 20000;
    assert_string_equal(manifest_lacks(e2e, plan), "large-input");
    assert_null(manifest_lacks(stdio, plan));
    manifest_free(e2e);
    manifest_free(stdio);
    plan_free(plan);
}

struct line_case {
    const char *line;
    bool        found;
    const char *trouble;
};

static void test_result_line(void **state)
{
    static const struct line_case cases[] = {
        {"{\"success\":true}", true, NULL},
        {"  {\"success\":false,\"error\":\"x\"} ", true, NULL},
        {"sent {\"success\":true}", false, "no JSON value"},
        {"{\"success\":true} {}", false, "no JSON value"},
        {"{\"success\":1}", false, "no \"success\""},
        {"[]", false, "no \"success\""},
        {"", false, "no JSON value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client_outcome result = {0};

        result_parse_line(&result, cases[i].line, strlen(cases[i].line));
        assert_int_equal(result.has_result, cases[i].found);
        if (cases[i].trouble != NULL)
            assert_non_null(strstr(result.trouble, cases[i].trouble));
        else
            assert_null(result.trouble);
        clear_result(&result);
    }
}

/* What no argument can hold is said before the client is started. */
static void test_job_too_large(void **state)
{
    struct plan     *plan = plan_new("x/large", "x.lua", 1);
    struct manifest *manifest = NULL;
    struct err       err = {0};
    struct job_setup setup;
    struct job       job;

    (void)state;
    assert_true(
        manifest_of_command("x", &contract_e2e, &segment, &manifest, &err));
    plan->given.write_key = alloc_text("k");
    plan->given.event_bytes = 20000;
    plan_add_sequence(plan, 0, 8);
    setup = (struct job_setup){
        .plan = plan, .manifest = manifest, .port = 1, .client = 1};
    assert_false(job_make(&job, &setup, &err));
    assert_int_equal(err.code, ERR_SCENARIO);
    assert_string_equal(err.place, "x/large");
    job_clear(&job);
    manifest_free(manifest);
    plan_free(plan);
}

/* ---- known failures ---- */

struct known_case {
    const char *scenario; /* of the expected failure */
    const char *rule;
    const char *broken; /* what the trial a/b breaks; NULL = it passes */
    bool        whole;
    bool        known;
    bool        unexpected;
};

static const struct known_case known_cases[] = {
    {"a/b", "RA-1", "RA-1", true, true, false},
    {"a/b", NULL, "RA-1", true, true, false},
    {"a/*", "RA-1", "RA-1", true, true, false},
    {"a/b", "RA-1", "RA-2x", true, false, true},
    {"a/b", "RA-1", NULL, true, false, true},
    {"a/b", "RA-1", NULL, false, false, true},
    {"a/*", "RA-1", NULL, true, false, true},
    {"a/*", "RA-1", NULL, false, false, false},
    {"c/*", "RA-1", "RA-1", true, false, false},
    {"c/*", "RA-1", NULL, true, false, false},
};

static void apply_case(const struct known_case *this)
{
    struct plan            *plan = plan_new("a/b", "x.lua", 1);
    struct manifest        *manifest = NULL;
    struct err              err = {0};
    struct run             *run = run_new();
    struct trial_result    *trial = run_add(run, plan);
    struct expected_failure expected = {
        .scenario = alloc_text(this->scenario),
        .subject = alloc_text(this->rule),
        .reason = alloc_text("because"),
    };

    assert_true(
        manifest_of_command("x", &contract_e2e, &segment, &manifest, &err));
    manifest->expected = alloc_zero(1, sizeof expected);
    manifest->expected[0] = expected;
    manifest->expected_count = 1;
    trial->verdict = verdict_new();
    if (this->broken != NULL && rule_find(this->broken) != NULL)
        verdict_find(trial->verdict, rule_index(rule_find(this->broken)),
                     "check", 1, "found");
    else if (this->broken != NULL)
        verdict_find_other(trial->verdict, "contract", "check", 1, "found");
    verdict_settle(trial->verdict, plan);
    known_apply(run, manifest, this->whole);
    assert_int_equal(trial->known_failure != NULL && !trial->unexpected_pass,
                     this->known);
    assert_int_equal(trial->unexpected_pass, this->unexpected);
    run_free(run);
    manifest_free(manifest);
    plan_free(plan);
}

static void test_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known_cases / sizeof known_cases[0]; i++)
        apply_case(&known_cases[i]);
}

/* ---- lateness ---- */

/* A trial that failed, for whatever has nothing to do with time. */
static bool held_up(int64_t timeout_ms, int64_t noise_ms, int64_t held_up_ms)
{
    struct plan        *plan = plan_new("late", "late.lua", 1);
    struct trial_result trial = {
        .plan = plan,
        .record = record_new(),
        .verdict = verdict_new(),
    };
    bool late;

    plan->given.config[CONFIG_TIMEOUT] = timeout_ms;
    trial.record->noise.ticks = 1;
    trial.record->noise.held_up_ns = held_up_ms * NS_PER_MS;
    trial.record->noise.late.p999_ns = noise_ms * NS_PER_MS;
    verdict_find_other(trial.verdict, "contract", "contract", 0, "of our own");
    verdict_settle(trial.verdict, plan);
    late = lateness_held_up(&trial);
    verdict_free(trial.verdict);
    record_free(trial.record);
    plan_free(plan);
    return late;
}

static void test_held_up(void **state)
{
    (void)state;
    assert_false(held_up(1000, 249, 0));
    assert_true(held_up(1000, 250, 0));
    assert_false(held_up(4000, 999, 0));
    assert_true(held_up(4000, 1000, 0));
    assert_false(held_up(CONFIG_UNSET, 2499, 0));
    assert_true(held_up(CONFIG_UNSET, 2500, 0));
    assert_false(held_up(1000, 1, 249));
    assert_true(held_up(1000, 1, 250));
    assert_false(held_up(CONFIG_UNSET, 1, 2499));
    assert_true(held_up(CONFIG_UNSET, 1, 2500));
}

/* ---- doubts, from run to run ---- */

static struct trial_result doubtful_trial(struct plan *plan, unsigned attempt)
{
    struct trial_result trial = {.plan = plan, .verdict = verdict_new()};

    verdict_find(trial.verdict, RULE_BACK_1, "backoff", attempt, "late");
    verdict_doubt(trial.verdict);
    verdict_settle(trial.verdict, plan);
    assert_true(doubt_is(&trial));
    return trial;
}

static void test_doubts(void **state)
{
    struct plan        *plan = plan_new("late", "late.lua", 1);
    struct trial_result first = doubtful_trial(plan, 2);
    struct trial_result same = doubtful_trial(plan, 2);
    struct trial_result other = doubtful_trial(plan, 3);
    struct doubts       doubts;

    (void)state;
    doubts_take(&doubts, &first);
    doubts_dispel(&doubts, &same);
    assert_int_equal(same.verdict->kind, VERDICT_INCONCLUSIVE);
    assert_int_equal(same.verdict->finding_count, 1);
    doubts_dispel(&doubts, &other);
    assert_int_equal(other.verdict->kind, VERDICT_PASS);
    assert_int_equal(other.verdict->finding_count, 0);
    doubts_clear(&doubts);
    verdict_free(first.verdict);
    verdict_free(same.verdict);
    verdict_free(other.verdict);
    plan_free(plan);
}

/* ---- a worker whose time is over ---- */

/* Who disturbed a trial did so, whatever is in doubt besides. */
static void test_decided_doubts(void **state)
{
    struct plan        *plan = plan_new("late", "late.lua", 1);
    struct trial_result first = doubtful_trial(plan, 2);
    struct trial_result disturbed = doubtful_trial(plan, 3);
    struct doubts       doubts;

    (void)state;
    verdict_decide(disturbed.verdict, VERDICT_INCONCLUSIVE, "disturbed");
    doubts_take(&doubts, &first);
    doubts_dispel(&doubts, &disturbed);
    assert_int_equal(disturbed.verdict->kind, VERDICT_INCONCLUSIVE);
    assert_string_equal(disturbed.verdict->reason, "disturbed");
    assert_int_equal(disturbed.verdict->finding_count, 0);
    doubts_clear(&doubts);
    verdict_free(first.verdict);
    verdict_free(disturbed.verdict);
    plan_free(plan);
}

/* The machine was too slow for it: nobody's fault, and not ours. */
static void test_overdue(void **state)
{
    struct worker   worker = {.ended_by_ns = NS_PER_S / 2};
    struct record  *record = NULL;
    struct verdict *verdict = NULL;
    bool            ours = true;
    int             ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    worker.fd = ends[0];
    worker.pid = fork();
    if (worker.pid == 0)
        for (;;)
            pause();
    close(ends[1]);
    bytes_init(&worker.message, 1000);
    fcntl(worker.fd, F_SETFL, O_NONBLOCK);
    assert_false(worker_turn(&worker, false, NS_PER_S / 2));
    assert_false(worker.late);
    assert_true(worker_turn(&worker, false, NS_PER_S));
    assert_true(worker.late);
    worker_finish(&worker, &record, &verdict, &ours);
    assert_false(ours);
    assert_null(record);
    assert_int_equal(verdict->kind, VERDICT_INCONCLUSIVE);
    verdict_free(verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_result),
        cmocka_unit_test(test_result_hostile),
        cmocka_unit_test(test_result_long),
        cmocka_unit_test(test_result_capabilities),
        cmocka_unit_test(test_wrong_manifests),
        cmocka_unit_test(test_good_manifest),
        cmocka_unit_test(test_chosen_profile),
        cmocka_unit_test(test_client_overrides),
        cmocka_unit_test(test_declared_authorization),
        cmocka_unit_test(test_job),
        cmocka_unit_test(test_job_of_several),
        cmocka_unit_test(test_job_too_large),
        cmocka_unit_test(test_env_wire),
        cmocka_unit_test(test_input_bytes),
        cmocka_unit_test(test_large_input),
        cmocka_unit_test(test_result_line),
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_held_up),
        cmocka_unit_test(test_doubts),
        cmocka_unit_test(test_decided_doubts),
        cmocka_unit_test(test_overdue),
    };
    struct err err = {0};

    if (!profile_load(&segment, "segment", &err))
        return 1;
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
