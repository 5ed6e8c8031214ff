/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

/* Makes the response of a step for one attempt, and writes into the attempt
 * what is sent of it. */

#include "common/bytes.h"
#include "common/date.h"
#include "server/config.h"
#include "server/listener.h"
#include "server/response.h"
#include "server/response_cache.h"

#include <stdbool.h>

/* What all answers of a server are made of. */
struct answers {
    /* Set by the owner. */
    const struct server_config *config;
    const struct listener      *other_port;
    const struct listener      *other_host;

    char                 *settings_body;
    int64_t               date_s;
    char                  date[DATE_TEXT_MAX]; /* of that second */
    struct response_cache cache;
};

void answers_start(struct answers *answers);
void answers_clear(struct answers *answers);

/* Fills the response, cleared before. step NULL, or one that carries no answer:
 * the default. close: the connection ends after it. */
void answer_make(struct answers *answers, struct response *response,
                 const struct step *step, struct attempt *attempt, bool close);
/* Writes into the attempt what the response sends; the response has no fields
 * any more then. */
void answer_write_down(struct attempt *attempt, struct response *response);
/* The same, and all of it goes to the end of out. */
void answer_print(struct attempt *attempt, struct response *response,
                  struct bytes *out);

#endif
