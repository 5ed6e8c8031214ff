/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/starved.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/proc.h"
#include "common/text.h"
#include "runner/trial/tree.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_NS (250 * NS_PER_MS)

/* Threads beyond these are not looked at. */
enum { THREADS_MAX = 1024 };

struct starved_thread {
    pid_t   process;
    pid_t   id;
    int64_t ran_ns;
    int64_t waited_ns;
    int64_t turns; /* how often it was put on a processor */
    bool    ready; /* it ran, or waited for a processor */
};

/* What one look sees. */
struct look {
    struct starved_thread *threads;
    size_t                 count;
    int64_t                ours_ns;  /* waited by this process */
    int64_t                theirs_ns; /* ... by the one that waited longest */
    int64_t                busy_ns; /* one of theirs ran, or waited so */
};

/* ---- one thread, as the kernel tells it ---- */

/* "ran waited turns" */
static bool read_counts(struct starved_thread *thread)
{
    int64_t *const counts[] = {&thread->ran_ns, &thread->waited_ns,
                               &thread->turns};
    char           name[48];
    char           text[128];
    const char    *at = text;

    snprintf(name, sizeof name, "task/%d/schedstat", (int)thread->id);
    if (proc_read(thread->process, name, text, sizeof text) == 0)
        return false;
    for (size_t i = 0; i < 3; i++) {
        *counts[i] = (int64_t)proc_number(at);
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    return true;
}

/* ---- from look to look ---- */

/* The kernel mostly lists threads in the same order: so it stands where the
 * new one will, or not far from it. */
static const struct starved_thread *before(const struct starved        *starved,
                                           const struct starved_thread *now,
                                           size_t                       near)
{
    static const struct starved_thread unborn;

    for (size_t i = 0; i < starved->count; i++) {
        const struct starved_thread *thread =
            &starved->threads[(near + i) % starved->count];

        if (thread->id == now->id && thread->process == now->process)
            return thread;
    }
    return &unborn;
}

/* A wait is added to the count once it is over. Whoever was ready at both
 * looks, and was not put on a processor in between, waits still. */
static int64_t waited_ns(struct starved_thread       *now,
                         const struct starved_thread *since, int64_t passed_ns)
{
    int64_t waited = now->waited_ns - since->waited_ns;

    now->ready = proc_letter(now->id) == 'R';
    if (since->ready && now->ready && now->turns == since->turns)
        waited = passed_ns - (now->ran_ns - since->ran_ns);
    return waited > 0 ? waited : 0;
}

static void look_at(const struct starved *starved, struct look *look,
                    pid_t process, pid_t id, int64_t passed_ns)
{
    struct starved_thread        thread = {.process = process, .id = id};
    const struct starved_thread *since;
    int64_t                      waited;

    if (look->count == THREADS_MAX || !read_counts(&thread))
        return;
    since = before(starved, &thread, look->count);
    waited = waited_ns(&thread, since, passed_ns);
    if (process == getpid()) {
        look->ours_ns += starved->setup.with_us ? waited : 0;
    } else {
        look->theirs_ns = clock_later_ns(look->theirs_ns, waited);
        look->busy_ns = clock_later_ns(look->busy_ns,
                                       waited + thread.ran_ns - since->ran_ns);
    }
    look->threads[look->count++] = thread;
}

static void look_at_process(const struct starved *starved, struct look *look,
                            pid_t process, int64_t passed_ns)
{
    char           path[64];
    DIR           *folder;
    struct dirent *entry;

    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    folder = opendir(path);
    if (folder == NULL)
        return;
    while ((entry = readdir(folder)) != NULL) {
        int64_t id;

        if (text_to_int(entry->d_name, 1, INT32_MAX, &id))
            look_at(starved, look, process, (pid_t)id, passed_ns);
    }
    closedir(folder);
}

static void look_at_tree(const struct starved *starved, struct look *look,
                         pid_t root, int64_t passed_ns)
{
    pid_t  pids[TREE_PROCESSES_MAX];
    size_t count = tree_list(root, pids);

    for (size_t i = 0; i < count; i++)
        if (pids[i] != starved->setup.metronome)
            look_at_process(starved, look, pids[i], passed_ns);
}

/* Looks between which most of the time was waited are one piece. */
static void add(struct starved *starved, const struct look *look,
                int64_t passed_ns)
{
    int64_t waited = look->ours_ns + look->theirs_ns;

    if (waited > passed_ns)
        waited = passed_ns;
    if (look->busy_ns < passed_ns)
        starved->idle_ns += passed_ns - look->busy_ns;
    starved->total_ns += waited;
    starved->piece_ns =
        2 * waited > passed_ns ? starved->piece_ns + waited : waited;
    starved->most_ns = clock_later_ns(starved->most_ns, starved->piece_ns);
}

/* ---- the door ---- */

void starved_start(struct starved *starved, const struct starved_setup *setup)
{
    *starved = (struct starved){.setup = *setup,
                                .looked_ns = clock_now_ns(clock_real())};
}

void starved_stop(struct starved *starved)
{
    alloc_free(starved->threads);
    *starved = (struct starved){0};
}

int64_t starved_due_ns(const struct starved *starved)
{
    return starved->looked_ns + LOOK_NS;
}

void starved_turn(struct starved *starved, const pid_t *others, size_t count)
{
    int64_t     now_ns = clock_now_ns(clock_real());
    int64_t     passed_ns = now_ns - starved->looked_ns;
    struct look look = {0};

    if (now_ns < starved_due_ns(starved))
        return;
    look.threads = alloc_zero(THREADS_MAX, sizeof look.threads[0]);
    look_at_tree(starved, &look, getpid(), passed_ns);
    for (size_t i = 0; i < count; i++)
        look_at_tree(starved, &look, others[i], passed_ns);
    add(starved, &look, passed_ns);
    alloc_free(starved->threads);
    starved->threads = look.threads;
    starved->count = look.count;
    starved->looked_ns = now_ns;
}

void starved_read(const struct starved *starved, struct noise *noise)
{
    assert(starved->total_ns >= 0);
    noise->starved_ns = starved->total_ns;
    noise->starved_most_ns = starved->most_ns;
    noise->idle_ns = starved->idle_ns;
}
