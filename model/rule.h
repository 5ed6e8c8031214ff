#ifndef MODEL_RULE_H
#define MODEL_RULE_H

/* The rules we certify, as one table: from it come docs/rules.md, `retrial
 * explain RULE`, `retrial list rules` and the traceability of every report.
 * A scenario names rules by id and never restates them. */

#include <stddef.h>

enum rule_level { RULE_MUST, RULE_MUST_NOT, RULE_SHOULD };

struct rule {
    const char     *id;      /* "RA-1" */
    const char     *section; /* "Retry-After" */
    enum rule_level level;
    const char     *sentence; /* what a right client does, one sentence */
    const char     *source;   /* where the rule comes from */
};

extern const struct rule rule_table[];
extern const size_t      rule_count;

enum { RULE_COUNT_MAX = 128 }; /* room for arrays with a place per rule */

const struct rule *rule_find(const char *id); /* NULL = no such rule */
/* The known id that a mistyped one most likely meant, or NULL. */
const char *rule_nearest(const char *id);
size_t rule_index(const struct rule *rule);
const char *rule_level_text(enum rule_level level); /* "MUST NOT" */

#endif
