/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_SESSION_H
#define RUNNER_TRIAL_SESSION_H

/* All that is alive during one trial: its clock, its server, its clients, and
 * what measures the machine meanwhile; and the loop that gives each its turn.
 * The stages are called in the order in which they stand here. */

#include "runner/trial/clients.h"
#include "runner/trial/hooks.h"
#include "runner/trial/metronome.h"
#include "runner/trial/starved.h"
#include "runner/trial/trial_clock.h"
#include "runner/trial/trial_setup.h"
#include "server/server.h"

#include <stdbool.h>
#include <stdint.h>

struct session {
    const struct trial_setup *setup; /* borrowed, as the record */
    const struct plan        *plan;
    struct record            *record;
    const struct clock       *clock;
    int64_t                   epoch_ns; /* the clock's time that is 0 there */
    struct trial_clock        trial_clock;
    struct hooks              hooks;
    struct server            *server;
    struct clients           *clients;
    struct metronome         *metronome;
    struct starved            starved;
    bool    ended; /* by us, since its limit or our bound is over */
    int64_t idle_ns; /* ... and then it had been idle so long */
    char   *bound; /* ... since our bound is; else NULL */
};

/* Its clock, and what measures how late the machine is. */
bool MUST_USE session_start_time(struct session           *session,
                                 const struct trial_setup *setup,
                                 struct record *record, struct err *err);
bool MUST_USE session_start_server(struct session *session, struct err *err);
bool MUST_USE session_start_clients(struct session *session, struct err *err);
/* Until the clients have exited and their connections are closed, or a limit or
 * a watch is over. Nothing here waits a fixed time. */
void session_wait_until_quiet(struct session *session);
/* Writes down how busy the machine was; while the clients are still there. */
void session_read_noise(struct session *session, struct verdict *verdict);
/* Writes down what became of them. */
void session_stop_clients(struct session *session);
void session_stop_server(struct session *session);
/* Whatever is left of it; after a stage that failed, too. */
void session_close(struct session *session);

#endif
