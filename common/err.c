/* SPDX-License-Identifier: Apache-2.0 */
#include "common/err.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const int exit_codes[] = {
#define X(code, exit_code, meaning) [code] = exit_code,
    ERR_MAP(X)
#undef X
};

static void err_fill(struct err *err, enum err_code code, const char *place,
                     const char *format, va_list arguments) PRINTF_LIKE(4, 0);

static void err_fill(struct err *err, enum err_code code, const char *place,
                     const char *format, va_list arguments)
{
    assert(err != NULL && code != ERR_NONE);
    err->code = code;
    snprintf(err->place, sizeof err->place, "%s", place ? place : "");
    vsnprintf(err->text, sizeof err->text, format, arguments);
}

bool err_set(struct err *err, enum err_code code, const char *place,
             const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    err_fill(err, code, place, format, arguments);
    va_end(arguments);
    return false;
}

/* What another machine, or this one at another time, would have given. */
static bool is_want(int code)
{
    switch (code) {
    case EAGAIN: /* of fork: processes */
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return true;
    default:
        return false;
    }
}

bool err_set_errno(struct err *err, const char *place, const char *format, ...)
{
    int     saved = errno;
    va_list arguments;
    size_t  used;

    va_start(arguments, format);
    err_fill(err, is_want(saved) ? ERR_MACHINE : ERR_SYSTEM, place, format,
             arguments);
    va_end(arguments);
    used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s",
             strerror(saved));
    errno = saved;
    return false;
}

int err_exit_code(enum err_code code)
{
    return exit_codes[code];
}
