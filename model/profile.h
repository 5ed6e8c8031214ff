/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

/* One dialect of ingest, as data: what a right client does (its policy) and
 * how that is said (its wire).
 *
 * A profile is a JSON document (profile_load.h). Each value is named here
 * once, in profile_keys.h: its kind, what it decides, what is allowed. A value
 * that is null is left open: what it decides is not judged. A manifest may set
 * single values to what its SDK documents; scenarios never fork for that, and
 * the reports print all that differ from the profile's. */

#include "common/err.h"
#include "model/profile_keys.h"
#include "model/rule.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The words of a value: enum profile_gate and its like. */
#define WORD(enumerator, word)                   enumerator,
#define WORDS(part, field, null, meaning, words) enum profile_##field{words};
#define NUMBER(part, field, null, min, max, meaning)
#define STATUSES(part, field, null, meaning)
#define TEXT(part, field, null, meaning)
#define TEXTS(part, field, null, meaning)
#define LINE(part, field, null, meaning)
#define SECONDS(part, field, null, meaning)
PROFILE_MAP(WORDS, WORD, NUMBER, STATUSES, TEXT, TEXTS, LINE, SECONDS)
#undef WORD
#undef WORDS
#undef NUMBER
#undef STATUSES
#undef TEXT
#undef TEXTS
#undef LINE
#undef SECONDS

/* Each value by its place in the table: PROFILE_GATE_KEY and its like. */
enum profile_key {
#define WORD(enumerator, word)
#define WORDS(part, field, null, meaning, words)     PROFILE_KEY_##field,
#define NUMBER(part, field, null, min, max, meaning) PROFILE_KEY_##field,
#define STATUSES(part, field, null, meaning)         PROFILE_KEY_##field,
#define TEXT(part, field, null, meaning)             PROFILE_KEY_##field,
#define TEXTS(part, field, null, meaning)            PROFILE_KEY_##field,
#define LINE(part, field, null, meaning)             PROFILE_KEY_##field,
#define SECONDS(part, field, null, meaning)          PROFILE_KEY_##field,
    PROFILE_MAP(WORDS, WORD, NUMBER, STATUSES, TEXT, TEXTS, LINE, SECONDS)
#undef WORD
#undef WORDS
#undef NUMBER
#undef STATUSES
#undef TEXT
#undef TEXTS
#undef LINE
#undef SECONDS
        PROFILE_KEY_COUNT
};

enum {
    PROFILE_NAME_MAX = 64,
    PROFILE_ABOUT_MAX = 512,
    PROFILE_LINE_MAX = 256,
    PROFILE_TEXTS_MAX = 8,
    PROFILE_SECONDS_MAX = 32,
    PROFILE_STATUSES = 1000, /* 100 to 999, each at its own number */
};

struct profile_texts {
    char     at[PROFILE_TEXTS_MAX][PROFILE_NAME_MAX];
    unsigned count;
};

struct profile_seconds {
    double   at[PROFILE_SECONDS_MAX];
    unsigned count;
};

struct profile {
    char name[PROFILE_NAME_MAX];
    char about[PROFILE_ABOUT_MAX];
    bool open[PROFILE_KEY_COUNT]; /* null: not judged; then a number is the
                                   * greatest allowed, a text is empty */
/* clang-format off */
#define WORD(enumerator, word)
#define WORDS(part, field, null, meaning, words)     enum profile_##field field;
#define NUMBER(part, field, null, min, max, meaning) double field;
#define STATUSES(part, field, null, meaning) bool field[PROFILE_STATUSES];
#define TEXT(part, field, null, meaning)     char field[PROFILE_NAME_MAX];
#define TEXTS(part, field, null, meaning)    struct profile_texts field;
#define LINE(part, field, null, meaning)     char field[PROFILE_LINE_MAX];
#define SECONDS(part, field, null, meaning)  struct profile_seconds field;
    /* clang-format on */
    PROFILE_MAP(WORDS, WORD, NUMBER, STATUSES, TEXT, TEXTS, LINE, SECONDS)
#undef WORD
#undef WORDS
#undef NUMBER
#undef STATUSES
#undef TEXT
#undef TEXTS
#undef LINE
#undef SECONDS
};

/* The value is null: what it decides is not judged. */
#define PROFILE_OPEN(profile, field) ((profile)->open[PROFILE_KEY_##field])
/* It is given, and it is this word. */
#define PROFILE_IS(profile, field, word)                                       \
    (!PROFILE_OPEN(profile, field) && (profile)->field == (word))

/* Every value at its default: null where it may be, else the first word, the
 * least number, no status, an empty list. */
void profile_init(struct profile *profile);

/* Sets the values that the object names, and name and about; place is for the
 * error ("FILE: profile"). An unknown name, a wrong type or a value that is not
 * allowed is an error, and then the profile is unchanged. */
bool MUST_USE profile_set(struct profile *profile, const cJSON *values,
                          const char *place, struct err *err);
/* All values, name and about; yours (cJSON_Delete). profile_set on any profile
 * of it makes the same profile again. */
cJSON *profile_to_json(const struct profile *profile);

/* ---- the table, for those who tell of it ---- */

enum profile_part { PART_POLICY, PART_WIRE };

struct profile_key_info {
    const char        *name;
    enum profile_part  part;
    const char        *null; /* what null says; NULL = it is not allowed */
    const char        *meaning;
    const char        *kind; /* "one of", "a number", "a list of statuses" */
    const char *const *words; /* NULL-terminated; NULL = no words */
    double             min; /* of a number */
    double             max;
};

struct profile_key_info profile_key_info(enum profile_key key);
/* The value of one key alone; yours. */
cJSON *profile_value(const struct profile *profile, enum profile_key key);
/* PROFILE_KEY_COUNT = there is none of that name. */
enum profile_key profile_key_find(const char *name);

/* ---- what a right client does ---- */

enum status_class {
    STATUS_DELIVERED,
    STATUS_RETRIED,
    STATUS_EITHER, /* it may retry or not */
    STATUS_DROPPED
};

/* A client may bound how often it lets itself be rate-limited (RA-11); fewer
 * waits than this are no reason to give up. */
enum { RATE_LIMITED_CERTAIN = 20 };

/* With this answer; oauth: whether OAuth is configured. 0 = no whole answer
 * came. */
enum status_class profile_status(const struct profile *profile, int status,
                                 bool oauth);
/* The rule that says so of this status; RULE_NONE = none does: it is the
 * client's own choice. */
enum rule_id status_class_rule(enum status_class class, int status);
/* Whether a wait is read from the answer, if such a one is retried: from
 * Retry-After, or from the fields in ms. */
bool profile_reads_retry_after(const struct profile *profile, int status,
                               bool in_ms);
/* Whether a Retry-After on this status is to be honoured. */
bool profile_honours_retry_after(const struct profile *profile, int status,
                                 bool oauth);

/* The law of backoff, with its jitter. */
struct backoff_law {
    enum profile_backoff_law kind;
    double                   base_s;
    double                   factor;
    double                   cap_s;
    double                   floor_s; /* below the cap; 0 = there is none */
    struct profile_seconds   table;
    double first_s; /* the first wait, if not the law's; -1 = the law's */
    bool   first_shifts; /* ... and the law's own first follows it */
    enum profile_jitter jitter;
    double              jitter_min;
    double              jitter_max;
    double              jitter_added_s;
    bool caps_law; /* the cap holds before the jitter, not with it */
};

struct backoff_law profile_backoff(const struct profile *profile);
/* The wait before the n-th counted retry (n = 1, 2 ...), before jitter,
 * capped. */
int64_t backoff_law_ns(const struct backoff_law *law, unsigned retry);
/* No wait of it is shorter; 0 = there is no floor. */
int64_t backoff_law_floor_ns(const struct backoff_law *law);
/* The floor lengthens some of those waits, so that they are no even draw. */
bool backoff_law_is_floored(const struct backoff_law *law, unsigned retry);
/* The least and the most of it, with the jitter. */
struct backoff_span {
    int64_t least_ns;
    int64_t most_ns;
};
struct backoff_span backoff_law_span(const struct backoff_law *law,
                                     unsigned                  retry);

#endif
