/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_FAULTS_PAGE_H
#define RUNNER_FAULTS_PAGE_H

/* The list of faults as Markdown, to stdout: what docs/faults.md begins with.
 * Beside each stands what a raw peer is promised to see
 * (runner/proof/proof.h). */
void faults_page_print(void);

#endif
