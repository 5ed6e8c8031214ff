#ifndef SERVER_FAULT_H
#define SERVER_FAULT_H

/* How the faults of model/fault.h are played: one file each, with one line in
 * fault_table.c. A fault is handed a taken connection whose request was read
 * in full, and goes on with it in one of the ways of taken.h. */

#include "model/fault.h"

struct taken;

struct fault_entry {
    enum fault fault;
    void (*play)(struct taken *taken);
};

extern const struct fault_entry fault_close;
extern const struct fault_entry fault_reset;
extern const struct fault_entry fault_hang;

/* Every fault has an entry but FAULT_NONE. */
const struct fault_entry *fault_entry(enum fault fault);

#endif
