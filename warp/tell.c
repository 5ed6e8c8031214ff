/* SPDX-License-Identifier: Apache-2.0 */
/* What a warp tells of its threads, in words. */

#include "warp/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool warp_tell(struct warp *warp, size_t index, char text[WARP_TOLD_MAX])
{
    struct thread *thread;
    struct call    call = {.number = -1};
    char           due[48] = "no end known";
    char           name[PROC_STATE_NAME_MAX];

    if (index >= warp->threads.count)
        return false;
    thread = warp->threads.items[index];
    if (thread->wait.kind != NULL)
        snprintf(due, sizeof due, "due in %.3f s%s",
                 (double)(thread->wait.deadline_ns - state_now_ns(warp)) /
                     NS_PER_S,
                 thread->wait.late ? ", by us" : "");
    snprintf(text, WARP_TOLD_MAX, "thread %d (%s) of process %d: %s, %s%s%s",
             (int)thread->tid, proc_state_name(thread->tid, name),
             (int)thread_group(thread),
             proc_state_call(&thread->proc, &call) ? "asleep in a call"
                                                   : "awake",
             due, thread->interrupted ? ", asked to stop" : "",
             thread->halted ? ", halted by a signal" : "");
    if (call.number >= 0)
        snprintf(text + strlen(text), WARP_TOLD_MAX - strlen(text), ", call %d",
                 (int)call.number);
    return true;
}

bool warp_tell_ticker(const struct warp *warp, char text[WARP_TOLD_MAX])
{
    const struct ticker *ticker = &warp->ticker;

    if (ticker->ticks == 0)
        return false;
    snprintf(text, WARP_TOLD_MAX,
             "a thread \"%s\" woke %" PRIu64 " times, last from %s of %.3f s",
             ticker->name, ticker->ticks, wait_name(&ticker->wait),
             (double)ticker->wait.span_ns / NS_PER_S);
    return true;
}
