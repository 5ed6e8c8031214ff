/* SPDX-License-Identifier: Apache-2.0 */
/* Retrial with one fault that lies: RETRIAL_LIE names it. Linked in place of
 * server/faults/table.c, for tests only: they show that the proof of each is
 * refused, and that no verdict rests on it. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/early.h"
#include "server/faults/forge.h"
#include "server/hijacked.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct fault_entry *const truths[] = {
#define X(fault_, ...) [fault_] = &FAULT_ENTRY(fault_),
    FAULT_MAP(X)
#undef X
};

/* ---- what they do instead ---- */

static void end_by_fin(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_NONE);
}

static void end_by_rst(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_RESET, 0, ANSWER_NONE);
}

static void answer(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_all(hijacked);
    forge_end(hijacked);
}

/* Some of it, and never an end; by RST it tells the truth, since the proof of
 * a lie that never ends takes until its deadline. */
static void answer_without_end(struct hijacked *hijacked)
{
    if (forge_then(hijacked) == HIJACKED_RESET) {
        FAULT_ENTRY(FAULT_CUT_BODY).play(hijacked);
        return;
    }
    forge_start(hijacked, false);
    forge_head(hijacked);
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_WAIT, 0, ANSWER_CUT);
}

/* The answer, and the end at once, not when the connection has been idle. */
static void answer_and_close(struct hijacked *hijacked)
{
    forge_start(hijacked, true);
    forge_all(hijacked);
    forge_end(hijacked);
}

static void answer_and_idle_to_fin(struct hijacked *hijacked)
{
    forge_start(hijacked, true);
    forge_all(hijacked);
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, forge_param(hijacked, PARAM_IDLE),
                  ANSWER_COMPLETE);
}

/* clang-format off */
static const struct {
    const char        *name; /* what it does instead */
    enum fault         fault;
    struct fault_entry entry;
} lies[] = {
    {"a reset that is a FIN", FAULT_RESET, {.play = end_by_fin}},
    {"a close that is an RST", FAULT_CLOSE, {.play = end_by_rst}},
    {"a hang that ends", FAULT_HANG, {.play = end_by_fin}},
    {"garbage that is HTTP", FAULT_GARBAGE, {.play = answer}},
    {"a truncation that never ends",
     FAULT_CUT_BODY, {.play = answer_without_end}},
    {"a cut that is whole", FAULT_CUT_CHUNKS, {.play = answer}},
    {"a drip that flows", FAULT_DRIP_BODY, {.play = answer}},
    {"an idle end without idling", FAULT_CLOSE_IDLE, {.play = answer_and_close}},
    {"an idle reset that is a FIN",
     FAULT_RESET_IDLE, {.play = answer_and_idle_to_fin}},
    {"a reset at accept that is a FIN",
     FAULT_ACCEPT_RESET, {.play = end_by_fin}},
    {"an early success that waits for the body",
     FAULT_EARLY_SUCCESS, {.play = answer}},
    {"a server that resets where it should stop reading",
     FAULT_STOP_READING, {.play = end_by_rst}},
};
/* clang-format on */

const struct fault_entry *fault_entry(enum fault fault)
{
    const char *lie = getenv("RETRIAL_LIE");

    for (size_t j = 0; lie != NULL && j < sizeof lies / sizeof lies[0]; j++)
        if (lies[j].fault == fault && strcmp(fault_name(fault), lie) == 0)
            return &lies[j].entry;
    assert(fault > FAULT_NONE && fault < FAULT_COUNT);
    return truths[fault];
}
