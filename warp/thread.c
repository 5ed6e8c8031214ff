/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/thread.h"

#include "common/alloc.h"

#include <assert.h>

static size_t place_of(const struct threads *threads, pid_t tid)
{
    size_t i = 0;

    while (i < threads->count && threads->items[i]->tid != tid)
        i++;
    return i;
}

struct thread *threads_find(const struct threads *threads, pid_t tid)
{
    size_t place = place_of(threads, tid);

    return place < threads->count ? threads->items[place] : NULL;
}

struct thread *threads_add(struct threads *threads, pid_t tid)
{
    struct thread *thread = threads_find(threads, tid);

    assert(tid > 0);
    if (thread != NULL)
        return thread;
    threads->items =
        alloc_one_more(threads->items, threads->count, sizeof(struct thread *));
    thread = alloc_zero(1, sizeof *thread);
    thread->tid = tid;
    thread->born = threads->births++;
    proc_state_init(&thread->proc, tid);
    threads->items[threads->count++] = thread;
    return thread;
}

static void remove_place(struct threads *threads, size_t place)
{
    assert(place < threads->count);
    proc_state_clear(&threads->items[place]->proc);
    alloc_free(threads->items[place]);
    threads->items[place] = threads->items[--threads->count];
}

void threads_remove(struct threads *threads, pid_t tid)
{
    size_t place = place_of(threads, tid);

    if (place < threads->count)
        remove_place(threads, place);
}

void threads_keep_leader(struct threads *threads, pid_t group, pid_t was)
{
    struct thread *leader;

    for (size_t i = threads->count; i-- > 0;) {
        struct thread *thread = threads->items[i];

        if (thread->group == 0)
            thread->group = proc_state_group(thread->tid);
        if (thread->tid == was || thread->group == group || thread->group == 0)
            if (thread->tid != group)
                remove_place(threads, i);
    }
    assert(group > 0);
    /* It goes by the leader's number now, whichever thread it was. */
    leader = threads_add(threads, group);
    proc_state_clear(&leader->proc);
    *leader = (struct thread){.tid = group,
                              .group = group,
                              .born = leader->born,
                              .proc = leader->proc,
                              .ticks = leader->ticks};
}

void threads_clear(struct threads *threads)
{
    while (threads->count > 0)
        remove_place(threads, threads->count - 1);
    alloc_free(threads->items);
    *threads = (struct threads){0};
}

pid_t thread_group(struct thread *thread)
{
    if (thread->group == 0)
        thread->group = proc_state_group(thread->tid);
    return thread->group;
}

bool thread_check_wait(struct thread *thread)
{
    struct call call;

    if (!proc_state_call(&thread->proc, &call))
        return false;
    if (wait_same_call(&thread->wait.call, &call))
        return true;
    thread->wait.kind = NULL;
    return false;
}
