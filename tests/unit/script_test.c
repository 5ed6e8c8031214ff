/* SPDX-License-Identifier: Apache-2.0 */
/* The scenario language: what is right, what is wrong, what gets out, and what
 * a plan looks like. Cases are files; this only runs them. */

#include "script_files.h"

#include "common/alloc.h"
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MESSAGE_MAX = 4096, PLANS_TEXT_MAX = 1 << 20 };

#define EXPECT "-- expect: "

/* ---- files that must not load, each with its whole message ---- */

/* "2: a/b: ..." -> "wrong.lua:2: a/b: ..."; without a line "wrong.lua: ...". */
static char *expected_message(const char *text)
{
    size_t      prefix = strlen(EXPECT);
    const char *end = strchr(text, '\n');
    const char *message = text + prefix;
    size_t      digits;

    if (!text_starts_with(text, EXPECT) || end == NULL)
        fail_msg("the first line is no '" EXPECT "'");
    digits = strspn(message, "0123456789");
    return alloc_format("wrong.lua:%s%.*s", digits > 0 ? "" : " ",
                        (int)(end - message), message);
}

static size_t check_messages(const char *folder)
{
    struct file_list list;
    size_t           wrong = 0;

    files_find(&list, folder, ".lua");
    for (size_t i = 0; i < list.count; i++) {
        size_t         length;
        char          *text = files_read(list.paths[i], &length);
        char          *wanted = expected_message(text);
        struct script *script = files_script_to_say(wanted);
        struct bytes   found;

        bytes_init(&found, MESSAGE_MAX);
        if (files_load(script, "wrong.lua", text, &found))
            bytes_add(&found, "it loaded");
        if (strcmp(bytes_text(&found), wanted) != 0) {
            print_error("%s\n  found  %s\n  wanted %s\n", list.paths[i],
                        bytes_text(&found), wanted);
            wrong++;
        }
        /* Nothing of it stays, and the script is as good as new. */
        assert_int_equal(script_plan_count(script), 0);
        bytes_clear(&found);
        assert_true(files_load(script, "next.lua",
                               "scenario \"a\" { rules = { \"RA-1\" } }",
                               &found));
        assert_int_equal(script_plan_count(script), 1);
        script_close(script);
        bytes_clear(&found);
        alloc_free(wanted);
        alloc_free(text);
    }
    assert_int_equal(wrong, 0);
    files_clear(&list);
    return list.count;
}

static void test_wrong(void **state)
{
    (void)state;
    assert_true(check_messages("tests/lua/wrong") >= 40);
}

static void test_escapes(void **state)
{
    (void)state;
    assert_true(check_messages("tests/lua/escape") >= 40);
}

/* Without a word from us a file is given what the docs say. */
static void test_budget(void **state)
{
    struct script *script = files_script(1);
    struct bytes   trouble;

    (void)state;
    bytes_init(&trouble, MESSAGE_MAX);
    assert_false(files_load(script, "loop.lua", "while true do end", &trouble));
    assert_string_equal(bytes_text(&trouble),
                        "loop.lua:1: ran over its budget of 50000000 "
                        "instructions (an endless loop?)");
    bytes_clear(&trouble);
    script_close(script);
}

/* ---- files that must load ---- */

static void test_right(void **state)
{
    struct file_list list;

    (void)state;
    files_find(&list, "tests/lua/right", ".lua");
    for (size_t i = 0; i < list.count; i++) {
        size_t         length;
        char          *text = files_read(list.paths[i], &length);
        struct script *script = files_script(1);
        struct bytes   trouble;

        bytes_init(&trouble, MESSAGE_MAX);
        if (!files_load(script, "right.lua", text, &trouble))
            fail_msg("%s: %s", list.paths[i], bytes_text(&trouble));
        bytes_clear(&trouble);
        script_close(script);
        alloc_free(text);
    }
    files_clear(&list);
}

static void print_plans(struct script *script, struct bytes *out)
{
    for (size_t i = 0; i < script_plan_count(script); i++)
        plan_print(script_plan(script, i), out);
}

/* RETRIAL_GOLDEN=write writes what is found; read it before you commit it. */
static void check_golden(const char *path, const struct bytes *found)
{
    const char *mode = getenv("RETRIAL_GOLDEN");
    char       *wanted;
    size_t      length;

    if (mode != NULL && strcmp(mode, "write") == 0) {
        FILE *file = fopen(path, "wb");

        assert_non_null(file);
        fputs(bytes_text(found), file);
        fclose(file);
    }
    wanted = files_read(path, &length);
    if (strcmp(wanted, bytes_text(found)) != 0)
        fail_msg("%s\n---- found\n%s---- wanted\n%s", path, bytes_text(found),
                 wanted);
    alloc_free(wanted);
}

static void test_golden_plans(void **state)
{
    struct file_list list;

    (void)state;
    files_find(&list, "tests/golden/plans", ".lua");
    assert_true(list.count >= 6);
    for (size_t i = 0; i < list.count; i++) {
        struct script *script = files_script(1);
        struct bytes   found;
        struct err     err;
        char          *plan_path = alloc_format(
            "%.*s.plan", (int)(strlen(list.paths[i]) - 4), list.paths[i]);

        if (!script_load(script, list.paths[i], &err))
            fail_msg("%s: %s", err.place, err.text);
        bytes_init(&found, PLANS_TEXT_MAX);
        print_plans(script, &found);
        check_golden(plan_path, &found);
        bytes_clear(&found);
        alloc_free(plan_path);
        script_close(script);
    }
    files_clear(&list);
}

/* ---- what a plan holds beside what it prints ---- */

static void test_plan_place(void **state)
{
    const char    *text = "\n"
                          "for _, id in ipairs { 'a', 'b' } do\n"
                          "  scenario(id) {\n"
                          "    rules = { 'RA-1' },\n"
                          "    check = function() end,\n"
                          "  }\n"
                          "end\n";
    struct script *script = files_script(1);
    struct bytes   trouble;

    (void)state;
    bytes_init(&trouble, MESSAGE_MAX);
    assert_true(files_load(script, "family.lua", text, &trouble));
    assert_int_equal(script_plan_count(script), 2);
    for (size_t i = 0; i < 2; i++) {
        const struct plan *plan = script_plan(script, i);

        assert_string_equal(plan->file, "family.lua");
        assert_int_equal(plan->line, 3);
        assert_true(plan->check >= 0);
    }
    assert_true(script_plan(script, 0)->seed != script_plan(script, 1)->seed);
    script_close(script);
}

/* Of what the seed decides: the plan's own seed, and what random() drew. */
static char *draw(uint64_t seed, const char *before, const char *id)
{
    struct script *script = files_script(seed);
    char          *text = alloc_format(
        "%s scenario '%s' { rules = { 'RA-1' }, server = answer { 429, "
                 "retry_after = random(1 << 40) } }",
        before, id);
    struct bytes       trouble;
    const struct plan *plan;
    char              *drawn;

    bytes_init(&trouble, MESSAGE_MAX);
    if (!files_load(script, "seed.lua", text, &trouble))
        fail_msg("%s", bytes_text(&trouble));
    plan = script_plan(script, script_plan_count(script) - 1);
    drawn = alloc_format(
        "%llx %s", (unsigned long long)plan->seed,
        plan->routes[ROUTE_INGEST].steps.items[0].answer.retry_after[0].text);
    script_close(script);
    alloc_free(text);
    return drawn;
}

static void test_seeds(void **state)
{
    char *first = draw(1, "", "a");
    char *again = draw(1, "", "a");
    char *after = draw(1,
                       "random() scenario 'z' { rules = { 'RA-1' }, about = "
                       "'x' .. random(9) } random()",
                       "a");
    char *other_id = draw(1, "", "b");
    char *other_seed = draw(2, "", "a");

    (void)state;
    assert_string_equal(first, again);
    assert_string_equal(first, after); /* whatever its neighbours draw */
    assert_string_not_equal(first, other_id);
    assert_string_not_equal(first, other_seed);
    alloc_free(first);
    alloc_free(again);
    alloc_free(after);
    alloc_free(other_id);
    alloc_free(other_seed);
}

/* ---- files ---- */

static void test_files(void **state)
{
    struct script *script = files_script(1);
    struct err     err;
    size_t         length = (1 << 20) + 1;
    char          *large = alloc_zero(length + 1, 1);
    struct bytes   trouble;
    char           name[300];
    char           wanted[320];

    (void)state;
    assert_false(script_load(script, "/nowhere/x.lua", &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.place, "/nowhere/x.lua");
    assert_non_null(strstr(err.text, "No such file"));
    assert_false(script_load(script, "/", &err));
    assert_int_equal(err.code, ERR_USAGE);

    memset(large, ' ', length);
    assert_false(script_load_text(script, "large.lua", large, length, &err));
    assert_int_equal(err.code, ERR_SCENARIO);
    assert_string_equal(err.text,
                        "is larger than the 1024 kB a scenario file may have");
    alloc_free(large);

    /* A file's long name, which Lua itself would shorten. */
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    bytes_init(&trouble, MESSAGE_MAX);
    assert_false(files_load(script, name, "\nerror 'x'", &trouble));
    snprintf(wanted, sizeof wanted, "%s:2: x", name);
    assert_string_equal(bytes_text(&trouble), wanted);
    bytes_clear(&trouble);
    assert_false(files_load(script, name, "x =", &trouble));
    assert_non_null(strstr(bytes_text(&trouble), "n:1: unexpected symbol"));
    bytes_clear(&trouble);
    script_close(script);
}

/* A scenario can be wrong across files, too. */
static void test_twice_across_files(void **state)
{
    const char    *text = "scenario 'a' { rules = { 'RA-1' } }";
    struct script *script = files_script(1);
    struct bytes   trouble;

    (void)state;
    bytes_init(&trouble, MESSAGE_MAX);
    assert_true(files_load(script, "one.lua", text, &trouble));
    assert_false(files_load(script, "two.lua", text, &trouble));
    assert_string_equal(
        bytes_text(&trouble),
        "two.lua:1: scenario: \"a\" is declared twice; first at one.lua:1");
    assert_int_equal(script_plan_count(script), 1);
    bytes_clear(&trouble);
    script_close(script);
}

static void test_lua_dir(void **state)
{
    struct script_config config = {.seed = 1, .lua_dir = SOURCE_DIR "/lua/lib"};
    struct script       *script = NULL;
    struct err           err;

    (void)state;
    assert_true(script_open(&script, &config, &err));
    assert_true(
        script_load(script, SOURCE_DIR "/tests/golden/plans/budget.lua", &err));
    script_close(script);

    config.lua_dir = "/nowhere";
    assert_false(script_open(&script, &config, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.place, "/nowhere");
    assert_non_null(strstr(err.text, "/nowhere/init.lua cannot be opened"));
}

/* ---- docs/scenario-language.md ---- */

static char *read_docs(void)
{
    size_t length;

    return files_read(SOURCE_DIR "/docs/scenario-language.md", &length);
}

/* Each fenced lua block that declares a scenario compiles. */
static void test_docs_compile(void **state)
{
    char  *docs = read_docs();
    char  *at = docs;
    size_t compiled = 0;

    (void)state;
    while ((at = strstr(at, "```lua\n")) != NULL) {
        char          *text = at + strlen("```lua\n");
        char          *end = strstr(text, "\n```");
        struct script *script;
        struct bytes   trouble;

        assert_non_null(end);
        *end = '\0';
        at = end + 1;
        if (strstr(text, "scenario") == NULL)
            continue;
        script = files_script(1);
        bytes_init(&trouble, MESSAGE_MAX);
        if (!files_load(script, "docs.lua", text, &trouble))
            fail_msg("%s\n%s", bytes_text(&trouble), text);
        assert_true(script_plan_count(script) > 0);
        compiled++;
        bytes_clear(&trouble);
        script_close(script);
    }
    assert_true(compiled >= 5);
    alloc_free(docs);
}

static void assert_documented(const char *docs, const char *word)
{
    char *quoted = alloc_format("`%s`", word);

    if (strstr(docs, quoted) == NULL)
        fail_msg("docs/scenario-language.md does not have %s", quoted);
    alloc_free(quoted);
}

/* Each word of the language, as lua/ lists them, has its line there. The
 * lists are read from the messages a wrong word gets. */
static void test_docs_words(void **state)
{
    static const char *const wrong[] = {
        "return word",
        "scenario 'a' { word = 1 }",
        "scenario 'a' { rules = {'RA-1'}, given = { word = 1 } }",
        "scenario 'a' { rules = {'RA-1'}, given = { config = { word = 1 } } }",
        "scenario 'a' { rules = {'RA-1'}, given = { sequences = {{word=1}} } }",
        "scenario 'a' { rules = {'RA-1'}, server = { word = 1 } }",
        "scenario 'a' { rules = {'RA-1'}, server = answer { word = 1 } }",
        "scenario 'a' { rules = {'RA-1'}, server = fault { 'reset', word = "
        "1 } }",
        "scenario 'a' { rules = {'RA-1'}, server = fault { 'close-idle', word "
        "= 1 } }",
        "scenario 'a' { rules = {'RA-1'}, server = answer { 429, retry_after "
        "= date { word = 1 } } }",
        "scenario 'a' { rules = {'RA-1'}, server = answer { 429, retry_after "
        "= date { form = 'word' } } }",
        "scenario 'a' { rules = {'RA-1'}, expect = { word = 1 } }",
    };
    char *docs = read_docs();

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct script *script = files_script(1);
        struct bytes   trouble;
        char          *word;

        bytes_init(&trouble, MESSAGE_MAX);
        assert_false(files_load(script, "words.lua", wrong[i], &trouble));
        word = strrchr(bytes_text(&trouble), ':');
        assert_non_null(word);
        for (word = strtok(word + 1, ", "); word != NULL;
             word = strtok(NULL, ", "))
            assert_documented(docs, word);
        bytes_clear(&trouble);
        script_close(script);
    }
    alloc_free(docs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_right),
        cmocka_unit_test(test_golden_plans),
        cmocka_unit_test(test_plan_place),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_twice_across_files),
        cmocka_unit_test(test_lua_dir),
        cmocka_unit_test(test_docs_compile),
        cmocka_unit_test(test_docs_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
