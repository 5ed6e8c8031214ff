/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a scenario's own check over the record.
 *
 * The record can be larger than what Lua may hold, so an attempt becomes a
 * table only when it is looked at (lua/lib/view.lua). */

#include "common/clock.h"
#include "lua/state.h"

#include <assert.h>
#include <lauxlib.h>

enum { FINDING_TEXT_MAX = 1000 };

#define CHECK_NAME "expect.check"

static void set_seconds(lua_State *lua, const char *name, int64_t at_ns)
{
    if (at_ns != TIME_NEVER) {
        lua_pushnumber(lua, (double)at_ns / (double)NS_PER_S);
        lua_setfield(lua, -2, name);
    }
}

/* From the answer to the attempt before, on whatever route, to this one. */
static void set_gap(lua_State *lua, const struct record *record, size_t index)
{
    const struct attempt *before;

    if (index == 0)
        return;
    before = record->attempts[index - 1];
    if (before->answering_ns != TIME_NEVER)
        set_seconds(lua, "gap",
                    record->attempts[index]->arrived_ns - before->answering_ns);
}

/* attempt(i): the raw table of the i-th attempt, or nil. */
static int push_attempt(lua_State *lua)
{
    const struct record  *record = script_of(lua)->record;
    lua_Integer           index = luaL_checkinteger(lua, 1);
    const struct attempt *attempt;

    if (record == NULL || index < 1 || (uint64_t)index > record->attempt_count)
        return 0;
    attempt = record->attempts[index - 1];
    lua_newtable(lua);
    set_integer(lua, "number", attempt->number);
    set_integer(lua, "connection", attempt->connection);
    set_text(lua, "route", route_name(attempt->route));
    set_text(lua, "method", attempt->method);
    set_text(lua, "path", attempt->target);
    script_push_headers(lua, attempt);
    lua_setfield(lua, -2, "headers");
    script_push_retry_count(lua, attempt);
    lua_setfield(lua, -2, "retry_count");
    set_integer(lua, "status", attempt->status);
    if (attempt->fault != FAULT_NONE)
        set_text(lua, "fault", fault_name(attempt->fault));
    set_seconds(lua, "arrived", attempt->arrived_ns);
    set_seconds(lua, "answered", attempt->answered_ns);
    set_gap(lua, record, (size_t)index - 1);
    set_integer(lua, "body_bytes", (int64_t)attempt->body_bytes);
    return 1;
}

static void push_client(lua_State *lua, const struct client_outcome *outcome)
{
    lua_newtable(lua);
    if (outcome->has_result)
        set_boolean(lua, "success", outcome->success);
    set_text(lua, "error", outcome->error);
    if (outcome->end == CLIENT_EXITED)
        set_integer(lua, "exit_code", outcome->exit_code);
    set_text(lua, "ended", client_end_name(outcome->end));
}

/* retrial.finding(attempt number, text): the word `fail`. False: no check is
 * running. */
int script_finding(lua_State *lua)
{
    struct script *script = script_of(lua);
    lua_Integer    number = luaL_checkinteger(lua, 1);
    const char    *text = luaL_checkstring(lua, 2);

    lua_pushboolean(lua, script->verdict != NULL);
    if (script->verdict == NULL)
        return 1;
    assert(script->record != NULL);
    if (number < 0 || (uint64_t)number > script->record->attempt_count)
        return luaL_error(lua, "fail names attempt %d, of %d", (int)number,
                          (int)script->record->attempt_count);
    verdict_find_other(script->verdict, "expect", CHECK_NAME, (unsigned)number,
                       "%.*s", FINDING_TEXT_MAX, text);
    return 1;
}

static int run_check(lua_State *lua)
{
    struct script     *script = script_of(lua);
    const struct plan *plan = lua_touserdata(lua, 1);

    script_push_library(script, "check");
    lua_rawgeti(lua, LUA_REGISTRYINDEX, script->functions[plan->check].ref);
    lua_pushinteger(lua, (lua_Integer)script->record->attempt_count);
    lua_pushcfunction(lua, push_attempt);
    push_client(lua, &script->record->outcome);
    lua_pushfstring(lua, "%s:%d", plan->file, plan->line);
    lua_pushstring(lua, plan->id);
    lua_call(lua, 6, 0);
    return 0;
}

bool script_check(struct script *script, const struct plan *plan,
                  const struct record *record, struct verdict *verdict,
                  struct err *err)
{
    bool done;

    if (plan->check < 0)
        return true;
    assert(script->file == NULL);
    assert((size_t)plan->check < script->function_count);
    rng_seed(&script->plan_chance, plan->seed);
    script->chance = &script->plan_chance;
    script->file = plan->file;
    script->record = record;
    script->verdict = verdict;
    lua_pushcfunction(script->lua, run_check);
    lua_pushlightuserdata(script->lua, (void *)(uintptr_t)plan);
    done = script_call(script, 1, 0, SCRIPT_CALL_BUDGET, plan, err);
    script->verdict = NULL;
    script->record = NULL;
    script->file = NULL;
    return done;
}
