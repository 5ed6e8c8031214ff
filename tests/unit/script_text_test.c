/* SPDX-License-Identifier: Apache-2.0 */
/* Our find, match, gmatch and gsub against Lua's own: the same program of
 * random patterns runs in a script and in a plain state, and says the same. */

#include "script_files.h"

#include "common/alloc.h"
#include "common/rng.h"

#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 60, CASES_A_ROUND = 200, PROGRAM_BYTES_MAX = 1 << 20 };

static const char program_head[] =
    "local out = {}\n"
    "local function say(...)\n"
    "  local all = table.pack(...)\n"
    "  for i = 1, all.n do all[i] = tostring(all[i]) end\n"
    "  out[#out + 1] = table.concat(all, '|')\n"
    "end\n"
    "local function try(f, ...)\n"
    "  local all = table.pack(pcall(f, ...))\n"
    "  if all[1] then say(table.unpack(all, 1, all.n)) else say 'error' end\n"
    "end\n"
    "local function each(s, p, i)\n"
    "  local n = 0\n"
    "  for a, b in s:gmatch(p, i) do\n"
    "    say(a, b) n = n + 1 if n > 50 then break end\n"
    "  end\n"
    "end\n"
    "local function case(s, p, r, i)\n"
    "  say(s, p, r, i) try(string.find, s, p, i) try(string.match, s, p, i)\n"
    "  try(each, s, p, i)\n"
    /* With text that names no capture, Lua lets an unfinished one pass. */
    "  if not pcall(string.find, s, p) then return end\n"
    "  try(string.gsub, s, p, r)\n"
    "  try(string.gsub, s, p, r, i) try(string.find, s, p, i, true)\n"
    "  try(string.gsub, s, p, { a = 'T', ab = false })\n"
    "  try(string.gsub, s, p, function(a, b) return b or a == 'a' and 7 end)\n"
    "end\n";

static const char program_tail[] =
    "scenario 'out' { rules = { 'RA-1' },\n"
    "  server = answer { 200, body = table.concat(out, '\\n') } }\n";

static const char *pick(struct rng *rng, const char *const *words, size_t count)
{
    return words[rng_below(rng, count)];
}

static void add_case(struct rng *rng, struct bytes *program)
{
    static const char *const pieces[] = {
        "a",  "b",    "c",    ".",     "%a",     "%A", "[ab]",  "[^a]", "[a-c]",
        "(",  ")",    "()",   "*",     "+",      "-",  "?",     "^",    "$",
        "%%", "%b()", "%1",   "%f[a]", "%w",     "[",  "]",     "%",    "(a)",
        "-",  "[]a]", "[%a]", "%d",    "%f[%w]", "a*", "[^%s]", "(.-)", ".*",
    };
    static const char *const letters[] = {"a", "b", "c", "(", ")",
                                          " ", "1", "-", "%", "."};
    static const char *const replacements[] = {"x",  "%0", "%1", "<%0>",
                                               "%%", "%2", "",   "%"};

    bytes_add(program, "case('");
    for (uint64_t i = rng_below(rng, 9); i > 0; i--)
        bytes_add(program,
                  pick(rng, letters, sizeof letters / sizeof letters[0]));
    bytes_add(program, "', '");
    for (uint64_t i = rng_below(rng, 6); i > 0; i--)
        bytes_add(program, pick(rng, pieces, sizeof pieces / sizeof pieces[0]));
    bytes_format(
        program, "', '%s', %d)\n",
        pick(rng, replacements, sizeof replacements / sizeof replacements[0]),
        (int)rng_below(rng, 14) - 6);
}

/* In a plain state with stubs, the answer's body is the result. */
static char *run_plain(const struct bytes *program)
{
    static const char stubs[] = "function answer(t) result = t.body end\n"
                                "function scenario() return print end\n"
                                "print = function() end\n";
    lua_State        *lua = luaL_newstate();
    char             *result;

    assert_non_null(lua);
    luaL_openlibs(lua);
    assert_int_equal(luaL_dostring(lua, stubs), LUA_OK);
    if (luaL_loadbuffer(lua, program->data, program->length, "plain") ||
        lua_pcall(lua, 0, 0, 0))
        fail_msg("%s", lua_tostring(lua, -1));
    lua_getglobal(lua, "result");
    result = alloc_text(lua_tostring(lua, -1));
    lua_close(lua);
    return result;
}

static char *run_ours(const struct bytes *program)
{
    struct script *script = files_script(1);
    struct bytes   trouble;
    char          *result;

    bytes_init(&trouble, 4096);
    if (!files_load(script, "ours.lua", program->data, &trouble))
        fail_msg("%s", bytes_text(&trouble));
    result = alloc_text(script_plan(script, 0)
                            ->routes[ROUTE_INGEST]
                            .steps.items[0]
                            .answer.body);
    script_close(script);
    return result;
}

static void test_same_as_lua(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int round = 0; round < ROUNDS; round++) {
        struct bytes program;
        char        *plain;
        char        *ours;

        bytes_init(&program, PROGRAM_BYTES_MAX);
        bytes_add(&program, program_head);
        for (int i = 0; i < CASES_A_ROUND; i++)
            add_case(&rng, &program);
        bytes_add(&program, program_tail);
        assert_false(program.truncated);
        plain = run_plain(&program);
        ours = run_ours(&program);
        if (strcmp(plain, ours) != 0) {
            size_t at = 0;

            while (plain[at] == ours[at])
                at++;
            for (int lines = 0; at > 0 && lines < 9;
                 lines += plain[at - 1] == 10)
                at--;
            fail_msg("Lua: %.300s\nours: %.300s", plain + at, ours + at);
        }
        alloc_free(plain);
        alloc_free(ours);
        bytes_clear(&program);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_as_lua)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
