/* SPDX-License-Identifier: Apache-2.0 */
/* Files are written whole or not at all, and no two records share one. */

#include "common/alloc.h"
#include "runner/suite/record_file.h"
#include "runner/trial/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char  folder[64];
static char *path;

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/retrial-file-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    path = alloc_format("%s/it", folder);
    return 0;
}

static unsigned count_files(bool remove)
{
    DIR           *listing = opendir(folder);
    struct dirent *entry;
    unsigned       count = 0;

    assert_non_null(listing);
    while ((entry = readdir(listing)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (remove)
            unlinkat(dirfd(listing), entry->d_name, 0);
    }
    closedir(listing);
    return count;
}

static int remove_folder(void **state)
{
    (void)state;
    count_files(true);
    alloc_free(path);
    return rmdir(folder);
}

static bool put(const char *where, const char *words)
{
    struct bytes text;
    struct err   err = {0};
    bool         ok;

    bytes_init(&text, 1 << 20);
    bytes_add(&text, words);
    ok = file_write(where, &text, &err);
    assert_true(ok || strstr(err.text, "cannot be written: ") != NULL);
    bytes_clear(&text);
    return ok;
}

static void assert_holds(const char *where, const char *words)
{
    struct bytes text;
    struct err   err = {0};

    bytes_init(&text, 1 << 20);
    assert_true(file_read(where, &text, &err));
    assert_string_equal(bytes_text(&text), words);
    bytes_clear(&text);
}

/* A limit of a file's size refuses bytes as a full disk does. */
static void test_full(void **state)
{
    struct rlimit before;
    struct rlimit small;
    bool          ok;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_true(put(path, "before"));
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 8;
    setrlimit(RLIMIT_FSIZE, &small);
    ok = put(path, "longer than eight bytes");
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(ok);
    assert_holds(path, "before");
    assert_int_equal(count_files(false), 1);
    assert_false(put("/dev/full", "x"));
    assert_true(put("/dev/null", "x"));
}

static void test_link(void **state)
{
    char       *link = alloc_format("%s/link", folder);
    struct stat status;

    (void)state;
    assert_true(put(path, "before"));
    assert_int_equal(symlink("it", link), 0);
    assert_true(put(link, "after"));
    assert_holds(path, "after");
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    alloc_free(link);
}

/* As that of one file which a container was given. Root may write anywhere,
 * and so is somebody else for it. */
static void test_closed_folder(void **state)
{
    enum { NOBODY = 65534 };
    uid_t us = geteuid();

    (void)state;
    assert_true(put(path, "before"));
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    if (us == 0)
        assert_int_equal(seteuid(NOBODY), 0);
    assert_true(put(path, "after"));
    if (us == 0)
        assert_int_equal(seteuid(us), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_holds(path, "after");
    assert_int_equal(count_files(false), 1);
}

static void test_long_name(void **state)
{
    char  name[256];
    char *longest;

    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    longest = alloc_format("%s/%s", folder, name);
    assert_true(put(longest, "x"));
    assert_holds(longest, "x");
    alloc_free(longest);
}

static void test_record_paths(void **state)
{
    static const char *const names[][2] = {
        {"c/d", "x_y/c_d.jsonl"},
        {"c_d", "x_y/c=d.jsonl"},
        {"a_/b", "x_y/a=_b.jsonl"},
        {"a/_b", "x_y/a_=b.jsonl"},
        {"status/4xx/400", "x_y/status_4xx_400.jsonl"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *made = record_file_path("x_y", names[i][0]);

        assert_string_equal(made, names[i][1]);
        alloc_free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_full, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_link, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_closed_folder, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_long_name, make_folder,
                                        remove_folder),
        cmocka_unit_test(test_record_paths),
    };

    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
