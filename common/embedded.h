/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_EMBEDDED_H
#define COMMON_EMBEDDED_H

/* A text file that was put into the binary at build time (cmake/embed.cmake).
 * The text is followed by a NUL that is not counted. */

#include <stddef.h>

struct embedded {
    const char *name; /* file name without its folder: "my-ingest.json" */
    const char *text;
    size_t      length_bytes;
};

#endif
