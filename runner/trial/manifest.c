/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/manifest_parts.h"

#include "common/alloc.h"
#include "runner/trial/contract.h"
#include "runner/trial/file.h"
#include "runner/trial/words.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

/* ---- making and freeing ---- */

struct manifest *manifest_new(void)
{
    struct manifest *manifest = alloc_zero(1, sizeof *manifest);

    manifest->contract = &contract_e2e;
    manifest->timeout_in_s = true; /* most e2e-clis take whole seconds */
    for (int i = 0; i < CONFIG_COUNT; i++)
        manifest->config[i] = CONFIG_UNSET;
    return manifest;
}

void manifest_free(struct manifest *manifest)
{
    if (manifest == NULL)
        return;
    for (size_t i = 0; i < manifest->expected_count; i++) {
        alloc_free(manifest->expected[i].scenario);
        alloc_free(manifest->expected[i].subject);
        alloc_free(manifest->expected[i].reason);
        alloc_free(manifest->expected[i].source);
        alloc_free(manifest->expected[i].place);
    }
    alloc_free(manifest->expected);
    words_free(manifest->capabilities);
    words_free(manifest->command);
    alloc_free(manifest->folder);
    alloc_free(manifest->name);
    alloc_free(manifest);
}

/* ---- the command ---- */

static const char *word_error(int code)
{
    switch (code) {
    case WRDE_BADCHAR:
        return "an unquoted newline or one of |&;<>(){}";
    case WRDE_CMDSUB:
        return "a command substitution";
    case WRDE_SYNTAX:
        return "an unclosed quote";
    default:
        return "words that cannot be split";
    }
}

/* Split as a shell would: quotes, backslashes, $VARIABLES, no commands. */
bool manifest_split_command(struct manifest *manifest, const char *command,
                            const char *place, struct err *err)
{
    wordexp_t words = {0};
    int       code = wordexp(command, &words, WRDE_NOCMD);

    if (code != 0)
        return err_set(err, ERR_USAGE, place,
                       "found %s in '%s'; allowed is a command as a shell "
                       "would take it, without pipes (wrap those in a script)",
                       word_error(code), command);
    if (words.we_wordc > ARGUMENTS_MAX) {
        err_set(err, ERR_USAGE, place, "found %zu words, allowed are %d",
                words.we_wordc, ARGUMENTS_MAX);
        wordfree(&words);
        return false;
    }
    for (size_t i = 0; i < words.we_wordc; i++)
        words_add(&manifest->command, alloc_text(words.we_wordv[i]));
    wordfree(&words);
    return manifest_check_command(manifest, place, err);
}

/* Of a program's name all, of an argument all but those of a text. */
static const char *find_control(const char *word, bool is_program)
{
    for (; *word != '\0'; word++)
        if (((unsigned char)*word < ' ' || *word == 0x7f) &&
            (is_program || strchr("\t\n\r", *word) == NULL))
            return word;
    return NULL;
}

bool manifest_check_command(const struct manifest *manifest, const char *place,
                            struct err *err)
{
    if (manifest->command == NULL || manifest->command[0][0] == '\0')
        return err_set(err, ERR_USAGE, place,
                       "command: found an empty name, allowed is a program "
                       "and its arguments");
    for (size_t i = 0; manifest->command[i] != NULL; i++) {
        const char *at = find_control(manifest->command[i], i == 0);

        if (at != NULL)
            return err_set(err, ERR_USAGE, place,
                           "command: found a control character (0x%02x) in "
                           "word %zu; allowed are printable ones, and in "
                           "arguments tabs and ends of lines",
                           (unsigned char)*at, i + 1);
    }
    return true;
}

/* A name without a slash may stand beside our own program (retrial-client). */
void manifest_find_beside_us(struct manifest *manifest)
{
    char *beside;

    if (strchr(manifest->command[0], '/') != NULL)
        return;
    beside = alloc_format("%s/%s", file_program_dir(), manifest->command[0]);
    if (access(beside, X_OK) == 0) {
        alloc_free(manifest->command[0]);
        manifest->command[0] = beside;
    } else {
        alloc_free(beside);
    }
}

void manifest_anchor_command(struct manifest *manifest)
{
    char real[PATH_MAX];

    if (strchr(manifest->command[0], '/') == NULL ||
        realpath(manifest->command[0], real) == NULL)
        return;
    alloc_free(manifest->command[0]);
    manifest->command[0] = alloc_text(real);
}

/* ---- capabilities and expected failures ---- */

bool manifest_knows_capability(const char *word)
{
    static const char *const words[] = {
#define X(word_) word_,
        CAPABILITY_MAP(X)
#undef X
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return config_is_capability(word);
}

bool manifest_has_capability(const struct manifest *manifest, const char *word)
{
    for (char **at = manifest->capabilities; at != NULL && *at != NULL; at++)
        if (strcmp(*at, word) == 0)
            return true;
    return false;
}

void manifest_add_capability(struct manifest *manifest, const char *word)
{
    if (!manifest_has_capability(manifest, word) &&
        manifest_knows_capability(word))
        words_add(&manifest->capabilities, alloc_text(word));
}

static bool known_subject(const char *subject)
{
    return rule_find(subject) != NULL || strcmp(subject, "contract") == 0 ||
           strcmp(subject, "expect") == 0;
}

bool manifest_expect_failure(struct manifest *manifest, const char *scenario,
                             const char *subject, const char *reason,
                             const char *source, const char *place,
                             struct err *err)
{
    struct expected_failure *expected;

    if (subject != NULL && !known_subject(subject)) {
        const char *nearest = rule_nearest(subject);

        return err_set(err, ERR_USAGE, place,
                       "found the rule %s%s%s%s; allowed is a rule's id "
                       "(retrial list rules), contract or expect",
                       subject, nearest ? " (did you mean " : "",
                       nearest ? nearest : "", nearest ? "?)" : "");
    }
    if (reason == NULL || reason[0] == '\0')
        return err_set(err, ERR_USAGE, place,
                       "%s: an expected failure needs its reason", scenario);
    manifest->expected =
        alloc_grow(manifest->expected, manifest->expected_count + 1,
                   sizeof manifest->expected[0]);
    expected = &manifest->expected[manifest->expected_count++];
    expected->scenario = alloc_text(scenario);
    expected->subject = alloc_text(subject);
    expected->reason = alloc_text(reason);
    expected->source = alloc_text(source);
    expected->place = alloc_text(place);
    return true;
}

/* "SCENARIO[:RULE] REASON", or a comment, or nothing. */
static bool read_known_line(struct manifest *manifest, char *line,
                            const char *place, struct err *err)
{
    char *reason = line + strcspn(line, " \t");
    char *subject;

    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (*reason != '\0')
        *reason++ = '\0';
    reason += strspn(reason, " \t");
    subject = strchr(line, ':');
    if (subject != NULL)
        *subject++ = '\0';
    return manifest_expect_failure(manifest, line, subject, reason, NULL, place,
                                   err);
}

bool manifest_read_known(struct manifest *manifest, const char *path,
                         struct err *err)
{
    struct bytes text;
    char        *rest;
    char        *line;
    bool         ok;

    bytes_init(&text, MANIFEST_BYTES_MAX);
    ok = file_read(path, &text, err);
    rest = text.data;
    for (int number = 1; ok && (line = strsep(&rest, "\n")) != NULL; number++) {
        char place[PATH_MAX + 16];

        snprintf(place, sizeof place, "%s:%d", path, number);
        ok = read_known_line(manifest, line, place, err);
    }
    bytes_clear(&text);
    return ok;
}

const char *manifest_lacks(const struct manifest *manifest,
                           const struct plan     *plan)
{
    const char *needed;

    for (size_t i = 0; (needed = plan_capability(plan, i)) != NULL; i++) {
        /* Not the client's doing: a pipe holds what an argument does not. */
        if (manifest->contract->lives_on && strcmp(needed, "large-input") == 0)
            continue;
        if (!manifest_has_capability(manifest, needed))
            return needed;
    }
    return NULL;
}

bool manifest_of_command(const char *command, const struct contract *contract,
                         const struct profile *profile, struct manifest **out,
                         struct err *err)
{
    struct manifest *manifest = manifest_new();

    manifest->profile = *profile;
    if (!manifest_split_command(manifest, command, "--client", err)) {
        manifest_free(manifest);
        return false;
    }
    manifest->profile_base = manifest->profile;
    manifest->contract = contract;
    manifest->name = alloc_text(command);
    contract->assume(manifest);
    manifest_find_beside_us(manifest);
    *out = manifest;
    return true;
}
