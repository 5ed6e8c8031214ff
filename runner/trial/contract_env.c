/* SPDX-License-Identifier: Apache-2.0 */
/* Any command: it is told by its environment, and its exit is all it says. */

#include "common/alloc.h"
#include "model/record.h"
#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/job_wire.h"
#include "runner/trial/words.h"

#include <inttypes.h>

static void assume(struct manifest *manifest)
{
    manifest_add_capability(manifest, "config.maxRetries");
}

static void add(struct job *job, const char *name, char *value)
{
    words_add(&job->env, alloc_format("%s=%s", name, value));
    alloc_free(value);
}

static void say(struct job *job, const struct job_setup *setup, const char *url)
{
    const struct given   *given = &setup->plan->given;
    int64_t               retries = given->config[CONFIG_MAX_RETRIES];
    const struct profile *profile = &setup->manifest->profile;
    const char           *key = given->write_key;
    char                 *authorization = job_authorization(profile, key);

    if (retries == CONFIG_UNSET)
        retries = setup->manifest->config[CONFIG_MAX_RETRIES];
    add(job, "RETRIAL_URL", job_url(profile, url, key));
    add(job, "RETRIAL_METHOD",
        alloc_text(profile->method == METHOD_PUT ? "PUT" : "POST"));
    add(job, "RETRIAL_WRITE_KEY", alloc_text(key));
    if (authorization != NULL)
        add(job, "RETRIAL_AUTHORIZATION", authorization);
    add(job, "RETRIAL_HEADERS", job_headers(profile, key));
    add(job, "RETRIAL_BODY", job_body(setup->plan, profile, setup->client));
    if (retries != CONFIG_UNSET)
        words_add(&job->env,
                  alloc_format("RETRIAL_MAX_RETRIES=%" PRId64, retries));
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
