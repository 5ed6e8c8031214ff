/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_MONITOR_H
#define CLIENT_MONITOR_H

/* A lock with a place to wait: mutex and condition on the monotonic clock, so
 * that every wait can be interrupted and none is moved by someone setting the
 * wall clock. */

#include <pthread.h>
#include <stdint.h>

#define MONITOR_FOREVER INT64_MAX

struct monitor {
    pthread_mutex_t mutex;
    pthread_cond_t  changed;
};

void monitor_init(struct monitor *monitor);
void monitor_clear(struct monitor *monitor);

void monitor_lock(struct monitor *monitor);
void monitor_unlock(struct monitor *monitor);

/* With the lock held. Returns at monitor_notify, at until_ns, or for no
 * reason: the caller looks at its condition, and at the clock, again. */
void monitor_wait(struct monitor *monitor, int64_t until_ns);
void monitor_notify(struct monitor *monitor); /* wakes all who wait */

#endif
