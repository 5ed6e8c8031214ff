/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_JSON_TRIAL_H
#define REPORTS_JSON_TRIAL_H

/* One trial in the JSON report: its verdict, and its record attempt by
 * attempt. */

#include "model/run.h"
#include "reports/mask.h"

#include <cJSON.h>

/* The mask has learned the trial's secrets. */
cJSON *json_trial(struct mask *mask, const struct run *run,
                  const struct trial_result *trial);

#endif
