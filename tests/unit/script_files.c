/* SPDX-License-Identifier: Apache-2.0 */
#include "script_files.h"

#include "common/alloc.h"
#include "model/profile_load.h"
#include "common/text.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void files_find(struct file_list *list, const char *folder, const char *end)
{
    char            path[PATH_BYTES_MAX];
    struct dirent **entries;
    int             count;

    *list = (struct file_list){0};
    snprintf(path, sizeof path, "%s/%s", SOURCE_DIR, folder);
    count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        size_t      length = strlen(name);

        if (length > strlen(end) &&
            strcmp(name + length - strlen(end), end) == 0) {
            assert_true(list->count < FILES_MAX);
            list->paths[list->count++] = alloc_format("%s/%s", path, name);
        }
        alloc_free(entries[i]);
    }
    if (count >= 0)
        alloc_free(entries);
    if (list->count == 0)
        fail_msg("no %s in %s", end, path);
}

void files_clear(struct file_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        alloc_free(list->paths[i]);
}

char *files_read(const char *path, size_t *length_bytes)
{
    FILE *file = fopen(path, "rb");
    char *text = alloc_zero(FILE_BYTES_MAX + 1, 1);

    if (file == NULL)
        fail_msg("%s cannot be opened", path);
    *length_bytes = fread(text, 1, FILE_BYTES_MAX, file);
    fclose(file);
    return text;
}

static struct script *open_script(struct script_config config)
{
    struct profile profile;
    struct script *script = NULL;
    struct err     err;

    config.profile = &profile;
    if (!profile_load(&profile, "segment", &err) ||
        !script_open(&script, &config, &err))
        fail_msg("%s: %s", err.place, err.text);
    return script;
}

struct script *files_script(uint64_t seed)
{
    return open_script((struct script_config){.seed = seed});
}

static int64_t number_after(const char *text, const char *words)
{
    const char *at = strstr(text, words);
    int64_t     number = 0;

    for (at = at != NULL ? at + strlen(words) : ""; *at >= '0' && *at <= '9';
         at++)
        number = number * 10 + (*at - '0');
    return number;
}

struct script *files_script_to_say(const char *message)
{
    return open_script((struct script_config){
        .seed = 1,
        .load_instructions = number_after(message, "over its budget of "),
        .cpu_limit_s = (unsigned)number_after(message, "for more than ")});
}

bool files_load(struct script *script, const char *name, const char *text,
                struct bytes *trouble)
{
    struct err err;

    if (script_load_text(script, name, text, strlen(text), &err))
        return true;
    assert_int_equal(err.code, ERR_SCENARIO);
    bytes_format(trouble, "%s: %s", err.place, err.text);
    return false;
}
