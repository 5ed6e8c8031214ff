/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a stored record: an error, or a record that is judged and
 * written down again without a change. Beginnings: what certify --records
 * keeps. */

#include "common/bytes.h"
#include "judge/judge.h"
#include "model/profile_load.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum { RECORD_TEXT_MAX = 16 << 20, EVENTS = 12 };

/* Enough of everything that a check can look at. */
static struct plan *any_plan(void)
{
    struct plan *plan = plan_new("fuzz", "fuzz.lua", 1);

    plan_add_sequence(plan, 0, EVENTS / 2);
    plan_add_sequence(plan, 1000000000, EVENTS / 2);
    plan->given.config[CONFIG_FLUSH_AT] = 1;
    plan->given.config[CONFIG_MAX_RETRIES] = 2;
    plan->given.config[CONFIG_TIMEOUT] = 1000;
    plan->given.config[CONFIG_MAX_RATE_LIMIT] = 2500;
    plan->given.config[CONFIG_MAX_TOTAL_BACKOFF] = 4000;
    plan->expect.attempts = (struct expect_range){true, 1, 3};
    for (size_t i = 0; i < RULE_COUNT; i++)
        plan_add_rule(plan, &rule_table[i]);
    return plan;
}

static void judge(const struct record *record)
{
    struct plan    *plan = any_plan();
    struct verdict *verdict = verdict_new();
    struct profile  profile;
    struct err      err;
    bool            loaded = profile_load(&profile, "segment", &err);

    assert(loaded);
    judge_record(plan, &profile, record, verdict);
    verdict_settle(verdict, plan);
    cJSON_Delete(verdict_to_json(verdict));
    verdict_free(verdict);
    plan_free(plan);
    (void)loaded;
}

static void write_twice(const struct record *record)
{
    struct bytes   text;
    struct bytes   again;
    struct record *read = NULL;
    struct err     err;

    bytes_init(&text, RECORD_TEXT_MAX);
    bytes_init(&again, RECORD_TEXT_MAX);
    record_write(record, &text);
    if (!text.truncated) {
        bool same =
            record_read(bytes_text(&text), text.length, "again", &read, &err);

        assert(same);
        record_write(read, &again);
        same = text.length == again.length &&
               memcmp(text.data, again.data, text.length) == 0;
        assert(same);
        (void)same;
        record_free(read);
    }
    bytes_clear(&text);
    bytes_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record *record = NULL;
    struct err     err;

    if (!record_read((const char *)data, size, "fuzz", &record, &err))
        return 0;
    judge(record);
    write_twice(record);
    record_free(record);
    return 0;
}
