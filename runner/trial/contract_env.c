/* SPDX-License-Identifier: Apache-2.0 */
/* Any command: it is told by its environment, and its exit is all it says. */

#include "common/alloc.h"
#include "model/record.h"
#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/words.h"

#include <inttypes.h>

static void assume(struct manifest *manifest)
{
    manifest_add_capability(manifest, "config.maxRetries");
}

static void say(struct job *job, const struct job_setup *setup, const char *url)
{
    const struct given *given = &setup->plan->given;
    int64_t             retries = given->config[CONFIG_MAX_RETRIES];
    char               *body = job_body(setup->plan, setup->client);

    if (retries == CONFIG_UNSET)
        retries = setup->manifest->config[CONFIG_MAX_RETRIES];
    words_add(&job->env, alloc_format("RETRIAL_URL=%s/v1/batch", url));
    words_add(&job->env,
              alloc_format("RETRIAL_WRITE_KEY=%s", given->write_key));
    words_add(&job->env, alloc_format("RETRIAL_BODY=%s", body));
    if (retries != CONFIG_UNSET)
        words_add(&job->env,
                  alloc_format("RETRIAL_MAX_RETRIES=%" PRId64, retries));
    alloc_free(body);
}

static bool hear(struct client_outcome *outcome, const char *said,
                 size_t length_bytes)
{
    (void)said;
    (void)length_bytes;
    outcome->has_result = outcome->end == CLIENT_EXITED;
    outcome->success = outcome->exit_code == 0;
    if (outcome->has_result && !outcome->success)
        outcome->error = alloc_format("exit code %d", outcome->exit_code);
    return false;
}

const struct contract contract_env = {
    .name = "env",
    .assume = assume,
    .say = say,
    .hear = hear,
};
