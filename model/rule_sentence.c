/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rule_sentence.h"

#include "common/bytes.h"

#include <stdio.h>
#include <string.h>

/* ---- statuses ---- */

typedef bool status_filter(const struct profile *profile, int status);

static bool is_delivered(const struct profile *profile, int status)
{
    return profile_status(profile, status, false) == STATUS_DELIVERED;
}

static bool is_retried_4xx(const struct profile *profile, int status)
{
    return status >= 400 && status < 500 &&
           profile_status(profile, status, false) == STATUS_RETRIED;
}

static bool is_retried_5xx(const struct profile *profile, int status)
{
    return status >= 500 && status < 600 &&
           profile_status(profile, status, false) == STATUS_RETRIED;
}

/* 511 has a rule of its own. */
static bool is_dropped_5xx(const struct profile *profile, int status)
{
    return status >= 500 && status < 600 && status != 511 &&
           profile_status(profile, status, false) == STATUS_DROPPED;
}

static bool is_heard(const struct profile *profile, int status)
{
    return profile_honours_retry_after(profile, status, false);
}

/* "408, 500-504"; "nothing". */
static void say_statuses(struct bytes *out, const struct profile *profile,
                         status_filter *filter)
{
    const char *comma = "";

    for (int from = 100; from < PROFILE_STATUSES; from++) {
        int to = from;

        if (!filter(profile, from))
            continue;
        while (to + 1 < PROFILE_STATUSES && filter(profile, to + 1))
            to++;
        bytes_format(out, to > from ? "%s%d-%d" : "%s%d", comma, from, to);
        comma = ", ";
        from = to;
    }
    if (*comma == '\0')
        bytes_add(out, "nothing");
}

static void say_delivered(struct bytes *out, const struct profile *profile)
{
    say_statuses(out, profile, is_delivered);
}

static void say_retried_4xx(struct bytes *out, const struct profile *profile)
{
    say_statuses(out, profile, is_retried_4xx);
}

static void say_retried_5xx(struct bytes *out, const struct profile *profile)
{
    say_statuses(out, profile, is_retried_5xx);
}

static void say_dropped_5xx(struct bytes *out, const struct profile *profile)
{
    say_statuses(out, profile, is_dropped_5xx);
}

static void say_heard(struct bytes *out, const struct profile *profile)
{
    say_statuses(out, profile, is_heard);
}

/* ---- numbers ---- */

static void say_number(struct bytes *out, bool is_open, double number,
                       const char *unit)
{
    if (is_open)
        bytes_add(out, "no bound");
    else
        bytes_format(out, "%.15g%s", number, unit);
}

#define SAY_NUMBER(field, unit)                                                \
    static void say_##field(struct bytes *out, const struct profile *profile)  \
    {                                                                          \
        say_number(out, PROFILE_OPEN(profile, field), profile->field, unit);   \
    }
SAY_NUMBER(retry_after_cap_s, " s")
SAY_NUMBER(backoff_cap_s, " s")
SAY_NUMBER(max_retries_default, " retries")
SAY_NUMBER(max_total_backoff_s, " s")
SAY_NUMBER(max_rate_limit_s, " s")
SAY_NUMBER(event_bytes_max, " bytes")
SAY_NUMBER(batch_bytes_max, " bytes")

/* ---- words ---- */

static void say_over_cap(struct bytes *out, const struct profile *profile)
{
    static const char *const says[] = {
        [RETRY_AFTER_OVER_CAP_CLAMP] = "is taken as the cap",
        [RETRY_AFTER_OVER_CAP_IGNORE] = "is as if absent",
        [RETRY_AFTER_OVER_CAP_GIVE_UP] = "ends the batch",
    };

    bytes_add(out, says[profile->retry_after_over_cap]);
}

static const char *header_of(const struct profile *profile)
{
    return PROFILE_OPEN(profile, attempt_header) ? "attempt header"
                                                 : profile->attempt_header;
}

static void say_attempt_header(struct bytes *out, const struct profile *profile)
{
    bytes_add(out, header_of(profile));
}

static void say_first_count(struct bytes *out, const struct profile *profile)
{
    if (profile->attempt_first == ATTEMPT_FIRST_ABSENT)
        bytes_format(out, "no %s", header_of(profile));
    else
        bytes_format(out, "%s: %d", header_of(profile),
                     profile->attempt_first == ATTEMPT_FIRST_ONE);
}

static void say_nth_count(struct bytes *out, const struct profile *profile)
{
    bytes_add(out, profile->attempt_first == ATTEMPT_FIRST_ONE ? "n + 1" : "n");
}

static void say_law(struct bytes *out, const struct profile *profile)
{
    double base_s = profile->backoff_base_s;

    if (PROFILE_OPEN(profile, backoff_law)) {
        bytes_add(out, "(none is given)");
        return;
    }
    switch (profile->backoff_law) {
    case BACKOFF_LAW_EXPONENTIAL:
        bytes_format(out, "%.15g s x %.15g^(n-1)", base_s,
                     profile->backoff_factor);
        break;
    case BACKOFF_LAW_LINEAR:
        bytes_format(out, "%.15g s x n", base_s);
        break;
    case BACKOFF_LAW_FIXED:
        bytes_format(out, "%.15g s", base_s);
        break;
    case BACKOFF_LAW_FIBONACCI:
        bytes_format(out, "%.15g s x the n-th Fibonacci number", base_s);
        break;
    case BACKOFF_LAW_TABLE:
        for (unsigned i = 0; i < profile->backoff_table_s.count; i++)
            bytes_format(out, "%s%.15g", i > 0 ? ", " : "",
                         profile->backoff_table_s.at[i]);
        bytes_add(out, " s");
        break;
    }
    if (!PROFILE_OPEN(profile, first_retry_s))
        bytes_format(out, ", the first %.15g s", profile->first_retry_s);
}

static void say_jitter(struct bytes *out, const struct profile *profile)
{
    switch (profile->jitter) {
    case JITTER_FACTOR:
        bytes_format(out, "%.15g to %.15g", profile->jitter_min,
                     profile->jitter_max);
        break;
    case JITTER_ADDED:
        bytes_format(out, "up to %.15g s more", profile->jitter_added_s);
        break;
    case JITTER_DECORRELATED:
        bytes_add(out, "to three times the wait before");
        break;
    }
}

static void say_jitter_capped(struct bytes *out, const struct profile *profile)
{
    bytes_add(out, profile->backoff_cap_meets == BACKOFF_CAP_MEETS_LAW
                       ? "before jitter"
                       : "jitter included");
}

/* ---- the sentence ---- */

static const struct {
    const char *name;
    void (*say)(struct bytes *out, const struct profile *profile);
} values[] = {
    {"delivered", say_delivered},
    {"retried_4xx", say_retried_4xx},
    {"retried_5xx", say_retried_5xx},
    {"dropped_5xx", say_dropped_5xx},
    {"retry_after_statuses", say_heard},
    {"retry_after_cap_s", say_retry_after_cap_s},
    {"retry_after_over_cap", say_over_cap},
    {"backoff_law", say_law},
    {"backoff_cap_s", say_backoff_cap_s},
    {"backoff_cap_meets", say_jitter_capped},
    {"jitter", say_jitter},
    {"max_retries_default", say_max_retries_default},
    {"max_total_backoff_s", say_max_total_backoff_s},
    {"max_rate_limit_s", say_max_rate_limit_s},
    {"attempt_header", say_attempt_header},
    {"attempt_first", say_first_count},
    {"attempt_nth", say_nth_count},
    {"event_bytes_max", say_event_bytes_max},
    {"batch_bytes_max", say_batch_bytes_max},
};

/* At "{name}": says the value; returns how long that is, 0 = no such name. */
static size_t say_value(struct bytes *out, const char *at,
                        const struct profile *profile)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        size_t length = strlen(values[i].name);

        if (strncmp(at + 1, values[i].name, length) == 0 &&
            at[1 + length] == '}') {
            values[i].say(out, profile);
            return length + 2;
        }
    }
    return 0;
}

const char *rule_sentence(char                  buffer[RULE_SENTENCE_MAX],
                          const struct rule    *rule,
                          const struct profile *profile)
{
    struct bytes out;
    const char  *at = rule->sentence;

    bytes_init(&out, 1 << 16);
    while (*at != '\0') {
        size_t said = *at == '{' ? say_value(&out, at, profile) : 0;

        if (said == 0)
            bytes_append(&out, at, said = 1);
        at += said;
    }
    snprintf(buffer, RULE_SENTENCE_MAX, "%s", bytes_text(&out));
    bytes_clear(&out);
    return buffer;
}
