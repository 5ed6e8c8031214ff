#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

/* The only room that speaks Lua.
 *
 * A script holds one sandboxed state: scenario files are loaded into it and
 * become plans, and their functions (decide, check) are called through the
 * same protected door later. Allowed: the language of docs/scenario-language.md
 * and string, table, math, utf8, coroutine. Not: io, os, package, load, debug.
 * Unknown globals are errors, random is ours and seeded, and instructions and
 * memory are bounded, so that no scenario can hang or exhaust its host. */

#include "common/err.h"
#include "model/plan.h"
#include "model/record.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct script;

struct script_config {
    uint64_t    seed;
    const char *lua_dir; /* the Lua library from there; NULL = the built-in */
    /* What loading a file may take, and processor time of anything; 0 = as
     * docs/scenario-language.md says. Less is for tests that use it up. */
    int64_t  load_instructions;
    unsigned cpu_limit_s;
};

bool MUST_USE script_open(struct script **script,
                          const struct script_config *config, struct err *err);
void          script_close(struct script *script); /* NULL is fine */

/* Runs a scenario file and adds its plans. A wrong scenario is an error with
 * file and line, the field, what was found, what is allowed and the nearest
 * known name (ERR_SCENARIO); a file that cannot be read is ERR_USAGE. */
bool MUST_USE script_load(struct script *script, const char *file,
                          struct err *err);
/* The same from memory; name stands for the file in messages. */
bool MUST_USE script_load_text(struct script *script, const char *name,
                               const char *text, size_t length_bytes,
                               struct err *err);

/* The plans in the order they were declared; they live as long as the
 * script. */
size_t             script_plan_count(const struct script *script);
const struct plan *script_plan(const struct script *script, size_t index);

/* Asks a decide function: fills step. events: the numbers of the events the
 * attempt holds; nth: 1, 2 ... among the attempts of that batch. Each plan's
 * `memory` table starts empty in each trial (a trial is a process). */
bool MUST_USE script_decide(struct script *script, int handle,
                            const struct attempt *attempt,
                            const unsigned *events, size_t event_count,
                            unsigned nth, struct step *step, struct err *err);

/* Runs the plan's own check, if it has one; findings (subject "expect") go to
 * the verdict. False: the check itself is broken. */
bool MUST_USE script_check(struct script *script, const struct plan *plan,
                           const struct record *record,
                           struct verdict *verdict, struct err *err);

#endif
