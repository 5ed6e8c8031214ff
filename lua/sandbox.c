/* SPDX-License-Identifier: Apache-2.0 */
/* What of Lua's own library a scenario may use, made safe.
 *
 * lua/lib/strict.lua says which names a scenario sees; this file closes what
 * those functions would leave open. The ways out that were found, each with a
 * test in tests/unit/script_test.c:
 * - An error that is caught costs more than any instruction, and a caught
 *   recursion makes one each few. Hence a pcall of our own, which charges it.
 * - xpcall runs its handler, setmetatable's __gc its finalizer, and a dead
 *   coroutine its __close while hooks are off: uncounted, so endless. Hence an
 *   xpcall of our own, no __gc, no coroutine.close (and a wrap, in strict.lua,
 *   that closes nothing).
 * - A pattern can backtrack, string.rep("", 1 << 60) and table.move can loop
 *   in C for ever: no instruction, no hook. Hence a matcher of our own
 *   (pattern.c), and charges for what works through a table or a string.
 * - A chain of weak keys takes the collector quadratic time, in which no hook
 *   runs. Hence no __mode, and metatables are copied when they are set.
 * - The table functions believe __len and __index: a table that claims 2^60
 *   fields. Hence plain tables only. */

#include "common/log.h"
#include "common/rng.h"
#include "lua/state.h"

#include <lauxlib.h>
#include <lualib.h>

enum { LOG_TEXT_MAX = 1000 };

/* ---- protected calls ---- */

/* What it costs C to make an error, to unwind to who catches it, and to shrink
 * the stack again, which may be most of what Lua holds: a recursion that runs
 * into the end of the stack, is caught and recurs anew does little else. */
enum { FAILURE_UNITS = 1000, BYTES_A_FAILURE_UNIT = 1024 };

/* The next look at the budget finds it spent, if it is. */
static bool has_failed(lua_State *lua, int status)
{
    struct script *script = script_of(lua);

    if (status == LUA_OK || status == LUA_YIELD)
        return false;
    script->budget -=
        FAILURE_UNITS + (int64_t)(script->lua_bytes / BYTES_A_FAILURE_UNIT);
    return true;
}

/* The place of what was called is on the stack, below the results. */
static int succeed(lua_State *lua)
{
    lua_pushboolean(lua, 1);
    lua_replace(lua, 1);
    return lua_gettop(lua);
}

static int finish_pcall(lua_State *lua, int status, lua_KContext context)
{
    (void)context;
    if (!has_failed(lua, status))
        return succeed(lua);
    lua_pushboolean(lua, 0);
    lua_insert(lua, -2);
    return 2;
}

static int safe_pcall(lua_State *lua)
{
    luaL_checkany(lua, 1);
    lua_pushnil(lua);
    lua_insert(lua, 1); /* to (nil, function, ...) */
    return finish_pcall(
        lua,
        lua_pcallk(lua, lua_gettop(lua) - 2, LUA_MULTRET, 0, 0, finish_pcall),
        0);
}

static int finish_xpcall(lua_State *lua, int status, lua_KContext context)
{
    (void)context;
    if (!has_failed(lua, status))
        return succeed(lua);
    lua_pushvalue(lua, 1); /* the handler: unwound, so hooks are on */
    lua_insert(lua, -2);
    lua_call(lua, 1, 1);
    lua_pushboolean(lua, 0);
    lua_insert(lua, -2);
    return 2;
}

static int safe_xpcall(lua_State *lua)
{
    int arguments = lua_gettop(lua) - 2;

    luaL_checktype(lua, 2, LUA_TFUNCTION);
    lua_pushvalue(lua, 1); /* from (function, handler, ...) */
    lua_pushvalue(lua, 2);
    lua_replace(lua, 1);
    lua_replace(lua, 2); /* to (handler, function, ...) */
    return finish_xpcall(
        lua, lua_pcallk(lua, arguments, LUA_MULTRET, 0, 0, finish_xpcall), 0);
}

/* ---- metatables ---- */

/* Pushes a copy of the metatable at 2: what is refused in it now cannot be
 * added later. getmetatable still gives the one that was set. */
static void copy_metatable(lua_State *lua)
{
    lua_newtable(lua);
    lua_pushnil(lua);
    while (lua_next(lua, 2)) {
        lua_pushvalue(lua, -2);
        lua_insert(lua, -2);
        lua_rawset(lua, 3);
    }
    lua_pushliteral(lua, "__metatable");
    if (lua_rawget(lua, 3) == LUA_TNIL) {
        lua_pushliteral(lua, "__metatable");
        lua_pushvalue(lua, 2);
        lua_rawset(lua, 3);
    }
    lua_settop(lua, 3);
}

int script_setmetatable(lua_State *lua)
{
    static const char *const refused[] = {"__gc", "__mode"};

    luaL_checktype(lua, 1, LUA_TTABLE);
    luaL_checktype(lua, 2, LUA_TTABLE);
    lua_settop(lua, 2);
    if (lua_getmetatable(lua, 1))
        return luaL_error(lua, "cannot change a metatable");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        lua_pushstring(lua, refused[i]);
        if (lua_rawget(lua, 2) != LUA_TNIL)
            return luaL_error(lua, "%s is not allowed in a metatable",
                              refused[i]);
        lua_pop(lua, 1);
    }
    script_spend(lua, lua_rawlen(lua, 2));
    copy_metatable(lua);
    lua_setmetatable(lua, 1);
    lua_settop(lua, 1);
    return 1;
}

/* ---- functions that are charged for what they go through ---- */

static void check_plain(lua_State *lua, int table)
{
    luaL_checktype(lua, table, LUA_TTABLE);
    if (lua_getmetatable(lua, table))
        luaL_argerror(lua, table, "a table without a metatable is needed");
}

static uint64_t distance(lua_Integer first, lua_Integer last)
{
    return last < first ? 0 : (uint64_t)last - (uint64_t)first + 1;
}

static uint64_t cost_of_table(lua_State *lua)
{
    check_plain(lua, 1);
    return lua_rawlen(lua, 1);
}

static uint64_t cost_of_append(lua_State *lua)
{
    check_plain(lua, 1);
    return lua_gettop(lua) < 3 ? 1 : lua_rawlen(lua, 1);
}

static uint64_t cost_of_unpack(lua_State *lua)
{
    check_plain(lua, 1);
    return distance(luaL_optinteger(lua, 2, 1),
                    luaL_optinteger(lua, 3, (lua_Integer)lua_rawlen(lua, 1)));
}

static uint64_t cost_of_concat(lua_State *lua)
{
    check_plain(lua, 1);
    return distance(luaL_optinteger(lua, 3, 1),
                    luaL_optinteger(lua, 4, (lua_Integer)lua_rawlen(lua, 1)));
}

/* Every 8 bytes of a text cost one unit, where it is gone through. */
static uint64_t cost_of_value(lua_State *lua, int index)
{
    return lua_type(lua, index) == LUA_TSTRING ? lua_rawlen(lua, index) / 8 : 0;
}

/* Each value is compared some log n times, as long as its text is. */
static uint64_t cost_of_sort(lua_State *lua)
{
    uint64_t length = cost_of_table(lua);
    uint64_t each = length;
    uint64_t cost;

    script_spend(lua, length);
    for (uint64_t i = 1; i <= length; i++) {
        lua_rawgeti(lua, 1, (lua_Integer)i);
        each += cost_of_value(lua, -1);
        lua_pop(lua, 1);
    }
    cost = each;
    for (uint64_t left = length; left > 1; left /= 2)
        cost += each;
    return cost;
}

static uint64_t cost_of_move(lua_State *lua)
{
    check_plain(lua, 1);
    if (lua_istable(lua, 5))
        check_plain(lua, 5);
    return distance(luaL_checkinteger(lua, 2), luaL_checkinteger(lua, 3));
}

static uint64_t cost_of_rep(lua_State *lua)
{
    lua_Integer times;

    luaL_checkstring(lua, 1);
    times = luaL_checkinteger(lua, 2);
    return times > 0 ? (uint64_t)times : 0;
}

static uint64_t cost_of_text(lua_State *lua)
{
    size_t length_bytes;

    luaL_checklstring(lua, 1, &length_bytes);
    return length_bytes / 8;
}

static uint64_t cost_of_number(lua_State *lua)
{
    return cost_of_value(lua, 1);
}

static uint64_t cost_of_arguments(lua_State *lua)
{
    return (uint64_t)lua_gettop(lua);
}

static const struct {
    const char *library;
    const char *name;
    uint64_t (*cost)(lua_State *lua);
} charged[] = {
    {"table", "concat", cost_of_concat}, {"table", "insert", cost_of_append},
    {"table", "move", cost_of_move},     {"table", "remove", cost_of_table},
    {"table", "sort", cost_of_sort},     {"table", "unpack", cost_of_unpack},
    {"string", "rep", cost_of_rep},      {"utf8", "len", cost_of_text},
    {"utf8", "offset", cost_of_text},    {"utf8", "codepoint", cost_of_text},
    {"string", "pack", cost_of_text},    {"string", "packsize", cost_of_text},
    {"string", "unpack", cost_of_text},  {"string", "format", cost_of_text},
    {"string", "byte", cost_of_text},    {"string", "char", cost_of_arguments},
    {"utf8", "char", cost_of_arguments}, {"math", "max", cost_of_arguments},
    {"math", "min", cost_of_arguments},  {"math", "tointeger", cost_of_number},
    {"_G", "select", cost_of_arguments}, {"_G", "tonumber", cost_of_number},
};

static int call_charged(lua_State *lua) /* upvalues: index, the original */
{
    lua_Integer index = lua_tointeger(lua, lua_upvalueindex(1));

    script_spend(lua, charged[index].cost(lua));
    lua_pushvalue(lua, lua_upvalueindex(2));
    lua_insert(lua, 1);
    lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
    return lua_gettop(lua);
}

static void charge(lua_State *lua)
{
    for (size_t i = 0; i < sizeof charged / sizeof charged[0]; i++) {
        lua_getglobal(lua, charged[i].library);
        lua_pushinteger(lua, (lua_Integer)i);
        lua_getfield(lua, -2, charged[i].name);
        lua_pushcclosure(lua, call_charged, 2);
        lua_setfield(lua, -2, charged[i].name);
        lua_pop(lua, 1);
    }
}

/* ---- chance, talk ---- */

static int random_number(lua_State *lua) /* as math.random, but ours */
{
    struct rng *chance = script_of(lua)->chance;
    lua_Integer least = 1;
    lua_Integer most;
    uint64_t    span;

    if (lua_gettop(lua) == 0) {
        lua_pushnumber(lua, rng_unit(chance));
        return 1;
    }
    if (lua_gettop(lua) > 1)
        least = luaL_checkinteger(lua, 1);
    most = luaL_checkinteger(lua, lua_gettop(lua) > 1 ? 2 : 1);
    luaL_argcheck(lua, least <= most, lua_gettop(lua) > 1 ? 2 : 1,
                  "the interval is empty");
    span = (uint64_t)most - (uint64_t)least;
    lua_pushinteger(
        lua, (lua_Integer)((uint64_t)least +
                           (span == UINT64_MAX ? rng_next(chance)
                                               : rng_below(chance, span + 1))));
    return 1;
}

static int talk(lua_State *lua)
{
    log_line(LOG_INFO, "%.*s", LOG_TEXT_MAX, luaL_checkstring(lua, 1));
    return 0;
}

/* ---- the whole ---- */

/* What is ours instead; NULL = what no scenario may have. */
static const struct {
    const char   *library;
    const char   *name;
    lua_CFunction ours;
} replaced[] = {
    {LUA_GNAME, "pcall", safe_pcall},
    {LUA_GNAME, "xpcall", safe_xpcall},
    {LUA_GNAME, "print", talk},
    {LUA_MATHLIBNAME, "random", random_number},
    {LUA_GNAME, "dofile", NULL},
    {LUA_GNAME, "loadfile", NULL},
    {LUA_GNAME, "load", NULL},
    {LUA_GNAME, "collectgarbage", NULL},
    {LUA_GNAME, "warn", NULL},
    {LUA_STRLIBNAME, "dump", NULL},
    {LUA_MATHLIBNAME, "randomseed", NULL},
    {LUA_COLIBNAME, "close", NULL},
    {LUA_COLIBNAME, "wrap", NULL},
};

static void replace(lua_State *lua)
{
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        lua_getglobal(lua, replaced[i].library);
        if (replaced[i].ours != NULL)
            lua_pushcfunction(lua, replaced[i].ours);
        else
            lua_pushnil(lua);
        lua_setfield(lua, -2, replaced[i].name);
        lua_pop(lua, 1);
    }
}

void script_sandbox(lua_State *lua)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},        {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},
        {LUA_UTF8LIBNAME, luaopen_utf8},  {LUA_COLIBNAME, luaopen_coroutine},
    };

    for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++) {
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 1);
        lua_pop(lua, 1);
    }
    replace(lua);
    charge(lua);
}
