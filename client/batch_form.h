/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_BATCH_FORM_H
#define CLIENT_BATCH_FORM_H

#include "client/batch.h"

/* Appends the body in a form that is not JSON (wire.h). */
void batch_form_add(const struct batch *batch, const struct wire *wire,
                    const char *write_key, struct bytes *body);

#endif
