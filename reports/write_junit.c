/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML, as CI servers read it: one suite, one case a trial. What failed
 * as it was known to, and what was not exercised, is reported as skipped, with
 * the reason: JUnit has no words for them. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/version.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>

enum { JUNIT_TEXT_MAX = 1 << 20 };

struct junit_view {
    struct report_view *report;
    xmlTextWriterPtr    xml;
    bool                ok; /* no call of libxml2 has failed */
};

/* ---- small words ---- */

static void open_element(struct junit_view *view, const char *name)
{
    if (xmlTextWriterStartElement(view->xml, (const xmlChar *)name) < 0)
        view->ok = false;
}

static void close_element(struct junit_view *view)
{
    if (xmlTextWriterEndElement(view->xml) < 0)
        view->ok = false;
}

/* text is masked and clean. */
static void attribute(struct junit_view *view, const char *name,
                      const char *text)
{
    if (xmlTextWriterWriteAttribute(view->xml, (const xmlChar *)name,
                                    (const xmlChar *)text) < 0)
        view->ok = false;
}

static void masked_attribute(struct junit_view *view, const char *name,
                             const char *text)
{
    char *masked = mask_line(&view->report->mask, text);

    attribute(view, name, masked);
    alloc_free(masked);
}

static void count_attribute(struct junit_view *view, const char *name,
                            size_t count)
{
    char text[32];

    snprintf(text, sizeof text, "%zu", count);
    attribute(view, name, text);
}

static void time_attribute(struct junit_view *view, int64_t time_ns)
{
    char text[32];

    snprintf(text, sizeof text, "%.3f", (double)time_ns / (double)NS_PER_S);
    attribute(view, "time", text);
}

static void content(struct junit_view *view, const char *text)
{
    if (xmlTextWriterWriteString(view->xml, (const xmlChar *)text) < 0)
        view->ok = false;
}

static void property(struct junit_view *view, const char *name,
                     const char *value)
{
    open_element(view, "property");
    attribute(view, "name", name);
    masked_attribute(view, "value", value);
    close_element(view);
}

/* ---- one case ---- */

/* "status/4xx/413" is the case "status/4xx/413" of the class "status.4xx". */
static void write_family(struct junit_view *view, const char *id)
{
    const char *slash = strrchr(id, '/');
    char       *family =
        slash ? alloc_text_n(id, (size_t)(slash - id)) : alloc_text("scenario");

    for (char *at = family; *at != '\0'; at++)
        if (*at == '/')
            *at = '.';
    masked_attribute(view, "classname", family);
    masked_attribute(view, "name", id);
    alloc_free(family);
}

/* The message is what a CI server shows without a click. */
static void write_message(struct junit_view         *view,
                          const struct trial_result *trial)
{
    const struct verdict *verdict = trial->verdict;
    struct bytes          text;

    bytes_init(&text, JUNIT_TEXT_MAX);
    if (trial->unexpected_pass)
        bytes_format(&text, "passed, but is expected to fail: %s",
                     trial->known_failure ? trial->known_failure : "");
    else if (trial_result_known(view->report->run, trial))
        bytes_format(&text, "known failure: %s", trial->known_failure);
    else if (verdict == NULL)
        bytes_add(&text, "there is no verdict");
    else if (verdict->kind == VERDICT_NOT_EXERCISED)
        bytes_format(&text, "not exercised: %s", verdict->reason);
    else if (verdict->reason != NULL)
        bytes_add(&text, verdict->reason);
    else if (verdict->finding_count > 0)
        bytes_format(&text, "%s: %s", verdict->findings[0].subject,
                     verdict->findings[0].text);
    masked_attribute(view, "message", bytes_text(&text));
    bytes_clear(&text);
}

static void write_type(struct junit_view         *view,
                       const struct trial_result *trial)
{
    const struct verdict *verdict = trial->verdict;

    if (trial->unexpected_pass)
        attribute(view, "type", "unexpected-pass");
    else if (trial_result_kind(view->report->run, trial) == VERDICT_FAIL &&
             verdict->finding_count > 0)
        masked_attribute(view, "type", verdict->findings[0].subject);
    else
        attribute(view, "type",
                  verdict_name(trial_result_kind(view->report->run, trial)));
}

static void write_story(struct junit_view         *view,
                        const struct trial_result *trial)
{
    struct report_options plain = {
        .show_secrets = view->report->options->show_secrets, .width = 120};
    struct bytes text;

    bytes_init(&text, JUNIT_TEXT_MAX);
    report_trial(trial, view->report->run, &plain, &text);
    content(view, bytes_text(&text));
    bytes_clear(&text);
}

/* The child element that tells the outcome; NULL = the case passed. */
static const char *outcome_element(const struct run          *run,
                                   const struct trial_result *trial)
{
    if (trial->unexpected_pass)
        return "failure";
    switch (trial_result_kind(run, trial)) {
    case VERDICT_FAIL:
        return trial_result_known(run, trial) ? "skipped" : "failure";
    case VERDICT_INCONCLUSIVE:
    case VERDICT_BROKEN:
        return "error";
    case VERDICT_NOT_EXERCISED:
        return "skipped";
    default:
        return NULL;
    }
}

static void write_errors(struct junit_view         *view,
                         const struct trial_result *trial)
{
    char *text;

    if (trial->record == NULL || trial->record->outcome.err_tail == NULL ||
        trial->record->outcome.err_tail[0] == '\0')
        return;
    text = mask_block(&view->report->mask, trial->record->outcome.err_tail,
                      strlen(trial->record->outcome.err_tail));
    open_element(view, "system-err");
    content(view, text);
    close_element(view);
    alloc_free(text);
}

static void write_case(struct junit_view         *view,
                       const struct trial_result *trial)
{
    const char *element = outcome_element(view->report->run, trial);

    mask_learn_trial(&view->report->mask, trial);
    open_element(view, "testcase");
    write_family(view, trial->plan->id);
    time_attribute(view, trial->wall_ns);
    if (element != NULL) {
        open_element(view, element);
        write_message(view, trial);
        if (strcmp(element, "skipped") != 0) {
            write_type(view, trial);
            write_story(view, trial);
        }
        close_element(view);
    }
    if (trial_result_blocks(view->report->run, trial))
        write_errors(view, trial);
    close_element(view);
}

/* ---- the suite ---- */

static void write_counts(struct junit_view *view)
{
    size_t failures = 0;
    size_t errors = 0;
    size_t skipped = 0;

    for (size_t i = 0; i < view->report->run->trial_count; i++) {
        const char *element =
            outcome_element(view->report->run, &view->report->run->trials[i]);

        failures += element != NULL && strcmp(element, "failure") == 0;
        errors += element != NULL && strcmp(element, "error") == 0;
        skipped += element != NULL && strcmp(element, "skipped") == 0;
    }
    count_attribute(view, "tests", view->report->run->trial_count);
    count_attribute(view, "failures", failures);
    count_attribute(view, "errors", errors);
    count_attribute(view, "skipped", skipped);
    time_attribute(view, view->report->run->wall_ns);
}

static void write_properties(struct junit_view *view)
{
    const struct run   *run = view->report->run;
    const struct tally *tally = view->report->tally;
    char                seed[32];

    snprintf(seed, sizeof seed, "%" PRIu64, run->seed);
    open_element(view, "properties");
    property(view, "retrial", RETRIAL_VERSION);
    property(view, "client", run->client);
    property(view, "command", run->command);
    property(view, "profile", run->profile_base.name);
    for (size_t i = 0; i < tally->difference_count; i++) {
        char *name = alloc_format("profile.%s", tally->differences[i].name);

        property(view, name, tally->differences[i].own);
        alloc_free(name);
    }
    property(view, "seed", seed);
    property(view, "clock", run->clock);
    property(view, "summary", tally->summary);
    close_element(view);
}

static void write_suite(struct junit_view *view)
{
    struct tm started = view_started(view->report);
    char      timestamp[32];

    assert(view->xml != NULL && view->ok);
    strftime(timestamp, sizeof timestamp, "%Y-%m-%dT%H:%M:%S", &started);
    open_element(view, "testsuites");
    attribute(view, "name", "retrial");
    write_counts(view);
    open_element(view, "testsuite");
    masked_attribute(view, "name", view->report->run->client);
    write_counts(view);
    attribute(view, "timestamp", timestamp);
    write_properties(view);
    for (size_t i = 0; i < view->report->run->trial_count; i++)
        write_case(view, &view->report->run->trials[i]);
    close_element(view);
    close_element(view);
}

static void write_junit(struct report_view *report)
{
    struct junit_view view = {.report = report, .ok = true};
    xmlBufferPtr      buffer = xmlBufferCreate();

    view.xml = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (view.xml == NULL) {
        xmlBufferFree(buffer);
        report->failure = "libxml2 gives no writer";
        return;
    }
    xmlTextWriterSetIndent(view.xml, 1);
    xmlTextWriterStartDocument(view.xml, NULL, "UTF-8", NULL);
    write_suite(&view);
    if (xmlTextWriterEndDocument(view.xml) < 0)
        view.ok = false;
    xmlFreeTextWriter(view.xml);
    bytes_append(report->out, xmlBufferContent(buffer),
                 (size_t)xmlBufferLength(buffer));
    xmlBufferFree(buffer);
    if (!view.ok)
        report->failure = "libxml2 could not write the document";
}

const struct report_writer writer_junit = {
    .name = "junit",
    .about = "JUnit XML for a CI server",
    .write = write_junit,
};
