/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_MASK_H
#define REPORTS_MASK_H

/* What stands between foreign text and a report.
 *
 * Every word that a client, a scenario or a person could have chosen passes
 * here once, and comes out (1) without secrets: the write key, credentials,
 * cookies and tokens that were learned, wherever they stand, are "****"; and
 * (2) clean: valid UTF-8, and without anything that a terminal would obey or
 * XML forbids; each such thing is U+FFFD. Escaping for a format is the
 * writer's own business afterwards.
 *
 * A secret shorter than four bytes is none: masking it would blacken the
 * whole report. */

#include "common/bytes.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

enum { MASK_SECRET_MIN = 4 };

struct mask {
    bool   show; /* secrets stay; text is still cleaned */
    char **secrets;
    size_t count;
    bool   sorted;      /* longest first, each once */
    bool   starts[256]; /* bytes that a secret starts with */
};

void mask_init(struct mask *mask, bool show_secrets);
void mask_clear(struct mask *mask);

/* Learns a secret, its Base64 and the ways it is written in URLs and JSON. */
void mask_learn(struct mask *mask, const char *secret);
void mask_learn_plan(struct mask *mask, const struct plan *plan);
void mask_learn_attempt(struct mask *mask, const struct attempt *attempt);
/* Forgets all others, and learns those of the trial. */
void mask_learn_trial(struct mask *mask, const struct trial_result *trial);

/* On one line: line breaks and tabs become spaces. NULL is "". */
void mask_add(struct mask *mask, const char *text, struct bytes *out);
char *mask_line(struct mask *mask, const char *text); /* yours */
/* The same, cut to so many bytes, with its whole length behind it. */
void mask_add_short(struct mask *mask, const char *text, size_t max_bytes,
                    struct bytes *out);
/* Lines kept. */
char *mask_block(struct mask *mask, const char *text, size_t length_bytes);
/* A header of that name holds credentials. */
bool mask_is_secret(const char *name);
/* The value of a header: of credentials only the scheme is left. */
char *mask_header(struct mask *mask, const struct header *header);

#endif
