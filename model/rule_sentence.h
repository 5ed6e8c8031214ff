/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RULE_SENTENCE_H
#define MODEL_RULE_SENTENCE_H

/* A rule's sentence, with the values of a profile in it: what rule.c has in
 * braces is said in the profile's numbers. */

#include "model/profile.h"
#include "model/rule.h"

enum { RULE_SENTENCE_MAX = 512 };

/* Returns buffer. What does not fit is cut. */
const char *rule_sentence(char                  buffer[RULE_SENTENCE_MAX],
                          const struct rule    *rule,
                          const struct profile *profile);

#endif
