/* SPDX-License-Identifier: Apache-2.0 */
#include "common/summer_time.h"

#include <assert.h>
#include <string.h>
#include <time.h>

enum { MARCH = 2, OCTOBER = 9, LAST_DAY = 31, HOUR_S = 3600, DAY_S = 86400 };

static const struct {
    const char *name;
    const char *word;
} changes[] = {
#define X(change, name, word) [change] = {name, word},
    SUMMER_TIME_MAP(X)
#undef X
};

const char *summer_time_word(enum summer_time change)
{
    return changes[change].word;
}

bool summer_time_find(const char *name, enum summer_time *change)
{
    for (int i = SUMMER_TIME_UNSAID + 1; i < SUMMER_TIMES; i++)
        if (strcmp(changes[i].name, name) == 0) {
            *change = (enum summer_time)i;
            return true;
        }
    return false;
}

/* Both months have 31 days. */
static int64_t change_s(int month, int year)
{
    struct tm last = {.tm_mday = LAST_DAY, .tm_mon = month, .tm_year = year};
    int64_t   day_s = timegm(&last);

    return day_s - (int64_t)last.tm_wday * DAY_S + HOUR_S;
}

int64_t summer_time_next_s(enum summer_time change, int64_t from_unix_s)
{
    const int month = change == SUMMER_TIME_BEGINS ? MARCH : OCTOBER;
    time_t    from = (time_t)from_unix_s;
    struct tm utc;
    int64_t   next_s;

    assert(change != SUMMER_TIME_UNSAID);
    gmtime_r(&from, &utc);
    next_s = change_s(month, utc.tm_year);
    return next_s >= from_unix_s ? next_s : change_s(month, utc.tm_year + 1);
}
