/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_DATE_H
#define COMMON_DATE_H

/* The three forms of HTTP-date (RFC 9110, 5.6.7), to and from Unix seconds.
 * Pure: no locale, no time zone of the machine, no clock. */

#include <stdbool.h>
#include <stdint.h>

/* form, its name in scenarios, an example */
#define DATE_FORM_MAP(X)                                                       \
    X(DATE_IMF, "imf", "Sun, 06 Nov 1994 08:49:37 GMT")                        \
    X(DATE_RFC850, "rfc850", "Sunday, 06-Nov-94 08:49:37 GMT")                 \
    X(DATE_ASCTIME, "asctime", "Sun Nov  6 08:49:37 1994")

enum date_form {
#define X(form, name, example) form,
    DATE_FORM_MAP(X)
#undef X
        DATE_FORM_COUNT
};

const char *date_form_name(enum date_form form);

enum { DATE_TEXT_MAX = 64 };

/* unix_s between 1970 and 9999. Returns buffer. */
char *date_format(char buffer[DATE_TEXT_MAX], enum date_form form,
                  int64_t unix_s);

/* Any of the three forms, the whole text. now_unix_s decides the century of
 * the two-digit year of RFC 850: one that seems more than 50 years ahead is
 * of the past century, and one that is as far behind of the next. */
bool date_parse(const char *text, int64_t now_unix_s, int64_t *unix_s);

#endif
