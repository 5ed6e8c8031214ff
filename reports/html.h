/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_HTML_H
#define REPORTS_HTML_H

#include "reports/view.h"

/* Escapes what HTML would obey; text is masked and clean. */
void html_add(struct bytes *out, const char *text);
/* The same between two pieces of HTML; */
void html_put(struct bytes *out, const char *before, const char *text,
              const char *after);
/* ... and of a foreign text. */
void html_foreign(struct report_view *view, const char *before,
                  const char *text, const char *after);

#endif
