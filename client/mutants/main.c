/* SPDX-License-Identifier: Apache-2.0 */
/* retrial-mutant: the reference client with one deliberate mistake. */

#include "client/cli/cli.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: retrial-mutant NAME --input JSON\n"
    "       retrial-mutant NAME --stdio\n"
    "       retrial-mutant --list\n"
    "\n"
    "The reference client with one deliberate mistake; input, output and exit\n"
    "codes are those of retrial-client (see retrial-client --help).\n"
    "\n"
    "  --list     print each mutant: its name, the rule it breaks, what it "
    "does\n"
    "  --help     print this\n"
    "  --version  print the version\n";

static int print_list(void)
{
    const struct mutant *mutant;

    for (size_t i = 0; (mutant = mutant_at(i)) != NULL; i++)
        printf("%s\t%s\t%s\n", mutant->name, mutant->rule, mutant->sentence);
    return fflush(stdout) == 0 ? 0 : 1;
}

static int unknown(const struct cli_program *program, const char *name)
{
    const char **names = NULL;
    const char  *nearest;
    size_t       count = 0;
    int          code;

    for (; mutant_at(count) != NULL; count++) {
        names = alloc_one_more(names, count, sizeof *names);
        names[count] = mutant_at(count)->name;
    }
    nearest = text_nearest(name, names, count);
    code = cli_wrong(program, "no mutant \"%.60s\"%s%s%s", name,
                     nearest ? ", perhaps " : "", nearest ? nearest : "",
                     nearest ? "" : ", --list has them");
    alloc_free(names);
    return code;
}

int main(int argc, char **argv)
{
    struct cli_program   program = {.usage = usage, .name = "retrial-mutant"};
    const struct mutant *mutant;

    if (argc < 2)
        return cli_wrong(&program, "a mutant's NAME is missing");
    if (strcmp(argv[1], "--list") == 0 && argc == 2)
        return print_list();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0)
        return cli_main(&program, argc - 1, argv + 1);
    if (argv[1][0] == '-')
        return cli_wrong(&program, "a mutant's NAME comes before \"%.60s\"",
                         argv[1]);
    mutant = mutant_find(argv[1]);
    if (mutant == NULL)
        return unknown(&program, argv[1]);
    program.hooks = &mutant->hooks;
    return cli_main(&program, argc - 2, argv + 2);
}
