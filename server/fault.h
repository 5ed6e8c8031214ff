#ifndef SERVER_FAULT_H
#define SERVER_FAULT_H

/* How the faults of model/fault.h are played: a file each, or one for a few
 * that differ in a word, with one line each in fault_table.c.
 *
 * Those of a port get the listener before the connection is made. All others
 * get a taken connection, and go on with it in one of the ways of taken.h: at
 * accept without a request, before the body is whole with its head, else with
 * the whole request. One that only adds something early, before the answer
 * goes its usual way, has `early` and no `play`. */

#include "model/fault.h"

struct exchange;
struct taken;

struct fault_entry {
    enum fault fault;
    void (*play)(struct taken *taken);
    void (*early)(struct exchange *exchange); /* the head was read */
};

#define FAULT_ENTRY_MAP(X)                                                     \
    X(fault_close)                                                             \
    X(fault_reset)                                                             \
    X(fault_hang)                                                              \
    X(fault_close_idle)                                                        \
    X(fault_reset_idle)

#define X(entry) extern const struct fault_entry entry;
FAULT_ENTRY_MAP(X)
#undef X

/* Every fault has an entry but FAULT_NONE and those of a port. */
const struct fault_entry *fault_entry(enum fault fault);

#endif
