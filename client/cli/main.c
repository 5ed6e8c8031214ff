/* SPDX-License-Identifier: Apache-2.0 */
/* retrial-client: the reference client on the command line. */

#include "client/cli/cli.h"

static const char usage[] =
    "usage: retrial-client [--profile FILE] --input JSON\n"
    "       retrial-client [--profile FILE] --stdio\n"
    "\n"
    "Sends events to an ingest and retries as its profile says (Segment's\n"
    "contract without one; RETRIAL_PROFILE may hold its values, too), then\n"
    "prints one line: {\"success\":BOOL,\"sentBatches\":N,\"error\":TEXT}.\n"
    "\n"
    "JSON: {\"writeKey\":TEXT, \"apiHost\":URL,\n"
    "       \"sequences\":[{\"delayMs\":N, \"events\":[{\"type\":...}]}],\n"
    "       \"config\":{...}, \"oauth\":{...}}\n"
    "config, all integers:\n"
    "  flushAt           events in a batch (20)\n"
    "  flushInterval     ms an event waits for its batch to fill (10000)\n"
    "  timeout           s until a request without an answer is given up (10)\n"
    "  requestTimeoutMs  the same in ms\n"
    "  maxRetries        counted retries a batch (1000)\n"
    "  backoffBaseMs     ms before the first counted retry; each next one\n"
    "                    waits twice as long (500)\n"
    "  maxBackoffMs      ms that no backoff is longer than (60000)\n"
    "  maxRetryAfterMs   ms that a longer Retry-After is taken as (300000)\n"
    "  maxTotalBackoffMs ms of counted retrying a batch (43200000)\n"
    "  maxRateLimitMs    ms of being rate-limited a batch (43200000)\n"
    "  workers           batches under way at once (1)\n"
    "  maxQueueSize      events waiting (100000)\n"
    "  maxEventBytes     bytes of an event; a larger one is refused (32768)\n"
    "  maxBatchBytes     bytes of a batch's body (475000)\n"
    "and gzip, true or false: compress bodies (false)\n"
    "and caFile: certificates to trust, PEM (the system's)\n"
    "oauth, all texts: clientId, keyFile (PEM, RSA), authServer (URL), and if\n"
    "wanted keyId and scope\n"
    "\n"
    "  --stdio    a line of that JSON on stdin is a job, a line its answer,\n"
    "             until stdin ends\n"
    "  --help     print this\n"
    "  --version  print the version\n"
    "\n"
    "exit: 0 all delivered, 1 some event was not, 2 called wrongly\n";

int main(int argc, char **argv)
{
    const struct cli_program program = {
        .usage = usage,
        .name = "retrial-client",
    };

    return cli_main(&program, argc > 0 ? argc - 1 : 0, argv + 1);
}
