/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_SEND_H
#define CLIENT_SEND_H

/* One request, one outcome, over libcurl; the only file that knows it.
 *
 * A sender belongs to one worker and keeps its connections for reuse. It
 * decides nothing and repeats nothing: redirects are not followed, so that
 * credentials never reach another origin, and libcurl's own silent repetition
 * of a request on a fresh connection is prevented once any of the body was
 * sent, for that would be an attempt nobody counted. */

#include "client/outcome.h"
#include "common/bytes.h"
#include "common/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    /* An answer's body is read to its end if it is no longer than this; then
     * we hang up, and its status counts. */
    SEND_ANSWER_MAX = 1024 * 1024,
};

struct request {
    const char *url; /* borrowed */
    const char *type; /* Content-Type; borrowed */
    uint64_t    batch_number;
    unsigned    retry; /* 0 = the first attempt */
    size_t      waiting; /* events queued behind it just now, */
    size_t      room; /* ... and how many more the queue takes */
    char       *authorization; /* header values; NULL = no such header */
    const char *retry_header; /* its name; borrowed, NULL = there is none */
    char       *retry_count;
    int64_t     timeout_ms; /* of this one; 0 = the sender's */
    const char *key_header; /* its name; borrowed, NULL = there is none */
    char       *key;
    bool        puts; /* by PUT */
    bool        gzip; /* compress the body on the way */
    /* A hook's: changes libcurl's options, the last to do so; NULL = none. */
    void (*adjust)(void *easy);
    struct bytes body;
};

void request_init(struct request *request);
void request_clear(struct request *request);

struct send_config {
    const char                 *ca_file; /* NULL = the system's */
    const struct answer_fields *answer_fields; /* borrowed; NULL = none */
    int64_t                     timeout_ms;
};

struct sender;

struct sender *sender_new(const struct send_config *config, struct err *err);
void sender_free(struct sender *sender);

/* What a CURLcode means for the attempt: every one means something. os_errno:
 * CURLINFO_OS_ERRNO. */
enum trouble send_trouble(int curl_code, long os_errno);
/* A request's header lines: a curl_slist, freed by the caller. */
void *send_headers(const struct request *request);
/* A libcurl handle's transfer came to its end just now: when, and what was the
 * trouble. */
void send_read_end(void *curl_easy, int curl_code, struct outcome *outcome);
/* ... and if there was none, what was the answer. */
void send_read_answer(void *curl_easy, const struct answer_fields *fields,
                      struct outcome *outcome);

/* Fills outcome (initialised by the caller); any failure is one. */
void sender_send(struct sender *sender, const struct request *request,
                 struct outcome *outcome);

/* From any thread: a request under way at at_ns is given up then, and none is
 * started later. The nearest of several stops holds. */
void sender_stop(struct sender *sender, int64_t at_ns);

#endif
