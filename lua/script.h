/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LUA_SCRIPT_H
#define LUA_SCRIPT_H

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
#include "model/profile.h"
#include "model/record.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct script;

struct script_config {
    uint64_t    seed;
    const char *lua_dir; /* the Lua library from there; NULL = the built-in */
    /* What the scenarios are compiled for; copied. NULL = a policy that leaves
     * everything open. */
    const struct profile *profile;
    /* What loading a file may take, and processor time of anything; 0 = as
     * docs/scenario-language.md says. Less is for tests that use it up. */
    int64_t  load_instructions;
    unsigned cpu_limit_s;
};

bool MUST_USE script_open(struct script             **script,
                          const struct script_config *config, struct err *err);
void script_close(struct script *script); /* NULL is fine */

/* Runs a scenario file and adds its plans. A wrong scenario is an error with
 * file and line, the field, what was found, what is allowed and the nearest
 * known name (ERR_SCENARIO); a file that cannot be read is ERR_USAGE. */
bool MUST_USE script_load(struct script *script, const char *file,
                          struct err *err);
/* The same from memory; name stands for the file in messages. */
bool MUST_USE script_load_text(struct script *script, const char *name,
                               const char *text, size_t length_bytes,
                               struct err *err);

/* What it was opened with. */
const struct profile *script_profile(const struct script *script);

/* The plans in the order they were declared; they live as long as the
 * script. */
size_t script_plan_count(const struct script *script);
const struct plan *script_plan(const struct script *script, size_t index);

/* By this profile's names functions see a request, until the next is taken;
 * at first by none. */
void script_take_profile(struct script *script, const struct profile *profile);

/* What a decide function is asked about. A scenario may keep the request, and
 * look at what it did not look at before in a later call: so the attempt lives
 * as long as the script is asked, and what takes time is asked for only then,
 * of the question that is being answered. */
struct script_question {
    const struct attempt *attempt;
    void                 *owner; /* handed through */
    /* The numbers of the plan's events in the attempt's body, in their order;
     * returns how many (at most max). */
    size_t (*events_of)(void *owner, const struct attempt *attempt,
                        unsigned *numbers, size_t max);
    /* 1, 2, ... among the attempts of the same batch. */
    unsigned (*nth_of)(void *owner, const struct attempt *attempt);
};

/* Asks a decide function: fills step. Each plan's `memory` table starts empty
 * in each trial (a trial is a process). */
bool MUST_USE script_decide(struct script *script, int handle,
                            const struct script_question *question,
                            struct step *step, struct err *err);

/* Runs the plan's own check, if it has one; findings (subject "expect") go to
 * the verdict. False: the check itself is broken. */
bool MUST_USE script_check(struct script *script, const struct plan *plan,
                           const struct record *record, struct verdict *verdict,
                           struct err *err);

#endif
