#include "runner/trial/trial.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"
#include "judge/judge.h"
#include "runner/trial/clients.h"
#include "runner/trial/hooks.h"
#include "runner/trial/job.h"
#include "runner/trial/jumped.h"
#include "runner/trial/metronome.h"
#include "runner/trial/orphans.h"
#include "runner/trial/starved.h"
#include "server/server.h"

#include <poll.h>
#include <stdio.h>

/* Once the client is dead, what is left in the sockets is read, and what it
 * left running goes to sleep, within this time. Nobody tells of that sleep. */
#define DRAIN_NS      (500 * NS_PER_MS)
#define REST_AGAIN_NS (5 * NS_PER_MS)

/* A client lives longer by what the machine held it up, but by no more than
 * this: one that hangs on a machine that is always full must end. */
#define HELD_UP_MAX_NS (120 * NS_PER_S)

enum { PLAN_TEXT_BYTES_MAX = 4 << 20 };

struct run_state {
    const struct trial_setup *setup;
    const struct plan        *plan;
    struct record            *record;
    const struct clock       *clock;
    int64_t                   epoch_ns;
    struct trial_clock        trial_clock;
    struct server            *server;
    struct clients           *clients;
    struct metronome         *metronome;
    struct starved            starved;
    bool    ended; /* by us, since its limit or our bound is over */
    int64_t idle_ns; /* ... and then it had been idle so long */
    char   *bound; /* ... since our bound is; else NULL */
};

static int64_t now_ns(const struct run_state *state)
{
    return clock_now_ns(state->clock) - state->epoch_ns;
}

static int64_t sooner(int64_t left_ns, int64_t right_ns) /* -1 = never */
{
    if (left_ns < 0)
        return right_ns;
    return right_ns < 0 || left_ns < right_ns ? left_ns : right_ns;
}

/* ---- how long the client may live ---- */

/* What it takes by its own doing, whatever the scenario: its start and its
 * end, and a flush that waits until its interval is over. */
static int64_t own_ns(const struct trial_setup *setup)
{
    int64_t interval_ms = setup->plan->given.config[CONFIG_FLUSH_INTERVAL];

    if (interval_ms == CONFIG_UNSET)
        interval_ms = setup->manifest->config[CONFIG_FLUSH_INTERVAL];
    if (interval_ms == CONFIG_UNSET)
        interval_ms = 0;
    return setup->manifest->startup_ns + interval_ms * NS_PER_MS;
}

/* Longer than the plan's limit: by what is not the client's to answer for. */
static int64_t extra_ns(const struct run_state *state)
{
    int64_t held_up_ns = state->starved.total_ns;

    if (held_up_ns > HELD_UP_MAX_NS)
        held_up_ns = HELD_UP_MAX_NS;
    return own_ns(state->setup) + held_up_ns;
}

static int64_t idle_ns(const struct run_state *state)
{
    return state->starved.idle_ns + trial_clock_jumped_ns(&state->trial_clock);
}

int64_t trial_longest_ns(const struct trial_setup *setup)
{
    return trial_clock_limit_ns(setup->trial_clock, setup->plan->limit_ns) +
           own_ns(setup) + HELD_UP_MAX_NS;
}

/* When the watch of an observed scenario is over; TIME_NEVER = not known. */
static int64_t watch_end_ns(const struct run_state *state)
{
    int64_t first_ns = server_first_answer_ns(state->server);

    if (state->plan->observe_ns == 0 || first_ns == TIME_NEVER)
        return TIME_NEVER;
    return first_ns + state->plan->observe_ns;
}

static int64_t until(int64_t at_ns, int64_t now) /* -1 = never */
{
    if (at_ns < 0)
        return -1;
    return at_ns > now ? at_ns - now : 0;
}

/* The clock's time at which something is due here; INT64_MAX = never. */
static int64_t next_due_ns(const struct run_state *state, int64_t deadline_ns)
{
    int64_t next_ns = sooner(deadline_ns, watch_end_ns(state));

    return next_ns < 0 ? INT64_MAX : state->epoch_ns + next_ns;
}

/* Once all clients are gone their time is over, whatever they left asleep: it
 * goes on as it does while the server hears them out. */
static bool all_heard(void *clients)
{
    return !clients_gone(clients) && clients_heard(clients);
}

/* What each keeper started is a client, too. */
static void look_for_the_starved(struct run_state *state)
{
    const struct trial_setup *setup = state->setup;
    pid_t                     keepers[PLAN_CLIENTS_MAX];
    size_t                    count = 0;

    if (setup->manifest->contract == CONTRACT_STDIO)
        for (; count < setup->plan->given.clients; count++)
            keepers[count] = setup->lanes[count].keeper;
    starved_turn(&state->starved, keepers, count);
}

enum { SERVER_FD, METRONOME_FD, TRIAL_CLOCK_FD, OUR_FDS };

/* One poll over everything that can happen, then the turn of everybody who has
 * something to do: under jumps most polls find nothing. */
static void loop_turn(struct run_state *state, int64_t deadline_ns)
{
    struct pollfd            fds[OUR_FDS + CLIENTS_FDS_MAX];
    size_t                   count;
    int                      ready;
    int64_t                  now = now_ns(state);
    int64_t                  wait_ns = until(deadline_ns, now);
    struct timespec          timeout;
    struct trial_clock_owner owner = {.data = state->clients,
                                      .quiet = all_heard};

    fds[SERVER_FD] =
        (struct pollfd){.fd = server_fd(state->server), .events = POLLIN};
    fds[METRONOME_FD] =
        (struct pollfd){.fd = metronome_fd(state->metronome), .events = POLLIN};
    fds[TRIAL_CLOCK_FD] = (struct pollfd){
        .fd = trial_clock_fd(&state->trial_clock), .events = POLLIN};
    count = OUR_FDS + clients_fds(state->clients, fds + OUR_FDS);
    wait_ns = sooner(wait_ns, server_wait_ns(state->server));
    wait_ns = sooner(wait_ns, clients_wait_ns(state->clients));
    wait_ns = sooner(wait_ns, trial_clock_wait_ns(&state->trial_clock));
    wait_ns = sooner(wait_ns, until(watch_end_ns(state), now));
    timeout.tv_sec = wait_ns / NS_PER_S;
    timeout.tv_nsec = wait_ns % NS_PER_S;
    ready = ppoll(fds, count, wait_ns < 0 ? NULL : &timeout, NULL);
    if (fds[METRONOME_FD].revents != 0) {
        metronome_turn(state->metronome);
        ready--;
    }
    /* What is due of a server's timers makes its descriptor ready. */
    if (fds[SERVER_FD].revents != 0 || server_wait_ns(state->server) >= 0)
        server_turn(state->server);
    clients_turn(state->clients, fds + OUR_FDS);
    look_for_the_starved(state);
    owner.next_ns = next_due_ns(state, deadline_ns);
    owner.stirred = ready > (fds[TRIAL_CLOCK_FD].revents != 0);
    /* A tick says nothing of the client. */
    trial_clock_turn(&state->trial_clock, state->server, &owner, ready > 0);
}

/* Of a client that is ended while it is at it: how far it came, and what made
 * time stop. */
static char *tell_bound(const struct run_state *state, int64_t bound_ns)
{
    char bound[TEXT_DURATION_MAX];
    char lived[TEXT_DURATION_MAX];
    char limit[TEXT_DURATION_MAX];
    char ticker[WARP_TOLD_MAX];
    bool ticked = trial_clock_tell_ticker(&state->trial_clock, ticker);

    return alloc_format(
        "Retrial's own bound of %s of real time ended it after %s of the "
        "client's time (limit %s)%s%s",
        text_from_duration(bound, bound_ns),
        text_from_duration(lived, now_ns(state)),
        text_from_duration(limit, state->plan->limit_ns), ticked ? "; " : "",
        ticked ? ticker : "");
}

static void end_clients(struct run_state *state, enum client_end why)
{
    if (!state->ended) {
        state->idle_ns = idle_ns(state);
        trial_clock_explain(&state->trial_clock, state->plan->id);
    }
    state->ended = true;
    clients_end(state->clients, why);
}

/* Whose limit is over. */
static void end_what_is_due(struct run_state *state)
{
    int64_t watch_ns = watch_end_ns(state);
    int64_t bound_ns = trial_clock_bound_ns(&state->trial_clock);

    if (watch_ns != TIME_NEVER && now_ns(state) >= watch_ns &&
        state->record->observed_ns == TIME_NEVER &&
        !clients_gone(state->clients)) {
        state->record->observed_ns = now_ns(state);
        clients_end(state->clients, CLIENT_OBSERVED);
    }
    if (now_ns(state) >= state->plan->limit_ns + extra_ns(state))
        end_clients(state, CLIENT_TIMED_OUT);
    if (bound_ns == INT64_MAX)
        return;
    bound_ns += extra_ns(state);
    if (trial_clock_spent_ns(&state->trial_clock) < bound_ns)
        return;
    if (!state->ended)
        state->bound = tell_bound(state, bound_ns);
    end_clients(state, CLIENT_CUT_OFF);
}

/* A trial ends when its client has exited and its connections are closed, or
 * when its limit or its watch is over. Nothing here waits a fixed time. */
static void wait_until_quiet(struct run_state *state)
{
    int64_t drained_ns;

    while (!clients_gone(state->clients)) {
        int64_t limit_ns = state->plan->limit_ns + extra_ns(state);

        loop_turn(state, now_ns(state) < limit_ns ? limit_ns : TIME_NEVER);
        end_what_is_due(state);
    }
    drained_ns = now_ns(state) + DRAIN_NS;
    while (now_ns(state) < drained_ns)
        if (!orphans_rest())
            loop_turn(state, now_ns(state) + REST_AGAIN_NS);
        else if (!server_idle(state->server))
            loop_turn(state, drained_ns);
        else
            return;
}

void trial_open_record(const struct trial_setup *setup,
                       const struct clock *clock, struct record *record)
{
    struct bytes text;
    cJSON       *profile = profile_to_json(&setup->manifest->profile);
    char        *printed = cJSON_PrintUnformatted(profile);

    bytes_init(&text, PLAN_TEXT_BYTES_MAX);
    plan_print(setup->plan, &text);
    record->plan_id = alloc_text(setup->plan->id);
    record->plan_text = bytes_take(&text);
    record->client = alloc_text(setup->manifest->name);
    record->profile = alloc_text(printed);
    record->clock = alloc_text(trial_clock_name(setup->trial_clock));
    record->seed = setup->seed;
    record->started_wall_s = clock_wall_ns(clock) / NS_PER_S;
    cJSON_free(printed);
    cJSON_Delete(profile);
}

/* A client that asked for nothing and said nothing was never on trial. */
static bool never_ran(const struct record *record)
{
    return record->attempt_count == 0 && !record->outcome.has_result &&
           record->outcome.end != CLIENT_BY_HAND;
}

static void say_why_not_run(const struct record *record,
                            struct verdict      *verdict)
{
    const struct client_outcome *outcome = &record->outcome;
    char                         how[64] = "";

    if (outcome->end == CLIENT_EXITED)
        snprintf(how, sizeof how, " (exit code %d)", outcome->exit_code);
    if (outcome->end == CLIENT_CRASHED)
        snprintf(how, sizeof how, " (signal %d)", outcome->signal);
    verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                   "the client made no request; %s%s; %s",
                   client_end_meaning(outcome->end), how,
                   outcome->trouble ? outcome->trouble : "no result");
}

bool trial_was_served(const struct server *server, struct record *record,
                      struct err *err)
{
    if (!server_trouble(server, err))
        return true;
    if (err->code == ERR_SCENARIO)
        record->undecided = alloc_format("%s: %s", err->place, err->text);
    return err->code == ERR_SCENARIO;
}

bool trial_judge(const struct plan *plan, const struct profile *profile,
                 struct script *script, const struct record *record,
                 struct verdict *verdict, struct err *err)
{
    struct err failed = {0};
    bool       checked;

    if (record->undecided != NULL) { /* nobody was to be answered so */
        verdict_decide(verdict, VERDICT_NOT_EXERCISED,
                       "the scenario's decide fails: %s", record->undecided);
        return true;
    }
    if (never_ran(record))
        say_why_not_run(record, verdict);
    judge_record(plan, profile, record, verdict);
    /* What a scenario asks of the whole is not asked of a part. */
    checked = record->outcome.end == CLIENT_CUT_OFF ||
              script_check(script, plan, record, verdict, &failed);
    verdict_settle(verdict, plan);
    if (!checked && failed.code == ERR_SCENARIO)
        verdict_leave_open(verdict, "the scenario's check fails: %s: %s",
                           failed.place, failed.text);
    else if (!checked)
        *err = failed;
    return checked || failed.code == ERR_SCENARIO;
}

static void read_noise(const struct run_state *state)
{
    struct record *record = state->record;
    struct noise  *noise = &record->noise;

    metronome_read(state->metronome, noise);
    starved_read(&state->starved, noise);
    noise->idle_ns = state->ended ? state->idle_ns : idle_ns(state);
    noise->unjumped_ns = jumped_not_ns(&state->trial_clock, state->epoch_ns,
                                       state->plan->given.events, record);
    noise->held_up_ns = jumped_held_up_ns(&state->trial_clock, state->epoch_ns,
                                          now_ns(state), record);
}

static void stop_clients(struct run_state *state)
{
    struct client_outcome *outcome = &state->record->outcome;

    clients_stop(state->clients, outcome);
    outcome->extra_ns = extra_ns(state);
    if (outcome->end == CLIENT_CUT_OFF) {
        outcome->bound = state->bound;
        state->bound = NULL;
    }
}

static void step_wall(void *owner, int64_t by_ns)
{
    trial_clock_step_wall(owner, by_ns);
}

static void note_aim(const struct trial_clock *trial_clock,
                     struct client_outcome    *outcome)
{
    const char *aimed = trial_clock_aimed(trial_clock);

    if (aimed != NULL && outcome->lapse == NULL)
        outcome->lapse = alloc_format("sent %s, which is not its own; it was "
                                      "refused",
                                      aimed);
}

bool trial_run(const struct trial_setup *setup, struct record *record,
               struct verdict *verdict, struct err *err)
{
    struct run_state state = {
        .setup = setup,
        .plan = setup->plan,
        .record = record,
    };
    struct hooks         hooks;
    struct server_config config = {
        .plan = setup->plan,
        .record = record,
        .hooks = hooks_make(&hooks, setup->script),
        .host = JOB_HOST,
        .keys = setup->keys,
        .step_wall = step_wall,
        .step_wall_owner = &state.trial_clock,
    };
    struct clients_setup clients = {
        .plan = setup->plan,
        .manifest = setup->manifest,
        .keys = setup->keys,
        .trial_clock = &state.trial_clock,
        .lanes = setup->lanes,
    };
    bool ok = false;

    if (!trial_clock_start(&state.trial_clock, setup->trial_clock, err))
        return false;
    state.clock = config.clock = trial_clock_clock(&state.trial_clock);
    trial_clock_step_wall(
        &state.trial_clock,
        plan_clock_ahead_ns(setup->plan, clock_wall_ns(state.clock)));
    state.epoch_ns = config.epoch_ns = clients.epoch_ns =
        clock_now_ns(state.clock);
    trial_open_record(setup, state.clock, record);
    if (!metronome_start(&state.metronome, clock_real(), err) ||
        !server_start(&state.server, &config, err) ||
        !trial_clock_watch(&state.trial_clock, state.server, err))
        goto out;
    starved_start(&state.starved,
                  &(struct starved_setup){
                      .with_us = setup->trial_clock == TRIAL_CLOCK_JUMP,
                      .metronome = metronome_pid(state.metronome)});
    clients.port = server_port(state.server);
    if (!clients_start(&state.clients, &clients, err))
        goto out;
    wait_until_quiet(&state);
    if (metronome_disturbed(state.metronome))
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the client, or something outside, stopped or ended "
                       "the process that measures how late this machine is");
    read_noise(&state);
    stop_clients(&state);
    note_aim(&state.trial_clock, &record->outcome);
    if (!trial_was_served(state.server, record, err))
        goto out;
    server_stop(state.server);
    state.server = NULL;
    ok = trial_judge(setup->plan, &setup->manifest->profile, setup->script,
                     record, verdict, err);
out:
    metronome_stop(state.metronome);
    server_stop(state.server);
    trial_clock_stop(&state.trial_clock);
    starved_stop(&state.starved);
    alloc_free(state.bound);
    return ok;
}
