/* SPDX-License-Identifier: Apache-2.0 */
/* What C lends to the Lua library: the table `retrial` and use "name".
 *
 * The library is built in, or read from lua_dir by those who work on it. It
 * lives in the true globals, which no scenario ever sees. */

#include "common/alloc.h"
#include "common/embedded.h"
#include "common/text.h"
#include "lua/state.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

extern const struct embedded lua_files[];
extern const size_t          lua_files_count;

enum { WORDS_MAX = 256 };

/* ---- use "name": the library's files ---- */

static int load_from_dir(lua_State *lua, const char *dir, const char *name,
                         const char *chunk)
{
    char   path[1024];
    FILE  *file;
    char  *text;
    size_t length;
    int    status;

    snprintf(path, sizeof path, "%s/%s.lua", dir, name);
    file = fopen(path, "rb");
    if (file == NULL)
        return luaL_error(lua, "%s cannot be opened", path);
    text = alloc_zero(SCRIPT_FILE_BYTES_MAX, 1);
    length = fread(text, 1, SCRIPT_FILE_BYTES_MAX, file);
    fclose(file);
    status = luaL_loadbufferx(lua, text, length, chunk, "t");
    alloc_free(text);
    return status;
}

static int load_built_in(lua_State *lua, const char *name, const char *chunk)
{
    char file[64];

    snprintf(file, sizeof file, "%s.lua", name);
    for (size_t i = 0; i < lua_files_count; i++)
        if (strcmp(lua_files[i].name, file) == 0)
            return luaL_loadbufferx(lua, lua_files[i].text,
                                    lua_files[i].length_bytes, chunk, "t");
    return luaL_error(lua, "there is no lua/lib/%s", file);
}

int script_use(lua_State *lua)
{
    const struct script *script = script_of(lua);
    const char          *name = luaL_checkstring(lua, 1);
    char                 chunk[64];
    int                  status;

    lua_settop(lua, 1);
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, "retrial.used");
    lua_pushvalue(lua, 1);
    if (lua_rawget(lua, 2) != LUA_TNIL)
        return 1;
    snprintf(chunk, sizeof chunk, "=lua/lib/%s.lua", name);
    status = script->lua_dir ? load_from_dir(lua, script->lua_dir, name, chunk)
                             : load_built_in(lua, name, chunk);
    if (status != LUA_OK)
        return lua_error(lua);
    lua_call(lua, 0, 1);
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, -2);
    lua_rawset(lua, 2);
    return 1;
}

/* ---- functions ---- */

/* where(): "FILE:LINE" of the scenario that is running, and the line; or
 * nothing. */
static int where(lua_State *lua)
{
    lua_Debug frame;

    if (!script_frame(lua, &frame))
        return 0;
    lua_pushfstring(lua, "%s:%d", frame.source + 1, frame.currentline);
    lua_pushinteger(lua, frame.currentline);
    return 2;
}

/* nearest(word, words): the word most likely meant, or nil. */
static int nearest(lua_State *lua)
{
    const char  *words[WORDS_MAX];
    size_t       count = 0;
    const char  *word = luaL_checkstring(lua, 1);
    lua_Unsigned length;

    luaL_checktype(lua, 2, LUA_TTABLE);
    length = lua_rawlen(lua, 2);
    for (lua_Unsigned i = 1; i <= length && count < WORDS_MAX; i++) {
        /* The table holds the words while we look at them. */
        lua_rawgeti(lua, 2, (lua_Integer)i);
        words[count++] = luaL_checkstring(lua, -1);
        lua_pop(lua, 1);
    }
    lua_pushstring(lua, text_nearest(word, words, count));
    return 1;
}

/* metafield(table, name): past a __metatable that hides it. */
static int metafield(lua_State *lua)
{
    if (luaL_getmetafield(lua, 1, luaL_checkstring(lua, 2)) == LUA_TNIL)
        lua_pushnil(lua);
    return 1;
}

static int duration_ns(lua_State *lua)
{
    int64_t value_ns;

    if (text_to_duration_ns(luaL_checkstring(lua, 1), &value_ns))
        lua_pushinteger(lua, value_ns);
    else
        lua_pushnil(lua);
    return 1;
}

/* begin(id): from here to stop(), chance is the scenario's own, so that
 * neither the order nor the number of its neighbours changes it. False: no
 * file is being loaded. */
static int begin(lua_State *lua)
{
    struct script *script = script_of(lua);

    lua_pushboolean(lua, script->loading);
    if (!script->loading)
        return 1;
    rng_seed(&script->plan_chance,
             script_seed(script->seed, luaL_checkstring(lua, 1)));
    script->chance = &script->plan_chance;
    return 1;
}

static int end(lua_State *lua)
{
    struct script *script = script_of(lua);

    script->chance = &script->file_chance;
    return 0;
}

/* declared(id): where a plan of that id was declared, or nil. */
static int declared(lua_State *lua)
{
    const struct script *script = script_of(lua);
    const char          *id = luaL_checkstring(lua, 1);
    uint64_t             key = script_seed(0, id);

    script_spend(lua, script->plan_count / 8);
    for (size_t i = 0; i < script->plan_count; i++) {
        const struct plan *plan = script->plans[i].plan;

        if (script->plans[i].id_key == key && strcmp(plan->id, id) == 0) {
            lua_pushfstring(lua, "%s:%d", plan->file, plan->line);
            return 1;
        }
    }
    lua_pushnil(lua);
    return 1;
}

/* ---- what the house knows, as tables ---- */

static void add_word(lua_State *lua, const char *word)
{
    lua_pushstring(lua, word);
    lua_rawseti(lua, -2, (lua_Integer)lua_rawlen(lua, -2) + 1);
}

/* Its values that need a capability of their own. */
static void know_values(lua_State *lua, enum config_key key)
{
    const char *word;

    lua_newtable(lua);
    for (size_t i = 0; (word = config_value_word(key, i)) != NULL; i++)
        add_word(lua, word);
    lua_setfield(lua, -2, "values");
}

static void know_config(lua_State *lua)
{
    static const char *const meanings[CONFIG_COUNT] = {
#define X(key, name, min, max, meaning) [key] = meaning,
        CONFIG_MAP(X)
#undef X
    };

    lua_newtable(lua);
    for (int i = 0; i < CONFIG_COUNT; i++) {
        enum config_key key = (enum config_key)i;

        lua_newtable(lua);
        set_text(lua, "name", config_name(key));
        set_integer(lua, "least", config_min(key));
        set_integer(lua, "most", config_max(key));
        /* The meaning names the unit first. */
        set_boolean(lua, "is_duration", text_starts_with(meanings[key], "ms"));
        know_values(lua, key);
        lua_rawseti(lua, -2, i + 1);
    }
    lua_setfield(lua, -2, "config");
}

/* { kind =, least =, most = } of each word that the fault takes. */
static void set_params(lua_State *lua, enum fault fault)
{
    static const char *const kinds[] = {
        [PARAM_NUMBER] = "number",
        [PARAM_WORD] = "word",
        [PARAM_DURATION] = "duration",
    };

    lua_newtable(lua);
    for (int i = 0; i < FAULT_PARAM_COUNT; i++) {
        enum fault_param param = (enum fault_param)i;

        if (!fault_takes(fault, param))
            continue;
        lua_newtable(lua);
        set_text(lua, "kind", kinds[fault_param_kind(param)]);
        set_integer(lua, "least", fault_param_least(param));
        set_integer(lua, "most", fault_param_most(param));
        lua_setfield(lua, -2, fault_param_name(param));
    }
    lua_setfield(lua, -2, "params");
}

static const char *over_name(enum fault_over over)
{
    static const char *const names[] = {
        [OVER_ANY] = "any", [OVER_TLS] = "tls", [OVER_CLEAR] = "clear"};

    return names[over];
}

/* faults: a list of names; fault: by name, what each takes. */
static void know_faults(lua_State *lua)
{
    lua_newtable(lua);
    lua_newtable(lua);
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
        enum fault fault = (enum fault)i;

        lua_pushvalue(lua, -2);
        add_word(lua, fault_name(fault));
        lua_pop(lua, 1);
        lua_newtable(lua);
        set_params(lua, fault);
        set_integer(lua, "status", fault_status(fault));
        set_text(lua, "family", fault_family_name(fault_family(fault)));
        set_text(lua, "over", over_name(fault_over(fault)));
        set_text(lua, "taken_for", fault_sees_name(fault_sees(fault)));
        set_boolean(lua, "of_connection", fault_is_of_connection(fault));
        lua_setfield(lua, -2, fault_name(fault));
    }
    lua_setfield(lua, -3, "fault");
    lua_setfield(lua, -2, "faults");
}

static void know_words(lua_State *lua)
{
    lua_newtable(lua);
    for (int i = 0; i < DATE_FORM_COUNT; i++)
        add_word(lua, date_form_name((enum date_form)i));
    lua_setfield(lua, -2, "dates");
    lua_newtable(lua);
    for (int i = 0; i < PLAN_CLOCKS; i++)
        add_word(lua, plan_clock_name((enum plan_clock)i));
    lua_setfield(lua, -2, "clocks");
    lua_newtable(lua);
    for (size_t i = 0; i < RULE_COUNT; i++)
        add_word(lua, rule_table[i].id);
    lua_setfield(lua, -2, "rules");
}

static int is_json(lua_State *lua)
{
    lua_pushboolean(lua, plan_is_json(luaL_checkstring(lua, 1)));
    return 1;
}

void script_known(lua_State *lua)
{
    /* clang-format off */
    static const luaL_Reg functions[] = {
        {"where", where},       {"nearest", nearest},
        {"begin", begin},       {"declare", script_declare},
        {"stop", end},          {"declared", declared},
        {"duration_ns", duration_ns},
        {"finding", script_finding},
        {"request_field", script_request_field},
        {"metafield", metafield},
        {"is_json", is_json},
        {"search", script_pattern_find},
        {"setmetatable", script_setmetatable},
        {NULL, NULL},
    };
    /* clang-format on */

    luaL_newlib(lua, functions);
    know_config(lua);
    know_faults(lua);
    know_words(lua);
    script_know_profile(lua);
    set_integer(lua, "events_max", PLAN_EVENTS_MAX);
    set_integer(lua, "clients_max", PLAN_CLIENTS_MAX);
    set_integer(lua, "steps_max", PLAN_STEPS_MAX);
    set_integer(lua, "connections_max", PLAN_CONNECTIONS_MAX);
    set_integer(lua, "attempts_max", RECORD_ATTEMPTS_MAX);
    set_integer(lua, "wait_max_ns", PLAN_WAIT_MAX_NS);
}
