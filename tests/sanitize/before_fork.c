/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Criterion forks for each test while a thread of its own deals with the end of the one before. Does
 * that thread hold a lock of the sanitizer's allocator just then, the child waits for it for ever. So
 * a fork waits until the thread is done.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <time.h>

static void wait_a_moment(void)
{
    struct timespec moment = {0, 5000000};
    nanosleep(&moment, NULL);
}

static void __attribute__((constructor)) before_forks(void)
{
    pthread_atfork(wait_a_moment, NULL, NULL);
}
