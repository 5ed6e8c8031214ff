/* SPDX-License-Identifier: Apache-2.0 */
#include "model/record.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int64_t noise_bound_ns(const struct noise *noise)
{
    int64_t bound_ns = noise->late.p999_ns;

    if (noise->unjumped_ns > bound_ns)
        bound_ns = noise->unjumped_ns;
    if (noise->starved_most_ns > bound_ns)
        bound_ns = noise->starved_most_ns;
    return bound_ns;
}

int64_t noise_stretch_ns(const struct noise *noise)
{
    int64_t bound_ns = noise_bound_ns(noise);

    return noise->unjumped_ns == 0 && noise->starved_ns > bound_ns
               ? noise->starved_ns
               : bound_ns;
}

struct record *record_new(void)
{
    struct record *record = alloc_zero(1, sizeof *record);

    record->observed_ns = TIME_NEVER;
    record->outcome.started_ns = TIME_NEVER;
    record->outcome.ended_ns = TIME_NEVER;
    record->outcome.result_ns = TIME_NEVER;
    return record;
}

static void attempt_free(struct attempt *attempt)
{
    for (size_t i = 0; i < attempt->violation_count; i++)
        alloc_free(attempt->violations[i].text);
    alloc_free(attempt->violations);
    alloc_free(attempt->raw);
    alloc_free(attempt->method);
    alloc_free(attempt->target);
    alloc_free(attempt->version);
    alloc_free(attempt->body);
    alloc_free(attempt->answer_body);
    alloc_free(attempt->played);
    header_clear(&attempt->headers);
    header_clear(&attempt->answer_headers);
    alloc_free(attempt);
}

void record_free(struct record *record)
{
    if (record == NULL)
        return;
    for (size_t i = 0; i < record->attempt_count; i++)
        attempt_free(record->attempts[i]);
    for (size_t i = 0; i < record->remark_count; i++) {
        alloc_free(record->remarks[i].text);
        alloc_free(record->remarks[i].raw);
    }
    alloc_free(record->attempts);
    alloc_free(record->remarks);
    alloc_free(record->outcome.error);
    alloc_free(record->outcome.trouble);
    alloc_free(record->outcome.bound);
    alloc_free(record->outcome.lapse);
    alloc_free(record->outcome.capabilities);
    alloc_free(record->outcome.left);
    alloc_free(record->outcome.out_tail);
    alloc_free(record->outcome.err_tail);
    alloc_free(record->plan_id);
    alloc_free(record->plan_text);
    alloc_free(record->client);
    alloc_free(record->profile);
    alloc_free(record->clock);
    alloc_free(record->undecided);
    alloc_free(record);
}

static char *format_text(const char *format, va_list arguments)
    PRINTF_LIKE(1, 0);

static char *format_text(const char *format, va_list arguments)
{
    char text[ERR_TEXT_MAX];

    vsnprintf(text, sizeof text, format, arguments);
    return alloc_text(text);
}

static struct remark *new_remark(struct record *record, int64_t at_ns,
                                 unsigned connection)
{
    struct remark *remark;

    assert(record->remark_count < RECORD_REMARKS_MAX);
    record->remarks = alloc_grow(record->remarks, record->remark_count + 1,
                                 sizeof record->remarks[0]);
    remark = &record->remarks[record->remark_count++];
    *remark = (struct remark){
        .at_ns = at_ns,
        .connection = connection,
        .until_ns = TIME_NEVER,
        .heard_bytes = NO_SESSION,
    };
    return remark;
}

/* Said once, in the record itself: who reads it must not take it for the
 * whole. */
static void overflow(struct record *record, const char *format, ...)
    PRINTF_LIKE(2, 3);

static void overflow(struct record *record, const char *format, ...)
{
    const size_t count = record->attempt_count;
    va_list      arguments;
    char        *why;

    if (record->overflow)
        return;
    record->overflow = true;
    va_start(arguments, format);
    why = format_text(format, arguments);
    va_end(arguments);
    new_remark(record, count > 0 ? record->attempts[count - 1]->arrived_ns : 0,
               0)
        ->text =
        alloc_format("the record is full: %s; of what came later something "
                     "is missing",
                     why);
    alloc_free(why);
}

bool record_keep(struct record *record, size_t length_bytes)
{
    assert(record->kept_bytes <= RECORD_KEPT_BYTES_MAX);
    if (length_bytes > RECORD_KEPT_BYTES_MAX - record->kept_bytes) {
        overflow(record, "%d bytes of requests were kept",
                 RECORD_KEPT_BYTES_MAX);
        return false;
    }
    record->kept_bytes += length_bytes;
    return true;
}

struct attempt *record_attempt(struct record *record)
{
    struct attempt *attempt;

    if (record->attempt_count == RECORD_ATTEMPTS_MAX) {
        overflow(record, "%d requests were written down", RECORD_ATTEMPTS_MAX);
        return NULL;
    }
    if (!record_keep(record, RECORD_ATTEMPT_BYTES))
        return NULL;
    attempt = alloc_zero(1, sizeof *attempt);
    attempt->accepted_ns = TIME_NEVER;
    attempt->arrived_ns = TIME_NEVER;
    attempt->body_ns = TIME_NEVER;
    attempt->answering_ns = TIME_NEVER;
    attempt->answered_ns = TIME_NEVER;
    attempt->gone_ns = TIME_NEVER;
    record->attempts = alloc_one_more(record->attempts, record->attempt_count,
                                      sizeof record->attempts[0]);
    record->attempts[record->attempt_count++] = attempt;
    attempt->number = (unsigned)record->attempt_count;
    return attempt;
}

void attempt_violation(struct attempt *attempt, enum violation_kind kind,
                       const char *format, ...)
{
    struct violation *violation;
    va_list           arguments;

    attempt->violations =
        alloc_grow(attempt->violations, attempt->violation_count + 1,
                   sizeof attempt->violations[0]);
    violation = &attempt->violations[attempt->violation_count++];
    violation->kind = kind;
    va_start(arguments, format);
    violation->text = format_text(format, arguments);
    va_end(arguments);
}

/* NULL: there are as many as may be. */
static struct remark *add_remark(struct record *record, int64_t at_ns,
                                 unsigned connection)
{
    if (record->remark_count < RECORD_REMARKS_MAX - 1)
        return new_remark(record, at_ns, connection);
    if (!record->overflow)
        overflow(record, "there were more remarks than %d",
                 RECORD_REMARKS_MAX - 1);
    return NULL;
}

struct remark *record_remark(struct record *record, int64_t at_ns,
                             unsigned connection, const char *format, ...)
{
    struct remark *remark = add_remark(record, at_ns, connection);
    va_list        arguments;

    if (remark == NULL)
        return NULL;
    va_start(arguments, format);
    remark->text = format_text(format, arguments);
    va_end(arguments);
    return remark;
}

static void keep_raw(struct record *record, char **raw, size_t *raw_bytes,
                     const char *data, size_t length_bytes)
{
    assert(data != NULL || length_bytes == 0);
    if (length_bytes > RECORD_RAW_KEPT_MAX)
        length_bytes = RECORD_RAW_KEPT_MAX;
    if (*raw != NULL || length_bytes == 0 || !record_keep(record, length_bytes))
        return;
    *raw = alloc_zero(length_bytes + 1, 1);
    memcpy(*raw, data, length_bytes);
    *raw_bytes = length_bytes;
}

void attempt_keep_raw(struct record *record, struct attempt *attempt,
                      const char *data, size_t length_bytes)
{
    keep_raw(record, &attempt->raw, &attempt->raw_bytes, data, length_bytes);
}

void remark_keep_raw(struct record *record, struct remark *remark,
                     const char *data, size_t length_bytes)
{
    keep_raw(record, &remark->raw, &remark->raw_bytes, data, length_bytes);
}

void record_strike(struct record *record, int64_t at_ns, int64_t until_ns,
                   unsigned connection, enum fault fault)
{
    struct remark *remark = add_remark(record, at_ns, connection);

    if (remark == NULL)
        return;
    remark->fault = fault;
    remark->until_ns = until_ns;
    remark->text =
        alloc_format("fault %s: %s", fault_name(fault), fault_meaning(fault));
}

void record_strike_over(struct record *record, enum fault fault,
                        int64_t until_ns)
{
    for (size_t i = record->remark_count; i-- > 0;)
        if (record->remarks[i].fault == fault) {
            record->remarks[i].until_ns = until_ns;
            return;
        }
}

void record_strike_met(struct record *record, int64_t until_ns,
                       unsigned connection, int64_t heard_bytes,
                       const char *format, ...)
{
    size_t         i = record->remark_count;
    struct remark *remark;
    va_list        arguments;
    char          *met;
    char          *text;

    while (i > 0 && (record->remarks[i - 1].connection != connection ||
                     record->remarks[i - 1].fault == FAULT_NONE))
        i--;
    if (i == 0)
        return; /* there was no room for the strike */
    remark = &record->remarks[i - 1];
    va_start(arguments, format);
    met = format_text(format, arguments);
    va_end(arguments);
    text = alloc_format("%s; %s", remark->text, met);
    alloc_free(met);
    alloc_free(remark->text);
    remark->text = text;
    remark->until_ns = until_ns;
    remark->heard_bytes = heard_bytes;
}

const char *violation_name(enum violation_kind kind)
{
    static const char *const names[] = {
#define X(kind_, name, meaning) [kind_] = name,
        VIOLATION_MAP(X)
#undef X
    };
    assert(kind < VIOLATION_COUNT);
    return names[kind];
}

const char *answer_end_name(enum answer_end end)
{
    static const char *const names[] = {
#define X(end_, name, meaning) [end_] = name,
        ANSWER_END_MAP(X)
#undef X
    };
    assert(end < sizeof names / sizeof names[0]);
    return names[end];
}

const char *client_end_name(enum client_end end)
{
    static const char *const names[] = {
#define X(end_, name, meaning) [end_] = name,
        CLIENT_END_MAP(X)
#undef X
    };
    assert(end < sizeof names / sizeof names[0]);
    return names[end];
}

const char *client_end_meaning(enum client_end end)
{
    static const char *const meanings[] = {
#define X(end_, name, meaning) [end_] = meaning,
        CLIENT_END_MAP(X)
#undef X
    };
    assert(end < sizeof meanings / sizeof meanings[0]);
    return meanings[end];
}

bool record_has_fault(const struct record *record, enum fault fault)
{
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->fault == fault)
            return true;
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].fault == fault)
            return true;
    return false;
}
