/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown for a CI job's summary page: the outcome first, then what broke,
 * each failure folded with its time line, then the rules. */

#include "common/alloc.h"
#include "reports/story.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    FAILURES_TOLD = 40,
    TRIALS_LISTED = 40,
    /* GitHub refuses a summary of over 1 MiB; it is cut before that. */
    TOLD_BYTES_MAX = 600 << 10,
    TRIAL_BYTES_MAX = 64 << 10,
};

/* text is clean; what Markdown or HTML would obey becomes an entity, which
 * means itself in both. */
static void add_escaped(struct report_view *view, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_[]|~<>&", *text) != NULL)
            bytes_format(view->out, "&#%d;", *text);
        else
            bytes_append(view->out, text, 1);
    }
}

static void add_masked(struct report_view *view, const char *text)
{
    char *masked = mask_line(&view->mask, text);

    add_escaped(view, masked);
    alloc_free(masked);
}

/* ---- the head ---- */

static void write_head(struct report_view *view)
{
    const struct run   *run = view->run;
    const struct tally *tally = view->tally;

    bytes_format(view->out, "## %s Retrial: ",
                 run_certified(run) ? "\xe2\x9c\x85" : "\xe2\x9d\x8c");
    add_masked(view, run->client);
    bytes_add(view->out, run_certified(run) ? " is certified\n\n"
                                            : " is not certified\n\n");
    add_escaped(view, tally->summary);
    bytes_add(view->out, "\n\nProfile ");
    add_masked(view, run->profile_base.name);
    for (size_t i = 0; i < tally->difference_count; i++) {
        bytes_add(view->out, i == 0 ? ", but " : ", ");
        add_masked(view, tally->differences[i].name);
        bytes_add(view->out, " = ");
        add_masked(view, tally->differences[i].own);
    }
    bytes_format(view->out, "; seed %" PRIu64 "; clock ", run->seed);
    add_masked(view, run->clock);
    bytes_add(view->out, run->strict ? "; strict.\n\n" : ".\n\n");
}

/* ---- what broke ---- */

static void write_broken_rules(struct report_view *view)
{
    const struct tally *tally = view->tally;

    if (tally->broken_count == 0)
        return;
    bytes_add(view->out, "### Broken rules, worst first\n\n"
                         "| rule | level | trials | what must hold |\n"
                         "|---|---|---:|---|\n");
    for (size_t i = 0; i < tally->broken_count; i++) {
        const struct broken *broken = &tally->broken[i];

        bytes_format(view->out, "| **%s** | %s | %u | ", broken->name,
                     broken->level, broken->breached);
        add_escaped(view, broken->sentence);
        bytes_add(view->out, " |\n");
    }
    bytes_add(view->out, "\n");
}

/* A fence longer than any run of backticks inside. */
static void add_fenced(struct report_view *view, const char *text)
{
    size_t longest = 2;

    for (const char *at = text; *at != '\0';) {
        size_t run = strspn(at, "`");

        if (run > longest)
            longest = run;
        at += run > 0 ? run : 1;
    }
    for (size_t i = 0; i <= longest; i++)
        bytes_add(view->out, "`");
    bytes_format(view->out, "text\n%s", text);
    for (size_t i = 0; i <= longest; i++)
        bytes_add(view->out, "`");
    bytes_add(view->out, "\n");
}

static void write_failure(struct report_view        *view,
                          const struct trial_result *trial)
{
    struct report_options plain = {.show_secrets = view->options->show_secrets,
                                   .width = 110};
    struct bytes          text;

    assert(trial_result_blocks(view->run, trial));
    bytes_init(&text, TRIAL_BYTES_MAX);
    report_trial(trial, view->run, &plain, &text);
    if (text.truncated)
        bytes_add(&text, "\n");
    bytes_add(view->out, "<details><summary><b>");
    add_masked(view, trial->plan->id);
    bytes_format(view->out, "</b>: %s",
                 trial->unexpected_pass
                     ? "passed unexpectedly"
                     : verdict_name(trial_result_kind(view->run, trial)));
    for (size_t i = 0;
         trial->verdict != NULL && i < trial->verdict->finding_count && i < 1;
         i++) {
        bytes_add(view->out, ", ");
        add_masked(view, trial->verdict->findings[i].subject);
    }
    bytes_add(view->out, "</summary>\n\n");
    add_fenced(view, bytes_text(&text));
    bytes_add(view->out, "\n</details>\n");
    bytes_clear(&text);
}

static void write_failures(struct report_view *view)
{
    size_t told = 0;
    size_t rest = 0;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];

        if (!trial_result_blocks(view->run, trial))
            continue;
        if (told == FAILURES_TOLD || view->out->length > TOLD_BYTES_MAX) {
            rest++;
            continue;
        }
        if (told++ == 0)
            bytes_add(view->out, "### Trials that count against it\n\n");
        write_failure(view, trial);
    }
    if (rest > 0)
        bytes_format(view->out, "\n... and %zu more.\n", rest);
    if (told > 0)
        bytes_add(view->out, "\n");
}

/* ---- the rest ---- */

static void write_item(struct report_view *view, const char *name,
                       const char *text)
{
    bytes_add(view->out, "- ");
    add_masked(view, name);
    bytes_add(view->out, ": ");
    add_masked(view, text);
    bytes_add(view->out, "\n");
}

/* Why a trial was known to fail; NULL = it was not, or did not. */
static const char *why_known(const struct run          *run,
                             const struct trial_result *trial)
{
    return trial_result_known(run, trial) ? trial->known_failure : NULL;
}

/* ... or was not exercised, where nothing was lacking. */
static const char *why_unexercised(const struct run          *run,
                                   const struct trial_result *trial)
{
    return trial_result_kind(run, trial) == VERDICT_NOT_EXERCISED &&
                   trial_result_lacks(trial) == NULL
               ? trial->verdict->reason
               : NULL;
}

static void write_list(struct report_view *view, const char *title,
                       const char *(*why)(const struct run *,
                                          const struct trial_result *))
{
    size_t told = 0;

    for (size_t i = 0; i < view->run->trial_count; i++) {
        const struct trial_result *trial = &view->run->trials[i];
        const char                *reason = why(view->run, trial);

        if (reason == NULL || view->out->length > TOLD_BYTES_MAX)
            continue;
        if (told++ == 0)
            bytes_format(view->out, "### %s\n\n", title);
        write_item(view, trial->plan->id, reason);
    }
    if (told > 0)
        bytes_add(view->out, "\n");
}

static void write_lacks(struct report_view *view)
{
    const struct tally *tally = view->tally;

    if (tally->lack_count == 0)
        return;
    bytes_add(view->out, "### Not exercised: what is lacking\n\n"
                         "| capability | trials |\n|---|---:|\n");
    for (size_t i = 0; i < tally->lack_count; i++) {
        bytes_add(view->out, "| ");
        add_escaped(view, tally->lacks[i].capability);
        bytes_format(view->out, " | %u |\n", tally->lacks[i].trials);
    }
    bytes_add(view->out, "\n");
}

/* Of a part of a suite: each, since the reader asked for these. */
static void write_trials(struct report_view *view)
{
    const struct run *run = view->run;

    if (run->whole || run->trial_count > TRIALS_LISTED)
        return;
    bytes_add(view->out, "### Trials\n\n");
    for (size_t i = 0; i < run->trial_count; i++)
        write_item(view, run->trials[i].plan->id,
                   verdict_name(trial_result_kind(run, &run->trials[i])));
    bytes_add(view->out, "\n");
}

/* Of a part of a suite those that it exercised. */
static void write_rules(struct report_view *view)
{
    bool   all = view->run->whole || view->options->verbose;
    size_t left_out = 0;
    char   count[TALLY_COUNT_MAX];

    bytes_format(view->out,
                 "<details><summary>%s</summary>\n\n"
                 "| rule | level | trials | state | what must hold |\n"
                 "|---|---|---:|---|---|\n",
                 all ? "All rules" : "The rules exercised");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct rule       *rule = &rule_table[i];
        const struct rule_total *total = &view->tally->rules[i];
        char                    *state;

        if (!all && total->exercised == 0) {
            left_out++;
            continue;
        }
        state = tally_rule_state(total);
        bytes_format(view->out, "| %s | %s | %u | %s | ", rule->id,
                     rule_level_text(rule->level), total->exercised, state);
        add_escaped(view, view->tally->sentences[i]);
        bytes_add(view->out, " |\n");
        alloc_free(state);
    }
    if (left_out > 0)
        bytes_format(view->out, "\n%s not exercised.\n",
                     tally_count(count, left_out, "rule"));
    bytes_add(view->out, "\n</details>\n");
}

static void write_markdown(struct report_view *view)
{
    write_head(view);
    write_broken_rules(view);
    write_failures(view);
    write_list(view, "Known failures", why_known);
    write_lacks(view);
    write_list(view, "Not exercised for another reason", why_unexercised);
    write_trials(view);
    write_rules(view);
}

const struct report_writer writer_markdown = {
    .name = "markdown",
    .about = "for the summary page of a CI job",
    .write = write_markdown,
};
