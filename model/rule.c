/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rule.h"

#include "common/text.h"

#include <assert.h>
#include <string.h>

/* Sources, written out once. The contract is the one that Segment's server
 * SDKs agreed on in 2026. */
#define PR     "segmentio/analytics-python pull request 520"
#define COMMIT "pull request 520, a later commit (overrides the text)"
#define REVIEW "pull request 520, deep review, point "
#define RFC_RA "RFC 9110, 10.2.3 (Retry-After)"
#define GAPS   "pull request 520, left open by its text; settled by the SDKs"
#define SDK    "Segment SDKs' documented limits"
#define SOUND  "what delivery means; no SDK disagrees"

#define AUTHORIZATION "Authorization"
#define COUNT         "X-Retry-Count"
#define STATUS        "Status codes"
#define RETRY_AFTER   "Retry-After"
#define BACKOFF       "Backoff"
#define BUDGETS       "Budgets"
#define NETWORK       "Network"
#define WIRE          "The wire"
#define DELIVERY      "Delivery"

#define RULE(family, number, ...)                                              \
    [RULE_##family##_##number] = {#family "-" #number, __VA_ARGS__}

/* clang-format off */
const struct rule rule_table[RULE_COUNT] = {
    RULE(AUTH, 1, AUTHORIZATION, RULE_MUST,
     "Without OAuth, every request carries Authorization: Basic "
     "base64(writeKey + \":\").",
     PR),
    RULE(AUTH, 2, AUTHORIZATION, RULE_MUST,
     "With OAuth, every request carries Authorization: Bearer <token> and no "
     "Basic credentials.",
     PR),
    RULE(AUTH, 3, AUTHORIZATION, RULE_MUST,
     "Retries carry valid credentials too; the same ones unless the token was "
     "renewed.",
     PR),
    RULE(AUTH, 4, AUTHORIZATION, RULE_MUST,
     "With OAuth, 511, 400, 401 and 403 clear the token; the next request "
     "carries a newly fetched one.",
     PR),
    RULE(AUTH, 5, AUTHORIZATION, RULE_MUST_NOT,
     "Credentials never reach another origin, whatever a redirect says.",
     "RFC 9110, 15.4 (Redirection)"),
    RULE(AUTH, 6, AUTHORIZATION, RULE_MUST,
     "At the token endpoint 5xx, 429 (with its Retry-After) and network errors "
     "are retried; a refusal (400, 401) is fatal, ends the wait and is "
     "reported.",
     REVIEW "8"),
    RULE(AUTH, 7, AUTHORIZATION, RULE_MUST,
     "A token is reused until it nears expiry; concurrent batches do not fetch "
     "it twice.",
     PR),

    RULE(COUNT, 1, COUNT, RULE_MUST_NOT,
     "A batch's first attempt carries {attempt_first}.", COMMIT),
    RULE(COUNT, 2, COUNT, RULE_MUST,
     "The n-th retry carries {attempt_header}: {attempt_nth}, in decimal "
     "digits only.", PR),
    RULE(COUNT, 3, COUNT, RULE_MUST,
     "The count goes on across Retry-After waits and network errors; it never "
     "restarts within a batch.",
     PR),
    RULE(COUNT, 4, COUNT, RULE_MUST, "A new batch starts its count anew.", PR),

    RULE(STATUS, 1, STATUS, RULE_MUST,
     "{delivered} is delivered: no retry, and success is reported.", COMMIT),
    RULE(STATUS, 2, STATUS, RULE_MUST,
     "Of 4xx {retried_4xx} are retried.", REVIEW "7"),
    RULE(STATUS, 3, STATUS, RULE_MUST_NOT,
     "Any other 4xx is not retried, but where the policy leaves it open; the "
     "batch is dropped and reported.", PR),
    RULE(STATUS, 4, STATUS, RULE_MUST,
     "Of 5xx {retried_5xx} are retried.", COMMIT),
    RULE(STATUS, 5, STATUS, RULE_MUST_NOT,
     "Of 5xx {dropped_5xx} are not retried.", PR),
    RULE(STATUS, 6, STATUS, RULE_MUST,
     "511 is retried only when OAuth is configured.", COMMIT),
    RULE(STATUS, 7, STATUS, RULE_MUST,
     "The body of an error changes nothing: JSON without code or message, "
     "HTML, empty, invalid UTF-8, huge.",
     COMMIT),

    RULE(RA, 1, RETRY_AFTER, RULE_MUST,
     "After {retry_after_statuses} with Retry-After: n, no attempt comes "
     "before n seconds.", PR),
    RULE(RA, 2, RETRY_AFTER, RULE_SHOULD,
     "After such a wait the attempt comes soon (the profile's lateness).", PR),
    RULE(RA, 3, RETRY_AFTER, RULE_MUST,
     "A Retry-After over the cap ({retry_after_cap_s}) {retry_after_over_cap}.",
     PR),
    RULE(RA, 4, RETRY_AFTER, RULE_MUST_NOT,
     "A Retry-After wait does not consume the retry budget.", PR),
    RULE(RA, 5, RETRY_AFTER, RULE_MUST,
     "Until the wait is over the pipeline is blocked: no other batch of this "
     "client is sent, from any worker.",
     COMMIT),
    RULE(RA, 6, RETRY_AFTER, RULE_MUST,
     "Retry-After counts on {retry_after_statuses}; on any other status it "
     "changes nothing.",
     PR),
    RULE(RA, 7, RETRY_AFTER, RULE_MUST,
     "429 without the header is a counted backoff.", COMMIT),
    RULE(RA, 8, RETRY_AFTER, RULE_MUST_NOT,
     "Retry-After: 0 never makes a tight loop: a floor or a counted backoff.",
     REVIEW "4"),
    RULE(RA, 9, RETRY_AFTER, RULE_MUST,
     "Negative, decimal, empty, overflowing, signed, with trailing junk or "
     "duplicated: as if absent, or clamped; no crash, no hang, no early "
     "attempt.",
     REVIEW "9"),
    RULE(RA, 10, RETRY_AFTER, RULE_SHOULD,
     "All three HTTP-date forms are honoured; a client that does not must "
     "treat them as absent.",
     RFC_RA ", 5.6.7; " REVIEW "9"),
    RULE(RA, 11, RETRY_AFTER, RULE_MUST,
     "Endless 429 with Retry-After ends: by the longest rate-limit duration or "
     "a bound on attempts; the batch is then reported.",
     COMMIT),
    RULE(RA, 12, RETRY_AFTER, RULE_MUST,
     "A success ends the rate-limited state.", COMMIT),
    RULE(RA, 13, RETRY_AFTER, RULE_MUST_NOT,
     "Nothing is lost while rate-limited: the waiting batch and later events "
     "are all delivered, in order.",
     REVIEW "5"),

    RULE(BACK, 1, BACKOFF, RULE_MUST,
     "The wait before the n-th counted retry lies within half and twice the "
     "law {backoff_law}.",
     PR),
    RULE(BACK, 2, BACKOFF, RULE_MUST,
     "A backoff never exceeds {backoff_cap_s}, {backoff_cap_meets}.", PR),
    RULE(BACK, 3, BACKOFF, RULE_MUST,
     "Backoff has jitter: many samples spread over the window.", PR),
    RULE(BACK, 4, BACKOFF, RULE_MUST,
     "Two clients that fail together do not come back together.", PR),
    RULE(BACK, 5, BACKOFF, RULE_MUST,
     "A new batch starts the backoff sequence anew.", PR),
    RULE(BACK, 6, BACKOFF, RULE_SHOULD,
     "The wait lies within the profile's own jitter of the law ({jitter}).",
     PR),

    RULE(BUDGET, 1, BUDGETS, RULE_MUST,
     "maxRetries N allows N counted retries: N + 1 counted attempts.", PR),
    RULE(BUDGET, 2, BUDGETS, RULE_MUST,
     "maxRetries 0 allows one attempt, for every retryable cause.", GAPS),
    RULE(BUDGET, 3, BUDGETS, RULE_MUST,
     "No attempt starts later than maxTotalBackoffDuration after the first "
     "failure; 0 gives up at once.",
     REVIEW "3"),
    RULE(BUDGET, 4, BUDGETS, RULE_MUST,
     "No attempt starts later than maxRateLimitDuration after the first rate "
     "limit.",
     COMMIT),
    RULE(BUDGET, 5, BUDGETS, RULE_MUST,
     "The defaults are {max_retries_default}, {max_total_backoff_s} of counted "
     "retrying and {max_rate_limit_s} of being rate-limited.", PR),
    RULE(BUDGET, 6, BUDGETS, RULE_MUST,
     "Null, negative, NaN and non-numeric limits are refused when the client "
     "is made, with a clear error.",
     REVIEW "2"),
    RULE(BUDGET, 7, BUDGETS, RULE_MUST,
     "A spent budget reports the batch as failed, and the next batch is still "
     "attempted.",
     PR),

    RULE(NET, 1, NETWORK, RULE_MUST,
     "Refused, reset, closed without an answer, cut short, garbled, timed out, "
     "TLS failure: each a counted retry.",
     PR),
    RULE(NET, 2, NETWORK, RULE_MUST,
     "A request that gets no whole answer is given up, and closed, after the "
     "client's request timeout.",
     PR),
    RULE(NET, 3, NETWORK, RULE_MUST_NOT,
     "A dead kept-alive connection costs no more than one retry.", SOUND),
    RULE(NET, 4, NETWORK, RULE_MUST_NOT,
     "Nothing is said to a server whose certificate has expired or is not yet "
     "valid, is another host's, or has nobody to vouch for it whom the client "
     "trusts.",
     "RFC 9110, 4.3.4 (https certificate verification)"),
    RULE(NET, 5, NETWORK, RULE_MUST_NOT,
     "Nothing is said over TLS 1.1 or older.",
     "RFC 8996 (deprecating TLS 1.0 and TLS 1.1)"),

    RULE(WIRE, 1, WIRE, RULE_MUST,
     "A request can be read in one way only: its fields are well-formed, and "
     "it has one end, by one Content-Length or by chunks.",
     "RFC 9112, 3, 5 and 6"),
    RULE(WIRE, 2, WIRE, RULE_MUST,
     "A request is for its endpoint: its target is a path, and its one Host is "
     "the authority of the URL that the client was given.",
     "RFC 9112, 3.2; RFC 9110, 7.2"),
    RULE(WIRE, 3, WIRE, RULE_MUST_NOT,
     "A request's head holds no folded field, no NUL, no bare line feed and no "
     "other control byte.",
     "RFC 9110, 5.5; RFC 9112, 2.2 and 5.2"),
    RULE(WIRE, 4, WIRE, RULE_MUST_NOT,
     "Nothing follows a request before its answer: no other request, and no "
     "byte that belongs to none.",
     "RFC 9112, 9.3.2 and 2.2"),
    RULE(WIRE, 5, WIRE, RULE_MUST,
     "A body comes as it was declared: as long as its Content-Length says, or "
     "in whole chunks.",
     "RFC 9112, 6.3, 7.1 and 8"),
    RULE(WIRE, 6, WIRE, RULE_MUST_NOT,
     "Credentials are not sent twice, nor in the target, where others read "
     "them.",
     "RFC 9110, 11.6.2 and 17.9; RFC 6750, 2.3"),
    RULE(WIRE, 7, WIRE, RULE_MUST,
     "What has a body is sent by POST, and expects nothing but 100-continue.",
     "RFC 9110, 9.3 and 10.1.1"),
    RULE(WIRE, 8, WIRE, RULE_SHOULD, "A request is of HTTP/1.1.",
     "RFC 9110, 2.5"),

    RULE(DELIVER, 1, DELIVERY, RULE_MUST,
     "Every event is delivered at least once if the server accepts within the "
     "budget.",
     REVIEW "5"),
    RULE(DELIVER, 2, DELIVERY, RULE_MUST_NOT,
     "Nothing is sent again after a success was received in full.", SOUND),
    RULE(DELIVER, 3, DELIVERY, RULE_MUST,
     "All attempts of a batch carry the same events in the same order, with "
     "the same messageIds.",
     SOUND),
    RULE(DELIVER, 4, DELIVERY, RULE_MUST,
     "A dropped event is reported: success: false with a non-empty error, "
     "through the error callback.",
     COMMIT "; " REVIEW "5"),
    RULE(DELIVER, 5, DELIVERY, RULE_MUST,
     "One rejected batch does not hold up or lose another.", REVIEW "5"),
    RULE(DELIVER, 6, DELIVERY, RULE_MUST,
     "flush returns when every event is delivered or dropped, not before, and "
     "its bound is documented.",
     REVIEW "6"),
    RULE(DELIVER, 7, DELIVERY, RULE_MUST,
     "A full queue is reported, never silent.", REVIEW "5"),
    RULE(DELIVER, 8, DELIVERY, RULE_MUST,
     "An event over {event_bytes_max} is refused and reported; no batch "
     "exceeds {batch_bytes_max}.",
     SDK),
    RULE(DELIVER, 9, DELIVERY, RULE_MUST,
     "The body is valid JSON (gzip allowed, if declared), with a JSON content "
     "type that the profile accepts.",
     SOUND),
    RULE(DELIVER, 10, DELIVERY, RULE_MUST,
     "sentAt is renewed on each attempt.", SDK),
};
/* clang-format on */

const struct rule *rule_find(const char *id)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (strcmp(rule_table[i].id, id) == 0)
            return &rule_table[i];
    return NULL;
}

const char *rule_nearest(const char *id)
{
    const char *ids[RULE_COUNT];

    for (size_t i = 0; i < RULE_COUNT; i++)
        ids[i] = rule_table[i].id;
    return text_nearest(id, ids, RULE_COUNT);
}

enum rule_id rule_index(const struct rule *rule)
{
    assert(rule >= rule_table && rule < rule_table + RULE_COUNT);
    return (enum rule_id)(rule - rule_table);
}

const char *rule_level_text(enum rule_level level)
{
    static const char *const texts[] = {"MUST", "MUST NOT", "SHOULD"};

    return texts[level];
}
