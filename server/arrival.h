/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ARRIVAL_H
#define SERVER_ARRIVAL_H

/* A request from its first line until its head is whole: then it becomes an
 * attempt, with all that is wrong with its head. */

#include "model/record.h"
#include "server/config.h"
#include "server/connection.h"
#include "server/head.h"

#include <stdbool.h>
#include <stdint.h>

struct arrival {
    char       *target; /* NULL: the attempt has it */
    struct head head; /* as it came; nothing, if it was sent ahead */
    int64_t     arrived_ns;
    bool        ahead; /* it was sent before the last was answered */
};

/* Its first line was read. */
void arrival_init(struct arrival *arrival, struct connection *connection,
                  const char *target);
void arrival_clear(struct arrival *arrival);

/* Its head is whole. NULL: the record is full. */
struct attempt *arrival_record(struct arrival             *arrival,
                               struct connection          *connection,
                               const struct server_config *config,
                               const char *method, const char *version);

#endif
