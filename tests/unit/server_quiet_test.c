/* SPDX-License-Identifier: Apache-2.0 */
/* What the server says of its quiet: whether it has nothing to do before its
 * next timer, and nothing is on the way. */

#include "server_peer.h"

#include <errno.h>
#include <netinet/in.h>
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
static bool becomes_quiet(struct stage *stage)
{
    for (int i = 0; i < 1000; i++) {
        if (server_quiet(stage->server))
            return true;
        stage_turns(stage, 1);
    }
    return false;
}

/* As the owner of a clock announces it. */
static int announced(struct stage *stage)
{
    server_begun(stage->server, 1, false);
    return peer_connect(stage);
}

static void test_alone_it_is_quiet(void **state)
{
    struct stage stage;

    (void)state;
    start(&stage);
    assert_true(becomes_quiet(&stage));
    assert_true(server_next_ns(stage.server) == INT64_MAX);
    stop(&stage);
}

static void test_a_connection_not_accepted_is_not(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    start(&stage);
    fd = announced(&stage);
    assert_false(server_quiet(stage.server));
    assert_true(becomes_quiet(&stage));
    close(fd);
    stop(&stage);
}

/* A connection that the server does not answer: its place is full. */
static int connect_in_vain(struct stage *stage)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    to.sin_port = htons((uint16_t)server_port(stage->server));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), -1);
    assert_int_equal(errno, EINPROGRESS);
    return fd;
}

/* What was begun and is not accepted is looked for in the kernel, and found:
 * again and again, until it has come to nothing. */
static void test_a_connection_not_made_is_not(void **state)
{
    struct stage stage;
    struct err   err;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_connection_fault(&stage, 1, FAULT_IGNORE_SYN);
    stage_start(&stage);
    assert_true(server_watch_wire(stage.server, &err));
    assert_true(becomes_quiet(&stage));
    fd = connect_in_vain(&stage);
    server_begun(stage.server, 1, false);
    assert_false(becomes_quiet(&stage));
    close(fd);
    assert_true(becomes_quiet(&stage));
    stop(&stage);
}

/* Who was not announced makes the count say nothing: from then on the kernel
 * is asked, whatever the count. */
static void test_an_uncounted_one_spoils_the_count(void **state)
{
    struct stage stage;
    struct err   err;
    int          uncounted;
    int          fd;

    (void)state;
    stage_init(&stage);
    stage_connection_fault(&stage, 2, FAULT_IGNORE_SYN);
    stage_start(&stage);
    assert_true(server_watch_wire(stage.server, &err));
    uncounted = peer_connect(&stage);
    stage_turns(&stage, 3);
    assert_true(becomes_quiet(&stage));
    fd = connect_in_vain(&stage);
    assert_false(becomes_quiet(&stage));
    close(fd);
    assert_true(becomes_quiet(&stage));
    close(uncounted);
    stop(&stage);
}

static void test_bytes_not_read_are_not(void **state)
{
    struct stage stage;
    int          fd;

    (void)state;
    start(&stage);
    fd = announced(&stage);
    assert_true(becomes_quiet(&stage));
    assert_true(send(fd, "POST", 4, 0) == 4);
    assert_false(server_quiet(stage.server));
    /* Read, and the rest is awaited: the limit of a request is set. */
    assert_true(becomes_quiet(&stage));
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
    fd = announced(&stage);
    peer_send(&stage, fd, request);
    assert_true(becomes_quiet(&stage));
    now_ns = clock_now_ns(stage.config.clock);
    assert_true(server_next_ns(stage.server) > now_ns + 3500 * NS_PER_S);
    assert_true(server_next_ns(stage.server) <= now_ns + 3600 * NS_PER_S);
    close(fd);
    assert_false(server_quiet(stage.server));
    stop(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone_it_is_quiet),
        cmocka_unit_test(test_a_connection_not_accepted_is_not),
        cmocka_unit_test(test_a_connection_not_made_is_not),
        cmocka_unit_test(test_an_uncounted_one_spoils_the_count),
        cmocka_unit_test(test_bytes_not_read_are_not),
        cmocka_unit_test(test_a_held_request_is_quiet_until_due),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
