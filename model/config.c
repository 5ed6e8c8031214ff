/* SPDX-License-Identifier: Apache-2.0 */
#include "model/config.h"

#include "common/clock.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    const char *capability;
    int64_t     min;
    int64_t     max;
} config_keys[CONFIG_COUNT] = {
#define X(key, name, min, max, meaning)                                        \
    [key] = {name, "config." name, min, max},
    CONFIG_MAP(X)
#undef X
};

enum special_value { VALUE_ZERO, VALUE_FRACTION };

static const struct {
    enum config_key    key;
    enum special_value value;
    const char        *capability;
} special_values[CONFIG_VALUE_COUNT] = {
#define X(key, capability, value) {key, value, capability},
    CONFIG_VALUE_MAP(X)
#undef X
};

bool config_is_capability(const char *word)
{
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (strcmp(config_keys[i].capability, word) == 0)
            return true;
    for (int i = 0; i < CONFIG_VALUE_COUNT; i++)
        if (strcmp(special_values[i].capability, word) == 0)
            return true;
    return false;
}

const char *config_value_word(enum config_key key, size_t index)
{
    for (int i = 0; i < CONFIG_VALUE_COUNT; i++)
        if (special_values[i].key == key && index-- == 0)
            return strrchr(special_values[i].capability, '.') + 1;
    return NULL;
}

const char *config_name(enum config_key key)
{
    assert(key < CONFIG_COUNT);
    return config_keys[key].name;
}

enum config_key config_find(const char *name)
{
    for (int i = 0; i < CONFIG_COUNT; i++)
        if (strcmp(config_keys[i].name, name) == 0)
            return (enum config_key)i;
    return CONFIG_COUNT;
}

bool config_allows(enum config_key key, int64_t value)
{
    assert(key < CONFIG_COUNT);
    return value >= config_keys[key].min && value <= config_keys[key].max;
}

int64_t config_min(enum config_key key)
{
    return config_keys[key].min;
}

int64_t config_max(enum config_key key)
{
    return config_keys[key].max;
}

const char *config_capability(enum config_key key)
{
    assert(key < CONFIG_COUNT);
    return config_keys[key].capability;
}

const char *config_value_capability(const int64_t config[CONFIG_COUNT],
                                    int           index)
{
    int64_t value = config[special_values[index].key];
    bool    needed = special_values[index].value == VALUE_ZERO
                         ? value == 0
                         : value % (NS_PER_S / NS_PER_MS) != 0;

    assert(index < CONFIG_VALUE_COUNT);
    return value != CONFIG_UNSET && needed ? special_values[index].capability
                                           : NULL;
}
