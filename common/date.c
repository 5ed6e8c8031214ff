/* SPDX-License-Identifier: Apache-2.0 */
#include "common/date.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr",
                                          "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec"};
static const char *const day_names[] = {"Sunday",    "Monday",   "Tuesday",
                                        "Wednesday", "Thursday", "Friday",
                                        "Saturday"};

const char *date_form_name(enum date_form form)
{
    static const char *const names[] = {
#define X(form_, name, example) [form_] = name,
        DATE_FORM_MAP(X)
#undef X
    };
    assert(form < DATE_FORM_COUNT);
    return names[form];
}

char *date_format(char buffer[DATE_TEXT_MAX], enum date_form form,
                  int64_t unix_s)
{
    time_t      time = (time_t)unix_s;
    struct tm   utc;
    const char *day;
    const char *month;

    gmtime_r(&time, &utc);
    day = day_names[utc.tm_wday];
    month = month_names[utc.tm_mon];
    if (form == DATE_IMF)
        snprintf(buffer, DATE_TEXT_MAX, "%.3s, %02d %s %04d %02d:%02d:%02d GMT",
                 day, utc.tm_mday, month, utc.tm_year + 1900, utc.tm_hour,
                 utc.tm_min, utc.tm_sec);
    else if (form == DATE_RFC850)
        snprintf(buffer, DATE_TEXT_MAX, "%s, %02d-%s-%02d %02d:%02d:%02d GMT",
                 day, utc.tm_mday, month, utc.tm_year % 100, utc.tm_hour,
                 utc.tm_min, utc.tm_sec);
    else
        snprintf(buffer, DATE_TEXT_MAX, "%.3s %s %2d %02d:%02d:%02d %04d", day,
                 month, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                 utc.tm_year + 1900);
    return buffer;
}

/* A cursor over the text; every taker moves it on or makes it NULL, and NULL
 * stays NULL, so that a parser reads as the grammar it follows. */

static void take_text(const char **at, const char *expected)
{
    if (*at != NULL && strncmp(*at, expected, strlen(expected)) == 0)
        *at += strlen(expected);
    else
        *at = NULL;
}

static int take_digits(const char **at, int count)
{
    int value = 0;

    for (int i = 0; *at != NULL && i < count; i++) {
        if (!isdigit((unsigned char)**at)) {
            *at = NULL;
            break;
        }
        value = value * 10 + (**at - '0');
        (*at)++;
    }
    return value;
}

static int take_name(const char **at, const char *const *names, int count,
                     size_t length)
{
    for (int i = 0; *at != NULL && i < count; i++) {
        size_t want = length ? length : strlen(names[i]);

        if (strncmp(*at, names[i], want) == 0) {
            *at += want;
            return i;
        }
    }
    *at = NULL;
    return 0;
}

static void take_time(const char **at, struct tm *utc)
{
    utc->tm_hour = take_digits(at, 2);
    take_text(at, ":");
    utc->tm_min = take_digits(at, 2);
    take_text(at, ":");
    utc->tm_sec = take_digits(at, 2);
}

static bool take_imf(const char *at, struct tm *utc)
{
    take_name(&at, day_names, 7, 3);
    take_text(&at, ", ");
    utc->tm_mday = take_digits(&at, 2);
    take_text(&at, " ");
    utc->tm_mon = take_name(&at, month_names, 12, 3);
    take_text(&at, " ");
    utc->tm_year = take_digits(&at, 4) - 1900;
    take_text(&at, " ");
    take_time(&at, utc);
    take_text(&at, " GMT");
    return at != NULL && *at == '\0';
}

static bool take_rfc850(const char *at, int64_t now_unix_s, struct tm *utc)
{
    time_t    now = (time_t)now_unix_s;
    struct tm today;
    int       year;

    take_name(&at, day_names, 7, 0);
    take_text(&at, ", ");
    utc->tm_mday = take_digits(&at, 2);
    take_text(&at, "-");
    utc->tm_mon = take_name(&at, month_names, 12, 3);
    take_text(&at, "-");
    year = take_digits(&at, 2);
    take_text(&at, " ");
    take_time(&at, utc);
    take_text(&at, " GMT");
    gmtime_r(&now, &today);
    year += (today.tm_year + 1900) / 100 * 100;
    if (year > today.tm_year + 1900 + 50)
        year -= 100;
    else if (year <= today.tm_year + 1900 - 50)
        year += 100; /* seen in 1994, 04 is ten years ahead */
    utc->tm_year = year - 1900;
    return at != NULL && *at == '\0';
}

static bool take_asctime(const char *at, struct tm *utc)
{
    take_name(&at, day_names, 7, 3);
    take_text(&at, " ");
    utc->tm_mon = take_name(&at, month_names, 12, 3);
    take_text(&at, " ");
    if (at != NULL && *at == ' ') {
        at++;
        utc->tm_mday = take_digits(&at, 1);
    } else {
        utc->tm_mday = take_digits(&at, 2);
    }
    take_text(&at, " ");
    take_time(&at, utc);
    take_text(&at, " ");
    utc->tm_year = take_digits(&at, 4) - 1900;
    return at != NULL && *at == '\0';
}

bool date_parse(const char *text, int64_t now_unix_s, int64_t *unix_s)
{
    struct tm utc = {0};
    struct tm given;
    time_t    time;

    if (!take_imf(text, &utc) && !take_rfc850(text, now_unix_s, &utc) &&
        !take_asctime(text, &utc))
        return false;
    given = utc;
    if (utc.tm_sec == 60) /* the leap second: one after :59 */
        utc.tm_sec = 59;
    time = timegm(&utc);
    /* timegm mends 31 Feb and 25:61; a date that had to be mended is none. */
    if (given.tm_mday != utc.tm_mday || given.tm_hour > 23 ||
        given.tm_min > 59 || given.tm_sec > 60)
        return false;
    *unix_s = (int64_t)time + (given.tm_sec == 60);
    return true;
}
