/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_BODY_H
#define SERVER_BODY_H

/* A request's body while it comes in: as much of it as the record keeps, and
 * the hash of all of it. */

#include "common/bytes.h"
#include "model/record.h"

#include <gnutls/crypto.h>
#include <stdbool.h>
#include <stddef.h>

struct body {
    struct bytes     kept;
    gnutls_hash_hd_t hash; /* of one that is longer than what is kept */
};

void body_init(struct body *body);
void body_clear(struct body *body);

/* False: the record has no room for it. */
bool MUST_USE body_add(struct body *body, struct record *record,
                       const char *data, size_t length_bytes);
/* Gives what came of it to the attempt. */
void body_keep(struct body *body, struct attempt *attempt);
/* It is whole: its hash, too. */
void body_finish(struct body *body, struct attempt *attempt);

#endif
