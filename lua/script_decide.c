/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a scenario's decide function while the server serves. */

#include "lua/state.h"

#include <assert.h>
#include <lauxlib.h>

/* What lua/ keeps of the plan from one question to the next. */
static void push_stage(lua_State *lua, struct script_plan *plan)
{
    assert(plan->plan != NULL);
    if (plan->stage == LUA_NOREF) {
        script_push_library(script_of(lua), "stage");
        lua_pushfstring(lua, "%s:%d", plan->plan->file, plan->plan->line);
        lua_pushstring(lua, plan->plan->id);
        lua_call(lua, 2, 1);
        plan->stage = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, plan->stage);
}

static void push_request(lua_State *lua, const struct attempt *attempt)
{
    script_push_library(script_of(lua), "request");
    lua_pushlightuserdata(lua, (void *)(uintptr_t)attempt);
    lua_call(lua, 1, 1);
}

static int ask(lua_State *lua)
{
    enum { STAGE = 2 };
    struct script                *script = script_of(lua);
    const struct script_function *function = lua_touserdata(lua, 1);

    script_count(script, false);
    push_stage(lua, &script->plans[function->plan]);
    script_push_library(script, "decided");
    lua_getfield(lua, STAGE, "at");
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function->ref);
    push_request(lua, script->question->attempt);
    lua_getfield(lua, STAGE, "memory");
    script_count(script, true);
    lua_call(lua, 2, 1);
    script_count(script, false);
    script_spend(lua, 0); /* what it used up since it was counted last */
    lua_call(lua, 2, 1);
    luaL_checktype(lua, -1, LUA_TTABLE);
    script_step_read(lua, -1, script->answering);
    return 0;
}

bool script_decide(struct script *script, int handle,
                   const struct script_question *question, struct step *step,
                   struct err *err)
{
    struct script_function *function;
    struct script_plan     *plan;
    bool                    done;

    assert(script->file == NULL);
    assert(handle >= 0 && (size_t)handle < script->function_count);
    function = &script->functions[handle];
    plan = &script->plans[function->plan];
    *step = (struct step){0};
    script->file = plan->plan->file;
    script->chance = &plan->chance;
    script->question = question;
    script->answering = step;
    lua_pushcfunction(script->lua, ask);
    lua_pushlightuserdata(script->lua, function);
    done = script_call(script, 1, 0, SCRIPT_CALL_BUDGET, plan->plan, err);
    script->answering = NULL;
    script->question = NULL;
    script->file = NULL;
    if (!done)
        step_clear(step);
    return done;
}
