/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of a trial, fault by fault: what a client that meets it loses,
 * doubles, reorders or changes is found, and what the fault itself makes
 * unavoidable is not. Every fault of the table goes through all of it. */

#include "judge_case.h"

#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the client does when it has met the fault. */
#define DEED_MAP(X)                                                            \
    X(DEED_RIGHT, "comes again, as it should")                                 \
    X(DEED_LOST, "says that all is well")                                      \
    X(DEED_REORDERED, "comes again with the events in another order")          \
    X(DEED_CHANGED, "comes again with other messageIds")                       \
    X(DEED_LEFT_OUT, "comes again without one of the events")                  \
    X(DEED_TWICE, "comes again, and once more after the success")              \
    X(DEED_DOUBLED, "comes again though the answer, if any, was a 200")

enum deed {
#define X(deed, text) deed,
    DEED_MAP(X)
#undef X
        DEED_COUNT
};

static const char *const deed_text[] = {
#define X(deed, text) [deed] = text,
    DEED_MAP(X)
#undef X
};

/* No attempt of a batch is in the record: the fault struck before its body. */
static bool is_unseen(enum fault fault)
{
    return fault_is_of_connection(fault) ||
           (fault_family(fault) == FAMILY_REQUEST && fault_status(fault) == 0);
}

/* One right client takes it for an answer and another does not, and no status
 * makes that the same. */
static bool is_open(enum fault fault)
{
    return fault_sees(fault) == SEES_EITHER && fault_status(fault) == 0 &&
           !is_unseen(fault);
}

/* The answer that comes with it, if any, is one the client can read. */
static bool may_be_read(enum fault fault)
{
    return fault_status(fault) != 0 && (fault_sees(fault) == SEES_ANSWER ||
                                        fault_sees(fault) == SEES_EITHER);
}

static void meet(struct judge_case *made, enum fault fault, enum deed deed)
{
    char line[CASE_TEXT_MAX];
    char status[32] = "";

    judge_case_line(made, "given events=2 timeout=1000");
    if (fault_is_of_connection(fault)) {
        snprintf(line, sizeof line, "strike 0.0 %s 0.4", fault_name(fault));
        judge_case_line(made, line);
        return;
    }
    if (may_be_read(fault))
        snprintf(status, sizeof status, " status=%d",
                 deed == DEED_DOUBLED ? 200 : 503);
    snprintf(line, sizeof line, "0.0 1,2%s -> %s%s%s",
             is_unseen(fault) ? " part" : "", fault_name(fault), status,
             fault_sees(fault) == SEES_SILENCE ? " gone=1.0" : "");
    judge_case_at(made, line);
}

static void go_on(struct judge_case *made, enum fault fault, enum deed deed)
{
    static const char *const words[] = {
        [DEED_RIGHT] = "1,2",           [DEED_REORDERED] = "2,1",
        [DEED_CHANGED] = "1,2 ids=new", [DEED_LEFT_OUT] = "1",
        [DEED_TWICE] = "1,2",           [DEED_DOUBLED] = "1,2",
    };
    char        line[CASE_TEXT_MAX];
    const char *at = fault_sees(fault) == SEES_SILENCE ? "1.5" : "0.5";
    /* What was lost unseen was counted all the same. */
    const char *count = is_unseen(fault) ? " count=1" : "";

    if (deed != DEED_LOST) {
        snprintf(line, sizeof line, "%s %s%s -> 200 conn=2", at, words[deed],
                 count);
        judge_case_at(made, line);
    }
    if (deed == DEED_TWICE) {
        snprintf(line, sizeof line, "3.0 1,2 count=2 -> 200 conn=2");
        judge_case_at(made, line);
    }
    judge_case_line(made, "end exited 4.0 success");
}

/* The rule that must be found broken; NULL = none at all. */
static const char *wanted(enum fault fault, enum deed deed)
{
    switch (deed) {
    case DEED_LOST:
        if (fault_family(fault) == FAMILY_PORT)
            return "DELIVER-4"; /* as many retries as you like, unseen */
        return is_open(fault) ? NULL : "DELIVER-1";
    case DEED_REORDERED:
    case DEED_CHANGED:
        return is_unseen(fault) ? NULL : "DELIVER-3";
    case DEED_LEFT_OUT:
        if (fault_family(fault) == FAMILY_PORT)
            return "DELIVER-4";
        return is_unseen(fault) ? "DELIVER-1" : "DELIVER-3";
    case DEED_TWICE:
        return "DELIVER-2";
    case DEED_DOUBLED:
        return fault_sees(fault) == SEES_ANSWER ? "DELIVER-2" : NULL;
    default:
        return NULL;
    }
}

static void judge_deed(enum fault fault, enum deed deed)
{
    struct judge_case made = judge_case_new(fault_name(fault), 0);
    const char       *rule = wanted(fault, deed);
    char              got[CASE_TEXT_MAX];
    char              part[32];

    meet(&made, fault, deed);
    go_on(&made, fault, deed);
    judge_case_verdict(&made, got);
    snprintf(part, sizeof part, " %s@", rule != NULL ? rule : "");
    if (rule == NULL
            ? !text_starts_with(got, "pass")
            : !text_starts_with(got, "fail") || strstr(got, part) == NULL)
        fail_msg("%s: a client that %s: wanted %s, got %s", fault_name(fault),
                 deed_text[deed], rule != NULL ? rule : "nothing found", got);
    judge_case_clear(&made);
}

static void test_every_fault(void **state)
{
    (void)state;
    for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++)
        for (int deed = 0; deed < DEED_COUNT; deed++)
            judge_deed((enum fault)fault, (enum deed)deed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
