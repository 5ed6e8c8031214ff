/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/retry_after.h"

#include "common/clock.h"
#include "common/date.h"
#include "common/text.h"

#include <assert.h>
#include <string.h>

enum {
    VALUE_BYTES_MAX = 64, /* longer than any date */
    SECONDS_MAX = INT32_MAX, /* a larger number overflows somewhere: junk */
};

static const char digits[] = "0123456789";

/* Copies the value without the optional white space around it; false when it
 * is too long to be of any form we know. */
static bool trim(char out[VALUE_BYTES_MAX], const char *value)
{
    size_t length;

    value += strspn(value, " \t");
    length = strlen(value);
    while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
        length--;
    if (length >= VALUE_BYTES_MAX)
        return false;
    memcpy(out, value, length);
    out[length] = '\0';
    return true;
}

static bool all_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, digits)] == '\0';
}

/* "1.5", "5.", ".5": one point, and at least one digit. */
static bool is_decimal(const char *text)
{
    size_t whole = strspn(text, digits);
    size_t part;

    if (text[whole] != '.')
        return false;
    part = strspn(text + whole + 1, digits);
    return whole + part > 0 && text[whole + 1 + part] == '\0';
}

static void may_wait_ns(struct retry_after_value *retry_after, int64_t least_ns,
                        int64_t most_ns, int64_t cap_ns)
{
    assert(least_ns <= most_ns && cap_ns >= 0);
    retry_after->may_wait = true;
    retry_after->over_cap = most_ns > cap_ns;
    retry_after->least_ns = least_ns < cap_ns ? least_ns : cap_ns;
    retry_after->most_ns = most_ns < cap_ns ? most_ns : cap_ns;
}

static void may_wait(struct retry_after_value *retry_after, int64_t least_s,
                     int64_t most_s, int64_t cap_ns)
{
    may_wait_ns(retry_after, least_s > 0 ? least_s * NS_PER_S : 0,
                most_s * NS_PER_S, cap_ns);
}

static void read_seconds(struct retry_after_value *retry_after,
                         const char *text, int64_t cap_ns)
{
    int64_t seconds = 0;

    if (!text_to_int(text, 0, SECONDS_MAX, &seconds)) {
        retry_after->kind =
            RETRY_AFTER_JUNK; /* it overflows: absent, or clamped */
        may_wait(retry_after, SECONDS_MAX, SECONDS_MAX, cap_ns);
    } else if (seconds == 0 || cap_ns == 0) {
        retry_after->kind = RETRY_AFTER_ZERO;
    } else {
        retry_after->kind = RETRY_AFTER_WAIT;
        may_wait(retry_after, seconds, seconds, cap_ns);
    }
}

/* The wall clock's second of the answer is known, not its fraction: the wait
 * until the date may be up to a second shorter than the difference. */
static void read_date(struct retry_after_value *retry_after, int64_t left_s,
                      int64_t cap_ns)
{
    retry_after->kind = left_s > 0 ? RETRY_AFTER_DATE : RETRY_AFTER_JUNK;
    retry_after->may_be_zero = left_s <= 0;
    if (left_s > SECONDS_MAX)
        left_s = SECONDS_MAX;
    if (left_s > 0)
        may_wait(retry_after, left_s - 1, left_s, cap_ns);
}

/* A sign or a point in it: not a delay-seconds, but near enough to be
 * clamped to one. */
static void read_nearly(struct retry_after_value *retry_after, const char *text,
                        int64_t cap_ns)
{
    int64_t seconds = SECONDS_MAX;
    char    whole[VALUE_BYTES_MAX];

    retry_after->kind = RETRY_AFTER_JUNK;
    if (text[0] == '-') {
        retry_after->may_be_zero = all_digits(text + 1) || is_decimal(text + 1);
    } else if (text[0] == '+' && all_digits(text + 1)) {
        text_to_int(text + 1, 0, SECONDS_MAX, &seconds);
        retry_after->may_be_zero = seconds == 0;
        may_wait(retry_after, seconds, seconds, cap_ns);
    } else if (is_decimal(text)) {
        memcpy(whole, text, strspn(text, digits));
        whole[strspn(text, digits)] = '\0';
        if (whole[0] == '\0')
            seconds = 0;
        else
            text_to_int(whole, 0, SECONDS_MAX - 1, &seconds);
        retry_after->may_be_zero =
            seconds == 0; /* rounded down; else 1 at least */
        may_wait(retry_after, seconds > 0 ? seconds : 1, seconds + 1, cap_ns);
    }
}

/* "1.5", of a unit of so many ns; false: it is none, or the profile does not
 * have it read as such. */
static bool read_decimal(struct retry_after_value *retry_after,
                         const char *text, int64_t unit_ns, int64_t cap_ns,
                         const struct profile *profile)
{
    int64_t nano;

    if (!is_decimal(text) || PROFILE_OPEN(profile, retry_after_decimals))
        return false;
    *retry_after = (struct retry_after_value){.kind = RETRY_AFTER_JUNK};
    if (profile->retry_after_decimals == RETRY_AFTER_DECIMALS_ABSENT)
        return true;
    if (!text_to_nano(text, SECONDS_MAX, &nano))
        return false;
    nano /= NS_PER_S / unit_ns;
    retry_after->kind =
        nano == 0 || cap_ns == 0 ? RETRY_AFTER_ZERO : RETRY_AFTER_WAIT;
    if (retry_after->kind == RETRY_AFTER_WAIT)
        may_wait_ns(retry_after, nano, nano, cap_ns);
    return true;
}

static struct retry_after_value read_value(const char           *value,
                                           int64_t               answer_wall_s,
                                           int64_t               cap_ns,
                                           const struct profile *profile)
{
    struct retry_after_value retry_after = {.kind = RETRY_AFTER_JUNK};
    char                     text[VALUE_BYTES_MAX];
    int64_t                  date_s;
    bool                     fits = trim(text, value);

    if (all_digits(fits ? text : value))
        read_seconds(&retry_after, fits ? text : value, cap_ns);
    else if (fits && date_parse(text, answer_wall_s, &date_s))
        read_date(&retry_after, date_s - answer_wall_s, cap_ns);
    else if (fits &&
             !read_decimal(&retry_after, text, NS_PER_S, cap_ns, profile))
        read_nearly(&retry_after, text, cap_ns);
    return retry_after;
}

/* Several fields: either of them, or none. */
static void also(struct retry_after_value       *retry_after,
                 const struct retry_after_value *other)
{
    retry_after->kind = RETRY_AFTER_JUNK;
    retry_after->may_be_zero = retry_after->may_be_zero || other->may_be_zero;
    assert(retry_after->least_ns <= retry_after->most_ns);
    if (!other->may_wait)
        return;
    if (!retry_after->may_wait || other->least_ns < retry_after->least_ns)
        retry_after->least_ns = other->least_ns;
    if (!retry_after->may_wait || other->most_ns > retry_after->most_ns)
        retry_after->most_ns = other->most_ns;
    retry_after->may_wait = true;
    retry_after->over_cap = retry_after->over_cap || other->over_cap;
}

/* "1500", "1500.5": a wait in ms, as some ingests say it; false: as if it were
 * not there. */
static bool read_ms(struct retry_after_value *retry_after, const char *value,
                    int64_t cap_ns, const struct profile *profile)
{
    char    text[VALUE_BYTES_MAX];
    int64_t nano;
    bool    is_whole;

    if (!trim(text, value) || !text_to_nano(text, INT32_MAX, &nano) ||
        nano == 0)
        return false;
    is_whole = all_digits(text);
    nano /= 1000;
    if (!is_whole &&
        PROFILE_IS(profile, retry_after_decimals, RETRY_AFTER_DECIMALS_ABSENT))
        return false;
    *retry_after = (struct retry_after_value){
        .kind = RETRY_AFTER_WAIT, .value = value, .fields = 1, .in_ms = true};
    may_wait_ns(retry_after, nano, nano + NS_PER_MS, cap_ns);
    if (!is_whole && PROFILE_OPEN(profile, retry_after_decimals))
        retry_after->kind = RETRY_AFTER_JUNK; /* either is right */
    return true;
}

static bool read_own_fields(struct retry_after_value *retry_after,
                            const struct attempt *attempt, int64_t cap_ns,
                            const struct profile *profile)
{
    const struct profile_texts *names = &profile->retry_after_ms_headers;

    for (unsigned i = 0; i < names->count; i++) {
        const char *value =
            header_get(&attempt->answer_headers, names->at[i], 0);

        if (value != NULL && read_ms(retry_after, value, cap_ns, profile))
            return true;
    }
    return false;
}

struct retry_after_value retry_after_read(const struct attempt *attempt,
                                          int64_t               cap_ns,
                                          const struct profile *profile)
{
    struct retry_after_value retry_after = {.kind = RETRY_AFTER_NOTHING};
    const char              *value;

    if (profile_reads_retry_after(profile, attempt->status, true) &&
        read_own_fields(&retry_after, attempt, cap_ns, profile))
        return retry_after;
    for (size_t i = 0;; i++) {
        struct retry_after_value next;

        value = header_get(&attempt->answer_headers, "Retry-After", i);
        if (value == NULL)
            break;
        next = read_value(value, attempt->answer_wall_s, cap_ns, profile);
        next.may_be_zero = next.may_be_zero || next.kind == RETRY_AFTER_ZERO;
        next.fields = i + 1;
        if (i == 0) {
            next.value = value;
            retry_after = next;
        } else {
            also(&retry_after, &next);
            retry_after.fields = i + 1;
        }
    }
    if (retry_after.kind == RETRY_AFTER_NOTHING)
        read_own_fields(&retry_after, attempt, cap_ns, profile);
    return retry_after;
}
