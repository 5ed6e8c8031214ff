/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/statistics.h"

#include "common/alloc.h"
#include "reports/html.h"

#include <assert.h>

enum { INDENT = 4 };

static const char *samples_text(const struct statistic *statistic)
{
    return statistic->samples == 1 ? "wait" : "waits";
}

static void print_line(struct page *page, enum ink ink, char *text)
{
    page_spaces(page, INDENT);
    page_wrap(page, ink, INDENT, INDENT + 2, text);
    alloc_free(text);
}

/* "0.9 | 12 9 11 ... | 1.1", and on a terminal the same as blocks. */
static void add_blocks(struct page *page, const struct statistic *statistic)
{
    static const char *const blocks[] = {" ",
                                         "\xe2\x96\x81",
                                         "\xe2\x96\x82",
                                         "\xe2\x96\x83",
                                         "\xe2\x96\x84",
                                         "\xe2\x96\x85",
                                         "\xe2\x96\x86",
                                         "\xe2\x96\x87",
                                         "\xe2\x96\x88"}; /* U+2581 .. 2588 */
    unsigned                 peak = statistic_peak(statistic);

    if (!page->colour || peak == 0)
        return;
    page_spaces(page, INDENT);
    page_format(page, INK_DIM, "%g ", statistic->from);
    for (int i = 0; i < STATISTIC_BINS; i++) {
        unsigned eighths = (8 * statistic->bins[i] + peak - 1) / peak;

        assert(eighths <= 8);
        page_add(page, INK_CYAN, blocks[eighths]);
        page_add(page, INK_CYAN, blocks[eighths]);
    }
    page_format(page, INK_DIM, " %g\n", statistic->to);
}

static void print_histogram(struct page            *page,
                            const struct statistic *statistic)
{
    struct bytes text;

    add_blocks(page, statistic);
    bytes_init(&text, 1024);
    bytes_format(&text, "by tenths of the window: %g |", statistic->from);
    for (int i = 0; i < STATISTIC_BINS; i++)
        bytes_format(&text, " %u", statistic->bins[i]);
    bytes_format(&text, " | %g; %u shorter, %u longer", statistic->to,
                 statistic->before, statistic->after);
    print_line(page, INK_NONE, bytes_take(&text));
}

static void print_one(struct page *page, const struct statistic *statistic)
{
    char *head = alloc_format("%s ", statistic->rule->id);
    char *text = alloc_format(
        "%u %s: p = %.2g that a right client waits so, blamed below %g (%s)",
        statistic->samples, samples_text(statistic), statistic->p,
        statistic->alpha, statistic->check);

    page_spaces(page, 2);
    page_add(page, statistic->p < statistic->alpha ? INK_RED_BOLD : INK_GREEN,
             head);
    page_wrap(page, INK_NONE, 2 + page_columns(head), INDENT, text);
    alloc_free(head);
    alloc_free(text);
    print_line(page, INK_DIM, alloc_format("law: %s", statistic->law));
    print_line(page, INK_DIM, alloc_format("test: %s", statistic->test));
    print_line(page, INK_NONE,
               alloc_format("as measured, nothing allowed for: D = %.3g, "
                            "p = %.2g",
                            statistic->measured_d, statistic->measured_p));
    for (size_t i = 0; i < statistic->question_count; i++) {
        const struct statistic_question *asked = &statistic->questions[i];

        print_line(page, INK_NONE,
                   alloc_format("%s: %s = %.3g of %u, p = %.2g", asked->text,
                                asked->measure, asked->seen, asked->samples,
                                asked->p));
    }
    print_histogram(page, statistic);
}

void statistics_print(struct page *page, const struct verdict *verdict)
{
    for (size_t i = 0; verdict != NULL && i < verdict->statistic_count; i++)
        print_one(page, &verdict->statistics[i]);
}

/* ---- HTML ---- */

enum { BAR_WIDTH = 42, BAR_GAP = 4, HEIGHT = 96, FOOT = 16 };

static void add_bar(struct bytes *out, int place, unsigned count, unsigned peak)
{
    bool   outside = place == 0 || place == STATISTIC_BINS + 1;
    double height = (double)count / peak * (HEIGHT - 2 * FOOT);
    int    x = place * (BAR_WIDTH + BAR_GAP);

    assert(peak > 0 && count <= peak);
    bytes_format(out,
                 "<rect%s x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>"
                 "<text x=\"%d\" y=\"%.1f\">%u</text>",
                 outside ? " class=\"outside\"" : "", x, HEIGHT - FOOT - height,
                 BAR_WIDTH, height, x + BAR_WIDTH / 2,
                 HEIGHT - FOOT - height - 3, count);
}

/* What is shorter than the window, its tenths, and what is longer. */
static void add_bars(struct bytes *out, const struct statistic *statistic)
{
    enum { STEP = BAR_WIDTH + BAR_GAP };
    unsigned peak = statistic_peak(statistic);

    if (statistic->before > peak)
        peak = statistic->before;
    if (statistic->after > peak)
        peak = statistic->after;
    if (peak == 0)
        return;
    bytes_format(out,
                 "<svg class=\"histogram\" viewBox=\"0 0 %d %d\" "
                 "width=\"%d\" role=\"img\" aria-label=\"How many waits lay "
                 "in each tenth of the window\">",
                 STEP * (STATISTIC_BINS + 2) - BAR_GAP, HEIGHT,
                 STEP * (STATISTIC_BINS + 2) - BAR_GAP);
    add_bar(out, 0, statistic->before, peak);
    for (int i = 0; i < STATISTIC_BINS; i++)
        add_bar(out, i + 1, statistic->bins[i], peak);
    add_bar(out, STATISTIC_BINS + 1, statistic->after, peak);
    bytes_format(out,
                 "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>"
                 "<text x=\"%d\" y=\"%d\">shorter</text>"
                 "<text x=\"%d\" y=\"%d\">%g</text>"
                 "<text x=\"%d\" y=\"%d\">%g</text>"
                 "<text x=\"%d\" y=\"%d\">longer</text></svg>\n",
                 STEP, STEP * (STATISTIC_BINS + 1) - BAR_GAP, HEIGHT - FOOT,
                 HEIGHT - FOOT, BAR_WIDTH / 2, HEIGHT - 3, STEP + BAR_WIDTH / 2,
                 HEIGHT - 3, statistic->from,
                 STEP * STATISTIC_BINS + BAR_WIDTH / 2, HEIGHT - 3,
                 statistic->to, STEP * (STATISTIC_BINS + 1) + BAR_WIDTH / 2,
                 HEIGHT - 3);
}

static void add_questions(struct bytes *out, const struct statistic *statistic)
{
    bytes_format(out,
                 "<table class=\"asked\"><tbody>\n<tr><td>as measured, "
                 "nothing allowed for</td><td>D = %.3g</td><td>p = %.2g</td>"
                 "</tr>\n",
                 statistic->measured_d, statistic->measured_p);
    for (size_t i = 0; i < statistic->question_count; i++) {
        const struct statistic_question *asked = &statistic->questions[i];

        html_put(out, "<tr><td>", asked->text, "</td><td>");
        html_add(out, asked->measure);
        bytes_format(out, " = %.3g of %u</td><td>p = %.2g</td></tr>\n",
                     asked->seen, asked->samples, asked->p);
    }
    bytes_add(out, "</tbody></table>\n");
}

void statistics_add_html(const struct verdict *verdict, struct bytes *out)
{
    for (size_t i = 0; verdict != NULL && i < verdict->statistic_count; i++) {
        const struct statistic *statistic = &verdict->statistics[i];
        bool                    blamed = statistic->p < statistic->alpha;

        bytes_format(out,
                     "<div class=\"counted\"><p><a class=\"id\" "
                     "href=\"#%s\">%s</a> %u %s; <b%s>p = %.2g</b> that a "
                     "right client waits so, blamed below %g. "
                     "<span class=\"by\">",
                     statistic->rule->id, statistic->rule->id,
                     statistic->samples, samples_text(statistic),
                     blamed ? " class=\"bad\"" : "", statistic->p,
                     statistic->alpha);
        html_put(out, "", statistic->check, "</span></p>\n");
        add_bars(out, statistic);
        add_questions(out, statistic);
        html_put(out, "<p class=\"law\">Law: ", statistic->law, ".<br>Test: ");
        html_put(out, "", statistic->test, ".</p></div>\n");
    }
}
