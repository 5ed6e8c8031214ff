#include "warp/housekeeping.h"

#include <stddef.h>
#include <string.h>

/* The kernel keeps 15 letters of a name. All are HotSpot's own (the sources of
 * OpenJDK 17, src/hotspot/share), written in C++, and run no Java: a client
 * cannot have its timers there.
 * name, what it wakes for */
#define HOUSEKEEPING_MAP(X)                                                    \
    X("VM Periodic Tas", "samples its counters, each 50 ms")                   \
    X("VM Thread", "asks for a safepoint, each second")                        \
    X("Monitor Deflati", "takes back unused monitors, each 250 ms")            \
    X("G1 Service", "looks at remembered sets, each 300 ms")                   \
    X("C1 CompilerThre", "ends itself when idle, each 5 s")                    \
    X("C2 CompilerThre", "ends itself when idle, each 5 s")                    \
    X("Sweeper thread", "frees compiled code, each 24 h")

static const char *const names[] = {
#define X(name, what) name,
    HOUSEKEEPING_MAP(X)
#undef X
};

bool housekeeping_is(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}
