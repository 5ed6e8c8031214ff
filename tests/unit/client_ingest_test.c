/* SPDX-License-Identifier: Apache-2.0 */
/* The client as a whole, against a peer of this process: when flush and
 * shutdown return and what they say, what is reported, what a connection
 * costs, and how little a hostile answer can do. */

#include "client_peer.h"

#include "client/hook.h"
#include "client/ingest.h"
#include "client/monitor.h"
#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Longer than any machine here is busy: what took so long was waited for. */
enum { LONG_MS = 20000 };

/* What was reported. */
struct told {
    struct monitor monitor;
    size_t         delivered;
    size_t         dropped;
    unsigned       retries; /* of the last report */
    int            status;
    char           reason[256]; /* of the last drop */
};

static void on_delivered(void *context, const struct ingest_report *report)
{
    struct told *told = context;

    monitor_lock(&told->monitor);
    told->delivered += report->count;
    told->retries = report->retries;
    told->status = report->status;
    monitor_notify(&told->monitor);
    monitor_unlock(&told->monitor);
}

static void on_error(void *context, const struct ingest_report *report)
{
    struct told *told = context;

    monitor_lock(&told->monitor);
    told->dropped += report->count;
    told->retries = report->retries;
    told->status = report->status;
    snprintf(told->reason, sizeof told->reason, "%s", report->reason);
    monitor_unlock(&told->monitor);
}

static void wait_delivered(struct told *told, size_t count)
{
    int64_t until_ns = clock_now_ns(clock_real()) + LONG_MS * NS_PER_MS;

    monitor_lock(&told->monitor);
    while (told->delivered < count && clock_now_ns(clock_real()) < until_ns)
        monitor_wait(&told->monitor, until_ns);
    assert_int_equal(told->delivered, count);
    monitor_unlock(&told->monitor);
}

/* A client, its peer, and what it said. */
struct stage {
    struct peer          peer;
    struct told          told;
    struct ingest_config config;
    struct ingest       *ingest;
    char                 url[PEER_URL_MAX];
};

static void set(struct stage *stage, peer_answer *answer, void *context)
{
    memset(&stage->told, 0, sizeof stage->told);
    monitor_init(&stage->told.monitor);
    peer_start(&stage->peer, answer, context);
    ingest_config_init(&stage->config);
    stage->config.write_key = "k";
    stage->config.api_host = peer_url(&stage->peer, stage->url);
    stage->config.flush_at = 1;
    stage->config.backoff_base_ms = 1;
    stage->config.max_backoff_ms = 10;
    stage->config.on_delivered = on_delivered;
    stage->config.on_error = on_error;
    stage->config.context = &stage->told;
}

static void begin_hooked(struct stage *stage, const struct hooks *hooks)
{
    struct err err;

    stage->ingest = ingest_new_hooked(&stage->config, hooks, &err);
    assert_non_null(stage->ingest);
}

static void begin(struct stage *stage)
{
    begin_hooked(stage, NULL);
}

static void clear(struct stage *stage)
{
    ingest_free(stage->ingest);
    peer_stop(&stage->peer);
    monitor_clear(&stage->told.monitor);
}

static void track(struct stage *stage, size_t count)
{
    struct err err;

    for (size_t i = 0; i < count; i++)
        assert_true(ingest_track(stage->ingest, "u", "e", NULL, &err));
}

static bool accept_all(void *context, const struct peer_request *request)
{
    (void)context;
    return peer_status(request->fd, 200, "");
}

static bool never(void *context, const struct peer_request *request)
{
    (void)context;
    peer_wait_gone(request->fd);
    return false;
}

static bool fail_always(void *context, const struct peer_request *request)
{
    (void)context;
    return peer_status(request->fd, 503, "");
}

/* The first request is left unanswered until the gate is opened. */
struct late {
    struct monitor monitor;
    bool           open;
};

static bool hold_first(void *context, const struct peer_request *request)
{
    struct late *late = context;

    monitor_lock(&late->monitor);
    while (request->number == 1 && !late->open)
        monitor_wait(&late->monitor, MONITOR_FOREVER);
    monitor_unlock(&late->monitor);
    return peer_status(request->fd, 200, "");
}

static void let_go(struct late *late)
{
    monitor_lock(&late->monitor);
    late->open = true;
    monitor_notify(&late->monitor);
    monitor_unlock(&late->monitor);
}

/* ---- flush ---- */

static void test_flush(void **state)
{
    struct late  late = {.open = false};
    struct stage stage;

    (void)state;
    monitor_init(&late.monitor);
    set(&stage, hold_first, &late);
    stage.config.flush_at = 1000;
    stage.config.flush_interval_ms = 3600000;
    begin(&stage);
    assert_true(ingest_flush(stage.ingest, 0)); /* nothing to wait for */
    track(&stage, 3);
    assert_false(ingest_flush(stage.ingest, 1));
    assert_int_equal(stage.told.delivered, 0);
    let_go(&late);
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.delivered, 3);
    assert_int_equal(stage.told.dropped, 0);
    assert_int_equal(atomic_load(&stage.peer.requests), 1);
    clear(&stage);
    monitor_clear(&late.monitor);
}

/* A flush waits for a batch that is being retried, too. */
static bool fail_twice(void *context, const struct peer_request *request)
{
    (void)context;
    return peer_status(request->fd, request->number <= 2 ? 503 : 200, "");
}

static void test_flush_waits_for_retries(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, fail_twice, NULL);
    begin(&stage);
    track(&stage, 1);
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.delivered, 1);
    assert_int_equal(stage.told.retries, 2);
    clear(&stage);
}

/* ---- the queue ---- */

static void test_full_queue_is_reported(void **state)
{
    struct late  late = {.open = false};
    struct stage stage;
    struct err   err;

    (void)state;
    monitor_init(&late.monitor);
    set(&stage, hold_first, &late);
    stage.config.queue_max = 2;
    begin(&stage);
    /* One is out, held by the peer; two wait. The worker may be slow to take
     * the first, so the refused are counted, not numbered. */
    for (int i = 0; i < 8; i++)
        if (!ingest_track(stage.ingest, "u", "e", NULL, &err))
            assert_string_equal(err.text, "the queue is full (2 events)");
    assert_in_range(stage.told.dropped, 5, 6);
    assert_string_equal(stage.told.reason, "the queue is full (2 events)");
    let_go(&late);
    assert_true(ingest_shutdown(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.delivered + stage.told.dropped, 8);
    assert_false(ingest_track(stage.ingest, "u", "e", NULL, &err));
    assert_string_equal(stage.told.reason, "the client was shut down");
    clear(&stage);
    monitor_clear(&late.monitor);
}

/* A queue that can hold no whole batch does not wait for one. */
static void test_full_queue_is_sent(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, accept_all, NULL);
    stage.config.flush_at = 100;
    stage.config.flush_interval_ms = 3600000;
    stage.config.queue_max = 3;
    begin(&stage);
    track(&stage, 3);
    wait_delivered(&stage.told, 3);
    clear(&stage);
}

static void test_large_event_is_reported(void **state)
{
    struct stage stage;
    struct err   err;
    char        *name = alloc_zero(32 * 1024 + 1, 1);

    (void)state;
    memset(name, 'x', 32 * 1024);
    set(&stage, accept_all, NULL);
    begin(&stage);
    assert_false(ingest_track(stage.ingest, "u", name, NULL, &err));
    assert_int_equal(stage.told.dropped, 1);
    assert_string_equal(err.place, "event");
    clear(&stage);
    alloc_free(name);
}

/* Properties go out as they were written, and as nothing but properties. */
static bool keep_body(void *context, const struct peer_request *request)
{
    snprintf(context, 1024, "%s", strstr(request->text, "\r\n\r\n") + 4);
    return peer_status(request->fd, 200, "");
}

static void test_properties_are_kept(void **state)
{
    char         body[1024] = "";
    struct stage stage;
    struct err   err;

    (void)state;
    set(&stage, keep_body, body);
    begin(&stage);
    assert_true(ingest_track(stage.ingest, "u\"1\"", "e",
                             " {\"id\": 9007199254740993}", &err));
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_non_null(strstr(body, "{\"batch\":[{\"type\":\"track\",\"userId\":"
                                 "\"u\\\"1\\\"\",\"event\":\"e\","
                                 "\"properties\":{\"id\":9007199254740993},"
                                 "\"messageId\":"));
    assert_false(ingest_track(stage.ingest, "u", "e", "{},\"x\":1", &err));
    assert_string_equal(err.place, "properties");
    assert_false(ingest_track(stage.ingest, "u", "e", "[]", &err));
    assert_false(ingest_track(stage.ingest, "u", "e", "", &err));
    clear(&stage);
}

/* ---- shutdown ---- */

static void test_shutdown_deadline(void **state)
{
    struct stage stage;
    int64_t      begun_ns = clock_now_ns(clock_real());

    (void)state;
    set(&stage, never, NULL);
    stage.config.request_timeout_ms = 3600000;
    stage.config.max_retries = 0; /* a spent budget is no excuse */
    begin(&stage);
    track(&stage, 3);
    assert_false(ingest_shutdown(stage.ingest, 50));
    assert_in_range(clock_now_ns(clock_real()) - begun_ns, 50 * NS_PER_MS,
                    LONG_MS * NS_PER_MS);
    assert_int_equal(stage.told.dropped, 3);
    assert_int_equal(stage.told.delivered, 0);
    assert_string_equal(stage.told.reason, "the client was shut down");
    assert_true(atomic_load(&stage.peer.requests) <= 1);
    clear(&stage);
}

/* One request under way, and no other event: it alone is what was given up. */
static void test_shutdown_tells_of_the_last(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, never, NULL);
    stage.config.request_timeout_ms = 3600000;
    stage.config.max_retries = 0;
    begin(&stage);
    track(&stage, 1);
    while (atomic_load(&stage.peer.requests) == 0)
        assert_false(ingest_flush(stage.ingest, 1));
    assert_false(ingest_shutdown(stage.ingest, 50));
    assert_int_equal(stage.told.dropped, 1);
    assert_string_equal(stage.told.reason,
                        "given up at the shutdown's deadline: "
                        "the client was shut down");
    clear(&stage);
}

/* The same while a token is fetched, for the one who asks and for all who wait
 * for it. */
static void write_key(char path[])
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    int       fd = mkstemp(path);
    FILE     *file = fd >= 0 ? fdopen(fd, "w") : NULL;

    assert_non_null(file);
    assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL),
                     1);
    fclose(file);
    EVP_PKEY_free(key);
}

static void test_shutdown_while_a_token_is_fetched(void **state)
{
    char         path[] = "/tmp/retrial-key-XXXXXX";
    struct stage stage;

    (void)state;
    write_key(path);
    set(&stage, never, NULL);
    stage.config.oauth.client_id = "c";
    stage.config.oauth.key_file = path;
    stage.config.oauth.auth_server = stage.url;
    stage.config.request_timeout_ms = 3600000;
    stage.config.workers = 3;
    begin(&stage);
    track(&stage, 3);
    while (atomic_load(&stage.peer.requests) == 0)
        assert_false(ingest_flush(stage.ingest, 1));
    assert_false(ingest_shutdown(stage.ingest, 50));
    assert_int_equal(stage.told.dropped, 3);
    assert_string_equal(stage.told.reason, "the client was shut down");
    assert_int_equal(atomic_load(&stage.peer.requests), 1);
    clear(&stage);
    unlink(path);
}

/* A retry that could only start after the deadline is given up at once. */
static bool ask_for_a_minute(void *context, const struct peer_request *request)
{
    (void)context;
    return peer_status(request->fd, 429, "Retry-After: 60\r\n");
}

static void test_shutdown_does_not_wait_in_vain(void **state)
{
    struct stage stage;
    int64_t      begun_ns = clock_now_ns(clock_real());

    (void)state;
    set(&stage, ask_for_a_minute, NULL);
    begin(&stage);
    track(&stage, 2);
    while (atomic_load(&stage.peer.requests) == 0)
        assert_false(ingest_flush(stage.ingest, 1));
    assert_false(ingest_shutdown(stage.ingest, 50000));
    assert_in_range(clock_now_ns(clock_real()) - begun_ns, 0,
                    LONG_MS * NS_PER_MS);
    assert_int_equal(stage.told.dropped, 2);
    assert_int_equal(atomic_load(&stage.peer.requests), 1);
    clear(&stage);
}

/* A worker that is held up between the gate and its request until the
 * deadline is past: a busy machine does that. */
static struct monitor held_up;
static bool           held_up_began;

static void hold_up(struct request *request)
{
    int64_t until_ns = clock_now_ns(clock_real()) + NS_PER_S;

    (void)request;
    monitor_lock(&held_up);
    held_up_began = true;
    monitor_notify(&held_up);
    while (clock_now_ns(clock_real()) < until_ns)
        monitor_wait(&held_up, until_ns);
    monitor_unlock(&held_up);
}

static void test_nothing_starts_after_the_deadline(void **state)
{
    struct stage stage;

    (void)state;
    monitor_init(&held_up);
    set(&stage, accept_all, NULL);
    begin_hooked(&stage, &(struct hooks){.before = hold_up});
    track(&stage, 1);
    monitor_lock(&held_up);
    while (!held_up_began)
        monitor_wait(&held_up, MONITOR_FOREVER);
    monitor_unlock(&held_up);
    assert_false(ingest_shutdown(stage.ingest, 50));
    assert_int_equal(stage.told.dropped, 1);
    assert_int_equal(atomic_load(&stage.peer.connections), 0);
    clear(&stage);
    monitor_clear(&held_up);
}

static void *shut_down_for_ever(void *context)
{
    struct ingest *ingest = context;

    return ingest_shutdown(ingest, INGEST_FOREVER) ? context : NULL;
}

/* Several threads may shut down; the nearest deadline holds. */
static void test_shutdowns_meet(void **state)
{
    struct stage stage;
    pthread_t    threads[3];
    void        *in_time;

    (void)state;
    set(&stage, never, NULL);
    stage.config.request_timeout_ms = 3600000;
    stage.config.workers = 4;
    begin(&stage);
    track(&stage, 8);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, shut_down_for_ever, stage.ingest);
    assert_false(ingest_shutdown(stage.ingest, 50));
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], &in_time);
        assert_null(in_time);
    }
    assert_false(ingest_shutdown(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.dropped, 8);
    clear(&stage);
}

static void test_shutdown_in_time(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, fail_twice, NULL);
    begin(&stage);
    track(&stage, 5);
    assert_true(ingest_shutdown(stage.ingest, LONG_MS));
    assert_true(ingest_shutdown(stage.ingest, 0));
    assert_int_equal(stage.told.delivered, 5);
    clear(&stage);
}

/* A batch whose budget is spent is no matter of the deadline. */
static void test_spent_budget_is_in_time(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, fail_always, NULL);
    stage.config.max_retries = 2;
    begin(&stage);
    track(&stage, 2);
    assert_true(ingest_shutdown(stage.ingest, LONG_MS));
    assert_int_equal(stage.told.dropped, 2);
    assert_int_equal(stage.told.status, 503);
    assert_int_equal(atomic_load(&stage.peer.requests), 6);
    clear(&stage);
}

/* ---- callbacks ---- */

struct echo {
    struct stage *stage;
    atomic_uint   again;
};

static void send_another(void *context, const struct ingest_report *report)
{
    struct echo *echo = context;

    on_delivered(&echo->stage->told, report);
    if (atomic_fetch_add(&echo->again, 1) < 5)
        track(echo->stage, 1);
}

static void test_callback_may_send(void **state)
{
    struct stage stage;
    struct echo  echo = {.stage = &stage};

    (void)state;
    set(&stage, accept_all, NULL);
    stage.config.on_delivered = send_another;
    stage.config.context = &echo;
    begin(&stage);
    track(&stage, 1);
    while (atomic_load(&echo.again) < 6)
        ingest_flush(stage.ingest, INGEST_FOREVER);
    assert_int_equal(stage.told.delivered, 6);
    clear(&stage);
}

/* ---- threads ---- */

static size_t tasks_named(const char *prefix)
{
    DIR           *tasks = opendir("/proc/self/task");
    struct dirent *task;
    size_t         count = 0;

    while (tasks != NULL && (task = readdir(tasks)) != NULL) {
        char  path[sizeof task->d_name + 32];
        char  name[32] = "";
        FILE *file;

        snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
        file = fopen(path, "r");
        if (file != NULL && fgets(name, sizeof name, file) != NULL)
            count += text_starts_with(name, prefix);
        if (file != NULL)
            fclose(file);
    }
    if (tasks != NULL)
        closedir(tasks);
    return count;
}

/* The application's signals are the application's: no worker takes one. */
static void test_threads(void **state)
{
    struct timespec at_once = {0};
    sigset_t        user;
    struct stage    stage;

    (void)state;
    sigemptyset(&user);
    sigaddset(&user, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &user, NULL); /* the peer's threads, too */
    set(&stage, accept_all, NULL);
    pthread_sigmask(SIG_UNBLOCK, &user, NULL);
    stage.config.workers = 3;
    begin(&stage);
    assert_int_equal(tasks_named("ingest-"), 3);
    pthread_sigmask(SIG_BLOCK, &user, NULL);
    kill(getpid(), SIGUSR1);
    assert_int_equal(sigtimedwait(&user, NULL, &at_once), SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &user, NULL);
    clear(&stage);
    assert_int_equal(tasks_named("ingest-"), 0);
}

/* ---- connections ---- */

static void test_connection_is_reused(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, accept_all, NULL);
    begin(&stage);
    track(&stage, 20);
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_int_equal(atomic_load(&stage.peer.requests), 20);
    assert_int_equal(atomic_load(&stage.peer.connections), 1);
    clear(&stage);
}

static bool accept_and_close(void *context, const struct peer_request *request)
{
    (void)context;
    peer_status(request->fd, 200, "");
    return false; /* without a word */
}

/* NET-3: a dead kept-alive connection costs at most one retry. */
static void test_dead_connection(void **state)
{
    struct stage stage;

    (void)state;
    set(&stage, accept_and_close, NULL);
    begin(&stage);
    for (int i = 0; i < 10; i++) {
        track(&stage, 1);
        assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
        assert_int_equal(stage.told.delivered, i + 1);
        assert_in_range(stage.told.retries, 0, 1);
    }
    clear(&stage);
}

static bool redirect(void *context, const struct peer_request *request)
{
    struct stage *other = context;
    char          headers[128];

    snprintf(headers, sizeof headers, "Location: %s/v1/batch\r\n", other->url);
    return peer_status(request->fd, 307, headers);
}

/* AUTH-5: a redirect is delivery, and credentials stay at home. */
static void test_redirect(void **state)
{
    struct stage other;
    struct stage stage;

    (void)state;
    set(&other, accept_all, NULL);
    set(&stage, redirect, &other);
    begin(&stage);
    track(&stage, 1);
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.delivered, 1);
    assert_int_equal(stage.told.status, 307);
    assert_int_equal(atomic_load(&other.peer.connections), 0);
    clear(&stage);
    other.ingest = NULL;
    clear(&other);
}

/* ---- hostile answers ---- */

/* One event, answered so; the client has all the time there is. */
static void deliver_one(peer_answer *answer, unsigned retries)
{
    struct stage stage;

    set(&stage, answer, NULL);
    stage.config.request_timeout_ms = 3600000;
    begin(&stage);
    track(&stage, 1);
    assert_true(ingest_flush(stage.ingest, INGEST_FOREVER));
    assert_int_equal(stage.told.delivered, 1);
    assert_int_equal(stage.told.retries, retries);
    clear(&stage);
}

static bool body_without_end(void *context, const struct peer_request *request)
{
    (void)context;
    peer_say(request->fd, "HTTP/1.1 200 OK\r\n\r\n");
    while (peer_say(request->fd, "all work and no play makes a dull body\r\n"))
        continue;
    return false;
}

/* Its status counts, and no more of it than a megabyte is read. */
static void test_body_without_end(void **state)
{
    (void)state;
    deliver_one(body_without_end, 0);
}

static bool head_without_end(void *context, const struct peer_request *request)
{
    bool heard = true;

    (void)context;
    if (request->number > 1)
        return peer_status(request->fd, 200, "");
    peer_say(request->fd, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 1000000 && heard; i++)
        heard = peer_say(request->fd, "X-Never: ending, and never the end\r\n");
    return false;
}

/* No answer, in the end, and so a counted retry. */
static void test_head_without_end(void **state)
{
    (void)state;
    deliver_one(head_without_end, 1);
}

/* A success that was not received in full is none. */
static bool cut_short(void *context, const struct peer_request *request)
{
    (void)context;
    if (request->number > 1)
        return peer_status(request->fd, 200, "");
    peer_say(request->fd, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}");
    return false;
}

static void test_cut_short(void **state)
{
    (void)state;
    deliver_one(cut_short, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_flush_waits_for_retries),
        cmocka_unit_test(test_full_queue_is_reported),
        cmocka_unit_test(test_full_queue_is_sent),
        cmocka_unit_test(test_large_event_is_reported),
        cmocka_unit_test(test_properties_are_kept),
        cmocka_unit_test(test_shutdown_deadline),
        cmocka_unit_test(test_shutdown_tells_of_the_last),
        cmocka_unit_test(test_shutdown_while_a_token_is_fetched),
        cmocka_unit_test(test_shutdown_does_not_wait_in_vain),
        cmocka_unit_test(test_nothing_starts_after_the_deadline),
        cmocka_unit_test(test_shutdowns_meet),
        cmocka_unit_test(test_shutdown_in_time),
        cmocka_unit_test(test_spent_budget_is_in_time),
        cmocka_unit_test(test_callback_may_send),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_connection_is_reused),
        cmocka_unit_test(test_dead_connection),
        cmocka_unit_test(test_redirect),
        cmocka_unit_test(test_body_without_end),
        cmocka_unit_test(test_head_without_end),
        cmocka_unit_test(test_cut_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
