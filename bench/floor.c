/* SPDX-License-Identifier: Apache-2.0 */
/* libmicrohttpd alone: takes a request with its body, keeps nothing of it, and
 * says 200. What Retrial's server cannot be faster than.
 *
 *   bench_floor PORT
 */

#include "common/text.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 10240 };

static const char success[] = "{\"success\":true}";

static enum MHD_Result answer(void *owner, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *upload,
                              size_t *upload_bytes, void **seen)
{
    struct MHD_Response *response;
    enum MHD_Result      queued;

    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    if (*seen == NULL || *upload_bytes > 0) {
        *seen = owner;
        *upload_bytes = 0;
        return MHD_YES;
    }
    response = MHD_create_response_from_buffer(
        strlen(success), (void *)(uintptr_t)success, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    queued = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

int main(int count, char **arguments)
{
    struct MHD_Daemon *daemon;
    int64_t            port;
    int                owner;

    if (count != 2 || !text_to_int(arguments[1], 1, 65535, &port)) {
        fprintf(stderr, "bench_floor: usage: bench_floor PORT\n");
        return 2;
    }
    daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)port, NULL, NULL, answer,
        &owner, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "bench_floor: libmicrohttpd does not start\n");
        return 5;
    }
    for (;;)
        pause();
}
