/* SPDX-License-Identifier: Apache-2.0 */
/* A server that a client cannot trust is told nothing, whatever becomes of the
 * events: not the credentials, and not the request that holds them. */

#include "judge/check.h"
#include "judge/evidence.h"

#define CHECK "network.trust"

/* The rule that forbids a word after such a handshake; RULE_NONE: none does. */
static enum rule_id rule_of(enum fault fault)
{
    if (fault_is_untrusted(fault))
        return RULE_NET_4;
    return fault == FAULT_TLS_OLD_VERSION ? RULE_NET_5 : RULE_NONE;
}

/* The first request on the connection; NULL = what came was none. */
static const struct attempt *first_on(const struct record *record,
                                      unsigned             connection)
{
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->connection == connection)
            return record->attempts[i];
    return NULL;
}

static void judge_one(const struct record *record, const struct remark *remark,
                      enum rule_id rule, struct verdict *verdict)
{
    const struct attempt *attempt = first_on(record, remark->connection);
    const bool            credentials =
        attempt != NULL && header_count(&attempt->headers, "Authorization") > 0;

    verdict_saw(verdict, rule);
    if (remark->heard_bytes == NO_SESSION || remark->heard_bytes == 0)
        return;
    verdict_find(verdict, rule, CHECK, attempt != NULL ? attempt->number : 0,
                 "the client said %lld bytes%s on connection %u, though %s "
                 "(%s)",
                 (long long)remark->heard_bytes,
                 credentials ? ", an Authorization field among them," : "",
                 remark->connection, fault_meaning(remark->fault),
                 fault_name(remark->fault));
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->remark_count; i++) {
        enum rule_id rule = rule_of(record->remarks[i].fault);

        if (rule != RULE_NONE)
            judge_one(record, &record->remarks[i], rule, verdict);
    }
}

const struct check check_tls = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_NET_4, RULE_NET_5),
            .looks_at =
                "each connection whose certificate or TLS version a client "
                "must refuse: whether it said anything in the session",
            .evidence = "how many bytes it said, whether an Authorization "
                        "field was among them, and what it should have seen. A "
                        "client may bring the handshake to its end before it "
                        "looks at the certificate and goes",
            .killed_by = LIST("any-certificate-accepted",
                              "host-name-not-checked", "old-tls-accepted"),
        },
    .judge = judge,
};
