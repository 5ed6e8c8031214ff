/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

/* A step: what is played to a request. */

#include "common/bytes.h"
#include "common/date.h"
#include "model/fault.h"
#include "model/header.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whither a redirect leads that leads to another origin: word, meaning. */
#define ELSEWHERE_MAP(X)                                                       \
    X(ELSEWHERE_NOT, "", "nowhere, or where its own Location says")            \
    X(ELSEWHERE_PORT, "elsewhere", "another port of the same host")            \
    X(ELSEWHERE_HOST, "another-host", "the same port of another host")

enum elsewhere {
#define X(elsewhere, name, meaning) elsewhere,
    ELSEWHERE_MAP(X)
#undef X
        ELSEWHERE_COUNT
};

const char *elsewhere_name(enum elsewhere elsewhere);
enum elsewhere elsewhere_find(const char *name); /* ELSEWHERE_COUNT = none */

enum step_kind { STEP_ANSWER, STEP_FAULT, STEP_DECIDE };

/* One Retry-After header field. */
struct retry_after {
    bool           is_date;
    char          *text; /* sent as it is, when not a date */
    enum date_form form; /* a date is resolved when it is served: */
    int64_t        offset_s; /* the wall clock's second then, plus this */
};

struct answer {
    int                 status; /* 100-999 */
    struct retry_after *retry_after;
    size_t              retry_after_count;
    struct header_list  headers;
    char               *body; /* NULL = the default for the status */
    size_t              body_bytes;
    enum elsewhere elsewhere; /* Location: the same target at that origin */
    int64_t token_life_s; /* expires_in of the token that a 2xx on ROUTE_TOKEN
                           * brings; 0 = an hour */
};

struct step {
    enum step_kind kind;
    unsigned       times; /* 0 = for all further requests ("rest") */
    int64_t        delay_ns; /* between the whole request and what is played */
    struct answer  answer; /* STEP_ANSWER */
    enum fault     fault; /* STEP_FAULT; it may carry the answer, too */
    struct fault_how how; /* ... and how it strikes */
    /* The wall clock is set by clock_by_ns (0 = it is not), so long after
     * this began to be played. */
    int64_t clock_by_ns;
    int64_t clock_after_ns;
    int     decide; /* STEP_DECIDE: lua/'s handle of the function */
};

struct step_list { /* played in order by one cursor; then 200 for ever */
    struct step *items;
    size_t       count;
};

void step_list_add(struct step_list *list, const struct step *step); /* moves */
void step_list_clear(struct step_list *list);
void step_clear(struct step *step);
/* What the step plays, on one line: "answer 429, Retry-After: 2". */
void step_print(const struct step *step, struct bytes *out);

#endif
