/* SPDX-License-Identifier: Apache-2.0 */
#include "server/answer.h"

#include "common/alloc.h"

#include <stdio.h>

/* The settings that change nothing: the write key's own, no configuration. */
static char *settings_body(const char *write_key)
{
    struct bytes text;

    bytes_init(&text, 64 * 1024);
    bytes_add(&text, "{\"integrations\":{\"Segment.io\":{\"apiKey\":\"");
    for (const char *at = write_key; at != NULL && *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            bytes_format(&text, "\\%c", *at);
        else if ((unsigned char)*at < ' ')
            bytes_format(&text, "\\u%04x", (unsigned)*at);
        else
            bytes_append(&text, at, 1);
    }
    bytes_add(&text, "\"}}}");
    return bytes_take(&text);
}

void answers_start(struct answers *answers)
{
    answers->settings_body =
        settings_body(answers->config->plan->given.write_key);
}

void answers_clear(struct answers *answers)
{
    response_cache_clear(&answers->cache);
    alloc_free(answers->settings_body);
}

/* The same all second long, and it takes as long to print as all other fields
 * together. */
static const char *date_now(struct answers *answers, int64_t wall_s)
{
    if (answers->date[0] == '\0' || wall_s != answers->date_s)
        response_date(answers->date, DATE_IMF, wall_s);
    answers->date_s = wall_s;
    return answers->date;
}

void answer_make(struct answers *answers, struct response *response,
                 const struct step *step, struct attempt *attempt, bool close)
{
    const struct answer *answer =
        step != NULL && step->answer.status != 0
            ? &step->answer
            : NULL; /* of a fault that carries none: the default */
    struct response_context context = {
        .route = attempt->route,
        .profile = answers->config->profile,
        .settings_body = answers->settings_body,
        .attempt = attempt,
        .elsewhere = answer != NULL && answer->elsewhere == ELSEWHERE_HOST
                         ? answers->other_host
                         : answers->other_port,
        .https = answers->config->plan->given.https,
        .wall_s = clock_wall_ns(answers->config->clock) / NS_PER_S,
        .close = close,
    };

    response_clear(response);
    context.date = date_now(answers, context.wall_s);
    attempt->answer_wall_s = context.wall_s;
    response_init(response, answer, &context);
}

static void keep_body(struct attempt *attempt, const struct response *response)
{
    size_t kept = response->body_bytes < RECORD_ANSWER_KEPT_MAX
                      ? response->body_bytes
                      : RECORD_ANSWER_KEPT_MAX;

    alloc_free(attempt->answer_body);
    attempt->answer_body = alloc_text_n(response->body, kept);
}

void answer_write_down(struct attempt *attempt, struct response *response)
{
    bool with_body = response_has_body(response->status, attempt->method);
    bool with_length = response_sends_length(response);
    char length[32];

    header_move(&attempt->answer_headers, &response->fields);
    if (with_length) {
        snprintf(length, sizeof length, "%zu", response->body_bytes);
        header_add(&attempt->answer_headers, "Content-Length", length);
    }
    attempt->status = response->status;
    attempt->answer_body_bytes = with_body ? response->body_bytes : 0;
    if (with_body && attempt->route == ROUTE_TOKEN)
        keep_body(attempt, response);
}

void answer_print(struct attempt *attempt, struct response *response,
                  struct bytes *out)
{
    bool with_body = response_has_body(response->status, attempt->method);

    response_print(response, with_body, out);
    answer_write_down(attempt, response);
}
