#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

/* The faults a scenario can ask for, by name: what each does, when it strikes,
 * what a right client makes of it, and which words it takes. A fault is what a
 * step plays instead of an answer; server/ has the code of each, and
 * `retrial faults` proves that a raw peer sees what this page says. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When a fault strikes. The first two are before any request: they belong to
 * a connection by its number. The third knows a request's head only. All
 * others come after the commit: the request was read in full. */
#define FAULT_FAMILY_MAP(X)                                                    \
    X(FAMILY_PORT, "port", "before a connection is made")                      \
    X(FAMILY_ACCEPT, "accept", "when a connection is accepted")                \
    X(FAMILY_REQUEST, "request", "before the request's body is whole")         \
    X(FAMILY_SILENT, "silent", "in place of an answer")                        \
    X(FAMILY_HEAD, "head", "in the answer's status line or header")            \
    X(FAMILY_BODY, "body", "in the answer's body")                             \
    X(FAMILY_AFTER, "after", "after the answer")

enum fault_family {
#define X(family, name, meaning) family,
    FAULT_FAMILY_MAP(X)
#undef X
};

/* What a right client makes of it. */
#define FAULT_SEES_MAP(X)                                                      \
    X(SEES_TROUBLE, "trouble", "no whole, readable answer: a counted retry")   \
    X(SEES_SILENCE, "silence", "nothing, until its own request timeout")       \
    X(SEES_ANSWER, "answer", "the answer; its status decides")                 \
    X(SEES_EITHER, "either", "the answer or a failure: right clients differ")

enum fault_sees {
#define X(sees, name, meaning) sees,
    FAULT_SEES_MAP(X)
#undef X
};

/* enumerator, name in scenarios, family, what a right client makes of it, what
 * the client sees. The words of each are in fault.c. */
#define FAULT_MAP(X)                                                           \
    X(FAULT_CLOSE, "close", FAMILY_SILENT, SEES_TROUBLE,                       \
      "the request is read in full, then the connection is closed (FIN) "      \
      "without an answer")                                                     \
    X(FAULT_RESET, "reset", FAMILY_SILENT, SEES_TROUBLE,                       \
      "the request is read in full, then the connection is reset (RST) "       \
      "without an answer")                                                     \
    X(FAULT_HANG, "hang", FAMILY_SILENT, SEES_SILENCE,                         \
      "the request is read in full and never answered; the connection stays "  \
      "open until the client goes")                                            \
    X(FAULT_CLOSE_IDLE, "close-idle", FAMILY_AFTER, SEES_ANSWER,               \
      "an answer that keeps the connection; when it has been idle, it is "     \
      "closed (FIN) without notice")                                           \
    X(FAULT_RESET_IDLE, "reset-idle", FAMILY_AFTER, SEES_ANSWER,               \
      "the same, with a reset (RST)")

enum fault {
    FAULT_NONE,
#define X(fault, name, family, sees, meaning) fault,
    FAULT_MAP(X)
#undef X
    FAULT_COUNT
};

const char *fault_name(enum fault fault);    /* "none" for FAULT_NONE */
const char *fault_meaning(enum fault fault);
enum fault  fault_find(const char *name); /* FAULT_NONE = no such fault */

enum fault_family fault_family(enum fault fault);
enum fault_sees   fault_sees(enum fault fault);
const char       *fault_family_name(enum fault_family family);
const char       *fault_family_meaning(enum fault_family family);
const char       *fault_sees_name(enum fault_sees sees);
const char       *fault_sees_meaning(enum fault_sees sees);

/* It strikes before there is a request: by the connection's number. */
bool fault_is_of_connection(enum fault fault);
/* Its answer keeps the connection, which then dies without a request on it:
 * whatever is sent on it next is lost unseen. */
bool fault_kills_idle(enum fault fault);
/* The status of the answer that it carries unless the scenario says another;
 * 0 = it carries none. */
int fault_status(enum fault fault);

/* ---- its words ---- */

/* enumerator, word, kind of value, least, most, meaning */
#define FAULT_PARAM_MAP(X)                                                     \
    X(PARAM_AFTER, "after", PARAM_NUMBER, 0, 1 << 20,                          \
      "bytes that come before it strikes")                                     \
    X(PARAM_BYTES, "bytes", PARAM_NUMBER, 1, 64 << 20, "how large it is")      \
    X(PARAM_COUNT, "count", PARAM_NUMBER, 1, 100000, "how many")               \
    X(PARAM_BY, "by", PARAM_WORD, 0, FAULT_BY_COUNT - 1,                       \
      "how the connection ends: close (FIN) or reset (RST)")                   \
    X(PARAM_EVERY, "every", PARAM_DURATION, 1, 3600000, "between two pieces")  \
    X(PARAM_IDLE, "idle", PARAM_DURATION, 0, 3600000,                          \
      "between the answer and the end")                                        \
    X(PARAM_LASTS, "lasts", PARAM_DURATION, 1, 3600000, "until it is over")

/* Durations are in ms in least and most, in ns in struct fault_how. */
enum fault_param_kind { PARAM_NUMBER, PARAM_WORD, PARAM_DURATION };

enum fault_by { BY_CLOSE, BY_RESET, FAULT_BY_COUNT };

enum fault_param {
#define X(param, name, kind, least, most, meaning) param,
    FAULT_PARAM_MAP(X)
#undef X
    FAULT_PARAM_COUNT
};

const char           *fault_param_name(enum fault_param param);
const char           *fault_param_meaning(enum fault_param param);
enum fault_param_kind fault_param_kind(enum fault_param param);
int64_t               fault_param_least(enum fault_param param);
int64_t               fault_param_most(enum fault_param param);
const char           *fault_by_name(enum fault_by by);

#define PARAM_UNSET INT64_C(-1)

/* A fault's parameters; PARAM_UNSET = it does not take this one. */
struct fault_how {
    int64_t values[FAULT_PARAM_COUNT];
};

/* As they are unless a scenario says otherwise. */
struct fault_how fault_how_default(enum fault fault);
bool             fault_takes(enum fault fault, enum fault_param param);

#endif
