/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html_trial.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"
#include "reports/html.h"
#include "reports/mask.h"
#include "reports/raw.h"
#include "reports/statistics.h"
#include "reports/story.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { FINDINGS_SHOWN = 40, REMARKS_SHOWN = 5 };

/* ---- the head, which is there when all else is folded ---- */

static void add_pill(struct report_view *view)
{
    const struct run          *run = view->run;
    const struct trial_result *trial = view->trial;
    enum verdict_kind          kind = trial_result_kind(run, trial);
    const char                *look = "warn";
    const char                *name = verdict_name(kind);

    if (trial->unexpected_pass) {
        look = "fail";
        name = "unexpected pass";
    } else if (trial_result_known(run, trial)) {
        name = "known failure";
    } else if (kind == VERDICT_PASS) {
        look = "pass";
    } else if (kind == VERDICT_FAIL || kind == VERDICT_BROKEN) {
        look = "fail";
    } else if (kind == VERDICT_NOT_EXERCISED) {
        look = "unexercised";
    }
    bytes_format(view->out, "<span class=\"pill %s\">%s</span>", look, name);
}

/* What there is to say in half a line. */
static void add_why(struct report_view *view)
{
    const struct trial_result *trial = view->trial;
    const struct verdict      *verdict = trial->verdict;
    struct bytes              *out = view->out;

    bytes_add(out, "<span class=\"why\">");
    if (verdict != NULL && verdict->reason != NULL) {
        html_foreign(view, "", verdict->reason, "");
    } else if (verdict != NULL && verdict->finding_count > 0) {
        html_foreign(view, "", verdict->findings[0].subject, ": ");
        html_foreign(view, "", verdict->findings[0].text, "");
    } else if (trial->record != NULL) {
        char wall[TEXT_DURATION_MAX];

        bytes_format(out, "%zu attempt%s, %s", trial->record->attempt_count,
                     trial->record->attempt_count == 1 ? "" : "s",
                     text_from_duration(wall, trial->wall_ns));
    }
    bytes_add(out, "</span>");
}

static void add_note(struct report_view *view, const char *look,
                     const char *label, const char *text)
{
    bytes_format(view->out, "<p class=\"note %s\">%s", look, label);
    html_foreign(view, "", text, "</p>\n");
}

static void add_notes(struct report_view *view)
{
    const struct trial_result *trial = view->trial;
    char *place = alloc_format("%s:%d", trial->plan->file, trial->plan->line);

    html_foreign(view, "<p class=\"place\">", place, "</p>\n");
    alloc_free(place);
    if (trial->plan->about != NULL) {
        html_foreign(view, "<p class=\"about\">", trial->plan->about, "</p>\n");
    }
    if (trial->verdict != NULL && trial->verdict->reason != NULL)
        add_note(view, "", "", trial->verdict->reason);
    if (trial->unexpected_pass)
        add_note(view, "fail",
                 "It passed, but is expected to fail: ", trial->known_failure);
    else if (trial->known_failure != NULL)
        add_note(view, "", "Known failure: ", trial->known_failure);
    if (trial->runs > 1)
        bytes_format(view->out, "<p class=\"note\">It was run %u times.</p>\n",
                     trial->runs);
}

/* ---- the findings ---- */

static void open_finding(struct report_view   *view,
                         const struct finding *finding)
{
    char buffer[RULE_SENTENCE_MAX];

    bytes_format(view->out, "<div class=\"finding%s\"><p>",
                 finding->kind == FINDING_BREACH ? "" : " warn");
    if (finding->rule != NULL)
        bytes_format(view->out, "<a class=\"id\" href=\"#%s\">%s</a>",
                     finding->rule->id, finding->rule->id);
    else {
        html_foreign(view, "<span class=\"id\">", finding->subject, "</span>");
    }
    bytes_format(view->out, " <span class=\"level\">%s</span> ",
                 story_finding_level(finding));
    html_put(view->out, "",
             story_finding_sentence(buffer, finding, &view->run->profile),
             "</p><ul>\n");
}

static void add_evidence(struct report_view   *view,
                         const struct finding *finding)
{
    bytes_add(view->out, "<li>");
    if (story_finding_attempt(finding) > 0)
        bytes_format(view->out, "<b>Attempt %u:</b> ", finding->attempt);
    html_foreign(view, "", finding->text, "");
    if (finding->kind != FINDING_BREACH)
        bytes_format(view->out, " <span class=\"pill warn\">%s</span>",
                     finding_kind_name(finding->kind));
    html_foreign(view, " <span class=\"by\">", finding->check,
                 "</span></li>\n");
}

static void add_findings(struct report_view *view)
{
    const struct verdict *verdict = view->trial->verdict;
    size_t                count = verdict ? verdict->finding_count : 0;

    for (size_t i = 0; i < count && i < FINDINGS_SHOWN; i++) {
        const struct finding *finding = &verdict->findings[i];
        const struct finding *before = i > 0 ? finding - 1 : NULL;

        if (before != NULL &&
            (before->rule != finding->rule || before->kind != finding->kind ||
             strcmp(before->subject, finding->subject) != 0))
            bytes_add(view->out, "</ul></div>\n");
        else if (before != NULL) {
            add_evidence(view, finding);
            continue;
        }
        open_finding(view, finding);
        add_evidence(view, finding);
    }
    if (count > 0)
        bytes_add(view->out, "</ul></div>\n");
    if (count > FINDINGS_SHOWN)
        bytes_format(view->out,
                     "<p class=\"ended\">... and %zu findings "
                     "more.</p>\n",
                     count - FINDINGS_SHOWN);
}

/* ---- the time line ---- */

/* In percent of the bar, whose ends are left free for half a dot. */
static double percent_of(const struct story *story, int64_t at_ns)
{
    double place =
        story->span_ns > 0 ? (double)at_ns / (double)story->span_ns : 0;

    if (place < 0)
        place = 0;
    return 1.5 + (place > 1 ? 1 : place) * 97;
}

static void add_bar(struct report_view *view, const struct story *story,
                    const struct story_attempt *told)
{
    double start = percent_of(story, told->start_ns);
    double end = percent_of(story, told->end_ns);
    bool   delivered = told->answered[0] == '2' || told->answered[0] == '3';

    bytes_format(view->out, "<svg class=\"bar%s\" aria-hidden=\"true\">",
                 told->blame == BLAME_BREACH   ? " bad"
                 : told->blame == BLAME_ADVICE ? " advised"
                 : delivered                   ? " ok"
                                               : "");
    if (told->wait_ns != TIME_NEVER)
        bytes_format(view->out,
                     "<line class=\"wait\" x1=\"%.2f%%\" x2=\"%.2f%%\" "
                     "y1=\"8\" y2=\"8\"/>",
                     end, percent_of(story, told->end_ns + told->wait_ns));
    if (end - start > 0.3)
        bytes_format(view->out,
                     "<rect class=\"served\" x=\"%.2f%%\" width=\"%.2f%%\" "
                     "y=\"5\" height=\"6\" rx=\"2\"/>",
                     start, end - start);
    bytes_format(view->out, "<circle cx=\"%.2f%%\" cy=\"8\" r=\"5\"/></svg>",
                 start);
}

static void add_cell(struct report_view *view, const char *look,
                     const char *text)
{
    bytes_format(view->out, "<td class=\"%s\" title=\"", look);
    html_add(view->out, text);
    html_put(view->out, "\">", text, "</td>");
}

static void add_attempt(struct report_view *view, const struct story *story,
                        const struct story_attempt *told)
{
    struct bytes *out = view->out;
    char          text[TEXT_DURATION_MAX];

    if (told->skipped_before)
        bytes_add(out, "<tr class=\"gone\"><td colspan=\"9\">attempts left "
                       "out</td></tr>\n");
    bytes_format(out, "<tr%s><td class=\"num\">%u</td>",
                 told->blame == BLAME_BREACH   ? " class=\"blamed\""
                 : told->blame == BLAME_ADVICE ? " class=\"blamed advised\""
                                               : "",
                 told->number);
    bytes_format(out, "<td class=\"num\">%s</td>",
                 text_from_duration(text, told->start_ns));
    bytes_format(out, "<td class=\"muted\">c%u</td>", told->connection);
    if (story->has_other_routes)
        add_cell(view, "mono", told->request);
    if (story->count_header != NULL)
        add_cell(view, "mono", told->count);
    add_cell(view, "mono", told->credentials);
    add_cell(view, "mono", told->answered);
    bytes_format(out, "<td class=\"num\">%s</td><td class=\"axis\">",
                 told->wait_ns == TIME_NEVER
                     ? ""
                     : text_from_duration(text, told->wait_ns));
    add_bar(view, story, told);
    bytes_add(out, "</td></tr>\n");
}

static void add_timeline(struct report_view *view, const struct story *story)
{
    char span[TEXT_DURATION_MAX];

    if (story->count == 0)
        return;
    bytes_add(view->out,
              "<div class=\"scroll\"><table class=\"times\"><thead><tr>"
              "<th class=\"num\">#</th><th class=\"num\">at</th>"
              "<th>conn</th>");
    if (story->has_other_routes)
        bytes_add(view->out, "<th>request</th>");
    if (story->count_header != NULL)
        html_put(view->out, "<th>", story->count_header, "</th>");
    bytes_format(view->out,
                 "<th>credentials</th><th>answered</th>"
                 "<th class=\"num\">wait</th><th class=\"axis\"><span>0</span>"
                 "<span>%s</span></th></tr></thead><tbody>\n",
                 text_from_duration(span, story->span_ns));
    for (size_t i = 0; i < story->count; i++)
        add_attempt(view, story, &story->attempts[i]);
    bytes_add(view->out, "</tbody></table></div>\n");
}

/* What a right client could be late by, there and then. */
static void add_noise(struct report_view *view)
{
    const struct record *record = view->trial->record;
    const struct noise  *noise = record ? &record->noise : NULL;
    char                 bound[TEXT_DURATION_MAX];
    char                 p50[TEXT_DURATION_MAX];
    char                 p999[TEXT_DURATION_MAX];
    char                 max[TEXT_DURATION_MAX];

    if (noise == NULL || noise->ticks == 0)
        return;
    bytes_format(view->out,
                 "<p class=\"ended\"><span>noise</span>%s is added to upper "
                 "bounds; p50 %s, p99.9 %s, most %s of %u control exchanges",
                 text_from_duration(bound, noise_bound_ns(noise)),
                 text_from_duration(p50, noise->late.p50_ns),
                 text_from_duration(p999, noise->late.p999_ns),
                 text_from_duration(max, noise->late.max_ns), noise->ticks);
    bytes_format(view->out, " (answer %s, %s, %s;",
                 text_from_duration(p50, noise->answer.p50_ns),
                 text_from_duration(p999, noise->answer.p999_ns),
                 text_from_duration(max, noise->answer.max_ns));
    bytes_format(view->out, " beat %s, %s, %s)",
                 text_from_duration(p50, noise->beat.p50_ns),
                 text_from_duration(p999, noise->beat.p999_ns),
                 text_from_duration(max, noise->beat.max_ns));
    if (noise->unjumped_ns > 0)
        bytes_format(view->out, "; not jumped: %s at most",
                     text_from_duration(max, noise->unjumped_ns));
    if (noise->starved_ns > 0)
        bytes_format(view->out,
                     "; it waited for a processor for %s, %s in one piece",
                     text_from_duration(bound, noise->starved_ns),
                     text_from_duration(max, noise->starved_most_ns));
    bytes_add(view->out, "</p>\n");
}

/* What was wrong as it stood on the wire; raw NULL = was not kept. */
static void add_raw(struct report_view *view, unsigned attempt, const char *raw,
                    size_t raw_bytes)
{
    char *line;

    assert(view->trial != NULL);
    if (raw == NULL)
        return;
    line = raw_line(&view->mask, raw, raw_bytes);
    bytes_add(view->out, "<p class=\"ended\"><span>bytes</span>");
    if (attempt > 0)
        bytes_format(view->out, "attempt %u: ", attempt);
    html_put(view->out, "<code>", line, "</code></p>\n");
    alloc_free(line);
}

static void add_wire(struct report_view *view)
{
    const struct record *record = view->trial->record;
    size_t               shown = 0;

    for (size_t i = 0;
         record != NULL && i < record->attempt_count && shown < RAW_SHOWN;
         i++) {
        const struct attempt *attempt = record->attempts[i];

        add_raw(view, attempt->number, attempt->raw, attempt->raw_bytes);
        shown += attempt->raw != NULL;
    }
    for (size_t i = 0;
         record != NULL && i < record->remark_count && i < REMARKS_SHOWN; i++) {
        const struct remark *remark = &record->remarks[i];

        html_foreign(view, "<p class=\"ended\"><span>server</span>",
                     remark->text, "</p>\n");
        add_raw(view, 0, remark->raw, remark->raw_bytes);
    }
}

static void add_client(struct report_view *view, const struct story *story)
{
    if (story->ending != NULL) {
        html_put(view->out, "<p class=\"ended\"><span>client</span>",
                 story->ending, "</p>\n");
    }
    if (story->error_count == 0)
        return;
    bytes_add(view->out, "<pre class=\"stderr\">");
    for (size_t i = 0; i < story->error_count; i++) {
        html_put(view->out, "", story->errors[i], "\n");
    }
    bytes_add(view->out, "</pre>\n");
}

void html_trial_add(const struct report_view *page, size_t number, bool open)
{
    const struct trial_result *trial = &page->run->trials[number];
    struct bytes              *out = page->out;
    struct report_view         view;
    struct story              *story;

    assert(number < page->run->trial_count);
    view_open_trial(&view, page->run, trial, page->options, out);
    story = story_new(trial, &page->run->profile, &view.mask, false);
    bytes_format(out, "<details class=\"trial%s\" id=\"t%zu\"%s><summary>",
                 trial_result_blocks(page->run, trial) ? "" : " quiet", number,
                 open ? " open" : "");
    add_pill(&view);
    bytes_add(out, "<span class=\"id\">");
    html_foreign(&view, "", trial->plan->id, "");
    bytes_add(out, "</span>");
    add_why(&view);
    bytes_add(out, "</summary><div>\n");
    add_notes(&view);
    add_findings(&view);
    statistics_add_html(trial->verdict, out);
    add_timeline(&view, story);
    add_wire(&view);
    add_client(&view, story);
    add_noise(&view);
    bytes_add(out, "</div></details>\n");
    story_free(story);
    mask_clear(&view.mask);
}
