/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_QUOTA_H
#define JUDGE_QUOTA_H

/* The tokens that all retries of a client take from, where its profile has
 * such a quota. Nobody saw them: giving up is right as soon as the retries may
 * have taken more than there is, and a retry is wrong only when they have,
 * whatever the successes gave back. */

#include "judge/history.h"

/* What each attempt's client had for the retry: in the order of the items;
 * yours. NULL = the profile has no quota. Their outcomes are known. */
enum quota *quota_find(const struct history *history);

#endif
