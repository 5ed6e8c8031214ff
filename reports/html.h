/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "common/bytes.h"

/* Escapes what HTML would obey; text is masked and clean. */
void html_add(struct bytes *out, const char *text);

#endif
