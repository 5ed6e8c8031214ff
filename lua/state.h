/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LUA_STATE_H
#define LUA_STATE_H

/* The inside of a script, for the files of this room only.
 *
 * Three laws hold here:
 * - Everything that Lua runs, runs inside script_call: protected, counted, and
 *   with the stack asserted on both ends.
 * - What C allocates while Lua may throw hangs on struct script at once
 *   (building, answering), so that an error loses nothing.
 * - The vocabulary is lua/'s; what it hands over are plain tables of a fixed
 *   shape, and C reads them raw and checks them again. */

#include "common/bytes.h"
#include "common/rng.h"
#include "lua/script.h"

#include <lua.h>

enum {
    SCRIPT_FILE_BYTES_MAX = 1 << 20,
    SCRIPT_LUA_BYTES_MAX = 64 << 20,   /* all that Lua holds */
    SCRIPT_BLOCK_BYTES_MAX = 16 << 20, /* one string, one table's array */
    SCRIPT_PLAN_BYTES_MAX = 64 << 20,  /* all that the plans hold */
    SCRIPT_PLANS_MAX = 10000,
    SCRIPT_LOAD_BUDGET = 50000000, /* instructions to load one file */
    SCRIPT_CPU_LIMIT_S = 10,
    SCRIPT_CALL_BUDGET = 5000000,  /* ... and to decide or check once */
};

/* A function that a plan holds by its handle (an index). */
struct script_function {
    int    ref;  /* in Lua's registry */
    size_t plan; /* index of the plan it belongs to */
};

struct script_plan { /* a plan, and what only this room knows of it */
    struct plan *plan;
    uint64_t     id_key; /* of its id: ten thousand are looked through fast */
    struct rng   chance; /* of its decide functions */
    int          stage; /* registry reference (script_decide.c), or LUA_NOREF */
};

struct script {
    lua_State     *lua;
    uint64_t       seed;
    char           attempt_header[PROFILE_NAME_MAX]; /* "" = there is none */
    char          *lua_dir; /* NULL = the built-in library */
    struct profile profile; /* what the scenarios are compiled for */
    int64_t        load_budget; /* instructions to load one file */
    unsigned       cpu_limit_s; /* of loading, deciding or checking once */
    int            library; /* registry reference of what init.lua returned */

    /* the plans */
    struct script_plan     *plans;
    size_t                  plan_count;
    struct script_function *functions;
    size_t                  function_count;
    size_t                  plan_bytes;
    struct plan            *building; /* being declared; NULL = none is */

    /* what is running */
    const char          *file; /* its name, for messages; NULL = nothing runs */
    bool                 loading; /* a file: only then may it declare */
    struct rng           file_chance;
    struct rng           plan_chance;
    struct rng          *chance; /* what random() draws from now */
    const struct record *record; /* while a check runs */
    struct verdict      *verdict; /* the same */
    struct step         *answering; /* while a decide runs */
    const struct script_question *question; /* the same */

    /* what it may use up (door.c) */
    size_t     lua_bytes;
    int64_t    budget; /* instructions left */
    int64_t    budget_all; /* ... of how many */
    int64_t    unwatched_ns; /* until then nobody looks at what it takes */
    int64_t    deadline_ns; /* processor time; 0 = nobody has looked yet */
    bool       over_budget;
    bool       over_time;
    bool       over_memory;
    int        memory_line; /* where memory ran out; 0 = not known */
    struct err failure; /* filled by the message handler */
};

struct script *script_of(lua_State *lua);

/* ---- door.c: the only way into Lua ---- */

/* Makes the state: its allocator and its count hook. */
bool MUST_USE script_door_open(struct script *script, struct err *err);
/* Calls the function that lies below `arguments` values on the stack, as
 * lua_pcall does. False: err says what and where, and nothing is left on the
 * stack. The plan is named when Lua does not know where; NULL = the file. */
bool MUST_USE script_call(struct script *script, int arguments, int results,
                          int64_t budget, const struct plan *plan,
                          struct err *err);
/* Whether instructions are counted. They are while a scenario's own code runs;
 * what the library does with what it returned ends by itself. */
void script_count(struct script *script, bool on);
/* Charges work that C does for Lua; raises when the budget is spent. */
void script_spend(lua_State *lua, uint64_t units);
/* Raises an error at the scenario's line, not at the library's. */
void script_refuse(lua_State *lua, const char *format, ...);
/* Splits "FILE:LINE: text" of a message about this file. */
void script_split(const char *file, const char *message, struct err *failure);
/* The innermost frame of a scenario file; false = there is none. */
bool script_frame(lua_State *lua, lua_Debug *frame);

/* ---- the parts of the state ---- */

void script_sandbox(lua_State *lua); /* sandbox.c: opens the allowed */
int script_setmetatable(lua_State *lua); /* sandbox.c: the scenarios' own */
int script_pattern_find(lua_State *lua); /* pattern.c */
void script_known(lua_State *lua); /* library.c: pushes the table `retrial` */
int script_use(lua_State *lua); /* library.c: use "name" */
void script_know_profile(lua_State *lua); /* script_profile.c: adds a field */

/* ---- script_read.c: fields of the plain tables that lua/ hands over ---- */

/* All raise when the field is not what it must be; all read raw. */
int64_t read_integer(lua_State *lua, int table, const char *name, int64_t min,
                     int64_t max);
int64_t read_integer_or(lua_State *lua, int table, const char *name,
                        int64_t min, int64_t max, int64_t absent);
const char *read_text(lua_State *lua, int table, const char *name,
                      size_t *length_bytes); /* NULL = absent */
int read_boolean(lua_State *lua, int table, const char *name); /* -1 absent */
bool read_table(lua_State *lua, int table, const char *name); /* pushes it */
/* A copy that counts against SCRIPT_PLAN_BYTES_MAX; NULL = absent. */
char *read_copy(lua_State *lua, int table, const char *name,
                size_t *length_bytes);
/* Calls read for each element of the list, which lies on top of the stack then
 * and is popped; nothing where the list is absent. */
void read_each(lua_State *lua, int table, const char *name,
               void (*read)(lua_State *lua, void *owner), void *owner);

/* ---- script_read.c, the other way: fields of the table on top ---- */

void set_integer(lua_State *lua, const char *name, int64_t value);
void set_boolean(lua_State *lua, const char *name, bool value);
/* NULL is left out. */
void set_text(lua_State *lua, const char *name, const char *text);

/* ---- script_step.c, script_plan.c ---- */

/* The step whose table is at the index; step was cleared. What is read is in
 * step at every moment, so that the owner can step_clear it. */
void script_step_read(lua_State *lua, int table, struct step *step);
/* Keeps the function on top of the stack (popped); its handle. */
int script_keep(lua_State *lua, size_t plan);

int script_declare(lua_State *lua); /* script_plan.c: retrial.declare */
int script_finding(lua_State *lua); /* script_check.c: retrial.finding */
/* script_request.c: retrial.request_field(attempt, name) */
int script_request_field(lua_State *lua);

/* A seed of its own for a name: stable, whatever else there is. */
uint64_t script_seed(uint64_t seed, const char *name);

/* Pushes a function of the library. */
void script_push_library(struct script *script, const char *name);
/* Pushes the header fields as a table: lower-case name -> value. */
void script_push_headers(lua_State *lua, const struct attempt *attempt);
/* Pushes the profile's attempt header as an integer, or nil. */
void script_push_retry_count(lua_State *lua, const struct attempt *attempt);

#endif
