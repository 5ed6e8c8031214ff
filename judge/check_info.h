/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CHECK_INFO_H
#define JUDGE_CHECK_INFO_H

#include "model/rule.h"

struct check_info {
    const char         *name;      /* "retry-after.waits" */
    const enum rule_id *rules;     /* RULE_NONE ends them */
    const char         *looks_at;  /* what it compares, one sentence */
    const char         *evidence;  /* what a finding says; what is excused */
    const char *const  *killed_by; /* mutants it catches, NULL-terminated */
};

#endif
