/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_SERVER_PEER_H
#define UNIT_SERVER_PEER_H

/* A stage for tests of the server: a plan, a record and a server on one side,
 * raw sockets on the other, all in one thread. Whoever waits turns the server
 * meanwhile. Waiting ends, when all else fails, by a deadline that no sound
 * run comes near. */

#include "common/bytes.h"
#include "common/clock.h"
#include "model/plan.h"
#include "model/record.h"
#include "server/server.h"

#include <stdbool.h>
#include <stddef.h>

struct stage {
    struct plan         *plan;
    struct record       *record;
    struct server_config config;
    struct server       *server;
};

void stage_init(struct stage *stage); /* an empty plan of 10 events */
void stage_start(struct stage *stage);
void stage_stop(struct stage *stage); /* the record stays */
void stage_clear(struct stage *stage);

/* Steps for the stage's plan. */
struct step_list *stage_steps(struct stage *stage);
struct step *stage_answer(struct step_list *list, int status);
struct step *stage_fault(struct step_list *list, enum fault fault);
/* The steps of the plan's connection of this number, at first none. */
struct step_list *stage_connection(struct stage *stage, unsigned number);
struct step *stage_connection_fault(struct stage *stage, unsigned number,
                                    enum fault fault);
void step_retry_after(struct step *step, const char *text);

/* Polls as an owner does who trusts server_fd and server_wait_ns, and turns;
 * false when the server left it asleep until the deadline. */
bool stage_turn(struct stage *stage);
/* Turns n times, without waiting for anything. */
void stage_turns(struct stage *stage, int n);

enum peer_end { PEER_OPEN, PEER_FIN, PEER_RST };

int peer_connect(struct stage *stage);
bool peer_is_refused(struct stage *stage);
void peer_send(struct stage *stage, int fd, const char *text);
void peer_send_n(struct stage *stage, int fd, const char *data, size_t length);
/* Appends what comes until one whole answer is there, or the connection's
 * end. */
enum peer_end peer_answer(struct stage *stage, int fd, struct bytes *answer);
/* Appends what comes until the connection's end. */
enum peer_end peer_rest(struct stage *stage, int fd, struct bytes *answer);
/* What has come already; PEER_OPEN when that is nothing. */
enum peer_end peer_now(int fd, struct bytes *answer);

/* Sends and expects an answer that holds the text; the connection is left
 * open. */
void peer_ask(struct stage *stage, int fd, const char *request,
              const char *expected);

/* A POST of this body to /v1/batch. Static memory. */
const char *peer_post(const char *body);

/* Waits until the record holds n attempts that are over. */
void stage_attempts(struct stage *stage, size_t n);
/* Waits for the n-th attempt, as stage_attempts, or for so many remarks: true
 * when the attempt came. libmicrohttpd 1.0 refuses by itself what 0.9 leaves to
 * us. */
bool stage_attempt_or_remark(struct stage *stage, size_t n, size_t remarks);
const struct attempt *attempt_at(const struct stage *stage, size_t n);

#endif
