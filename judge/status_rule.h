/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_STATUS_RULE_H
#define JUDGE_STATUS_RULE_H

/* Which rule says what is to be done after an answer. */

#include "judge/history.h"

/* RULE_NONE where nobody knows what became of the attempt. */
enum rule_id status_rule(const struct attempt_view *view);

/* The body of an error changes nothing (STATUS-7): judged where the scenario
 * is there for it, for what the bodies were only the scenario knows. */
bool status_body_matters(const struct history      *history,
                         const struct attempt_view *view);

#endif
