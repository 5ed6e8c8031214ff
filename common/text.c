/* SPDX-License-Identifier: Apache-2.0 */
#include "common/text.h"

#include "common/clock.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool text_to_int(const char *text, int64_t min, int64_t max, int64_t *value)
{
    const char *digits = text[0] == '-' ? text + 1 : text;
    char       *end = NULL;
    long long   parsed;

    assert(min <= max);
    if (!isdigit((unsigned char)digits[0]))
        return false;
    errno = 0;
    parsed = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || parsed < min || parsed > max)
        return false;
    *value = parsed;
    return true;
}

bool text_to_nano(const char *text, int64_t whole_max, int64_t *nano)
{
    int64_t whole = 0;
    int64_t part = 0;
    int64_t unit = 1000000000;
    bool    any = false;

    assert(whole_max <= 9 * unit);
    for (; isdigit((unsigned char)*text); text++) {
        if (whole <= whole_max)
            whole = whole * 10 + (*text - '0');
        any = true;
    }
    if (*text == '.') {
        for (text++; isdigit((unsigned char)*text); text++) {
            unit /= 10; /* from the tenth digit on 0 */
            part += (*text - '0') * unit;
            any = true;
        }
    }
    if (!any || *text != '\0' || whole > whole_max)
        return false;
    *nano = whole * 1000000000 + part;
    return true;
}

static int64_t duration_unit_ns(const char *unit)
{
    static const struct {
        const char *name;
        int64_t     ns;
    } units[] = {
        {"ms", NS_PER_MS},
        {"s", NS_PER_S},
        {"m", 60 * NS_PER_S},
        {"h", 3600 * NS_PER_S},
    };

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(unit, units[i].name) == 0)
            return units[i].ns;
    return 0;
}

bool text_to_duration_ns(const char *text, int64_t *duration_ns)
{
    const int64_t max_ns = 1000 * 3600 * NS_PER_S;
    size_t        digits = strspn(text, "0123456789.");
    int64_t       unit_ns = duration_unit_ns(text + digits);
    char          number[32];
    char         *end = NULL;
    double        value;

    if (digits == 0 || digits >= sizeof number || unit_ns == 0 ||
        !isdigit((unsigned char)text[0]))
        return false;
    memcpy(number, text, digits);
    number[digits] = '\0';
    value = strtod(number, &end);
    if (*end != '\0' || value * (double)unit_ns > (double)max_ns)
        return false;
    *duration_ns = (int64_t)(value * (double)unit_ns + 0.5);
    return true;
}

char *text_from_duration(char buffer[TEXT_DURATION_MAX], int64_t duration_ns)
{
    const char *sign = duration_ns < 0 ? "-" : "";
    double      ms = (double)duration_ns / (double)NS_PER_MS;

    if (ms < 0)
        ms = -ms;
    if (ms < 100)
        snprintf(buffer, TEXT_DURATION_MAX, "%s%.1f ms", sign, ms);
    else if (ms < 1000)
        snprintf(buffer, TEXT_DURATION_MAX, "%s%.0f ms", sign, ms);
    else if (ms < 120000)
        snprintf(buffer, TEXT_DURATION_MAX, "%s%.3f s", sign, ms / 1000);
    else if (ms >= 7200000)
        snprintf(buffer, TEXT_DURATION_MAX, "%s%.0f h %.0f m", sign,
                 (double)((int64_t)(ms / 3600000)),
                 (double)((int64_t)(ms / 60000) % 60));
    else
        snprintf(buffer, TEXT_DURATION_MAX, "%s%.0f m %.0f s", sign,
                 (double)((int64_t)(ms / 60000)),
                 (double)((int64_t)(ms / 1000) % 60));
    return buffer;
}

bool text_equal_nocase(const char *left, const char *right)
{
    return strcasecmp(left, right) == 0;
}

bool text_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

size_t text_utf8_sequence(const char *start, size_t left)
{
    const unsigned char  *at = (const unsigned char *)start;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t                length;
    uint32_t              value;

    assert(left > 0);
    if (at[0] < 0x80)
        return 1;
    length = (at[0] & 0xe0) == 0xc0   ? 2
             : (at[0] & 0xf0) == 0xe0 ? 3
             : (at[0] & 0xf8) == 0xf0 ? 4
                                      : 0;
    if (length == 0 || length > left)
        return 0;
    value = (uint32_t)at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = (value << 6) | (at[i] & 0x3fu);
    }
    if (value < smallest[length] || value > 0x10ffff ||
        (value >= 0xd800 && value <= 0xdfff))
        return 0;
    return length;
}

size_t text_utf8_bytes(const char *data, size_t length_bytes)
{
    size_t at = 0;
    size_t step = 1;

    while (at < length_bytes && step > 0) {
        step = text_utf8_sequence(data + at, length_bytes - at);
        at += step;
    }
    return at;
}

bool text_is_utf8(const char *data, size_t length_bytes)
{
    return text_utf8_bytes(data, length_bytes) == length_bytes;
}

enum { NEAREST_WORD_MAX = 64 };

/* Levenshtein's distance, one row at a time. Words are short (bounded). */
static size_t edit_distance(const char *left, const char *right)
{
    size_t row[NEAREST_WORD_MAX + 1];
    size_t width = strlen(right);

    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; left[i] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t above = row[j + 1];
            size_t best = diagonal + (left[i] != right[j]);

            if (above + 1 < best)
                best = above + 1;
            if (row[j] + 1 < best)
                best = row[j] + 1;
            row[j + 1] = best;
            diagonal = above;
        }
    }
    return row[width];
}

const char *text_nearest(const char *word, const char *const *words,
                         size_t count)
{
    const char *nearest = NULL;
    size_t      limit = strlen(word) / 3 + 1;

    if (strlen(word) > NEAREST_WORD_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance;

        if (strlen(words[i]) > NEAREST_WORD_MAX)
            continue;
        distance = edit_distance(word, words[i]);
        if (distance <= limit && distance > 0) {
            nearest = words[i];
            limit = distance - 1;
        }
    }
    return nearest;
}
