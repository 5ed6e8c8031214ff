#include "runner/documents.h"

#include "common/alloc.h"
#include "reports/report.h"
#include "runner/file.h"
#include "runner/terminal.h"

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
    {OPTION_JSON, "json"},
    {OPTION_JUNIT, "junit"},
    {OPTION_HTML, "html"},
    {OPTION_MARKDOWN, "markdown"},
};

enum { FILE_COUNT = sizeof files / sizeof files[0] };

/* A file's folder must be there and writable. */
static bool check_path(const char *path, struct err *err)
{
    char       *folder = alloc_text(path);
    char       *slash = strrchr(folder, '/');
    struct stat status;
    bool        ok;

    if (slash != NULL)
        slash[slash == folder ? 1 : 0] = '\0';
    ok = access(slash ? folder : ".", W_OK | X_OK) == 0 ||
         (stat(path, &status) == 0 && access(path, W_OK) == 0);
    if (!ok) {
        err_set_errno(err, path, "cannot be written");
        err->code = ERR_USAGE;
    }
    alloc_free(folder);
    return ok;
}

bool documents_check(const struct options *options, struct err *err)
{
    const char *records = options->text[OPTION_RECORDS];

    for (size_t i = 0; i < FILE_COUNT; i++)
        if (options->text[files[i].option] != NULL &&
            !check_path(options->text[files[i].option], err))
            return false;
    if (records == NULL || mkdir(records, 0777) == 0 || errno == EEXIST)
        return true;
    err_set_errno(err, records, "the folder for records cannot be made");
    err->code = ERR_USAGE;
    return false;
}

/* Fills text (initialised here; clear it in any case). */
static bool render(const char *writer, const struct run *run,
                   const struct report_options *how, struct bytes *text,
                   struct err *err)
{
    const struct report_writer *report = report_find(writer);

    assert(report != NULL);
    bytes_init(text, REPORT_BYTES_MAX);
    return report->write(run, how, text, err);
}

bool documents_print(const char *writer, const struct run *run,
                     const struct report_options *how, struct err *err)
{
    struct bytes text;
    bool         ok = render(writer, run, how, &text, err);

    if (ok &&
        fwrite(bytes_text(&text), 1, text.length, stdout) != text.length)
        ok = err_set_errno(err, "stdout", "the report could not be written");
    bytes_clear(&text);
    return ok;
}

static bool write_file(const char *path, const char *writer,
                       const struct run *run,
                       const struct report_options *how, struct err *err)
{
    struct bytes text;
    bool         ok = render(writer, run, how, &text, err) &&
              file_write(path, &text, err);

    bytes_clear(&text);
    return ok;
}

bool documents_write(const struct options *options, const struct run *run,
                     struct err *err)
{
    struct report_options how =
        terminal_options(options->given[OPTION_VERBOSE],
                         options->given[OPTION_SECRETS]);
    struct report_options plain = how;
    struct err            first = {0};
    bool                  ok;

    plain.colour = false;
    plain.width = 0;
    ok = documents_print(options->given[OPTION_TAP] ? "tap" : "text", run,
                         &how, err);
    /* One file that cannot be written does not keep the others from it. */
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const char *path = options->text[files[i].option];

        if (path == NULL ||
            write_file(path, files[i].writer, run, &plain, &first))
            continue;
        if (ok)
            *err = first;
        ok = false;
    }
    return ok;
}
