/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_OAUTH_H
#define CLIENT_OAUTH_H

/* OAuth client credentials (RFC 6749, 4.4) with a signed assertion (RFC 7523):
 * the one token that all workers of a client send with.
 *
 * Whoever needs a token when there is none, or none that will live long
 * enough, fetches it; who comes meanwhile waits for that one fetch and shares
 * what comes of it. A fetch retries as the policy (retry.h) says, waiting at
 * the gate, so that a shutdown ends it; a refusal is final, for all who wait.
 * The next batch asks anew: somebody may have mended the credentials. */

#include "client/gate.h"
#include "client/hook.h"
#include "client/ingest.h"
#include "client/retry.h"
#include "client/send.h"
#include "client/token.h"
#include "common/rng.h"

struct oauth;

struct oauth_setup { /* borrowed while the oauth lives; config was checked */
    const struct ingest_oauth *config;
    const struct retry_policy *policy;
    const struct hooks        *hooks;
    struct gate               *gate;
};

/* Reads the key. NULL and err when it is not usable. */
struct oauth *oauth_new(const struct oauth_setup *setup, struct err *err);
void oauth_free(struct oauth *oauth);

enum oauth_end {
    OAUTH_READY,   /* token is filled (token_clear is yours) */
    OAUTH_FAILED,  /* no token was to be had: *why is yours (alloc_free) */
    OAUTH_STOPPED, /* the gate was stopped while we waited */
};

/* The token for the next request; fetches it with this sender if it must. */
enum oauth_end oauth_take(struct oauth *oauth, struct sender *sender,
                          struct rng *rng, struct token *token, char **why);

/* The server did not accept a request with this token. Another one that was
 * fetched meanwhile stays. */
void oauth_forget(struct oauth *oauth, uint64_t token_number);

/* Whether an answer with this status makes the token void. */
bool oauth_is_void_after(int status);

#endif
