#include "model/fault.h"

#include "common/clock.h"

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
#define MS(count) ((count) * NS_PER_MS)
    [FAULT_CLOSE_IDLE] = {200, {{true, PARAM_IDLE, MS(50)}}},
    [FAULT_RESET_IDLE] = {200, {{true, PARAM_IDLE, MS(50)}}},
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
    return fault_words[fault].family;
}

enum fault_sees fault_sees(enum fault fault)
{
    return fault_words[fault].sees;
}

static const char *const family_words[][2] = {
#define X(family, name, meaning) [family] = {name, meaning},
    FAULT_FAMILY_MAP(X)
#undef X
};

const char *fault_family_name(enum fault_family family)
{
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
    return fault != FAULT_NONE && fault_family(fault) <= FAMILY_ACCEPT;
}

bool fault_kills_idle(enum fault fault)
{
    return fault == FAULT_CLOSE_IDLE || fault == FAULT_RESET_IDLE;
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
