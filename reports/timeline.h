/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_TIMELINE_H
#define REPORTS_TIMELINE_H

/* The attempts of a trial as lines of text, each with its place in time:
 *
 *    #      at  conn  count  auth        answered               wait
 *    1  4.1 ms  c1    -      Basic ****  429, Retry-After: 2  512 ms  *---
 *  > 2  516 ms  c1    1      Basic ****  200                              *
 *
 * Where the page is too narrow for that, an attempt takes several lines. */

#include "reports/page.h"
#include "reports/story.h"

void timeline_print(struct page *page, const struct story *story);

#endif
