#ifndef SERVER_ARRIVAL_H
#define SERVER_ARRIVAL_H

/* A request from its first line until its head is whole: then it becomes an
 * attempt, with all that is wrong with its head. */

#include "model/record.h"
#include "server/connection.h"
#include "server/head.h"

#include <stdbool.h>
#include <stdint.h>

struct arrival {
    struct connection *connection;
    char              *target; /* NULL: the attempt has it */
    struct head        head; /* as it came; nothing, if it was sent ahead */
    int64_t            arrived_ns;
    bool               ahead; /* it was sent before the last was answered */
};

/* What a right request knows of us. */
struct arrival_expected {
    bool        named;     /* by which Host it comes */
    const char *write_key; /* NULL = none */
};

/* Its first line was read. */
void arrival_init(struct arrival *arrival, struct connection *connection,
                  const char *target);
void arrival_clear(struct arrival *arrival);

/* Its head is whole. False: the record has no room for it, and attempt may be
 * NULL. */
bool MUST_USE arrival_record(struct arrival                *arrival,
                             const struct arrival_expected *expected,
                             const char *method, const char *version,
                             struct attempt **attempt);

#endif
