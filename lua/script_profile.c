/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario may know of the profile: retrial.profile, of which
 * lib/profile.lua makes the word `profile`. */

#include "common/clock.h"
#include "lua/state.h"

#include <lauxlib.h>

enum { RETRY_MAX = 10000 };

static void push_value(lua_State *lua, const cJSON *value)
{
    const cJSON *item;

    if (cJSON_IsNumber(value)) {
        if (value->valuedouble == (double)(lua_Integer)value->valuedouble)
            lua_pushinteger(lua, (lua_Integer)value->valuedouble);
        else
            lua_pushnumber(lua, value->valuedouble);
    } else if (cJSON_IsString(value)) {
        lua_pushstring(lua, value->valuestring);
    } else if (cJSON_IsArray(value)) {
        lua_newtable(lua);
        cJSON_ArrayForEach (item, value) {
            push_value(lua, item);
            lua_rawseti(lua, -2, (lua_Integer)lua_rawlen(lua, -2) + 1);
        }
    } else {
        lua_pushnil(lua);
    }
}

/* value(name): of the key; nil = it is open. */
static int value(lua_State *lua)
{
    const struct script *script = script_of(lua);
    enum profile_key     key = profile_key_find(luaL_checkstring(lua, 1));
    cJSON               *json;

    if (key == PROFILE_KEY_COUNT)
        return luaL_error(lua, "the Lua library let an unknown key pass");
    json = profile_value(&script->profile, key);
    /* Lists of texts at most: nothing here raises but for want of memory, and
     * then the state is closed. */
    push_value(lua, json);
    cJSON_Delete(json);
    return 1;
}

static int status_arg(lua_State *lua)
{
    return (int)luaL_checkinteger(lua, 1);
}

/* class(status): "delivered", "retried", "either" or "dropped"; 0 = no
 * answer. */
static int class(lua_State *lua)
{
    static const char *const names[] = {
        [STATUS_DELIVERED] = "delivered",
        [STATUS_RETRIED] = "retried",
        [STATUS_EITHER] = "either",
        [STATUS_DROPPED] = "dropped",
    };
    const struct script *script = script_of(lua);

    lua_pushstring(
        lua, names[profile_status(&script->profile, status_arg(lua), false)]);
    return 1;
}

/* rule(status): that says so; nil = it is the client's own choice. */
static int rule(lua_State *lua)
{
    const struct script *script = script_of(lua);
    int                  status = status_arg(lua);
    enum status_class found = profile_status(&script->profile, status, false);
    enum rule_id      id = status_class_rule(found, status);

    if (id == RULE_NONE)
        lua_pushnil(lua);
    else
        lua_pushstring(lua, rule_table[id].id);
    return 1;
}

static int honours(lua_State *lua)
{
    const struct script *script = script_of(lua);

    lua_pushboolean(lua, profile_honours_retry_after(&script->profile,
                                                     status_arg(lua), false));
    return 1;
}

/* backoff(n): the least and the most seconds before the n-th counted retry;
 * nothing where the law is open. */
static int backoff(lua_State *lua)
{
    const struct script *script = script_of(lua);
    lua_Integer          n = luaL_checkinteger(lua, 1);
    struct backoff_law   law = profile_backoff(&script->profile);
    struct backoff_span  span;

    if (PROFILE_OPEN(&script->profile, backoff_law))
        return 0;
    luaL_argcheck(lua, n >= 1 && n <= RETRY_MAX, 1, "1 to 10000");
    span = backoff_law_span(&law, (unsigned)n);
    lua_pushnumber(lua, (double)span.least_ns / (double)NS_PER_S);
    lua_pushnumber(lua, (double)span.most_ns / (double)NS_PER_S);
    return 2;
}

static void know_keys(lua_State *lua)
{
    lua_newtable(lua);
    for (int i = 0; i < PROFILE_KEY_COUNT; i++) {
        lua_pushstring(lua, profile_key_info((enum profile_key)i).name);
        lua_rawseti(lua, -2, i + 1);
    }
    lua_setfield(lua, -2, "keys");
}

void script_know_profile(lua_State *lua)
{
    static const luaL_Reg functions[] = {
        {"value", value},     {"class", class},     {"rule", rule},
        {"honours", honours}, {"backoff", backoff}, {NULL, NULL},
    };

    luaL_newlib(lua, functions);
    know_keys(lua);
    lua_setfield(lua, -2, "profile");
}
