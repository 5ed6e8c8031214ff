/* SPDX-License-Identifier: Apache-2.0 */
#include "server/response.h"

#include "common/alloc.h"
#include "common/date.h"
#include "common/text.h"
#include "server/bounds.h"
#include "server/listener.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

/* Fri, 31 Dec 9999 23:59:59 GMT */
#define RESPONSE_DATE_MAX_S INT64_C(253402300799)

static const char success_body[] = "{\"success\":true}";
/* No two tokens are the same, so that it is seen which one is used. */
static const char token_format[] = "{\"access_token\":\"retrial-token-%u\","
                                   "\"token_type\":\"Bearer\","
                                   "\"expires_in\":%" PRId64 "}";

enum { TOKEN_LIFE_S = 3600, RESPONSE_REASON_MAX = 64 };

bool response_has_body(int status, const char *method)
{
    return status >= 200 && status != 204 && status != 304 &&
           strcmp(method, "HEAD") != 0;
}

/* "Too Many Requests", or "Status 460" where there is no registered one. */
static const char *reason_of(char buffer[RESPONSE_REASON_MAX], int status)
{
    const char *reason = MHD_get_reason_phrase_for((unsigned)status);

    if (reason != NULL && strcmp(reason, "Unknown") != 0)
        snprintf(buffer, RESPONSE_REASON_MAX, "%s", reason);
    else
        snprintf(buffer, RESPONSE_REASON_MAX, "Status %d", status);
    return buffer;
}

static void set_body(struct response *response, const char *body, size_t length)
{
    response->body = body;
    response->body_bytes = length;
}

/* What the profile has the ingest say; NULL = nothing of its own. */
static char *body_of_profile(const struct response_context *context, int status)
{
    static const char     mark[] = "{status}";
    const struct profile *profile = context->profile;
    bool                  open;
    const char           *text;
    const char           *at;

    if (profile == NULL || context->route != ROUTE_INGEST)
        return NULL;
    if (profile_status(profile, status, false) == STATUS_DELIVERED) {
        open = PROFILE_OPEN(profile, answer_delivered);
        text = profile->answer_delivered;
    } else {
        open = PROFILE_OPEN(profile, answer_refused);
        text = profile->answer_refused;
    }
    at = strstr(text, mark);
    if (open || at == NULL)
        return open ? NULL : alloc_text(text);
    return alloc_format("%.*s%d%s", (int)(at - text), text, status,
                        at + strlen(mark));
}

/* What the ingest, or the route, would say. SDKs parse it, so that it is a
 * JSON object always. */
static void default_body(struct response *response, const struct answer *answer,
                         const struct response_context *context)
{
    int64_t life_s = answer != NULL ? answer->token_life_s : 0;

    char        reason[RESPONSE_REASON_MAX];
    const char *body = success_body;

    response->own_body = body_of_profile(context, response->status);
    if (response->own_body != NULL) {
        body = response->own_body;
    } else if (response->status < 200 || response->status > 299) {
        response->own_body =
            alloc_format("{\"code\":\"status_%d\",\"message\":\"%s\"}",
                         response->status, reason_of(reason, response->status));
        body = response->own_body;
    } else if (context->route == ROUTE_SETTINGS) {
        body = context->settings_body;
    } else if (context->route == ROUTE_TOKEN) {
        response->own_body =
            alloc_format(token_format, context->attempt->number,
                         life_s > 0 ? life_s : (int64_t)TOKEN_LIFE_S);
        body = response->own_body;
    }
    set_body(response, body, strlen(body));
}

static void choose_body(struct response *response, const struct answer *answer,
                        const struct response_context *context)
{
    if (!response_has_body(response->status, context->attempt->method))
        return;
    if (answer != NULL && answer->body != NULL)
        set_body(response, answer->body, answer->body_bytes);
    else if (response->status == 205)
        set_body(response, "", 0); /* RFC 9110, 15.3.6: never any content. */
    else
        default_body(response, answer, context);
}

const char *response_date(char buffer[DATE_TEXT_MAX], enum date_form form,
                          int64_t unix_s)
{
    if (unix_s < 0)
        unix_s = 0;
    if (unix_s > RESPONSE_DATE_MAX_S)
        unix_s = RESPONSE_DATE_MAX_S;
    return date_format(buffer, form, unix_s);
}

/* Where the same target would be at the other origin. */
static void add_location(struct response               *response,
                         const struct response_context *context)
{
    const char *target = context->attempt->target;
    char       *location =
        alloc_format("%s://%s:%d%s", context->https ? "https" : "http",
                     context->elsewhere->host, context->elsewhere->port,
                     target[0] == '/' ? target : "/");

    header_add(&response->fields, "Location", location);
    alloc_free(location);
}

static void add_retry_after(struct response     *response,
                            const struct answer *answer, int64_t wall_s)
{
    for (size_t i = 0; i < answer->retry_after_count; i++) {
        const struct retry_after *field = &answer->retry_after[i];
        char                      date[DATE_TEXT_MAX];

        header_add(&response->fields, "Retry-After",
                   field->is_date ? response_date(date, field->form,
                                                  wall_s + field->offset_s)
                                  : field->text);
    }
}

/* A field that libmicrohttpd refuses, rewrites or writes itself. */
static bool is_beyond_mhd(const struct header *field)
{
    static const char *const names[] = {"Content-Length", "Transfer-Encoding"};
    const char              *value = field->value;
    size_t                   length = strlen(value);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_equal_nocase(field->name, names[i]))
            return true;
    if (text_equal_nocase(field->name, "Connection"))
        return strcmp(value, "close") != 0;
    return length == 0 || strchr(" \t", value[0]) != NULL ||
           strchr(" \t", value[length - 1]) != NULL ||
           strpbrk(value, "\r\n") != NULL || field->name[0] == '\0' ||
           strpbrk(field->name, " \t\r\n") != NULL;
}

static size_t count_of(const char *text, char byte)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == byte;
    return count;
}

/* What libmicrohttpd keeps of a request until it is answered, at most: its
 * head, a note of each field and of each argument of the query, and its cookies
 * once more. */
static size_t kept_of_request(const struct attempt *attempt)
{
    enum { NOTE_BYTES = 80 };
    const struct header_list *headers = &attempt->headers;
    const char               *target = attempt->target;
    const char               *cookies;
    size_t                    notes = headers->count;
    size_t                    bytes = header_bytes(headers);

    if (target != NULL) {
        bytes += strlen(target);
        notes += count_of(target, '?') + count_of(target, '&');
    }
    for (size_t i = 0; (cookies = header_get(headers, "Cookie", i)) != NULL;
         i++) {
        bytes += strlen(cookies);
        notes += count_of(cookies, ';') + 1;
    }
    return bytes + NOTE_BYTES * notes;
}

/* Request and answer share what libmicrohttpd has for a connection; an answer
 * that it finds no room for is not sent at all. */
static bool fits_beside(const struct attempt *attempt, size_t fields_bytes)
{
    enum { LINES_BYTES = 512 }; /* the first of both, and what it adds itself */

    return kept_of_request(attempt) + fields_bytes + LINES_BYTES <=
           SERVER_HEAD_BYTES_MAX;
}

static bool needs_raw(const struct response *response,
                      const struct attempt  *attempt)
{
    size_t bytes = 0;

    for (size_t i = 0; i < response->fields.count; i++) {
        const struct header *field = &response->fields.items[i];

        if (is_beyond_mhd(field))
            return true;
        bytes += strlen(field->name) + strlen(field->value) + 4;
    }
    return response->status < 200 ||
           header_count(&response->fields, "Date") != 1 ||
           header_count(&response->fields, "Connection") > 1 ||
           !fits_beside(attempt, bytes);
}

/* The scenario's own fields: those called Connection, or all others. */
static void add_own(struct response *response, const struct header_list *own,
                    bool connection)
{
    for (size_t i = 0; i < own->count; i++)
        if (text_equal_nocase(own->items[i].name, "Connection") == connection)
            header_add(&response->fields, own->items[i].name,
                       own->items[i].value);
}

/* Connection goes first: libmicrohttpd sends it there whatever the order, and
 * forgets that there is a Date when it comes after one. */
static void add_fields(struct response *response, const struct answer *answer,
                       const struct response_context *context)
{
    static const struct header_list none;
    const struct header_list *own = answer != NULL ? &answer->headers : &none;

    add_own(response, own, true);
    if (context->close && header_count(own, "Connection") == 0)
        header_add(&response->fields, "Connection", "close");
    if (header_count(own, "Date") == 0)
        header_add(&response->fields, "Date", context->date);
    if (response->body_bytes > 0 && header_count(own, "Content-Type") == 0)
        header_add(&response->fields, "Content-Type", "application/json");
    if (answer != NULL && answer->elsewhere != ELSEWHERE_NOT)
        add_location(response, context);
    if (answer != NULL)
        add_retry_after(response, answer, context->wall_s);
    add_own(response, own, false);
}

void response_init(struct response *response, const struct answer *answer,
                   const struct response_context *context)
{
    *response = (struct response){0};
    if (answer != NULL)
        response->status = answer->status;
    else
        response->status = context->route == ROUTE_OTHER ? 404 : 200;
    choose_body(response, answer, context);
    add_fields(response, answer, context);
    response->raw = needs_raw(response, context->attempt);
    /* A raw answer is the last on its connection. */
    if (response->raw && !context->close) {
        struct response_context closing = *context;

        closing.close = true;
        header_clear(&response->fields);
        add_fields(response, answer, &closing);
    }
}

void response_clear(struct response *response)
{
    header_clear(&response->fields);
    alloc_free(response->own_body);
    *response = (struct response){0};
}

bool response_sends_length(const struct response *response)
{
    return response->status >= 200 && response->status != 204 &&
           response->status != 304 &&
           header_count(&response->fields, "Content-Length") == 0 &&
           header_count(&response->fields, "Transfer-Encoding") == 0;
}

void response_print_line(const struct response *response, struct bytes *out)
{
    char reason[RESPONSE_REASON_MAX];

    bytes_format(out, "HTTP/1.1 %d %s\r\n", response->status,
                 reason_of(reason, response->status));
}

void response_print_fields(const struct response *response, struct bytes *out)
{
    for (size_t i = 0; i < response->fields.count; i++)
        bytes_format(out, "%s: %s\r\n", response->fields.items[i].name,
                     response->fields.items[i].value);
}

void response_print(const struct response *response, bool with_body,
                    struct bytes *out)
{
    response_print_line(response, out);
    response_print_fields(response, out);
    if (response_sends_length(response))
        bytes_format(out, "Content-Length: %zu\r\n", response->body_bytes);
    bytes_add(out, "\r\n");
    if (with_body && response->body != NULL)
        bytes_append(out, response->body, response->body_bytes);
}
