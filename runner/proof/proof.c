/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/proof/proof.h"

#include "common/alloc.h"
#include "common/io.h"
#include "server/server.h"

#include <assert.h>
#include <string.h>

#define PROOF_DEADLINE_NS (20 * NS_PER_S)
/* Nothing came for so long: that is silence. */
#define PROOF_SILENCE_NS (250 * NS_PER_MS)
/* A peer that could give nothing tries again so soon. */
#define GIVE_AGAIN_NS NS_PER_MS

enum { PROOF_TEXT_MAX = 400, SHOWN_MAX = 24 };

#define HEAD                                                                   \
    "POST /ingest HTTP/1.1\r\nHost: 127.0.0.1\r\n"                             \
    "Content-Type: application/json\r\nContent-Length: 20\r\n"
#define FIRST "{\"batch\":[{"
#define REST  "     }]}}"

/* The server that plays, and the peer that looks. */
struct stage {
    struct plan      *plan;
    struct record    *record;
    struct authority *authority; /* NULL: nobody speaks TLS */
    struct server    *server;
    struct peer       peer;
    int64_t           until_ns;
};

/* ---- which proofs there are ---- */

static bool has_two(enum fault fault)
{
    return fault_takes(fault, PARAM_BY);
}

size_t proof_count(void)
{
    size_t count = 0;

    for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++)
        count += has_two((enum fault)i) ? 2 : 1;
    return count;
}

struct proof proof_nth(size_t index)
{
    enum fault fault = FAULT_NONE + 1;

    while (index >= (has_two(fault) ? 2u : 1u)) {
        index -= has_two(fault) ? 2 : 1;
        fault++;
        assert(fault < FAULT_COUNT);
    }
    return (struct proof){.fault = fault,
                          .by = index == 1 ? BY_RESET : BY_CLOSE};
}

enum fault proof_fault(size_t index)
{
    return proof_nth(index).fault;
}

/* ---- the stage ---- */

static struct plan *make_plan(const struct proof *proof)
{
    struct plan *plan = plan_new("faults", "faults", 1);
    struct step  step = {
         .kind = STEP_FAULT,
         .times = 1,
         .fault = proof->fault,
         .how = fault_how_default(proof->fault),
         .answer = {.status = fault_status(proof->fault)},
    };

    plan->given.write_key = alloc_text("key");
    plan->given.events = 1;
    plan->given.https = fault_over(proof->fault) == OVER_TLS;
    if (has_two(proof->fault))
        step.how.values[PARAM_BY] = proof->by;
    if (fault_is_of_connection(proof->fault)) {
        plan->on_connection = alloc_zero(1, sizeof plan->on_connection[0]);
        plan->on_connection_count = 1;
        plan->on_connection[0].connection = 1;
        step_list_add(&plan->on_connection[0].steps, &step);
    } else {
        step_list_add(&plan->routes[ROUTE_INGEST].steps, &step);
    }
    return plan;
}

static bool open_stage(struct stage *stage, const struct proof *proof,
                       struct err *err)
{
    const struct clock  *clock = clock_real();
    struct server_config config;

    *stage = (struct stage){.peer = {.fd = -1}};
    stage->plan = make_plan(proof);
    stage->record = record_new();
    stage->until_ns = clock_now_ns(clock) + PROOF_DEADLINE_NS;
    if (stage->plan->given.https && !authority_new(&stage->authority, err))
        return false;
    config = (struct server_config){
        .plan = stage->plan,
        .record = stage->record,
        .keys = {.authority = stage->authority},
        .clock = clock,
        .epoch_ns = clock_now_ns(clock),
    };
    return server_start(&stage->server, &config, err);
}

static void close_stage(struct stage *stage)
{
    peer_stop(&stage->peer);
    server_stop(stage->server);
    authority_free(stage->authority);
    record_free(stage->record);
    plan_free(stage->plan);
}

static bool connect_peer(struct stage *stage, struct err *err)
{
    const gnutls_datum_t *ca =
        stage->authority != NULL ? authority_ca(stage->authority) : NULL;

    peer_stop(&stage->peer);
    if (!peer_start(&stage->peer, clock_real(), server_port(stage->server), ca))
        return err_set_errno(err, "faults", "cannot make a socket");
    /* Who speaks TLS says its hello unasked. */
    peer_look(&stage->peer);
    return true;
}

/* Waits for an event of either side, at most so long, and takes both turns;
 * true when the peer has news. */
static bool turn(struct stage *stage, int64_t wait_ns)
{
    struct peer  *peer = &stage->peer;
    int64_t       server_ns = server_wait_ns(stage->server);
    struct pollfd fds[2] = {
        {.fd = server_fd(stage->server), .events = POLLIN},
        {.fd = peer_is_over(peer) ? -1 : peer->fd, .events = POLLIN},
    };

    if (peer->state == PEER_CONNECTING)
        fds[1].events = POLLOUT;
    io_poll(fds, 2, clock_sooner_ns(wait_ns, server_ns));
    server_turn(stage->server);
    return peer_look(peer);
}

/* Until the peer has seen an end, or silence when that is what it is to see
 * (and all the bytes that come before it), or the deadline. */
static void look(struct stage *stage, const struct promise_look *promised)
{
    const struct peer *peer = &stage->peer;
    bool to_end = promised->state == PEER_FIN || promised->state == PEER_RST ||
                  promised->state == PEER_REFUSED;
    int64_t quiet_from_ns = clock_now_ns(clock_real());
    int64_t now_ns = quiet_from_ns;

    while (!peer_is_over(peer) && now_ns < stage->until_ns) {
        int64_t silent_ns = quiet_from_ns + PROOF_SILENCE_NS - now_ns;

        if (!to_end && peer->got_bytes >= promised->least_bytes &&
            (silent_ns <= 0 || promised->least_bytes > 0))
            break;
        if (turn(stage,
                 silent_ns > 0 && !to_end ? silent_ns : PROOF_SILENCE_NS))
            quiet_from_ns = clock_now_ns(clock_real());
        now_ns = clock_now_ns(clock_real());
    }
}

static void give(struct stage *stage, const char *text)
{
    size_t length = strlen(text);
    size_t given = 0;

    while (given < length && !peer_is_over(&stage->peer) &&
           clock_now_ns(clock_real()) < stage->until_ns) {
        size_t taken = 0;

        if (stage->peer.state == PEER_OPEN)
            taken = peer_give(&stage->peer, text + given, length - given);
        given += taken;
        /* For a second, if its SYN was ignored: no reason to spin. */
        turn(stage, taken > 0 ? 0 : GIVE_AGAIN_NS);
    }
}

/* ---- what was seen ---- */

static void put_shown(struct bytes *out, const struct bytes *got)
{
    size_t shown = got->length < SHOWN_MAX ? got->length : SHOWN_MAX;

    bytes_add(out, "\"");
    for (size_t i = 0; i < shown && got->data[i] != '\r'; i++) {
        unsigned char at = (unsigned char)got->data[i];

        if (at >= ' ' && at <= '~' && at != '"')
            bytes_append(out, &at, 1);
        else
            bytes_format(out, "\\x%02x", at);
    }
    bytes_add(out, "\"");
}

static void say(struct bytes *out, const struct peer *peer)
{
    if (peer->tls != PEER_CLEAR)
        bytes_format(out, "%s, ", peer_tls_words(peer->tls));
    if (peer->tls == PEER_ALERTED)
        bytes_format(out, "%d, ", peer->alert);
    if (peer->got_bytes > 0) {
        put_shown(out, &peer->got);
        bytes_format(out, ", %zu bytes, ", peer->got_bytes);
    } else if (peer->state != PEER_REFUSED && peer->state != PEER_CONNECTING) {
        bytes_add(out, "no byte, ");
    }
    bytes_add(out, peer_state_word(peer->state));
    if (peer->error != 0)
        bytes_format(out, " (%s)", strerrorname_np(peer->error));
    if (peer->tls == PEER_TRUSTED && peer->state == PEER_FIN)
        bytes_add(out, peer->notified ? " after close_notify"
                                      : " without close_notify");
}

static bool holds(const struct bytes *got, const char *text)
{
    return text == NULL ||
           memmem(got->data, got->length, text, strlen(text)) != NULL;
}

/* What does not hold of it; NULL = all does. */
static const char *missed(const struct peer         *peer,
                          const struct promise_look *promised)
{
    const struct bytes *got = &peer->got;
    const char         *starts = promised->starts;
    const char         *ends = promised->ends;
    size_t              tail = ends != NULL ? strlen(ends) : 0;

    if (peer->state != promised->state)
        return "another end";
    if (peer->tls != promised->tls)
        return "another end of the TLS handshake";
    if (peer->alert != promised->alert)
        return "another alert";
    if (peer->notified != promised->notified)
        return peer->notified ? "a close_notify" : "no close_notify";
    if (starts == NULL)
        return peer->got_bytes > 0 ? "bytes where none were promised" : NULL;
    if (got->length < strlen(starts) ||
        memcmp(got->data, starts, strlen(starts)) != 0)
        return "another beginning";
    if (!holds(got, promised->holds))
        return "a part that is missing";
    if (got->length < tail ||
        memcmp(got->data + got->length - tail, ends ? ends : "", tail) != 0)
        return "another last byte";
    if (peer->got_bytes < promised->least_bytes)
        return "too few bytes";
    return NULL;
}

static void miss(struct proof *proof, const char *what)
{
    if (proof->missed == NULL && what != NULL)
        proof->missed = alloc_text(what);
}

/* No earlier than promised; how much later is the machine's matter. From when
 * the peer began: it may be late to notice the first byte, and then the last
 * one seems to come too soon after it. */
static void check_time(struct proof *proof, const struct peer *peer)
{
    const struct promise *promise = promise_of(proof->fault);

    if (promise->least_ms > 0 &&
        peer->ended_ns - peer->began_ns < promise->least_ms * NS_PER_MS)
        miss(proof, "too soon");
}

/* The record must say it, too: as an attempt's fault, or as a strike. */
static void check_record(struct proof *proof, const struct record *record)
{
    const char *met = promise_of(proof->fault)->met;
    bool        said = false;

    for (size_t i = 0; i < record->attempt_count; i++)
        said = said || record->attempts[i]->fault == proof->fault;
    for (size_t i = 0; i < record->remark_count; i++)
        said = said ||
               (record->remarks[i].fault == proof->fault &&
                (met == NULL || strstr(record->remarks[i].text, met) != NULL));
    if (!said)
        miss(proof, "no such fault in the record");
}

/* ---- the proof ---- */

/* What the server does after the fault: it answers, unless nobody listens. */
static bool look_again(struct stage *stage, struct proof *proof,
                       struct bytes *saw, struct err *err)
{
    const bool                refuses = proof->fault == FAULT_REFUSE;
    const struct promise_look promised = {
        .state = refuses ? PEER_REFUSED : PEER_OPEN,
        .starts = refuses ? NULL : "HTTP/1.1 200 OK",
        .least_bytes = refuses ? 0 : 100,
        .tls = stage->authority != NULL ? PEER_TRUSTED : PEER_CLEAR,
    };

    do {
        if (!connect_peer(stage, err))
            return false;
        turn(stage, PROOF_SILENCE_NS / 10);
    } while (stage->peer.state == PEER_REFUSED && !refuses &&
             clock_now_ns(clock_real()) < stage->until_ns);
    give(stage, HEAD "\r\n" FIRST REST);
    look(stage, &promised);
    miss(proof, missed(&stage->peer, &promised));
    if (fault_family(proof->fault) == FAMILY_PORT) {
        bytes_add(saw, "; later ");
        say(saw, &stage->peer);
    }
    return true;
}

static void ask(struct stage *stage, struct proof *proof)
{
    const struct promise *promise = promise_of(proof->fault);

    if (promise->expects)
        give(stage, HEAD "Expect: 100-continue\r\n\r\n");
    else
        give(stage, HEAD "\r\n" FIRST);
    if (fault_family(proof->fault) == FAMILY_REQUEST) {
        look(stage, &promise->held_back);
        miss(proof, missed(&stage->peer, &promise->held_back));
    }
    give(stage, promise->expects ? FIRST REST : REST);
}

bool proof_make(size_t index, struct proof *proof, struct err *err)
{
    struct stage        stage;
    struct promise_look promised;
    struct bytes        saw;
    int64_t             began_ns = clock_now_ns(clock_real());
    bool                ok;

    *proof = proof_nth(index);
    proof->promised = alloc_text(promise_of(proof->fault)->in_words);
    promised = promise_of(proof->fault)->in_the_end;
    if (has_two(proof->fault))
        promised.state = proof->by == BY_RESET ? PEER_RST : PEER_FIN;
    bytes_init(&saw, PROOF_TEXT_MAX);
    ok = open_stage(&stage, proof, err) && connect_peer(&stage, err);
    /* Who expects TLS waits for the client to begin. */
    if (ok && (!fault_is_of_connection(proof->fault) ||
               fault_over(proof->fault) == OVER_CLEAR))
        ask(&stage, proof);
    if (ok) {
        look(&stage, &promised);
        say(&saw, &stage.peer);
        miss(proof, missed(&stage.peer, &promised));
        check_time(proof, &stage.peer);
        ok = look_again(&stage, proof, &saw, err);
        check_record(proof, stage.record);
    }
    close_stage(&stage);
    proof->held = ok && proof->missed == NULL;
    proof->saw = bytes_take(&saw);
    proof->took_ns = clock_now_ns(clock_real()) - began_ns;
    return ok;
}
