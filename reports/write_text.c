/* SPDX-License-Identifier: Apache-2.0 */
/* The report on the terminal and in a pipe. Read from the bottom: the last
 * line says how it ended, above it stand the broken rules, worst first, then
 * the table, and on top the trials that failed, each with its time line. */

#include "common/alloc.h"
#include "common/text.h"
#include "reports/page.h"
#include "reports/statistics.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LABEL = 10,        /* columns of a label in the head */
    RULE_ID = 11,      /* ... of a rule's id */
    RULE_LEVEL = 10,   /* ... of its level */
    LEVEL_WIDTH_MIN = 60, /* a narrower page has no room for the level */
    FAILURES_TOLD = 25,   /* in full; a broken client breaks hundreds */
    OTHERS_TOLD = 25,     /* of a part of a suite: a line each */
    REASONS_TOLD = 25,    /* why trials were not exercised */
    LEFT_TOLD = 5,        /* of trials that left a process */
};

/* ---- the head ---- */

static void labelled(struct report_view *view, const char *label,
                     const char *text)
{
    page_left(&view->page, INK_DIM, LABEL, label);
    view_wrap(view, INK_NONE, LABEL, LABEL, text);
}

static void print_profile(struct report_view *view)
{
    const struct tally *tally = view->tally;
    char               *text;

    if (tally->difference_count == 0)
        text = alloc_format("%s, as published", view->run->profile_base.name);
    else
        text = alloc_format(
            "%s, but for %zu value%s:", view->run->profile_base.name,
            tally->difference_count, tally->difference_count == 1 ? "" : "s");
    labelled(view, "profile", text);
    alloc_free(text);
    for (size_t i = 0; i < tally->difference_count; i++) {
        const struct difference *difference = &tally->differences[i];

        text = alloc_format("%s = %s (published: %s)", difference->name,
                            difference->own, difference->published);
        page_spaces(&view->page, LABEL + 2);
        view_wrap(view, INK_YELLOW, LABEL + 2, LABEL + 4, text);
        alloc_free(text);
    }
}

static void print_head(struct report_view *view)
{
    const struct run *run = view->run;
    char              number[64];

    labelled(view, "client", run->client ? run->client : "(not said)");
    if (run->command != NULL &&
        (run->client == NULL || strcmp(run->client, run->command) != 0))
        labelled(view, "command", run->command);
    print_profile(view);
    snprintf(number, sizeof number, "%" PRIu64, run->seed);
    labelled(view, "seed", number);
    labelled(view, "clock", run->clock ? run->clock : "(not said)");
    snprintf(number, sizeof number, "%u trial%s", run->jobs,
             run->jobs == 1 ? "" : "s");
    labelled(view, "at once",
             run->jobs > 0 ? number : "as many trials as the machine bears");
    if (view->tally->proofs != NULL)
        labelled(view, "faults", view->tally->proofs);
    if (run->strict)
        labelled(view, "strict", "advice counts as failure");
    bytes_add(view->page.out, "\n");
}

/* ---- the trials ---- */

static bool is_told(const struct run *run, const struct trial_result *trial)
{
    return trial_result_kind(run, trial) == VERDICT_FAIL &&
           trial_result_blocks(run, trial);
}

static void print_one_line(struct report_view        *view,
                           const struct trial_result *trial)
{
    enum verdict_kind kind = trial_result_kind(view->run, trial);
    bool              known = trial_result_known(view->run, trial);
    char              wall[TEXT_DURATION_MAX];
    char             *text;

    page_left(&view->page,
              kind == VERDICT_PASS             ? INK_GREEN
              : kind == VERDICT_FAIL && !known ? INK_RED
                                               : INK_YELLOW,
              14, known ? "known" : verdict_name(kind));
    if (kind == VERDICT_NOT_EXERCISED)
        text =
            alloc_format("%s  (%s)", trial->plan->id, trial->verdict->reason);
    else
        text = alloc_format("%s  %s", trial->plan->id,
                            text_from_duration(wall, trial->wall_ns));
    view_wrap(view, INK_NONE, 14, 16, text);
    alloc_free(text);
}

static void print_failures(struct report_view *view)
{
    const struct run *run = view->run;
    size_t            told = 0;
    size_t            rest = 0;

    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial_result *trial = &run->trials[i];

        if (!is_told(run, trial))
            continue;
        if (told == FAILURES_TOLD && !view->options->verbose) {
            rest++;
            continue;
        }
        report_trial(trial, run, view->options, view->page.out);
        bytes_add(view->page.out, "\n");
        told++;
    }
    if (rest > 0)
        page_format(&view->page, INK_DIM,
                    "... and %zu failed trials more (-v tells all)\n\n", rest);
}

/* The report of one trial alone is that trial. */
static bool is_of_one(const struct run *run)
{
    return !run->whole && run->trial_count == 1;
}

static bool tells_others(const struct report_view *view)
{
    const struct run *run = view->run;

    return view->options->verbose ||
           (!run->whole && run->trial_count <= OTHERS_TOLD);
}

/* What did not fail: the one trial there is, or a line each. */
static void print_others(struct report_view *view)
{
    bool any = false;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];

        if (is_told(view->run, trial) || !tells_others(view))
            continue;
        any = true;
        if (is_of_one(view->run)) {
            report_trial(trial, view->run, view->options, view->page.out);
            continue;
        }
        print_one_line(view, trial);
        if (view->options->verbose)
            statistics_print(&view->page, trial->verdict);
    }
    if (any)
        bytes_add(view->page.out, "\n");
}

/* ---- the rules ---- */

static enum ink state_ink(const struct rule_total *total)
{
    if (total->breached > 0)
        return INK_RED_BOLD;
    if (total->known > 0 || total->advised > 0)
        return INK_YELLOW;
    return total->exercised > 0 ? INK_GREEN : INK_DIM;
}

static void print_rule_name(struct report_view *view, enum ink ink,
                            const char *id, const char *level)
{
    page_left(&view->page, ink, RULE_ID, id);
    if (view->page.width >= LEVEL_WIDTH_MIN)
        page_left(&view->page, INK_DIM, RULE_LEVEL, level);
}

static void print_state(struct report_view      *view,
                        const struct rule_total *total)
{
    char *state = tally_rule_state(total);

    page_add(&view->page, state_ink(total), state);
    bytes_add(view->page.out, "\n");
    alloc_free(state);
}

static void print_rule_line(struct report_view *view, const struct rule *rule)
{
    const struct rule_total *total = &view->tally->rules[rule_index(rule)];
    enum ink name_ink = total->exercised > 0 ? INK_NONE : INK_DIM;
    char     count[TALLY_COUNT_MAX];

    print_rule_name(view, name_ink, rule->id, rule_level_text(rule->level));
    if (total->exercised > 0)
        page_format(&view->page, INK_NONE, "%12s  ",
                    tally_count(count, total->exercised, "trial"));
    else
        page_spaces(&view->page, 14);
    print_state(view, total);
}

/* All that broke though no rule has its number. */
static void print_other_subjects(struct report_view *view)
{
    for (size_t i = 0; i < TALLY_OTHERS; i++) {
        const struct other_breach *other = &view->tally->others[i];
        struct rule_total          total = {.breached = other->breached,
                                            .known = other->known};

        if (other->breached + other->known == 0)
            continue;
        print_rule_name(view, INK_NONE, other->subject, "MUST");
        page_spaces(&view->page, 14);
        print_state(view, &total);
    }
}

/* Of a part of a suite those that it exercised. */
static void print_rules(struct report_view *view)
{
    bool   all = view->run->whole || view->options->verbose;
    size_t left_out = 0;
    char   count[TALLY_COUNT_MAX];

    page_add(&view->page, INK_BOLD, "Rules\n");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (all || view->tally->rules[i].exercised > 0)
            print_rule_line(view, &rule_table[i]);
        else
            left_out++;
    }
    print_other_subjects(view);
    if (left_out > 0)
        page_format(&view->page, INK_DIM, "%s not exercised (-v: which)\n",
                    tally_count(count, left_out, "rule"));
    bytes_add(view->page.out, "\n");
}

/* ---- what else must not be overlooked ---- */

static void print_lacks(struct report_view *view)
{
    const struct tally *tally = view->tally;
    char                count[TALLY_COUNT_MAX];

    if (tally->lack_count == 0)
        return;
    page_format(&view->page, INK_BOLD, "Not exercised: %s, for want of\n",
                tally_count(count, tally->totals.lacking, "trial"));
    for (size_t i = 0; i < tally->lack_count; i++) {
        page_format(&view->page, INK_NONE, "%6u  ", tally->lacks[i].trials);
        page_wrap(&view->page, INK_NONE, 8, 10, tally->lacks[i].capability);
    }
    bytes_add(view->page.out, "\n");
}

/* What the lists at the end are of. */
enum listed {
    LISTED_UNEXERCISED,
    LISTED_KNOWN,
    LISTED_UNEXPECTED,
    LISTED_INCONCLUSIVE,
    LISTED_BROKEN
};

static bool belongs(const struct run *run, const struct trial_result *trial,
                    enum listed listed)
{
    enum verdict_kind kind = trial_result_kind(run, trial);

    switch (listed) {
    case LISTED_UNEXERCISED:
        return kind == VERDICT_NOT_EXERCISED &&
               trial_result_lacks(trial) == NULL;
    case LISTED_KNOWN:
        return trial_result_known(run, trial);
    case LISTED_UNEXPECTED:
        return trial->unexpected_pass;
    case LISTED_INCONCLUSIVE:
        return kind == VERDICT_INCONCLUSIVE;
    case LISTED_BROKEN:
        return kind == VERDICT_BROKEN;
    }
    assert(false); /* a list of nothing */
    return false;
}

static const char *reason_of(const struct trial_result *trial)
{
    if (trial->known_failure != NULL)
        return trial->known_failure;
    if (trial->verdict != NULL && trial->verdict->reason != NULL)
        return trial->verdict->reason;
    return trial->verdict && trial->verdict->finding_count > 0
               ? trial->verdict->findings[0].text
               : "no reason was given";
}

static void print_item(struct report_view *view, enum ink ink,
                       const struct trial_result *trial, const char *text)
{
    page_spaces(&view->page, 2);
    view_wrap(view, ink, 2, 4, trial->plan->id);
    page_spaces(&view->page, 4);
    view_wrap(view, INK_NONE, 4, 6, text);
}

/* Each trial of a kind, with its reason; at most so many. */
static void print_list(struct report_view *view, enum ink ink,
                       const char *title, size_t most, enum listed listed)
{
    size_t count = 0;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];

        if (!belongs(view->run, trial, listed))
            continue;
        if (count++ == 0)
            page_wrap(&view->page, INK_BOLD, 0, 2, title);
        if (count <= most)
            print_item(view, ink, trial, reason_of(trial));
    }
    if (count > most)
        page_format(&view->page, INK_DIM, "  ... and %zu more (-v: all)\n",
                    count - most);
    if (count > 0)
        bytes_add(view->page.out, "\n");
}

static const char *left_by(const struct run          *run,
                           const struct trial_result *trial)
{
    return trial_result_kind(run, trial) == VERDICT_PASS &&
                   trial->record != NULL
               ? trial->record->outcome.left
               : NULL;
}

/* Clients that passed and left a process behind: most often it is the same one
 * in each trial. */
static void print_left(struct report_view *view)
{
    unsigned count = 0;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];
        const char                *left = left_by(view->run, trial);

        if (left == NULL || count++ >= LEFT_TOLD)
            continue;
        if (count == 1)
            page_wrap(&view->page, INK_BOLD, 0, 2,
                      "Passed, and left running when the client exited");
        print_item(view, INK_YELLOW, trial, left);
    }
    if (count > LEFT_TOLD)
        page_format(&view->page, INK_DIM, "  ... and in %u trials more\n",
                    count - LEFT_TOLD);
    if (count > 0)
        bytes_add(view->page.out, "\n");
}

static void print_lists(struct report_view *view)
{
    size_t all = view->run->trial_count;

    if (is_of_one(view->run))
        return; /* it is there, with its reason */
    print_lacks(view);
    print_list(view, INK_YELLOW, "Not exercised for another reason",
               view->options->verbose ? all : REASONS_TOLD, LISTED_UNEXERCISED);
    print_left(view);
    print_list(view, INK_YELLOW, "Known failures", all, LISTED_KNOWN);
    print_list(view, INK_RED,
               "Passed, but expected to fail (take them off the list)", all,
               LISTED_UNEXPECTED);
    print_list(view, INK_YELLOW, "Inconclusive", all, LISTED_INCONCLUSIVE);
    print_list(view, INK_RED, "Broken (the scenario's fault, or Retrial's own)",
               all, LISTED_BROKEN);
}

/* ---- the end ---- */

static void print_broken(struct report_view *view, const struct broken *broken)
{
    char count[TALLY_COUNT_MAX];

    page_spaces(&view->page, 2);
    print_rule_name(view, INK_RED_BOLD, broken->name, broken->level);
    page_add(&view->page, INK_NONE,
             tally_count(count, broken->breached, "trial"));
    if (broken->named > 0 && broken->named < broken->breached)
        page_format(&view->page, INK_DIM, " (%u there for it)", broken->named);
    bytes_add(view->page.out, "\n");
    page_spaces(&view->page, 2 + RULE_ID);
    page_wrap(&view->page, INK_NONE, 2 + RULE_ID, 2 + RULE_ID,
              broken->sentence);
}

static void print_broken_rules(struct report_view *view)
{
    const struct tally *tally = view->tally;

    if (tally->broken_count == 0)
        return;
    page_add(&view->page, INK_BOLD, "Broken rules, worst first:\n");
    for (size_t i = 0; i < tally->broken_count; i++)
        print_broken(view, &tally->broken[i]);
    bytes_add(view->page.out, "\n");
}

static void write_text(struct report_view *view)
{
    print_head(view);
    print_failures(view);
    print_others(view);
    print_rules(view);
    print_lists(view);
    print_broken_rules(view);
    page_add(&view->page,
             run_certified(view->run) ? INK_GREEN_BOLD : INK_RED_BOLD,
             view->tally->summary);
    bytes_add(view->out, "\n");
}

const struct report_writer writer_text = {
    .name = "text",
    .about = "for people: failures on a time line, the rules, the outcome",
    .write = write_text,
};
