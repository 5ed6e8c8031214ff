/* The server on the wire: routes, answers, the record of them, and what the
 * plan's cursors choose. */

#include "common/alloc.h"
#include "server_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void default_answers(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_start(&stage);
    fd = peer_connect(&stage);
    peer_ask(&stage, fd, peer_post("{\"batch\":[]}"), "{\"success\":true}");
    peer_ask(&stage, fd,
             "GET /v1/projects/abc/settings HTTP/1.1\r\nHost: x\r\n\r\n",
             "{\"integrations\":{\"Segment.io\":{\"apiKey\":\"write\\\"key\"}}}");
    peer_ask(&stage, fd, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n",
             "HTTP/1.1 404 Not Found\r\n");
    close(fd);
    stage_attempts(&stage, 3);
    assert_int_equal(stage.record->attempts[2]->connection, 1);
    stage_clear(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
