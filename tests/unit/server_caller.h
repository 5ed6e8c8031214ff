/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_SERVER_CALLER_H
#define UNIT_SERVER_CALLER_H

/* A client that speaks TLS to the server of a stage (server_peer.h), in the
 * same thread: whoever waits turns the server. It trusts the authority of the
 * test program and calls the server localhost. */

#include "server/keys/authority.h"
#include "server_peer.h"

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <sys/types.h>

/* One for the whole program: the fixtures of its group. */
extern struct authority *caller_authority;
int caller_make_authority(void **state);
int caller_drop_authority(void **state);

/* The stage speaks TLS. */
void caller_stage_start(struct stage *stage);
void caller_await_idle(struct stage *stage);

struct caller {
    struct stage                    *stage;
    gnutls_session_t                 session;
    gnutls_certificate_credentials_t trusted;
    int                              fd;
};

void caller_call(struct caller *caller, struct stage *stage);
void caller_hang_up(struct caller *caller);
/* GnuTLS said so because the other end's turn has come, and it has had it. */
bool caller_is_waiting(const struct caller *caller, ssize_t code);
int caller_shake_hands(struct caller *caller);
void caller_say(struct caller *caller, const char *text);
/* What comes until the end: 0 with close_notify, or an error. */
ssize_t caller_hear(struct caller *caller, struct bytes *answer);

#endif
