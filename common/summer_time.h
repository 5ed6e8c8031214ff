/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_SUMMER_TIME_H
#define COMMON_SUMMER_TIME_H

/* Summer time as central Europe keeps it: it begins on the last Sunday of
 * March and ends on that of October, both at 01:00 UTC (directive 2000/84/EC).
 * Pure: no time zone of the machine, no clock. */

#include <stdbool.h>
#include <stdint.h>

/* enumerator, its name in scenarios, what it is */
#define SUMMER_TIME_MAP(X)                                                     \
    X(SUMMER_TIME_UNSAID, "", "")                                              \
    X(SUMMER_TIME_BEGINS, "begins_in", "begins")                               \
    X(SUMMER_TIME_ENDS, "ends_in", "ends")

enum summer_time {
#define X(change, name, word) change,
    SUMMER_TIME_MAP(X)
#undef X
        SUMMER_TIMES
};

/* A zone that keeps it, by name and, for who has no zones, by its rule. */
#define SUMMER_TIME_ZONE "Europe/Berlin"
#define SUMMER_TIME_RULE "CET-1CEST,M3.5.0,M10.5.0/3"

const char *summer_time_word(enum summer_time change);
bool summer_time_find(const char *name, enum summer_time *change);

/* The first such change that is not before then, in Unix seconds. */
int64_t summer_time_next_s(enum summer_time change, int64_t from_unix_s);

#endif
