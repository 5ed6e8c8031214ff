/* SPDX-License-Identifier: Apache-2.0 */
/* The one door into Lua: what runs, runs protected, counted and watched.
 *
 * Three bounds, because each has a hole that another closes. Instructions are
 * counted by a hook; memory is counted by the allocator, which charges the
 * instructions too, since one of them can copy megabytes; and a deadline,
 * looked at by the hook, ends what C does slowly on Lua's behalf. The first
 * two are the same on every machine; the third only ever ends the absurd. */

#include "common/alloc.h"
#include "common/clock.h"
#include "common/log.h"
#include "lua/state.h"

#include <assert.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum {
    HOOK_EVERY = 100,       /* instructions; its cost does not depend on it */
    BYTES_AN_INSTRUCTION = 64,
    BUDGET_SLACK = 1000000, /* to say that the budget is spent */
};

/* Nobody has used that much of a processor before so much time is over, and to
 * ask for the time is cheap, where processor time costs a system call. */
#define UNWATCHED_NS (NS_PER_S / 10)

struct script *script_of(lua_State *lua)
{
    struct script *script;

    memcpy(&script, lua_getextraspace(lua), sizeof script);
    return script;
}

bool script_frame(lua_State *lua, lua_Debug *frame)
{
    /* Chunks of scenarios are named "@FILE", those of the library "=...". */
    for (int level = 0; lua_getstack(lua, level, frame); level++) {
        lua_getinfo(lua, "Sl", frame);
        if (frame->source[0] == '@' && frame->currentline > 0)
            return true;
    }
    return false;
}

/* Lua raises an error when this returns NULL, and never calls the message
 * handler then; so the line is noted here. */
static void *refuse(struct script *script)
{
    lua_Debug frame;

    if (script->budget < 0)
        script->over_budget = true;
    else
        script->over_memory = true;
    /* Lua has just gone through all it holds to find something to drop. */
    script->budget -= (int64_t)(script->lua_bytes / 16);
    if (script->lua != NULL && script_frame(script->lua, &frame))
        script->memory_line = frame.currentline;
    return NULL;
}

static void *allocate(void *data, void *memory, size_t old_bytes,
                      size_t new_bytes)
{
    struct script *script = data;
    size_t         grown;

    assert(memory == NULL || script->lua_bytes >= old_bytes);
    if (memory == NULL)
        old_bytes = 0; /* it names a type then */
    if (new_bytes == 0) {
        script->lua_bytes -= old_bytes;
        alloc_free(memory);
        return NULL;
    }
    if (new_bytes > old_bytes) {
        grown = new_bytes - old_bytes;
        script->budget -= (int64_t)(grown / BYTES_AN_INSTRUCTION);
        if (new_bytes > SCRIPT_BLOCK_BYTES_MAX ||
            script->lua_bytes + grown > SCRIPT_LUA_BYTES_MAX ||
            script->budget < -BUDGET_SLACK)
            return refuse(script);
    }
    script->lua_bytes = script->lua_bytes - old_bytes + new_bytes;
    return alloc_grow(memory, new_bytes, 1);
}

static int raise_over_budget(lua_State *lua)
{
    struct script *script = script_of(lua);

    script->over_budget = true;
    return luaL_error(lua, "over its budget");
}

static bool over_deadline(struct script *script)
{
    int64_t cpu_ns;

    if (clock_now_ns(clock_real()) < script->unwatched_ns)
        return false;
    cpu_ns = clock_cpu_ns();
    if (script->deadline_ns == 0)
        script->deadline_ns = cpu_ns + script->cpu_limit_s * NS_PER_S;
    return cpu_ns >= script->deadline_ns;
}

static void count(lua_State *lua, lua_Debug *activation)
{
    struct script *script = script_of(lua);
    int            every = lua_gethookcount(lua);

    (void)activation;
    script->budget -= every;
    if (script->budget >= 0 && !over_deadline(script)) {
        if (every != HOOK_EVERY) /* a coroutine that outlived an overrun */
            lua_sethook(lua, count, LUA_MASKCOUNT, HOOK_EVERY);
        return;
    }
    /* From now on at each instruction, or `while true do pcall(f) end` would
     * catch this for ever. */
    lua_sethook(lua, count, LUA_MASKCOUNT, 1);
    if (script->budget >= 0) {
        script->over_time = true;
        script->budget = -1;
    }
    raise_over_budget(lua);
}

void script_count(struct script *script, bool on)
{
    lua_sethook(script->lua, on ? count : NULL, on ? LUA_MASKCOUNT : 0,
                HOOK_EVERY);
}

void script_spend(lua_State *lua, uint64_t units)
{
    struct script *script = script_of(lua);

    if (units > (uint64_t)SCRIPT_LOAD_BUDGET)
        units = SCRIPT_LOAD_BUDGET;
    script->budget -= (int64_t)units;
    if (script->budget < 0)
        raise_over_budget(lua);
}

void script_refuse(lua_State *lua, const char *format, ...)
{
    va_list   arguments;
    lua_Debug frame;

    lua_pushliteral(lua, "");
    if (script_frame(lua, &frame))
        lua_pushfstring(lua, "%s:%d: ", frame.source + 1, frame.currentline);
    va_start(arguments, format);
    lua_pushvfstring(lua, format, arguments);
    va_end(arguments);
    lua_concat(lua, 2);
    lua_error(lua);
}

/* As luaO_chunkid shortens a long name. */
static void shorten(const char *file, char buffer[LUA_IDSIZE])
{
    size_t length = strlen(file);

    if (length < LUA_IDSIZE)
        snprintf(buffer, LUA_IDSIZE, "%s", file);
    else
        snprintf(buffer, LUA_IDSIZE, "...%s",
                 file + length - (LUA_IDSIZE - 1 - strlen("...")));
}

static bool split_at(const char *file, const char *named, const char *message,
                     struct err *failure)
{
    size_t      length = strlen(named);
    const char *line = message + length + 1;
    size_t      digits;

    if (strncmp(message, named, length) != 0 || message[length] != ':')
        return false;
    digits = strspn(line, "0123456789");
    if (digits == 0 || strncmp(line + digits, ": ", 2) != 0)
        return false;
    snprintf(failure->place, sizeof failure->place, "%s:%.*s", file,
             (int)digits, line);
    snprintf(failure->text, sizeof failure->text, "%s", line + digits + 2);
    return true;
}

void script_split(const char *file, const char *message, struct err *failure)
{
    char named[LUA_IDSIZE];

    shorten(file, named);
    if (split_at(file, file, message, failure) ||
        split_at(file, named, message, failure))
        return;
    snprintf(failure->text, sizeof failure->text, "%s", message);
}

/* Called where the error was raised, before anything is unwound. Fills the
 * failure without allocating; the traceback is for those who debug. */
static int note_failure(lua_State *lua)
{
    struct script *script = script_of(lua);
    lua_Debug      frame;

    script->failure.place[0] = '\0';
    if (script_frame(lua, &frame))
        snprintf(script->failure.place, sizeof script->failure.place, "%s:%d",
                 frame.source + 1, frame.currentline);
    if (lua_type(lua, 1) == LUA_TSTRING)
        script_split(script->file, lua_tostring(lua, 1), &script->failure);
    else
        snprintf(script->failure.text, sizeof script->failure.text,
                 "raised an error that is no text but a %s",
                 luaL_typename(lua, 1));
    if (script->over_budget || script->over_memory)
        return 1; /* nothing left to make a traceback from */
    luaL_traceback(lua, lua, script->failure.text, 1);
    log_line(LOG_DEBUG, "%s", lua_tostring(lua, -1));
    lua_settop(lua, 1); /* the parser's errors come here twice */
    return 1;
}

static bool explain(struct script *script, int status, const struct plan *plan,
                    struct err *err)
{
    struct err *failure = &script->failure;

    if (status == LUA_ERRMEM && script->memory_line > 0)
        snprintf(failure->place, sizeof failure->place, "%s:%d", script->file,
                 script->memory_line);
    if (script->over_time)
        snprintf(failure->text, sizeof failure->text, "ran for more than %u s",
                 script->cpu_limit_s);
    else if (script->over_budget)
        snprintf(failure->text, sizeof failure->text,
                 "ran over its budget of %lld instructions (an endless loop?)",
                 (long long)script->budget_all);
    else if (status == LUA_ERRMEM)
        snprintf(failure->text, sizeof failure->text,
                 "used more than the %d MB of memory it may",
                 SCRIPT_LUA_BYTES_MAX >> 20);
    else if (failure->text[0] == '\0')
        snprintf(failure->text, sizeof failure->text,
                 "failed while it failed (Lua status %d)", status);
    if (failure->place[0] == '\0' && plan != NULL)
        snprintf(failure->place, sizeof failure->place, "%s:%d", plan->file,
                 plan->line);
    else if (failure->place[0] == '\0')
        snprintf(failure->place, sizeof failure->place, "%s", script->file);
    return err_set(err, ERR_SCENARIO, failure->place, "%s", failure->text);
}

bool script_call(struct script *script, int arguments, int results,
                 int64_t budget, const struct plan *plan, struct err *err)
{
    lua_State *lua = script->lua;
    int        base = lua_gettop(lua) - arguments; /* the function's index */
    int        status;

    assert(base >= 1 && script->file != NULL);
    script->budget = budget;
    script->budget_all = budget;
    script->unwatched_ns = clock_now_ns(clock_real()) + UNWATCHED_NS;
    script->deadline_ns = 0;
    script->over_budget = false;
    script->over_time = false;
    script->over_memory = false;
    script->memory_line = 0;
    script->failure.place[0] = '\0';
    script->failure.text[0] = '\0';
    lua_pushcfunction(lua, note_failure);
    lua_insert(lua, base);
    status = lua_pcall(lua, arguments, results, base);
    script->budget = INT64_MAX / 2; /* nobody counts outside */
    script_count(script, true);
    lua_remove(lua, base);
    if (status == LUA_OK) {
        assert(results == LUA_MULTRET || lua_gettop(lua) == base - 1 + results);
        return true;
    }
    lua_settop(lua, base - 1);
    return explain(script, status, plan, err);
}

bool script_door_open(struct script *script, struct err *err)
{
    script->budget = INT64_MAX / 2;
    script->lua = lua_newstate(allocate, script);
    if (script->lua == NULL)
        return err_set(err, ERR_OURS, "script", "Lua could not be started");
    memcpy(lua_getextraspace(script->lua), &script, sizeof script);
    script_count(script, true);
    return true;
}
