/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

typedef struct worker {
    kv_threads *pool;
    pthread_t thread;
    int index; /* 1 .. n_threads - 1; 0 is the caller */
} worker;

struct kv_threads {
    int n_threads;
    int n_started; /* threads that run, the caller's not counted */
    worker *workers;
    pthread_mutex_t lock;
    pthread_cond_t begin; /* a job is there, or the end */
    pthread_cond_t done;  /* all workers have finished the job */
    /* changed under the lock: */
    atomic_ulong job; /* number of the job given out last */
    atomic_int busy;  /* workers that have not finished it */
    atomic_int ending;
    /* the job: */
    int n_tasks;
    void (*task)(void *context, int i, int worker);
    void *context;
    atomic_int next; /* first task that nobody took */
};

/* Jobs follow each other within microseconds, and to fall asleep and be woken takes longer: threads look
 * for this many turns whether it goes on, and let others go first now and then. */
enum { SPINS = 4000, POLITE = 64 };

static void wait_a_little(int turn)
{
    if (turn % POLITE == POLITE - 1)
        sched_yield();
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

/* Which worker runs which task is left to chance: a task's result does not depend on it. */
static void take_tasks(kv_threads *pool, int index)
{
    for (;;) {
        int i = atomic_load(&pool->next);
        do {
            if (i >= pool->n_tasks)
                return;
        } while (!atomic_compare_exchange_weak(&pool->next, &i, i + 1));
        pool->task(pool->context, i, index);
    }
}

static void *worker_main(void *argument)
{
    worker *self = argument;
    kv_threads *pool = self->pool;
    unsigned long last = 0;
    for (;;) {
        for (int i = 0; i < SPINS && !atomic_load(&pool->ending) && atomic_load(&pool->job) == last;
             i++)
            wait_a_little(i);
        pthread_mutex_lock(&pool->lock);
        while (!pool->ending && pool->job == last)
            pthread_cond_wait(&pool->begin, &pool->lock);
        if (pool->ending)
            break;
        last = pool->job;
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, self->index);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
        pthread_mutex_unlock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Signals stay with the thread that makes another. Returns 0, or -1. */
static int start_thread(pthread_t *thread, void *(*run)(void *), void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(thread, NULL, run, argument) != 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed ? -1 : 0;
}

static int start_workers(kv_threads *pool)
{
    int failed = 0;
    for (int i = 1; i < pool->n_threads && !failed; i++) {
        worker *self = &pool->workers[i - 1];
        self->pool = pool;
        self->index = i;
        failed = start_thread(&self->thread, worker_main, self);
        pool->n_started += !failed;
    }
    return failed;
}

kv_threads *kv_threads_create(int n_threads)
{
    if (n_threads < 1)
        return NULL;
    kv_threads *pool = kv_alloc(1, sizeof(kv_threads));
    if (!pool)
        return NULL;
    pool->n_threads = n_threads;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->begin, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->workers = kv_alloc((size_t)n_threads, sizeof(worker));
    if (!pool->workers || start_workers(pool) != 0) {
        kv_threads_free(pool);
        return NULL;
    }
    return pool;
}

void kv_threads_free(kv_threads *threads)
{
    if (!threads)
        return;
    pthread_mutex_lock(&threads->lock);
    threads->ending = 1;
    pthread_cond_broadcast(&threads->begin);
    pthread_mutex_unlock(&threads->lock);
    for (int i = 0; i < threads->n_started; i++)
        pthread_join(threads->workers[i].thread, NULL);
    pthread_cond_destroy(&threads->done);
    pthread_cond_destroy(&threads->begin);
    pthread_mutex_destroy(&threads->lock);
    kv_free(threads->workers);
    kv_free(threads);
}

int kv_threads_count(const kv_threads *threads)
{
    return threads ? threads->n_threads : 1;
}

void kv_threads_run(kv_threads *threads, int n_tasks,
                    void (*task)(void *context, int i, int worker), void *context)
{
    if (!threads || threads->n_started == 0 || n_tasks <= 1) {
        for (int i = 0; i < n_tasks; i++)
            task(context, i, 0);
        return;
    }
    pthread_mutex_lock(&threads->lock);
    threads->n_tasks = n_tasks;
    threads->task = task;
    threads->context = context;
    atomic_store(&threads->next, 0);
    threads->busy = threads->n_started;
    threads->job++;
    pthread_cond_broadcast(&threads->begin);
    pthread_mutex_unlock(&threads->lock);
    take_tasks(threads, 0);
    for (int i = 0; i < SPINS && atomic_load(&threads->busy) > 0; i++)
        wait_a_little(i);
    pthread_mutex_lock(&threads->lock);
    while (threads->busy > 0)
        pthread_cond_wait(&threads->done, &threads->lock);
    pthread_mutex_unlock(&threads->lock);
}

/* What is waited for takes less time than to fall asleep and to be woken, unless threads are more
 * than cores: then others go first. */
void kv_threads_await(const atomic_int *counter, int value)
{
    for (int i = 0; atomic_load(counter) < value; i++)
        wait_a_little(i);
}

/* ---- one task beside the caller ------------------------------------------------------------ */

struct kv_background {
    pthread_t thread;
    void (*task)(void *context);
    void *context;
};

static void *background_main(void *argument)
{
    kv_background *background = argument;
    background->task(background->context);
    return NULL;
}

kv_background *kv_background_begin(void (*task)(void *context), void *context)
{
    kv_background *background = kv_alloc(1, sizeof *background);
    if (!background)
        return NULL;
    background->task = task;
    background->context = context;
    if (start_thread(&background->thread, background_main, background) == 0)
        return background;
    kv_free(background);
    return NULL;
}

void kv_background_join(kv_background *background)
{
    if (!background)
        return;
    pthread_join(background->thread, NULL);
    kv_free(background);
}
