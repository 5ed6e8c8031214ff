/* What the server says of its quiet: whether it has nothing to do before its
 * next timer, and nothing is on the way. */

#include "server_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void start(struct stage *stage)
{
    struct err err;

    stage_init(stage);
    stage_answer(stage_steps(stage), 503)->delay_ns = NS_PER_S * 3600;
    stage_start(stage);
    assert_true(server_watch_wire(stage->server, &err));
}

static void stop(struct stage *stage)
{
    stage_stop(stage);
    stage_clear(stage);
}

/* Turns as long as it takes; nothing else makes it quiet. */
static bool becomes_quiet(struct stage *stage, unsigned connecting)
{
    for (int i = 0; i < 1000; i++) {
        if (server_quiet(stage->server, connecting))
            return true;
        stage_turns(stage, 1);
    }
    return false;
}

static void test_alone_it_is_quiet(void **state)
{
    struct stage stage;

    (void)state;
    start(&stage);
    assert_true(becomes_quiet(&stage, SERVER_CONNECTS_4));
    assert_true(server_next_ns(stage.server) == INT64_MAX);
    stop(&stage);
}

static void test_a_connection_not_accepted_is_not(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    start(&stage);
    fd = peer_connect(&stage);
    assert_false(server_quiet(stage.server, SERVER_CONNECTS_4));
    assert_true(becomes_quiet(&stage, SERVER_CONNECTS_4));
    close(fd);
    stop(&stage);
}

static void test_bytes_not_read_are_not(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    start(&stage);
    fd = peer_connect(&stage);
    assert_true(becomes_quiet(&stage, SERVER_CONNECTS_4));
    assert_true(send(fd, "POST", 4, 0) == 4);
    assert_false(server_quiet(stage.server, 0));
    /* Read, and the rest is awaited: the limit of a request is set. */
    assert_true(becomes_quiet(&stage, 0));
    assert_true(server_next_ns(stage.server) < INT64_MAX);
    close(fd);
    stop(&stage);
}

static void test_a_held_request_is_quiet_until_due(void **state)
{
    struct stage stage;
    const char  *request = peer_post("{}");
    int64_t      now_ns;
    int          fd;

    (void)state;
    start(&stage);
    fd = peer_connect(&stage);
    peer_send(&stage, fd, request);
    assert_true(becomes_quiet(&stage, SERVER_CONNECTS_4));
    now_ns = clock_now_ns(stage.config.clock);
    assert_true(server_next_ns(stage.server) > now_ns + 3500 * NS_PER_S);
    assert_true(server_next_ns(stage.server) <= now_ns + 3600 * NS_PER_S);
    close(fd);
    assert_false(server_quiet(stage.server, 0));
    stop(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone_it_is_quiet),
        cmocka_unit_test(test_a_connection_not_accepted_is_not),
        cmocka_unit_test(test_bytes_not_read_are_not),
        cmocka_unit_test(test_a_held_request_is_quiet_until_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
