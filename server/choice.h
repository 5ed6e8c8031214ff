#ifndef SERVER_CHOICE_H
#define SERVER_CHOICE_H

/* Chooses the step for a whole request: asks whose batch it is, moves the
 * plan's cursor, asks a decide step what it says, and writes into the attempt
 * what will be played. */

struct exchange;

/* Fills exchange->step; NULL there = beyond the script, the default answer. */
void choice_make(struct exchange *exchange);
/* The same when only the head is here: takes the step if it is a fault that
 * strikes before the body is whole. */
void choice_make_early(struct exchange *exchange);

#endif
