#ifndef RUNNER_ORPHANS_H
#define RUNNER_ORPHANS_H

/* What a client leaves behind: daemons that it started outside its group.
 * When their parents die they fall to the process that adopts, and there they
 * are ended. */

/* Makes this process the one to which orphans of its descendants fall. */
void orphans_adopt(void);

/* Ends every child that this process has, and theirs: whoever calls has
 * reaped those that it wants to hear of. */
void orphans_end(void);

#endif
