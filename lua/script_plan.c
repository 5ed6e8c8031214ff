/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario declared -> struct plan: retrial.declare(table). */

#include "common/alloc.h"
#include "lua/state.h"
#include "model/foresight.h"

#include <assert.h>
#include <lauxlib.h>
#include <string.h>

enum { EVENT_BYTES_MAX = 1000000 };

static void read_rule(lua_State *lua, void *plan)
{
    const struct rule *rule = rule_find(luaL_checkstring(lua, -1));

    if (rule == NULL)
        luaL_error(lua, "the Lua library let an unknown rule pass");
    plan_add_rule(plan, rule);
}

static void read_need(lua_State *lua, void *plan)
{
    plan_add_need(plan, luaL_checkstring(lua, -1));
}

static void read_sequence(lua_State *lua, void *owner)
{
    struct plan *plan = owner;
    int64_t delay_ns = read_integer(lua, -1, "delay_ns", 0, PLAN_WAIT_MAX_NS);
    int64_t events = read_integer(
        lua, -1, "events", 1, PLAN_EVENTS_MAX - (int64_t)plan->given.events);

    plan_add_sequence(plan, delay_ns, (unsigned)events);
}

static void read_size(lua_State *lua, void *owner)
{
    struct plan *plan = owner;
    int64_t      event = read_integer(lua, -1, "event", 1, plan->given.events);
    int64_t      bytes = read_integer(lua, -1, "bytes", 1, EVENT_BYTES_MAX);

    plan_add_size(plan, (unsigned)event, (unsigned)bytes);
}

static void read_config(lua_State *lua, struct given *given)
{
    if (!read_table(lua, -1, "config"))
        return;
    for (int i = 0; i < CONFIG_COUNT; i++) {
        enum config_key key = (enum config_key)i;

        lua_pushstring(lua, config_name(key));
        if (lua_rawget(lua, -2) != LUA_TNIL)
            given->config[i] = read_integer(lua, -2, config_name(key),
                                            config_min(key), config_max(key));
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

static void read_wrong(lua_State *lua, struct plan *plan)
{
    if (!read_table(lua, -1, "wrong_config"))
        return;
    for (int i = 0; i < CONFIG_COUNT; i++) {
        enum config_key key = (enum config_key)i;
        const char     *json = read_text(lua, -1, config_name(key), NULL);

        if (json != NULL && !plan_is_json(json))
            luaL_error(lua, "the Lua library let '%s' pass as JSON", json);
        if (json != NULL)
            plan_add_wrong(plan, key, json);
    }
    lua_pop(lua, 1);
}

static void read_given(lua_State *lua, struct plan *plan)
{
    size_t length = 0;

    if (!read_table(lua, 1, "given"))
        luaL_error(lua, "the Lua library made a plan with nothing given");
    plan->given.write_key = read_copy(lua, -1, "write_key", &length);
    if (plan->given.write_key == NULL)
        luaL_error(lua, "the Lua library made a plan without a write key");
    plan->given.event_bytes =
        (unsigned)read_integer(lua, -1, "event_bytes", 0, EVENT_BYTES_MAX);
    plan->given.https = read_integer(lua, -1, "https", 0, 1) == 1;
    plan->given.clients =
        (unsigned)read_integer(lua, -1, "clients", 1, PLAN_CLIENTS_MAX);
    if (!read_table(lua, -1, "sequences"))
        luaL_error(lua, "the Lua library made a plan without events");
    lua_pop(lua, 1);
    read_each(lua, -1, "sequences", read_sequence, plan);
    read_each(lua, -1, "sizes", read_size, plan);
    read_config(lua, &plan->given);
    read_wrong(lua, plan);
    lua_pop(lua, 1);
}

static void read_step(lua_State *lua, void *owner)
{
    struct step_list *list = owner;

    assert(list->count == 0 || list->items[list->count - 1].times > 0);
    step_list_add(list, &(struct step){0}); /* owned before it is read */
    script_step_read(lua, -1, &list->items[list->count - 1]);
}

static void read_event_steps(lua_State *lua, void *owner)
{
    struct route_plan  *route = owner;
    const struct plan  *plan = script_of(lua)->building;
    struct event_steps *steps;

    route->with_event =
        alloc_grow(route->with_event, route->with_event_count + 1,
                   sizeof route->with_event[0]);
    steps = &route->with_event[route->with_event_count++];
    *steps = (struct event_steps){0};
    steps->event =
        (unsigned)read_integer(lua, -1, "event", 1, plan->given.events);
    read_each(lua, -1, "steps", read_step, &steps->steps);
}

static void read_routes(lua_State *lua, struct plan *plan)
{
    if (!read_table(lua, 1, "routes"))
        luaL_error(lua, "the Lua library made a plan without routes");
    for (int i = 0; i < ROUTE_COUNT; i++) {
        struct route_plan *route = &plan->routes[i];

        if (!read_table(lua, -1, route_name((enum route)i)))
            continue;
        read_each(lua, -1, "steps", read_step, &route->steps);
        read_each(lua, -1, "each_batch", read_step, &route->each_batch);
        read_each(lua, -1, "with_event", read_event_steps, route);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

static void read_connection(lua_State *lua, void *owner)
{
    struct plan             *plan = owner;
    struct connection_steps *own;

    plan->on_connection =
        alloc_grow(plan->on_connection, plan->on_connection_count + 1,
                   sizeof plan->on_connection[0]);
    own = &plan->on_connection[plan->on_connection_count++];
    *own = (struct connection_steps){0};
    own->connection =
        (unsigned)read_integer(lua, -1, "connection", 1, PLAN_CONNECTIONS_MAX);
    read_each(lua, -1, "steps", read_step, &own->steps);
}

static void read_range(lua_State *lua, const char *name, int64_t most,
                       struct expect_range *range)
{
    if (!read_table(lua, -1, name))
        return;
    range->said = true;
    range->min = (unsigned)read_integer(lua, -1, "min", 0, most);
    range->max = (unsigned)read_integer(lua, -1, "max", range->min, most);
    lua_pop(lua, 1);
}

static void read_expect(lua_State *lua, struct plan *plan)
{
    int success;

    if (!read_table(lua, 1, "expect"))
        return;
    read_range(lua, "attempts", RECORD_ATTEMPTS_MAX, &plan->expect.attempts);
    read_range(lua, "delivered", plan->given.events, &plan->expect.delivered);
    plan->expect.follows_policy = read_boolean(lua, -1, "follows_policy") > 0;
    success = read_boolean(lua, -1, "success");
    plan->expect.success = success < 0    ? EXPECT_UNSAID
                           : success == 0 ? EXPECT_NO
                                          : EXPECT_YES;
    lua_pop(lua, 1);
}

static void read_times(lua_State *lua, struct plan *plan)
{
    const char *clock = read_text(lua, 1, "clock", NULL);
    int64_t limit_ns = read_integer(lua, 1, "limit_ns", 0, PLAN_WAIT_MAX_NS);

    if (clock != NULL && !plan_clock_find(clock, &plan->clock))
        luaL_error(lua, "the Lua library let '%s' pass as a clock", clock);
    if (limit_ns > 0) /* else as plan_new has it */
        plan->limit_ns = limit_ns;
    plan->observe_ns = read_integer(lua, 1, "observe_ns", 0, PLAN_WAIT_MAX_NS);
}

/* No client is ended by its limit whose policy has it wait longer. One that
 * may rightly go on for ever is watched for a while, without blame. False:
 * nobody can tell what the policy asks here, and the scenario wants it told. */
static bool foresee_all(const struct script *script, struct plan *plan)
{
    struct foresight foresight = foresee(plan, &script->profile);
    int64_t          needed_ns = foresight.most_ns + foresight.most_ns / 4;

    if (plan->expect.follows_policy) {
        plan->expect = foresight.expect;
        plan->expect.follows_policy = true;
    }
    if (foresight.endless && plan->observe_ns == 0)
        plan->observe_ns = plan->limit_ns / 4 * 3;
    else if (plan->observe_ns == 0)
        plan->limit_ns = clock_earlier_ns(
            PLAN_WAIT_MAX_NS, clock_later_ns(plan->limit_ns, needed_ns));
    return foresight.told || !plan->expect.follows_policy;
}

static void read_summer_time(lua_State *lua, struct plan *plan)
{
    const char *change;

    if (!read_table(lua, 1, "summer_time"))
        return;
    change = read_text(lua, -1, "change", NULL);
    if (change == NULL || !summer_time_find(change, &plan->summer_time))
        luaL_error(lua, "the Lua library let '%s' pass as summer time",
                   change ? change : "(nothing)");
    plan->summer_time_in_ns =
        read_integer(lua, -1, "in_ns", 0, PLAN_WAIT_MAX_NS);
    lua_pop(lua, 1);
}

int script_keep(lua_State *lua, size_t plan)
{
    struct script *script = script_of(lua);
    int            ref;

    assert(lua_isfunction(lua, -1));
    ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    script->functions =
        alloc_grow(script->functions, script->function_count + 1,
                   sizeof script->functions[0]);
    script->functions[script->function_count] =
        (struct script_function){.ref = ref, .plan = plan};
    return (int)script->function_count++;
}

static void read_check(lua_State *lua, struct script *script)
{
    lua_pushliteral(lua, "check");
    if (lua_rawget(lua, 1) == LUA_TFUNCTION)
        script->building->check = script_keep(lua, script->plan_count);
    else
        lua_pop(lua, 1);
}

static void add_plan(struct script *script)
{
    struct script_plan *added;

    assert(script->building != NULL);
    /* Doubled at each power of two, so that many cost no more than they are. */
    if ((script->plan_count & (script->plan_count - 1)) == 0)
        script->plans = alloc_grow(script->plans, 2 * script->plan_count + 1,
                                   sizeof script->plans[0]);
    added = &script->plans[script->plan_count++];
    *added = (struct script_plan){
        .plan = script->building,
        .id_key = script_seed(0, script->building->id),
        .stage = LUA_NOREF,
    };
    rng_seed(&added->chance, script->building->seed);
    script->building = NULL;
}

int script_declare(lua_State *lua)
{
    struct script *script = script_of(lua);
    struct plan   *plan;
    const char    *id;
    size_t         length = 0;

    luaL_checktype(lua, 1, LUA_TTABLE);
    if (!script->loading)
        luaL_error(lua, "the Lua library let a plan declare another");
    plan_free(script->building); /* one that failed, and was let off */
    script->building = NULL;
    if (script->plan_count == SCRIPT_PLANS_MAX)
        script_refuse(lua, "more than %d scenarios", SCRIPT_PLANS_MAX);
    id = read_text(lua, 1, "id", NULL);
    if (id == NULL)
        luaL_error(lua, "the Lua library made a plan without an id");
    plan = script->building = plan_new(
        id, script->file, (int)read_integer(lua, 1, "line", 1, INT32_MAX));
    plan->seed = script_seed(script->seed, id);
    plan->about = read_copy(lua, 1, "about", &length);
    read_each(lua, 1, "rules", read_rule, plan);
    read_each(lua, 1, "needs", read_need, plan);
    read_given(lua, plan);
    read_routes(lua, plan);
    read_each(lua, 1, "on_connection", read_connection, plan);
    read_expect(lua, plan);
    read_check(lua, script);
    read_times(lua, plan);
    read_summer_time(lua, plan);
    lua_pushboolean(lua, foresee_all(script, plan));
    if (lua_toboolean(lua, -1))
        add_plan(script);
    return 1;
}
