/* SPDX-License-Identifier: Apache-2.0 */
/* The e2e-cli of an SDK: --input JSON; the last JSON value on stdout. */

#include "common/alloc.h"
#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/result.h"
#include "runner/trial/words.h"

/* No load reaches it: were it short, a client held up while events are handed
 * over would send them in more batches than one that is not. */
enum { FLUSH_INTERVAL_MS = 10000 };

/* What every e2e-cli takes. */
static void assume(struct manifest *manifest)
{
    manifest_add_capability(manifest, "batches");
    manifest_add_capability(manifest, "config.flushAt");
    manifest_add_capability(manifest, "config.maxRetries");
    manifest_add_capability(manifest, "reports-failure");
    manifest->config[CONFIG_FLUSH_INTERVAL] = FLUSH_INTERVAL_MS;
}

static void say(struct job *job, const struct job_setup *setup, const char *url)
{
    words_add(&job->argv, alloc_text("--input"));
    words_add(&job->argv, job_input(setup, url));
}

const struct contract contract_e2e = {
    .name = "e2e",
    .assume = assume,
    .say = say,
    .hear = result_parse,
};
