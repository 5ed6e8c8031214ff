/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_CHECKS_PAGE_H
#define RUNNER_CHECKS_PAGE_H

/* The list of checks as Markdown, to stdout: docs/checks.md begins so. */
void checks_page_print(void);

#endif
