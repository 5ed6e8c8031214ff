/* SPDX-License-Identifier: Apache-2.0 */
/* No whole answer: a trouble taken for something else, and a timeout and
 * a connection held on to. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <curl/curl.h>
#include <stdbool.h>

#define TAKE_TROUBLE(function, trouble, status)                                \
    AFTER(function)                                                            \
    {                                                                          \
        mistake_take_trouble(outcome, trouble, status);                        \
    }

TAKE_TROUBLE(refuse_reset, TROUBLE_RESET, AS_REFUSED)
TAKE_TROUBLE(refuse_empty, TROUBLE_EMPTY, AS_REFUSED)
TAKE_TROUBLE(refuse_timeout, TROUBLE_TIMEOUT, AS_REFUSED)
TAKE_TROUBLE(refuse_garbled, TROUBLE_GARBLED, AS_REFUSED)
TAKE_TROUBLE(take_cut_for_whole, TROUBLE_CUT, 200)
TAKE_TROUBLE(take_nothing_for_success, TROUBLE_EMPTY, 200)

/* The header grows only by what was answered. */
WORKER_MEMORY unsigned troubles;

BEFORE(count_answers_only)
{
    if (request->retry == 0)
        troubles = 0;
    mistake_set_count(request, request->retry - troubles);
}

AFTER(note_trouble)
{
    troubles += outcome->trouble != TROUBLE_NONE;
}

/* A trouble that finds the budget spent is tried once more all the same. */
DECIDE(retry_trouble_free)
{
    if (outcome->trouble == TROUBLE_NONE || move->kind != MOVE_DROP ||
        move->drop != DROP_RETRIES_SPENT ||
        retry->counted > mistake_policy.max_retries)
        return;
    mistake_back_off(outcome, retry, move);
}

/* A pool that hands out the dead connection again, twice: both fail before
 * anything is sent. */
WORKER_MEMORY unsigned dead_tries;

AFTER(note_dead)
{
    if (outcome->reused && (outcome->trouble == TROUBLE_RESET ||
                            outcome->trouble == TROUBLE_EMPTY))
        dead_tries = 2;
}

INSTEAD(try_dead_again)
{
    if (request->retry == 0 || dead_tries == 0)
        return false;
    dead_tries--;
    outcome->trouble = TROUBLE_RESET;
    return true;
}

/* ---- a timeout that is not kept, or not of the whole answer ---- */

enum { HELD_MS = 5000 };

BEFORE(hold_on)
{
    request->timeout_ms = HELD_MS;
}

static long own_timeout_ms;

CONFIGURE(know_timeout)
{
    own_timeout_ms = (long)config->request_timeout_ms;
}

/* What libcurl tells whoever watches it: each line of an answer's head, and
 * each piece of its body. The timeout may be set anew while it runs. */
#define WATCH(function)                                                        \
    static int function(CURL *easy, curl_infotype what, UNREAD char *data,     \
                        UNREAD size_t length, UNREAD void *nobody)

WATCH(wait_on_once_begun)
{
    if (what == CURLINFO_HEADER_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HELD_MS);
    return 0;
}

WATCH(wait_on_in_body)
{
    if (what == CURLINFO_DATA_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)HELD_MS);
    return 0;
}

WATCH(wait_on_with_each_piece)
{
    curl_off_t since_us = 0;

    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &since_us);
    if (what == CURLINFO_DATA_IN)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                         (long)(since_us / 1000) + own_timeout_ms);
    return 0;
}

static void watch_by(CURL *easy, curl_debug_callback watch)
{
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, watch);
}

ADJUST(end_timeout_with_first_line)
{
    watch_by(easy, wait_on_once_begun);
}

ADJUST(end_timeout_with_head)
{
    watch_by(easy, wait_on_in_body);
}

ADJUST(begin_timeout_with_each_piece)
{
    watch_by(easy, wait_on_with_each_piece);
}

/* Whoever was given up is left to itself: its socket is open to the end. */
static int leave_open(UNREAD void *nobody, UNREAD curl_socket_t socket)
{
    return 0;
}

ADJUST(close_nothing)
{
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, leave_open);
}

/* clang-format off */
const struct mutant mutants_network[] = {
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
     {.adjust = end_timeout_with_first_line}},
    {"timeout-until-body", "NET-2",
     "Has a timeout for an answer's head alone; for its body it waits for 5 s.",
     {.adjust = end_timeout_with_head}},
    {"timeout-anew-with-each-byte", "NET-2",
     "Begins its timeout anew with each piece of a body that comes.",
     {.configure = know_timeout, .adjust = begin_timeout_with_each_piece}},
    {"abandoned-request-kept-open", "NET-2",
     "Gives up a request after its timeout, and leaves it open.",
     {.adjust = close_nothing}},
    {"drops-on-garbled", "NET-1",
     "Does not retry an answer that is no HTTP.", {.after = refuse_garbled}},
    {"cut-answer-is-delivered", "NET-1",
     "Takes an answer that was cut short for a success.",
     {.after = take_cut_for_whole}},
    {"empty-reply-is-delivered", "DELIVER-4",
     "Takes a connection closed without an answer for a success.",
     {.after = take_nothing_for_success}},
    {"network-errors-uncounted", "COUNT-2",
     "Does not count in the attempt header what no answer came to.",
     {.before = count_answers_only, .after = note_trouble}},
    {"network-errors-over-budget", "BUDGET-1",
     "Retries a network error once more when maxRetries is spent.",
     {.configure = mistake_know_policy, .decide = retry_trouble_free}},
    {"dead-connection-tried-again", "NET-3",
     "Tries a kept connection twice more when it has died.",
     {.instead = try_dead_again, .after = note_dead}},
    {.name = NULL},
};
/* clang-format on */
