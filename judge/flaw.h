/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_FLAW_H
#define JUDGE_FLAW_H

/* What is seen in a body that is no batch: in which way it is packed, or not,
 * and where it stops being what it should be. For people; which kind of body it
 * is for the judge, judge/events.h says. */

#include "judge/events.h"
#include "judge/evidence.h"

/* "gzip that is not declared", "JSON that is cut short after 37 bytes". kind:
 * what events_read made of it. Returns buffer. */
char *flaw_say(char buffer[EVIDENCE_MAX], const struct attempt *attempt,
               enum body_kind kind);

#endif
