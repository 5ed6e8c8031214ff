/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_FILES_H
#define SCRIPT_FILES_H

/* Files as cases: what the tests of lua/ share. SOURCE_DIR is the tree. */

#include "common/bytes.h"
#include "lua/script.h"

enum { FILES_MAX = 400, PATH_BYTES_MAX = 512, FILE_BYTES_MAX = 1 << 20 };

struct file_list {
    char  *paths[FILES_MAX];
    size_t count;
};

/* The files of SOURCE_DIR/folder that end so, in the order of their names. */
void files_find(struct file_list *list, const char *folder, const char *end);
void files_clear(struct file_list *list);
/* All of a file; yours (alloc_free). Fails the test when there is none. */
char *files_read(const char *path, size_t *length_bytes);

struct script *files_script(uint64_t seed);
/* One that is given what the message says was used up: so a file that uses up
 * all it is given need not be given much. */
struct script *files_script_to_say(const char *message);
/* Loads the text under the name; false: what went wrong, "PLACE: TEXT". */
bool files_load(struct script *script, const char *name, const char *text,
                struct bytes *trouble);

#endif
