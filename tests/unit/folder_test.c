/* SPDX-License-Identifier: Apache-2.0 */
/* Folders of killed runs are swept, and nothing else is. */

#include "common/alloc.h"
#include "server/keys/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char under[] = "/tmp/retrial-folder-XXXXXX";

static void make_folder(const char *name)
{
    char *path = alloc_format("%s/%s", under, name);

    assert_int_equal(mkdir(path, 0700), 0);
    alloc_free(path);
}

static void make_file(const char *name)
{
    char *path = alloc_format("%s/%s", under, name);
    int   fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

    assert_true(fd >= 0);
    close(fd);
    alloc_free(path);
}

static bool is_there(const char *name)
{
    char       *path = alloc_format("%s/%s", under, name);
    struct stat status;
    bool        found = lstat(path, &status) == 0;

    alloc_free(path);
    return found;
}

/* The owner's hand on it; close gives it free. */
static int hold(const char *name)
{
    char *path = alloc_format("%s/%s", under, name);
    int   fd = open(path, O_RDONLY | O_DIRECTORY);

    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    alloc_free(path);
    return fd;
}

static void point(const char *name, const char *to)
{
    char *path = alloc_format("%s/%s", under, name);

    assert_int_equal(symlink(to, path), 0);
    alloc_free(path);
}

static void make_and_remove(void)
{
    struct folder folder;
    struct err    err = {0};

    assert_true(folder_make(&folder, &err));
    assert_non_null(folder_write(&folder, "x", "y", 1, &err));
    folder_remove(&folder);
}

static const char *const left[] = {
    "retrial-keys-held00", "retrial-keys-link00",  "retrial-keys-deep00",
    "retrial-keys-file00", "retrial-keys-longer0", "other-0000000000000",
    "elsewhere",
};

static void test_sweep(void **state)
{
    int held;

    (void)state;
    make_folder("retrial-keys-dead00");
    make_file("retrial-keys-dead00/client-key.pem");
    make_folder("retrial-keys-held00");
    make_file("retrial-keys-held00/ca.pem");
    held = hold("retrial-keys-held00");
    make_folder("elsewhere");
    make_file("elsewhere/precious");
    point("retrial-keys-link00", "elsewhere");
    make_folder("retrial-keys-deep00");
    make_folder("retrial-keys-deep00/folder");
    make_file("retrial-keys-deep00/folder/precious");
    make_file("retrial-keys-file00");
    make_folder("retrial-keys-longer0");
    make_folder("other-0000000000000");
    make_and_remove();
    assert_false(is_there("retrial-keys-dead00"));
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        if (!is_there(left[i]))
            fail_msg("%s was swept", left[i]);
    assert_true(is_there("retrial-keys-held00/ca.pem"));
    assert_true(is_there("elsewhere/precious"));
    assert_true(is_there("retrial-keys-deep00/folder/precious"));
    close(held);
    make_and_remove();
    assert_false(is_there("retrial-keys-held00"));
}

/* A folder that lives is not swept by another of the same process. */
static void test_two(void **state)
{
    struct folder first;
    struct folder second;
    struct err    err = {0};

    (void)state;
    assert_true(folder_make(&first, &err));
    assert_true(folder_make(&second, &err));
    assert_non_null(folder_write(&first, "a", "b", 1, &err));
    assert_int_equal(access(first.files[0], R_OK), 0);
    folder_remove(&first);
    folder_remove(&second);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(under) == NULL || setenv("TMPDIR", under, 1);
}

static int end(void **state)
{
    char *command = alloc_format("rm -r '%s'", under);
    int   code = system(command);

    (void)state;
    alloc_free(command);
    return code;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sweep),
        cmocka_unit_test(test_two),
    };

    return cmocka_run_group_tests_name("folder", tests, begin, end);
}
