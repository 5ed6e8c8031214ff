/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_JUDGE_CASE_H
#define TESTS_JUDGE_CASE_H

/* Cases for the judge as data: tests/golden/verdicts/NAME.cases. Each case is
 * a trial in a few lines, and the verdict that it must get.
 *
 *   case early                      its name
 *   rules RA-1                      what the plan names
 *   given events=2 maxRetries=5     events, the plan's config; flags:
 *                                   oauth, key=TEXT; sequences=1,2:5,1
 *                                   (:DELAY); clients=N;
 *                                   size=EVENT:BYTES, wrong=KEY:JSON
 *   profile bare_429=block          values over the published policy, as JSON
 *                                   or as a word
 *   expect attempts=2 delivered=1-2 success=no
 *   at 0.4 1,2 -> 429 ra=2          an attempt: when, which events, answer
 *   remark 0.2 frame            something wrong that was no attempt
 *   strike 0.2 refuse 1.5           a fault without a request, until when;
 *                                   conn=N (1), heard=BYTES in its session
 *   end exited 0.5 success          or: failure, failure=TEXT, no-result;
 *                                   result=TIME: when it was read;
 *                                   lapse=TEXT; extra=S: beyond its limit;
 *                                   no-bound: nobody says what cut it off
 *   noise 0.1 0.02                  p99.9, p50; starved=S, piece=S: waited for
 *                                   a processor, in all and in one piece;
 * idle=S want fail RA-1@2 ~RA-2@3        the findings in their order, ~ =
 * advice
 *
 * Before the arrow: count=N (- = none; without it the right one), auth=none
 * wrong twice, ids=new none, type=TEXT (- = none), body=TEXT, pad=BYTES (of
 * each event), sent=TEXT (sentAt), target=PATH, header=NAME:VALUE, gzip=yes bad
 * undeclared, part (it never came whole), violation=KIND:TEXT. After it: a
 * status, a fault's name, cut, none; conn=N (1), ra=VALUE, date=FORM:SECONDS
 * (from now), took=SECONDS, head=NAME:VALUE, gone=TIME. A value with spaces
 * stands in double quotes. */

#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>

enum { CASE_TEXT_MAX = 1024 };

struct judge_case {
    char           name[CASE_TEXT_MAX];
    int            line;
    struct plan   *plan;
    struct profile profile;
    struct record *record;
    char           want[CASE_TEXT_MAX]; /* "fail RA-1@2" */
};

/* Reads the next case from *text and moves on; false at the end. Fails the
 * test on a line it does not understand. */
bool judge_case_next(const char **text, int *line, struct judge_case *made);
void judge_case_clear(struct judge_case *made);

/* ---- the parts, for cases that are made in C ---- */

struct judge_case judge_case_new(const char *name, unsigned events);
void judge_case_at(struct judge_case *made, const char *attempt);
void judge_case_line(struct judge_case *made, const char *line);

/* The verdict in the words of `want`; returns buffer. */
char *judge_case_verdict(const struct judge_case *made,
                         char                     buffer[CASE_TEXT_MAX]);

#endif
