#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

/* The faults a scenario can ask for, by name; server/ has one file for each.
 * A fault is what a step plays instead of an answer. */

/* enumerator, name in scenarios, what the client sees */
#define FAULT_MAP(X)                                                           \
    X(FAULT_CLOSE, "close",                                                    \
      "the request is read in full, then the connection is closed (FIN) "      \
      "without an answer")                                                     \
    X(FAULT_RESET, "reset",                                                    \
      "the request is read in full, then the connection is reset (RST) "       \
      "without an answer")                                                     \
    X(FAULT_HANG, "hang",                                                      \
      "the request is read in full and never answered; the connection stays "  \
      "open until the client goes")

enum fault {
    FAULT_NONE,
#define X(fault, name, meaning) fault,
    FAULT_MAP(X)
#undef X
    FAULT_COUNT
};

const char *fault_name(enum fault fault);    /* "none" for FAULT_NONE */
const char *fault_meaning(enum fault fault);
enum fault  fault_find(const char *name); /* FAULT_NONE = no such fault */

#endif
