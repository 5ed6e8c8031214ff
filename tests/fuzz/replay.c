/* SPDX-License-Identifier: Apache-2.0 */
/* Drives a fuzz target without libFuzzer, so that every test run feeds the
 * mouths: each file of a corpus as it is, then a seeded number of mutations of
 * it (bytes changed, cut out, doubled). The same seed gives the same bytes.
 *
 *   TARGET CORPUS_DIR [MUTATIONS_PER_FILE] */

#include "common/bytes.h"
#include "common/rng.h"
#include "common/text.h"
#include "tests/fuzz/target.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 1 << 20, MUTATIONS_DEFAULT = 300 };

static void mutate(struct bytes *input, struct rng *rng)
{
    size_t changes = 1 + rng_below(rng, 8);

    for (size_t i = 0; i < changes && input->length > 0; i++) {
        size_t at = rng_below(rng, input->length);
        size_t left = input->length - at;
        size_t span = 1 + rng_below(rng, left < 64 ? left : 64);

        switch (rng_below(rng, 3)) {
        case 0:
            input->data[at] = (char)rng_below(rng, 256);
            break;
        case 1:
            memmove(input->data + at, input->data + at + span, left - span);
            input->length -= span;
            break;
        default:
            bytes_append(input, input->data + at, 0);
            if (input->length + span <= INPUT_BYTES_MAX) {
                char copy[64];

                memcpy(copy, input->data + at, span);
                bytes_append(input, copy, span);
            }
            break;
        }
    }
}

static bool read_file(const char *path, struct bytes *input)
{
    char   part[4096];
    size_t got;
    FILE  *file = fopen(path, "rb");

    if (file == NULL)
        return false;
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        bytes_append(input, part, got);
    fclose(file);
    return true;
}

static void feed(const struct bytes *input)
{
    LLVMFuzzerTestOneInput((const uint8_t *)bytes_text(input), input->length);
}

static void replay(const struct bytes *seed, int64_t mutations, struct rng *rng)
{
    feed(seed);
    for (int64_t i = 0; i < mutations; i++) {
        struct bytes input;

        bytes_init(&input, INPUT_BYTES_MAX);
        bytes_append(&input, bytes_text(seed), seed->length);
        mutate(&input, rng);
        feed(&input);
        bytes_clear(&input);
    }
}

int main(int argc, char **argv)
{
    int64_t        mutations = MUTATIONS_DEFAULT;
    unsigned       files = 0;
    struct rng     rng;
    struct dirent *entry;
    DIR           *corpus = argc > 1 ? opendir(argv[1]) : NULL;

    if (corpus == NULL ||
        (argc > 2 && !text_to_int(argv[2], 0, 1000000, &mutations))) {
        fprintf(stderr, "usage: %s CORPUS_DIR [MUTATIONS]\n", argv[0]);
        return 2;
    }
    rng_seed(&rng, 1);
    while ((entry = readdir(corpus)) != NULL) {
        struct bytes seed;
        char         path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        bytes_init(&seed, INPUT_BYTES_MAX);
        if (read_file(path, &seed)) {
            replay(&seed, mutations, &rng);
            files++;
        }
        bytes_clear(&seed);
    }
    closedir(corpus);
    printf("%u files, %lld mutations each\n", files, (long long)mutations);
    return files > 0 ? 0 : 1;
}
