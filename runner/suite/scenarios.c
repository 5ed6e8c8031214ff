/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/scenarios.h"

#include "common/alloc.h"
#include "common/text.h"
#include "runner/trial/file.h"

#include <fnmatch.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool scenarios_is_file(const char *pattern)
{
    size_t length = strlen(pattern);

    return length > 4 && strcmp(pattern + length - 4, ".lua") == 0;
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

static bool load_folder(struct script *script, const char *path,
                        struct err *err)
{
    char   *roots[] = {(char *)(uintptr_t)path, NULL};
    FTS    *tree = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);
    FTSENT *entry;
    size_t  loaded = 0;
    bool    ok = tree != NULL;

    if (!ok)
        return err_set_errno(err, path, "the scenarios cannot be read");
    while (ok && (entry = fts_read(tree)) != NULL) {
        if (entry->fts_info != FTS_F || !scenarios_is_file(entry->fts_name))
            continue;
        ok = script_load(script, entry->fts_path, err);
        loaded++;
    }
    fts_close(tree);
    if (ok && loaded == 0)
        return err_set(err, ERR_USAGE, path, "holds no scenario (*.lua)");
    return ok;
}

bool scenarios_load(struct script *script, const char *path, struct err *err)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return file_refused(path, "no scenarios can be read there", err);
    if (S_ISDIR(status.st_mode))
        return load_folder(script, path, err);
    return script_load(script, path, err);
}

static bool matches(const char *pattern, const char *id)
{
    size_t length = strlen(pattern);

    while (length > 1 && pattern[length - 1] == '/') /* as a shell ends it */
        length--;
    /* `*` crosses slashes: 'status/ *' is all of status. */
    return fnmatch(pattern, id, 0) == 0 ||
           (strncmp(pattern, id, length) == 0 && id[length] == '/');
}

const char *scenarios_nearest(const struct script *script, const char *id)
{
    size_t       count = script_plan_count(script);
    const char **ids = alloc_zero(count, sizeof ids[0]);
    const char  *nearest;

    for (size_t i = 0; i < count; i++)
        ids[i] = script_plan(script, i)->id;
    nearest = text_nearest(id, ids, count);
    alloc_free(ids);
    return nearest;
}

static bool nothing_matches(const struct script *script, const char *pattern,
                            struct err *err)
{
    const char *nearest = scenarios_nearest(script, pattern);

    if (nearest == NULL && access(pattern, F_OK) == 0)
        return err_set(err, ERR_USAGE, pattern,
                       "no scenario has this name; allowed are ids, globs, "
                       "and files that end in .lua (a folder: --scenarios)");
    return err_set(err, ERR_USAGE, pattern,
                   "no scenario has this name%s%s%s (of %zu; retrial list "
                   "scenarios)",
                   nearest ? "; did you mean " : "", nearest ? nearest : "",
                   nearest ? "?" : "", script_plan_count(script));
}

static bool all_match_something(const struct script *script,
                                char *const *patterns, size_t pattern_count,
                                struct err *err)
{
    for (size_t i = 0; i < pattern_count; i++) {
        size_t j = 0;

        if (scenarios_is_file(patterns[i]))
            continue;
        while (j < script_plan_count(script) &&
               !matches(patterns[i], script_plan(script, j)->id))
            j++;
        if (j == script_plan_count(script))
            return nothing_matches(script, patterns[i], err);
    }
    return true;
}

static bool wanted(char *const *patterns, size_t pattern_count, const char *id)
{
    size_t globs = 0;

    for (size_t i = 0; i < pattern_count; i++) {
        if (scenarios_is_file(patterns[i]))
            continue;
        globs++;
        if (matches(patterns[i], id))
            return true;
    }
    return globs == 0;
}

bool scenarios_select(const struct script *script, char *const *patterns,
                      size_t pattern_count, const struct shard *shard,
                      struct selection *selection, struct err *err)
{
    size_t count = script_plan_count(script);
    size_t seen = 0;
    bool   files = false;

    *selection = (struct selection){0};
    if (!all_match_something(script, patterns, pattern_count, err))
        return false;
    selection->plans = alloc_zero(count, sizeof selection->plans[0]);
    for (size_t i = 0; i < count; i++) {
        const struct plan *plan = script_plan(script, i);

        if (!wanted(patterns, pattern_count, plan->id))
            continue;
        if (shard->count == 0 || seen++ % shard->count == shard->number - 1)
            selection->plans[selection->count++] = plan;
    }
    for (size_t i = 0; i < pattern_count; i++)
        files = files || scenarios_is_file(patterns[i]);
    selection->whole = selection->count == count && !files;
    if (selection->count == 0) {
        selection_clear(selection);
        return err_set(err, ERR_USAGE, "--shard",
                       "part %u of %u holds no scenario", shard->number,
                       shard->count);
    }
    return true;
}

void selection_clear(struct selection *selection)
{
    alloc_free(selection->plans);
    *selection = (struct selection){0};
}

bool scenarios_find(const struct script *script, const char *id,
                    const struct plan **plan, struct err *err)
{
    for (size_t i = 0; i < script_plan_count(script); i++) {
        if (strcmp(script_plan(script, i)->id, id) == 0) {
            *plan = script_plan(script, i);
            return true;
        }
    }
    return nothing_matches(script, id, err);
}
