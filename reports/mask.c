/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/mask.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/text.h"

#include <assert.h>
#include <cJSON.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MASKED      "****"
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

enum {
    MASK_TEXT_MAX = 16 << 20,
    CREDENTIALS_MAX = 64 << 10,
    CUT_TEXT_MIN = 500, /* bytes; from here on a line may have been cut */
    SECRET_PART_MIN = 6, /* bytes; fewer tell nothing and match by chance */
};

void mask_init(struct mask *mask, bool show_secrets)
{
    *mask = (struct mask){.show = show_secrets};
}

void mask_clear(struct mask *mask)
{
    for (size_t i = 0; i < mask->count; i++)
        alloc_free(mask->secrets[i]);
    alloc_free(mask->secrets);
    mask_init(mask, mask->show);
}

/* ---- learning ---- */

static void learn(struct mask *mask, char *secret)
{
    assert(!mask->show);
    if (strlen(secret) < MASK_SECRET_MIN) {
        alloc_free(secret);
        return;
    }
    mask->secrets =
        alloc_grow(mask->secrets, mask->count + 1, sizeof mask->secrets[0]);
    mask->secrets[mask->count++] = secret;
    mask->sorted = false;
}

/* As it stands in a URL, and as it stands in JSON when '/' is escaped (PHP
 * does). Most secrets have neither form. */
static void learn_escaped(struct mask *mask, const char *secret)
{
    struct bytes url;
    struct bytes json;

    bytes_init(&url, CREDENTIALS_MAX);
    bytes_init(&json, CREDENTIALS_MAX);
    for (const char *at = secret; *at != '\0'; at++) {
        if (isalnum((unsigned char)*at) || strchr("-._~", *at) != NULL)
            bytes_append(&url, at, 1);
        else
            bytes_format(&url, "%%%02X", (unsigned char)*at);
        if (*at == '/' || *at == '"' || *at == '\\')
            bytes_add(&json, "\\");
        bytes_append(&json, at, 1);
    }
    if (strcmp(bytes_text(&url), secret) != 0)
        learn(mask, bytes_take(&url));
    if (strcmp(bytes_text(&json), secret) != 0)
        learn(mask, bytes_take(&json));
    bytes_clear(&url);
    bytes_clear(&json);
}

void mask_learn(struct mask *mask, const char *secret)
{
    char *encoded;

    if (mask->show || secret == NULL || strlen(secret) < MASK_SECRET_MIN)
        return;
    learn(mask, alloc_text(secret));
    learn_escaped(mask, secret);
    encoded = base64_encode(secret, strlen(secret));
    learn_escaped(mask, encoded);
    learn(mask, encoded);
}

/* The Basic credentials that a right client makes of the write key. */
static void learn_basic(struct mask *mask, const char *write_key)
{
    char *pair = alloc_format("%s:", write_key);

    if (strlen(write_key) >= MASK_SECRET_MIN)
        mask_learn(mask, pair);
    alloc_free(pair);
}

static void learn_token_answer(struct mask *mask, const struct answer *answer)
{
    static const char *const names[] = {"access_token", "refresh_token",
                                        "id_token"};
    cJSON                   *json;

    if (answer->body == NULL)
        return;
    json = cJSON_ParseWithLength(answer->body, answer->body_bytes);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const cJSON *token = cJSON_GetObjectItemCaseSensitive(json, names[i]);

        if (cJSON_IsString(token))
            mask_learn(mask, token->valuestring);
    }
    cJSON_Delete(json);
}

static void learn_token_steps(struct mask *mask, const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        learn_token_answer(mask, &list->items[i].answer);
}

void mask_learn_plan(struct mask *mask, const struct plan *plan)
{
    const struct route_plan *token = &plan->routes[ROUTE_TOKEN];

    if (mask->show)
        return;
    if (plan->given.write_key != NULL) {
        mask_learn(mask, plan->given.write_key);
        learn_basic(mask, plan->given.write_key);
    }
    learn_token_steps(mask, &token->steps);
    learn_token_steps(mask, &token->each_batch);
    for (size_t i = 0; i < token->with_event_count; i++)
        learn_token_steps(mask, &token->with_event[i].steps);
}

/* Where the credentials begin after a scheme we know; the start where there
 * is none, for then the whole value may be the secret. */
static const char *after_scheme(const char *value)
{
    static const char *const schemes[] = {"Basic", "Bearer", "Digest", "Token"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);

        if (strncasecmp(value, schemes[i], length) == 0 && value[length] == ' ')
            return value + length + strspn(value + length, " ");
    }
    return value;
}

bool mask_is_secret(const char *name)
{
    static const char key[] = "Api-Key"; /* X-Api-Key, DD-API-KEY ... */
    size_t            length = strlen(name);

    return (length >= strlen(key) &&
            text_equal_nocase(name + length - strlen(key), key)) ||
           text_equal_nocase(name, "Authorization") ||
           text_equal_nocase(name, "Proxy-Authorization") ||
           text_equal_nocase(name, "Cookie") ||
           text_equal_nocase(name, "Set-Cookie");
}

/* Who signs in as "key:" tells the key to everybody who can read Base64. */
static void learn_decoded(struct mask *mask, const char *credentials)
{
    struct bytes pair;
    char        *colon;

    bytes_init(&pair, CREDENTIALS_MAX);
    if (base64_decode(credentials, &pair) && pair.length > 0 &&
        memchr(pair.data, '\0', pair.length) == NULL) {
        mask_learn(mask, pair.data);
        colon = strchr(pair.data, ':');
        if (colon != NULL) {
            *colon = '\0';
            mask_learn(mask, pair.data);
            mask_learn(mask, colon + 1);
        }
    }
    bytes_clear(&pair);
}

void mask_learn_attempt(struct mask *mask, const struct attempt *attempt)
{
    if (mask->show)
        return;
    for (size_t i = 0; i < attempt->headers.count; i++) {
        const struct header *header = &attempt->headers.items[i];
        const char          *credentials = after_scheme(header->value);

        if (!mask_is_secret(header->name))
            continue;
        mask_learn(mask, credentials);
        if (strncasecmp(header->value, "Basic ", 6) == 0)
            learn_decoded(mask, credentials);
    }
}

/* Attempts mostly repeat the credentials of the one before. */
static bool same_credentials(const struct attempt *left,
                             const struct attempt *right)
{
    const char *a = header_get(&left->headers, "Authorization", 0);
    const char *b = header_get(&right->headers, "Authorization", 0);

    return a != NULL && b != NULL && strcmp(a, b) == 0 &&
           header_count(&left->headers, "Authorization") == 1 &&
           header_count(&right->headers, "Authorization") == 1 &&
           header_get(&right->headers, "Proxy-Authorization", 0) == NULL &&
           header_get(&right->headers, "Cookie", 0) == NULL;
}

void mask_learn_trial(struct mask *mask, const struct trial_result *trial)
{
    const struct record *record = trial->record;
    size_t               count = record != NULL ? record->attempt_count : 0;

    mask_clear(mask);
    mask_learn_plan(mask, trial->plan);
    for (size_t i = 0; !mask->show && i < count; i++)
        if (i == 0 ||
            !same_credentials(record->attempts[i - 1], record->attempts[i]))
            mask_learn_attempt(mask, record->attempts[i]);
}

/* ---- finding ---- */

static int longest_first(const void *left, const void *right)
{
    const char *a = *(char *const *)left;
    const char *b = *(char *const *)right;
    size_t      a_length = strlen(a);
    size_t      b_length = strlen(b);

    if (a_length != b_length)
        return a_length > b_length ? -1 : 1;
    return strcmp(a, b);
}

/* Longest first, so that a secret within a longer one leaves no rest. */
static void sort_secrets(struct mask *mask)
{
    size_t kept = 0;

    if (mask->sorted || mask->count == 0)
        return;
    qsort(mask->secrets, mask->count, sizeof mask->secrets[0], longest_first);
    for (size_t i = 0; i < mask->count; i++) {
        if (kept > 0 && strcmp(mask->secrets[kept - 1], mask->secrets[i]) == 0)
            alloc_free(mask->secrets[i]);
        else
            mask->secrets[kept++] = mask->secrets[i];
        mask->starts[(unsigned char)mask->secrets[kept - 1][0]] = true;
    }
    assert(kept > 0);
    mask->count = kept;
    mask->sorted = true;
}

static size_t secret_at(const struct mask *mask, const char *at, size_t left,
                        bool cut)
{
    assert(mask->sorted || mask->count == 0);
    if (!mask->starts[(unsigned char)*at])
        return 0;
    for (size_t i = 0; i < mask->count; i++) {
        size_t length = strlen(mask->secrets[i]);

        if (length <= left && memcmp(mask->secrets[i], at, length) == 0)
            return length;
        /* A text that was cut may end in the middle of a secret. */
        if (cut && length > left && left >= SECRET_PART_MIN &&
            memcmp(mask->secrets[i], at, left) == 0)
            return left;
    }
    return 0;
}

/* ... or start in the middle of one, as the tail of stderr does. */
static size_t secret_end_at_start(const struct mask *mask, const char *text,
                                  size_t length)
{
    size_t longest = 0;

    for (size_t i = 0; i < mask->count; i++)
        for (const char *rest = mask->secrets[i] + 1; *rest != '\0'; rest++) {
            size_t left = strlen(rest);

            if (left >= SECRET_PART_MIN && left <= length && left > longest &&
                memcmp(rest, text, left) == 0)
                longest = left;
        }
    return longest;
}

/* ---- cleaning ---- */

static uint32_t utf8_value(const char *at, size_t length)
{
    uint32_t value = (unsigned char)at[0];

    assert(length >= 1 && length <= 4);
    if (length == 1)
        return value;
    value &= 0x7fu >> length;
    for (size_t i = 1; i < length; i++)
        value = (value << 6) | ((unsigned char)at[i] & 0x3fu);
    return value;
}

/* Controls (C1 too: 0x9b starts a terminal sequence), the marks that turn the
 * direction of writing, and what XML does not know. */
static bool is_harmful(uint32_t value)
{
    return value < 0x20 || (value >= 0x7f && value <= 0x9f) ||
           (value >= 0x2028 && value <= 0x202e) ||
           (value >= 0x2066 && value <= 0x2069) || value == 0xfeff ||
           (value & 0xfffe) == 0xfffe;
}

static size_t clean_one(const char *at, size_t left, bool lines,
                        struct bytes *out)
{
    size_t step = text_utf8_sequence(at, left);

    if (*at == '\r' && left > 1 && at[1] == '\n')
        return 1;
    if (*at == '\n' || *at == '\t' || *at == '\r')
        bytes_add(out, lines && *at != '\t' ? "\n" : " ");
    else if (step == 0 || is_harmful(utf8_value(at, step)))
        bytes_add(out, REPLACEMENT);
    else
        bytes_append(out, at, step);
    return step == 0 ? 1 : step;
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* block: lines are kept. A block is often cut out of something longer, and so
 * is a long line; then a part of a secret may stand at its edge. */
static void mask_text(struct mask *mask, const char *text, size_t length,
                      bool block, struct bytes *out)
{
    bool   cut = block || length >= CUT_TEXT_MIN;
    size_t at = 0;

    sort_secrets(mask);
    if (cut)
        at = secret_end_at_start(mask, text, length);
    if (at > 0)
        bytes_add(out, MASKED);
    while (at < length) {
        size_t secret = secret_at(mask, text + at, length - at, cut);
        size_t run = at;

        while (secret == 0 && run < length && is_plain(text[run]) &&
               (run == at || !mask->starts[(unsigned char)text[run]]))
            run++;
        assert(secret <= length - at);
        if (secret > 0)
            bytes_add(out, MASKED);
        else if (run > at)
            bytes_append(out, text + at, run - at);
        else
            run = at + clean_one(text + at, length - at, block, out);
        at = secret > 0 ? at + secret : run;
    }
}

void mask_add(struct mask *mask, const char *text, struct bytes *out)
{
    if (text != NULL)
        mask_text(mask, text, strlen(text), false, out);
}

void mask_add_short(struct mask *mask, const char *text, size_t max_bytes,
                    struct bytes *out)
{
    struct bytes line;
    size_t       end = max_bytes;

    assert(max_bytes > 0);
    bytes_init(&line, max_bytes + 1); /* one more, to know that it is cut */
    mask_add(mask, text, &line);
    if (line.length <= end) {
        bytes_add(out, bytes_text(&line));
    } else {
        while (end > 0 && ((unsigned char)line.data[end] & 0xc0) == 0x80)
            end--;
        bytes_append(out, line.data, end);
        bytes_format(out, "... (%zu bytes)", strlen(text));
    }
    bytes_clear(&line);
}

char *mask_line(struct mask *mask, const char *text)
{
    struct bytes out;

    bytes_init(&out, MASK_TEXT_MAX);
    mask_add(mask, text, &out);
    return bytes_take(&out);
}

char *mask_block(struct mask *mask, const char *text, size_t length_bytes)
{
    struct bytes out;

    bytes_init(&out, MASK_TEXT_MAX);
    mask_text(mask, text, length_bytes, true, &out);
    return bytes_take(&out);
}

char *mask_header(struct mask *mask, const struct header *header)
{
    const char *credentials = after_scheme(header->value);
    struct mask scheme_mask = {.show = true};
    char       *scheme;
    char       *masked;

    if (mask->show || !mask_is_secret(header->name) || header->value[0] == '\0')
        return mask_line(mask, header->value);
    scheme = alloc_text_n(header->value, (size_t)(credentials - header->value));
    masked = mask_line(&scheme_mask, scheme);
    alloc_free(scheme);
    scheme = masked;
    masked = alloc_format("%s%s", scheme, *credentials ? MASKED : "");
    alloc_free(scheme);
    return masked;
}
