/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_FAULTS_EARLY_H
#define SERVER_FAULTS_EARLY_H

/* What is sent while libmicrohttpd still reads the request: around it, on its
 * own descriptor, before it has anything to send itself. Short, since nobody
 * waits here; what does not fit at once makes the attempt a broken one. */

struct exchange;

void early_send(struct exchange *exchange, const char *text);
/* The whole answer of the exchange's step. */
void early_answer(struct exchange *exchange);
/* Our side of the connection is over. */
void early_finish(struct exchange *exchange);

#endif
