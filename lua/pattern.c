/* SPDX-License-Identifier: Apache-2.0 */
/* Lua's patterns, counted.
 *
 * The stock matcher runs in C, where no hook can end it, and a pattern such as
 * ("a?"):rep(30) .. ("a"):rep(30) backtracks for hours. This one has the same
 * meaning (after Lua's lstrlib.c, by R. Ierusalimschy, MIT licence) and
 * charges each step to the budget. find, match, gmatch and gsub are made of
 * it in lua/lib/text.lua. */

#include "lua/state.h"

#include <assert.h>
#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

enum {
    DEPTH_MAX = 150,
    CAPTURES_MAX = 32,
    CAPTURE_OPEN = -1,
    CAPTURE_POSITION = -2,
};

#define ESCAPE '%'

struct capture {
    const char *start;
    ptrdiff_t   length; /* or CAPTURE_OPEN, CAPTURE_POSITION */
};

struct match {
    lua_State     *lua;
    const char    *subject;
    const char    *subject_end;
    const char    *pattern_end;
    int            depth;
    int            count; /* of captures, open ones too */
    struct capture captures[CAPTURES_MAX];
};

static const char *match_here(struct match *m, const char *s, const char *p);

/* The end of the single-character class that starts at p. */
static const char *class_end(struct match *m, const char *p)
{
    if (*p++ == ESCAPE) {
        if (p == m->pattern_end)
            script_refuse(m->lua, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[')
        return p;
    if (p < m->pattern_end && *p == '^')
        p++;
    do { /* the first ] is a character of the set */
        if (p == m->pattern_end)
            script_refuse(m->lua, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE) {
            if (p == m->pattern_end)
                script_refuse(m->lua, "malformed pattern (missing ']')");
            p++;
        }
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

static bool in_class(int c, int class)
{
    static const struct {
        char letter;
        int (*has)(int c);
    } classes[] = {{'a', isalpha}, {'c', iscntrl}, {'d', isdigit},
                   {'g', isgraph}, {'l', islower}, {'p', ispunct},
                   {'s', isspace}, {'u', isupper}, {'w', isalnum},
                   {'x', isxdigit}};

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (classes[i].letter == tolower(class))
            return (classes[i].has(c) != 0) != (isupper(class) != 0);
    return class == c;
}

/* p is at '[', last at the closing ']'. */
static bool in_set(int c, const char *p, const char *last)
{
    bool found = true;

    if (p[1] == '^') {
        found = false;
        p++;
    }
    while (++p < last) {
        if (*p == ESCAPE) {
            p++;
            if (in_class(c, (unsigned char)*p))
                return found;
        } else if (p[1] == '-' && p + 2 < last) {
            p += 2;
            if ((unsigned char)p[-2] <= c && c <= (unsigned char)*p)
                return found;
        } else if ((unsigned char)*p == c) {
            return found;
        }
    }
    return !found;
}

/* Does the character at s match the class from p to end? */
static bool match_one(struct match *m, const char *s, const char *p,
                      const char *end)
{
    int c;

    script_spend(m->lua, 1);
    if (s >= m->subject_end)
        return false;
    c = (unsigned char)*s;
    switch (*p) {
    case '.':
        return true;
    case ESCAPE:
        return in_class(c, (unsigned char)p[1]);
    case '[':
        script_spend(m->lua, (uint64_t)(end - p));
        return in_set(c, p, end - 1);
    default:
        return (unsigned char)*p == c;
    }
}

/* %bxy: balanced. p is at x. */
static const char *match_balance(struct match *m, const char *s, const char *p)
{
    int open = 1;

    if (p + 1 >= m->pattern_end)
        script_refuse(m->lua, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->subject_end || *s != *p)
        return NULL;
    while (++s < m->subject_end) {
        script_spend(m->lua, 1);
        if (*s == p[1]) {
            if (--open == 0)
                return s + 1;
        } else if (*s == *p) {
            open++;
        }
    }
    return NULL;
}

static const char *match_most(struct match *m, const char *s, const char *p,
                              const char *end)
{
    ptrdiff_t repeats = 0;

    while (match_one(m, s + repeats, p, end))
        repeats++;
    for (; repeats >= 0; repeats--) {
        const char *matched = match_here(m, s + repeats, end + 1);

        if (matched != NULL)
            return matched;
    }
    return NULL;
}

static const char *match_least(struct match *m, const char *s, const char *p,
                               const char *end)
{
    for (;; s++) {
        const char *matched = match_here(m, s, end + 1);

        if (matched != NULL)
            return matched;
        if (!match_one(m, s, p, end))
            return NULL;
    }
}

static const char *open_capture(struct match *m, const char *s, const char *p,
                                ptrdiff_t kind)
{
    const char *matched;

    if (m->count >= CAPTURES_MAX)
        script_refuse(m->lua, "too many captures");
    assert(kind == CAPTURE_OPEN || kind == CAPTURE_POSITION);
    m->captures[m->count] = (struct capture){s, kind};
    m->count++;
    matched = match_here(m, s, p);
    if (matched == NULL)
        m->count--;
    return matched;
}

static const char *close_capture(struct match *m, const char *s, const char *p)
{
    const char *matched;
    int         last = m->count - 1;

    while (last >= 0 && m->captures[last].length != CAPTURE_OPEN)
        last--;
    if (last < 0)
        script_refuse(m->lua, "invalid pattern capture");
    m->captures[last].length = s - m->captures[last].start;
    matched = match_here(m, s, p);
    if (matched == NULL)
        m->captures[last].length = CAPTURE_OPEN;
    return matched;
}

/* %1 to %9: what a capture before matched. */
static const char *match_again(struct match *m, const char *s, int digit)
{
    int       index = digit - '1';
    ptrdiff_t length;

    if (index < 0 || index >= m->count ||
        m->captures[index].length == CAPTURE_OPEN)
        script_refuse(m->lua, "invalid capture index %%%d", index + 1);
    length = m->captures[index].length;
    if (length < 0) /* a position is no text */
        return NULL;
    script_spend(m->lua, (uint64_t)length);
    if (m->subject_end - s < length ||
        memcmp(m->captures[index].start, s, (size_t)length) != 0)
        return NULL;
    return s + length;
}

/* %f[set]: between a character that is not of the set and one that is. */
static bool match_frontier(struct match *m, const char *s, const char *p,
                           const char *end)
{
    int before = s == m->subject ? '\0' : (unsigned char)s[-1];
    int here = s == m->subject_end ? '\0' : (unsigned char)*s;

    return !in_set(before, p, end - 1) && in_set(here, p, end - 1);
}

/* A single character, perhaps repeated; true = go on at *s, *p. */
static bool match_item(struct match *m, const char **s, const char **p,
                       const char **matched)
{
    const char *end = class_end(m, *p);
    int         suffix = end < m->pattern_end ? *end : '\0';

    *matched = NULL;
    if (suffix == '*' || (suffix == '+' && match_one(m, *s, *p, end))) {
        *matched = match_most(m, *s + (suffix == '+'), *p, end);
        return false;
    }
    if (suffix == '-') {
        *matched = match_least(m, *s, *p, end);
        return false;
    }
    if (suffix == '+')
        return false;
    if (suffix == '?') {
        if (match_one(m, *s, *p, end) &&
            (*matched = match_here(m, *s + 1, end + 1)) != NULL)
            return false;
        *p = end + 1;
        return true;
    }
    if (!match_one(m, *s, *p, end))
        return false;
    (*s)++;
    *p = end;
    return true;
}

/* %b, %f and %1; *handled = false: an ordinary class. Else true = go on. */
static bool match_escape(struct match *m, const char **s, const char **p,
                         bool *handled)
{
    const char *at = *p + 2;
    const char *end;

    *handled = true;
    if (at[-1] == 'b') {
        *s = match_balance(m, *s, at);
        *p = at + 2;
        return *s != NULL;
    }
    if (at[-1] == 'f') {
        if (at >= m->pattern_end || *at != '[')
            script_refuse(m->lua, "missing '[' after '%%f' in pattern");
        end = class_end(m, at);
        *p = end;
        return match_frontier(m, *s, at, end);
    }
    if (isdigit((unsigned char)at[-1])) {
        *s = match_again(m, *s, at[-1]);
        *p = at;
        return *s != NULL;
    }
    *handled = false;
    return true;
}

/* The end of the match of the pattern from p at s, or NULL. */
static const char *match_from(struct match *m, const char *s, const char *p)
{
    const char *matched;
    bool        handled;

    while (p < m->pattern_end) {
        script_spend(m->lua, 1);
        if (*p == '(' && p + 1 < m->pattern_end && p[1] == ')')
            return open_capture(m, s, p + 2, CAPTURE_POSITION);
        if (*p == '(')
            return open_capture(m, s, p + 1, CAPTURE_OPEN);
        if (*p == ')')
            return close_capture(m, s, p + 1);
        if (*p == '$' && p + 1 == m->pattern_end)
            return s == m->subject_end ? s : NULL;
        if (*p == ESCAPE && p + 1 < m->pattern_end) {
            if (!match_escape(m, &s, &p, &handled))
                return NULL;
            if (handled)
                continue;
        }
        if (!match_item(m, &s, &p, &matched))
            return matched;
    }
    return s;
}

static const char *match_here(struct match *m, const char *s, const char *p)
{
    const char *matched;

    if (++m->depth > DEPTH_MAX)
        script_refuse(m->lua, "pattern too complex");
    matched = match_from(m, s, p);
    assert(m->depth > 0);
    m->depth--;
    return matched;
}

static int push_captures(struct match *m, const char *s, const char *end)
{
    lua_pushinteger(m->lua, s - m->subject + 1);
    lua_pushinteger(m->lua, end - m->subject);
    luaL_checkstack(m->lua, m->count, "too many captures");
    for (int i = 0; i < m->count; i++) {
        const struct capture *capture = &m->captures[i];

        if (capture->length == CAPTURE_OPEN)
            script_refuse(m->lua, "unfinished capture");
        if (capture->length == CAPTURE_POSITION)
            lua_pushinteger(m->lua, capture->start - m->subject + 1);
        else
            lua_pushlstring(m->lua, capture->start, (size_t)capture->length);
    }
    return 2 + m->count;
}

static int push_none(lua_State *lua)
{
    lua_pushnil(lua);
    return 1;
}

/* search(subject, pattern, first, plain): nil, or where the first match at or
 * after byte `first` begins and ends, and its captures. */
int script_pattern_find(lua_State *lua)
{
    size_t       subject_bytes;
    size_t       pattern_bytes;
    struct match m = {.lua = lua};
    const char  *pattern;
    const char  *s;
    bool         anchored;

    m.subject = luaL_checklstring(lua, 1, &subject_bytes);
    pattern = luaL_checklstring(lua, 2, &pattern_bytes);
    m.subject_end = m.subject + subject_bytes;
    m.pattern_end = pattern + pattern_bytes;
    if (luaL_checkinteger(lua, 3) < 1 ||
        (uint64_t)luaL_checkinteger(lua, 3) > subject_bytes + 1)
        return push_none(lua);
    s = m.subject + luaL_checkinteger(lua, 3) - 1;
    if (lua_toboolean(lua, 4)) { /* glibc's is linear */
        script_spend(lua, (subject_bytes + pattern_bytes) / 8);
        s = memmem(s, (size_t)(m.subject_end - s), pattern, pattern_bytes);
        return s ? push_captures(&m, s, s + pattern_bytes) : push_none(lua);
    }
    anchored = pattern_bytes > 0 && *pattern == '^';
    pattern += anchored;
    do {
        const char *end;

        m.depth = 0;
        m.count = 0;
        end = match_here(&m, s, pattern);
        if (end != NULL)
            return push_captures(&m, s, end);
    } while (!anchored && s++ < m.subject_end);
    return push_none(lua);
}
