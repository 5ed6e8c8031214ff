/* SPDX-License-Identifier: Apache-2.0 */
#include "model/proof.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <stdio.h>
#include <string.h>

char *proof_name(const struct proof *proof, char name[PROOF_NAME_MAX])
{
    bool two = fault_takes(proof->fault, PARAM_BY);

    snprintf(name, PROOF_NAME_MAX, "%s%s%s", fault_name(proof->fault),
             two ? " by " : "", two ? fault_by_name(proof->by) : "");
    return name;
}

void proof_clear(struct proof *proof)
{
    alloc_free(proof->promised);
    alloc_free(proof->saw);
    alloc_free(proof->missed);
    *proof = (struct proof){0};
}

cJSON *proof_to_json(const struct proof *proof)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "fault", fault_name(proof->fault));
    cJSON_AddStringToObject(object, "family",
                            fault_family_name(fault_family(proof->fault)));
    if (fault_takes(proof->fault, PARAM_BY))
        cJSON_AddStringToObject(object, "by", fault_by_name(proof->by));
    cJSON_AddStringToObject(object, "promised", proof->promised);
    cJSON_AddStringToObject(object, "saw", proof->saw);
    cJSON_AddBoolToObject(object, "held", proof->held);
    if (proof->missed != NULL)
        cJSON_AddStringToObject(object, "missed", proof->missed);
    cJSON_AddNumberToObject(object, "took_ms",
                            (double)(proof->took_ns / NS_PER_MS));
    return object;
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

bool proof_from_json(const cJSON *object, struct proof *proof, struct err *err)
{
    const char  *name = text_of(object, "fault");
    const char  *by = text_of(object, "by");
    const char  *promised = text_of(object, "promised");
    const char  *saw = text_of(object, "saw");
    const cJSON *held = cJSON_GetObjectItemCaseSensitive(object, "held");
    const cJSON *took = cJSON_GetObjectItemCaseSensitive(object, "took_ms");

    *proof = (struct proof){0};
    if (name == NULL || fault_find(name) == FAULT_NONE || promised == NULL ||
        saw == NULL || !cJSON_IsBool(held) || !cJSON_IsNumber(took))
        return err_set(err, ERR_OURS, "proof",
                       "this is none: it needs fault, promised, saw, held and "
                       "took_ms");
    proof->fault = fault_find(name);
    if (by != NULL && strcmp(by, fault_by_name(BY_RESET)) == 0)
        proof->by = BY_RESET;
    proof->promised = alloc_text(promised);
    proof->saw = alloc_text(saw);
    proof->missed = alloc_text(text_of(object, "missed"));
    proof->held = cJSON_IsTrue(held);
    proof->took_ns = (int64_t)took->valuedouble * NS_PER_MS;
    return true;
}
