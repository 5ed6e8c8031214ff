/* SPDX-License-Identifier: Apache-2.0 */
/* Any header values at any time: no crash, and a wait inside the law. */

#include "client/retry_after.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* Two values, parted at the first newline; the wall clock is in 2026. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char       *text = alloc_text_n((const char *)data, size);
    char       *newline = strchr(text, '\n');
    const char *values[] = {text, newline ? newline + 1 : NULL};
    int64_t     wall_ns = 1795000000 * NS_PER_S + (int64_t)size * NS_PER_MS;
    int64_t     wait_ns;

    if (newline != NULL)
        *newline = '\0';
    wait_ns = retry_after_ns(values, newline ? 2 : 1, wall_ns, true);
    assert(wait_ns >= 0 && wait_ns <= (RETRY_AFTER_MAX_S + 1) * NS_PER_S);
    wait_ns = retry_after_ms_ns(text, true);
    assert(wait_ns >= 0 && wait_ns <= (INT32_MAX + NS_PER_S) * NS_PER_MS);
    wait_ns = retry_after_ns(values, newline ? 2 : 1, wall_ns, false);
    assert(wait_ns >= 0 && wait_ns <= RETRY_AFTER_MAX_S * NS_PER_S);
    assert(wait_ns % NS_PER_S == 0);
    /* Two that say the same say what one says; if they differ, nothing. */
    assert(wait_ns == 0 ||
           wait_ns == retry_after_ns(values, 1, wall_ns, false));
    alloc_free(text);
    return 0;
}
