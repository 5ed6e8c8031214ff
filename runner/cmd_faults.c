/* SPDX-License-Identifier: Apache-2.0 */
/* retrial faults: proves each fault on this kernel. A raw peer meets it, and
 * what it saw stands beside what was promised; a difference is exit 1. */

#include "common/text.h"
#include "runner/command.h"
#include "runner/documents.h"
#include "runner/options.h"
#include "runner/proof/proof.h"
#include "runner/trial/file.h"
#include "runner/trial/interrupt.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

enum { REPORT_MAX_BYTES = 4 << 20 };

/* No names: all of them. */
static bool is_wanted(const struct options *options, enum fault fault)
{
    for (size_t i = 0; i < options->argument_count; i++)
        if (strcmp(options->arguments[i], fault_name(fault)) == 0)
            return true;
    return options->argument_count == 0;
}

static bool check_names(const struct options *options, struct err *err)
{
    const char *names[FAULT_COUNT];

    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        names[i - 1] = fault_name((enum fault)i);
    for (size_t i = 0; i < options->argument_count; i++) {
        const char *name = options->arguments[i];
        const char *near = text_nearest(name, names, FAULT_COUNT - 1);

        if (fault_find(name) == FAULT_NONE)
            return err_set(err, ERR_USAGE, name,
                           "no fault has this name%s%s%s; `retrial list "
                           "faults` has them",
                           near ? "; did you mean " : "", near ? near : "",
                           near ? "?" : "");
    }
    return true;
}

static void print_proof(const struct proof *proof)
{
    char name[PROOF_NAME_MAX];
    char took[TEXT_DURATION_MAX];

    printf("%-6s %-25s %8s  %s\n", proof->held ? "ok" : "NOT OK",
           proof_name(proof, name), text_from_duration(took, proof->took_ns),
           proof->saw);
    if (!proof->held)
        printf("       promised: %s; seen: %s\n", proof->promised,
               proof->missed ? proof->missed : "nothing");
    fflush(stdout);
}

static bool write_json(const char *path, cJSON *list, struct err *err)
{
    struct bytes text;
    char        *printed;
    bool         ok;

    if (path == NULL)
        return true;
    printed = cJSON_Print(list);
    bytes_init(&text, REPORT_MAX_BYTES);
    bytes_add(&text, printed);
    bytes_add(&text, "\n");
    ok = file_write(path, &text, err);
    bytes_clear(&text);
    cJSON_free(printed);
    return ok;
}

static bool prove_all(const struct options *options, cJSON *list,
                      size_t *missed, struct err *err)
{
    size_t proved = 0;

    for (size_t i = 0; i < proof_count() && interrupt_came() == 0; i++) {
        struct proof proof;

        if (!is_wanted(options, proof_fault(i)))
            continue;
        if (!proof_make(i, &proof, err)) {
            proof_clear(&proof);
            return false;
        }
        print_proof(&proof);
        cJSON_AddItemToArray(list, proof_to_json(&proof));
        proved++;
        *missed += !proof.held;
        proof_clear(&proof);
    }
    printf("\n%s%zu proofs, %zu not held\n",
           interrupt_came() != 0 ? "interrupted: " : "", proved, *missed);
    return true;
}

static bool faults(const struct options *options, enum exit_code *exit_code,
                   struct err *err)
{
    cJSON *list = cJSON_CreateArray();
    size_t missed = 0;
    bool   ok;

    ok = check_names(options, err) && documents_check(options, err);
    interrupt_start();
    ok = ok && prove_all(options, list, &missed, err);
    interrupt_stop();
    ok = ok && write_json(options->text[OPTION_JSON], list, err);
    cJSON_Delete(list);
    *exit_code = missed == 0 ? EXIT_CERTIFIED : EXIT_NOT_CERTIFIED;
    if (interrupt_came() != 0)
        *exit_code = (enum exit_code)(EXIT_SIGNAL + interrupt_came());
    return ok;
}

const struct command cmd_faults = {
    .name = "faults",
    .synopsis = "[FAULT...] [--json F]",
    .about = "prove each fault on this kernel with a raw peer",
    .flags = OPTION_BIT(OPTION_JSON),
    .run = faults,
};
