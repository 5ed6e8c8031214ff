/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/housekeeping.h"

#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>

/* The kernel keeps 15 letters of a name; the last of ours may stand for more.
 *
 * A span is the source's, from its greatest down to the least that the rest may
 * still seem to have, of a thread that had to wait for a processor between its
 * look at the clock and its call: above that lies no other wait of the thread.
 * 0: all its waits that have an end are rests, until its next task. A rest that
 * seems to be less, because the machine was very busy, costs jumps.
 *
 * The sources are those of OpenJDK, 17 and 25: src/hotspot/share, and for the
 * last two, which run Java, src/java.base and src/java.net.http. What each asks
 * for was seen with strace, too, of either version and each collector.
 *
 * runtime, name, call, least and greatest span in ms, kept, its rest */
#define KEEPER_MAP(X)                                                          \
    X("libjvm.so", "VM Thread", SYS_futex, 500, 1000, false,                   \
      "runtime/vmThread.cpp, wait_for_operation: GuaranteedSafepointInterval") \
    X("libjvm.so", "VM Periodic Tas", SYS_futex, 0, 5000, false,               \
      "runtime/nonJavaThread.cpp, WatcherThread::sleep: until its next task")  \
    X("libjvm.so", "Monitor Deflati", SYS_futex, 100, 250, false,              \
      "runtime/monitorDeflationThread.cpp: AsyncDeflationInterval")            \
    X("libjvm.so", "Service Thread", SYS_futex, 500, 1000, false,              \
      "runtime/serviceThread.cpp: ServiceThreadCleanupInterval")               \
    X("libjvm.so", "C1 CompilerThre", SYS_futex, 4000, 5000, false,            \
      "compiler/compileBroker.cpp, CompileQueue::get: 5 s")                    \
    X("libjvm.so", "C2 CompilerThre", SYS_futex, 4000, 5000, false,            \
      "compiler/compileBroker.cpp, CompileQueue::get: 5 s")                    \
    X("libjvm.so", "G1 Service", SYS_futex, 0, 1000, false,                    \
      "gc/g1/g1ServiceThread.cpp, wait_for_task: until its next task")         \
    X("libjvm.so", "ZDirector", SYS_futex, 0, 100, false,                      \
      "gc/z/zMetronome.cpp, wait_for_tick: until its next tick")               \
    X("libjvm.so", "ZStat", SYS_futex, 0, 1000, false,                         \
      "gc/z/zMetronome.cpp, wait_for_tick: until its next tick")               \
    X("libjvm.so", "ZUncommitter*", SYS_futex, 0, 301000, false,               \
      "gc/z/zUncommitter.cpp, wait: until its next look, ZUncommitDelay")      \
    X("libjvm.so", "Common-Cleaner", SYS_futex, 59000, 60000, false,           \
      "jdk/internal/ref/CleanerImpl.java, run: 60 s")                          \
    X("libjvm.so", "HttpClient-*", SYS_epoll_wait, 2900, 3000, true,           \
      "jdk/internal/net/http/HttpClientImpl.java: NODEADLINE")

struct keeper {
    const char *runtime;
    const char *name;
    int64_t     number;
    int64_t     least_ns;
    int64_t     most_ns;
    bool        kept;
};

static const struct keeper keepers[] = {
#define X(runtime, name, number, least_ms, most_ms, kept, source)              \
    {runtime, name, number, least_ms * NS_PER_MS, most_ms * NS_PER_MS, kept},
    KEEPER_MAP(X)
#undef X
};

static bool goes_by(const char *pattern, const char *name)
{
    size_t length = strcspn(pattern, "*");

    return pattern[length] == '*' ? strncmp(pattern, name, length) == 0
                                  : strcmp(pattern, name) == 0;
}

const struct keeper *housekeeping_find(const char *name)
{
    for (size_t i = 0; i < sizeof keepers / sizeof keepers[0]; i++)
        if (goes_by(keepers[i].name, name))
            return &keepers[i];
    return NULL;
}

const char *housekeeping_runtime(const struct keeper *keeper)
{
    return keeper->runtime;
}

bool housekeeping_rests(const struct keeper *keeper, const struct call *call,
                        int64_t span_ns)
{
    return call->number == keeper->number && span_ns <= keeper->most_ns &&
           (keeper->least_ns == 0 || span_ns >= keeper->least_ns);
}

bool housekeeping_is_kept(const struct keeper *keeper)
{
    return keeper->kept;
}
