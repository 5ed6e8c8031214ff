/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/catalog.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/text.h"
#include "judge/judge.h"
#include "model/fault.h"
#include "model/profile_load.h"
#include "model/rule_sentence.h"
#include "runner/checks_page.h"
#include "runner/families.h"
#include "runner/faults_page.h"
#include "runner/profiles_page.h"
#include "runner/sdks.h"
#include "runner/trial/file.h"
#include "runner/trial/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *say(char                 buffer[RULE_SENTENCE_MAX],
                       const struct script *script, const struct rule *rule)
{
    return rule_sentence(buffer, rule, script_profile(script));
}

static bool judges(const struct check_info *check, const struct rule *rule)
{
    for (const enum rule_id *id = check->rules; *id != RULE_NONE; id++)
        if (*id == rule_index(rule))
            return true;
    return false;
}

/* ---- scenarios ---- */

static bool list_scenarios(const struct script *script, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < script_plan_count(script); i++) {
        const struct plan *plan = script_plan(script, i);

        printf("%-44s", plan->id);
        for (size_t j = 0; j < plan->rule_count; j++)
            printf(" %s", plan->rules[j]->id);
        printf("\n");
    }
    return true;
}

static const char *scenario_at(const struct script *script, size_t index)
{
    return index < script_plan_count(script) ? script_plan(script, index)->id
                                             : NULL;
}

static bool explain_scenario(const struct script *script, const char *name)
{
    for (size_t i = 0; i < script_plan_count(script); i++) {
        const struct plan *plan = script_plan(script, i);
        struct bytes       text;
        char               buffer[RULE_SENTENCE_MAX];

        if (strcmp(plan->id, name) != 0)
            continue;
        bytes_init(&text, 4 << 20);
        plan_print(plan, &text);
        printf("%s  declared  %s:%d\n\n", bytes_text(&text), plan->file,
               plan->line);
        bytes_clear(&text);
        for (size_t j = 0; j < plan->rule_count; j++)
            printf("%-10s %s\n", plan->rules[j]->id,
                   say(buffer, script, plan->rules[j]));
        return true;
    }
    return false;
}

/* ---- mutants: the table is in their own program ---- */

struct mutant {
    const char *name;
    const char *rule; /* which it breaks */
    const char *about;
};

/* False: their program is not there, or told nothing. */
static bool each_mutant(void (*tell)(const struct mutant *mutant,
                                     const char          *rule),
                        const char *rule)
{
    char *command =
        alloc_format("'%s/retrial-mutant' --list", file_program_dir());
    FILE *pipe = popen(command, "re");
    char  line[512];
    bool  any = false;

    alloc_free(command);
    while (pipe != NULL && fgets(line, sizeof line, pipe) != NULL) {
        char         *rest = line;
        struct mutant mutant = {.name = strsep(&rest, "\t\n")};

        mutant.rule = rest ? strsep(&rest, "\t\n") : "";
        mutant.about = rest ? strsep(&rest, "\t\n") : "";
        tell(&mutant, rule);
        any = true;
    }
    return pipe != NULL && pclose(pipe) == 0 && any;
}

static void print_breaker(const struct mutant *mutant, const char *rule)
{
    if (strcmp(mutant->rule, rule) == 0)
        printf("  broken by    %s: %s\n", mutant->name, mutant->about);
}

/* ---- rules ---- */

static void print_mutants_of(const struct rule *rule)
{
    const struct check_info *check;
    unsigned                 count = 0;

    for (size_t i = 0; (check = judge_check(i)) != NULL; i++)
        for (size_t j = 0; judges(check, rule) && check->killed_by[j] != NULL;
             j++)
            printf("%s%s", count++ > 0 ? ", " : "", check->killed_by[j]);
    if (count == 0)
        printf("none yet");
}

static unsigned scenarios_of(const struct script *script,
                             const struct rule   *rule)
{
    unsigned count = 0;

    for (size_t i = 0; i < script_plan_count(script); i++)
        count += plan_names_rule(script_plan(script, i), rule);
    return count;
}

/* How many, and the first few; `retrial explain RULE` has all. */
static void print_some_scenarios(const struct script *script,
                                 const struct rule   *rule)
{
    enum { SHOWN_MAX = 3 };
    unsigned count = scenarios_of(script, rule);
    unsigned shown = 0;

    printf("  scenarios: %u", count);
    for (size_t i = 0; shown < SHOWN_MAX && i < script_plan_count(script); i++)
        if (plan_names_rule(script_plan(script, i), rule))
            printf("%s %s", shown++ == 0 ? ":" : ",",
                   script_plan(script, i)->id);
    printf("%s\n", count > shown ? ", ..." : "");
}

static bool list_rules(const struct script *script, struct err *err)
{
    char buffer[RULE_SENTENCE_MAX];

    (void)err;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        printf("%-11s%-8s %s\n", rule_table[i].id,
               rule_level_text(rule_table[i].level),
               say(buffer, script, &rule_table[i]));
        print_some_scenarios(script, &rule_table[i]);
        printf("  broken by: ");
        print_mutants_of(&rule_table[i]);
        printf("\n");
    }
    return true;
}

static const char *rule_at(const struct script *script, size_t index)
{
    (void)script;
    return index < RULE_COUNT ? rule_table[index].id : NULL;
}

/* The page docs/rules.md: all rules with their sources and mutants. */
static void print_rules_page(const struct script *script)
{
    const char *section = "";
    char        buffer[RULE_SENTENCE_MAX];

    printf("# The rules Retrial certifies\n\n"
           "Made by `retrial explain rules` from the one table in "
           "`model/rule.c`; a test\nholds this page to it. The words MUST, "
           "MUST NOT and SHOULD are RFC 2119's: a\nMUST that is broken fails "
           "a trial, a SHOULD that is not followed is advice\n(`--strict` "
           "makes it fail).\n");
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct rule *rule = &rule_table[i];

        if (strcmp(rule->section, section) != 0)
            printf("\n## %s\n\n| id | level | rule | source | broken by the "
                   "mutants |\n|---|---|---|---|---|\n",
                   rule->section);
        section = rule->section;
        printf("| %s | %s | %s | %s | ", rule->id, rule_level_text(rule->level),
               say(buffer, script, rule), rule->source);
        print_mutants_of(rule);
        printf(" |\n");
    }
}

static bool explain_rule(const struct script *script, const char *name)
{
    const struct rule       *rule = rule_find(name);
    const struct check_info *check;
    char                     buffer[RULE_SENTENCE_MAX];

    if (strcmp(name, "rules") == 0) {
        print_rules_page(script);
        return true;
    }
    if (rule == NULL)
        return false;
    printf("%s (%s, %s)\n  %s\n\n  source       %s\n", rule->id, rule->section,
           rule_level_text(rule->level), say(buffer, script, rule),
           rule->source);
    families_print(script, rule, "  exercised by");
    for (size_t i = 0; (check = judge_check(i)) != NULL; i++)
        if (judges(check, rule))
            printf("  judged by    %s: %s\n", check->name, check->looks_at);
    if (!each_mutant(print_breaker, rule->id))
        printf("  broken by    (retrial-mutant is not there to be asked)\n");
    return true;
}

/* ---- checks ---- */

static bool list_checks(const struct script *script, struct err *err)
{
    const struct check_info *check;

    (void)script;
    (void)err;
    for (size_t i = 0; (check = judge_check(i)) != NULL; i++) {
        printf("%-24s", check->name);
        for (size_t j = 0; check->rules[j] != RULE_NONE; j++)
            printf(" %s", rule_table[check->rules[j]].id);
        printf("  killed by");
        for (size_t j = 0; check->killed_by[j] != NULL; j++)
            printf("%s %s", j > 0 ? "," : "", check->killed_by[j]);
        printf("\n");
    }
    return true;
}

static const char *check_at(const struct script *script, size_t index)
{
    const struct check_info *check = judge_check(index);

    (void)script;
    return check ? check->name : NULL;
}

static bool explain_check(const struct script *script, const char *name)
{
    const struct check_info *check;
    char                     buffer[RULE_SENTENCE_MAX];

    if (strcmp(name, "checks") == 0) {
        checks_page_print();
        return true;
    }
    for (size_t i = 0; (check = judge_check(i)) != NULL; i++) {
        if (strcmp(check->name, name) != 0)
            continue;
        printf("%s\n  %s\n\n", check->name, check->looks_at);
        for (size_t j = 0; check->rules[j] != RULE_NONE; j++) {
            const struct rule *rule = &rule_table[check->rules[j]];

            printf("  %-10s %s\n", rule->id, say(buffer, script, rule));
        }
        for (size_t j = 0; check->killed_by[j] != NULL; j++)
            printf("  killed by  %s\n", check->killed_by[j]);
        return true;
    }
    return false;
}

/* ---- faults ---- */

static bool list_faults(const struct script *script, struct err *err)
{
    (void)script;
    (void)err;
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        printf("%-18s %s\n", fault_name((enum fault)i),
               fault_meaning((enum fault)i));
    return true;
}

static const char *fault_at(const struct script *script, size_t index)
{
    (void)script;
    return index + 1 < FAULT_COUNT ? fault_name((enum fault)(index + 1)) : NULL;
}

static void print_word(enum fault fault, enum fault_param param)
{
    struct fault_how how = fault_how_default(fault);
    int64_t          value = how.values[param];
    char             text[TEXT_DURATION_MAX];

    if (!fault_takes(fault, param))
        return;
    if (fault_param_kind(param) == PARAM_DURATION)
        text_from_duration(text, value);
    else if (fault_param_kind(param) == PARAM_WORD)
        snprintf(text, sizeof text, "%s", fault_by_name((enum fault_by)value));
    else
        snprintf(text, sizeof text, "%" PRId64, value);
    printf("  %-10s %s (%s unless said)\n", fault_param_name(param),
           fault_param_meaning(param), text);
}

static bool explain_fault(const struct script *script, const char *name)
{
    enum fault fault = fault_find(name);

    (void)script;
    if (strcmp(name, "faults") == 0) {
        faults_page_print();
        return true;
    }
    if (fault == FAULT_NONE)
        return false;
    printf("%s (fault)\n  %s\n  strikes    %s\n  is taken   for %s\n", name,
           fault_meaning(fault), fault_family_meaning(fault_family(fault)),
           fault_sees_meaning(fault_sees(fault)));
    if (fault_over(fault) != OVER_ANY)
        printf("  is played  %s\n", fault_over(fault) == OVER_TLS
                                        ? "only in a scenario with https = true"
                                        : "only in a scenario without https");
    for (int i = 0; i < FAULT_PARAM_COUNT; i++)
        print_word(fault, (enum fault_param)i);
    if (fault_status(fault) != 0)
        printf("  status     of its answer (%d unless said), and the other "
               "words of an answer\n",
               fault_status(fault));
    return true;
}

/* ---- profiles ---- */

static const char *profile_at(const struct script *script, size_t index)
{
    (void)script;
    return profile_listed(index);
}

static bool list_profiles(const struct script *script, struct err *err)
{
    (void)script;
    return profiles_print_list(err);
}

/* Of all: their values, the page, the schema; else of one value or one
 * profile. */
static bool explain_profile(const struct script *script, const char *name)
{
    struct err err;

    (void)script;
    if (strcmp(name, "profile") == 0)
        profiles_print_keys();
    else if (strcmp(name, "profile.schema") == 0)
        profiles_print_schema();
    else if (strcmp(name, "profiles") == 0)
        return profiles_print_page(&err);
    else
        return profiles_print_key(name) ||
               (profile_is_listed(name) && profiles_print_one(name, &err));
    return true;
}

/* ---- mutants ---- */

static void print_mutant(const struct mutant *mutant, const char *rule)
{
    (void)rule;
    printf("%-36s %-10s %s\n", mutant->name, mutant->rule, mutant->about);
}

static bool list_mutants(const struct script *script, struct err *err)
{
    (void)script;
    return each_mutant(print_mutant, NULL) ||
           err_set(err, ERR_SYSTEM, file_program_dir(),
                   "retrial-mutant is not there or told nothing");
}

/* ---- sdks ---- */

static bool list_sdks(const struct script *script, struct err *err)
{
    char **names = sdks_names(err);

    (void)script;
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        char *folder = sdks_folder(names[i]);

        printf("%-16s %s\n", names[i], folder);
        alloc_free(folder);
    }
    words_free(names);
    return names != NULL;
}

static const struct catalog_kind kinds[] = {
    {"scenarios", list_scenarios, explain_scenario, scenario_at},
    {"rules", list_rules, explain_rule, rule_at},
    {"checks", list_checks, explain_check, check_at},
    {"faults", list_faults, explain_fault, fault_at},
    {"profiles", list_profiles, explain_profile, profile_at},
    {"mutants", list_mutants, NULL, NULL},
    {"sdks", list_sdks, NULL, NULL},
};

const struct catalog_kind *catalog_kind(size_t index)
{
    return index < sizeof kinds / sizeof kinds[0] ? &kinds[index] : NULL;
}
