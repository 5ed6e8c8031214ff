#include "model/fault.h"

#include <string.h>

static const struct {
    const char *name;
    const char *meaning;
} fault_words[FAULT_COUNT] = {
    [FAULT_NONE] = {"none", "no fault"},
#define X(fault, name, meaning) [fault] = {name, meaning},
    FAULT_MAP(X)
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
