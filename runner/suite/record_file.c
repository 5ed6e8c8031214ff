/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/record_file.h"

#include "common/alloc.h"
#include "runner/trial/file.h"

#include <assert.h>
#include <string.h>

enum { RECORD_FILE_BYTES_MAX = 1 << 30 };

/* An id has small letters, digits and . _ / + - only, and is shorter than any
 * file's name may be (lua/lib/scenario.lua). */
char *record_file_path(const char *folder, const char *id)
{
    char *path = alloc_format("%s/%s.jsonl", folder, id);

    assert(id[0] != '\0');
    for (char *at = path + strlen(folder) + 1; *at != '\0'; at++) {
        if (*at == '_')
            *at = '=';
        else if (*at == '/')
            *at = '_';
    }
    return path;
}

bool record_file_write(const char *path, const struct record *record,
                       struct err *err)
{
    struct bytes text;
    bool         ok;

    bytes_init(&text, RECORD_FILE_BYTES_MAX);
    record_write(record, &text);
    ok = file_write(path, &text, err);
    bytes_clear(&text);
    return ok;
}

bool record_file_read(const char *path, struct record **record, struct err *err)
{
    struct bytes text;
    bool         ok;

    bytes_init(&text, RECORD_FILE_BYTES_MAX);
    ok = file_read(path, &text, err) &&
         record_read(bytes_text(&text), text.length, path, record, err);
    bytes_clear(&text);
    return ok;
}
