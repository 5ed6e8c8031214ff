/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/marks.h"

#include "common/alloc.h"
#include "common/form.h"
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

static bool scan(void *owner, const char *text, size_t length)
{
    struct marks *marks = owner;
    const char   *end = text + length;

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
    return marks->count > 0;
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

/* ---- layer by layer ---- */

/* Looks at a text: whether it found what it looks for. */
typedef bool look_at(void *owner, const char *text, size_t length);

static bool look_at_runs(const char *text, size_t length, char *out,
                         look_at *look, void *owner)
{
    bool found = false;

    for (size_t i = 0; i < length;) {
        size_t run = 0;

        while (i + run < length && sextet_of(text[i + run]) >= 0)
            run++;
        if (run >= RUN_MIN)
            found |= look(owner, out, decode_run(text + i, run, out));
        i += run + 1;
    }
    return found;
}

/* At the text as it is; if nothing was found there, at what its escapes and
 * its Base64 stand for. */
static bool look_through(const struct bytes *text, look_at *look, void *owner)
{
    size_t length = text->length;
    char  *plain;
    char  *out;
    bool   found = look(owner, bytes_text(text), length);

    if (found || length == 0)
        return found;
    plain = alloc_zero(length, 1);
    out = alloc_zero(length, 1);
    memcpy(plain, text->data, length);
    length = form_unescape(plain, length);
    found = look(owner, plain, length);
    found |= look_at_runs(plain, length, out, look, owner);
    alloc_free(plain);
    alloc_free(out);
    return found;
}

size_t marks_find(const struct bytes *text, unsigned *numbers)
{
    struct marks *marks = alloc_zero(1, sizeof *marks);
    size_t        count;

    marks->numbers = numbers;
    look_through(text, scan, marks);
    count = marks->count;
    alloc_free(marks);
    return count;
}

/* ---- a field ---- */

struct field {
    const char *name;
    const char *value;
};

/* PHP escapes each '/' of a text in JSON. */
static bool begins_with(const char *text, const char *end, const char *value)
{
    for (; *value != '\0'; value++, text++) {
        if (text < end && *text == '\\' && *value != '\\')
            text++;
        if (text == end || *text != *value)
            return false;
    }
    return true;
}

/* Between a name and its value stand a colon, quotes, spaces, '=', or what
 * msgpack says of the value. */
static bool has_field(void *owner, const char *text, size_t length)
{
    enum { BETWEEN_MAX = 8 };
    const struct field *field = owner;
    const char         *end = text + length;
    const char         *at = text;

    while ((at = memmem(at, (size_t)(end - at), field->name,
                        strlen(field->name))) != NULL) {
        at += strlen(field->name);
        for (int i = 1; i <= BETWEEN_MAX && i <= end - at; i++)
            if (begins_with(at + i, end, field->value))
                return true;
    }
    return false;
}

bool marks_have_field(const struct bytes *text, const char *name,
                      const char *value)
{
    struct field field = {name, value};

    assert(name[0] != '\0');
    return look_through(text, has_field, &field);
}
