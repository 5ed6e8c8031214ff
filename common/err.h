/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_ERR_H
#define COMMON_ERR_H

/* One error value, with text, as last argument.
 *
 * A function that can fail returns bool and takes `struct err *err` last. When
 * it returns false it has said everything worth saying: what kind of trouble
 * (code), where (place: a file and line, a flag, a field), and what was found
 * and what is allowed (text). Callers pass it on; only runner/main.c turns it
 * into an exit code. `err` is never NULL. */

#include <stdarg.h>
#include <stdbool.h>

#define MUST_USE               __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

/* code, exit code of the program, what it means */
#define ERR_MAP(X)                                                             \
    X(ERR_NONE, 0, "no error")                                                 \
    X(ERR_USAGE, 2, "a flag, an argument or a file the user gave is wrong")    \
    X(ERR_SCENARIO, 3, "a scenario is broken")                                 \
    X(ERR_CLIENT, 4, "the client could not be run")                            \
    X(ERR_MACHINE, 4, "the machine has not what a run needs")                  \
    X(ERR_SYSTEM, 5, "the operating system refused")                           \
    X(ERR_OURS, 5, "a fault of Retrial's own")

enum err_code {
#define X(code, exit_code, meaning) code,
    ERR_MAP(X)
#undef X
};

enum { ERR_PLACE_MAX = 512, ERR_TEXT_MAX = 1024 };

struct err {
    enum err_code code;
    char          place[ERR_PLACE_MAX]; /* "" = no particular place */
    char          text[ERR_TEXT_MAX];
};

/* Fills err; returns false, so that a caller can `return err_set(...)`.
 * Text that does not fit is cut. place may be NULL. */
bool err_set(struct err *err, enum err_code code, const char *place,
             const char *format, ...) PRINTF_LIKE(4, 5);

/* The same, with ": " and the text of errno at the end. The code is ERR_MACHINE
 * where errno says that there is no more of something (memory, descriptors,
 * processes), and else ERR_SYSTEM. */
bool err_set_errno(struct err *err, const char *place, const char *format, ...)
    PRINTF_LIKE(3, 4);

int err_exit_code(enum err_code code);

#endif
