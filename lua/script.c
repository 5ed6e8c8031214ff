/* SPDX-License-Identifier: Apache-2.0 */
#include "lua/script.h"

#include "common/alloc.h"
#include "lua/state.h"

#include <assert.h>
#include <errno.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

uint64_t script_seed(uint64_t seed, const char *name)
{
    struct rng rng;
    uint64_t   hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    rng_seed(&rng, seed ^ hash);
    return rng_next(&rng);
}

void script_push_library(struct script *script, const char *name)
{
    lua_rawgeti(script->lua, LUA_REGISTRYINDEX, script->library);
    lua_getfield(script->lua, -1, name);
    lua_remove(script->lua, -2);
}

/* ---- open and close ---- */

static int open_state(lua_State *lua)
{
    struct script *script = script_of(lua);

    script_sandbox(lua);
    script_known(lua);
    lua_setglobal(lua, "retrial");
    lua_pushcfunction(lua, script_use);
    lua_setglobal(lua, "use");
    lua_pushcfunction(lua, script_use);
    lua_pushliteral(lua, "init");
    lua_call(lua, 1, 1);
    script->library = luaL_ref(lua, LUA_REGISTRYINDEX);
    return 0;
}

bool script_open(struct script **script, const struct script_config *config,
                 struct err *err)
{
    struct script *opened = alloc_zero(1, sizeof *opened);

    opened->seed = config->seed;
    opened->lua_dir = alloc_text(config->lua_dir);
    profile_init(&opened->profile);
    if (config->profile != NULL)
        opened->profile = *config->profile;
    opened->library = LUA_NOREF;
    opened->load_budget = config->load_instructions > 0
                              ? config->load_instructions
                              : SCRIPT_LOAD_BUDGET;
    opened->cpu_limit_s =
        config->cpu_limit_s > 0 ? config->cpu_limit_s : SCRIPT_CPU_LIMIT_S;
    opened->chance = &opened->file_chance;
    if (!script_door_open(opened, err))
        goto out;
    opened->file = config->lua_dir ? config->lua_dir : "lua";
    lua_pushcfunction(opened->lua, open_state);
    if (!script_call(opened, 0, 0, SCRIPT_LOAD_BUDGET, NULL, err)) {
        err->code = config->lua_dir ? ERR_USAGE : ERR_OURS;
        goto out;
    }
    opened->file = NULL;
    *script = opened;
    return true;
out:
    script_close(opened);
    return false;
}

void script_close(struct script *script)
{
    if (script == NULL)
        return;
    for (size_t i = 0; i < script->plan_count; i++)
        plan_free(script->plans[i].plan);
    plan_free(script->building);
    if (script->lua != NULL)
        lua_close(script->lua);
    assert(script->lua_bytes == 0);
    alloc_free(script->plans);
    alloc_free(script->functions);
    alloc_free(script->lua_dir);
    alloc_free(script);
}

void script_take_profile(struct script *script, const struct profile *profile)
{
    _Static_assert(sizeof script->attempt_header ==
                       sizeof profile->attempt_header,
                   "a name of the profile's");
    memcpy(script->attempt_header, profile->attempt_header,
           sizeof script->attempt_header);
}

/* ---- load ---- */

struct source {
    const char *name;
    const char *text;
    size_t      length_bytes;
};

static int run_source(lua_State *lua)
{
    struct script       *script = script_of(lua);
    const struct source *source = lua_touserdata(lua, 1);

    script_push_library(script, "run");
    lua_pushfstring(lua, "@%s", source->name);
    if (luaL_loadbufferx(lua, source->text, source->length_bytes,
                         lua_tostring(lua, -1), "t") != LUA_OK)
        return lua_error(lua);
    lua_remove(lua, -2);
    script_push_library(script, "environment");
    lua_call(lua, 0, 1);
    lua_setupvalue(lua, -2, 1);
    lua_call(lua, 1, 0);
    return 0;
}

/* Takes back what a file declared before it failed. */
static void forget(struct script *script, size_t plans, size_t functions)
{
    while (script->plan_count > plans)
        plan_free(script->plans[--script->plan_count].plan);
    plan_free(script->building);
    script->building = NULL;
    while (script->function_count > functions)
        luaL_unref(script->lua, LUA_REGISTRYINDEX,
                   script->functions[--script->function_count].ref);
}

bool script_load_text(struct script *script, const char *name, const char *text,
                      size_t length_bytes, struct err *err)
{
    struct source source = {name, text, length_bytes};
    size_t        plans = script->plan_count;
    size_t        functions = script->function_count;
    size_t        plan_bytes = script->plan_bytes;
    bool          done;

    assert(script->file == NULL);
    if (length_bytes > SCRIPT_FILE_BYTES_MAX)
        return err_set(err, ERR_SCENARIO, name,
                       "is larger than the %d kB a scenario file may have",
                       SCRIPT_FILE_BYTES_MAX >> 10);
    script->file = name;
    script->loading = true;
    rng_seed(&script->file_chance, script->seed);
    script->chance = &script->file_chance;
    lua_pushcfunction(script->lua, run_source);
    lua_pushlightuserdata(script->lua, &source);
    done = script_call(script, 1, 0, script->load_budget, NULL, err);
    script->loading = false;
    script->file = NULL;
    if (!done) {
        forget(script, plans, functions);
        script->plan_bytes = plan_bytes;
    }
    return done;
}

bool script_load(struct script *script, const char *file, struct err *err)
{
    FILE  *stream = fopen(file, "rb");
    char  *text = NULL;
    size_t length;
    bool   done = false;

    if (stream == NULL) {
        err_set(err, ERR_USAGE, file, "cannot be opened: %s", strerror(errno));
        return false;
    }
    text = alloc_zero(SCRIPT_FILE_BYTES_MAX + 1, 1);
    errno = 0;
    length = fread(text, 1, SCRIPT_FILE_BYTES_MAX + 1, stream);
    if (ferror(stream))
        err_set(err, ERR_USAGE, file, "cannot be read: %s", strerror(errno));
    else
        done = script_load_text(script, file, text, length, err);
    fclose(stream);
    alloc_free(text);
    return done;
}

/* ---- plans ---- */

const struct profile *script_profile(const struct script *script)
{
    return &script->profile;
}

size_t script_plan_count(const struct script *script)
{
    return script->plan_count;
}

const struct plan *script_plan(const struct script *script, size_t index)
{
    assert(index < script->plan_count);
    return script->plans[index].plan;
}
