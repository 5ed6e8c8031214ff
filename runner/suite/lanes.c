/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/lanes.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/io.h"

#include <assert.h>
#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* "End of stdin ends the process": within this time. */
#define FINISH_NS (5 * NS_PER_S)

enum { LAPSE_TEXT_MAX = 160 };

struct entry {
    struct lane lane;  /* keeper 0 = none: the place is free */
    size_t      trial; /* that has it, or had it last */
    size_t      earlier; /* that had it before */
    bool        lent;
};

struct lanes {
    const struct manifest  *manifest;
    const struct authority *authority; /* NULL = none */
    struct entry           *items;
    size_t                  count;
    lanes_tell             *tell;
    void                   *context;
};

struct lanes *lanes_new(const struct manifest *manifest)
{
    struct lanes *lanes = alloc_zero(1, sizeof *lanes);

    lanes->manifest = manifest;
    return lanes;
}

static void close_all(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->items[i].lane.keeper > 0)
            lane_close(&lanes->items[i].lane);
}

void lanes_free(struct lanes *lanes)
{
    if (lanes == NULL)
        return;
    close_all(lanes);
    alloc_free(lanes->items);
    alloc_free(lanes);
}

void lanes_listen(struct lanes *lanes, lanes_tell *tell, void *context)
{
    lanes->tell = tell;
    lanes->context = context;
}

void lanes_trust(struct lanes *lanes, const struct authority *authority)
{
    if (authority == NULL)
        return;
    lanes->authority = authority;
    close_all(lanes);
}

/* ---- what a client did after its answer ---- */

static void tell(const struct lanes *lanes, const struct entry *entry,
                 const char *lapse)
{
    if (lanes->tell != NULL && entry->trial != LANES_NO_TRIAL)
        lanes->tell(lanes->context, entry->trial, lapse);
}

/* Bytes that lie in its stdout, white space left out. */
static size_t stale_bytes(const struct lane *lane)
{
    char    part[4096];
    ssize_t got = read(lane->out_fd, part, sizeof part);
    size_t  count = 0;

    for (ssize_t i = 0; i < got; i++)
        count += isspace((unsigned char)part[i]) == 0;
    return count;
}

/* False: the lane is not to be used again; said why, if that is a lapse.
 * finished: its stdin has ended, so it may go. */
static bool look_after(const struct lanes *lanes, const struct entry *entry,
                       bool finished)
{
    char   text[LAPSE_TEXT_MAX];
    int    status;
    size_t stale = stale_bytes(&entry->lane);
    bool   gone = read(entry->lane.ended_fd, &status, sizeof status) ==
                (ssize_t)sizeof status;

    if (stale > 0) {
        snprintf(text, sizeof text, "printed %zu bytes more after its answer",
                 stale);
        tell(lanes, entry, text);
    } else if (gone && WIFSIGNALED(status)) {
        snprintf(text, sizeof text, "was ended by signal %d after its answer",
                 WTERMSIG(status));
        tell(lanes, entry, text);
    } else if (gone && !finished) {
        snprintf(text, sizeof text,
                 "exited (exit code %d) after its answer, before the end of "
                 "its stdin",
                 WEXITSTATUS(status));
        tell(lanes, entry, text);
    }
    return stale == 0 && !gone;
}

/* ---- lending ---- */

static struct entry *free_lane(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++) {
        struct entry *entry = &lanes->items[i];

        if (entry->lent || entry->lane.keeper == 0)
            continue;
        if (look_after(lanes, entry, false))
            return entry;
        lane_close(&entry->lane);
    }
    return NULL;
}

static struct entry *free_place(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->items[i].lane.keeper == 0)
            return &lanes->items[i];
    lanes->items =
        alloc_grow(lanes->items, lanes->count + 1, sizeof lanes->items[0]);
    lanes->items[lanes->count] = (struct entry){.trial = LANES_NO_TRIAL};
    return &lanes->items[lanes->count++];
}

static bool take_one(struct lanes *lanes, size_t trial, struct lane *taken,
                     struct err *err)
{
    struct entry *entry = free_lane(lanes);
    struct job    job;
    bool          ok = true;

    if (entry == NULL) {
        entry = free_place(lanes);
        entry->trial = LANES_NO_TRIAL;
        job_begin(&job, lanes->manifest, lanes->authority);
        ok = lane_start(&entry->lane, &job, err);
        job_clear(&job);
    }
    entry->earlier = entry->trial;
    entry->trial = trial;
    entry->lent = ok;
    *taken = entry->lane;
    return ok;
}

bool lanes_take(struct lanes *lanes, size_t count, size_t trial,
                struct lane *taken, struct err *err)
{
    assert(count >= 1);
    for (size_t i = 0; lanes != NULL && i < count; i++)
        if (!take_one(lanes, trial, &taken[i], err)) {
            lanes_give_back(lanes, trial, true);
            return false;
        }
    return true;
}

size_t lanes_earlier(const struct lanes *lanes, size_t trial)
{
    size_t earlier = LANES_NO_TRIAL;
    size_t lent = 0;

    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->items[i].lent && lanes->items[i].trial == trial) {
            earlier = lanes->items[i].earlier;
            lent++;
        }
    return lent == 1 ? earlier : LANES_NO_TRIAL;
}

bool lanes_disturbed(const struct lanes *lanes, size_t trial,
                     struct verdict *verdict)
{
    int sig = 0;

    for (size_t i = 0; lanes != NULL && i < lanes->count && sig == 0; i++)
        if (lanes->items[i].lent && lanes->items[i].trial == trial)
            sig = lane_disturbed(&lanes->items[i].lane);
    if (sig != 0)
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the client, or something outside, sent SIG%s to the "
                       "process that keeps it",
                       sigabbrev_np(sig));
    return sig != 0;
}

void lanes_give_back(struct lanes *lanes, size_t trial, bool clean)
{
    assert(lanes == NULL || lanes->count > 0);
    for (size_t i = 0; lanes != NULL && i < lanes->count; i++) {
        struct entry *entry = &lanes->items[i];

        if (!entry->lent || entry->trial != trial)
            continue;
        entry->lent = false;
        if (!clean)
            lane_close(&entry->lane);
    }
}

/* ---- the end ---- */

static void end_stdin(struct lanes *lanes)
{
    for (size_t i = 0; i < lanes->count; i++)
        if (lanes->items[i].lane.keeper > 0)
            io_close(&lanes->items[i].lane.in_fd);
}

static bool ends_by(const struct lane *lane, int64_t until_ns)
{
    struct pollfd fd = {.fd = lane->ended_fd, .events = POLLIN};
    int64_t       left_ns = until_ns - clock_now_ns(clock_real());

    return poll(&fd, 1, left_ns > 0 ? (int)(left_ns / NS_PER_MS) : 0) > 0;
}

void lanes_finish(struct lanes *lanes)
{
    int64_t until_ns = clock_now_ns(clock_real()) + FINISH_NS;

    end_stdin(lanes);
    for (size_t i = 0; i < lanes->count; i++) {
        struct entry *entry = &lanes->items[i];

        if (entry->lane.keeper == 0)
            continue;
        if (!ends_by(&entry->lane, until_ns))
            tell(lanes, entry, "lived on after the end of its stdin");
        else
            (void)look_after(lanes, entry, true);
        lane_close(&entry->lane);
    }
}
