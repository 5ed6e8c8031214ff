/* SPDX-License-Identifier: Apache-2.0 */
/* What a raw peer sees of each fault. */

#include "runner/proof/proof.h"

#define OK_LINE          "HTTP/1.1 200 OK\r\n"
#define BODY             "{\"success\":true}"
#define BODY_TEN         "{\"success\"" /* its first ten bytes */
#define IDLE_MS          50
#define KEPT(...)        {.state = PEER_OPEN, __VA_ARGS__}
#define CLOSED(...)      {.state = PEER_FIN, __VA_ARGS__}
#define RESET(...)       {.state = PEER_RST, __VA_ARGS__}
#define NOTHING          {.state = PEER_OPEN}
#define DISTRUSTED(what) {.state = PEER_FIN, .tls = (what)}
#define TRUSTED(state_, ...)                                                   \
    {.state = (state_), .tls = PEER_TRUSTED, __VA_ARGS__}
#define REFUSED_BY_ALERT "the client ended the TLS handshake with the alert"

static const struct promise promises[FAULT_COUNT] = {
    [FAULT_REFUSE] = {"connection refused, then and later",
                      .in_the_end = {.state = PEER_REFUSED}},
    [FAULT_OPEN_LATE] = {"connection refused; later an answer",
                         .in_the_end = {.state = PEER_REFUSED}},
    [FAULT_IGNORE_SYN] = {"no answer to its SYN; later an answer",
                          .in_the_end = {.state = PEER_CONNECTING}},
    [FAULT_ACCEPT_RESET] = {"no byte, RST", .in_the_end = RESET(NULL)},
    [FAULT_ACCEPT_CLOSE] = {"no byte, FIN", .in_the_end = CLOSED(NULL)},
    [FAULT_ACCEPT_HANG] = {"no byte, open", .in_the_end = NOTHING},
    [FAULT_ACCEPT_ANSWER] = {"a 408 though nothing was asked, FIN",
                             .in_the_end =
                                 CLOSED("HTTP/1.1 408 Request Timeout\r\n",
                                        NULL, "\r\n\r\n")},

    [FAULT_TLS_EXPIRED] =
        {"a certificate that is valid no more; FIN when it says so",
         .in_the_end = DISTRUSTED(PEER_EXPIRED), .met = REFUSED_BY_ALERT},
    [FAULT_TLS_NOT_YET_VALID] =
        {"a certificate that is not valid yet; FIN when it says so",
         .in_the_end = DISTRUSTED(PEER_NOT_YET_VALID), .met = REFUSED_BY_ALERT},
    [FAULT_TLS_WRONG_HOST] =
        {"a certificate of another host; FIN when it says so",
         .in_the_end = DISTRUSTED(PEER_OTHER_HOST), .met = REFUSED_BY_ALERT},
    [FAULT_TLS_SELF_SIGNED] = {"a self-signed certificate; FIN when it says so",
                               .in_the_end = DISTRUSTED(PEER_SELF_SIGNED),
                               .met = REFUSED_BY_ALERT},
    [FAULT_TLS_UNKNOWN_CA] =
        {"a certificate of an unknown authority; FIN when it says so",
         .in_the_end = DISTRUSTED(PEER_UNKNOWN_CA), .met = REFUSED_BY_ALERT},
    [FAULT_TLS_OLD_VERSION] =
        {"TLS 1.1 chosen, which it refuses; FIN when it says so",
         .in_the_end = DISTRUSTED(PEER_OLD_VERSION),
         .met = REFUSED_BY_ALERT " \"Error in protocol version\""},
    [FAULT_TLS_STALL] = {"no answer to its hello, open",
                         .in_the_end = {.state = PEER_OPEN,
                                        .tls = PEER_SHAKING},
                         .met = "the client went"},
    [FAULT_TLS_CLOSE] = {"no answer to its hello, FIN",
                         .in_the_end = {.state = PEER_FIN, .tls = PEER_SHAKING},
                         .met = "the client went"},
    [FAULT_TLS_RESET] = {"no answer to its hello, RST",
                         .in_the_end = {.state = PEER_RST, .tls = PEER_SHAKING},
                         .met = "the client had said its hello"},
    [FAULT_PLAIN_FOR_TLS] = {"a 400 in the clear, FIN",
                             .in_the_end = {.state = PEER_FIN,
                                            .starts =
                                                "HTTP/1.1 400 Bad Request\r\n",
                                            .ends = "\r\n\r\n",
                                            .tls = PEER_NO_TLS},
                             .met = "the client went"},
    [FAULT_TLS_FOR_PLAIN] = {"the 7 bytes of an alert, FIN",
                             .in_the_end = CLOSED("\x15\x03\x03", NULL,
                                                  "\x02\x02\x0a", 7)},

    [FAULT_STOP_READING] = {"no byte, open", .held_back = NOTHING,
                            .in_the_end = NOTHING},
    [FAULT_CLOSE_IN_BODY] = {"no byte, FIN before the body is sent",
                             .held_back = CLOSED(NULL),
                             .in_the_end = CLOSED(NULL)},
    [FAULT_RESET_IN_BODY] = {"no byte, RST before the body is sent",
                             .held_back = RESET(NULL),
                             .in_the_end = RESET(NULL)},
    [FAULT_EARLY_REFUSAL] = {"a whole 413 and FIN before the body is sent",
                             .held_back = CLOSED("HTTP/1.1 413 ",
                                                 "Connection: close\r\n", "}"),
                             .in_the_end = CLOSED("HTTP/1.1 413 ", NULL, "}")},
    [FAULT_EARLY_SUCCESS] =
        {"a whole 200 before the body is sent, FIN after it",
         .held_back = KEPT(OK_LINE, "Content-Length: 16\r\n", BODY),
         .in_the_end = CLOSED(OK_LINE, "Content-Length: 16\r\n", BODY)},
    [FAULT_CONTINUE_UNASKED] =
        {"100 Continue before the body is sent; after it a 200, open",
         .held_back = KEPT("HTTP/1.1 100 Continue\r\n\r\n"),
         .in_the_end =
             KEPT("HTTP/1.1 100 Continue\r\n\r\n" OK_LINE, NULL, BODY)},
    [FAULT_CONTINUE_WITHHELD] =
        {"no byte before the body is sent; after it a 200, FIN",
         .held_back = NOTHING, .in_the_end = CLOSED(OK_LINE, NULL, BODY),
         .expects = true},

    [FAULT_CLOSE] = {"no byte, FIN", .in_the_end = CLOSED(NULL)},
    [FAULT_RESET] = {"no byte, RST", .in_the_end = RESET(NULL)},
    [FAULT_HANG] = {"no byte, open", .in_the_end = NOTHING},

    [FAULT_GARBAGE] = {"35 bytes that are no HTTP, FIN",
                       .in_the_end = CLOSED("\x15\x03\x01", NULL, "\r\n", 30)},
    [FAULT_WRONG_VERSION] = {"HTTP/9.9 200 OK, a whole answer, FIN",
                             .in_the_end =
                                 CLOSED("HTTP/9.9 200 OK\r\n", NULL, BODY)},
    [FAULT_STATUS_99] = {"HTTP/1.1 99 Too Low, a whole answer, FIN",
                         .in_the_end =
                             CLOSED("HTTP/1.1 99 Too Low\r\n", NULL, BODY)},
    [FAULT_STATUS_1000] = {"HTTP/1.1 1000 Too High, a whole answer, FIN",
                           .in_the_end = CLOSED("HTTP/1.1 1000 Too High\r\n",
                                                NULL, BODY)},
    [FAULT_STATUS_WORD] = {"HTTP/1.1 fine OK, a whole answer, FIN",
                           .in_the_end =
                               CLOSED("HTTP/1.1 fine OK\r\n", NULL, BODY)},
    [FAULT_REASON_OWN] =
        {"HTTP/1.1 200 Nobody Expects This, a whole answer, FIN",
         .in_the_end =
             CLOSED("HTTP/1.1 200 Nobody Expects This\r\n", NULL, BODY)},
    [FAULT_REASON_NONE] = {"HTTP/1.1 200 and a space, a whole answer, FIN",
                           .in_the_end =
                               CLOSED("HTTP/1.1 200 \r\n", NULL, BODY)},
    [FAULT_CUT_STATUS_LINE] = {"\"HTTP/1.1 \", the end",
                               .in_the_end =
                                   CLOSED("HTTP/1.1 ", NULL, "/1.1 ")},
    [FAULT_CUT_HEADERS] = {"a status line and 20 bytes, the end",
                           .in_the_end =
                               CLOSED(OK_LINE "Connection: close\r\nD", NULL,
                                      "\r\nD")},
    [FAULT_STALL_HEADERS] = {"a status line and 20 bytes, open",
                             .in_the_end =
                                 KEPT(OK_LINE "Connection: close\r\nD", NULL,
                                      "\r\nD")},
    [FAULT_DRIP_HEADERS] = {"a whole answer, its head in 200 ms or more, FIN",
                            .in_the_end = CLOSED(OK_LINE, NULL, BODY),
                            .least_ms = 200},
    [FAULT_NO_COLON] = {"a whole answer with that line, FIN",
                        .in_the_end = CLOSED(
                            OK_LINE, "\r\nX-Retrial-Without-Colon\r\n", BODY)},
    [FAULT_FOLDED_HEADER] = {"a whole answer with those lines, FIN",
                             .in_the_end = CLOSED(
                                 OK_LINE, "X-Retrial: on\r\n two lines\r\n",
                                 BODY)},
    [FAULT_NUL_HEADER] = {"a whole answer with the NUL, FIN",
                          .in_the_end =
                              CLOSED(OK_LINE "X-Retrial: a", NULL, BODY, 100)},
    [FAULT_HUGE_HEADER] = {"a whole answer, 1 MB of it a field, FIN",
                           .in_the_end = CLOSED(OK_LINE "X-Retrial: aaaaaaaa",
                                                NULL, NULL, (1 << 20) + 100)},
    [FAULT_MANY_HEADERS] = {"a whole answer with 10,000 fields more, FIN",
                            .in_the_end = CLOSED(
                                OK_LINE "X-Retrial: one of many\r\nX-Retrial:",
                                NULL, NULL, 10000 * 24 + 100)},
    [FAULT_CONTINUE_FIRST] = {"a 100 and a whole answer, FIN",
                              .in_the_end = CLOSED(
                                  "HTTP/1.1 100 Continue\r\n\r\n" OK_LINE, NULL,
                                  BODY)},
    [FAULT_PROCESSING_FIRST] = {"a 102 and a whole answer, FIN",
                                .in_the_end = CLOSED(
                                    "HTTP/1.1 102 Processing\r\n\r\n" OK_LINE,
                                    NULL, BODY)},
    [FAULT_HINTS_FIRST] = {"a 103 and a whole answer, FIN",
                           .in_the_end =
                               CLOSED("HTTP/1.1 103 Early Hints\r\nLink: ",
                                      "\r\n\r\n" OK_LINE, BODY)},
    [FAULT_TWO_LENGTHS] = {"a whole answer with both fields, FIN",
                           .in_the_end = CLOSED(
                               OK_LINE,
                               "Content-Length: 16\r\nContent-Length: 26\r\n",
                               BODY)},
    [FAULT_LENGTH_TWICE] = {"a whole answer with both fields, FIN",
                            .in_the_end = CLOSED(
                                OK_LINE,
                                "Content-Length: 16\r\nContent-Length: 16\r\n",
                                BODY)},
    [FAULT_LENGTH_WORD] = {"a whole answer with Content-Length: all, FIN",
                           .in_the_end = CLOSED(
                               OK_LINE, "Content-Length: all\r\n\r\n", BODY)},
    [FAULT_LENGTH_AND_CHUNKS] =
        {"a whole answer with both fields, in chunks, FIN",
         .in_the_end = CLOSED(OK_LINE,
                              "Content-Length: 16\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n"
                              "10\r\n" BODY,
                              "\r\n0\r\n\r\n")},

    [FAULT_CUT_BODY] = {"Content-Length: 16, ten bytes, the end",
                        .in_the_end = CLOSED(OK_LINE, "Content-Length: 16\r\n",
                                             "\r\n\r\n" BODY_TEN)},
    [FAULT_CUT_CHUNKS] = {"a chunk of 16 bytes, ten of them, the end",
                          .in_the_end =
                              CLOSED(OK_LINE, "Transfer-Encoding: chunked\r\n",
                                     "\r\n\r\n10\r\n" BODY_TEN)},
    [FAULT_STALL_BODY] = {"Content-Length: 16, ten bytes, open",
                          .in_the_end = KEPT(OK_LINE, "Content-Length: 16\r\n",
                                             "\r\n\r\n" BODY_TEN)},
    [FAULT_TLS_CUT_BODY] =
        {"Content-Length: 16, ten bytes, FIN without close_notify",
         .in_the_end = TRUSTED(
             PEER_FIN, .starts = OK_LINE, .holds = "Content-Length: 16\r\n",
             .ends = "\r\n\r\n" BODY_TEN)},
    [FAULT_TLS_CUT_END] =
        {"an answer without a length, FIN without close_notify",
         .in_the_end =
             TRUSTED(PEER_FIN, .starts = OK_LINE "Connection: close\r\nDate: ",
                     .ends = "\r\n\r\n" BODY)},
    [FAULT_DRIP_BODY] = {"a whole answer, its body in 300 ms or more, FIN",
                         .in_the_end = CLOSED(OK_LINE, NULL, BODY),
                         .least_ms = 300},
    [FAULT_CHUNK_SIZE_JUNK] = {"a chunk of the size zz, FIN",
                               .in_the_end =
                                   CLOSED(OK_LINE, "\r\n\r\nzz\r\n" BODY,
                                          "0\r\n\r\n")},
    [FAULT_CHUNK_TOO_LONG] = {"a chunk of the size 1 with 16 bytes, FIN",
                              .in_the_end = CLOSED(
                                  OK_LINE, "\r\n\r\n1\r\n" BODY, "0\r\n\r\n")},
    [FAULT_ENDLESS_BODY] = {"more than 100 chunks, and they go on, open",
                            .in_the_end =
                                KEPT(OK_LINE,
                                     "\r\n\r\n10\r\nthere is no end \r\n10\r\n",
                                     NULL, 3000)},
    [FAULT_HUGE_BODY] = {"a whole answer, 8 MB of it the body, FIN",
                         .in_the_end =
                             CLOSED(OK_LINE, "Content-Length: 8388608\r\n",
                                    NULL, (8 << 20) + 100)},
    [FAULT_BODY_AFTER_204] = {"a 204 and 24 bytes, FIN",
                              .in_the_end = CLOSED(
                                  "HTTP/1.1 204 No Content\r\n", NULL,
                                  "\r\n\r\n{\"more\":\"than was said\"}")},
    [FAULT_BODY_TOO_LONG] = {"a whole answer and 24 bytes more, FIN",
                             .in_the_end =
                                 CLOSED(OK_LINE, "Content-Length: 16\r\n",
                                        BODY "{\"more\":\"than was said\"}")},
    [FAULT_FALSE_GZIP] = {"a whole answer that is no gzip, FIN",
                          .in_the_end = CLOSED(
                              OK_LINE, "Content-Encoding: gzip\r\n", BODY)},

    [FAULT_CLOSE_IDLE] = {"a whole answer; FIN when it has been idle",
                          .in_the_end = CLOSED(OK_LINE, NULL, BODY),
                          .least_ms = IDLE_MS},
    [FAULT_RESET_IDLE] = {"a whole answer; RST when it has been idle",
                          .in_the_end = RESET(OK_LINE, NULL, BODY),
                          .least_ms = IDLE_MS},
    [FAULT_HALF_CLOSE] = {"a whole answer, FIN",
                          .in_the_end = CLOSED(OK_LINE, NULL, BODY)},
    [FAULT_LINGER] = {"a whole answer with Connection: close, open",
                      .in_the_end =
                          KEPT(OK_LINE, "Connection: close\r\n", BODY)},
    [FAULT_ANSWERED_TWICE] = {"two whole answers; FIN when it has been idle",
                              .in_the_end = CLOSED(OK_LINE, BODY OK_LINE, BODY),
                              .least_ms = IDLE_MS},
    [FAULT_JUNK_AFTER] = {"a whole answer and 21 bytes that are no HTTP; FIN "
                          "when it has been idle",
                          .in_the_end =
                              CLOSED(OK_LINE, BODY "\x01", "is no answer\r\n"),
                          .least_ms = IDLE_MS},
    [FAULT_TLS_NO_NOTIFY] = {"a whole answer, FIN without close_notify",
                             .in_the_end =
                                 TRUSTED(PEER_FIN, .starts = OK_LINE,
                                         .holds = "Content-Length: 16\r\n",
                                         .ends = BODY)},
    [FAULT_ANSWER_THEN_RESET] = {"a whole answer, RST",
                                 .in_the_end = RESET(OK_LINE, NULL, BODY)},
};

const struct promise *promise_of(enum fault fault)
{
    return &promises[fault];
}
