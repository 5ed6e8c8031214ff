/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SDKS_H
#define RUNNER_SDKS_H

/* The SDKs that come with Retrial: a folder each, with a manifest. */

#include "common/err.h"

char *sdks_folder(const char *name); /* of that name, there or not; yours */

/* Their names in order, as words.h has them; yours. NULL: they
 * cannot be read, and err says why. */
char **MUST_USE sdks_names(struct err *err);

/* What --sdk means: a folder, or the name of one of ours. Yours; NULL: it is
 * neither, and err says so. */
char *MUST_USE sdks_find(const char *word, struct err *err);

#endif
