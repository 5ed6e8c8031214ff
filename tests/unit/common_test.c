/* SPDX-License-Identifier: Apache-2.0 */
/* The mechanics: text, bytes, dates, Base64, errors, chance, clocks. */

#include "common/alloc.h"
#include "common/base64.h"
#include "common/bytes.h"
#include "common/clock.h"
#include "common/date.h"
#include "common/err.h"
#include "common/form.h"
#include "common/rng.h"
#include "common/summer_time.h"
#include "common/text.h"
#include "tests/unit/fake_clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- text ---- */

static void test_text_to_int(void **state)
{
    /* clang-format off */
    static const struct {
        const char *text;
        bool        good;
        int64_t     value;
    } cases[] = {
        {"0", true, 0},        {"7", true, 7},
        {"-7", true, -7},      {"007", true, 7},
        {"100", true, 100},    {"101", false, 0},
        {"-101", false, 0},    {"", false, 0},
        {"-", false, 0},       {"+1", false, 0},
        {" 1", false, 0},      {"1 ", false, 0},
        {"1x", false, 0},      {"1.0", false, 0},
        {"0x1", false, 0},     {"--1", false, 0},
        {"99999999999999999999", false, 0},
        {"-99999999999999999999", false, 0},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = -1000;

        assert_int_equal(text_to_int(cases[i].text, -100, 100, &value),
                         cases[i].good);
        assert_int_equal(value, cases[i].good ? cases[i].value : -1000);
    }
}

static void test_text_to_int_ends(void **state)
{
    int64_t value;

    (void)state;
    assert_true(
        text_to_int("9223372036854775807", INT64_MIN, INT64_MAX, &value));
    assert_true(value == INT64_MAX);
    assert_true(
        text_to_int("-9223372036854775808", INT64_MIN, INT64_MAX, &value));
    assert_true(value == INT64_MIN);
    assert_false(
        text_to_int("9223372036854775808", INT64_MIN, INT64_MAX, &value));
}

static void test_durations(void **state)
{
    /* clang-format off */
    static const struct {
        const char *text;
        int64_t     ns; /* -1 = refused */
    } cases[] = {
        {"250ms", 250 * NS_PER_MS}, {"2s", 2 * NS_PER_S},
        {"1.5s", 1500 * NS_PER_MS}, {"3m", 180 * NS_PER_S},
        {"12h", 43200 * NS_PER_S},  {"0s", 0},
        {"1000h", 3600000 * NS_PER_S}, {"1001h", -1},
        {"-1s", -1}, {"1", -1}, {"s", -1}, {"", -1}, {"1 s", -1},
        {"1.2.3s", -1}, {".5s", -1}, {"1d", -1}, {"1sec", -1},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t ns = -1;

        assert_int_equal(text_to_duration_ns(cases[i].text, &ns),
                         cases[i].ns >= 0);
        assert_true(ns == cases[i].ns);
    }
}

static void test_durations_for_people(void **state)
{
    static const struct {
        int64_t     ns;
        const char *text;
    } cases[] = {
        {0, "0.0 ms"},
        {12345678, "12.3 ms"},
        {412 * NS_PER_MS, "412 ms"},
        {2 * NS_PER_S, "2.000 s"},
        {-NS_PER_S, "-1.000 s"},
        {300 * NS_PER_S, "5 m 0 s"},
        {7199 * NS_PER_S, "119 m 59 s"},
        {7200 * NS_PER_S, "2 h 0 m"},
        {43381 * NS_PER_S, "12 h 3 m"},
    };
    char buffer[TEXT_DURATION_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(text_from_duration(buffer, cases[i].ns),
                            cases[i].text);
}

static void test_utf8(void **state)
{
    /* clang-format off */
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        {"", true},
        {"plain", true},
        {"gr\xc3\xbc\xc3\x9f", true},
        {"\xe2\x82\xac", true},
        {"\xf0\x9f\x8e\x89", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\xff", false},
        {"\x80", false},
        {"\xc3", false},             /* cut */
        {"\xe2\x82", false},         /* cut */
        {"\xc0\xaf", false},         /* overlong */
        {"\xe0\x80\xaf", false},     /* overlong */
        {"\xed\xa0\x80", false},     /* a surrogate */
        {"\xf4\x90\x80\x80", false}, /* past U+10FFFF */
        {"\xf8\x88\x80\x80\x80", false},
        {"a\xc3" "a", false},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(text_is_utf8(cases[i].text, strlen(cases[i].text)),
                         cases[i].good);
    assert_true(text_is_utf8("a\0b", 3));
}

static void test_nearest(void **state)
{
    static const char *const words[] = {"events", "server", "expect", "rules"};
    char                     long_word[100];

    (void)state;
    assert_string_equal(text_nearest("event", words, 4), "events");
    assert_string_equal(text_nearest("sevrer", words, 4), "server");
    assert_string_equal(text_nearest("ruels", words, 4), "rules");
    assert_null(text_nearest("zebra", words, 4));
    assert_null(text_nearest("events", words, 0));
    memset(long_word, 'e', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    assert_null(text_nearest(long_word, words, 4));
}

static void test_comparing(void **state)
{
    (void)state;
    assert_true(text_equal_nocase("Retry-After", "retry-AFTER"));
    assert_false(text_equal_nocase("Retry-After", "Retry-After "));
    assert_true(text_starts_with("retrial", "retr"));
    assert_true(text_starts_with("retrial", ""));
    assert_false(text_starts_with("ret", "retrial"));
}

/* ---- bytes ---- */

static void test_bytes_bound(void **state)
{
    struct bytes bytes;

    (void)state;
    bytes_init(&bytes, 5);
    assert_string_equal(bytes_text(&bytes), "");
    assert_true(bytes_add(&bytes, "abc"));
    assert_false(bytes.truncated);
    assert_false(bytes_add(&bytes, "defg"));
    assert_string_equal(bytes_text(&bytes), "abcde");
    assert_true(bytes.truncated);
    assert_false(bytes_format(&bytes, "%d", 1));
    assert_true(bytes_append(&bytes, "", 0));
    assert_true(bytes.truncated);
    bytes_clear(&bytes);
    assert_true(bytes_format(&bytes, "%s-%d", "x", 42));
    assert_string_equal(bytes_text(&bytes), "x-42");
    bytes_clear(&bytes);
}

static void test_bytes_grow_and_take(void **state)
{
    struct bytes bytes;
    char        *taken;

    (void)state;
    bytes_init(&bytes, 1 << 20);
    for (int i = 0; i < 10000; i++)
        assert_true(bytes_append(&bytes, "a\0c", 3));
    assert_int_equal(bytes.length, 30000);
    assert_memory_equal(bytes.data + 29997, "a\0c\0", 4);
    taken = bytes_take(&bytes);
    assert_int_equal(bytes.length, 0);
    assert_memory_equal(taken, "a\0c", 3);
    alloc_free(taken);
    taken = bytes_take(&bytes); /* empty: still a text */
    assert_string_equal(taken, "");
    alloc_free(taken);
}

/* ---- Base64 ---- */

static void test_base64_vectors(void **state)
{
    /* RFC 4648, section 10. */
    /* clang-format off */
    static const char *const pairs[][2] = {
        {"", ""},           {"f", "Zg=="},         {"fo", "Zm8="},
        {"foo", "Zm9v"},    {"foob", "Zm9vYg=="},  {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        char        *text = base64_encode(pairs[i][0], strlen(pairs[i][0]));
        struct bytes decoded;

        assert_string_equal(text, pairs[i][1]);
        bytes_init(&decoded, 64);
        assert_true(base64_decode(text, &decoded));
        assert_string_equal(bytes_text(&decoded), pairs[i][0]);
        bytes_clear(&decoded);
        alloc_free(text);
    }
}

static void test_base64_refuses(void **state)
{
    static const char *const wrong[] = {
        "Z",    "Zg",    "Zg=",    "Zg==Zg==", "Zh==", "Zm9=", "Z===",
        "====", "Zm 9v", "Zm9v\n", "Zm9-",     "Zm9_", "=m9v", "Z=9v",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct bytes decoded;

        bytes_init(&decoded, 64);
        assert_false(base64_decode(wrong[i], &decoded));
        bytes_clear(&decoded);
    }
}

static void test_base64_round_trip(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 4648);
    for (size_t length = 0; length < 200; length++) {
        unsigned char data[200];
        char         *text;
        struct bytes  decoded;

        for (size_t i = 0; i < length; i++)
            data[i] = (unsigned char)rng_below(&rng, 256);
        text = base64_encode(data, length);
        bytes_init(&decoded, sizeof data);
        assert_true(base64_decode(text, &decoded));
        assert_int_equal(decoded.length, length);
        if (length > 0)
            assert_memory_equal(decoded.data, data, length);
        bytes_clear(&decoded);
        alloc_free(text);
        text = base64url_encode(data, length);
        assert_null(strpbrk(text, "+/="));
        bytes_init(&decoded, sizeof data);
        assert_true(base64url_decode(text, strlen(text), &decoded));
        assert_int_equal(decoded.length, length);
        if (length > 0)
            assert_memory_equal(decoded.data, data, length);
        bytes_clear(&decoded);
        alloc_free(text);
    }
}

static void test_base64url_refuses(void **state)
{
    static const char *const wrong[] = {"a",    "aaaaa", "aa==", "a+aa",
                                        "a/aa", "a a",   "aaa="};
    struct bytes             decoded;

    (void)state;
    bytes_init(&decoded, 64);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (base64url_decode(wrong[i], strlen(wrong[i]), &decoded))
            fail_msg("taken: %s", wrong[i]);
    bytes_clear(&decoded);
}

/* ---- forms ---- */

static void test_form_values(void **state)
{
    /* clang-format off */
    static const struct {
        const char *form;
        const char *value; /* of "b"; NULL = none */
    } rows[] = {
        {"b=1", "1"},       {"a=1&b=2", "2"},  {"a=1&b=2&c=3", "2"},
        {"b=", ""},         {"b=&c=3", ""},    {"b=1&b=2", "1"},
        {"&b=1", "1"},      {"b=1=2", "1=2"},  {"a=b=1&b=2", "2"},
        {"b=%20+", "%20+"}, {"", NULL},        {"b", NULL},
        {"ab=1", NULL},     {"bb=1", NULL},    {"a=b=1", NULL},
        {"b&c=1", NULL},    {"&&&", NULL},     {NULL, NULL},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t      length = 0;
        const char *value = form_value(rows[i].form, "b", &length);

        if ((value == NULL) != (rows[i].value == NULL))
            fail_msg("%s", rows[i].form);
        if (value == NULL)
            continue;
        assert_int_equal(length, strlen(rows[i].value));
        assert_memory_equal(value, rows[i].value, length);
    }
}

/* ---- dates ---- */

enum { SOME_DAY_S = 784111777 }; /* Sun, 06 Nov 1994 08:49:37 GMT */

static void test_date_forms(void **state)
{
    static const char *const examples[] = {
#define X(form, name, example) example,
        DATE_FORM_MAP(X)
#undef X
    };
    char buffer[DATE_TEXT_MAX];

    (void)state;
    for (int form = 0; form < DATE_FORM_COUNT; form++) {
        int64_t unix_s = 0;

        assert_string_equal(
            date_format(buffer, (enum date_form)form, SOME_DAY_S),
            examples[form]);
        assert_true(date_parse(examples[form], SOME_DAY_S, &unix_s));
        assert_int_equal(unix_s, SOME_DAY_S);
    }
    assert_string_equal(date_form_name(DATE_RFC850), "rfc850");
}

/* As the zone database has Europe/Berlin. */
static void test_summer_time(void **state)
{
    static const struct {
        int64_t begins_s;
        int64_t ends_s;
    } years[] = {
        {1774746000, 1792890000}, {1806195600, 1824944400}, /* 2026, 2027 */
        {1837645200, 1856394000}, {1995498000, 2014246800}, /* 2028, 2033 */
        {2121901200, 2140045200}, /* 2037: on the 29th and the 25th */
    };
    enum summer_time change;

    (void)state;
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
        int64_t begins_s = years[i].begins_s;
        int64_t ends_s = years[i].ends_s;

        assert_int_equal(summer_time_next_s(SUMMER_TIME_BEGINS, begins_s),
                         begins_s);
        assert_int_equal(
            summer_time_next_s(SUMMER_TIME_BEGINS, begins_s - 80 * 86400),
            begins_s);
        assert_int_equal(summer_time_next_s(SUMMER_TIME_ENDS, begins_s),
                         ends_s);
        assert_int_equal(summer_time_next_s(SUMMER_TIME_ENDS, ends_s), ends_s);
        assert_true(summer_time_next_s(SUMMER_TIME_ENDS, ends_s + 1) >
                    ends_s + 363 * 86400);
    }
    assert_int_equal(summer_time_next_s(SUMMER_TIME_BEGINS, 1774746001),
                     1806195600);
    assert_true(summer_time_find("ends_in", &change));
    assert_int_equal(change, SUMMER_TIME_ENDS);
    assert_false(summer_time_find("", &change));
}

static void test_date_round_trip(void **state)
{
    struct rng rng;
    char       buffer[DATE_TEXT_MAX];

    (void)state;
    rng_seed(&rng, 1994);
    for (int i = 0; i < 3000; i++) {
        int64_t now_s = (int64_t)rng_below(&rng, INT64_C(7258118400));
        int     form = (int)rng_below(&rng, DATE_FORM_COUNT);
        /* RFC 850 tells the century only near now. */
        int64_t at_s = form == DATE_RFC850
                           ? now_s / 31557600 * 31557600
                           : (int64_t)rng_below(&rng, INT64_C(253402300800));
        int64_t read_s = -1;

        assert_true(date_parse(date_format(buffer, (enum date_form)form, at_s),
                               at_s, &read_s));
        assert_true(read_s == at_s);
    }
}

static void test_date_refuses(void **state)
{
    static const char *const wrong[] = {
        "",
        "now",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 31 Feb 1994 08:49:60 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Sun Nov 06 08:49:37 94",
        "1994-11-06T08:49:37Z",
    };
    int64_t unix_s = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (date_parse(wrong[i], SOME_DAY_S, &unix_s))
            fail_msg("taken for a date: %s", wrong[i]);
}

/* ---- errors ---- */

static void test_err(void **state)
{
    struct err err;
    char       text[3 * ERR_TEXT_MAX];

    (void)state;
    assert_false(err_set(&err, ERR_USAGE, "FILE:3", "found %d", 7));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.place, "FILE:3");
    assert_string_equal(err.text, "found 7");
    errno = ENOENT;
    assert_false(err_set_errno(&err, NULL, "cannot open"));
    assert_int_equal(err.code, ERR_SYSTEM);
    assert_string_equal(err.place, "");
    assert_non_null(strstr(err.text, "cannot open: "));
    errno = EMFILE; /* no fault of ours */
    assert_false(err_set_errno(&err, NULL, "cannot open"));
    assert_int_equal(err.code, ERR_MACHINE);
    assert_int_equal(err_exit_code(ERR_MACHINE), 4);
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(err_set(&err, ERR_OURS, text, "%s", text));
    assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
    assert_int_equal(strlen(err.place), ERR_PLACE_MAX - 1);
    assert_int_equal(err_exit_code(ERR_NONE), 0);
    assert_int_equal(err_exit_code(ERR_USAGE), 2);
    assert_int_equal(err_exit_code(ERR_SCENARIO), 3);
    assert_int_equal(err_exit_code(ERR_CLIENT), 4);
    assert_int_equal(err_exit_code(ERR_OURS), 5);
}

/* ---- chance ---- */

static void test_rng(void **state)
{
    struct rng left;
    struct rng right;
    unsigned   hits[7] = {0};

    (void)state;
    rng_seed(&left, 42);
    rng_seed(&right, 42);
    for (int i = 0; i < 1000; i++)
        assert_true(rng_next(&left) == rng_next(&right));
    rng_seed(&right, 43);
    assert_true(rng_next(&left) != rng_next(&right));
    for (int i = 0; i < 70000; i++) {
        double unit = rng_unit(&left);

        assert_true(unit >= 0 && unit < 1);
        hits[rng_below(&left, 7)]++;
    }
    for (size_t i = 0; i < COUNT_OF(hits); i++)
        assert_in_range(hits[i], 9500, 10500); /* five sigma of a fair die */
    assert_int_equal(rng_below(&left, 1), 0);
}

/* ---- clocks ---- */

static void test_clocks(void **state)
{
    struct clock_fake fake;
    int64_t           first_ns = clock_now_ns(clock_real());

    (void)state;
    assert_true(clock_now_ns(clock_real()) >= first_ns);
    assert_true(clock_wall_ns(clock_real()) > 1600000000 * NS_PER_S);
    clock_fake_init(&fake, 5, 1000);
    assert_int_equal(clock_now_ns(&fake.clock), 5);
    clock_fake_advance(&fake, 7);
    assert_int_equal(clock_now_ns(&fake.clock), 12);
    assert_int_equal(clock_wall_ns(&fake.clock), 1007);
}

/* ---- memory ---- */

static void test_alloc(void **state)
{
    char *text = alloc_text_n("retrial", 3);
    int  *numbers = alloc_zero(10, sizeof numbers[0]);

    (void)state;
    assert_string_equal(text, "ret");
    assert_null(alloc_text(NULL));
    for (int i = 0; i < 10; i++)
        assert_int_equal(numbers[i], 0);
    numbers[9] = 9;
    numbers = alloc_grow(numbers, 1000, sizeof numbers[0]);
    assert_int_equal(numbers[9], 9);
    alloc_free(numbers);
    alloc_free(text);
    alloc_free(NULL);
    text = alloc_format("%d%%", 7);
    assert_string_equal(text, "7%");
    alloc_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_to_int),
        cmocka_unit_test(test_text_to_int_ends),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_durations_for_people),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_comparing),
        cmocka_unit_test(test_bytes_bound),
        cmocka_unit_test(test_bytes_grow_and_take),
        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_base64_refuses),
        cmocka_unit_test(test_base64_round_trip),
        cmocka_unit_test(test_base64url_refuses),
        cmocka_unit_test(test_form_values),
        cmocka_unit_test(test_date_forms),
        cmocka_unit_test(test_date_round_trip),
        cmocka_unit_test(test_date_refuses),
        cmocka_unit_test(test_err),
        cmocka_unit_test(test_rng),
        cmocka_unit_test(test_clocks),
        cmocka_unit_test(test_summer_time),
        cmocka_unit_test(test_alloc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
