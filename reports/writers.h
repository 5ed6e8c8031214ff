#ifndef REPORTS_WRITERS_H
#define REPORTS_WRITERS_H

/* The writers, one file each; report_table.c lists them. */

#include "reports/report.h"

/* name: the writer is writer_NAME, in write_NAME.c */
#define WRITER_MAP(X)                                                          \
    X(text)                                                                    \
    X(json)                                                                    \
    X(junit)                                                                   \
    X(html)                                                                    \
    X(markdown)                                                                \
    X(tap)

#define X(name) extern const struct report_writer writer_##name;
WRITER_MAP(X)
#undef X

/* What every writer returns at its end: true, or that the document did not
 * fit into its buffer. */
bool report_whole(const struct bytes *out, const char *writer, struct err *err);

#endif
