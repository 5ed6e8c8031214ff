/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/conclusion.h"

enum exit_code conclusion_of(const struct run *run)
{
    struct totals totals = run_totals(run);

    if (totals.by_verdict[VERDICT_BROKEN] > 0)
        return EXIT_SCENARIO_BROKEN;
    if (run_certified(run))
        return EXIT_CERTIFIED;
    if (totals.by_verdict[VERDICT_FAIL] > 0 || totals.unexpected_passes > 0)
        return EXIT_NOT_CERTIFIED;
    return EXIT_CLIENT_NOT_RUN;
}
