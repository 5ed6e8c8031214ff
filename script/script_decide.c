/* Asks a scenario's decide function while the server serves. */

#include "common/alloc.h"
#include "common/text.h"
#include "script/state.h"

#include <assert.h>
#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum { COUNT_DIGITS_MAX = 15 };

struct question {
    const struct script_function *function;
    const struct attempt         *attempt;
    const unsigned               *events;
    size_t                        event_count;
    unsigned                      nth;
};

static void push_lower(lua_State *lua, const char *text)
{
    luaL_Buffer buffer;

    luaL_buffinit(lua, &buffer);
    for (; *text != '\0'; text++)
        luaL_addchar(&buffer, (char)tolower((unsigned char)*text));
    luaL_pushresult(&buffer);
}

/* Fields of one name are joined as RFC 9110, 5.3 has it. */
void script_push_headers(lua_State *lua, const struct header_list *headers)
{
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
    const char *text = header_get(&attempt->headers, "X-Retry-Count", 0);
    int64_t     count = 0;

    if (text != NULL && strlen(text) <= COUNT_DIGITS_MAX &&
        text_to_int(text, 0, INT64_MAX, &count))
        lua_pushinteger(lua, count);
    else
        lua_pushnil(lua);
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

static void push_events(lua_State *lua, const struct question *question)
{
    lua_newtable(lua);
    for (size_t i = 0; i < question->event_count; i++) {
        lua_pushinteger(lua, question->events[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static void push_path(lua_State *lua, const char *target)
{
    lua_pushstring(lua, target ? target : "");
}

/* Pushes the raw table; lua/view.lua makes it read-only and strict. */
static void push_request(lua_State *lua, const struct question *question)
{
    const struct attempt *attempt = question->attempt;

    lua_newtable(lua);
    lua_pushinteger(lua, attempt->number);
    lua_setfield(lua, -2, "number");
    lua_pushinteger(lua, attempt->connection);
    lua_setfield(lua, -2, "connection");
    lua_pushstring(lua, route_name(attempt->route));
    lua_setfield(lua, -2, "route");
    lua_pushstring(lua, attempt->method ? attempt->method : "");
    lua_setfield(lua, -2, "method");
    push_path(lua, attempt->target);
    lua_setfield(lua, -2, "path");
    script_push_headers(lua, &attempt->headers);
    lua_setfield(lua, -2, "headers");
    push_body(lua, attempt);
    lua_setfield(lua, -2, "body");
    script_push_retry_count(lua, attempt);
    lua_setfield(lua, -2, "retry_count");
    push_events(lua, question);
    lua_setfield(lua, -2, "events");
    lua_pushinteger(lua, question->nth);
    lua_setfield(lua, -2, "nth");
    lua_pushnumber(lua, (double)attempt->arrived_ns / 1e9);
    lua_setfield(lua, -2, "at");
}

static void push_memory(lua_State *lua, struct script_plan *plan)
{
    if (plan->memory == LUA_NOREF) {
        lua_newtable(lua);
        plan->memory = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, plan->memory);
}

static int ask(lua_State *lua)
{
    struct script         *script = script_of(lua);
    const struct question *question = lua_touserdata(lua, 1);
    struct script_plan    *plan = &script->plans[question->function->plan];

    script_push_library(script, "decide");
    lua_rawgeti(lua, LUA_REGISTRYINDEX, question->function->ref);
    push_request(lua, question);
    push_memory(lua, plan);
    lua_pushfstring(lua, "%s:%d", plan->plan->file, plan->plan->line);
    lua_pushstring(lua, plan->plan->id);
    lua_call(lua, 5, 1);
    luaL_checktype(lua, -1, LUA_TTABLE);
    script_step_read(lua, -1, script->answering);
    return 0;
}

bool script_decide(struct script *script, int handle,
                   const struct attempt *attempt, const unsigned *events,
                   size_t event_count, unsigned nth, struct step *step,
                   struct err *err)
{
    struct question     question = {.attempt = attempt,
                                    .events = events,
                                    .event_count = event_count,
                                    .nth = nth};
    struct script_plan *plan;
    char                place[ERR_PLACE_MAX];
    bool                done;

    assert(script->file == NULL);
    assert(handle >= 0 && (size_t)handle < script->function_count);
    question.function = &script->functions[handle];
    plan = &script->plans[question.function->plan];
    snprintf(place, sizeof place, "%s:%d", plan->plan->file,
             plan->plan->line);
    *step = (struct step){0};
    script->file = plan->plan->file;
    script->chance = &plan->chance;
    script->answering = step;
    lua_pushcfunction(script->lua, ask);
    lua_pushlightuserdata(script->lua, &question);
    done = script_call(script, 1, 0, SCRIPT_CALL_BUDGET, place, err);
    script->answering = NULL;
    script->file = NULL;
    if (!done)
        step_clear(step);
    return done;
}
