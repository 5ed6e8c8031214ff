/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/story.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/date.h"
#include "common/form.h"
#include "common/text.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    STORY_FIRST = 24, /* attempts that are told from the start ... */
    STORY_LAST = 8,   /* ... and from the end */
    STORY_BLAMED_MAX = 40,
    STORY_KEPT_MAX = STORY_FIRST + STORY_LAST + STORY_BLAMED_MAX,
    STORY_ERROR_LINES = 6,
    STORY_LINE_MAX = 400, /* bytes of one foreign value */
    STORY_TEXT_MAX = 64 << 10,
};

/* ---- one attempt ---- */

/* A foreign value on one line, cut to a length people can read. */
static void add_value(struct mask *mask, const char *value, struct bytes *out)
{
    mask_add_short(mask, value, STORY_LINE_MAX, out);
}

static char *tell_request(const struct attempt *attempt, struct mask *mask)
{
    struct bytes out;

    if (attempt->route == ROUTE_INGEST)
        return alloc_text(route_name(attempt->route));
    bytes_init(&out, STORY_TEXT_MAX);
    add_value(mask, attempt->method ? attempt->method : "?", &out);
    bytes_add(&out, " ");
    if (attempt->route == ROUTE_OTHER)
        add_value(mask, attempt->target ? attempt->target : "?", &out);
    else
        bytes_add(&out, route_name(attempt->route));
    return bytes_take(&out);
}

static char *tell_headers(const struct header_list *headers, const char *name,
                          const char *none, struct mask *mask)
{
    struct bytes out;
    size_t       count = header_count(headers, name);

    bytes_init(&out, STORY_TEXT_MAX);
    if (count == 0)
        bytes_add(&out, none);
    for (size_t i = 0; i < count; i++) {
        struct header header = {(char *)(size_t)name,
                                (char *)(size_t)header_get(headers, name, i)};
        char         *masked = mask_header(mask, &header);
        struct mask   clean = {.show = true};

        bytes_add(&out, i > 0 ? " and " : "");
        if (masked[0] == '\0')
            bytes_add(&out, "(empty)");
        add_value(&clean, masked, &out);
        alloc_free(masked);
    }
    return bytes_take(&out);
}

/* Of a key in the query or in the body it is said where it is asked for. */
static char *tell_credentials(const struct attempt *attempt,
                              const struct profile *profile, struct mask *mask)
{
    enum profile_authorization kind = profile->authorization;
    const char                *name = profile->credential_name;

    const char *query = attempt->target ? strchr(attempt->target, '?') : NULL;
    size_t      length;

    if (kind == AUTHORIZATION_QUERY)
        return query && form_value(query + 1, name, &length)
                   ? alloc_format("query %s", name)
                   : alloc_text("none");
    if (kind == AUTHORIZATION_BODY_FIELD)
        return alloc_format("body %s", name);
    return tell_headers(&attempt->headers,
                        kind == AUTHORIZATION_HEADER ? name : "Authorization",
                        "none", mask);
}

static const char *date_form_of(const char *text)
{
    if (strchr(text, ',') == NULL)
        return date_form_name(DATE_ASCTIME);
    return date_form_name(strchr(text, '-') ? DATE_RFC850 : DATE_IMF);
}

/* A date says little by itself; how far ahead it lies says all. */
static void tell_retry_after(const struct attempt *attempt, const char *value,
                             struct mask *mask, struct bytes *out)
{
    int64_t unix_s;

    bytes_add(out, ", Retry-After: ");
    if (date_parse(value, attempt->answer_wall_s, &unix_s))
        bytes_format(out, "%s date, %+" PRId64 " s", date_form_of(value),
                     unix_s - attempt->answer_wall_s);
    else if (value[0] == '\0')
        bytes_add(out, "(empty)");
    else
        add_value(mask, value, out);
}

static char *tell_answer(const struct attempt *attempt, struct mask *mask)
{
    struct bytes out;
    const char  *value;

    bytes_init(&out, STORY_TEXT_MAX);
    if (attempt->fault != FAULT_NONE)
        bytes_add(&out, fault_name(attempt->fault));
    else if (attempt->status == 0)
        bytes_add(&out, "no answer");
    if (attempt->status != 0)
        bytes_format(&out, "%s%d", out.length > 0 ? ", " : "", attempt->status);
    for (size_t i = 0; (value = header_get(&attempt->answer_headers,
                                           "Retry-After", i)) != NULL;
         i++)
        tell_retry_after(attempt, value, mask, &out);
    if (attempt->end == ANSWER_GONE)
        bytes_add(&out, ", client left");
    else if (attempt->end == ANSWER_CUT && attempt->fault == FAULT_NONE)
        bytes_add(&out, ", cut");
    return bytes_take(&out);
}

/* When the attempt was over: its answer was handed over, or else the last
 * that is known of it. The judge measures lower bounds from the same point. */
static int64_t end_of(const struct attempt *attempt)
{
    const int64_t times_ns[] = {attempt->answering_ns, attempt->answered_ns,
                                attempt->gone_ns,      attempt->body_ns,
                                attempt->arrived_ns,   attempt->accepted_ns};

    for (size_t i = 0; i < sizeof times_ns / sizeof times_ns[0]; i++)
        if (times_ns[i] != TIME_NEVER)
            return times_ns[i];
    return 0;
}

static int64_t start_of(const struct attempt *attempt)
{
    if (attempt->arrived_ns != TIME_NEVER)
        return attempt->arrived_ns;
    return attempt->accepted_ns != TIME_NEVER ? attempt->accepted_ns
                                              : end_of(attempt);
}

void story_attempt_fill(struct story_attempt *told,
                        const struct attempt *attempt,
                        const struct attempt *next,
                        const struct profile *profile, struct mask *mask)
{
    assert(next != attempt);
    *told = (struct story_attempt){
        .number = attempt->number,
        .connection = attempt->connection,
        .request = tell_request(attempt, mask),
        .count =
            tell_headers(&attempt->headers, profile->attempt_header, "-", mask),
        .credentials = tell_credentials(attempt, profile, mask),
        .answered = tell_answer(attempt, mask),
        .start_ns = start_of(attempt),
        .end_ns = end_of(attempt),
        .wait_ns = TIME_NEVER,
    };
    if (next != NULL && start_of(next) >= told->end_ns)
        told->wait_ns = start_of(next) - told->end_ns;
}

void story_attempt_clear(struct story_attempt *told)
{
    alloc_free(told->request);
    alloc_free(told->count);
    alloc_free(told->credentials);
    alloc_free(told->answered);
}

/* ---- which attempts are told ---- */

static enum story_blame blame_of(const struct trial_result *trial,
                                 unsigned                   number)
{
    const struct verdict *verdict = trial->verdict;
    enum story_blame      blame = BLAME_NONE;

    for (size_t i = 0; verdict != NULL && i < verdict->finding_count; i++) {
        if (verdict->findings[i].attempt != number)
            continue;
        if (verdict->findings[i].kind == FINDING_BREACH)
            return BLAME_BREACH;
        blame = BLAME_ADVICE;
    }
    return blame;
}

static void tell_attempts(struct story *story, const struct trial_result *trial,
                          const struct profile *profile, struct mask *mask,
                          bool all)
{
    const struct record *record = trial->record;
    size_t               last = record->attempt_count;
    size_t               blamed = 0;
    bool                 skipping = false;

    story->attempts =
        alloc_zero(all ? last : STORY_KEPT_MAX, sizeof story->attempts[0]);
    for (size_t i = 0; i < last; i++) {
        const struct attempt *attempt = record->attempts[i];
        struct story_attempt *told = &story->attempts[story->count];
        bool                  ends = i < STORY_FIRST || i + STORY_LAST >= last;
        enum story_blame      blame = blame_of(trial, attempt->number);

        if (!all && !ends &&
            (blame == BLAME_NONE || blamed++ >= STORY_BLAMED_MAX)) {
            skipping = true;
            continue;
        }
        story_attempt_fill(told, attempt,
                           i + 1 < last ? record->attempts[i + 1] : NULL,
                           profile, mask);
        assert(all || story->count < STORY_KEPT_MAX);
        told->blame = blame;
        told->skipped_before = skipping;
        skipping = false;
        story->has_other_routes |= attempt->route != ROUTE_INGEST;
        story->count++;
    }
    story->attempt_count = last;
    /* To the client's end, if it outlived its attempts: what it did not do
     * is worth seeing. */
    story->span_ns = record->outcome.ended_ns;
    for (size_t i = 0; i < story->count; i++)
        if (story->attempts[i].end_ns > story->span_ns)
            story->span_ns = story->attempts[i].end_ns;
}

/* ---- how the client ended ---- */

static void tell_end(const struct client_outcome *outcome, struct bytes *out)
{
    char after[TEXT_DURATION_MAX];

    if (outcome->end == CLIENT_EXITED)
        bytes_format(out, "exited with code %d", outcome->exit_code);
    else if (outcome->end == CLIENT_CRASHED)
        bytes_format(out, "crashed: signal %d (%s)", outcome->signal,
                     strsignal(outcome->signal));
    else if (outcome->bound != NULL)
        bytes_add(out, outcome->bound);
    else
        bytes_add(out, client_end_meaning(outcome->end));
    if (outcome->started_ns != TIME_NEVER && outcome->ended_ns != TIME_NEVER)
        bytes_format(
            out, ", after %s",
            text_from_duration(after, outcome->ended_ns - outcome->started_ns));
}

static char *tell_ending(const struct record *record, struct mask *mask)
{
    const struct client_outcome *outcome = &record->outcome;
    struct bytes                 out;

    bytes_init(&out, STORY_TEXT_MAX);
    tell_end(outcome, &out);
    if (outcome->has_result)
        bytes_add(&out, outcome->success ? "; it reported success"
                                         : "; it reported failure");
    else if (outcome->trouble != NULL) {
        bytes_add(&out, "; no result: ");
        add_value(mask, outcome->trouble, &out);
    }
    if (outcome->error != NULL) {
        bytes_add(&out, ", in its words: \"");
        add_value(mask, outcome->error, &out);
        bytes_add(&out, "\"");
    }
    if (outcome->left != NULL) {
        bytes_add(&out, "; it left running: ");
        add_value(mask, outcome->left, &out);
    }
    return bytes_take(&out);
}

static void tell_errors(struct story *story, const char *err_tail,
                        struct mask *mask)
{
    struct mask clean = {.show = true};
    char       *block;
    char       *at;
    char       *lines[STORY_ERROR_LINES];
    size_t      count = 0;

    if (err_tail == NULL)
        return;
    block = mask_block(mask, err_tail, strlen(err_tail));
    for (at = block + strlen(block); at > block && count < STORY_ERROR_LINES;) {
        while (at > block && (at[-1] == '\n' || at[-1] == ' '))
            *--at = '\0';
        while (at > block && at[-1] != '\n')
            at--;
        if (*at != '\0')
            lines[count++] = at;
        if (at > block)
            *--at = '\0';
    }
    story->errors = alloc_zero(count, sizeof story->errors[0]);
    for (size_t i = 0; i < count; i++) {
        struct bytes line;

        bytes_init(&line, STORY_TEXT_MAX);
        add_value(&clean, lines[count - 1 - i], &line);
        story->errors[i] = bytes_take(&line);
    }
    story->error_count = count;
    alloc_free(block);
}

/* ---- the whole ---- */

struct story *story_new(const struct trial_result *trial,
                        const struct profile *profile, struct mask *mask,
                        bool all)
{
    struct story *story = alloc_zero(1, sizeof *story);

    if (!PROFILE_OPEN(profile, attempt_header))
        story->count_header = profile->attempt_header;
    if (trial->record == NULL)
        return story;
    tell_attempts(story, trial, profile, mask, all);
    story->ending = tell_ending(trial->record, mask);
    tell_errors(story, trial->record->outcome.err_tail, mask);
    return story;
}

void story_free(struct story *story)
{
    for (size_t i = 0; i < story->count; i++)
        story_attempt_clear(&story->attempts[i]);
    for (size_t i = 0; i < story->error_count; i++)
        alloc_free(story->errors[i]);
    alloc_free(story->attempts);
    alloc_free(story->errors);
    alloc_free(story->ending);
    alloc_free(story);
}

/* ---- findings ---- */

unsigned story_finding_attempt(const struct finding *finding)
{
    char   named[32];
    size_t length =
        (size_t)snprintf(named, sizeof named, "attempt %u", finding->attempt);

    if (strncasecmp(finding->text, named, length) == 0 &&
        !isdigit((unsigned char)finding->text[length]))
        return 0;
    return finding->attempt;
}

const char *story_finding_level(const struct finding *finding)
{
    return finding->rule ? rule_level_text(finding->rule->level) : "MUST";
}

const char *story_finding_sentence(char buffer[RULE_SENTENCE_MAX],
                                   const struct finding *finding,
                                   const struct profile *profile)
{
    return finding->rule ? rule_sentence(buffer, finding->rule, profile)
                         : story_other_sentence(finding->subject);
}

const char *story_other_sentence(const char *subject)
{
    if (strcmp(subject, "expect") == 0)
        return "What the scenario itself expects holds.";
    return "The client keeps the client contract.";
}
