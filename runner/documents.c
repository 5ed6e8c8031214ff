/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/documents.h"

#include "common/alloc.h"
#include "reports/report.h"
#include "runner/terminal.h"
#include "runner/trial/file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    enum option_name option;
    const char      *writer;
} files[] = {
#define X(option, name, help) {OPTION_##option, #name},
    WRITER_FILE_MAP(X)
#undef X
};

enum { FILE_COUNT = sizeof files / sizeof files[0] };

/* A file's folder must be there and writable, or the file itself. */
static bool check_path(const char *path, struct err *err)
{
    char       *folder = alloc_text(path);
    char       *slash = strrchr(folder, '/');
    struct stat status;
    bool        is_there = stat(path, &status) == 0;
    bool        ok;

    if (slash != NULL)
        slash[slash == folder ? 1 : 0] = '\0';
    ok = access(slash ? folder : ".", W_OK | X_OK) == 0 ||
         (is_there && access(path, W_OK) == 0) ||
         file_refused(path, "cannot be written", err);
    if (is_there && S_ISDIR(status.st_mode))
        ok = err_set(err, ERR_USAGE, path,
                     "cannot be written: found a folder, allowed is a file");
    alloc_free(folder);
    return ok;
}

/* Made, if it is not there. */
static bool check_folder(const char *path, struct err *err)
{
    struct stat status;

    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return file_refused(path, "the folder for records cannot be made", err);
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode))
        return err_set(err, ERR_USAGE, path,
                       "found a file, allowed is a folder for records");
    return access(path, W_OK | X_OK) == 0 ||
           file_refused(path, "no record can be written there", err);
}

bool documents_check(const struct options *options, struct err *err)
{
    const char *records = options->text[OPTION_RECORDS];
    const char *record = options->text[OPTION_RECORD];

    for (size_t i = 0; i < FILE_COUNT; i++) {
        const char *path = options->text[files[i].option];

        if (path != NULL && !check_path(path, err))
            return false;
        for (size_t j = 0; path != NULL && j < i; j++)
            if (options->text[files[j].option] != NULL &&
                strcmp(options->text[files[j].option], path) == 0)
                return err_set(err, ERR_USAGE, path,
                               "is to hold two reports, as %s and as %s",
                               files[j].writer, files[i].writer);
    }
    return (record == NULL || check_path(record, err)) &&
           (records == NULL || check_folder(records, err));
}

/* Fills text (initialised here; clear it in any case). */
static bool render(const char *writer, const struct run *run,
                   const struct report_options *how, struct bytes *text,
                   struct err *err)
{
    const struct report_writer *report = report_find(writer);

    assert(report != NULL);
    bytes_init(text, REPORT_BYTES_MAX);
    return report_write(report, run, how, text, err);
}

bool documents_print(const char *writer, const struct run *run,
                     const struct report_options *how, struct err *err)
{
    struct bytes text;
    bool         ok = render(writer, run, how, &text, err);

    if (ok && fwrite(bytes_text(&text), 1, text.length, stdout) != text.length)
        ok = err_set_errno(err, "stdout", "could not be written");
    bytes_clear(&text);
    return ok;
}

static bool write_file(const char *path, const char *writer,
                       const struct run *run, const struct report_options *how,
                       struct err *err)
{
    struct bytes text;
    bool         ok =
        render(writer, run, how, &text, err) && file_write(path, &text, err);

    bytes_clear(&text);
    return ok;
}

/* "a/report.json" -> "a/report.NAME.json". Yours. */
static char *path_beside(const char *path, const char *also)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(path, '.');

    if (also == NULL)
        return alloc_text(path);
    if (dot == NULL || dot == path || (slash != NULL && dot < slash + 2))
        return alloc_format("%s.%s", path, also);
    return alloc_format("%.*s.%s%s", (int)(dot - path), path, also, dot);
}

bool documents_write(const struct options *options, const struct run *run,
                     const char *also, struct err *err)
{
    struct report_options how = terminal_options(
        options->given[OPTION_VERBOSE], options->given[OPTION_SECRETS]);
    struct report_options plain = how;
    struct err            first = {0};
    bool                  ok = true;

    plain.colour = false;
    plain.width = 0;
    /* One file that cannot be written does not keep the others from it. */
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char *path;
        bool  written;

        if (options->text[files[i].option] == NULL)
            continue;
        path = path_beside(options->text[files[i].option], also);
        written = write_file(path, files[i].writer, run, &plain, &first);
        alloc_free(path);
        if (!written && ok)
            *err = first;
        ok = ok && written;
    }
    return documents_print(options->given[OPTION_TAP] ? "tap" : "text", run,
                           &how, ok ? err : &first) &&
           ok;
}
