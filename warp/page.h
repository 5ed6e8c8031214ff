#ifndef WARP_PAGE_H
#define WARP_PAGE_H

/* The page that holds how far the client's clock is ahead, and the vDSO that
 * reads it. Both lie in one anonymous file: the vDSO's page first, which each
 * of the client's programs maps for itself, then the shift, which all share
 * with us: a jump is one store, seen by everybody at once. */

#include "common/clock.h"
#include "common/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { PAGE_BYTES = 4096 };

struct page {
    int                 fd; /* -1: no vDSO, every clock read stops */
    struct clock_shift *shift;
    uint64_t clock_gettime; /* where the kernel's vDSO has it, from its start */
    uint64_t syscall;       /* and an instruction that makes a call */
};

bool MUST_USE page_open(struct page *page, struct err *err);
void          page_close(struct page *page);

/* Gives a program that has just been started by exec, and stands at the end of
 * that call, the vDSO of ours; where that cannot be, none at all. Follows its
 * thread with waitpid meanwhile; *status is what waitpid gave if it ended. */
enum page_gift {
    PAGE_GIVEN,
    PAGE_HIDDEN,
    PAGE_REFUSED, /* not even that: its clock is the kernel's */
    PAGE_ENDED,
};

enum page_gift page_give(const struct page *page, pid_t tid, int *status);

#endif
