/* SPDX-License-Identifier: Apache-2.0 */
#include "server/framing.h"

#include "common/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_SHOWN_MAX = 60, AUTHORITY_MAX = 256 };

static bool has_body(const struct attempt *attempt)
{
    const char *length = header_get(&attempt->headers, "Content-Length", 0);

    return header_count(&attempt->headers, "Transfer-Encoding") > 0 ||
           (length != NULL && strcmp(length, "0") != 0);
}

static void check_length(struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;
    size_t                    lengths = header_count(headers, "Content-Length");
    const char               *first = header_get(headers, "Content-Length", 0);

    for (size_t i = 1; i < lengths; i++)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "%zu Content-Length fields, \"%s\" and \"%s\": "
                          "exactly one is allowed (RFC 9112, 6.3)",
                          lengths, first,
                          header_get(headers, "Content-Length", i));
    if (lengths > 0 && header_count(headers, "Transfer-Encoding") > 0)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "Content-Length beside Transfer-Encoding "
                          "(RFC 9112, 6.2)");
}

static void check_encoding(struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;
    const char *first = header_get(headers, "Transfer-Encoding", 0);
    size_t      count = header_count(headers, "Transfer-Encoding");

    if (count > 1)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "%zu Transfer-Encoding fields: at most one is "
                          "allowed here",
                          count);
    if (framing_is_unreadable(attempt))
        attempt_violation(attempt, VIOLATION_FRAME,
                          "Transfer-Encoding \"%s\": only \"chunked\" is "
                          "allowed here (RFC 9112, 6.1)",
                          first);
    if (count > 0 && strcmp(attempt->version, "HTTP/1.0") == 0)
        attempt_violation(attempt, VIOLATION_FRAME,
                          "Transfer-Encoding in an HTTP/1.0 request "
                          "(RFC 9112, 6.1)");
}

static void check_host(struct attempt *attempt, const struct framing *framing)
{
    size_t      hosts = header_count(&attempt->headers, "Host");
    const char *host = header_get(&attempt->headers, "Host", 0);
    char        own[AUTHORITY_MAX];

    if (hosts == 0 && strcmp(attempt->version, "HTTP/1.0") != 0)
        attempt_violation(attempt, VIOLATION_HOST,
                          "no Host field (RFC 9112, 3.2)");
    if (hosts > 1)
        attempt_violation(attempt, VIOLATION_HOST,
                          "%zu Host fields: exactly one is allowed "
                          "(RFC 9112, 3.2)",
                          hosts);
    if (hosts != 1 || framing->host == NULL)
        return;
    snprintf(own, sizeof own, "%.200s:%d", framing->host, framing->port);
    if (!text_equal_nocase(host, own))
        attempt_violation(attempt, VIOLATION_HOST,
                          "Host \"%.100s\": the client was sent to \"%s\" "
                          "(RFC 9112, 3.2)",
                          host, own);
}

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

static bool is_token(const char *name)
{
    size_t at = 0;

    while (is_letter_or_digit(name[at]) ||
           (name[at] != '\0' && strchr("!#$%&'*+-.^_`|~", name[at]) != NULL))
        at++;
    return at > 0 && name[at] == '\0';
}

static void check_names(struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;

    for (size_t i = 0; i < headers->count; i++)
        if (!is_token(headers->items[i].name))
            attempt_violation(attempt, VIOLATION_FRAME,
                              "\"%.100s\" is not the name of a header field "
                              "(RFC 9110, 5.1)",
                              headers->items[i].name);
}

static bool is_allowed(unsigned char byte)
{
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

/* What another reader may take for the end of a line, or of the text. */
static void check_values(struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;

    for (size_t i = 0; i < headers->count; i++) {
        const char *value = headers->items[i].value;
        size_t      at = 0;

        while (value[at] != '\0' && is_allowed((unsigned char)value[at]))
            at++;
        if (value[at] != '\0')
            attempt_violation(
                attempt, VIOLATION_FIELD,
                "the field \"%.100s\" holds the byte 0x%02x "
                "after \"%.*s\" (RFC 9110, 5.5)",
                headers->items[i].name, (unsigned)(unsigned char)value[at],
                at < VALUE_SHOWN_MAX ? (int)at : VALUE_SHOWN_MAX, value);
    }
}

static void check_target(struct attempt *attempt)
{
    if (attempt->target[0] != '/' && strcmp(attempt->method, "OPTIONS") != 0)
        attempt_violation(attempt, VIOLATION_HOST,
                          "the target \"%.100s\" is not a path; only a proxy "
                          "is sent more (RFC 9112, 3.2.1)",
                          attempt->target);
}

static void check_method(struct attempt *attempt, const struct framing *framing)
{
    const char *allowed = framing->puts ? "PUT" : "POST";

    if (has_body(attempt) && strcmp(attempt->method, allowed) != 0)
        attempt_violation(attempt, VIOLATION_METHOD,
                          "a body sent by %.40s: only %s is allowed "
                          "(RFC 9110, 9.3)",
                          attempt->method, allowed);
    if (strcmp(attempt->version, "HTTP/1.1") != 0)
        attempt_violation(attempt, VIOLATION_VERSION,
                          "a request of %.20s: wanted is HTTP/1.1 "
                          "(RFC 9110, 2.5)",
                          attempt->version);
}

static void check_expect(struct attempt *attempt)
{
    const char *expect = header_get(&attempt->headers, "Expect", 0);

    if (expect == NULL)
        return;
    if (!text_equal_nocase(expect, "100-continue"))
        attempt_violation(attempt, VIOLATION_METHOD,
                          "Expect \"%.100s\": only \"100-continue\" is "
                          "allowed (RFC 9110, 10.1.1)",
                          expect);
    else if (!has_body(attempt))
        attempt_violation(attempt, VIOLATION_METHOD,
                          "100-continue is expected, and there is no body to "
                          "go on with (RFC 9110, 10.1.1)");
}

/* A target stands in logs and caches, for others to read. */
static void check_query(struct attempt *attempt, const struct framing *framing)
{
    const char *query = strchr(attempt->target, '?');

    if (query == NULL || framing->in_query)
        return;
    if (strstr(query, "?access_token=") != NULL ||
        strstr(query, "&access_token=") != NULL)
        attempt_violation(attempt, VIOLATION_CREDENTIALS,
                          "a token in the target: it belongs in Authorization "
                          "(RFC 6750, 2.3)");
    if (framing->write_key != NULL && framing->write_key[0] != '\0' &&
        strstr(query, framing->write_key) != NULL)
        attempt_violation(attempt, VIOLATION_CREDENTIALS,
                          "the write key in the target's query: it belongs in "
                          "Authorization (RFC 9110, 17.9)");
}

static void check_credentials(struct attempt *attempt)
{
    size_t credentials = header_count(&attempt->headers, "Authorization");

    if (credentials > 1)
        attempt_violation(attempt, VIOLATION_CREDENTIALS,
                          "%zu Authorization fields: at most one is allowed "
                          "(RFC 9110, 5.3)",
                          credentials);
}

void framing_check(struct attempt *attempt, const struct framing *framing)
{
    if (!framing->folded)
        check_names(attempt);
    check_values(attempt);
    check_target(attempt);
    check_length(attempt);
    check_encoding(attempt);
    check_host(attempt, framing);
    check_method(attempt, framing);
    check_expect(attempt);
    check_query(attempt, framing);
    check_credentials(attempt);
}

bool framing_is_ambiguous(const struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;
    size_t                    lengths = header_count(headers, "Content-Length");
    size_t encodings = header_count(headers, "Transfer-Encoding");

    return lengths + encodings > 1;
}

bool framing_is_unreadable(const struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;

    for (size_t i = 0; i < header_count(headers, "Transfer-Encoding"); i++)
        if (!text_equal_nocase(header_get(headers, "Transfer-Encoding", i),
                               "chunked"))
            return true;
    return false;
}

/* Whether a comma-separated list holds the word, in any case. */
static bool list_has(const char *list, const char *word)
{
    while (*list != '\0') {
        size_t space = strspn(list, " \t,");
        size_t length = strcspn(list + space, " \t,");

        if (length == strlen(word) &&
            strncasecmp(list + space, word, length) == 0)
            return true;
        list += space + length;
    }
    return false;
}

bool framing_wants_close(const struct attempt *attempt)
{
    const struct header_list *headers = &attempt->headers;

    if (strcmp(attempt->version, "HTTP/1.0") == 0)
        return true;
    for (size_t i = 0; i < header_count(headers, "Connection"); i++)
        if (list_has(header_get(headers, "Connection", i), "close"))
            return true;
    return false;
}
