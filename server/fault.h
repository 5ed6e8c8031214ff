#ifndef SERVER_FAULT_H
#define SERVER_FAULT_H

/* How the faults of model/fault.h are played: a file each, or one for a few
 * that differ in a word, with one line each in FAULT_ENTRY_MAP.
 *
 * Those of a port are port.c's, before a connection is made. Those of a TLS
 * handshake say how to spoil it (handshake.h). All others get a hijacked
 * connection, and go on with it in one of the ways of hijacked.h: at accept
 * without a request, before the body is whole with its head, else with the
 * whole request. What is sent early, around libmicrohttpd, which reads on, is
 * `early`; then `play` comes when the request is whole, or, where there is
 * none, the answer goes its usual way. */

#include "model/fault.h"

#include <stdbool.h>

struct exchange;
struct spoil;
struct hijacked;

struct fault_entry {
    enum fault fault;
    void (*play)(struct hijacked *hijacked);
    void (*early)(struct exchange *exchange); /* the head was read */
    /* False: the answer goes its usual way. NULL: every request. */
    bool (*concerns)(const struct exchange *exchange);
    const struct spoil *spoil; /* of the handshake; NULL: it is played */
};

#define FAULT_ENTRY_MAP(X)                                                     \
    X(fault_accept_reset)                                                      \
    X(fault_accept_close)                                                      \
    X(fault_accept_hang)                                                       \
    X(fault_accept_answer)                                                     \
    X(fault_tls_expired)                                                       \
    X(fault_tls_not_yet_valid)                                                 \
    X(fault_tls_wrong_host)                                                    \
    X(fault_tls_self_signed)                                                   \
    X(fault_tls_unknown_ca)                                                    \
    X(fault_tls_old_version)                                                   \
    X(fault_tls_stall)                                                         \
    X(fault_tls_close)                                                         \
    X(fault_tls_reset)                                                         \
    X(fault_plain_for_tls)                                                     \
    X(fault_tls_for_plain)                                                     \
    X(fault_stop_reading)                                                      \
    X(fault_close_in_body)                                                     \
    X(fault_reset_in_body)                                                     \
    X(fault_early_refusal)                                                     \
    X(fault_early_success)                                                     \
    X(fault_continue_unasked)                                                  \
    X(fault_continue_withheld)                                                 \
    X(fault_close)                                                             \
    X(fault_reset)                                                             \
    X(fault_hang)                                                              \
    X(fault_garbage)                                                           \
    X(fault_wrong_version)                                                     \
    X(fault_status_99)                                                         \
    X(fault_status_1000)                                                       \
    X(fault_status_word)                                                       \
    X(fault_reason_own)                                                        \
    X(fault_reason_none)                                                       \
    X(fault_cut_status_line)                                                   \
    X(fault_cut_headers)                                                       \
    X(fault_stall_headers)                                                     \
    X(fault_drip_headers)                                                      \
    X(fault_no_colon)                                                          \
    X(fault_folded_header)                                                     \
    X(fault_nul_header)                                                        \
    X(fault_huge_header)                                                       \
    X(fault_many_headers)                                                      \
    X(fault_continue_first)                                                    \
    X(fault_processing_first)                                                  \
    X(fault_hints_first)                                                       \
    X(fault_two_lengths)                                                       \
    X(fault_length_twice)                                                      \
    X(fault_length_word)                                                       \
    X(fault_length_and_chunks)                                                 \
    X(fault_cut_body)                                                          \
    X(fault_cut_chunks)                                                        \
    X(fault_stall_body)                                                        \
    X(fault_tls_cut_body)                                                      \
    X(fault_tls_cut_end)                                                       \
    X(fault_drip_body)                                                         \
    X(fault_chunk_size_junk)                                                   \
    X(fault_chunk_too_long)                                                    \
    X(fault_endless_body)                                                      \
    X(fault_huge_body)                                                         \
    X(fault_body_after_204)                                                    \
    X(fault_body_too_long)                                                     \
    X(fault_false_gzip)                                                        \
    X(fault_close_idle)                                                        \
    X(fault_reset_idle)                                                        \
    X(fault_half_close)                                                        \
    X(fault_linger)                                                            \
    X(fault_answered_twice)                                                    \
    X(fault_junk_after)                                                        \
    X(fault_tls_no_notify)                                                     \
    X(fault_answer_then_reset)

#define X(entry) extern const struct fault_entry entry;
FAULT_ENTRY_MAP(X)
#undef X

/* Every fault has an entry but FAULT_NONE and those of a port. */
const struct fault_entry *fault_entry(enum fault fault);

#endif
