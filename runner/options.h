/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_OPTIONS_H
#define RUNNER_OPTIONS_H

/* The flags of the commands that load scenarios, parsed by getopt_long. A
 * command names which it takes; any other is an error that says so. */

#include "common/err.h"
#include "reports/report.h"
#include "runner/suite/scenarios.h"
#include "runner/trial/contract.h"
#include "runner/trial/manifest.h"
#include "runner/trial/trial_clock.h"

#include <stdbool.h>
#include <stdint.h>

/* For what OPTION_MAP is given, which has to be called X. */
#define OPTION_OF_WRITER(option, name, help)                                   \
    X(OPTION_##option, #name, "F", help)

/* Each with a bar before it. */
#define OR_CONTRACT(name) "|" #name

/* enumerator, flag, its argument ("" = none), help */
#define OPTION_MAP(X)                                                          \
    X(OPTION_CLIENT, "client", "CMD", "the client under test, as a command")   \
    X(OPTION_SDK, "sdk", "SDK",                                                \
      "... as a folder with client.json, or by its name in `list sdks`")       \
    X(OPTION_CONTRACT, "contract", &(CONTRACT_MAP(OR_CONTRACT))[1],            \
      "how --client is spoken to")                                             \
    X(OPTION_PROFILE, "profile", "NAME|FILE",                                  \
      "the dialect it is judged by (the manifest's, or " PROFILE_DEFAULT ")")  \
    X(OPTION_PROFILE_SET, "profile-set", "KEY=VALUE",                          \
      "... but for these values of it (may be given again)")                   \
    X(OPTION_ALSO_PROFILE, "also-profile", "NAME|FILE",                        \
      "judge the same records by that one, too")                               \
    X(OPTION_SCENARIOS, "scenarios", "PATH", "scenarios from there")           \
    X(OPTION_LUA_DIR, "lua-dir", "DIR", "the Lua library from there")          \
    X(OPTION_JOBS, "jobs", "N", "at most N trials at once (by load)")          \
    X(OPTION_SEED, "seed", "N", "the run's seed (by the clock)")               \
    X(OPTION_CLOCK, "clock", "real|jump|auto",                                 \
      "whether the clock jumps over waits (auto)")                             \
    X(OPTION_SHARD, "shard", "I/N", "only part I of N")                        \
    X(OPTION_KNOWN, "known-failures", "F",                                     \
      "lines SCENARIO[:RULE] REASON that must fail")                           \
    X(OPTION_RECORDS, "records", "DIR", "keep each trial's record there")      \
    WRITER_FILE_MAP(OPTION_OF_WRITER)                                          \
    X(OPTION_TAP, "tap", "", "TAP on stdout instead of text")                  \
    X(OPTION_STRICT, "strict", "", "a SHOULD that is not followed fails")      \
    X(OPTION_SECRETS, "show-secrets", "", "credentials unmasked in reports")   \
    X(OPTION_PORT, "port", "N", "listen there (a free one)")                   \
    X(OPTION_RECORD, "record", "F", "write the record there at the end")       \
    X(OPTION_QUIET, "quiet", "", "no line for each attempt")                   \
    X(OPTION_VERBOSE, "verbose", "", "every trial and every rule (-v)")

enum option_name {
#define X(option, flag, argument, help) option,
    OPTION_MAP(X)
#undef X
        OPTION_COUNT
};

struct options {
    const char *text[OPTION_COUNT]; /* the argument; NULL = not given */
    bool        given[OPTION_COUNT];
    const char *profile_sets[PROFILE_KEY_COUNT]; /* each --profile-set */
    size_t      profile_set_count;
    int64_t     jobs; /* 0 = by load */
    uint64_t    seed;
    int         port;
    struct trial_clock_wish trial_clock;
    struct shard            shard;
    char *const            *arguments; /* what is no flag */
    size_t                  argument_count;
};

#define OPTION_BIT(option) (UINT32_C(1) << (option))

/* allowed: OPTION_BIT of each. */
bool MUST_USE options_parse(int argc, char **argv, uint32_t allowed,
                            struct options *options, struct err *err);

/* The manifest that --client, --sdk, --contract, --profile, --profile-set and
 * --known-failures name; the bundled client without them. */
bool MUST_USE options_manifest(const struct options *options,
                               struct manifest **manifest, struct err *err);

/* Sets what each --profile-set says. */
bool MUST_USE options_set_profile(const struct options *options,
                                  struct profile *profile, struct err *err);

/* The profile that they name, with what they set of it; none: the default. */
bool MUST_USE options_profile(const struct options *options,
                              struct profile *profile, struct err *err);

/* The script with every scenario the options name, compiled for the profile;
 * NULL = that of options_profile. */
bool MUST_USE options_script(const struct options *options,
                             const struct profile *profile,
                             struct script **script, struct err *err);

/* Help lines for the allowed flags, appended. */
void options_print_help(uint32_t allowed);

#endif
