/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_KEYS_JAVA_STORE_H
#define SERVER_KEYS_JAVA_STORE_H

/* A key store of Java's own format (JKS) with one certificate that a JVM shall
 * trust. Every JVM reads it. PKCS #12 would be the younger way, but a JVM
 * trusts a certificate there only for an attribute of Oracle's, which neither
 * GnuTLS nor OpenSSL writes: such a store counts as empty. */

#include "common/bytes.h"

#include <stddef.h>
#include <stdint.h>

#define JAVA_STORE_TYPE     "JKS"
#define JAVA_STORE_PASSWORD "retrial" /* guards nothing: there is no key */

enum { JAVA_STORE_BYTES_MAX = 64 * 1024 };

/* Appends the store to out. The certificate is DER. */
void java_store_make(const void *certificate, size_t length_bytes,
                     int64_t wall_ms, struct bytes *out);

#endif
