/* SPDX-License-Identifier: Apache-2.0 */
/* One page to open or to keep: no script, nothing loaded from elsewhere.
 *
 * templates/report.html holds the frame, with a {{word}} where each part
 * goes; the parts are written here, one function each, and named in one
 * table. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/embedded.h"
#include "common/text.h"
#include "common/version.h"
#include "reports/html.h"
#include "reports/html_trial.h"
#include "reports/story.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

extern const struct embedded report_templates[];
extern const size_t          report_templates_count;

enum {
    FAILURES_TOLD = 200, /* with their time lines */
    FAILURES_OPEN = 5,   /* of these, unfolded */
    OTHERS_TOLD = 1000,
    LINKS_SHOWN = 60, /* of a rule to its trials */
};

static const char *template_text(const char *name)
{
    for (size_t i = 0; i < report_templates_count; i++)
        if (strcmp(report_templates[i].name, name) == 0)
            return report_templates[i].text;
    assert(false);
    return "";
}

/* ---- the head ---- */

static void part_title(struct report_view *view)
{
    html_foreign(view, "", view->run->client, "");
    bytes_add(view->out, run_certified(view->run)
                             ? " is certified - Retrial"
                             : " is not certified - Retrial");
}

static void part_style(struct report_view *view)
{
    bytes_add(view->out, template_text("style.css"));
}

static void part_head(struct report_view *view)
{
    bool certified = run_certified(view->run);

    html_foreign(view, "<p class=\"over\">Retrial</p>\n<h1>", view->run->client,
                 "");
    bytes_format(view->out, "</h1>\n<div class=\"seal %s\">%s</div>\n",
                 certified ? "pass" : "fail",
                 certified ? "\xe2\x9c\x93 Certified"
                           : "\xe2\x9c\x97 Not certified");
}

static void add_tile(struct report_view *view, const char *look, size_t count,
                     const char *label)
{
    bytes_format(view->out,
                 "<div class=\"tile %s\"><b>%zu</b><span>%s</span></div>\n",
                 count > 0 ? look : "", count, label);
}

static void part_tiles(struct report_view *view)
{
    const struct totals *totals = &view->tally->totals;
    const unsigned      *by = totals->by_verdict;
    char                 text[TEXT_DURATION_MAX];

    bytes_add(view->out, "<section class=\"tiles\">\n");
    add_tile(view, "", totals->trials, "trials");
    add_tile(view, "pass", by[VERDICT_PASS], "passed");
    add_tile(view, "fail", by[VERDICT_FAIL], "failed");
    if (by[VERDICT_BROKEN] > 0)
        add_tile(view, "fail", by[VERDICT_BROKEN], "broken");
    if (by[VERDICT_INCONCLUSIVE] > 0)
        add_tile(view, "warn", by[VERDICT_INCONCLUSIVE], "inconclusive");
    if (totals->unexpected_passes > 0)
        add_tile(view, "fail", totals->unexpected_passes, "unexpected");
    add_tile(view, "warn", totals->known_failures, "known failures");
    add_tile(view, "unexercised", by[VERDICT_NOT_EXERCISED], "not exercised");
    add_tile(view, "", totals->attempts, "attempts");
    bytes_format(view->out,
                 "<div class=\"tile\"><b>%s</b><span>wall</span></div>\n",
                 text_from_duration(text, view->run->wall_ns));
    bytes_format(view->out,
                 "<div class=\"tile\"><b>%s</b><span>of waits</span></div>\n",
                 text_from_duration(text, view->tally->waits_ns));
    bytes_add(view->out, "</section>");
}

static void add_fact(struct report_view *view, const char *name,
                     const char *text)
{
    bytes_format(view->out, "<dt>%s</dt><dd>", name);
    html_foreign(view, "", text, "</dd>\n");
}

static void add_profile(struct report_view *view)
{
    const struct tally *tally = view->tally;

    html_foreign(view, "<dt>Profile</dt><dd>", view->run->profile_base.name,
                 "");
    bytes_add(view->out, tally->difference_count == 0 ? ", as published"
                                                      : ", but for<ul>\n");
    for (size_t i = 0; i < tally->difference_count; i++) {
        html_foreign(view, "<li><code>", tally->differences[i].name, " = ");
        html_foreign(view, "", tally->differences[i].own, "");
        html_foreign(view, "</code> <span class=\"level\">published: ",
                     tally->differences[i].published, "</span></li>\n");
    }
    bytes_add(view->out,
              tally->difference_count == 0 ? "</dd>\n" : "</ul></dd>\n");
}

static void part_facts(struct report_view *view)
{
    const struct run *run = view->run;
    struct tm         started = view_started(view);
    char              text[64];

    bytes_add(view->out, "<dl class=\"facts\">\n");
    if (run->command != NULL)
        add_fact(view, "Command", run->command);
    add_profile(view);
    snprintf(text, sizeof text, "%" PRIu64, run->seed);
    add_fact(view, "Seed", text);
    add_fact(view, "Clock", run->clock);
    snprintf(text, sizeof text, "%u", run->jobs);
    add_fact(view, "Trials at once",
             run->jobs > 0 ? text : "as many as the machine bears");
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &started);
    add_fact(view, "Started", text);
    if (run->strict)
        add_fact(view, "Strict", "advice counts as failure");
    bytes_add(view->out, "</dl>");
}

/* ---- what broke ---- */

static void add_broken(struct report_view *view, const struct broken *broken)
{
    char text[TALLY_COUNT_MAX];

    if (broken->rule != NULL)
        bytes_format(view->out, "<li><span><a class=\"id\" href=\"#%s\">%s</a>",
                     broken->name, broken->name);
    else
        bytes_format(view->out, "<li><span><span class=\"id\">%s</span>",
                     broken->name);
    bytes_format(view->out,
                 "<span class=\"level\">%s</span></span><span "
                 "class=\"sentence\">",
                 broken->level);
    html_add(view->out, broken->sentence);
    bytes_format(view->out, "</span><span class=\"many\"><b>%s</b>",
                 tally_count(text, broken->breached, "trial"));
    if (broken->named > 0)
        bytes_format(view->out, "<br>%u there to exercise it", broken->named);
    bytes_add(view->out, "</span></li>\n");
}

static void part_broken(struct report_view *view)
{
    const struct tally *tally = view->tally;

    if (tally->broken_count == 0)
        return;
    bytes_add(view->out, "<h2>Broken rules <small>worst first</small></h2>\n"
                         "<ol class=\"broken\">\n");
    for (size_t i = 0; i < tally->broken_count; i++)
        add_broken(view, &tally->broken[i]);
    bytes_add(view->out, "</ol>");
}

/* The trials that count against the client, or all others. */
static void add_trials(struct report_view *view, bool blocking, size_t most,
                       size_t open, const char *title)
{
    size_t told = 0;
    size_t rest = 0;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        if (trial_result_blocks(view->run, &view->run->trials[i]) != blocking)
            continue;
        if (told == most) {
            rest++;
            continue;
        }
        if (told == 0)
            bytes_format(view->out, "<h2>%s</h2>\n", title);
        html_trial_add(view, i, told < open);
        told++;
    }
    if (rest > 0)
        bytes_format(view->out, "<p class=\"summary\">... and %zu more.</p>",
                     rest);
}

static void part_failures(struct report_view *view)
{
    add_trials(view, true, FAILURES_TOLD, FAILURES_OPEN,
               "Trials that count against it");
}

/* ---- the rest ---- */

static void part_notes(struct report_view *view)
{
    const struct tally *tally = view->tally;

    if (tally->lack_count == 0)
        return;
    bytes_add(view->out, "<h2>Not exercised <small>what is lacking"
                         "</small></h2>\n<table class=\"lacks\">\n");
    for (size_t i = 0; i < tally->lack_count; i++) {
        char text[TALLY_COUNT_MAX];

        bytes_add(view->out, "<tr><td class=\"mono\">");
        html_add(view->out, tally->lacks[i].capability);
        bytes_format(view->out, "</td><td>%s</td></tr>\n",
                     tally_count(text, tally->lacks[i].trials, "trial"));
    }
    bytes_add(view->out, "</table>");
}

/* The scenarios that are there for a rule: from each rule to its proof. */
static void add_links(struct report_view *view, const struct rule *rule)
{
    size_t count = 0;

    for (size_t i = 0; i < view->run->trial_count; i++)
        count += plan_names_rule(view->run->trials[i].plan, rule);
    if (count == 0)
        return;
    bytes_format(view->out,
                 "<details><summary>%zu scenario%s there to exercise it"
                 "</summary>",
                 count, count == 1 ? "" : "s");
    count = 0;
    for (size_t i = 0; i < view->run->trial_count && count < LINKS_SHOWN; i++) {
        if (!plan_names_rule(view->run->trials[i].plan, rule))
            continue;
        bytes_format(view->out, "<a href=\"#t%zu\">", i);
        html_foreign(view, "", view->run->trials[i].plan->id, "</a> ");
        count++;
    }
    bytes_add(view->out, count == LINKS_SHOWN ? "...</details>" : "</details>");
}

static void add_rule(struct report_view *view, const struct rule *rule)
{
    const struct rule_total *total = &view->tally->rules[rule_index(rule)];
    char                    *state = tally_rule_state(total);
    const char              *look = "";

    if (total->breached > 0)
        look = "fail";
    else if (total->known > 0 || total->advised > 0)
        look = "warn";
    else if (total->exercised > 0)
        look = "pass";
    bytes_format(view->out,
                 "<tr id=\"%s\"%s><td><span class=\"id\">%s</span></td>"
                 "<td class=\"level\">%s</td><td><span class=\"sentence\">",
                 rule->id, total->exercised > 0 ? "" : " class=\"idle\"",
                 rule->id, rule_level_text(rule->level));
    html_add(view->out, view->tally->sentences[rule_index(rule)]);
    html_put(view->out, "</span><span class=\"source\">", rule->source,
             "</span>");
    add_links(view, rule);
    bytes_format(view->out,
                 "</td><td class=\"num\">%u</td><td><span class=\"pill %s\">"
                 "%s</span></td></tr>\n",
                 total->exercised, look, state);
    alloc_free(state);
}

static void part_rules(struct report_view *view)
{
    const char *section = "";

    bytes_add(view->out,
              "<h2>Rules <small>and the trials that judged them</small></h2>\n"
              "<div class=\"scroll\"><table class=\"rules\"><thead><tr>"
              "<th>rule</th><th>level</th><th>what must hold</th>"
              "<th class=\"num\">trials</th><th>state</th></tr></thead>"
              "<tbody>\n");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (strcmp(section, rule_table[i].section) != 0) {
            section = rule_table[i].section;
            bytes_format(view->out,
                         "<tr class=\"section\"><td colspan=\"5\">%s</td>"
                         "</tr>\n",
                         section);
        }
        add_rule(view, &rule_table[i]);
    }
    bytes_add(view->out, "</tbody></table></div>");
}

static void part_trials(struct report_view *view)
{
    add_trials(view, false, OTHERS_TOLD, 0, "All other trials");
}

static void part_foot(struct report_view *view)
{
    html_add(view->out, view->tally->summary);
    bytes_format(view->out, "<br>Retrial %s. %s", RETRIAL_VERSION,
                 view->mask.show ? "This page shows credentials."
                                 : "Credentials are masked.");
}

/* ---- the page ---- */

/* clang-format off */
static const struct {
    const char *word;
    void (*write)(struct report_view *view);
} parts[] = {
    {"title", part_title},   {"style", part_style},
    {"head", part_head},     {"tiles", part_tiles},
    {"facts", part_facts},   {"broken", part_broken},
    {"failures", part_failures}, {"notes", part_notes},
    {"rules", part_rules},   {"trials", part_trials},
    {"foot", part_foot},
};
/* clang-format on */

static void write_part(struct report_view *view, const char *word,
                       size_t length)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strlen(parts[i].word) == length &&
            memcmp(parts[i].word, word, length) == 0) {
            parts[i].write(view);
            return;
        }
    assert(false); /* a word of the template that nobody writes */
}

static void write_html(struct report_view *view)
{
    const char *at = template_text("report.html");
    const char *open;

    while ((open = strstr(at, "{{")) != NULL) {
        const char *close = strstr(open, "}}");

        assert(close != NULL);
        bytes_append(view->out, at, (size_t)(open - at));
        write_part(view, open + 2, (size_t)(close - open - 2));
        at = close + 2;
    }
    bytes_add(view->out, at);
}

const struct report_writer writer_html = {
    .name = "html",
    .about = "one page to open, with every attempt on a time line",
    .write = write_html,
};
