/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of a request, for lua/lib/view.lua: each is made when a decide
 * function looks at it, since most look at one or two. */

#include "common/text.h"
#include "lua/state.h"

#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

enum { COUNT_DIGITS_MAX = 15 };

static void push_lower(lua_State *lua, const char *text)
{
    luaL_Buffer buffer;

    luaL_buffinit(lua, &buffer);
    for (; *text != '\0'; text++)
        luaL_addchar(&buffer, (char)tolower((unsigned char)*text));
    luaL_pushresult(&buffer);
}

/* Fields of one name are joined as RFC 9110, 5.3 has it. */
void script_push_headers(lua_State *lua, const struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;

    lua_newtable(lua);
    for (size_t i = 0; i < headers->count; i++) {
        push_lower(lua, headers->items[i].name);
        lua_pushvalue(lua, -1);
        if (lua_rawget(lua, -3) == LUA_TSTRING) {
            lua_pushfstring(lua, "%s, %s", lua_tostring(lua, -1),
                            headers->items[i].value);
            lua_remove(lua, -2);
        } else {
            lua_pop(lua, 1);
            lua_pushstring(lua, headers->items[i].value);
        }
        lua_rawset(lua, -3);
    }
}

void script_push_retry_count(lua_State *lua, const struct attempt *attempt)
{
    const char *name = script_of(lua)->attempt_header;
    const char *text = header_get(&attempt->headers, name, 0);
    int64_t     count = 0;

    if (text != NULL && strlen(text) <= COUNT_DIGITS_MAX &&
        text_to_int(text, 0, INT64_MAX, &count))
        lua_pushinteger(lua, count);
    else
        lua_pushnil(lua);
}

static void push_number(lua_State *lua, const struct attempt *attempt)
{
    lua_pushinteger(lua, attempt->number);
}

static void push_connection(lua_State *lua, const struct attempt *attempt)
{
    lua_pushinteger(lua, attempt->connection);
}

static void push_route(lua_State *lua, const struct attempt *attempt)
{
    lua_pushstring(lua, route_name(attempt->route));
}

static void push_method(lua_State *lua, const struct attempt *attempt)
{
    lua_pushstring(lua, attempt->method ? attempt->method : "");
}

static void push_path(lua_State *lua, const struct attempt *attempt)
{
    lua_pushstring(lua, attempt->target ? attempt->target : "");
}

static void push_body(lua_State *lua, const struct attempt *attempt)
{
    const char *coding = header_get(&attempt->headers, "Content-Encoding", 0);

    /* This room cannot unpack it, and half a truth helps nobody. */
    if (attempt->body == NULL ||
        (coding != NULL && !text_equal_nocase(coding, "identity")))
        lua_pushnil(lua);
    else
        lua_pushlstring(lua, attempt->body, attempt->body_kept_bytes);
}

static void push_at(lua_State *lua, const struct attempt *attempt)
{
    lua_pushnumber(lua, (double)attempt->arrived_ns / 1e9);
}

/* A check may look at a request that a decide function put aside, when nobody
 * is there any more who could count. */
static const struct script_question *asked(lua_State *lua)
{
    const struct script_question *question = script_of(lua)->question;

    if (question == NULL)
        script_refuse(lua, "the request's events and nth can be looked at "
                           "while a decide function runs, not in a check");
    return question;
}

static void push_events(lua_State *lua, const struct attempt *attempt)
{
    const struct script_question *question = asked(lua);
    unsigned                     *events; /* Lua's to free, whatever happens */
    size_t                        count;

    events = lua_newuserdatauv(lua, PLAN_EVENTS_MAX * sizeof events[0], 0);
    count =
        question->events_of(question->owner, attempt, events, PLAN_EVENTS_MAX);
    lua_createtable(lua, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        lua_pushinteger(lua, events[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static void push_nth(lua_State *lua, const struct attempt *attempt)
{
    const struct script_question *question = asked(lua);

    lua_pushinteger(lua, question->nth_of(question->owner, attempt));
}

/* clang-format off */
static const struct {
    const char *name;
    void (*push)(lua_State *lua, const struct attempt *attempt);
} fields[] = {
    {"number", push_number},   {"connection", push_connection},
    {"route", push_route},     {"method", push_method},
    {"path", push_path},       {"headers", script_push_headers},
    {"body", push_body},       {"retry_count", script_push_retry_count},
    {"events", push_events},   {"nth", push_nth},
    {"at", push_at},
};
/* clang-format on */

int script_request_field(lua_State *lua)
{
    const struct attempt *attempt = lua_touserdata(lua, 1);
    const char           *name = luaL_checkstring(lua, 2);

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(fields[i].name, name) == 0) {
            fields[i].push(lua, attempt);
            return 1;
        }
    return luaL_error(lua, "the Lua library asked for request.%s", name);
}
