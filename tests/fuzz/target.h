/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

/* One fuzz target, one file: adding one is a file, a line in TARGET_MAP and
 * beginnings in corpus/NAME. CMakeLists.txt reads the lines here. */

#include <stddef.h>
#include <stdint.h>

/* NAME is fuzz_NAME.c; how many mutations of each beginning are replayed; how
 * many seconds it is fuzzed, in how much memory (MB); the room that it feeds */
#define TARGET_MAP(X)                                                          \
    X(server, 200, 60, 128, server)                                            \
    X(client_retry_after, 2000, 10, 128, client)                               \
    X(client_event, 2000, 10, 128, client)                                     \
    X(script, 200, 15, 256, lua)                                               \
    X(body, 2000, 15, 256, judge)                                              \
    X(record, 200, 20, 256, judge)

/* What each file has: eats the input, and ends the process if that goes
 * wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
