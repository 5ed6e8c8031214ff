/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CLI_CLI_JOB_H
#define CLIENT_CLI_CLI_JOB_H

/* What the command line is asked to do (docs/client-contract.md), as structs:
 *
 *     {"writeKey": "...", "apiHost": "http://127.0.0.1:8080",
 *      "sequences": [{"delayMs": 0, "events": [{"type": "track", ...}]}],
 *      "config": {"flushAt": 20, "maxRetries": 3, ...},
 *      "oauth": {"clientId": "...", "keyFile": "/...", "keyId": "...",
 *                "authServer": "http://127.0.0.1:8081", "scope": "..."}}
 *
 * config takes the names of INGEST_LIMIT_MAP (client/ingest.h), "timeout" (the
 * request timeout in seconds), "gzip" (true or false) and "caFile" (a path).
 * Anything unknown, of the wrong type or out of range is an error that names
 * it: a limit that was silently ignored would be a client nobody asked for. */

#include "client/ingest.h"
#include "common/err.h"

#include <cJSON.h>
#include <stddef.h>
#include <stdint.h>

struct cli_job_sequence {
    int64_t      delay_ms; /* before its first event */
    const cJSON *events;   /* an array of objects */
};

struct cli_job {
    cJSON                   *json;   /* what the rest points into */
    struct ingest_config     config; /* writeKey and apiHost included */
    struct cli_job_sequence *sequences;
    size_t                   count;
};

/* False leaves job cleared. */
bool MUST_USE cli_job_init(struct cli_job *job, const char *input,
                           const char *profile, struct err *err);
void cli_job_clear(struct cli_job *job);

#endif
