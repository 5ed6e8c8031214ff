/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/marks.h"

#include "common/alloc.h"
#include "model/plan.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A shorter run of Base64 holds no mark. */
enum { RUN_MIN = PLAN_EVENT_MARK_BYTES / 3 * 4 };

struct marks {
    unsigned *numbers;
    size_t    count;
    bool      found[PLAN_EVENTS_MAX + 1];
};

static void scan(struct marks *marks, const char *text, size_t length)
{
    const char *end = text + length;

    while (length > 0 &&
           (text = memmem(text, (size_t)(end - text), PLAN_EVENT_PREFIX,
                          strlen(PLAN_EVENT_PREFIX))) != NULL) {
        unsigned number = plan_event_mark(text, (size_t)(end - text));

        text += strlen(PLAN_EVENT_PREFIX);
        if (number == 0 || number > PLAN_EVENTS_MAX || marks->found[number])
            continue;
        marks->found[number] = true;
        marks->numbers[marks->count++] = number;
    }
}

/* ---- escapes ---- */

static int hex_of(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 0x20);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* Undoes %XX where it stands; '+' stays, since Base64 has it too. Returns the
 * length that is left. */
static size_t unescape(char *text, size_t length)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        bool escaped = text[i] == '%' && i + 2 < length &&
                       hex_of(text[i + 1]) >= 0 && hex_of(text[i + 2]) >= 0;

        if (escaped) {
            text[kept++] =
                (char)(hex_of(text[i + 1]) << 4 | hex_of(text[i + 2]));
            i += 2;
        } else {
            text[kept++] = text[i];
        }
    }
    assert(kept <= length);
    return kept;
}

/* ---- Base64 ---- */

/* Either alphabet; -1 = in none. */
static int sextet_of(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9')
        return letter - '0' + 52;
    if (letter == '+' || letter == '-')
        return 62;
    return letter == '/' || letter == '_' ? 63 : -1;
}

/* A run of letters is read to its last whole group; out has room for it.
 * Returns how many bytes it made. */
static size_t decode_run(const char *run, size_t length, char *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t   made = 0;

    for (size_t i = 0; i < length; i++) {
        bits = bits << 6 | (uint32_t)sextet_of(run[i]);
        held += 6;
        if (held < 8)
            continue;
        held -= 8;
        out[made++] = (char)(unsigned char)(bits >> held);
    }
    assert(made <= length);
    return made;
}

static void scan_runs(struct marks *marks, const char *text, size_t length,
                      char *out)
{
    for (size_t i = 0; i < length;) {
        size_t run = 0;

        while (i + run < length && sextet_of(text[i + run]) >= 0)
            run++;
        if (run >= RUN_MIN)
            scan(marks, out, decode_run(text + i, run, out));
        i += run + 1;
    }
}

size_t marks_find(const struct bytes *text, unsigned *numbers)
{
    struct marks *marks = alloc_zero(1, sizeof *marks);
    size_t        length = text->length;
    char         *plain;
    char         *out;
    size_t        count;

    marks->numbers = numbers;
    scan(marks, bytes_text(text), length);
    if (marks->count == 0 && length > PLAN_EVENT_MARK_BYTES) {
        plain = alloc_zero(length, 1);
        out = alloc_zero(length, 1);
        memcpy(plain, text->data, length);
        length = unescape(plain, length);
        scan(marks, plain, length);
        scan_runs(marks, plain, length, out);
        alloc_free(plain);
        alloc_free(out);
    }
    count = marks->count;
    alloc_free(marks);
    return count;
}
