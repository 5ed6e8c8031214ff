/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_BUSY_H
#define JUDGE_BUSY_H

/* When a client was busy with something else than the batch that is asked
 * about. It is asked of each late attempt, so the answer is looked up, and not
 * looked for. */

#include "judge/history.h"

struct busy *busy_new(const struct history *history);
void busy_free(struct busy *busy);

/* Until when, at the latest, the client was busy between the two times with
 * others of its batches, with a token, or with what nobody could read; from_ns
 * if with nothing. Whatever is late is late from then on. */
int64_t busy_until_ns(const struct history    *history,
                      const struct batch_view *batch, int64_t from_ns,
                      int64_t until_ns);

#endif
