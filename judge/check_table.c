/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/check.h"

const struct check *const check_table[] = {
#define X(name) &check_##name,
    CHECK_MAP(X)
#undef X
};

const size_t check_count = sizeof check_table / sizeof check_table[0];
