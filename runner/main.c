/* retrial: puts an SDK's retry behaviour on trial. Finds the command, runs it
 * and turns errors into exit codes. */

#include "common/text.h"
#include "common/version.h"
#include "runner/command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_usage(FILE *stream)
{
    const struct command *command;

    fprintf(stream, "usage: retrial COMMAND ...\n\n");
    for (unsigned i = 0; (command = command_listed(i)) != NULL; i++)
        fprintf(stream, "  %-8s %-30s %s\n", command->name, command->synopsis,
                command->about);
    fprintf(stream,
            "\n`retrial COMMAND --help` lists a command's flags.\n"
            "Exit codes: 0 certified, 1 not certified, 2 usage, 3 a scenario "
            "is broken,\n4 the client could not be run or a verdict stayed "
            "inconclusive, 5 our own fault.\n");
}

static enum exit_code unknown_command(const char *name)
{
    const struct command *command;
    const char           *names[16];
    size_t                count = 0;
    const char           *nearest;

    while ((command = command_listed((unsigned)count)) != NULL)
        names[count++] = command->name;
    nearest = text_nearest(name, names, count);
    fprintf(stderr, "retrial: %s: no such command%s%s%s; see retrial --help\n",
            name, nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    return EXIT_USAGE;
}

static void print_err(const struct err *err)
{
    fprintf(stderr, "retrial: %s%s%s\n", err->place,
            err->place[0] != '\0' ? ": " : "", err->text);
    if (err->code == ERR_USAGE)
        fprintf(stderr, "retrial: see retrial --help\n");
}

/* A report that did not reach the disk or the pipe must not end in 0. */
static bool flush_stdout(struct err *err)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return err_set_errno(err, "stdout",
                             "the report could not be written");
    return true;
}

static enum exit_code run_command(const struct command *command, int argc,
                                  char **argv)
{
    enum exit_code code = EXIT_OURS;
    struct err     err = {0};

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            command_help(command);
            return flush_stdout(&err) ? EXIT_CERTIFIED : EXIT_OURS;
        }
    }
    if (!command->run(argc, argv, &code, &err) || !flush_stdout(&err)) {
        print_err(&err);
        return (enum exit_code)err_exit_code(err.code);
    }
    return code;
}

int main(int argc, char **argv)
{
    const struct command *command;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error we report */
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return EXIT_CERTIFIED;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("retrial %s\n", RETRIAL_VERSION);
        return EXIT_CERTIFIED;
    }
    command = command_find(argv[1]);
    if (command == NULL)
        return (int)unknown_command(argv[1]);
    return (int)run_command(command, argc - 1, argv + 1);
}
