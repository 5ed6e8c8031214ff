/* SPDX-License-Identifier: Apache-2.0 */
#include "client/retry_after.h"

#include "common/clock.h"
#include "common/date.h"
#include "common/text.h"

#include <stdbool.h>
#include <string.h>

/* Longer than any date and any int64 with a few leading zeros. */
enum { VALUE_MAX = 64 };

/* Copies the value without the space around it; false if it is too long to
 * mean anything. */
static bool trim(char out[VALUE_MAX], const char *value)
{
    size_t length;

    value += strspn(value, " \t");
    length = strlen(value);
    while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
        length--;
    if (length >= VALUE_MAX)
        return false;
    memcpy(out, value, length);
    out[length] = '\0';
    return true;
}

static int64_t value_ns(const char *value, int64_t wall_now_ns,
                        bool takes_decimals)
{
    char    text[VALUE_MAX];
    int64_t now_s = wall_now_ns / NS_PER_S; /* down, so the rest goes up */
    int64_t seconds = 0;
    int64_t date_s;
    int64_t nano;

    if (!trim(text, value))
        return 0;
    if (text_to_int(text, 0, INT64_MAX, &seconds))
        seconds = text[0] == '-' ? 0 : seconds; /* "-0" */
    else if (takes_decimals && text_to_nano(text, RETRY_AFTER_MAX_S, &nano))
        return nano;
    else if (date_parse(text, now_s, &date_s) && date_s > now_s)
        seconds = date_s - now_s;
    return (seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) *
           NS_PER_S;
}

int64_t retry_after_ns(const char *const *values, size_t count,
                       int64_t wall_now_ns, bool takes_decimals)
{
    int64_t wait_ns = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t next = value_ns(values[i], wall_now_ns, takes_decimals);

        if (i > 0 && next != wait_ns)
            return 0;
        wait_ns = next;
    }
    return wait_ns;
}

int64_t retry_after_ms_ns(const char *value, bool takes_decimals)
{
    char    text[VALUE_MAX];
    int64_t nano;

    if (!trim(text, value) || !text_to_nano(text, INT32_MAX, &nano) ||
        (!takes_decimals && strchr(text, '.') != NULL))
        return 0;
    return nano / 1000;
}
