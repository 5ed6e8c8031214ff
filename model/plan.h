/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

/* What shall happen: a scenario, compiled.
 *
 * lua/ builds a plan before a socket opens; from then on it is immutable
 * and everybody reads it: runner/ for what the client is given, server/ for
 * what is played, judge/ for what must hold. Only a step of kind STEP_DECIDE
 * asks Lua again. plan_print shows all of it, stably: what cannot be printed
 * is not yet understood. */

#include "common/bytes.h"
#include "common/clock.h"
#include "common/err.h"
#include "common/summer_time.h"
#include "model/config.h"
#include "model/rule.h"
#include "model/step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what the client is given ---- */

struct sequence { /* events handed to the SDK one after the other */
    int64_t  delay_ns; /* before the first of them */
    unsigned events;
};

struct event_size { /* this event is padded to about so many bytes */
    unsigned event;
    unsigned bytes;
};

/* A value that no client may take, put into its configuration as it stands:
 * it is to refuse it when it is made. */
struct wrong_setting {
    enum config_key key;
    char           *json;
};

/* Several client processes share the sequences out as cards are dealt: the
 * first has the 1st, the second the 2nd, and so on round and round. */
enum { PLAN_CLIENTS_MAX = 16 };

struct given {
    char              *write_key;
    bool               https; /* the client speaks to us over TLS */
    unsigned           clients; /* at once, against the same server; 1 to MAX */
    struct sequence   *sequences;
    size_t             sequence_count;
    unsigned           events; /* the sum over the sequences, at least 1 */
    unsigned           event_bytes; /* padded to about this; 0 = as they come */
    struct event_size *sizes; /* ... but for these */
    size_t             size_count;
    int64_t            config[CONFIG_COUNT]; /* CONFIG_UNSET = not given */
    struct wrong_setting *wrong;
    size_t                wrong_count;
};

/* Event n (1, 2, 3 ...) is a `track` whose `event` and `messageId` are both
 * this name, so that it is known again whatever a client drops or rewrites. */
#define PLAN_EVENT_PREFIX "retrial-event-"
enum { PLAN_EVENT_NAME_MAX = 32, PLAN_EVENT_MARK_BYTES = 19 };
char *plan_event_name(char buffer[PLAN_EVENT_NAME_MAX], unsigned number);
/* The number of the event of that name; 0 = not one of ours. */
unsigned plan_event_number(const char *name);
/* ... of the event whose name the text begins with; 0 = none's. */
unsigned plan_event_mark(const char *text, size_t length_bytes);

/* ---- what is played ---- */

/* enumerator, name, which requests */
#define ROUTE_MAP(X)                                                           \
    X(ROUTE_INGEST, "ingest", "any POST that is not for another route")        \
    X(ROUTE_SETTINGS, "settings", "GET .../projects/KEY/settings")             \
    X(ROUTE_TOKEN, "token", "POST /token (OAuth client credentials)")          \
    X(ROUTE_ELSEWHERE, "elsewhere",                                            \
      "anything at another origin, where a redirect led: answered 200")        \
    X(ROUTE_OTHER, "other", "anything else: answered 404, never scripted")

enum route {
#define X(route, name, meaning) route,
    ROUTE_MAP(X)
#undef X
        ROUTE_COUNT
};

const char *route_name(enum route route);

struct event_steps { /* the batch that holds this event has its own steps */
    unsigned         event;
    struct step_list steps;
};

/* The connection of this number (1, 2, 3 ... as they are accepted) has its own
 * steps. The first may be a fault that strikes before there is a request; the
 * others are for the ingest requests on it, as long as there are some left. */
struct connection_steps {
    unsigned         connection;
    struct step_list steps;
};

/* Which list an attempt is answered from: the one of its connection, else of
 * an event it holds (with_event), else one cursor a batch over each_batch,
 * else steps. */
struct route_plan {
    struct step_list    steps;
    struct step_list    each_batch;
    struct event_steps *with_event;
    size_t              with_event_count;
};

/* ---- what must hold, beyond the rules ---- */

enum expect_flag { EXPECT_UNSAID, EXPECT_NO, EXPECT_YES };

struct expect_range {
    bool     said;
    unsigned min;
    unsigned max;
};

struct expect {
    struct expect_range attempts; /* requests on the ingest route */
    struct expect_range delivered; /* events whose batch got a 2xx or 3xx */
    enum expect_flag    success; /* what the client reports */
    bool follows_policy; /* all of it: what the profile at hand asks of a right
                          * client (foresight.h) */
};

/* ---- the plan ---- */

/* enumerator, name, what such a scenario lacks on the other clock. Most fit
 * either. */
#define PLAN_CLOCK_MAP(X)                                                      \
    X(PLAN_CLOCK_EITHER, "either", NULL)                                       \
    X(PLAN_CLOCK_REAL, "real", "clock.real")                                   \
    X(PLAN_CLOCK_JUMP, "jump", "clock.jump")

enum plan_clock {
#define X(clock, name, lack) clock,
    PLAN_CLOCK_MAP(X)
#undef X
        PLAN_CLOCKS
};

const char *plan_clock_name(enum plan_clock clock);
bool plan_clock_find(const char *name, enum plan_clock *clock);

struct plan {
    char *id; /* "retry-after/seconds": stable, unique */
    char *file; /* where it was declared */
    int   line;
    char *about; /* one sentence for people; may be NULL */

    const struct rule **rules; /* what it is there to exercise */
    size_t              rule_count;

    char **needs; /* capabilities beyond those its config implies */
    size_t need_count;

    struct given             given;
    struct route_plan        routes[ROUTE_COUNT];
    struct connection_steps *on_connection; /* in order of the numbers */
    size_t                   on_connection_count;
    struct expect            expect;
    int check; /* lua/'s handle of its own check; -1 = none */

    enum plan_clock clock; /* on which it can be run */
    /* The client lives in SUMMER_TIME_ZONE, and so long after the trial began
     * its clock changes; UNSAID = it lives where it likes. */
    enum summer_time summer_time;
    int64_t          summer_time_in_ns;
    int64_t limit_ns; /* the client's life; then it is ended and blamed */
    int64_t observe_ns; /* 0, or: watched this long after the first answer,
                         * then ended without blame */
    uint64_t seed;
};

/* No wait in a plan, and no life of a client, is longer. */
#define PLAN_WAIT_MAX_NS (100 * 3600 * NS_PER_S)

enum {
    PLAN_EVENTS_MAX = 10000,
    PLAN_STEPS_MAX = 1000,
    PLAN_CONNECTIONS_MAX = 10000,
};

/* Sets used[fault] for each fault that its steps name; what a decide step asks
 * for is not among them. */
void plan_note_faults(const struct plan *plan, bool used[FAULT_COUNT]);

struct plan *plan_new(const char *id, const char *file, int line);
void plan_free(struct plan *plan);

void plan_add_rule(struct plan *plan, const struct rule *rule);
bool plan_names_rule(const struct plan *plan, const struct rule *rule);
void plan_add_need(struct plan *plan, const char *capability);
/* The fault that strikes this connection before it has a request; NULL = none.
 * Its times and rest reach over the numbers that follow. */
const struct step *plan_connection_fault(const struct plan *plan,
                                         unsigned           connection);
void plan_add_sequence(struct plan *plan, int64_t delay_ns, unsigned events);
void plan_add_size(struct plan *plan, unsigned event, unsigned bytes);
/* json: a text of which plan_is_json is true. */
void plan_add_wrong(struct plan *plan, enum config_key key, const char *json);
bool plan_is_json(const char *text);

/* About how many bytes of padding the event carries. */
unsigned plan_event_bytes(const struct plan *plan, unsigned event);

/* The index-th capability that a client needs for this plan, those its
 * config, batches and routes imply included; NULL = no more. Valid as long
 * as the plan. Words: "batches", "config.KEY", "https", "oauth", "settings",
 * "refuses-config", "large-input", and what the scenario names in `needs`. */
const char *plan_capability(const struct plan *plan, size_t index);

/* What it lacks when it is run on that clock, a word as a capability is; NULL
 * = nothing. */
const char *plan_clock_lacks(const struct plan *plan, enum plan_clock clock);

/* By how much all of the plan's steps together set the wall clock back. */
int64_t plan_clock_back_ns(const struct plan *plan);
/* How far ahead of now (Unix time) the wall clock begins, that and summer time
 * together. */
int64_t plan_clock_ahead_ns(const struct plan *plan, int64_t now_wall_ns);

/* Whether the client is given OAuth credentials: where the token route has
 * steps. */
bool plan_has_oauth(const struct plan *plan);

/* The most bytes that the input of one client can take, as JSON: its share of
 * the events, in the words of docs/client-contract.md. */
size_t plan_input_bytes(const struct plan *plan);

/* Linux lets one argument hold so many (MAX_ARG_STRLEN, less its NUL). What
 * does not fit needs the capability "large-input". */
enum { PLAN_ARGUMENT_BYTES_MAX = 32 * 4096 - 1 };

/* The number of batches the client is expected to make: events by flushAt,
 * each sequence on its own; of several clients, the one that makes the most. */
unsigned plan_batches(const struct plan *plan);

/* Whose it is, the client's number from 1 on: of the index-th sequence (from
 * 0), and of an event. */
unsigned plan_client_of_sequence(const struct plan *plan, size_t index);
unsigned plan_client_of_event(const struct plan *plan, unsigned number);

void plan_print(const struct plan *plan, struct bytes *out);

#endif
