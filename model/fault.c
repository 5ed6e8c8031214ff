/* SPDX-License-Identifier: Apache-2.0 */
#include "model/fault.h"

#include "common/clock.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char       *name;
    const char       *meaning;
    enum fault_family family;
    enum fault_sees   sees;
} fault_words[FAULT_COUNT] = {
    [FAULT_NONE] = {"none", "no fault", FAMILY_SILENT, SEES_EITHER},
#define X(fault, name, family, sees, meaning)                                  \
    [fault] = {name, meaning, family, sees},
    FAULT_MAP(X)
#undef X
};

/* The words a fault takes, with what they are unless said. */
enum { TAKEN_MAX = 3 };

static const struct {
    int status; /* of the answer it carries; 0 = none */
    struct {
        bool             taken;
        enum fault_param param;
        int64_t          value;
    } params[TAKEN_MAX];
} fault_takings[FAULT_COUNT] = {
#define MS(count)           ((count) * NS_PER_MS)
#define TAKES(param, value) {true, param, value}
    [FAULT_OPEN_LATE] = {0, {TAKES(PARAM_LASTS, MS(1000))}},
    [FAULT_IGNORE_SYN] = {0, {TAKES(PARAM_LASTS, MS(2500))}},
    [FAULT_TLS_STALL] = {0, {TAKES(PARAM_AFTER, 0)}},
    [FAULT_TLS_CLOSE] = {0, {TAKES(PARAM_AFTER, 0)}},
    [FAULT_TLS_RESET] = {0, {TAKES(PARAM_AFTER, 0)}},
    [FAULT_STOP_READING] = {0, {TAKES(PARAM_AFTER, 1)}},
    [FAULT_CLOSE_IN_BODY] = {0, {TAKES(PARAM_AFTER, 1)}},
    [FAULT_RESET_IN_BODY] = {0, {TAKES(PARAM_AFTER, 1)}},
    [FAULT_EARLY_REFUSAL] = {.status = 413},
    [FAULT_EARLY_SUCCESS] = {.status = 200},
    [FAULT_CONTINUE_UNASKED] = {.status = 200},
    [FAULT_CONTINUE_WITHHELD] = {.status = 200},
    [FAULT_WRONG_VERSION] = {.status = 200},
    [FAULT_REASON_OWN] = {.status = 200},
    [FAULT_REASON_NONE] = {.status = 200},
    [FAULT_CUT_STATUS_LINE] = {200,
                               {TAKES(PARAM_AFTER, 9),
                                TAKES(PARAM_BY, BY_CLOSE)}},
    [FAULT_CUT_HEADERS] = {200,
                           {TAKES(PARAM_AFTER, 20), TAKES(PARAM_BY, BY_CLOSE)}},
    [FAULT_STALL_HEADERS] = {200, {TAKES(PARAM_AFTER, 20)}},
    [FAULT_DRIP_HEADERS] = {200, {TAKES(PARAM_EVERY, MS(2))}},
    [FAULT_NO_COLON] = {.status = 200},
    [FAULT_FOLDED_HEADER] = {.status = 200},
    [FAULT_NUL_HEADER] = {.status = 200},
    [FAULT_HUGE_HEADER] = {200, {TAKES(PARAM_BYTES, 1 << 20)}},
    [FAULT_MANY_HEADERS] = {200, {TAKES(PARAM_COUNT, 10000)}},
    [FAULT_CONTINUE_FIRST] = {.status = 200},
    [FAULT_PROCESSING_FIRST] = {.status = 200},
    [FAULT_HINTS_FIRST] = {.status = 200},
    [FAULT_TWO_LENGTHS] = {.status = 200},
    [FAULT_LENGTH_TWICE] = {.status = 200},
    [FAULT_LENGTH_WORD] = {.status = 200},
    [FAULT_LENGTH_AND_CHUNKS] = {.status = 200},
    [FAULT_CUT_BODY] = {200,
                        {TAKES(PARAM_AFTER, 10), TAKES(PARAM_BY, BY_CLOSE)}},
    [FAULT_CUT_CHUNKS] = {200,
                          {TAKES(PARAM_AFTER, 10), TAKES(PARAM_BY, BY_CLOSE)}},
    [FAULT_STALL_BODY] = {200, {TAKES(PARAM_AFTER, 10)}},
    [FAULT_TLS_CUT_BODY] = {200, {TAKES(PARAM_AFTER, 10)}},
    [FAULT_TLS_CUT_END] = {.status = 200},
    [FAULT_DRIP_BODY] = {200, {TAKES(PARAM_EVERY, MS(20))}},
    [FAULT_CHUNK_SIZE_JUNK] = {.status = 200},
    [FAULT_CHUNK_TOO_LONG] = {.status = 200},
    [FAULT_ENDLESS_BODY] = {200, {TAKES(PARAM_EVERY, MS(1))}},
    [FAULT_HUGE_BODY] = {200, {TAKES(PARAM_BYTES, 8 << 20)}},
    [FAULT_BODY_AFTER_204] = {.status = 204},
    [FAULT_BODY_TOO_LONG] = {.status = 200},
    [FAULT_FALSE_GZIP] = {.status = 200},
    [FAULT_CLOSE_IDLE] = {200, {TAKES(PARAM_IDLE, MS(50))}},
    [FAULT_RESET_IDLE] = {200, {TAKES(PARAM_IDLE, MS(50))}},
    [FAULT_HALF_CLOSE] = {.status = 200},
    [FAULT_LINGER] = {.status = 200},
    [FAULT_ANSWERED_TWICE] = {200, {TAKES(PARAM_IDLE, MS(50))}},
    [FAULT_JUNK_AFTER] = {200, {TAKES(PARAM_IDLE, MS(50))}},
    [FAULT_TLS_NO_NOTIFY] = {.status = 200},
    [FAULT_ANSWER_THEN_RESET] = {.status = 200},
#undef TAKES
#undef MS
};

static const struct {
    const char           *name;
    const char           *meaning;
    enum fault_param_kind kind;
    int64_t               least;
    int64_t               most;
} param_words[FAULT_PARAM_COUNT] = {
#define X(param, name, kind, least, most, meaning)                             \
    [param] = {name, meaning, kind, least, most},
    FAULT_PARAM_MAP(X)
#undef X
};

const char *fault_name(enum fault fault)
{
    assert(fault < FAULT_COUNT);
    return fault_words[fault].name;
}

const char *fault_meaning(enum fault fault)
{
    return fault_words[fault].meaning;
}

enum fault fault_find(const char *name)
{
    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        if (strcmp(fault_words[i].name, name) == 0)
            return (enum fault)i;
    return FAULT_NONE;
}

enum fault_family fault_family(enum fault fault)
{
    assert(fault < FAULT_COUNT);
    return fault_words[fault].family;
}

enum fault_sees fault_sees(enum fault fault)
{
    assert(fault < FAULT_COUNT);
    return fault_words[fault].sees;
}

static const char *const family_words[][2] = {
#define X(family, name, meaning) [family] = {name, meaning},
    FAULT_FAMILY_MAP(X)
#undef X
};

const char *fault_family_name(enum fault_family family)
{
    assert(family < sizeof family_words / sizeof family_words[0]);
    return family_words[family][0];
}

const char *fault_family_meaning(enum fault_family family)
{
    return family_words[family][1];
}

static const char *const sees_words[][2] = {
#define X(sees, name, meaning) [sees] = {name, meaning},
    FAULT_SEES_MAP(X)
#undef X
};

const char *fault_sees_name(enum fault_sees sees)
{
    return sees_words[sees][0];
}

const char *fault_sees_meaning(enum fault_sees sees)
{
    return sees_words[sees][1];
}

bool fault_is_of_connection(enum fault fault)
{
    return fault != FAULT_NONE && fault_family(fault) <= FAMILY_TLS;
}

enum fault_over fault_over(enum fault fault)
{
    switch (fault) {
    case FAULT_TLS_FOR_PLAIN:
        return OVER_CLEAR;
    case FAULT_TLS_CUT_BODY:
    case FAULT_TLS_CUT_END:
    case FAULT_TLS_NO_NOTIFY:
        return OVER_TLS;
    default:
        return fault_family(fault) == FAMILY_TLS ? OVER_TLS : OVER_ANY;
    }
}

bool fault_is_untrusted(enum fault fault)
{
    switch (fault) {
    case FAULT_TLS_EXPIRED:
    case FAULT_TLS_NOT_YET_VALID:
    case FAULT_TLS_WRONG_HOST:
    case FAULT_TLS_SELF_SIGNED:
    case FAULT_TLS_UNKNOWN_CA:
        return true;
    default:
        return false;
    }
}

bool fault_kills_idle(enum fault fault)
{
    switch (fault) {
    case FAULT_CLOSE_IDLE:
    case FAULT_RESET_IDLE:
    case FAULT_HALF_CLOSE:
    case FAULT_ANSWERED_TWICE:
    case FAULT_JUNK_AFTER:
        return true;
    default:
        return false;
    }
}

int fault_status(enum fault fault)
{
    return fault_takings[fault].status;
}

const char *fault_param_name(enum fault_param param)
{
    return param_words[param].name;
}

const char *fault_param_meaning(enum fault_param param)
{
    return param_words[param].meaning;
}

enum fault_param_kind fault_param_kind(enum fault_param param)
{
    return param_words[param].kind;
}

int64_t fault_param_least(enum fault_param param)
{
    return param_words[param].least;
}

int64_t fault_param_most(enum fault_param param)
{
    return param_words[param].most;
}

const char *fault_by_name(enum fault_by by)
{
    return by == BY_CLOSE ? "close" : "reset";
}

struct fault_how fault_how_default(enum fault fault)
{
    struct fault_how how;

    for (int i = 0; i < FAULT_PARAM_COUNT; i++)
        how.values[i] = PARAM_UNSET;
    for (int i = 0; i < TAKEN_MAX; i++)
        if (fault_takings[fault].params[i].taken)
            how.values[fault_takings[fault].params[i].param] =
                fault_takings[fault].params[i].value;
    return how;
}

bool fault_takes(enum fault fault, enum fault_param param)
{
    return fault_how_default(fault).values[param] != PARAM_UNSET;
}
