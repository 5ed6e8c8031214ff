/* SPDX-License-Identifier: Apache-2.0 */
/* The judge over cases that are data, and families of them made here. */

#include "judge_case.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/rng.h"
#include "common/text.h"
#include "judge/events.h"
#include "judge/judge.h"
#include "judge/obligation.h"
#include "judge/unseen.h"
#include "model/verdict.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_BYTES_MAX = 1 << 20, RECORD_BYTES_MAX = 1 << 20 };

/* ---- judging a case ---- */

/* A stored record gives the verdict of the live one, and reads back the same
 * to the byte. */
static void store(struct judge_case *made)
{
    struct bytes   text;
    struct bytes   again;
    struct record *record = NULL;
    struct err     err = {0};

    bytes_init(&text, RECORD_BYTES_MAX);
    bytes_init(&again, RECORD_BYTES_MAX);
    record_write(made->record, &text);
    if (!record_read(bytes_text(&text), text.length, "case", &record, &err))
        fail_msg("%s: %s: %s", made->name, err.place, err.text);
    record_write(record, &again);
    assert_string_equal(bytes_text(&text), bytes_text(&again));
    record_free(made->record);
    made->record = record;
    bytes_clear(&text);
    bytes_clear(&again);
}

static void judge_case(struct judge_case *made)
{
    char got[CASE_TEXT_MAX];
    char again[CASE_TEXT_MAX];

    judge_case_verdict(made, got);
    store(made);
    assert_string_equal(judge_case_verdict(made, again), got);
    if (strcmp(got, made->want) != 0)
        fail_msg("%s (line %d):\n  want %s\n  got  %s", made->name, made->line,
                 made->want, got);
}

static void read_file(const char *name, struct bytes *text)
{
    char   path[1024];
    char   part[4096];
    size_t got;
    FILE  *file;

    snprintf(path, sizeof path, SOURCE_DIR "/%s", name);
    file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        assert_true(bytes_append(text, part, got));
    fclose(file);
}

/* ---- golden cases ---- */

static unsigned judge_file(const char *name)
{
    struct bytes      text;
    struct judge_case made;
    const char       *at;
    unsigned          count = 0;
    int               line = 0;
    char              path[512];

    snprintf(path, sizeof path, "tests/golden/verdicts/%s", name);
    bytes_init(&text, FILE_BYTES_MAX);
    read_file(path, &text);
    at = bytes_text(&text);
    while (judge_case_next(&at, &line, &made)) {
        judge_case(&made);
        judge_case_clear(&made);
        count++;
    }
    bytes_clear(&text);
    return count;
}

static void test_golden(void **state)
{
    DIR           *folder = opendir(SOURCE_DIR "/tests/golden/verdicts");
    struct dirent *entry;
    unsigned       count = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL)
        if (strstr(entry->d_name, ".cases") != NULL)
            count += judge_file(entry->d_name);
    closedir(folder);
    assert_true(count >= 150);
}

/* ---- every status ---- */

static bool is_one_of(int status, const int *list)
{
    while (*list != 0 && *list != status)
        list++;
    return *list != 0;
}

static bool is_retried(int status)
{
    static const int client_errors[] = {408, 410, 429, 460, 0};
    static const int not_retried[] = {501, 505, 511, 0};

    return status < 500 ? is_one_of(status, client_errors)
                        : !is_one_of(status, not_retried);
}

static const char *rule_of(int status)
{
    if (status == 429)
        return "RA-7"; /* it is bare here */
    if (status == 511)
        return "STATUS-6";
    if (status < 500)
        return is_retried(status) ? "STATUS-2" : "STATUS-3";
    return is_retried(status) ? "STATUS-4" : "STATUS-5";
}

/* One attempt or two, and how a right client then ends. */
static void judge_status(int status, bool retried)
{
    struct judge_case made = judge_case_new("status", 1);
    char              line[CASE_TEXT_MAX];
    bool              delivered = status < 400 || retried;

    snprintf(line, sizeof line, "0 1 -> %d", status);
    judge_case_at(&made, line);
    if (retried)
        judge_case_at(&made, "0.5 1 -> 200");
    judge_case_line(&made, delivered ? "end exited 0.6 success"
                                     : "end exited 0.6 failure");
    if (status < 400 && retried)
        snprintf(made.want, sizeof made.want, "fail STATUS-1@2 DELIVER-2@2");
    else if (status < 400 || is_retried(status) == retried)
        snprintf(made.want, sizeof made.want, "pass");
    else if (retried)
        snprintf(made.want, sizeof made.want, "fail %s@2", rule_of(status));
    else
        snprintf(made.want, sizeof made.want, "fail %s@1 DELIVER-1@0",
                 rule_of(status));
    snprintf(made.name, sizeof made.name, "status %d, %s", status,
             retried ? "retried" : "not retried");
    judge_case(&made);
    judge_case_clear(&made);
}

static void test_every_status(void **state)
{
    (void)state;
    for (int status = 200; status <= 599; status++) {
        judge_status(status, false);
        judge_status(status, true);
    }
}

/* ---- every budget ---- */

static void judge_budget(unsigned retries, unsigned made_retries,
                         const char *failure)
{
    struct judge_case made = judge_case_new("budget", 1);
    char              line[CASE_TEXT_MAX];
    double            at = 0;
    const char       *rule = retries == 0 ? "BUDGET-2" : "BUDGET-1";

    made.plan->given.config[CONFIG_MAX_RETRIES] = retries;
    for (unsigned i = 0; i <= made_retries; i++) {
        snprintf(line, sizeof line, "%.3f 1 -> %s", at, failure);
        judge_case_at(&made, line);
        at += 0.5 * (1u << i) + 0.001;
    }
    judge_case_line(&made, "end exited 600 failure");
    if (made_retries == retries)
        snprintf(made.want, sizeof made.want, "pass");
    else if (made_retries > retries)
        snprintf(made.want, sizeof made.want, "fail %s@%u", rule, retries + 2);
    else if (made_retries > 0 && strcmp(failure, "503") == 0)
        snprintf(made.want, sizeof made.want, "fail BUDGET-1@%u DELIVER-1@0",
                 made_retries + 1);
    else if (made_retries > 0)
        snprintf(made.want, sizeof made.want,
                 "fail BUDGET-1@%u NET-1@%u DELIVER-1@0", made_retries + 1,
                 made_retries + 1);
    else
        snprintf(made.want, sizeof made.want, "fail %s@1 DELIVER-1@0",
                 strcmp(failure, "503") == 0 ? "STATUS-4" : "NET-1");
    snprintf(made.name, sizeof made.name, "%u of %u retries after %s",
             made_retries, retries, failure);
    judge_case(&made);
    judge_case_clear(&made);
}

static void test_every_budget(void **state)
{
    (void)state;
    for (unsigned retries = 0; retries < 6; retries++)
        for (unsigned made = 0; made < 7; made++) {
            judge_budget(retries, made, "503");
            judge_budget(retries, made, "reset");
        }
}

/* ---- every value of Retry-After ---- */

/* Judges the wait after "429, Retry-After: VALUE". */
static void judge_wait(const char *value, double wait_s, const char *want)
{
    struct judge_case made = judge_case_new("value", 1);
    char              line[CASE_TEXT_MAX];

    snprintf(line, sizeof line, "0 1 -> 429 ra=\"%s\"", value);
    judge_case_at(&made, line);
    snprintf(line, sizeof line, "%.3f 1 -> 200", wait_s);
    judge_case_at(&made, line);
    judge_case_line(&made, "end exited 400 success");
    snprintf(made.want, sizeof made.want, "%s", want);
    snprintf(made.name, sizeof made.name, "Retry-After: %s, waited %.3f s",
             value, wait_s);
    judge_case(&made);
    judge_case_clear(&made);
}

static void test_waits(void **state)
{
    (void)state;
    for (unsigned seconds = 1; seconds <= 20; seconds++) {
        char value[32];

        snprintf(value, sizeof value, "%u", seconds);
        judge_wait(value, seconds - 0.01, "fail RA-1@2");
        judge_wait(value, seconds + 0.001, "pass");
        judge_wait(value, seconds + 0.09, "pass");
        judge_wait(value, seconds + 1.01, "pass ~RA-2@2");
        judge_wait(value, seconds / 1000.0, "fail RA-1@2");
    }
    judge_wait("301", 299.9, "fail RA-3@2");
    judge_wait("301", 300.1, "pass");
    judge_wait("301", 301.1, "fail RA-3@2");
    judge_wait("2147483647", 300.1, "pass");
}

static void test_junk(void **state)
{
    static const char *const junk[] = {
        "-1",
        "-9223372036854775808",
        "-0",
        "+5",
        "1.5",
        ".5",
        "5.",
        "1,5",
        "5, 10",
        "120junk",
        "3s",
        "0x10",
        "1e3",
        "",
        "soon",
        "NaN",
        "Infinity",
        "1 2",
        "\t",
        "--5",
        "+",
        "-",
        ".",
        "1..5",
        "5;q=1",
        "2099-11-23T00:00:00Z",
        "Sun, 06 Nov",
        "Sun, 31 Feb 2099 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "2147483648",
        "9223372036854775808",
        "99999999999999999999",
        "000000000000000000000000000000001x",
        "a-value-that-is-longer-than-any-date-and-means-nothing-whatever-it-is",
    };

    (void)state;
    for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
        judge_wait(junk[i], 0.5, "pass"); /* as if absent */
        judge_wait(junk[i], 0.26, "pass");
        judge_wait(junk[i], 0.01, "fail RA-9@2");
        judge_wait(junk[i], 350, "fail RA-9@2");
    }
}

/* ---- many waits at once ---- */

struct crowd {
    const char *name;
    unsigned    batches;
    double      apart_s;  /* the first answers, one from the next */
    double      jitter;   /* the law's tenth, times this */
    double      stop_s;   /* the machine stops from here, */
    double      go_s;     /* ... to here: what fell due meanwhile comes now */
    const char *lines[2]; /* more of its case; NULL = none */
    const char *want;
};

static double later(const struct crowd *crowd, double at_s)
{
    return at_s > crowd->stop_s && at_s < crowd->go_s ? crowd->go_s : at_s;
}

/* Each batch fails twice, after 0.5 s and 1 s and what chance adds. */
static struct judge_case play_crowd(const struct crowd *crowd, uint64_t seed)
{
    struct judge_case made = judge_case_new(crowd->name, crowd->batches);
    struct rng        rng;
    char              line[CASE_TEXT_MAX];
    double           *came_s = alloc_zero(crowd->batches, sizeof came_s[0]);

    rng_seed(&rng, seed);
    made.plan->given.config[CONFIG_FLUSH_AT] = 1;
    for (size_t i = 0; i < 2 && crowd->lines[i] != NULL; i++)
        judge_case_line(&made, crowd->lines[i]);
    for (int retry = 0; retry <= 2; retry++)
        for (unsigned i = 0; i < crowd->batches; i++) {
            double took_s = retry == 0 ? 0.001 + crowd->apart_s * i : 0.001;
            double law_s = retry == 0 ? 0.5 : 1;
            double factor = 1 + crowd->jitter * 0.1 * (2 * rng_unit(&rng) - 1);

            snprintf(line, sizeof line, "%.6f %u -> %d took=%.6f", came_s[i],
                     i + 1, retry < 2 ? 503 : 200, took_s);
            judge_case_at(&made, line);
            came_s[i] = later(crowd, came_s[i] + took_s + law_s * factor +
                                         0.003 * rng_unit(&rng));
        }
    judge_case_line(&made, "end exited 9 success");
    snprintf(made.want, sizeof made.want, "%s", crowd->want);
    snprintf(made.name, sizeof made.name, "%s, seed %u", crowd->name,
             (unsigned)seed);
    alloc_free(came_s);
    return made;
}

static void judge_crowd(const struct crowd *crowd, uint64_t seed)
{
    struct judge_case made = play_crowd(crowd, seed);

    judge_case(&made);
    judge_case_clear(&made);
}

static void test_jitter(void **state)
{
    /* clang-format off */
    static const struct crowd crowds[] = {
        {"right", 64, 0.005, 1, 0, 0, {NULL}, "pass"},
        {"right, and the machine stops", 64, 0.005, 1, 0.4, 0.95, {NULL},
         "pass"},
        {"right, and the machine stops, all answered at once", 64, 0, 1, 0.4,
         0.6, {NULL}, "pass"},
        {"no jitter", 64, 0.005, 0, 0, 0, {NULL}, "fail BACK-3@0"},
        {"hardly any jitter", 64, 0.005, 0.1, 0, 0, {NULL}, "fail BACK-3@0"},
        {"half the jitter", 200, 0.005, 0.5, 0, 0, {NULL}, "fail BACK-3@0"},
        {"half the jitter, too few to say", 64, 0.005, 0.5, 0, 0, {NULL},
         "pass"},
        {"no jitter, all answered at once", 64, 0, 0, 0, 0, {NULL},
         "fail BACK-3@0"},
        {"no jitter, too few to say", 29, 0.005, 0, 0, 0, {NULL}, "pass"},
        {"none by its profile", 64, 0.005, 0, 0, 0,
         {"profile jitter_min=1 jitter_max=1"}, "pass"},
        {"none, where any spread is right", 64, 0.005, 0, 0, 0,
         {"profile jitter_spread=null"}, "pass"},
        {"right, in a noise that hides all of it, in its trial", 64, 0.005, 1,
         0, 0, {"noise 0.3 0.2", "rules BACK-3"}, "inconclusive BACK-3@0"},
        {"right, in a noise that hides all of it, in another's", 64, 0.005, 1,
         0, 0, {"noise 0.3 0.2", "rules BACK-1"}, "pass"},
        {"right, but bent by a stop that no metronome saw", 64, 0, 1, 0.4, 0.6,
         {"noise 0.002 starved=1", "rules BACK-3"}, "inconclusive BACK-3@0"},
        {"no jitter, in little noise, in another's trial", 64, 0.005, 0, 0, 0,
         {"noise 0.002", "rules BACK-1"}, "fail BACK-3@0"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof crowds / sizeof crowds[0]; i++)
        for (uint64_t seed = 1; seed <= 8; seed++)
            judge_crowd(&crowds[i], seed);
}

/* Waits that a floor lengthened are alike, and that is right. */
static void test_floor_is_no_jitter(void **state)
{
    static const struct {
        double      floor_s;
        const char *want;
    } cases[] = {{0.6, "pass"}, {0.4, "fail BACK-3@0"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct judge_case made = judge_case_new("a floor", 64);
        char              line[CASE_TEXT_MAX];

        made.plan->given.config[CONFIG_FLUSH_AT] = 1;
        snprintf(line, sizeof line, "profile backoff_floor_s=%g jitter_max=1.4",
                 cases[i].floor_s);
        judge_case_line(&made, line);
        for (unsigned event = 1; event <= 128; event++) {
            bool again = event > 64;

            snprintf(line, sizeof line, "%.6f %u -> %d took=0.001",
                     0.005 * event + (again ? 0.281 : 0),
                     again ? event - 64 : event, again ? 200 : 503);
            judge_case_at(&made, line);
        }
        judge_case_line(&made, "end exited 9 success");
        snprintf(made.want, sizeof made.want, "%s", cases[i].want);
        judge_case(&made);
        judge_case_clear(&made);
    }
}

/* What was counted is told of a client that passed, too, and agrees with the
 * verdict. */
static void test_jitter_is_counted(void **state)
{
    static const struct crowd crowds[] = {
        {"right", 64, 0.005, 1, 0, 0, {NULL}, "pass"},
        {"no jitter", 64, 0.005, 0, 0, 0, {NULL}, "fail BACK-3@0"},
        {"too few", 29, 0.005, 1, 0, 0, {NULL}, "pass"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof crowds / sizeof crowds[0]; i++) {
        struct judge_case       made = play_crowd(&crowds[i], 1);
        struct verdict         *verdict = verdict_new();
        bool                    enough = crowds[i].batches > 30;
        const struct statistic *counted;
        unsigned                sum = 0;

        judge_record(made.plan, &made.profile, made.record, verdict);
        assert_int_equal(verdict->statistic_count, enough);
        if (enough) {
            counted = &verdict->statistics[0];
            assert_string_equal(counted->rule->id, "BACK-3");
            assert_int_equal(counted->samples, 2 * crowds[i].batches);
            for (int bin = 0; bin < STATISTIC_BINS; bin++)
                sum += counted->bins[bin];
            assert_int_equal(sum + counted->before + counted->after,
                             counted->samples);
            assert_int_equal(counted->p < counted->alpha,
                             verdict->finding_count > 0);
            /* Nobody measured this record's noise: too long is not asked. */
            assert_int_equal(counted->question_count, 2);
            for (size_t q = 0; q < counted->question_count; q++)
                assert_true(counted->questions[q].p >= counted->p / 6);
        }
        verdict_free(verdict);
        judge_case_clear(&made);
    }
}

/* ---- the events of a body ---- */

static size_t events_in(const char *body, unsigned *numbers, size_t max)
{
    struct attempt attempt = {
        .body = alloc_text(body),
        .body_kept_bytes = strlen(body),
        .body_bytes = strlen(body),
    };
    struct profile profile = {.body_form = BODY_FORM_JSON};
    size_t         unpack = EVENTS_UNPACK_BYTES;
    size_t count = events_numbers(&attempt, &profile, numbers, max, &unpack);

    alloc_free(attempt.body);
    return count;
}

static void test_events(void **state)
{
    unsigned numbers[4] = {0};

    (void)state;
    assert_int_equal(events_in("{\"batch\":[]}", numbers, 4), 0);
    assert_int_equal(events_in("", numbers, 4), 0);
    assert_int_equal(events_in("[1,2]", numbers, 4), 0);
    assert_int_equal(
        events_in("{\"event\":\"retrial-event-00007\"}", numbers, 4), 1);
    assert_int_equal(numbers[0], 7);
    assert_int_equal(events_in("{\"batch\":[{\"messageId\":\"x\",\"properties"
                               "\":{\"retrial\":9}},{\"messageId\":"
                               "\"retrial-event-00003\"},{\"event\":\"other\"}"
                               ",{\"event\":\"retrial-event-00002\"}]}",
                               numbers, 4),
                     3);
    assert_int_equal(numbers[0], 9);
    assert_int_equal(numbers[1], 3);
    assert_int_equal(numbers[2], 2);
    assert_int_equal(events_in("{\"batch\":[{\"event\":\"retrial-event-00001\""
                               "},{\"event\":\"retrial-event-00002\"}]}",
                               numbers, 1),
                     1);
    assert_int_equal(events_in("{\"batch\":[{\"properties\":{\"retrial\":-1}},"
                               "{\"properties\":{\"retrial\":1e300}},7]}",
                               numbers, 4),
                     0);
}

/* ---- the table of checks ---- */

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; judge_check(i) != NULL; i++) {
        const struct check_info *info = judge_check(i);

        assert_true(strlen(info->name) > 0 && strlen(info->looks_at) > 0 &&
                    strlen(info->evidence) > 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(judge_check(j)->name, info->name);
    }
}

/* A port that was shut all the time may have turned away any number before
 * each attempt of a batch that comes again and again. */
static void test_unseen_ones_never_wrap(void **state)
{
    struct course course = {0};

    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        obligation_miss(&course, UNSEEN_NO_BOUND);
        assert_true(course.counted_most >= UNSEEN_NO_BOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_every_status),
        cmocka_unit_test(test_every_budget),
        cmocka_unit_test(test_waits),
        cmocka_unit_test(test_junk),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_floor_is_no_jitter),
        cmocka_unit_test(test_jitter_is_counted),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_unseen_ones_never_wrap),
        cmocka_unit_test(test_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
