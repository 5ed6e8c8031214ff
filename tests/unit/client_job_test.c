/* SPDX-License-Identifier: Apache-2.0 */
/* The command line's input: what is taken, and what is refused by name. */

#include "client/cli/cli_job.h"
#include "common/alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{\"writeKey\":\"k\",\"apiHost\":\"http://h\",\"sequences\":[]"

static void test_taken(void **state)
{
    const char *input =
        "{\"writeKey\":\"k\",\"apiHost\":\"http://127.0.0.1:1\","
        "\"sequences\":[{\"delayMs\":5,\"events\":[{\"type\":\"track\"},"
        "{\"type\":\"page\"}]},{\"events\":[]}],"
        "\"config\":{\"flushAt\":2,\"flushInterval\":100,\"maxRetries\":0,"
        "\"timeout\":3,\"maxRetryAfterMs\":1,\"maxTotalBackoffMs\":2,"
        "\"maxRateLimitMs\":3,\"workers\":4,\"gzip\":true}}";
    struct cli_job job;
    struct err     err;

    (void)state;
    assert_true(cli_job_init(&job, input, NULL, &err));
    assert_string_equal(job.config.write_key, "k");
    assert_string_equal(job.config.api_host, "http://127.0.0.1:1");
    assert_int_equal(job.count, 2);
    assert_int_equal(job.sequences[0].delay_ms, 5);
    assert_int_equal(cJSON_GetArraySize(job.sequences[0].events), 2);
    assert_int_equal(job.config.flush_at, 2);
    assert_int_equal(job.config.flush_interval_ms, 100);
    assert_int_equal(job.config.max_retries, 0);
    assert_int_equal(job.config.request_timeout_ms, 3000);
    assert_int_equal(job.config.max_retry_after_ms, 1);
    assert_int_equal(job.config.max_total_backoff_ms, 2);
    assert_int_equal(job.config.max_rate_limit_ms, 3);
    assert_int_equal(job.config.workers, 4);
    assert_true(job.config.gzip);
    cli_job_clear(&job);
}

static void test_defaults(void **state)
{
    struct cli_job job;
    struct err     err;

    (void)state;
    assert_true(cli_job_init(&job, HEAD "}", NULL, &err));
    assert_int_equal(job.config.max_retries, 1000);
    assert_int_equal(job.config.max_retry_after_ms, 300000);
    assert_int_equal(job.config.max_total_backoff_ms, 43200000);
    assert_int_equal(job.config.max_rate_limit_ms, 43200000);
    cli_job_clear(&job);
}

static void test_refused(void **state)
{
    /* clang-format off */
    static const struct {
        const char *input;
        const char *place;
        const char *text; /* how it begins */
    } cases[] = {
        {"", "input", "not JSON at byte 0"},
        {"{\"a\":NaN}", "input", "not JSON"},
        {HEAD "} x", "input", "not JSON"},
        {"[]", "input", "found an array, allowed an object"},
        {"{}", "writeKey", "found nothing, allowed a string"},
        {"{\"writeKey\":\"k\"}", "apiHost", "found nothing"},
        {"{\"writeKey\":null}", "writeKey", "found null"},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\"}", "sequences",
         "found nothing, allowed an array"},
        {HEAD ",\"confg\":{}}", "input",
         "found unknown name \"confg\", nearest allowed is config"},
        {HEAD ",\"config\":7}", "config", "found 7, allowed an object"},
        {HEAD ",\"oauth\":null}", "oauth", "found null, allowed an object"},
        {HEAD ",\"oauth\":{}}", "oauth.clientId",
         "found nothing, allowed a string"},
        {HEAD ",\"oauth\":{\"clientID\":\"c\"}}", "oauth",
         "found unknown name \"clientID\", nearest allowed is clientId"},
        {HEAD ",\"oauth\":{\"clientId\":\"c\",\"keyFile\":7}}", "oauth.keyFile",
         "found 7, allowed a string"},
        {HEAD ",\"oauth\":{\"clientId\":\"c\",\"keyFile\":\"k\","
              "\"authServer\":\"s\",\"keyId\":null}}",
         "oauth.keyId", "found null, allowed a string"},
        {HEAD ",\"config\":null}", "config", "found null"},
        {HEAD ",\"config\":{\"maxRetry\":1}}", "config",
         "found unknown name \"maxRetry\", nearest allowed is maxRetries"},
        {HEAD ",\"config\":{\"maxRetries\":1,\"maxRetries\":2}}", "config",
         "found maxRetries twice"},
        {HEAD ",\"config\":{\"maxRetries\":null}}", "config.maxRetries",
         "found null, allowed an integer from 0 to 1000000"},
        {HEAD ",\"config\":{\"maxRetries\":-1}}", "config.maxRetries",
         "found -1, "},
        {HEAD ",\"config\":{\"maxRetries\":1.5}}", "config.maxRetries",
         "found 1.5, "},
        {HEAD ",\"config\":{\"maxRetries\":1e99}}", "config.maxRetries",
         "found 1e+99, "},
        {HEAD ",\"config\":{\"maxRetries\":1e999}}", "config.maxRetries",
         "found inf, "},
        {HEAD ",\"config\":{\"maxRetries\":\"NaN\"}}", "config.maxRetries",
         "found \"NaN\", "},
        {HEAD ",\"config\":{\"maxRetries\":[1]}}", "config.maxRetries",
         "found an array, "},
        {HEAD ",\"config\":{\"maxTotalBackoffMs\":-1}}",
         "config.maxTotalBackoffMs", "found -1, "},
        {HEAD ",\"config\":{\"maxRateLimitMs\":null}}",
         "config.maxRateLimitMs", "found null, "},
        {HEAD ",\"config\":{\"maxRetryAfterMs\":true}}",
         "config.maxRetryAfterMs", "found true, "},
        {HEAD ",\"config\":{\"flushAt\":0}}", "config.flushAt", "found 0, "},
        {HEAD ",\"config\":{\"timeout\":0}}", "config.timeout", "found 0, "},
        {HEAD ",\"config\":{\"gzip\":1}}", "config.gzip", "found 1, "},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\",\"sequences\":[7]}",
         "sequences[0]", "found 7, allowed an object"},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\",\"sequences\":[{}]}",
         "sequences[0].events", "found nothing, allowed an array"},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\",\"sequences\":"
         "[{\"events\":[],\"delay\":1}]}",
         "sequences[0]", "found unknown name \"delay\""},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\",\"sequences\":"
         "[{\"events\":[],\"delayMs\":-1}]}",
         "sequences[0].delayMs", "found -1, "},
        {"{\"writeKey\":\"k\",\"apiHost\":\"h\",\"sequences\":"
         "[{\"events\":[{},\"x\"]}]}",
         "sequences[0].events[1]", "found \"x\", allowed an object"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cli_job job;
        struct err     err = {0};

        if (cli_job_init(&job, cases[i].input, NULL, &err))
            fail_msg("taken: %s", cases[i].input);
        if (strcmp(err.place, cases[i].place) != 0 ||
            strncmp(err.text, cases[i].text, strlen(cases[i].text)) != 0)
            fail_msg("%s: got %s: %s", cases[i].input, err.place, err.text);
    }
}

/* The library refuses the same by itself: BUDGET-6 is not the CLI's matter. */
static void test_library_refuses(void **state)
{
    static const char *const names[] = {
#define X(field, name, min, max, initial, meaning) "config." name,
        INGEST_LIMIT_MAP(X)
#undef X
    };
    size_t               index = 0;
    struct ingest_config config;
    struct err           err;

    (void)state;
    ingest_config_init(&config);
    config.api_host = "http://127.0.0.1:1";
    assert_null(ingest_new(&config, &err));
    assert_string_equal(err.place, "writeKey");
    config.write_key = "k";
    config.api_host = "ftp://h";
    assert_null(ingest_new(&config, &err));
    assert_string_equal(err.place, "apiHost");
    config.api_host = "http://user@h";
    assert_null(ingest_new(&config, &err));
    config.api_host = "http://127.0.0.1:1?x";
    assert_null(ingest_new(&config, &err));
    config.api_host = "http://127.0.0.1:1";
    config.ca_file = "/nowhere/ca.pem";
    assert_null(ingest_new(&config, &err));
    assert_string_equal(err.place, "caFile");
    config.ca_file = NULL;
#define X(field, name, min, max, initial, meaning)                             \
    {                                                                          \
        int64_t right = config.field;                                          \
                                                                               \
        config.field = -1;                                                     \
        assert_null(ingest_new(&config, &err));                                \
        assert_string_equal(err.place, names[index]);                          \
        config.field = INT64_MAX;                                              \
        assert_null(ingest_new(&config, &err));                                \
        assert_string_equal(err.place, names[index]);                          \
        config.field = right;                                                  \
        index++;                                                               \
    }
    INGEST_LIMIT_MAP(X)
#undef X
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_taken),
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_library_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
