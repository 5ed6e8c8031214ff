/* SPDX-License-Identifier: Apache-2.0 */
/* TAP version 14, for whatever reads the Test Anything Protocol. A known
 * failure is a TODO; a pass where a failure is expected is not ok, since most
 * readers would let it through. */

#include "common/alloc.h"
#include "reports/tally.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <cJSON.h>
#include <stdio.h>
#include <string.h>

/* A description: '#' and '\' would mean something to the reader. */
static void add_escaped(struct report_view *view, const char *text)
{
    char *masked = mask_line(&view->mask, text);

    for (const char *at = masked; *at != '\0'; at++) {
        if (*at == '#' || *at == '\\')
            bytes_add(view->out, "\\");
        bytes_append(view->out, at, 1);
    }
    alloc_free(masked);
}

/* A JSON string is a YAML string. */
static void add_quoted(struct report_view *view, const char *indent,
                       const char *name, const char *text)
{
    char  *masked = mask_line(&view->mask, text);
    cJSON *string = cJSON_CreateString(masked);
    char  *quoted = cJSON_PrintUnformatted(string);

    bytes_format(view->out, "%s%s: %s\n", indent, name, quoted);
    cJSON_free(quoted);
    cJSON_Delete(string);
    alloc_free(masked);
}

static void write_findings(struct report_view   *view,
                           const struct verdict *verdict)
{
    if (verdict == NULL || verdict->finding_count == 0)
        return;
    bytes_add(view->out, "  findings:\n");
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        add_quoted(view, "    - ", "rule", finding->subject);
        add_quoted(view, "      ", "kind", finding_kind_name(finding->kind));
        bytes_format(view->out, "      attempt: %u\n", finding->attempt);
        add_quoted(view, "      ", "text", finding->text);
    }
}

static void write_details(struct report_view        *view,
                          const struct trial_result *trial)
{
    char *at = alloc_format("%s:%d", trial->plan->file, trial->plan->line);

    bytes_add(view->out, "  ---\n");
    add_quoted(view, "  ", "at", at);
    add_quoted(view, "  ", "verdict",
               verdict_name(trial_result_kind(view->run, trial)));
    if (trial->verdict != NULL && trial->verdict->reason != NULL)
        add_quoted(view, "  ", "reason", trial->verdict->reason);
    if (trial->unexpected_pass)
        add_quoted(view, "  ", "expected_to_fail", trial->known_failure);
    write_findings(view, trial->verdict);
    bytes_add(view->out, "  ...\n");
    alloc_free(at);
}

static void write_directive(struct report_view        *view,
                            const struct trial_result *trial)
{
    if (trial_result_known(view->run, trial)) {
        bytes_add(view->out, " # TODO known failure: ");
        add_escaped(view, trial->known_failure);
    } else if (trial_result_kind(view->run, trial) == VERDICT_NOT_EXERCISED) {
        bytes_add(view->out, " # SKIP not exercised: ");
        add_escaped(view, trial->verdict->reason);
    }
}

static void write_trial(struct report_view *view, size_t number,
                        const struct trial_result *trial)
{
    enum verdict_kind kind = trial_result_kind(view->run, trial);
    bool ok = !trial_result_blocks(view->run, trial) && kind != VERDICT_FAIL;

    assert(number >= 1);
    mask_learn_trial(&view->mask, trial);
    bytes_format(view->out, "%s %zu - ", ok ? "ok" : "not ok", number);
    add_escaped(view, trial->plan->id);
    write_directive(view, trial);
    bytes_add(view->out, "\n");
    if (!ok)
        write_details(view, trial);
}

static void write_tap(struct report_view *view)
{
    const struct run *run = view->run;

    bytes_format(view->out, "TAP version 14\n1..%zu\n", run->trial_count);
    for (size_t i = 0; i < run->trial_count; i++)
        write_trial(view, i + 1, &run->trials[i]);
    bytes_format(view->out, "# %s\n", view->tally->summary);
}

const struct report_writer writer_tap = {
    .name = "tap",
    .about = "TAP version 14",
    .write = write_tap,
};
