/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

/* A run -> documents; the only room that knows formats.
 *
 * One writer a file, one line a writer in WRITER_MAP. Writers fill a
 * buffer; the runner puts it on disk or on the terminal. Credentials
 * (Authorization, tokens, the write key wherever it stands, base64 too) are
 * masked unless show_secrets. */

#include "common/bytes.h"
#include "common/err.h"
#include "model/run.h"

#include <stdbool.h>

/* Those whose report goes to a file that a flag of theirs names. NAME is
 * writer_NAME, in write_NAME.c, and --NAME; OPTION_NAME is the flag's
 * enumerator (runner/options.h). */
#define WRITER_FILE_MAP(X)                                                     \
    X(JSON, json, "report as JSON")                                            \
    X(JUNIT, junit, "report as JUnit XML")                                     \
    X(HTML, html, "report as one page")                                        \
    X(MARKDOWN, markdown, "report as Markdown")

/* All; the others are what is printed on stdout. */
#define WRITER_MAP(X)                                                          \
    X(, text, "")                                                              \
    WRITER_FILE_MAP(X)                                                         \
    X(, tap, "")

struct report_options {
    bool show_secrets;
    bool colour;  /* ANSI colours (terminal only) */
    bool verbose; /* every trial, every rule */
    int  width;   /* columns of the terminal; 0 = 80 */
};

struct report_view; /* what is written, and where to (reports/view.h) */

struct report_writer {
    const char *name; /* "junit" */
    const char *about;
    void (*write)(struct report_view *view);
};

enum { REPORT_BYTES_MAX = 256 << 20 };

const struct report_writer *report_find(const char *name); /* NULL = none */
const struct report_writer *report_listed(size_t index); /* NULL = no more */

/* False: it does not fit into out, or could not be made. */
bool MUST_USE report_write(const struct report_writer  *writer,
                           const struct run            *run,
                           const struct report_options *options,
                           struct bytes *out, struct err *err);

/* One attempt on one line, as `serve` prints it when it comes. */
void report_attempt_line(const struct attempt        *attempt,
                         const struct profile        *profile,
                         const struct report_options *options,
                         struct bytes                *out);
/* One trial as people read it: verdict, findings with the rule's sentence,
 * attempts on a time line. */
void report_trial(const struct trial_result *trial, const struct run *run,
                  const struct report_options *options, struct bytes *out);

#endif
