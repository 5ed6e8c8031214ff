/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/page.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WRAPPED_MIN = 10 }; /* columns that a wrapped text gets at least */

void page_open(struct page *page, const struct report_options *options,
               struct bytes *out)
{
    int width = options->width > 0 ? options->width : PAGE_WIDTH_DEFAULT;

    if (width < PAGE_WIDTH_MIN)
        width = PAGE_WIDTH_MIN;
    if (width > PAGE_WIDTH_MAX)
        width = PAGE_WIDTH_MAX;
    *page = (struct page){
        .out = out, .width = (size_t)width, .colour = options->colour};
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

size_t page_columns(const char *text)
{
    size_t columns = 0;

    for (; *text != '\0'; text++)
        columns += !continues(*text);
    return columns;
}

/* The bytes that the first so many columns take. */
static size_t bytes_of(const char *text, size_t columns)
{
    size_t at = 0;

    for (; text[at] != '\0'; at++)
        if (!continues(text[at]) && columns-- == 0)
            break;
    return at;
}

static void ink_on(struct page *page, enum ink ink)
{
    static const char *const codes[] = {
#define X(ink_, code) [ink_] = code,
        INK_MAP(X)
#undef X
    };

    if (page->colour && ink != INK_NONE)
        bytes_format(page->out, "\033[%sm", codes[ink]);
}

static void ink_off(struct page *page, enum ink ink)
{
    if (page->colour && ink != INK_NONE)
        bytes_add(page->out, "\033[0m");
}

static void add_n(struct page *page, enum ink ink, const char *text, size_t n)
{
    ink_on(page, ink);
    bytes_append(page->out, text, n);
    ink_off(page, ink);
}

void page_add(struct page *page, enum ink ink, const char *text)
{
    add_n(page, ink, text, strlen(text));
}

void page_format(struct page *page, enum ink ink, const char *format, ...)
{
    va_list arguments;
    char   *text = NULL;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) >= 0)
        page_add(page, ink, text);
    va_end(arguments);
    alloc_free(text);
}

void page_spaces(struct page *page, size_t count)
{
    while (count-- > 0)
        bytes_add(page->out, " ");
}

/* Adds what fits and returns the columns that are left. */
static size_t add_fitting(struct page *page, enum ink ink, size_t columns,
                          const char *text)
{
    size_t width = page_columns(text);

    if (width <= columns) {
        page_add(page, ink, text);
        return columns - width;
    }
    if (columns < 4) {
        add_n(page, ink, text, bytes_of(text, columns));
        return 0;
    }
    ink_on(page, ink);
    bytes_append(page->out, text, bytes_of(text, columns - 3));
    bytes_add(page->out, "...");
    ink_off(page, ink);
    return 0;
}

void page_left(struct page *page, enum ink ink, size_t columns,
               const char *text)
{
    page_spaces(page, add_fitting(page, ink, columns, text));
}

void page_right(struct page *page, enum ink ink, size_t columns,
                const char *text)
{
    size_t width = page_columns(text);

    page_spaces(page, width < columns ? columns - width : 0);
    add_fitting(page, ink, columns, text);
}

/* The bytes of the first line: up to the last space that lets it fit; a word
 * longer than the line is cut. */
static size_t line_bytes(const char *text, size_t columns)
{
    size_t fits = bytes_of(text, columns);
    size_t at = fits;

    assert(columns > 0);
    if (text[fits] == '\0' || text[fits] == ' ')
        return fits;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : fits;
}

void page_wrap(struct page *page, enum ink ink, size_t at, size_t indent,
               const char *text)
{
    size_t room = page->width > at ? page->width - at : 0;
    size_t rest = page->width > indent ? page->width - indent : 0;

    if (rest < WRAPPED_MIN)
        rest = WRAPPED_MIN;
    if (room < WRAPPED_MIN)
        room = WRAPPED_MIN;
    text += strspn(text, " ");
    do {
        size_t length = line_bytes(text, room);

        assert(length > 0 || *text == '\0'); /* or it would not end */
        add_n(page, ink, text, length);
        bytes_add(page->out, "\n");
        text += length;
        text += strspn(text, " ");
        if (*text != '\0')
            page_spaces(page, indent);
        room = rest;
    } while (*text != '\0');
}
