/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/timeline.h"

#include "common/clock.h"
#include "common/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    INDENT = 2, /* the marker's two columns */
    BETWEEN = 2, /* columns; 1 where 2 are too many */
    BAR_MIN = 10,
    BAR_GOOD = 16, /* for which the gaps between columns are given up */
    BAR_MAX = 100,
    CELL_MAX = 40, /* a longer value is cut in the table */
};

/* column, heading, right-aligned */
#define COLUMN_MAP(X)                                                          \
    X(COLUMN_NUMBER, "#", true)                                                \
    X(COLUMN_AT, "at", true)                                                   \
    X(COLUMN_CONNECTION, "conn", false)                                        \
    X(COLUMN_REQUEST, "request", false)                                        \
    X(COLUMN_COUNT, "count", false)                                            \
    X(COLUMN_CREDENTIALS, "auth", false)                                       \
    X(COLUMN_ANSWERED, "answered", false)                                      \
    X(COLUMN_WAIT, "wait", true)

enum column {
#define X(column, heading, right) column,
    COLUMN_MAP(X)
#undef X
        COLUMN_COUNT_ALL
};

static const struct {
    const char *heading;
    bool        right;
} columns[COLUMN_COUNT_ALL] = {
#define X(column, heading, right) [column] = {heading, right},
    COLUMN_MAP(X)
#undef X
};

struct row { /* the cells of one attempt */
    char        number[16];
    char        at[TEXT_DURATION_MAX];
    char        connection[16];
    char        wait[TEXT_DURATION_MAX];
    const char *cells[COLUMN_COUNT_ALL];
};

static void row_fill(struct row *row, const struct story_attempt *told)
{
    snprintf(row->number, sizeof row->number, "%u", told->number);
    text_from_duration(row->at, told->start_ns);
    snprintf(row->connection, sizeof row->connection, "c%u", told->connection);
    if (told->wait_ns == TIME_NEVER)
        row->wait[0] = '\0';
    else
        text_from_duration(row->wait, told->wait_ns);
    row->cells[COLUMN_NUMBER] = row->number;
    row->cells[COLUMN_AT] = row->at;
    row->cells[COLUMN_CONNECTION] = row->connection;
    row->cells[COLUMN_REQUEST] = told->request;
    row->cells[COLUMN_COUNT] = told->count;
    row->cells[COLUMN_CREDENTIALS] = told->credentials;
    row->cells[COLUMN_ANSWERED] = told->answered;
    row->cells[COLUMN_WAIT] = row->wait;
}

/* The width of each column (0 = it is not shown), and their sum. */
static size_t measure(const struct story *story,
                      size_t              widths[COLUMN_COUNT_ALL])
{
    size_t used = 0;

    for (int i = 0; i < COLUMN_COUNT_ALL; i++)
        widths[i] = strlen(columns[i].heading);
    for (size_t i = 0; i < story->count; i++) {
        struct row row;

        row_fill(&row, &story->attempts[i]);
        for (int j = 0; j < COLUMN_COUNT_ALL; j++) {
            size_t width = page_columns(row.cells[j]);

            if (width > widths[j])
                widths[j] = width < CELL_MAX ? width : CELL_MAX;
        }
    }
    if (!story->has_other_routes)
        widths[COLUMN_REQUEST] = 0;
    if (story->count_header == NULL)
        widths[COLUMN_COUNT] = 0;
    for (int i = 0; i < COLUMN_COUNT_ALL; i++)
        used += widths[i];
    return used;
}

struct layout { /* of the table */
    size_t widths[COLUMN_COUNT_ALL];
    size_t between; /* columns */
    size_t bar;     /* 0 = the page is too narrow for a table */
};

static void lay_out(struct layout *layout, const struct story *story,
                    size_t page_width)
{
    size_t used = measure(story, layout->widths) + INDENT;
    size_t cells = 0;

    for (int i = 0; i < COLUMN_COUNT_ALL; i++)
        cells += layout->widths[i] > 0;
    layout->between = BETWEEN;
    if (used + cells * BETWEEN + BAR_GOOD > page_width)
        layout->between = 1;
    used += cells * layout->between;
    layout->bar = used + BAR_MIN <= page_width ? page_width - used : 0;
    if (layout->bar > BAR_MAX)
        layout->bar = BAR_MAX;
}

/* ---- the bar ---- */

static enum ink blame_ink(const struct story_attempt *told, enum ink otherwise)
{
    if (told->blame == BLAME_NONE)
        return otherwise;
    return told->blame == BLAME_BREACH ? INK_RED_BOLD : INK_YELLOW;
}

static const char *blame_mark(const struct story_attempt *told)
{
    return told->blame == BLAME_NONE ? "  " : "> ";
}

struct bar_ink {
    const char *start;
    const char *served;
    const char *waited;
};

static const struct bar_ink bar_plain = {"*", "=", "-"};
static const struct bar_ink bar_fine = {"\xe2\x97\x8f",  /* U+25CF */
                                        "\xe2\x94\x81",  /* U+2501 */
                                        "\xe2\x94\x80"}; /* U+2500 */

static size_t place_of(int64_t at_ns, int64_t span_ns, size_t width)
{
    double place;

    assert(width > 0);
    if (span_ns <= 0 || at_ns <= 0)
        return 0;
    place = (double)at_ns / (double)span_ns * (double)(width - 1);
    return place < (double)(width - 1) ? (size_t)place : width - 1;
}

static void print_bar(struct page *page, const struct story *story,
                      const struct story_attempt *told, size_t width)
{
    const struct bar_ink *ink = page->colour ? &bar_fine : &bar_plain;
    int64_t wait_ns = told->wait_ns == TIME_NEVER ? 0 : told->wait_ns;
    int64_t span_ns = story->span_ns;
    size_t  start = place_of(told->start_ns, span_ns, width);
    size_t  served =
        start + place_of(told->end_ns - told->start_ns, span_ns, width);
    size_t next = place_of(told->end_ns + wait_ns, span_ns, width);

    page_spaces(page, start);
    page_add(page, blame_ink(told, INK_CYAN), ink->start);
    for (size_t i = start; i < served; i++)
        page_add(page, INK_CYAN, ink->served);
    for (size_t i = served; i + 1 < next; i++)
        page_add(page, INK_DIM, ink->waited);
}

/* ---- the two layouts ---- */

static void print_left_out(struct page *page, const struct story *story,
                           size_t index)
{
    const struct story_attempt *told = &story->attempts[index];
    unsigned before = index > 0 ? story->attempts[index - 1].number : 0;

    if (told->skipped_before)
        page_format(page, INK_DIM, "  ... %u attempts left out ...\n",
                    told->number - before - 1);
}

static void print_cell(struct page *page, const struct layout *layout,
                       int column, enum ink ink, const char *text)
{
    assert(column >= 0 && column < COLUMN_COUNT_ALL);
    if (layout->widths[column] == 0)
        return;
    if (columns[column].right)
        page_right(page, ink, layout->widths[column], text);
    else
        page_left(page, ink, layout->widths[column], text);
    page_spaces(page, layout->between);
}

static void print_heading(struct page *page, const struct story *story,
                          const struct layout *layout)
{
    char span[TEXT_DURATION_MAX];

    page_spaces(page, INDENT);
    for (int i = 0; i < COLUMN_COUNT_ALL; i++)
        print_cell(page, layout, i, INK_DIM, columns[i].heading);
    page_add(page, INK_DIM, "0");
    page_right(page, INK_DIM, layout->bar - 1,
               text_from_duration(span, story->span_ns));
    bytes_add(page->out, "\n");
}

static enum ink cell_ink(const struct story_attempt *told, int column)
{
    if (column == COLUMN_NUMBER || column == COLUMN_AT)
        return blame_ink(told, INK_NONE);
    if (column == COLUMN_WAIT)
        return INK_BOLD;
    return column == COLUMN_CONNECTION ? INK_DIM : INK_NONE;
}

static void print_row(struct page *page, const struct story *story,
                      const struct story_attempt *told,
                      const struct layout        *layout)
{
    struct row row;

    row_fill(&row, told);
    page_add(page, blame_ink(told, INK_NONE), blame_mark(told));
    for (int i = 0; i < COLUMN_COUNT_ALL; i++)
        print_cell(page, layout, i, cell_ink(told, i), row.cells[i]);
    print_bar(page, story, told, layout->bar);
    bytes_add(page->out, "\n");
}

static void print_tall_line(struct page *page, const char *heading,
                            const char *text)
{
    enum { HEADING = 13, AT = 6 };

    page_spaces(page, AT);
    page_left(page, INK_DIM, HEADING, heading);
    page_wrap(page, INK_NONE, AT + HEADING, AT + HEADING, text);
}

static void print_tall(struct page *page, const struct story *story,
                       const struct story_attempt *told)
{
    struct row row;
    size_t     bar = page->width > 16 ? page->width - 6 : 10;

    row_fill(&row, told);
    page_add(page, blame_ink(told, INK_NONE), blame_mark(told));
    page_format(page, blame_ink(told, INK_BOLD), "%-3s ", row.number);
    page_format(page, INK_NONE, "at %s, connection %s\n", row.at,
                row.connection);
    if (story->has_other_routes)
        print_tall_line(page, "request", told->request);
    print_tall_line(page, "count", told->count);
    print_tall_line(page, "credentials", told->credentials);
    print_tall_line(page, "answered", told->answered);
    if (told->wait_ns != TIME_NEVER)
        print_tall_line(page, "wait", row.wait);
    page_spaces(page, 6);
    print_bar(page, story, told, bar < BAR_MAX ? bar : BAR_MAX);
    bytes_add(page->out, "\n");
}

void timeline_print(struct page *page, const struct story *story)
{
    struct layout layout;

    if (story->count == 0)
        return;
    lay_out(&layout, story, page->width);
    if (layout.bar > 0)
        print_heading(page, story, &layout);
    for (size_t i = 0; i < story->count; i++) {
        print_left_out(page, story, i);
        if (layout.bar > 0)
            print_row(page, story, &story->attempts[i], &layout);
        else
            print_tall(page, story, &story->attempts[i]);
    }
}
