/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

/* The faults a scenario can ask for, by name: what each does, when it strikes,
 * what a right client makes of it, and which words it takes. A fault is what a
 * step plays instead of an answer; server/ has the code of each, and
 * `retrial faults` proves that a raw peer sees what this page says. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When a fault strikes. The first three are before any request: they belong
 * to a connection by its number. The fourth knows a request's head only. All
 * others come after the commit: the request was read in full. */
#define FAULT_FAMILY_MAP(X)                                                    \
    X(FAMILY_PORT, "port", "before a connection is made")                      \
    X(FAMILY_ACCEPT, "accept", "when a connection is accepted")                \
    X(FAMILY_TLS, "tls", "in the TLS handshake")                               \
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
    X(FAULT_REFUSE, "refuse", FAMILY_PORT, SEES_TROUBLE,                       \
      "nobody listens on the port any more: a connection is refused")          \
    X(FAULT_OPEN_LATE, "open-late", FAMILY_PORT, SEES_TROUBLE,                 \
      "nobody listens on the port until it opens: a connection is "            \
      "refused, and a later one is not")                                       \
    X(FAULT_IGNORE_SYN, "ignore-syn", FAMILY_PORT, SEES_SILENCE,               \
      "the backlog is full and a connection's SYN is not answered, "           \
      "until it is over")                                                      \
    X(FAULT_ACCEPT_RESET, "accept-reset", FAMILY_ACCEPT, SEES_TROUBLE,         \
      "the connection is reset (RST) as soon as it is accepted")               \
    X(FAULT_ACCEPT_CLOSE, "accept-close", FAMILY_ACCEPT, SEES_TROUBLE,         \
      "the connection is closed (FIN) as soon as it is accepted")              \
    X(FAULT_ACCEPT_HANG, "accept-hang", FAMILY_ACCEPT, SEES_SILENCE,           \
      "the connection is accepted, and then nothing is read or sent "          \
      "on it")                                                                 \
    X(FAULT_ACCEPT_ANSWER, "accept-answer", FAMILY_ACCEPT, SEES_EITHER,        \
      "the server speaks first: a 408 for no request, then FIN")               \
    X(FAULT_TLS_EXPIRED, "tls-expired", FAMILY_TLS, SEES_TROUBLE,              \
      "the server's certificate is valid no more")                             \
    X(FAULT_TLS_NOT_YET_VALID, "tls-not-yet-valid", FAMILY_TLS, SEES_TROUBLE,  \
      "the server's certificate is not valid yet")                             \
    X(FAULT_TLS_WRONG_HOST, "tls-wrong-host", FAMILY_TLS, SEES_TROUBLE,        \
      "the server's certificate is another host's")                            \
    X(FAULT_TLS_SELF_SIGNED, "tls-self-signed", FAMILY_TLS, SEES_TROUBLE,      \
      "nobody but itself vouches for the server's certificate")                \
    X(FAULT_TLS_UNKNOWN_CA, "tls-unknown-ca", FAMILY_TLS, SEES_TROUBLE,        \
      "an authority that the client does not know vouches for the "            \
      "server's certificate")                                                  \
    X(FAULT_TLS_OLD_VERSION, "tls-old-version", FAMILY_TLS, SEES_TROUBLE,      \
      "the server speaks nothing newer than TLS 1.1")                          \
    X(FAULT_TLS_STALL, "tls-stall", FAMILY_TLS, SEES_SILENCE,                  \
      "the client's hello is read; some bytes of the handshake, then "         \
      "nothing more")                                                          \
    X(FAULT_TLS_CLOSE, "tls-close", FAMILY_TLS, SEES_TROUBLE,                  \
      "the client's hello is read; some bytes of the handshake, then the "     \
      "server closes its side (FIN)")                                          \
    X(FAULT_TLS_RESET, "tls-reset", FAMILY_TLS, SEES_TROUBLE,                  \
      "the client's hello is read; some bytes of the handshake, then the "     \
      "connection is reset (RST)")                                             \
    X(FAULT_PLAIN_FOR_TLS, "plain-for-tls", FAMILY_TLS, SEES_TROUBLE,          \
      "the client's hello is answered in the clear: a 400, then FIN")          \
    X(FAULT_TLS_FOR_PLAIN, "tls-for-plain", FAMILY_TLS, SEES_TROUBLE,          \
      "what the client says in the clear is answered by TLS: an alert, "       \
      "then FIN")                                                              \
    X(FAULT_STOP_READING, "stop-reading", FAMILY_REQUEST, SEES_SILENCE,        \
      "after some bytes of the body nothing more is read, and nothing "        \
      "sent")                                                                  \
    X(FAULT_CLOSE_IN_BODY, "close-in-body", FAMILY_REQUEST, SEES_TROUBLE,      \
      "after some bytes of the body the server closes its side (FIN); "        \
      "the rest is read and dropped")                                          \
    X(FAULT_RESET_IN_BODY, "reset-in-body", FAMILY_REQUEST, SEES_TROUBLE,      \
      "after some bytes of the body the connection is reset (RST)")            \
    X(FAULT_EARLY_REFUSAL, "early-refusal", FAMILY_REQUEST, SEES_ANSWER,       \
      "the answer comes when only the request's head was read, and "           \
      "the server closes its side (FIN); the body is still read")              \
    X(FAULT_EARLY_SUCCESS, "early-success", FAMILY_REQUEST, SEES_EITHER,       \
      "the answer comes when only the request's head was read; the "           \
      "body is still read, then the connection is closed (FIN)")               \
    X(FAULT_CONTINUE_UNASKED, "continue-unasked", FAMILY_REQUEST, SEES_ANSWER, \
      "100 Continue comes at once though nobody asked for it; then "           \
      "the answer")                                                            \
    X(FAULT_CONTINUE_WITHHELD, "continue-withheld", FAMILY_REQUEST,            \
      SEES_ANSWER,                                                             \
      "the 100 Continue that the client asks for never comes; if it "          \
      "sends its body in the end, that is answered")                           \
    X(FAULT_CLOSE, "close", FAMILY_SILENT, SEES_TROUBLE,                       \
      "the request is read in full, then the connection is closed "            \
      "(FIN) without an answer")                                               \
    X(FAULT_RESET, "reset", FAMILY_SILENT, SEES_TROUBLE,                       \
      "the request is read in full, then the connection is reset "             \
      "(RST) without an answer")                                               \
    X(FAULT_HANG, "hang", FAMILY_SILENT, SEES_SILENCE,                         \
      "the request is read in full and never answered; the connection "        \
      "stays open until the client goes")                                      \
    X(FAULT_GARBAGE, "garbage", FAMILY_HEAD, SEES_TROUBLE,                     \
      "bytes that are no HTTP, then FIN")                                      \
    X(FAULT_WRONG_VERSION, "wrong-version", FAMILY_HEAD, SEES_EITHER,          \
      "an answer of HTTP/9.9")                                                 \
    X(FAULT_STATUS_99, "status-99", FAMILY_HEAD, SEES_EITHER,                  \
      "an answer with status 99")                                              \
    X(FAULT_STATUS_1000, "status-1000", FAMILY_HEAD, SEES_EITHER,              \
      "an answer with status 1000")                                            \
    X(FAULT_STATUS_WORD, "status-word", FAMILY_HEAD, SEES_EITHER,              \
      "an answer with a word where its status should be")                      \
    X(FAULT_REASON_OWN, "reason-own", FAMILY_HEAD, SEES_ANSWER,                \
      "an answer with a reason phrase of its own")                             \
    X(FAULT_REASON_NONE, "reason-none", FAMILY_HEAD, SEES_ANSWER,              \
      "an answer with an empty reason phrase")                                 \
    X(FAULT_CUT_STATUS_LINE, "cut-status-line", FAMILY_HEAD, SEES_TROUBLE,     \
      "some bytes of a status line, then the end of the connection")           \
    X(FAULT_CUT_HEADERS, "cut-headers", FAMILY_HEAD, SEES_TROUBLE,             \
      "a status line and some bytes of the header, then the end of "           \
      "the connection")                                                        \
    X(FAULT_STALL_HEADERS, "stall-headers", FAMILY_HEAD, SEES_SILENCE,         \
      "a status line and some bytes of the header, then nothing more")         \
    X(FAULT_DRIP_HEADERS, "drip-headers", FAMILY_HEAD, SEES_ANSWER,            \
      "an answer whose head comes byte by byte")                               \
    X(FAULT_NO_COLON, "no-colon", FAMILY_HEAD, SEES_EITHER,                    \
      "an answer with a header line that has no colon")                        \
    X(FAULT_FOLDED_HEADER, "folded-header", FAMILY_HEAD, SEES_EITHER,          \
      "an answer with a header field folded over two lines")                   \
    X(FAULT_NUL_HEADER, "nul-header", FAMILY_HEAD, SEES_EITHER,                \
      "an answer with a NUL in a header field")                                \
    X(FAULT_HUGE_HEADER, "huge-header", FAMILY_HEAD, SEES_EITHER,              \
      "an answer with a header field of many bytes")                           \
    X(FAULT_MANY_HEADERS, "many-headers", FAMILY_HEAD, SEES_EITHER,            \
      "an answer with very many header fields")                                \
    X(FAULT_CONTINUE_FIRST, "continue-first", FAMILY_HEAD, SEES_ANSWER,        \
      "100 Continue, then the answer")                                         \
    X(FAULT_PROCESSING_FIRST, "processing-first", FAMILY_HEAD, SEES_ANSWER,    \
      "102 Processing, then the answer")                                       \
    X(FAULT_HINTS_FIRST, "hints-first", FAMILY_HEAD, SEES_ANSWER,              \
      "103 Early Hints, then the answer")                                      \
    X(FAULT_TWO_LENGTHS, "two-lengths", FAMILY_HEAD, SEES_EITHER,              \
      "an answer with two Content-Length fields that contradict each "         \
      "other")                                                                 \
    X(FAULT_LENGTH_TWICE, "length-twice", FAMILY_HEAD, SEES_EITHER,            \
      "an answer with the same Content-Length twice")                          \
    X(FAULT_LENGTH_WORD, "length-word", FAMILY_HEAD, SEES_EITHER,              \
      "an answer whose Content-Length is no number")                           \
    X(FAULT_LENGTH_AND_CHUNKS, "length-and-chunks", FAMILY_HEAD, SEES_EITHER,  \
      "an answer in chunks that has a Content-Length too")                     \
    X(FAULT_CUT_BODY, "cut-body", FAMILY_BODY, SEES_TROUBLE,                   \
      "an answer whose body ends, with the connection, before its "            \
      "Content-Length is reached")                                             \
    X(FAULT_CUT_CHUNKS, "cut-chunks", FAMILY_BODY, SEES_TROUBLE,               \
      "an answer in chunks that ends, with the connection, inside a "          \
      "chunk")                                                                 \
    X(FAULT_STALL_BODY, "stall-body", FAMILY_BODY, SEES_SILENCE,               \
      "some bytes of the answer's body, then nothing more")                    \
    X(FAULT_TLS_CUT_BODY, "tls-cut-body", FAMILY_BODY, SEES_TROUBLE,           \
      "an answer whose body ends before its Content-Length is reached; "       \
      "then FIN without close_notify")                                         \
    X(FAULT_TLS_CUT_END, "tls-cut-end", FAMILY_BODY, SEES_EITHER,              \
      "an answer without a length, to which only close_notify would put "      \
      "an end; but FIN comes without it")                                      \
    X(FAULT_DRIP_BODY, "drip-body", FAMILY_BODY, SEES_ANSWER,                  \
      "an answer whose body comes byte by byte")                               \
    X(FAULT_CHUNK_SIZE_JUNK, "chunk-size-junk", FAMILY_BODY, SEES_TROUBLE,     \
      "an answer in chunks, one of which has a size that is no "               \
      "number; then FIN")                                                      \
    X(FAULT_CHUNK_TOO_LONG, "chunk-too-long", FAMILY_BODY, SEES_TROUBLE,       \
      "an answer in chunks, one of which is longer than its size "             \
      "says; then FIN")                                                        \
    X(FAULT_ENDLESS_BODY, "endless-body", FAMILY_BODY, SEES_EITHER,            \
      "an answer in chunks that never ends")                                   \
    X(FAULT_HUGE_BODY, "huge-body", FAMILY_BODY, SEES_EITHER,                  \
      "an answer with a body of many bytes")                                   \
    X(FAULT_BODY_AFTER_204, "body-after-204", FAMILY_BODY, SEES_ANSWER,        \
      "a 204 with a body that it must not have, then FIN")                     \
    X(FAULT_BODY_TOO_LONG, "body-too-long", FAMILY_BODY, SEES_EITHER,          \
      "an answer with more of a body than its Content-Length says, "           \
      "then FIN")                                                              \
    X(FAULT_FALSE_GZIP, "false-gzip", FAMILY_BODY, SEES_EITHER,                \
      "an answer whose body is said to be gzip, and is not")                   \
    X(FAULT_CLOSE_IDLE, "close-idle", FAMILY_AFTER, SEES_ANSWER,               \
      "an answer that keeps the connection; when it has been idle, it "        \
      "is closed (FIN) without notice")                                        \
    X(FAULT_RESET_IDLE, "reset-idle", FAMILY_AFTER, SEES_ANSWER,               \
      "an answer that keeps the connection; when it has been idle, it "        \
      "is reset (RST)")                                                        \
    X(FAULT_HALF_CLOSE, "half-close", FAMILY_AFTER, SEES_ANSWER,               \
      "an answer that keeps the connection, and at once the server's "         \
      "side of it is closed (FIN); it still reads")                            \
    X(FAULT_LINGER, "linger", FAMILY_AFTER, SEES_ANSWER,                       \
      "an answer that says Connection: close, but the connection "             \
      "stays open until the client goes")                                      \
    X(FAULT_ANSWERED_TWICE, "answered-twice", FAMILY_AFTER, SEES_ANSWER,       \
      "the same answer twice on a kept connection; when that has been "        \
      "idle, it is closed (FIN)")                                              \
    X(FAULT_JUNK_AFTER, "junk-after", FAMILY_AFTER, SEES_ANSWER,               \
      "an answer that keeps the connection, and right behind it bytes "        \
      "that are no HTTP; when it has been idle, it is closed (FIN)")           \
    X(FAULT_TLS_NO_NOTIFY, "tls-no-notify", FAMILY_AFTER, SEES_ANSWER,         \
      "an answer that is whole by its Content-Length, then FIN without "       \
      "close_notify")                                                          \
    X(FAULT_ANSWER_THEN_RESET, "answer-then-reset", FAMILY_AFTER, SEES_EITHER, \
      "an answer, and right behind it a reset (RST)")

enum fault {
    FAULT_NONE,
#define X(fault, name, family, sees, meaning) fault,
    FAULT_MAP(X)
#undef X
        FAULT_COUNT
};

const char *fault_name(enum fault fault);    /* "none" for FAULT_NONE */
const char *fault_meaning(enum fault fault);
enum fault fault_find(const char *name); /* FAULT_NONE = no such fault */

enum fault_family fault_family(enum fault fault);
enum fault_sees fault_sees(enum fault fault);
const char *fault_family_name(enum fault_family family);
const char *fault_family_meaning(enum fault_family family);
const char *fault_sees_name(enum fault_sees sees);
const char *fault_sees_meaning(enum fault_sees sees);

/* It strikes before there is a request: by the connection's number. */
bool fault_is_of_connection(enum fault fault);
/* What kind of connection it can be played on. */
enum fault_over { OVER_ANY, OVER_TLS, OVER_CLEAR };

enum fault_over fault_over(enum fault fault);
/* The certificate that the server shows is one a client must refuse. */
bool fault_is_untrusted(enum fault fault);
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

const char *fault_param_name(enum fault_param param);
const char *fault_param_meaning(enum fault_param param);
enum fault_param_kind fault_param_kind(enum fault_param param);
int64_t fault_param_least(enum fault_param param);
int64_t fault_param_most(enum fault_param param);
const char *fault_by_name(enum fault_by by);

#define PARAM_UNSET INT64_C(-1)

/* A fault's parameters; PARAM_UNSET = it does not take this one. */
struct fault_how {
    int64_t values[FAULT_PARAM_COUNT];
};

/* As they are unless a scenario says otherwise. */
struct fault_how fault_how_default(enum fault fault);
bool fault_takes(enum fault fault, enum fault_param param);

#endif
