/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold for every trial: no right client is ever blamed, and no
 * sinner ever gets away. Thousands of drawn trials; a failure prints the one
 * that failed as a case. */

#include "judge_client.h"

#include "common/bytes.h"
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { RIGHT_TRIALS = 10000, SINFUL_TRIALS = 1000, TEXT_MAX = 1 << 20 };

/* Advice too: the drawn client keeps to the profile's own jitter and comes
 * within the lateness. Only dates it may take as absent, which is advised. */
static bool is_clean(const char *verdict)
{
    const char *date = " ~RA-10@";

    if (!text_starts_with(verdict, "pass"))
        return false;
    for (verdict += strlen("pass"); *verdict != '\0';
         verdict += strspn(verdict, "0123456789")) {
        if (!text_starts_with(verdict, date))
            return false;
        verdict += strlen(date);
    }
    return true;
}

static void test_right_clients(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RIGHT_TRIALS; seed++) {
        struct rng        rng;
        struct bytes      text;
        struct judge_case trial;
        bool              sinned;
        char              verdict[CASE_TEXT_MAX];

        rng_seed(&rng, seed);
        bytes_init(&text, TEXT_MAX);
        trial = judge_client_trial(&rng, SIN_NONE, &sinned, &text);
        judge_case_verdict(&trial, verdict);
        if (!is_clean(verdict))
            fail_msg("seed %llu: a right client was blamed\n%swant pass\n"
                     "got  %s",
                     (unsigned long long)seed, bytes_text(&text), verdict);
        judge_case_clear(&trial);
        bytes_clear(&text);
    }
}

static void judge_sinner(enum sin sin, uint64_t seed, unsigned *sinners)
{
    struct rng        rng;
    struct bytes      text;
    struct judge_case trial;
    bool              sinned;
    char              verdict[CASE_TEXT_MAX];

    rng_seed(&rng, seed);
    bytes_init(&text, TEXT_MAX);
    trial = judge_client_trial(&rng, sin, &sinned, &text);
    judge_case_verdict(&trial, verdict);
    *sinners += sinned;
    if (sinned && !text_starts_with(verdict, "fail"))
        fail_msg("seed %llu: not found: %s\n%sgot  %s",
                 (unsigned long long)seed, sin_meaning(sin), bytes_text(&text),
                 verdict);
    judge_case_clear(&trial);
    bytes_clear(&text);
}

static void test_sinners(void **state)
{
    (void)state;
    for (int sin = SIN_NONE + 1; sin < SIN_COUNT; sin++) {
        unsigned sinners = 0;

        for (uint64_t seed = 1; seed <= SINFUL_TRIALS; seed++)
            judge_sinner((enum sin)sin, seed, &sinners);
        if (sinners < 100)
            fail_msg("only %u came to this: %s", sinners,
                     sin_meaning((enum sin)sin));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right_clients),
        cmocka_unit_test(test_sinners),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
