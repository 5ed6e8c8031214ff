/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PROOF_H
#define MODEL_PROOF_H

/* The proof of a fault, as data: what was promised of it, what a raw peer saw
 * on this kernel, and whether that is the same. server/ makes it; reports say
 * it of every fault that a run's verdicts rest on. */

#include "common/err.h"
#include "model/fault.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* One proof of one fault; those that end by close or by reset have two. */
struct proof {
    enum fault    fault;
    enum fault_by by;   /* where the fault takes it */
    bool          held; /* what was seen is what was promised */
    char         *promised; /* in words */
    char         *saw;      /* in words, without times */
    char         *missed;   /* what was wrong; NULL = nothing */
    int64_t       took_ns;
};

enum { PROOF_NAME_MAX = 64 };

/* "cut-body", "cut-body by reset"; returns name. */
char *proof_name(const struct proof *proof, char name[PROOF_NAME_MAX]);
void proof_clear(struct proof *proof);

/* As an object: in the reports, and between the process that makes a proof
 * and the one that asked for it. */
cJSON *proof_to_json(const struct proof *proof);
bool MUST_USE proof_from_json(const cJSON *object, struct proof *proof,
                              struct err *err);

#endif
