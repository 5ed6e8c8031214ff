/* SPDX-License-Identifier: Apache-2.0 */
#include "model/verdict.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So many of one subject are kept: a client that breaks one rule in each of
 * a thousand attempts must not crowd out the second rule it breaks. */
enum { FINDINGS_A_SUBJECT_MAX = 20 };

struct verdict *verdict_new(void)
{
    return alloc_zero(1, sizeof(struct verdict));
}

static void finding_clear(struct finding *finding)
{
    alloc_free(finding->subject);
    alloc_free(finding->check);
    alloc_free(finding->text);
}

void verdict_free(struct verdict *verdict)
{
    if (verdict == NULL)
        return;
    for (size_t i = 0; i < verdict->finding_count; i++)
        finding_clear(&verdict->findings[i]);
    alloc_free(verdict->findings);
    for (size_t i = 0; i < verdict->statistic_count; i++)
        statistic_clear(&verdict->statistics[i]);
    alloc_free(verdict->statistics);
    alloc_free(verdict->reason);
    alloc_free(verdict->lacks);
    alloc_free(verdict->cut);
    alloc_free(verdict);
}

/* ---- finding ---- */

void verdict_saw(struct verdict *verdict, enum rule_id rule_id)
{
    assert(rule_id < RULE_COUNT);
    verdict->saw[rule_id] = true;
}

static bool has_room(const struct verdict *verdict, const char *subject)
{
    size_t same = 0;

    for (size_t i = 0; i < verdict->finding_count; i++)
        same += strcmp(verdict->findings[i].subject, subject) == 0;
    return same < FINDINGS_A_SUBJECT_MAX &&
           verdict->finding_count < VERDICT_FINDINGS_MAX;
}

__attribute__((format(printf, 3, 0))) static void add_finding(
    struct verdict *verdict, const struct finding *finding, const char *format,
    va_list arguments)
{
    struct finding *added;
    char            text[ERR_TEXT_MAX];

    verdict->added = has_room(verdict, finding->subject);
    if (!verdict->added)
        return;
    verdict->findings =
        alloc_grow(verdict->findings, verdict->finding_count + 1,
                   sizeof verdict->findings[0]);
    added = &verdict->findings[verdict->finding_count++];
    vsnprintf(text, sizeof text, format, arguments);
    *added = *finding;
    added->subject = alloc_text(finding->subject);
    added->check = alloc_text(finding->check);
    added->text = alloc_text(text);
}

void verdict_find(struct verdict *verdict, enum rule_id rule_id,
                  const char *check, unsigned attempt, const char *format, ...)
{
    const struct rule *rule = &rule_table[rule_id];
    struct finding     finding = {.rule = rule, .attempt = attempt};
    char               subject[32];
    char               found_by[64];
    va_list            arguments;

    finding.kind = rule->level == RULE_SHOULD ? FINDING_ADVICE : FINDING_BREACH;
    snprintf(subject, sizeof subject, "%s", rule->id);
    snprintf(found_by, sizeof found_by, "%s", check);
    finding.subject = subject;
    finding.check = found_by;
    verdict_saw(verdict, rule_id);
    va_start(arguments, format);
    add_finding(verdict, &finding, format, arguments);
    va_end(arguments);
}

void verdict_doubt(struct verdict *verdict)
{
    struct finding *newest;

    if (!verdict->added)
        return;
    assert(verdict->finding_count > 0);
    newest = &verdict->findings[verdict->finding_count - 1];
    if (newest->kind != FINDING_ADVICE) {
        newest->kind = FINDING_NOISE;
        return;
    }
    finding_clear(newest);
    verdict->finding_count--;
    verdict->added = false;
}

void verdict_leave_open(struct verdict *verdict, enum rule_id rule_id)
{
    size_t kept = 0;

    assert(rule_id < RULE_COUNT);
    for (size_t i = 0; i < verdict->finding_count; i++) {
        struct finding *finding = &verdict->findings[i];

        if (finding->rule == &rule_table[rule_id])
            finding_clear(finding);
        else
            verdict->findings[kept++] = *finding;
    }
    verdict->finding_count = kept;
    verdict->added = false;
    verdict->saw[rule_id] = false;
    verdict->open[rule_id] = true;
}

void verdict_find_other(struct verdict *verdict, const char *subject,
                        const char *check, unsigned attempt, const char *format,
                        ...)
{
    struct finding finding = {.kind = FINDING_BREACH, .attempt = attempt};
    char           about[32];
    char           found_by[64];
    va_list        arguments;

    snprintf(about, sizeof about, "%s", subject);
    snprintf(found_by, sizeof found_by, "%s", check);
    finding.subject = about;
    finding.check = found_by;
    va_start(arguments, format);
    add_finding(verdict, &finding, format, arguments);
    va_end(arguments);
}

struct statistic *verdict_count(struct verdict *verdict, enum rule_id rule_id,
                                const char *check)
{
    struct statistic *added;

    assert(verdict->statistic_count < VERDICT_STATISTICS_MAX);
    verdict->statistics =
        alloc_grow(verdict->statistics, verdict->statistic_count + 1,
                   sizeof verdict->statistics[0]);
    added = &verdict->statistics[verdict->statistic_count++];
    *added = (struct statistic){.rule = &rule_table[rule_id],
                                .check = alloc_text(check)};
    return added;
}

__attribute__((format(printf, 3, 0))) static void decide(
    struct verdict *verdict, enum verdict_kind kind, const char *format,
    va_list arguments)
{
    char text[ERR_TEXT_MAX];

    vsnprintf(text, sizeof text, format, arguments);
    alloc_free(verdict->reason);
    verdict->reason = alloc_text(text);
    verdict->kind = kind;
}

void verdict_decide(struct verdict *verdict, enum verdict_kind kind,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    decide(verdict, kind, format, arguments);
    va_end(arguments);
    verdict->decided = true;
}

void verdict_lack(struct verdict *verdict, const char *capability)
{
    verdict_decide(verdict, VERDICT_NOT_EXERCISED, "lacks: %s", capability);
    alloc_free(verdict->lacks);
    verdict->lacks = alloc_text(capability);
}

void verdict_cut(struct verdict *verdict, enum verdict_kind kind,
                 const char *format, ...)
{
    char    text[ERR_TEXT_MAX];
    va_list arguments;

    assert(kind == VERDICT_INCONCLUSIVE || kind == VERDICT_NOT_EXERCISED);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    alloc_free(verdict->cut);
    verdict->cut = alloc_text(text);
    verdict->cut_kind = kind;
}

/* ---- weighing ---- */

/* A finding and what decides its place among the others. */
struct ranked {
    struct finding finding;
    size_t         rank;
    size_t         index; /* as found, so that the order is total */
};

/* The rules that the plan names in its order, then the contract (a crash
 * explains much of what follows), then the other rules as the table has
 * them, then the scenario's own expectations, which mostly restate one. */
static size_t finding_rank(const struct finding *finding,
                           const struct plan    *plan)
{
    size_t kind = (size_t)finding->kind * 4 * RULE_COUNT;

    for (size_t i = 0; finding->rule != NULL && i < plan->rule_count; i++)
        if (plan->rules[i] == finding->rule)
            return kind + (i < RULE_COUNT ? i : RULE_COUNT - 1);
    if (finding->rule != NULL)
        return kind + 2 * RULE_COUNT + rule_index(finding->rule);
    if (strcmp(finding->subject, "expect") == 0)
        return kind + 3 * RULE_COUNT;
    return kind + RULE_COUNT;
}

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->finding.attempt != b->finding.attempt)
        return a->finding.attempt < b->finding.attempt ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static void put_in_order(struct verdict *verdict, const struct plan *plan)
{
    size_t         count = verdict->finding_count;
    struct ranked *ranked = alloc_zero(count + 1, sizeof ranked[0]);

    for (size_t i = 0; i < count; i++) {
        ranked[i].finding = verdict->findings[i];
        ranked[i].rank = finding_rank(&verdict->findings[i], plan);
        ranked[i].index = i;
    }
    qsort(ranked, count, sizeof ranked[0], by_rank);
    for (size_t i = 0; i < count; i++)
        verdict->findings[i] = ranked[i].finding;
    alloc_free(ranked);
}

static bool has_kind(const struct verdict *verdict, enum finding_kind kind)
{
    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->findings[i].kind == kind)
            return true;
    return false;
}

static const struct rule *unseen_rule(const struct verdict *verdict,
                                      const struct plan    *plan)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (!verdict->saw[rule_index(plan->rules[i])] &&
            !verdict->open[rule_index(plan->rules[i])])
            return plan->rules[i];
    return NULL;
}

bool verdict_has_open(const struct verdict *verdict, const struct plan *plan)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (verdict->open[rule_index(plan->rules[i])])
            return true;
    return false;
}

/* The profile has nothing to say of what the scenario is about. */
static bool all_open(const struct verdict *verdict, const struct plan *plan)
{
    for (size_t i = 0; i < plan->rule_count; i++)
        if (!verdict->open[rule_index(plan->rules[i])])
            return false;
    return plan->rule_count > 0;
}

static void PRINTF_LIKE(3, 4)
    weigh(struct verdict *verdict, enum verdict_kind kind, const char *format,
          ...)
{
    va_list arguments;

    va_start(arguments, format);
    decide(verdict, kind, format, arguments);
    va_end(arguments);
}

void verdict_settle(struct verdict *verdict, const struct plan *plan)
{
    const struct rule *unseen = unseen_rule(verdict, plan);

    put_in_order(verdict, plan);
    if (verdict->decided)
        return;
    if (has_kind(verdict, FINDING_BREACH))
        verdict->kind = VERDICT_FAIL;
    else if (verdict->cut != NULL && verdict->cut_kind == VERDICT_INCONCLUSIVE)
        weigh(verdict, VERDICT_INCONCLUSIVE, "%s", verdict->cut);
    else if (has_kind(verdict, FINDING_NOISE))
        weigh(verdict, VERDICT_INCONCLUSIVE,
              "a breach lay inside the measured noise%s%s",
              verdict->cut ? "; besides, " : "",
              verdict->cut ? verdict->cut : "");
    else if (verdict->cut != NULL)
        weigh(verdict, verdict->cut_kind, "%s", verdict->cut);
    else if (unseen != NULL)
        weigh(verdict, VERDICT_NOT_EXERCISED,
              "nothing in this trial exercised %s", unseen->id);
    else if (all_open(verdict, plan))
        weigh(verdict, VERDICT_NOT_EXERCISED, "the profile leaves %s open",
              plan->rules[0]->id);
    else
        verdict->kind = VERDICT_PASS;
}

void verdict_keep_doubts(struct verdict *verdict, const struct plan *plan,
                         bool (*is_kept)(const struct finding *finding,
                                         const void           *context),
                         const void *context)
{
    size_t kept = 0;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        struct finding *finding = &verdict->findings[i];

        if (finding->kind == FINDING_NOISE && !is_kept(finding, context))
            finding_clear(finding);
        else
            verdict->findings[kept++] = *finding;
    }
    verdict->finding_count = kept;
    if (!verdict->decided) {
        alloc_free(verdict->reason);
        verdict->reason = NULL;
    }
    verdict_settle(verdict, plan);
}

/* ---- names ---- */

const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[] = {
#define X(kind_, name, meaning) [kind_] = name,
        VERDICT_MAP(X)
#undef X
    };
    assert(kind < VERDICT_COUNT);
    return names[kind];
}

const char *finding_kind_name(enum finding_kind kind)
{
    static const char *const names[] = {
#define X(kind_, name, meaning) [kind_] = name,
        FINDING_MAP(X)
#undef X
    };
    assert(kind < sizeof names / sizeof names[0]);
    return names[kind];
}
