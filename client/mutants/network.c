/* SPDX-License-Identifier: Apache-2.0 */
/* No whole answer: a trouble taken for something else, and a timeout and
 * a connection held on to. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <curl/curl.h>
#include <stdbool.h>

#define REFUSE_TROUBLE(function, which)                                        \
    static void function(const struct request *request,                        \
                         struct outcome       *outcome)                        \
    {                                                                          \
        (void)request;                                                         \
        if (outcome->trouble == (which)) {                                     \
            outcome->trouble = TROUBLE_NONE;                                   \
            outcome->status = AS_REFUSED;                                      \
        }                                                                      \
    }

REFUSE_TROUBLE(refuse_reset, TROUBLE_RESET)
REFUSE_TROUBLE(refuse_empty, TROUBLE_EMPTY)
REFUSE_TROUBLE(refuse_timeout, TROUBLE_TIMEOUT)
REFUSE_TROUBLE(refuse_garbled, TROUBLE_GARBLED)

static void take_cut_for_whole(const struct request *request,
                               struct outcome       *outcome)
{
    (void)request;
    if (outcome->trouble == TROUBLE_CUT) {
        outcome->trouble = TROUBLE_NONE;
        outcome->status = 200;
    }
}

static void take_nothing_for_success(const struct request *request,
                                     struct outcome       *outcome)
{
    (void)request;
    if (outcome->trouble == TROUBLE_EMPTY) {
        outcome->trouble = TROUBLE_NONE;
        outcome->status = 200;
    }
}

/* The header grows only by what was answered. */
WORKER_MEMORY unsigned troubles;

static bool count_answers_only(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    if (request->retry == 0)
        troubles = 0;
    mistake_set_count(request, request->retry - troubles);
    return false;
}

static void note_trouble(const struct request *request, struct outcome *outcome)
{
    (void)request;
    troubles += outcome->trouble != TROUBLE_NONE;
}

/* A trouble that finds the budget spent is tried once more all the same. */
DECIDE(retry_trouble_free)
{
    (void)request;
    if (outcome->trouble == TROUBLE_NONE || move->kind != MOVE_DROP ||
        move->drop != DROP_RETRIES_SPENT ||
        retry->counted > mistake_policy.max_retries)
        return;
    retry->counted++;
    retry->retries++;
    *move = (struct move){
        .kind = MOVE_WAIT,
        .until_ns = outcome->ended_ns +
                    retry_backoff_ns(&mistake_policy, retry->counted, 0.5),
    };
}

/* A pool that hands out the dead connection again, twice: both fail before
 * anything is sent. */
WORKER_MEMORY unsigned dead_tries;

static void note_dead(const struct request *request, struct outcome *outcome)
{
    (void)request;
    if (outcome->reused && (outcome->trouble == TROUBLE_RESET ||
                            outcome->trouble == TROUBLE_EMPTY))
        dead_tries = 2;
}

static bool try_dead_again(struct request *request, struct outcome *outcome)
{
    if (request->retry == 0 || dead_tries == 0)
        return false;
    dead_tries--;
    outcome->trouble = TROUBLE_RESET;
    return true;
}

/* ---- a timeout that is not kept, or not of the whole answer ---- */

enum { HELD_MS = 5000 };

static bool hold_on(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->timeout_ms = HELD_MS;
    return false;
}

static long own_timeout_ms;

CONFIGURE(know_timeout)
{
    (void)policy;
    own_timeout_ms = (long)config->request_timeout_ms;
}

/* What libcurl tells whoever watches it: each line of an answer's head, and
 * each piece of its body. The timeout may be set anew while it runs. */
#define WATCH(function)                                                        \
    static int function(CURL *easy, curl_infotype what, char *data,            \
                        size_t length, void *nobody)

WATCH(wait_on_once_begun)
{
    (void)data;
    (void)length;
    (void)nobody;
    if (what == CURLINFO_HEADER_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HELD_MS);
    return 0;
}

WATCH(wait_on_in_body)
{
    (void)data;
    (void)length;
    (void)nobody;
    if (what == CURLINFO_DATA_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HELD_MS);
    return 0;
}

WATCH(wait_on_with_each_piece)
{
    curl_off_t since_us = 0;

    (void)data;
    (void)length;
    (void)nobody;
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &since_us);
    if (what == CURLINFO_DATA_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                         (long)(since_us / 1000) + own_timeout_ms);
    return 0;
}

#define WATCHED_BY(function, watch)                                            \
    static void function##_easy(void *easy)                                    \
    {                                                                          \
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);                           \
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, watch);                  \
    }                                                                          \
    static bool function(struct request *request, struct outcome *outcome)     \
    {                                                                          \
        (void)outcome;                                                         \
        request->adjust = function##_easy;                                     \
        return false;                                                          \
    }

WATCHED_BY(end_timeout_with_first_line, wait_on_once_begun)
WATCHED_BY(end_timeout_with_head, wait_on_in_body)
WATCHED_BY(begin_timeout_with_each_piece, wait_on_with_each_piece)

/* Whoever was given up is left to itself: its socket is open to the end. */
static int leave_open(void *nobody, curl_socket_t socket)
{
    (void)nobody;
    (void)socket;
    return 0;
}

static void leave_all_open(void *easy)
{
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, leave_open);
}

static bool close_nothing(struct request *request, struct outcome *outcome)
{
    (void)outcome;
    request->adjust = leave_all_open;
    return false;
}

/* clang-format off */
static const struct mutant mutants[] = {
    {"drops-on-reset", "NET-1", "Does not retry a connection reset.",
     {.after = refuse_reset}},
    {"drops-on-empty-reply", "NET-1",
     "Does not retry a connection closed without an answer.",
     {.after = refuse_empty}},
    {"drops-on-timeout", "NET-1", "Does not retry a request timeout.",
     {.after = refuse_timeout}},
    {"request-timeout-ignored", "NET-2",
     "Holds on to a request for 5 s, whatever its timeout.",
     {.before = hold_on}},
    {"timeout-until-first-line", "NET-2",
     "Has a timeout until an answer begins, and then waits for 5 s.",
     {.before = end_timeout_with_first_line}},
    {"timeout-until-body", "NET-2",
     "Has a timeout for an answer's head alone; for its body it waits for 5 s.",
     {.before = end_timeout_with_head}},
    {"timeout-anew-with-each-byte", "NET-2",
     "Begins its timeout anew with each piece of a body that comes.",
     {.configure = know_timeout, .before = begin_timeout_with_each_piece}},
    {"abandoned-request-kept-open", "NET-2",
     "Gives up a request after its timeout, and leaves it open.",
     {.before = close_nothing}},
    {"drops-on-garbled", "NET-1",
     "Does not retry an answer that is no HTTP.", {.after = refuse_garbled}},
    {"cut-answer-is-delivered", "NET-1",
     "Takes an answer that was cut short for a success.",
     {.after = take_cut_for_whole}},
    {"empty-reply-is-delivered", "DELIVER-4",
     "Takes a connection closed without an answer for a success.",
     {.after = take_nothing_for_success}},
    {"network-errors-uncounted", "COUNT-2",
     "Does not count in X-Retry-Count what no answer came to.",
     {.before = count_answers_only, .after = note_trouble}},
    {"network-errors-over-budget", "BUDGET-1",
     "Retries a network error once more when maxRetries is spent.",
     {.configure = mistake_know_policy, .decide = retry_trouble_free}},
    {"dead-connection-tried-again", "NET-3",
     "Tries a kept connection twice more when it has died.",
     {.before = try_dead_again, .after = note_dead}},
};
/* clang-format on */

const struct mutant_group mutants_network = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
};
