/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_FORESIGHT_H
#define MODEL_FORESIGHT_H

/* What a right client does with a plan, told before anything is played: from
 * the steps and the profile's policy alone.
 *
 * The judge has the record, and sees more. This is the second opinion: the
 * numbers of a scenario's expect = "policy", and how long a client may take.
 * Nothing is said of what cannot be told: where a step is decided while
 * serving, where clients rightly differ, where a budget of time may run out
 * sooner or later. */

#include "model/plan.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stdint.h>

struct foresight {
    struct expect expect; /* what is said of it */
    bool          told; /* the plan is one of which something can be said */
    bool          endless; /* a right client may go on for ever */
    int64_t       most_ns; /* else it takes so long at most; 0 = not known */
};

struct foresight foresee(const struct plan    *plan,
                         const struct profile *profile);

#endif
