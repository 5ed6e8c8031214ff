/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/tally.h"

#include "common/alloc.h"
#include "common/text.h"
#include "reports/story.h"

#include <assert.h>
#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUMMARY_MAX = 8 << 10 };

void tally_mask(struct mask *mask, const struct run *run)
{
    const char *known = NULL;

    for (size_t i = 0; i < run->trial_count; i++) {
        const struct plan *plan = run->trials[i].plan;

        /* Nearly always all plans have one key and no tokens. */
        if (known != NULL && plan->given.write_key != NULL &&
            strcmp(known, plan->given.write_key) == 0 &&
            plan->routes[ROUTE_TOKEN].steps.count == 0)
            continue;
        mask_learn_plan(mask, plan);
        known = plan->given.write_key;
    }
}

char *tally_count(char buffer[TALLY_COUNT_MAX], size_t count, const char *noun)
{
    snprintf(buffer, TALLY_COUNT_MAX, "%zu %s%s", count, noun,
             count == 1 ? "" : "s");
    return buffer;
}

/* ---- the profile ---- */

static char *value_text(const cJSON *value)
{
    char        *json;
    struct bytes out;

    if (cJSON_IsString(value))
        return alloc_text(value->valuestring);
    bytes_init(&out, SUMMARY_MAX);
    json = value ? cJSON_PrintUnformatted(value) : NULL;
    bytes_add(&out, json ? json : "-");
    cJSON_free(json);
    return bytes_take(&out);
}

static void count_differences(struct tally *tally, const struct run *run)
{
    cJSON       *own = profile_to_json(&run->profile);
    cJSON       *published = profile_to_json(&run->profile_base);
    const cJSON *value;

    cJSON_ArrayForEach (value, own) {
        const cJSON *other =
            cJSON_GetObjectItemCaseSensitive(published, value->string);
        struct difference *difference;

        if (cJSON_Compare(value, other, true))
            continue;
        tally->differences =
            alloc_grow(tally->differences, tally->difference_count + 1,
                       sizeof tally->differences[0]);
        difference = &tally->differences[tally->difference_count++];
        difference->name = alloc_text(value->string);
        difference->own = value_text(value);
        difference->published = value_text(other);
    }
    cJSON_Delete(own);
    cJSON_Delete(published);
}

/* ---- the trials ---- */

static void count_lack(struct tally *tally, struct mask *mask,
                       const char *lacking)
{
    char *capability = mask_line(mask, lacking);

    assert(lacking != NULL);
    for (size_t i = 0; i < tally->lack_count; i++)
        if (strcmp(tally->lacks[i].capability, capability) == 0) {
            tally->lacks[i].trials++;
            alloc_free(capability);
            return;
        }
    tally->lacks =
        alloc_grow(tally->lacks, tally->lack_count + 1, sizeof tally->lacks[0]);
    tally->lacks[tally->lack_count++] = (struct lack){capability, 1};
}

static int most_lacked_first(const void *left, const void *right)
{
    const struct lack *a = left;
    const struct lack *b = right;

    if (a->trials != b->trials)
        return a->trials > b->trials ? -1 : 1;
    return strcmp(a->capability, b->capability);
}

static bool breaks_other(const struct trial_result *trial, const char *subject)
{
    const struct verdict *verdict = trial->verdict;

    assert(verdict != NULL); /* it failed */
    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->findings[i].rule == NULL &&
            verdict->findings[i].kind == FINDING_BREACH &&
            verdict->findings[i].subject != NULL &&
            strcmp(verdict->findings[i].subject, subject) == 0)
            return true;
    return false;
}

static void count_others(struct tally *tally, const struct run *run,
                         const struct trial_result *trial)
{
    for (size_t i = 0; i < TALLY_OTHERS; i++) {
        struct other_breach *other = &tally->others[i];

        if (trial_result_kind(run, trial) != VERDICT_FAIL ||
            !breaks_other(trial, other->subject))
            continue;
        other->known += trial_result_known(run, trial);
        other->breached += !trial_result_known(run, trial);
    }
}

/* On the clock that the trial was on, which may have jumped. */
static int64_t waited_ns(const struct trial_result *trial)
{
    return trial->record != NULL && trial->record->outcome.ended_ns > 0
               ? trial->record->outcome.ended_ns
               : trial->wall_ns;
}

static void count_trials(struct tally *tally, const struct run *run,
                         struct mask *mask)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial_result *trial = &run->trials[i];

        tally->waits_ns += waited_ns(trial);
        if (trial_result_lacks(trial) != NULL)
            count_lack(tally, mask, trial_result_lacks(trial));
        else
            count_others(tally, run, trial);
    }
    if (tally->lack_count > 0)
        qsort(tally->lacks, tally->lack_count, sizeof tally->lacks[0],
              most_lacked_first);
}

static void list_broken(struct tally *tally, const struct run *run)
{
    const struct rule *rules[RULE_COUNT];
    size_t             count = run_broken_rules(run, rules, RULE_COUNT);

    for (size_t i = 0; i < RULE_COUNT; i++)
        rule_sentence(tally->sentences[i], &rule_table[i], &run->profile);
    for (size_t i = 0; i < count; i++) {
        const struct rule_total *total = &tally->rules[rule_index(rules[i])];

        tally->broken[tally->broken_count++] = (struct broken){
            .rule = rules[i],
            .name = rules[i]->id,
            .level = rule_level_text(rules[i]->level),
            .sentence = tally->sentences[rule_index(rules[i])],
            .breached = total->breached,
            .named = total->named,
        };
    }
    for (size_t i = 0; i < TALLY_OTHERS; i++) {
        const struct other_breach *other = &tally->others[i];

        if (other->breached > 0)
            tally->broken[tally->broken_count++] = (struct broken){
                .name = other->subject,
                .level = rule_level_text(RULE_MUST),
                .sentence = story_other_sentence(other->subject),
                .breached = other->breached,
            };
    }
}

/* ---- the words ---- */

char *tally_rule_state(const struct rule_total *total)
{
    struct bytes out;

    bytes_init(&out, SUMMARY_MAX);
    if (total->breached > 0)
        bytes_format(&out, "%u breached", total->breached);
    if (total->known > 0)
        bytes_format(&out, "%s%u known", out.length > 0 ? ", " : "",
                     total->known);
    if (total->advised > 0)
        bytes_format(&out, "%s%u advised", out.length > 0 ? ", " : "",
                     total->advised);
    if (out.length == 0)
        bytes_add(&out, total->exercised > 0 ? "ok"
                        : total->open        ? "left open by the profile"
                                             : "not exercised");
    return bytes_take(&out);
}

/* What the client lacks is named; why else one was not, the reports list. */
static void summarize_unexercised(const struct tally *tally, struct bytes *out)
{
    enum { LACKS_NAMED = 6 };
    unsigned count = tally->totals.by_verdict[VERDICT_NOT_EXERCISED];

    if (count == 0)
        return;
    bytes_format(out, ", %u not exercised", count);
    if (tally->lack_count == 0)
        return;
    bytes_add(out, " (lack: ");
    for (size_t i = 0; i < tally->lack_count && i < LACKS_NAMED; i++)
        bytes_format(out, "%s%s %u", i > 0 ? ", " : "",
                     tally->lacks[i].capability, tally->lacks[i].trials);
    bytes_add(out, tally->lack_count > LACKS_NAMED ? ", ...)" : ")");
}

static void add_count(struct bytes *out, unsigned count, const char *one,
                      const char *many)
{
    if (count > 0)
        bytes_format(out, ", %u %s", count, count == 1 ? one : many);
}

static char *summarize(const struct tally *tally, const struct run *run)
{
    const struct totals *totals = &tally->totals;
    struct bytes         out;
    char                 text[TEXT_DURATION_MAX];
    char                 count[TALLY_COUNT_MAX];

    bytes_init(&out, SUMMARY_MAX);
    bytes_format(&out, "%s: ",
                 run->interrupted     ? "interrupted"
                 : run_certified(run) ? "certified"
                                      : "not certified");
    if (run->interrupted)
        bytes_format(&out, "%u of ", totals->trials);
    else if (totals->lacking == totals->trials)
        bytes_add(&out, "no trial ran; ");
    bytes_add(&out, tally_count(count, totals->trials + run->unended, "trial"));
    bytes_format(&out, ", %u failed", totals->by_verdict[VERDICT_FAIL]);
    add_count(&out, totals->by_verdict[VERDICT_BROKEN], "broken", "broken");
    add_count(&out, totals->by_verdict[VERDICT_INCONCLUSIVE], "inconclusive",
              "inconclusive");
    add_count(&out, totals->unexpected_passes, "unexpected pass",
              "unexpected passes");
    add_count(&out, totals->known_failures, "known failure", "known failures");
    add_count(&out, totals->advice, "piece of advice", "pieces of advice");
    summarize_unexercised(tally, &out);
    bytes_format(&out, ", %s", tally_count(count, totals->attempts, "attempt"));
    bytes_format(&out, "; clock %s: ", run->clock ? run->clock : "not said");
    bytes_format(&out, "%s of waits",
                 text_from_duration(text, tally->waits_ns));
    bytes_format(&out, " in %s", text_from_duration(text, run->wall_ns));
    return bytes_take(&out);
}

/* How many were proved, and the first that was not. */
static char *tell_proofs(const struct run *run)
{
    const struct proof *wrong = NULL;
    size_t              held = 0;
    char                name[PROOF_NAME_MAX];
    char                count[TALLY_COUNT_MAX];

    for (size_t i = 0; i < run->proof_count; i++) {
        held += run->proofs[i].held;
        if (wrong == NULL && !run->proofs[i].held)
            wrong = &run->proofs[i];
    }
    if (run->proof_count == 0)
        return NULL;
    tally_count(count, run->proof_count, "proof");
    if (wrong == NULL)
        return alloc_format("%s on this kernel, all held", count);
    return alloc_format("%s on this kernel, %zu not held; %s: promised: %s; "
                        "seen: %s",
                        count, run->proof_count - held, proof_name(wrong, name),
                        wrong->promised, wrong->saw);
}

struct tally *tally_new(const struct run *run, struct mask *mask)
{
    struct tally *tally = alloc_zero(1, sizeof *tally);

    tally->totals = run_totals(run);
    for (size_t i = 0; i < RULE_COUNT; i++)
        tally->rules[i] = run_rule_total(run, &rule_table[i]);
    tally->others[0].subject = "contract";
    tally->others[1].subject = "expect";
    count_differences(tally, run);
    count_trials(tally, run, mask);
    list_broken(tally, run);
    assert(tally->broken_count <= RULE_COUNT + TALLY_OTHERS);
    tally->proofs = tell_proofs(run);
    tally->summary = summarize(tally, run);
    return tally;
}

void tally_free(struct tally *tally)
{
    for (size_t i = 0; i < tally->difference_count; i++) {
        alloc_free(tally->differences[i].name);
        alloc_free(tally->differences[i].own);
        alloc_free(tally->differences[i].published);
    }
    for (size_t i = 0; i < tally->lack_count; i++)
        alloc_free(tally->lacks[i].capability);
    alloc_free(tally->differences);
    alloc_free(tally->lacks);
    alloc_free(tally->proofs);
    alloc_free(tally->summary);
    alloc_free(tally);
}
