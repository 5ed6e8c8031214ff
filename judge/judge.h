#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

/* plan + profile + record -> verdict; pure: no clock, no socket, no file.
 *
 * Every check judges every trial in which it has something to judge: what the
 * client received (the record), what it was given (the plan) and what a right
 * client does (the profile) decide, not the name of the scenario. The same
 * record gives the same verdict for ever. */

#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"
#include "model/verdict.h"

#include <stddef.h>

/* Runs every check; the caller adds what a scenario's own check finds and
 * then calls verdict_settle. */
void judge_record(const struct plan *plan, const struct profile *profile,
                  const struct record *record, struct verdict *verdict);

/* The numbers of the plan's events in an attempt's body (gzip decoded, JSON
 * read), in the order they stand there; at most max. 0 when the body is none
 * of ours or cannot be read. So many bytes may still be unpacked, of all that
 * the caller asks for: JUDGE_UNPACK_BYTES at first. */
enum { JUDGE_UNPACK_BYTES = 256 << 20 };
size_t judge_events(const struct attempt *attempt, unsigned *numbers,
                    size_t max, size_t *unpack_bytes);

/* The checks, for `list checks`, `explain` and docs/checks.md. */
struct check_info {
    const char         *name;      /* "retry-after.waits" */
    const enum rule_id *rules;     /* RULE_NONE ends them */
    const char         *looks_at;  /* what it compares, one sentence */
    const char         *evidence;  /* what a finding says; what is excused */
    const char *const  *killed_by; /* mutants it catches, NULL-terminated */
};
const struct check_info *judge_check(size_t index); /* NULL = no more */

#endif
