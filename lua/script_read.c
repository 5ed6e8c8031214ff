/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of the plain tables that lua/ hands over, read raw.
 *
 * The library has checked them and complained in the scenario's own words;
 * what is wrong here is the library's mistake, and says so. */

#include "common/alloc.h"
#include "lua/state.h"

#include <assert.h>
#include <lauxlib.h>
#include <string.h>

static int get(lua_State *lua, int table, const char *name)
{
    table = lua_absindex(lua, table);
    lua_pushstring(lua, name);
    return lua_rawget(lua, table);
}

static void mistaken(lua_State *lua, const char *name)
{
    luaL_error(lua, "the Lua library made a wrong '%s' (a %s)", name,
               luaL_typename(lua, -1));
}

/* Pops it. */
static int64_t take_integer(lua_State *lua, const char *name, int64_t min,
                            int64_t max)
{
    int         is_integer = 0;
    lua_Integer value = 0;

    if (lua_type(lua, -1) == LUA_TNUMBER)
        value = lua_tointegerx(lua, -1, &is_integer);
    if (!is_integer || value < min || value > max)
        mistaken(lua, name);
    lua_pop(lua, 1);
    return value;
}

int64_t read_integer(lua_State *lua, int table, const char *name, int64_t min,
                     int64_t max)
{
    get(lua, table, name);
    return take_integer(lua, name, min, max);
}

int64_t read_integer_or(lua_State *lua, int table, const char *name,
                        int64_t min, int64_t max, int64_t absent)
{
    if (get(lua, table, name) == LUA_TNIL) {
        lua_pop(lua, 1);
        return absent;
    }
    return take_integer(lua, name, min, max);
}

/* The text lives as long as the table, which still holds it. */
const char *read_text(lua_State *lua, int table, const char *name,
                      size_t *length_bytes)
{
    const char *text = NULL;
    int         type = get(lua, table, name);

    if (type == LUA_TSTRING)
        text = lua_tolstring(lua, -1, length_bytes);
    else if (type != LUA_TNIL)
        mistaken(lua, name);
    lua_pop(lua, 1);
    return text;
}

int read_boolean(lua_State *lua, int table, const char *name)
{
    int type = get(lua, table, name);
    int value = type == LUA_TNIL ? -1 : lua_toboolean(lua, -1);

    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        mistaken(lua, name);
    lua_pop(lua, 1);
    return value;
}

bool read_table(lua_State *lua, int table, const char *name)
{
    int type = get(lua, table, name);

    if (type == LUA_TTABLE) {
        luaL_checkstack(lua, 10, name);
        return true;
    }
    if (type != LUA_TNIL)
        mistaken(lua, name);
    lua_pop(lua, 1);
    return false;
}

static void charge_copy(lua_State *lua, size_t length_bytes)
{
    struct script *script = script_of(lua);

    script_spend(lua, length_bytes / 64 + 1);
    if (script->building == NULL) /* an answer of decide: soon gone */
        return;
    if (script->plan_bytes + length_bytes > SCRIPT_PLAN_BYTES_MAX)
        script_refuse(lua, "the scenarios hold more than %d MB of text",
                      SCRIPT_PLAN_BYTES_MAX >> 20);
    script->plan_bytes += length_bytes;
}

char *read_copy(lua_State *lua, int table, const char *name,
                size_t *length_bytes)
{
    const char *text = read_text(lua, table, name, length_bytes);

    if (text == NULL)
        return NULL;
    charge_copy(lua, *length_bytes);
    return alloc_text_n(text, *length_bytes);
}

void read_each(lua_State *lua, int table, const char *name,
               void (*read)(lua_State *lua, void *owner), void *owner)
{
    int top = lua_gettop(lua);

    if (!read_table(lua, table, name))
        return;
    for (lua_Unsigned i = 1; i <= lua_rawlen(lua, top + 1); i++) {
        lua_rawgeti(lua, top + 1, (lua_Integer)i);
        read(lua, owner);
        assert(lua_gettop(lua) == top + 2);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

void set_integer(lua_State *lua, const char *name, int64_t value)
{
    assert(lua_istable(lua, -1));
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, name);
}

void set_boolean(lua_State *lua, const char *name, bool value)
{
    assert(lua_istable(lua, -1));
    lua_pushboolean(lua, value);
    lua_setfield(lua, -2, name);
}

void set_text(lua_State *lua, const char *name, const char *text)
{
    assert(lua_istable(lua, -1));
    if (text == NULL)
        return;
    lua_pushstring(lua, text);
    lua_setfield(lua, -2, name);
}
