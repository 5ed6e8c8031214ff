/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a scenario file: an error or plans that print, never a crash.
 * Beginnings: tests/golden/plans, tests/lua. */

#include "common/log.h"
#include "lua/script.h"
#include "tests/fuzz/target.h"

#include <stddef.h>
#include <stdint.h>

enum { PLANS_TEXT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script_config config = {.seed = 1};
    struct script       *script = NULL;
    struct bytes         text;
    struct err           err;

    log_set_level(LOG_ERROR);
    if (!script_open(&script, &config, &err))
        return 0;
    if (script_load_text(script, "fuzz.lua", (const char *)data, size, &err)) {
        bytes_init(&text, PLANS_TEXT_MAX);
        for (size_t i = 0; i < script_plan_count(script); i++)
            plan_print(script_plan(script, i), &text);
        bytes_clear(&text);
    }
    script_close(script);
    return 0;
}
