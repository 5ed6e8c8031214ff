/* SPDX-License-Identifier: Apache-2.0 */
/* retrial: puts an SDK's retry behaviour on trial. Finds the command, runs it
 * and turns errors into exit codes. */

#include "common/alloc.h"
#include "common/text.h"
#include "common/version.h"
#include "runner/command.h"
#include "runner/options.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_usage(FILE *stream)
{
    const struct command *command;

    fprintf(stream, "usage: retrial COMMAND ...\n\n");
    for (unsigned i = 0; (command = command_listed(i)) != NULL; i++)
        fprintf(stream, "  %-8s %-30s %s\n", command->name, command->synopsis,
                command->about);
    fprintf(stream,
            "\n`retrial help COMMAND` lists a command's flags.\n"
            "Exit codes: 0 certified, 1 not certified, 2 usage, 3 a scenario "
            "is broken (as\nthe reference client shows), 4 the client could "
            "not be run, a verdict stayed\ninconclusive or nothing was "
            "exercised, 5 our own fault, 130 interrupted (Ctrl-C),\n143 "
            "terminated.\n");
}

static enum exit_code unknown_command(const char *name)
{
    const struct command *command;
    const char           *names[16] = {"help", "--help", "--version"};
    size_t                count = 3;
    const char           *nearest;

    for (unsigned i = 0; (command = command_listed(i)) != NULL; i++)
        names[count++] = command->name;
    nearest = text_nearest(name, names, count);
    fprintf(stderr, "retrial: %s: no such command%s%s%s; see retrial --help\n",
            name, nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    return EXIT_USAGE;
}

static void print_err(const struct command *command, const struct err *err)
{
    fprintf(stderr, "retrial: %s%s%s\n", err->place,
            err->place[0] != '\0' ? ": " : "", err->text);
    if (err->code == ERR_USAGE)
        fprintf(stderr, "retrial: see retrial help %s\n", command->name);
}

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return true;
    return false;
}

/* `retrial help`, `retrial help COMMAND`. */
static enum exit_code help(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;

    if (name != NULL && command == NULL)
        return unknown_command(name);
    if (command != NULL)
        command_help(command);
    else
        print_usage(stdout);
    return EXIT_CERTIFIED;
}

static enum exit_code run_command(const struct command *command, int argc,
                                  char **argv)
{
    enum exit_code code = EXIT_OURS;
    struct options options;
    struct err     err = {0};

    if (asks_for_help(argc, argv))
        return help(command->name);
    if (!options_parse(argc, argv, command->flags, &options, &err) ||
        !command->run(&options, &code, &err)) {
        print_err(command, &err);
        return (enum exit_code)err_exit_code(err.code);
    }
    return code;
}

/* A full memory is no fault of ours. */
static void end_for_want(void)
{
    _exit(EXIT_CLIENT_NOT_RUN);
}

static enum exit_code run(int argc, char **argv)
{
    const struct command *command;

    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (is_help(argv[1]))
        return help(NULL);
    if (strcmp(argv[1], "help") == 0)
        return help(argc > 2 && !is_help(argv[2]) ? argv[2] : NULL);
    if (strcmp(argv[1], "--version") == 0) {
        printf("retrial %s\n", RETRIAL_VERSION);
        return EXIT_CERTIFIED;
    }
    command = command_find(argv[1]);
    return command ? run_command(command, argc - 1, argv + 1)
                   : unknown_command(argv[1]);
}

/* What is opened next must not become our stdout. What goes to one that nobody
 * gave us has not been written, so that it is opened for reading. */
static void open_what_is_closed(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", O_RDONLY);
}

/* A report that did not reach the disk or the pipe must not end in 0; what has
 * ended in 5 has said so. */
static enum exit_code close_stdout(enum exit_code code)
{
    bool failed = ferror(stdout) != 0;

    errno = 0;
    failed = fflush(stdout) != 0 || failed;
    if (!failed || code == EXIT_OURS)
        return code;
    fprintf(stderr, "retrial: stdout: could not be written%s%s\n",
            errno != 0 ? ": " : "", errno != 0 ? strerror(errno) : "");
    return EXIT_OURS;
}

int main(int argc, char **argv)
{
    alloc_give_up_by(end_for_want);
    /* A closed pipe and a file at its limit are errors we report. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    open_what_is_closed();
    return (int)close_stdout(run(argc, argv));
}
