/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_CONFIG_H
#define CLIENT_CONFIG_H

/* A client's configuration, checked before anything is made of it, and copied,
 * so that the caller's may go. */

#include "client/ingest.h"

/* False: a value is not allowed; err names it, what was found and what is
 * allowed. The key file is not opened yet. */
bool MUST_USE config_check(const struct ingest_config *config, struct err *err);

/* Without the slashes at its end, for a path to be added; yours
 * (alloc_free). */
char *config_base(const char *host);

/* The copy's texts are its own (config_clear). */
void config_copy(struct ingest_config       *copy,
                 const struct ingest_config *config);
void config_clear(struct ingest_config *copy);

#endif
