#include "server/reply.h"

#include "common/alloc.h"
#include "common/date.h"
#include "common/text.h"
#include "server/listener.h"
#include "server/server.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdio.h>
#include <string.h>

/* Fri, 31 Dec 9999 23:59:59 GMT */
#define REPLY_DATE_MAX_S INT64_C(253402300799)

static const char success_body[] = "{\"success\":true}";
/* No two tokens are the same, so that it is seen which one is used. */
static const char token_format[] = "{\"access_token\":\"retrial-token-%u\","
                                   "\"token_type\":\"Bearer\","
                                   "\"expires_in\":%" PRId64 "}";

enum { TOKEN_LIFE_S = 3600 };

bool reply_has_body(int status, const char *method)
{
    return status >= 200 && status != 204 && status != 304 &&
           strcmp(method, "HEAD") != 0;
}

const char *reply_reason(char buffer[REPLY_REASON_MAX], int status)
{
    const char *reason = MHD_get_reason_phrase_for((unsigned)status);

    if (reason != NULL && strcmp(reason, "Unknown") != 0)
        snprintf(buffer, REPLY_REASON_MAX, "%s", reason);
    else
        snprintf(buffer, REPLY_REASON_MAX, "Status %d", status);
    return buffer;
}

static void set_body(struct reply *reply, const char *body, size_t length)
{
    reply->body = body;
    reply->body_bytes = length;
}

/* What the ingest, or the route, would say. SDKs parse it, so that it is a
 * JSON object always. */
static void default_body(struct reply *reply, const struct answer *answer,
                         const struct reply_context *context)
{
    int64_t life_s = answer != NULL ? answer->token_life_s : 0;

    char        reason[REPLY_REASON_MAX];
    const char *body = success_body;

    if (reply->status < 200 || reply->status > 299) {
        reply->own_body =
            alloc_format("{\"code\":\"status_%d\",\"message\":\"%s\"}",
                         reply->status, reply_reason(reason, reply->status));
        body = reply->own_body;
    } else if (context->route == ROUTE_SETTINGS) {
        body = context->settings_body;
    } else if (context->route == ROUTE_TOKEN) {
        reply->own_body =
            alloc_format(token_format, context->attempt->number,
                         life_s > 0 ? life_s : (int64_t)TOKEN_LIFE_S);
        body = reply->own_body;
    }
    set_body(reply, body, strlen(body));
}

static void choose_body(struct reply *reply, const struct answer *answer,
                        const struct reply_context *context)
{
    if (!reply_has_body(reply->status, context->attempt->method))
        return;
    if (answer != NULL && answer->body != NULL)
        set_body(reply, answer->body, answer->body_bytes);
    else if (reply->status == 205)
        set_body(reply, "", 0); /* RFC 9110, 15.3.6: never any content. */
    else
        default_body(reply, answer, context);
}

const char *reply_date(char buffer[DATE_TEXT_MAX], enum date_form form,
                       int64_t unix_s)
{
    if (unix_s < 0)
        unix_s = 0;
    if (unix_s > REPLY_DATE_MAX_S)
        unix_s = REPLY_DATE_MAX_S;
    return date_format(buffer, form, unix_s);
}

/* Where the same target would be at the other origin. */
static void add_location(struct reply               *reply,
                         const struct reply_context *context)
{
    const char *target = context->attempt->target;
    char       *location =
        alloc_format("%s://%s:%d%s", context->https ? "https" : "http",
                     context->elsewhere->host, context->elsewhere->port,
                     target[0] == '/' ? target : "/");

    header_add(&reply->fields, "Location", location);
    alloc_free(location);
}

static void add_retry_after(struct reply *reply, const struct answer *answer,
                            int64_t wall_s)
{
    for (size_t i = 0; i < answer->retry_after_count; i++) {
        const struct retry_after *field = &answer->retry_after[i];
        char                      date[DATE_TEXT_MAX];

        header_add(&reply->fields, "Retry-After",
                   field->is_date
                       ? reply_date(date, field->form, wall_s + field->offset_s)
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

static bool needs_raw(const struct reply *reply, const struct attempt *attempt)
{
    size_t bytes = 0;

    for (size_t i = 0; i < reply->fields.count; i++) {
        const struct header *field = &reply->fields.items[i];

        if (is_beyond_mhd(field))
            return true;
        bytes += strlen(field->name) + strlen(field->value) + 4;
    }
    return reply->status < 200 || header_count(&reply->fields, "Date") != 1 ||
           header_count(&reply->fields, "Connection") > 1 ||
           !fits_beside(attempt, bytes);
}

/* The scenario's own fields: those called Connection, or all others. */
static void add_own(struct reply *reply, const struct header_list *own,
                    bool connection)
{
    for (size_t i = 0; i < own->count; i++)
        if (text_equal_nocase(own->items[i].name, "Connection") == connection)
            header_add(&reply->fields, own->items[i].name, own->items[i].value);
}

/* Connection goes first: libmicrohttpd sends it there whatever the order, and
 * forgets that there is a Date when it comes after one. */
static void add_fields(struct reply *reply, const struct answer *answer,
                       const struct reply_context *context)
{
    static const struct header_list none;
    const struct header_list *own = answer != NULL ? &answer->headers : &none;

    add_own(reply, own, true);
    if (context->close && header_count(own, "Connection") == 0)
        header_add(&reply->fields, "Connection", "close");
    if (header_count(own, "Date") == 0)
        header_add(&reply->fields, "Date", context->date);
    if (reply->body_bytes > 0 && header_count(own, "Content-Type") == 0)
        header_add(&reply->fields, "Content-Type", "application/json");
    if (answer != NULL && answer->elsewhere != ELSEWHERE_NOT)
        add_location(reply, context);
    if (answer != NULL)
        add_retry_after(reply, answer, context->wall_s);
    add_own(reply, own, false);
}

void reply_init(struct reply *reply, const struct answer *answer,
                const struct reply_context *context)
{
    *reply = (struct reply){0};
    if (answer != NULL)
        reply->status = answer->status;
    else
        reply->status = context->route == ROUTE_OTHER ? 404 : 200;
    choose_body(reply, answer, context);
    add_fields(reply, answer, context);
    reply->raw = needs_raw(reply, context->attempt);
    /* A raw answer is the last on its connection. */
    if (reply->raw && !context->close) {
        struct reply_context closing = *context;

        closing.close = true;
        header_clear(&reply->fields);
        add_fields(reply, answer, &closing);
    }
}

void reply_clear(struct reply *reply)
{
    header_clear(&reply->fields);
    alloc_free(reply->own_body);
    *reply = (struct reply){0};
}

bool reply_sends_length(const struct reply *reply)
{
    return reply->status >= 200 && reply->status != 204 &&
           reply->status != 304 &&
           header_count(&reply->fields, "Content-Length") == 0 &&
           header_count(&reply->fields, "Transfer-Encoding") == 0;
}

void reply_print(const struct reply *reply, bool with_body, struct bytes *out)
{
    char reason[REPLY_REASON_MAX];

    bytes_format(out, "HTTP/1.1 %d %s\r\n", reply->status,
                 reply_reason(reason, reply->status));
    for (size_t i = 0; i < reply->fields.count; i++)
        bytes_format(out, "%s: %s\r\n", reply->fields.items[i].name,
                     reply->fields.items[i].value);
    if (reply_sends_length(reply))
        bytes_format(out, "Content-Length: %zu\r\n", reply->body_bytes);
    bytes_add(out, "\r\n");
    if (with_body && reply->body != NULL)
        bytes_append(out, reply->body, reply->body_bytes);
}
