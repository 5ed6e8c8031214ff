/* SPDX-License-Identifier: Apache-2.0 */
#include "client/outcome.h"

#include "common/alloc.h"

#include <assert.h>

const char *trouble_text(enum trouble trouble)
{
    static const char *const texts[] = {
#define X(trouble_, text) [trouble_] = text,
        TROUBLE_MAP(X)
#undef X
    };
    assert((size_t)trouble < sizeof texts / sizeof texts[0]);
    return texts[trouble];
}

void answer_fields_clear(struct answer_fields *fields)
{
    for (size_t i = 0; i < fields->ms_count; i++)
        alloc_free(fields->ms[i]);
    alloc_free(fields->override);
    *fields = (struct answer_fields){0};
}

void outcome_init(struct outcome *outcome)
{
    *outcome = (struct outcome){.trouble = TROUBLE_NONE};
    bytes_init(&outcome->body, OUTCOME_BODY_MAX);
}

void outcome_clear(struct outcome *outcome)
{
    for (size_t i = 0; i < outcome->retry_after_count; i++)
        alloc_free(outcome->retry_after[i]);
    bytes_clear(&outcome->body);
    outcome_init(outcome);
}
