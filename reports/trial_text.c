/* SPDX-License-Identifier: Apache-2.0 */
/* One trial, and one attempt, as people read them. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"
#include "reports/page.h"
#include "reports/raw.h"
#include "reports/report.h"
#include "reports/statistics.h"
#include "reports/story.h"
#include "reports/timeline.h"
#include "reports/view.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { FINDINGS_SHOWN = 12 };

/* ---- the head ---- */

static void print_verdict(struct report_view *view)
{
    enum verdict_kind kind = trial_result_kind(view->run, view->trial);
    char              name[16];
    enum ink          ink = INK_RED_BOLD;

    snprintf(name, sizeof name, "%s", verdict_name(kind));
    for (char *at = name; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    if (kind == VERDICT_PASS)
        ink = INK_GREEN_BOLD;
    else if (kind == VERDICT_NOT_EXERCISED || kind == VERDICT_INCONCLUSIVE)
        ink = INK_YELLOW;
    page_add(&view->page, ink, name);
    page_add(&view->page, INK_NONE, "  ");
}

static void print_place(struct report_view *view)
{
    const struct plan *plan = view->trial->plan;
    char              *id = mask_line(&view->mask, plan->id);
    char              *raw = alloc_format("%s:%d", plan->file, plan->line);
    char              *place = mask_line(&view->mask, raw);
    size_t             used =
        strlen(verdict_name(trial_result_kind(view->run, view->trial))) + 2 +
        page_columns(id);

    page_add(&view->page, INK_BOLD, id);
    if (used + 2 + page_columns(place) <= view->page.width) {
        page_add(&view->page, INK_DIM, "  ");
        page_add(&view->page, INK_DIM, place);
        bytes_add(view->page.out, "\n");
    } else {
        bytes_add(view->page.out, "\n  ");
        page_wrap(&view->page, INK_DIM, 2, 4, place);
    }
    alloc_free(id);
    alloc_free(raw);
    alloc_free(place);
}

static void print_note(struct report_view *view, enum ink ink,
                       const char *label, const char *text)
{
    char *note;

    if (text == NULL)
        return;
    note = alloc_format("%s%s", label, text);
    page_spaces(&view->page, 2);
    view_wrap(view, ink, 2, 4, note);
    alloc_free(note);
}

/* It was not on the clock that most of its run were on. */
static bool clock_differs(const struct run          *run,
                          const struct trial_result *trial)
{
    return trial->record != NULL && trial->record->clock != NULL &&
           run->clock != NULL && strcmp(trial->record->clock, run->clock) != 0;
}

static void print_head(struct report_view *view)
{
    const struct trial_result *trial = view->trial;
    const char                *reason =
        trial->verdict ? trial->verdict->reason : "it has no verdict";

    print_verdict(view);
    print_place(view);
    print_note(view, INK_DIM, "", trial->plan->about);
    print_note(view, INK_YELLOW, "", reason);
    if (trial->unexpected_pass)
        print_note(view, INK_RED,
                   "passed, but is expected to fail: ", trial->known_failure);
    else
        print_note(view, INK_YELLOW, "known failure: ", trial->known_failure);
    if (trial->runs > 1)
        page_format(&view->page, INK_YELLOW, "  it was run %u times\n",
                    trial->runs);
    if (clock_differs(view->run, trial))
        page_format(&view->page, INK_YELLOW, "  on the clock \"%s\"\n",
                    trial->record->clock);
}

/* ---- the findings ---- */

static void print_rule(struct report_view *view, const struct finding *finding)
{
    char *subject = mask_line(&view->mask, finding->subject);
    char *head = alloc_format("%s %s: ", subject, story_finding_level(finding));
    char  buffer[RULE_SENTENCE_MAX];

    page_spaces(&view->page, 2);
    page_add(&view->page,
             finding->kind == FINDING_BREACH ? INK_RED_BOLD : INK_YELLOW, head);
    page_wrap(&view->page, INK_NONE, 2 + page_columns(head), 6,
              story_finding_sentence(buffer, finding, &view->run->profile));
    alloc_free(head);
    alloc_free(subject);
}

static void print_evidence(struct report_view   *view,
                           const struct finding *finding)
{
    struct bytes text;

    bytes_init(&text, REPORT_BYTES_MAX);
    if (story_finding_attempt(finding) > 0)
        bytes_format(&text, "attempt %u: ", finding->attempt);
    mask_add(&view->mask, finding->text, &text);
    if (finding->kind == FINDING_ADVICE)
        bytes_add(&text, " [advice]");
    if (finding->kind == FINDING_NOISE)
        bytes_add(&text, " [inside the measured noise]");
    bytes_add(&text, " (");
    mask_add(&view->mask, finding->check, &text);
    bytes_add(&text, ")");
    page_spaces(&view->page, 4);
    page_wrap(&view->page,
              finding->kind == FINDING_BREACH ? INK_RED : INK_YELLOW, 4, 6,
              bytes_text(&text));
    bytes_clear(&text);
}

static bool same_subject(const struct finding *left,
                         const struct finding *right)
{
    return left->rule == right->rule &&
           strcmp(left->subject ? left->subject : "",
                  right->subject ? right->subject : "") == 0;
}

static void print_findings(struct report_view *view)
{
    const struct verdict *verdict = view->trial->verdict;
    size_t                shown;

    if (verdict == NULL || verdict->finding_count == 0)
        return;
    shown = verdict->finding_count;
    if (!view->options->verbose && shown > FINDINGS_SHOWN)
        shown = FINDINGS_SHOWN;
    bytes_add(view->page.out, "\n");
    for (size_t i = 0; i < shown; i++) {
        const struct finding *finding = &verdict->findings[i];

        if (i == 0 || !same_subject(finding, &verdict->findings[i - 1]))
            print_rule(view, finding);
        print_evidence(view, finding);
    }
    if (shown < verdict->finding_count)
        page_format(&view->page, INK_DIM, "  ... and %zu findings more\n",
                    verdict->finding_count - shown);
}

static void print_statistics(struct report_view *view)
{
    const struct verdict *verdict = view->trial->verdict;

    if (verdict == NULL || verdict->statistic_count == 0)
        return;
    bytes_add(view->page.out, "\n");
    statistics_print(&view->page, verdict);
}

/* ---- what happened ---- */

enum { SAYS = 9, GOES_ON = 11 }; /* columns, behind a label */

static void print_labelled(struct report_view *view, const char *label,
                           const char *text)
{
    assert(page_columns(label) == SAYS);
    page_add(&view->page, INK_DIM, label);
    page_wrap(&view->page, INK_NONE, SAYS, GOES_ON, text);
}

static void print_client(struct report_view *view, const struct story *story)
{
    if (story->ending != NULL) {
        page_add(&view->page, INK_DIM, "  client ");
        page_wrap(&view->page, INK_NONE, SAYS, SAYS, story->ending);
    }
    for (size_t i = 0; i < story->error_count; i++) {
        page_add(&view->page, INK_DIM, i == 0 ? "  stderr " : "         ");
        page_wrap(&view->page, INK_DIM, SAYS, GOES_ON, story->errors[i]);
    }
}

/* What was wrong as it stood on the wire, the first few. */
static void print_raw(struct report_view *view)
{
    const struct record *record = view->trial->record;
    size_t               count = record ? record->attempt_count : 0;
    size_t               shown = 0;

    for (size_t i = 0; i < count && shown < RAW_SHOWN; i++) {
        const struct attempt *attempt = record->attempts[i];
        char                 *text;
        char                 *line;

        if (attempt->raw == NULL)
            continue;
        text = raw_line(&view->mask, attempt->raw, attempt->raw_bytes);
        line = alloc_format("attempt %u: %s", attempt->number, text);
        print_labelled(view, "  bytes  ", line);
        alloc_free(line);
        alloc_free(text);
        shown++;
    }
}

static void print_remark(struct report_view *view, const struct remark *remark)
{
    char  at[TEXT_DURATION_MAX];
    char *text = alloc_format("at %s, connection c%u: %s",
                              text_from_duration(at, remark->at_ns),
                              remark->connection, remark->text);

    page_add(&view->page, INK_DIM, "  server ");
    view_wrap(view, INK_NONE, SAYS, GOES_ON, text);
    alloc_free(text);
    if (remark->raw == NULL)
        return;
    text = raw_line(&view->mask, remark->raw, remark->raw_bytes);
    print_labelled(view, "         ", text);
    alloc_free(text);
}

static void print_remarks(struct report_view *view)
{
    enum { REMARKS_SHOWN = 5 };
    const struct record *record = view->trial->record;
    size_t               count = record ? record->remark_count : 0;

    for (size_t i = 0; i < count && i < REMARKS_SHOWN; i++)
        print_remark(view, &record->remarks[i]);
    if (count > REMARKS_SHOWN)
        page_format(&view->page, INK_DIM, "         ... and %zu more\n",
                    count - REMARKS_SHOWN);
}

void report_trial(const struct trial_result *trial, const struct run *run,
                  const struct report_options *options, struct bytes *out)
{
    struct report_view view;
    struct story      *story;

    view_open_trial(&view, run, trial, options, out);
    story = story_new(trial, &run->profile, &view.mask, options->verbose);
    print_head(&view);
    print_findings(&view);
    print_statistics(&view);
    if (story->count > 0)
        bytes_add(out, "\n");
    timeline_print(&view.page, story);
    print_raw(&view);
    print_remarks(&view);
    print_client(&view, story);
    story_free(story);
    mask_clear(&view.mask);
}

/* ---- one attempt, as `serve` prints it ---- */

void report_attempt_line(const struct attempt        *attempt,
                         const struct profile        *profile,
                         const struct report_options *options,
                         struct bytes                *out)
{
    struct page          page;
    struct mask          mask;
    struct story_attempt told;
    char                 at[TEXT_DURATION_MAX];

    page_open(&page, options, out);
    mask_init(&mask, options->show_secrets);
    mask_learn_attempt(&mask, attempt);
    story_attempt_fill(&told, attempt, NULL, profile, &mask);
    page_format(&page, INK_BOLD, "%4u", told.number);
    page_format(&page, INK_NONE, "  %10s",
                text_from_duration(at, told.start_ns));
    page_format(&page, INK_DIM, "  c%-2u", told.connection);
    page_format(&page, INK_NONE,
                "  %s  count %s  credentials %s  %zu bytes -> ", told.request,
                told.count, told.credentials, attempt->body_bytes);
    page_add(&page,
             attempt->status >= 200 && attempt->status < 400 ? INK_GREEN
                                                             : INK_YELLOW,
             told.answered);
    bytes_add(out, "\n");
    story_attempt_clear(&told);
    mask_clear(&mask);
}
