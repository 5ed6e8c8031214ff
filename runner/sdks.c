/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/sdks.h"

#include "common/alloc.h"
#include "common/text.h"
#include "runner/trial/file.h"
#include "runner/trial/words.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *sdks_folder(const char *name)
{
    return alloc_format("%s/sdks/%s", file_share_dir(), name);
}

static bool is_ours(const char *name)
{
    char *manifest =
        alloc_format("%s/sdks/%s/client.json", file_share_dir(), name);
    bool is_there = access(manifest, R_OK) == 0;

    alloc_free(manifest);
    return is_there;
}

char **sdks_names(struct err *err)
{
    char           *folder = alloc_format("%s/sdks", file_share_dir());
    struct dirent **entries = NULL;
    int             count = scandir(folder, &entries, NULL, alphasort);
    char          **names = NULL;
    size_t          found = 0;

    if (count < 0)
        err_set_errno(err, folder, "cannot be read");
    else
        names = alloc_zero((size_t)count + 1, sizeof names[0]);
    for (int i = 0; i < count; i++) {
        if (is_ours(entries[i]->d_name))
            names[found++] = alloc_text(entries[i]->d_name);
        alloc_free(entries[i]);
    }
    alloc_free(entries);
    alloc_free(folder);
    return names;
}

static char *no_sdk(const char *word, struct err *err)
{
    char      **names = sdks_names(err);
    const char *nearest;

    if (names == NULL)
        return NULL;
    nearest =
        text_nearest(word, (const char *const *)names, words_count(names));
    err_set(err, ERR_USAGE, "--sdk",
            "found %s%s%s%s, allowed is a folder with client.json or "
            "e2e-config.json, or a name that `retrial list sdks` has",
            word, nearest ? " (did you mean " : "", nearest ? nearest : "",
            nearest ? "?)" : "");
    words_free(names);
    return NULL;
}

/* A folder goes before a name: ./curl is the user's own. */
char *sdks_find(const char *word, struct err *err)
{
    struct stat status;
    bool        is_there = stat(word, &status) == 0;

    if (is_there && S_ISDIR(status.st_mode))
        return alloc_text(word);
    if (strchr(word, '/') == NULL && is_ours(word))
        return sdks_folder(word);
    return no_sdk(word, err);
}
