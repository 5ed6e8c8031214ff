/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/suite.h"

#include "common/alloc.h"
#include "runner/suite/rehearing.h"
#include "runner/suite/under_way.h"

#include <limits.h>

/* Ctrl-C: end what runs; what has no verdict yet is left out. */
static void give_up(struct suite *suite)
{
    bool crowd = suite->run->trial_count > 1;

    under_way_give_up(suite);
    if (crowd)
        rehearing_unsay(suite);
    suite->run->unended = run_drop_unended(suite->run);
    suite->outcome->ours = false;
}

static bool make_keys(struct suite *suite, struct err *err)
{
    const struct suite_setup *setup = suite->setup;
    bool                      ok = true;

    for (size_t i = 0; ok && i < setup->selection->count; i++) {
        const struct plan *plan = setup->selection->plans[i];

        ok = under_way_lacks(suite, plan) != NULL ||
             keys_make(&suite->keys, plan_has_oauth(plan), plan->given.https,
                       err);
    }
    return ok;
}

bool suite_run(const struct suite_setup *setup, struct run *run,
               struct suite_outcome *outcome, struct err *err)
{
    struct suite suite = {
        .setup = setup, .run = run, .outcome = outcome, .most = UINT_MAX};
    bool ok;

    *outcome = (struct suite_outcome){0};
    for (size_t i = 0; i < setup->selection->count; i++)
        run_add(run, setup->selection->plans[i]);
    ok = make_keys(&suite, err);
    if (ok && setup->lanes != NULL) {
        lanes_listen(setup->lanes, under_way_add_lapse, &suite);
        lanes_trust(setup->lanes, suite.keys.authority);
    }
    load_start(&suite.load, setup->trial_clock == TRIAL_CLOCK_JUMP);
    progress_start(&suite.progress, run->trial_count);
    while (ok && !outcome->interrupted &&
           (suite.next < run->trial_count || suite.running > 0)) {
        ok = under_way_start_next(&suite, err);
        suite.progress.running = suite.running;
        progress_show(&suite.progress);
        if (ok && suite.running > 0)
            under_way_wait(&suite);
    }
    if (ok && !outcome->interrupted)
        ok = rehearing_settle(&suite, err);
    if (!ok || outcome->interrupted)
        give_up(&suite);
    else if (setup->lanes != NULL)
        lanes_finish(setup->lanes);
    progress_stop(&suite.progress);
    alloc_free(suite.slots);
    keys_clear(&suite.keys);
    if (ok && suite.meddled.code != ERR_NONE) {
        *err = suite.meddled;
        ok = false;
    }
    return ok;
}
