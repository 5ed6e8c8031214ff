/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_HOOK_H
#define CLIENT_HOOK_H

/* The places where a tool may watch or change what the client is about to
 * do: a tracer, a signing proxy, a test. An ordinary client has none of them.
 * Hooks are called from the workers, several at once if there are several. */

#include "client/ingest.h"
#include "client/outcome.h"
#include "client/retry.h"
#include "client/send.h"

#include <stdbool.h>
#include <stddef.h>

struct hooks {
    /* Once, before the first worker starts: what was configured, and the
     * policy that was made of it. */
    void (*configure)(struct ingest_config *config,
                      struct retry_policy  *policy);
    /* Before each request: what is changed in it, */
    void (*before)(struct request *request);
    /* ... and, last of all, of libcurl's options for it. */
    void (*adjust)(void *easy);
    /* Instead of a request. True: the hook has filled the outcome itself, and
     * nothing is sent. */
    bool (*instead)(struct request *request, struct outcome *outcome);
    /* When an attempt has ended, before the policy sees it. */
    void (*after)(const struct request *request, struct outcome *outcome);
    /* Before each request for an OAuth token, and when it has ended, before
     * its answer is read. */
    void (*before_token)(struct request *request);
    void (*after_token)(struct outcome *outcome);
    /* Whether a token that is kept may be used once more, */
    bool (*reuse_token)(void);
    /* ... and whether an answer with this status makes it void. */
    bool (*void_token)(int status);
    /* When the policy has made its move, before it is carried out. */
    void (*decide)(const struct request *request, const struct outcome *outcome,
                   struct retry *retry, struct move *move);
    /* Whenever a flush looks whether it may return: how many of the batches
     * it waits for are under way. Called with the queue's lock held. */
    void (*flush)(size_t *under_way);
    /* When the application is to be told how events ended; of an event that
     * was refused, by whoever handed it in. True: it is not told. */
    bool (*tell)(const struct ingest_report *report);
    /* The command line's: what it was handed, before it reads it. NULL, or
     * another text to be read instead, which alloc_free then takes. */
    char *(*read)(const char *input);
};

#endif
