/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_ORPHANS_H
#define RUNNER_TRIAL_ORPHANS_H

/* What a client leaves behind: daemons that it started outside its group.
 * When their parents die they fall to the process that adopts, and there they
 * are ended. */

#include <stdbool.h>
#include <sys/types.h>

/* Makes this process the one to which orphans of its descendants fall. */
void orphans_adopt(void);

/* The commands of those that sleep among our children in this group, or (0) in
 * any but our own, for people: what clients have left. Yours; NULL = there are
 * none. */
char *orphans_tell(pid_t group);
/* None of them, of any group but ours, is at work: it sleeps, or has ended. */
bool orphans_rest(void);

/* Ends every child that this process has, and theirs: whoever calls has
 * reaped those that it wants to hear of. */
void orphans_end(void);

#endif
