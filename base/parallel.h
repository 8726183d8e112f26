/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads. Work is cut into tasks that do not depend on the number of threads; each task writes to
 * its own place and reductions are done by the caller in task order, so results are byte-identical
 * for any number of threads.
 */
#ifndef KV_BASE_PARALLEL_H
#define KV_BASE_PARALLEL_H

#include <stdatomic.h>

typedef struct kv_threads kv_threads;

/* A pool of n_threads (>= 1) workers, the caller's thread being one of them. NULL when no memory
 * or threads. */
kv_threads *kv_threads_create(int n_threads);
void kv_threads_free(kv_threads *threads);
int kv_threads_count(const kv_threads *threads);

/* Run task(context, i, worker) for i = 0 .. n_tasks-1 and wait; 0 <= worker < kv_threads_count.
 * A NULL pool runs all on the calling thread. Not reentrant on one pool. */
void kv_threads_run(kv_threads *threads, int n_tasks,
                    void (*task)(void *context, int i, int worker), void *context);

/* For a task that needs what others with lower numbers do (these have been begun before it, so that
 * there is no waiting in a circle): wait until a counter that they raise is at least `value`. */
void kv_threads_await(const atomic_int *counter, int value);

typedef struct kv_background kv_background;

/* Begin task(context) on a thread of its own. NULL when there is no memory or thread for it: the task
 * was not begun then. */
kv_background *kv_background_begin(void (*task)(void *context), void *context);
/* Wait until it is done, and free it; NULL is allowed. */
void kv_background_join(kv_background *background);

#endif
