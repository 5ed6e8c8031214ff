/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

/* What happened: every request the server saw, in the order it saw them, and
 * how the client ended.
 *
 * The server appends attempts while a trial runs; the runner adds the client's
 * outcome; from there on everyone only reads. Nothing here knows a socket, a
 * clock or a script: times are handed in, in monotonic nanoseconds since the
 * trial began. As JSON Lines (record_write.c) a record can be judged again,
 * with the same verdict. */

#include "common/err.h"
#include "model/fault.h"
#include "model/header.h"
#include "model/plan.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RECORD_FORMAT_VERSION = 1,
    RECORD_ATTEMPTS_MAX = 100000,
    RECORD_REMARKS_MAX = 1000, /* the last is kept to say that it is full */
    RECORD_BODY_KEPT_MAX = 1 << 20, /* bytes of a body that are kept */
    RECORD_KEPT_BYTES_MAX = 256 << 20, /* of all requests, as far as kept */
    RECORD_ATTEMPT_BYTES = 1024, /* what one counts for, beside its body */
    RECORD_RAW_KEPT_MAX = 1024, /* of a request that was wrong */
    RECORD_ANSWER_KEPT_MAX = 16 << 10, /* and of a token's answer */
    RECORD_SHA256_MAX = 65,
};

#define TIME_NEVER INT64_C(-1) /* what has not happened */
#define NO_SESSION INT64_C(-1) /* in place of a count of bytes */

/* How what was played ended. */
#define ANSWER_END_MAP(X)                                                      \
    X(ANSWER_NONE, "none", "nothing was sent: hang, close or reset")           \
    X(ANSWER_COMPLETE, "complete", "all of it was handed to the kernel")       \
    X(ANSWER_CUT, "cut", "we broke it off, as scripted or at the trial's end") \
    X(ANSWER_GONE, "gone", "the client went before it was complete")

enum answer_end {
#define X(end, name, meaning) end,
    ANSWER_END_MAP(X)
#undef X
};

/* What can be wrong with a request on the wire. */
#define VIOLATION_MAP(X)                                                       \
    X(VIOLATION_OTHER, "other", "something that is none of the others")        \
    X(VIOLATION_FRAME, "frame", "two readers could read it differently")       \
    X(VIOLATION_HOST, "host", "it is not for this endpoint, or for two")       \
    X(VIOLATION_FIELD, "field", "a byte that belongs in no field")             \
    X(VIOLATION_AHEAD, "ahead", "something followed before the answer")        \
    X(VIOLATION_BODY, "body", "the body did not come as it was declared")      \
    X(VIOLATION_CREDENTIALS, "credentials", "twice, or where all can read")    \
    X(VIOLATION_METHOD, "method", "it is sent in a way that no batch is")      \
    X(VIOLATION_VERSION, "version", "it is not of HTTP/1.1")

enum violation_kind {
#define X(kind, name, meaning) kind,
    VIOLATION_MAP(X)
#undef X
        VIOLATION_COUNT
};

struct violation {
    enum violation_kind kind;
    char               *text; /* what was seen, and what is allowed */
};

struct attempt {
    unsigned   number;     /* 1, 2, 3 ... in order of arrival */
    unsigned   connection; /* same number = same TCP connection */
    enum route route;

    char              *method;
    char              *target; /* path and query, as sent */
    char              *version; /* "HTTP/1.1" */
    struct header_list headers;

    char  *body; /* as sent (still gzipped), dechunked; NUL-terminated */
    size_t body_kept_bytes;
    size_t body_bytes; /* all of it, kept or not */
    char   body_sha256[RECORD_SHA256_MAX]; /* hex, of all of it; "" = none */

    struct violation *violations; /* what was wrong with it on the wire */
    size_t            violation_count;
    char *raw; /* its first bytes as they came, if it was wrong and they were
                * seen; else NULL. Any bytes. */
    size_t raw_bytes;

    int64_t accepted_ns; /* its connection was accepted */
    int64_t arrived_ns;  /* the request line was read */
    int64_t body_ns;     /* the whole request was read; TIME_NEVER = it never
                      * came whole */
    /* The last byte of the answer left between these two. A lower bound on
     * the client is measured from the first (a busy server cannot make a
     * client look early), an upper bound from the second. */
    int64_t answering_ns; /* just before it was handed over */
    int64_t answered_ns;  /* just after */
    int64_t gone_ns;      /* the client closed before we were done */

    char              *played; /* for people: "2. answer 429, Retry-After..." */
    enum fault         fault;
    int                status; /* sent; 0 = no status line at all */
    struct header_list answer_headers;
    size_t             answer_body_bytes;
    char              *answer_body; /* kept on ROUTE_TOKEN, where it decides
                                     * what comes next; else NULL */
    int64_t         answer_wall_s; /* wall clock when served: for dates */
    enum answer_end end;
};

/* Seen on a connection, but no attempt: a request that could not be parsed, a
 * connection that sent nothing, one over the limit. A fault that strikes
 * before there is a request stands here too: attempts that a client made
 * meanwhile are not in the record. */
struct remark {
    int64_t    at_ns;
    unsigned   connection;
    enum fault fault; /* FAULT_NONE = none struck */
    int64_t    until_ns; /* it lasted until then; TIME_NEVER = to the end */
    /* What the client said in a TLS session that stood in spite of the fault;
     * NO_SESSION: none did. */
    int64_t heard_bytes;
    char   *text;
    /* What was wrong with what came; VIOLATION_OTHER: nothing that a rule
     * speaks of. */
    enum violation_kind wrong;
    char               *raw; /* its first bytes; NULL = not kept */
    size_t              raw_bytes;
};

/* How late something was, again and again. */
struct noise_leg {
    int64_t p50_ns;
    int64_t p999_ns; /* the greatest, when there were fewer than 1000 */
    int64_t max_ns;
};

/* How busy the machine was while the trial ran. A metronome, a process beside
 * the client's, is woken by an answer, waits and sends over the loopback as a
 * client does, and this is how late that was, in real time. */
struct noise {
    unsigned         ticks; /* 0 = nobody measured */
    struct noise_leg late; /* from an answer to the beat after it, less what
                            * was to be waited: the two legs together */
    struct noise_leg answer; /* from the answer until it woke whom it was for */
    struct noise_leg beat; /* from when it was due until it was noticed */
    int64_t unjumped_ns; /* where the clock jumps: the longest that real time
                          * ran between an answer and the attempt after it */
    int64_t held_up_ns; /* likewise: between any two moments at which the
                         * client was heard of, its start and end included */
    int64_t starved_ns; /* the client, or we who serve it, waited so long for
                         * a processor, in all, */
    int64_t starved_most_ns; /* ... and in one piece, in real time */
    int64_t idle_ns; /* the client neither ran nor waited for a processor: so
                      * long it waited by its own will, jumps included */
};

/* What a client was late by less than this proves nothing: it is added to the
 * trial's upper bounds. */
int64_t noise_bound_ns(const struct noise *noise);
/* Each of many waits may have been stretched by as much, one after the other:
 * where the clock jumps by no more than the bound, since it is all that real
 * time ran; else by all that was waited for a processor. */
int64_t noise_stretch_ns(const struct noise *noise);

/* How the client's life ended. */
#define CLIENT_END_MAP(X)                                                      \
    X(CLIENT_NOT_STARTED, "not-started", "it could not be started")            \
    X(CLIENT_EXITED, "exited", "it exited by itself")                          \
    X(CLIENT_ANSWERED, "answered", "it answered its job and lived on")         \
    X(CLIENT_CLOSED, "closed", "it closed its stdout, lived on and was ended") \
    X(CLIENT_CRASHED, "crashed", "a signal that was not ours ended it")        \
    X(CLIENT_TIMED_OUT, "timed-out", "it outlived its limit and was ended")    \
    X(CLIENT_CUT_OFF, "cut-off", "Retrial's own bound of real time ended it")  \
    X(CLIENT_FLOODED, "flooded", "it printed more than allowed and was ended") \
    X(CLIENT_OVERGROWN, "overgrown",                                           \
      "it took more memory than allowed and was ended")                        \
    X(CLIENT_OBSERVED, "observed", "the watch was over and it was ended")      \
    X(CLIENT_BY_HAND, "by-hand", "driven by hand")

enum client_end {
#define X(end, name, meaning) end,
    CLIENT_END_MAP(X)
#undef X
};

struct client_outcome {
    enum client_end end;
    int             exit_code; /* CLIENT_EXITED */
    int             signal; /* CLIENT_CRASHED */
    int64_t         started_ns;
    int64_t         ended_ns;
    int64_t         result_ns; /* its result was read; TIME_NEVER = it gave
                                * none, or nobody knows when */
    bool    untaken; /* it never read its job (contract stdio) */
    bool    has_result; /* it reported success or failure */
    bool    success;
    char   *error; /* its own words; NULL = none given */
    char   *trouble; /* why there is no result; NULL = there is */
    int64_t extra_ns; /* it was let live so much longer than the
                       * plan's limit: what its start takes, and what
                       * the machine held it up */
    char *bound; /* CLIENT_CUT_OFF: which bound of ours, and how
                  * far the client had come; else NULL */
    char *lapse; /* what it did beside its result that no result
                  * excuses: it answered twice ...; NULL = none */
    char *capabilities; /* what it says it can do, in its words, a
                         * space between two; NULL = it says none */
    char *left; /* what it left asleep when it exited, by its
                 * command; NULL = nothing, or nobody knows */
    char *out_tail; /* the ends of what it printed, for people */
    char *err_tail;
};

struct record {
    char    *plan_id;
    char    *plan_text; /* plan_print of the plan it was played from */
    char    *client; /* the manifest's name, or the command */
    char    *profile; /* effective profile as JSON text */
    char    *clock; /* "real" */
    uint64_t seed;
    int64_t  started_wall_s;
    int64_t  observed_ns; /* TIME_NEVER, or when the watch was over */
    char    *undecided; /* why the scenario could not say what to answer
                         * (it was 500 then); NULL = it could */

    struct attempt **attempts;
    size_t           attempt_count;
    size_t           kept_bytes; /* while it is written, for the bound */
    bool             overflow; /* there was more than could be kept; a remark
                                * says since when */
    struct remark *remarks;
    size_t         remark_count;

    struct noise          noise;
    struct client_outcome outcome;
};

struct record *record_new(void);
void record_free(struct record *record);

/* The next attempt, numbered, its times TIME_NEVER; NULL when the record is
 * full (overflow is then set). It stays where it is while the record lives. */
struct attempt *record_attempt(struct record *record);
/* So many bytes more of a request are about to be kept; false: they would be
 * too many, and the record is full (overflow is then set). */
bool record_keep(struct record *record, size_t length_bytes);
void attempt_violation(struct attempt *attempt, enum violation_kind kind,
                       const char *format, ...) PRINTF_LIKE(3, 4);
/* NULL: there was no room. The remark moves when there is another one. */
struct remark *record_remark(struct record *record, int64_t at_ns,
                             unsigned connection, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* Keeps the first bytes of what came, as far as there is room. */
void attempt_keep_raw(struct record *record, struct attempt *attempt,
                      const char *data, size_t length_bytes);
void remark_keep_raw(struct record *record, struct remark *remark,
                     const char *data, size_t length_bytes);

/* A fault struck the connection, or the port before that connection was made,
 * from at_ns to until_ns. */
void record_strike(struct record *record, int64_t at_ns, int64_t until_ns,
                   unsigned connection, enum fault fault);
/* The last such fault was over then. */
void record_strike_over(struct record *record, enum fault fault,
                        int64_t until_ns);

/* The fault was played in it: to an attempt, or before there was one. */
bool record_has_fault(const struct record *record, enum fault fault);

const char *violation_name(enum violation_kind kind);
const char *answer_end_name(enum answer_end end);
const char *client_end_name(enum client_end end);
const char *client_end_meaning(enum client_end end);

/* What the client made of the fault that struck the connection in its TLS
 * handshake, in words after the fault's own. */
void record_strike_met(struct record *record, int64_t until_ns,
                       unsigned connection, int64_t heard_bytes,
                       const char *format, ...) PRINTF_LIKE(5, 6);

/* As JSON Lines: a head, a line an attempt, a line a remark, an end. A record
 * without its end line was cut and is refused. Bodies that are not UTF-8 are
 * Base64. */
void record_write(const struct record *record, struct bytes *out);
/* place is the file's name, for errors ("FILE:LINE"). */
bool MUST_USE record_read(const char *text, size_t length_bytes,
                          const char *place, struct record **record,
                          struct err *err);

#endif
