/* SPDX-License-Identifier: Apache-2.0 */
#include "common/log.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static enum log_level log_level_now = LOG_WARN;

void log_set_level(enum log_level level)
{
    log_level_now = level;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    char                     line[1024];
    va_list                  arguments;

    assert((size_t)level < sizeof names / sizeof names[0]);
    if (level > log_level_now)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    /* One call, one line: workers share this stderr. */
    fprintf(stderr, "retrial: %s: %s\n", names[level], line);
}
