/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/session.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/io.h"
#include "common/text.h"
#include "runner/trial/contract.h"
#include "runner/trial/hooks.h"
#include "runner/trial/job.h"
#include "runner/trial/jumped.h"
#include "runner/trial/lifetime.h"
#include "runner/trial/orphans.h"

#include <assert.h>

/* Once the client is dead, what is left in the sockets is read, and what it
 * left running goes to sleep, within this time. Nobody tells of that sleep. */
#define DRAIN_NS      (500 * NS_PER_MS)
#define REST_AGAIN_NS (5 * NS_PER_MS)

static int64_t now_ns(const struct session *session)
{
    return clock_now_ns(session->clock) - session->epoch_ns;
}

static int64_t extra_ns(const struct session *session)
{
    return lifetime_extra_ns(session->setup, session->starved.total_ns);
}

/* ---- the start ---- */

bool session_start_time(struct session           *session,
                        const struct trial_setup *setup, struct record *record,
                        struct err *err)
{
    *session = (struct session){
        .setup = setup,
        .plan = setup->plan,
        .record = record,
    };
    if (!trial_clock_start(&session->trial_clock, setup->trial_clock, err))
        return false;
    session->clock = trial_clock_clock(&session->trial_clock);
    trial_clock_step_wall(
        &session->trial_clock,
        plan_clock_ahead_ns(setup->plan, clock_wall_ns(session->clock)));
    session->epoch_ns = clock_now_ns(session->clock);
    return metronome_start(&session->metronome, clock_real(), err);
}

static void step_wall(void *owner, int64_t by_ns)
{
    trial_clock_step_wall(owner, by_ns);
}

bool session_start_server(struct session *session, struct err *err)
{
    const struct trial_setup *setup = session->setup;
    struct server_config      config = {
             .profile = &setup->manifest->profile,
             .plan = session->plan,
             .record = session->record,
             .clock = session->clock,
             .epoch_ns = session->epoch_ns,
             .hooks = hooks_make(&session->hooks, setup->script,
                                 &setup->manifest->profile),
             .host = JOB_HOST,
             .keys = setup->keys,
             .step_wall = step_wall,
             .owner = &session->trial_clock,
    };

    assert(session->server == NULL && session->metronome != NULL);
    return server_start(&session->server, &config, err) &&
           (session->trial_clock.warp == NULL ||
            server_watch_wire(session->server, err));
}

bool session_start_clients(struct session *session, struct err *err)
{
    const struct trial_setup  *setup = session->setup;
    const struct clients_setup clients = {
        .trial = setup,
        .trial_clock = &session->trial_clock,
        .epoch_ns = session->epoch_ns,
        .port = server_port(session->server),
    };

    assert(session->server != NULL && session->clients == NULL);
    starved_start(&session->starved,
                  &(struct starved_setup){
                      .with_us = setup->trial_clock == TRIAL_CLOCK_JUMP,
                      .metronome = metronome_pid(session->metronome)});
    return clients_start(&session->clients, &clients, err);
}

/* ---- the loop ---- */

static int64_t idle_ns(const struct session *session)
{
    return session->starved.idle_ns +
           trial_clock_jumped_ns(&session->trial_clock);
}

/* When the watch of an observed scenario is over; TIME_NEVER = not known. */
static int64_t watch_end_ns(const struct session *session)
{
    int64_t first_ns = server_first_answer_ns(session->server);

    if (session->plan->observe_ns == 0 || first_ns == TIME_NEVER)
        return TIME_NEVER;
    return first_ns + session->plan->observe_ns;
}

static int64_t until(int64_t at_ns, int64_t now) /* -1 = never */
{
    if (at_ns < 0)
        return -1;
    return at_ns > now ? at_ns - now : 0;
}

/* The clock's time at which something is due here; INT64_MAX = never. */
static int64_t next_due_ns(const struct session *session, int64_t deadline_ns)
{
    int64_t next_ns = clock_sooner_ns(deadline_ns, watch_end_ns(session));

    return next_ns < 0 ? INT64_MAX : session->epoch_ns + next_ns;
}

/* Once all clients are gone their time is over, whatever they left asleep: it
 * goes on as it does while the server hears them out. */
static bool all_heard(void *clients)
{
    return !clients_gone(clients) && clients_heard(clients);
}

/* What each keeper started is a client, too. */
static void look_for_the_starved(struct session *session)
{
    const struct trial_setup *setup = session->setup;
    pid_t                     keepers[PLAN_CLIENTS_MAX];
    size_t                    count = 0;

    if (setup->manifest->contract->lives_on)
        for (; count < setup->plan->given.clients; count++)
            keepers[count] = setup->lanes[count].keeper;
    starved_turn(&session->starved, keepers, count);
}

enum { SERVER_FD, METRONOME_FD, TRIAL_CLOCK_FD, OUR_FDS };

/* One poll over everything that can happen, then the turn of everybody who has
 * something to do: under jumps most polls find nothing. */
static void loop_turn(struct session *session, int64_t deadline_ns)
{
    struct pollfd            fds[OUR_FDS + CLIENTS_FDS_MAX];
    size_t                   count;
    int                      ready;
    int64_t                  now = now_ns(session);
    int64_t                  wait_ns = until(deadline_ns, now);
    struct trial_clock_owner owner = {.data = session->clients,
                                      .quiet = all_heard};

    fds[SERVER_FD] =
        (struct pollfd){.fd = server_fd(session->server), .events = POLLIN};
    fds[METRONOME_FD] = (struct pollfd){.fd = metronome_fd(session->metronome),
                                        .events = POLLIN};
    fds[TRIAL_CLOCK_FD] = (struct pollfd){
        .fd = trial_clock_fd(&session->trial_clock), .events = POLLIN};
    count = OUR_FDS + clients_fds(session->clients, fds + OUR_FDS);
    wait_ns = clock_sooner_ns(wait_ns, server_wait_ns(session->server));
    wait_ns = clock_sooner_ns(wait_ns, clients_wait_ns(session->clients));
    wait_ns =
        clock_sooner_ns(wait_ns, trial_clock_wait_ns(&session->trial_clock));
    wait_ns = clock_sooner_ns(wait_ns, until(watch_end_ns(session), now));
    ready = io_poll(fds, count, wait_ns);
    if (fds[METRONOME_FD].revents != 0) {
        metronome_turn(session->metronome);
        ready--;
    }
    /* What is due of a server's timers makes its descriptor ready. */
    if (fds[SERVER_FD].revents != 0 || server_wait_ns(session->server) >= 0)
        server_turn(session->server);
    clients_turn(session->clients, fds + OUR_FDS);
    look_for_the_starved(session);
    owner.next_ns = next_due_ns(session, deadline_ns);
    owner.stirred = ready > (fds[TRIAL_CLOCK_FD].revents != 0);
    /* A tick says nothing of the client. */
    trial_clock_turn(&session->trial_clock, session->server, &owner, ready > 0);
}

/* Of a client that is ended while it is at it: how far it came, and what made
 * time stop. */
static char *tell_bound(const struct session *session, int64_t bound_ns)
{
    char bound[TEXT_DURATION_MAX];
    char lived[TEXT_DURATION_MAX];
    char limit[TEXT_DURATION_MAX];
    char ticker[WARP_TOLD_MAX];
    bool ticked = trial_clock_tell_ticker(&session->trial_clock, ticker);

    return alloc_format(
        "Retrial's own bound of %s of real time ended it after %s of the "
        "client's time (limit %s)%s%s",
        text_from_duration(bound, bound_ns),
        text_from_duration(lived, now_ns(session)),
        text_from_duration(limit, session->plan->limit_ns), ticked ? "; " : "",
        ticked ? ticker : "");
}

static void end_clients(struct session *session, enum client_end why)
{
    assert(why == CLIENT_TIMED_OUT || why == CLIENT_CUT_OFF);
    if (!session->ended) {
        session->idle_ns = idle_ns(session);
        trial_clock_explain(&session->trial_clock, session->plan->id);
    }
    session->ended = true;
    clients_end(session->clients, why);
}

/* Whose limit is over. */
static void end_what_is_due(struct session *session)
{
    int64_t watch_ns = watch_end_ns(session);
    int64_t bound_ns = trial_clock_bound_ns(&session->trial_clock);

    if (watch_ns != TIME_NEVER && now_ns(session) >= watch_ns &&
        session->record->observed_ns == TIME_NEVER &&
        !clients_gone(session->clients)) {
        session->record->observed_ns = now_ns(session);
        clients_end(session->clients, CLIENT_OBSERVED);
    }
    if (now_ns(session) >= session->plan->limit_ns + extra_ns(session))
        end_clients(session, CLIENT_TIMED_OUT);
    if (bound_ns == INT64_MAX)
        return;
    bound_ns += extra_ns(session);
    if (trial_clock_spent_ns(&session->trial_clock) < bound_ns)
        return;
    if (!session->ended)
        session->bound = tell_bound(session, bound_ns);
    end_clients(session, CLIENT_CUT_OFF);
}

void session_wait_until_quiet(struct session *session)
{
    int64_t drained_ns;

    assert(session->clients != NULL);
    while (!clients_gone(session->clients)) {
        int64_t limit_ns = session->plan->limit_ns + extra_ns(session);

        loop_turn(session, now_ns(session) < limit_ns ? limit_ns : TIME_NEVER);
        end_what_is_due(session);
    }
    drained_ns = now_ns(session) + DRAIN_NS;
    while (now_ns(session) < drained_ns)
        if (!orphans_rest())
            loop_turn(session, now_ns(session) + REST_AGAIN_NS);
        else if (!server_idle(session->server))
            loop_turn(session, drained_ns);
        else
            return;
}

/* ---- the end ---- */

void session_read_noise(struct session *session, struct verdict *verdict)
{
    struct record *record = session->record;
    struct noise  *noise = &record->noise;

    if (metronome_disturbed(session->metronome))
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the client, or something outside, stopped or ended "
                       "the process that measures how late this machine is");
    metronome_read(session->metronome, noise);
    starved_read(&session->starved, noise);
    noise->idle_ns = session->ended ? session->idle_ns : idle_ns(session);
    noise->unjumped_ns = jumped_not_ns(&session->trial_clock, session->epoch_ns,
                                       &session->setup->manifest->profile,
                                       session->plan->given.events, record);
    noise->held_up_ns = jumped_held_up_ns(
        &session->trial_clock, session->epoch_ns, now_ns(session), record);
}

static void note_aim(const struct session *session)
{
    struct client_outcome *outcome = &session->record->outcome;
    const struct warp     *warp = session->trial_clock.warp;
    const char            *aimed = warp != NULL ? warp_aimed(warp) : NULL;

    if (aimed != NULL && outcome->lapse == NULL)
        outcome->lapse = alloc_format("sent %s, which is not its own; it was "
                                      "refused",
                                      aimed);
}

void session_stop_clients(struct session *session)
{
    struct client_outcome *outcome = &session->record->outcome;

    assert(clients_gone(session->clients));
    clients_stop(session->clients, outcome);
    outcome->extra_ns = extra_ns(session);
    if (outcome->end == CLIENT_CUT_OFF) {
        outcome->bound = session->bound;
        session->bound = NULL;
    }
    note_aim(session);
}

void session_stop_server(struct session *session)
{
    server_stop(session->server);
    session->server = NULL;
}

void session_close(struct session *session)
{
    metronome_stop(session->metronome);
    server_stop(session->server);
    trial_clock_stop(&session->trial_clock);
    starved_stop(&session->starved);
    alloc_free(session->bound);
}
