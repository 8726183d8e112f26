/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

#if ATOMIC_INT_LOCK_FREE != 2
#error "a signal handler needs lock-free atomic integers"
#endif

static atomic_int stop;

double kv_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void kv_stop_request(void)
{
    atomic_store(&stop, 1);
}

int kv_stop_requested(void)
{
    return atomic_load_explicit(&stop, memory_order_relaxed);
}

void kv_stop_reset(void)
{
    atomic_store(&stop, 0);
}
