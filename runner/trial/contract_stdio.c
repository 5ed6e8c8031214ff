/* SPDX-License-Identifier: Apache-2.0 */
/* A client that lives on: a line of JSON in for each job, one out. */

#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/result.h"

static void assume(struct manifest *manifest)
{
    contract_e2e.assume(manifest);
}

static void say(struct job *job, const struct job_setup *setup, const char *url)
{
    job->input = job_input(setup, url);
}

const struct contract contract_stdio = {
    .name = "stdio",
    .lives_on = true,
    .assume = assume,
    .say = say,
    .hear = result_parse_line,
};
