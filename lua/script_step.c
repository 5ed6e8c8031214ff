/* SPDX-License-Identifier: Apache-2.0 */
/* A step's table -> struct step, for plans and for what decide returns. */

#include "common/alloc.h"
#include "common/clock.h"
#include "lua/state.h"

#include <lauxlib.h>
#include <string.h>

enum {
    TIMES_MAX = 1000000,
    DELAY_S_MAX = 3600,
    CLOCK_STEP_S_MAX = 7 * 86400,
    FIELDS_MAX = 1000, /* header fields of one answer */
};

static void read_date(lua_State *lua, int table, struct retry_after *value)
{
    const char *form = read_text(lua, table, "form", NULL);

    value->is_date = true;
    value->offset_s = read_integer(lua, table, "offset_s", INT64_C(-1000000000),
                                   INT64_C(100000000000));
    for (int i = 0; i < DATE_FORM_COUNT; i++) {
        value->form = (enum date_form)i;
        if (form != NULL && strcmp(date_form_name(value->form), form) == 0)
            return;
    }
    luaL_error(lua, "the Lua library let the date form '%s' pass",
               form ? form : "nil");
}

static void read_retry_after(lua_State *lua, void *owner)
{
    struct answer      *answer = owner;
    struct retry_after *value;
    size_t              length = 0;

    if (answer->retry_after_count == FIELDS_MAX)
        return;
    answer->retry_after =
        alloc_grow(answer->retry_after, answer->retry_after_count + 1,
                   sizeof answer->retry_after[0]);
    value = &answer->retry_after[answer->retry_after_count++];
    *value = (struct retry_after){0};
    value->text = read_copy(lua, -1, "text", &length);
    if (value->text == NULL)
        read_date(lua, -1, value);
}

static void read_header(lua_State *lua, void *owner)
{
    struct answer *answer = owner;
    const char    *name;
    const char    *value;

    if (answer->headers.count == FIELDS_MAX)
        return;
    name = read_text(lua, -1, "name", NULL);
    value = read_text(lua, -1, "value", NULL);
    if (name == NULL || value == NULL)
        luaL_error(lua, "the Lua library made a header without a text");
    script_spend(lua, (strlen(name) + strlen(value)) / 64 + 1);
    header_add(&answer->headers, name, value);
}

static void read_elsewhere(lua_State *lua, int table, struct answer *answer)
{
    const char *word = read_text(lua, table, "elsewhere", NULL);

    if (word == NULL)
        return;
    answer->elsewhere = elsewhere_find(word);
    if (answer->elsewhere == ELSEWHERE_COUNT)
        luaL_error(lua, "the Lua library let an unknown origin pass");
}

static void read_answer(lua_State *lua, int table, struct answer *answer)
{
    answer->status = (int)read_integer(lua, table, "status", 100, 999);
    read_each(lua, table, "retry_after", read_retry_after, answer);
    read_each(lua, table, "headers", read_header, answer);
    read_elsewhere(lua, table, answer);
    answer->token_life_s =
        read_integer_or(lua, table, "token_life_s", 0, INT32_MAX, 0);
    answer->body = read_copy(lua, table, "body", &answer->body_bytes);
}

static void read_decide(lua_State *lua, int table, struct step *step)
{
    struct script *script = script_of(lua);

    if (script->building == NULL)
        luaL_error(lua, "the Lua library let a decide answer by a decide");
    lua_pushliteral(lua, "decide");
    lua_rawget(lua, table);
    luaL_checktype(lua, -1, LUA_TFUNCTION);
    step->decide = script_keep(lua, script->plan_count);
}

/* What the library left out is as the fault has it. */
static void read_params(lua_State *lua, int table, struct step *step)
{
    for (int i = 0; i < FAULT_PARAM_COUNT; i++) {
        enum fault_param param = (enum fault_param)i;
        int64_t          unit =
            fault_param_kind(param) == PARAM_DURATION ? NS_PER_MS : 1;

        if (!fault_takes(step->fault, param))
            continue;
        lua_pushstring(lua, fault_param_name(param));
        if (lua_rawget(lua, table) != LUA_TNIL)
            step->how.values[param] =
                read_integer(lua, table, fault_param_name(param),
                             fault_param_least(param) * unit,
                             fault_param_most(param) * unit);
        lua_pop(lua, 1);
    }
}

static void read_fault(lua_State *lua, int table, struct step *step)
{
    const char *name = read_text(lua, table, "fault", NULL);

    step->fault = name ? fault_find(name) : FAULT_NONE;
    if (step->fault == FAULT_NONE)
        luaL_error(lua, "the Lua library let an unknown fault pass");
    step->how = fault_how_default(step->fault);
    read_params(lua, table, step);
    if (fault_status(step->fault) != 0)
        read_answer(lua, table, &step->answer);
}

static void read_clock(lua_State *lua, int table, struct step *step)
{
    if (!read_table(lua, table, "step_clock"))
        return;
    step->clock_by_ns =
        NS_PER_S *
        read_integer(lua, -1, "by_s", -CLOCK_STEP_S_MAX, CLOCK_STEP_S_MAX);
    step->clock_after_ns =
        read_integer(lua, -1, "after_ns", 0, PLAN_WAIT_MAX_NS);
    lua_pop(lua, 1);
}

void script_step_read(lua_State *lua, int table, struct step *step)
{
    const char *kind;

    table = lua_absindex(lua, table);
    luaL_checkstack(lua, 10, "step");
    kind = read_text(lua, table, "kind", NULL);
    step->times = (unsigned)read_integer(lua, table, "times", 0, TIMES_MAX);
    step->delay_ns = read_integer(lua, table, "delay_ns", 0,
                                  DELAY_S_MAX * INT64_C(1000000000));
    read_clock(lua, table, step);
    if (kind != NULL && strcmp(kind, "answer") == 0) {
        step->kind = STEP_ANSWER;
        read_answer(lua, table, &step->answer);
    } else if (kind != NULL && strcmp(kind, "fault") == 0) {
        step->kind = STEP_FAULT;
        read_fault(lua, table, step);
    } else if (kind != NULL && strcmp(kind, "decide") == 0) {
        step->kind = STEP_DECIDE;
        read_decide(lua, table, step);
    } else {
        luaL_error(lua, "the Lua library made a step of no known kind");
    }
}
