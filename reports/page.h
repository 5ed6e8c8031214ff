/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

/* A page of text for people: so many columns, with ink or without. Text given
 * here is already masked and clean; a character counts as one column. */

#include "common/bytes.h"
#include "reports/report.h"

#include <stdbool.h>
#include <stddef.h>

#define INK_MAP(X)                                                             \
    X(INK_NONE, "")                                                            \
    X(INK_BOLD, "1")                                                           \
    X(INK_DIM, "2")                                                            \
    X(INK_RED, "31")                                                           \
    X(INK_RED_BOLD, "1;31")                                                    \
    X(INK_GREEN, "32")                                                         \
    X(INK_GREEN_BOLD, "1;32")                                                  \
    X(INK_YELLOW, "33")                                                        \
    X(INK_CYAN, "36")

enum ink {
#define X(ink, code) ink,
    INK_MAP(X)
#undef X
};

enum { PAGE_WIDTH_MIN = 20, PAGE_WIDTH_DEFAULT = 80, PAGE_WIDTH_MAX = 400 };

struct page {
    struct bytes *out;
    size_t        width;
    bool          colour;
};

void page_open(struct page *page, const struct report_options *options,
               struct bytes *out);

size_t page_columns(const char *text); /* how many a text takes */
void page_add(struct page *page, enum ink ink, const char *text);
void page_format(struct page *page, enum ink ink, const char *format, ...)
    PRINTF_LIKE(3, 4);
void page_spaces(struct page *page, size_t count);
/* In exactly so many columns: padded, or cut with "...". */
void page_left(struct page *page, enum ink ink, size_t columns,
               const char *text);
void page_right(struct page *page, enum ink ink, size_t columns,
                const char *text);
/* Wraps at spaces; the first line starts at column `at`, where the page
 * already is, the others at `indent`. Ends with a line break. */
void page_wrap(struct page *page, enum ink ink, size_t at, size_t indent,
               const char *text);

#endif
