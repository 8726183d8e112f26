/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { TASKS = 500, MAX_WORKERS = 9 };

typedef struct shared {
    double results[TASKS];
    atomic_int runs[TASKS];
    atomic_int of_worker[MAX_WORKERS];
    int n_workers;
    atomic_int wrong_worker;
} shared;

/* A sum whose value depends on its order: only if each task keeps to itself is it the same. */
static void add_up(void *context, int i, int worker)
{
    shared *all = context;
    kv_random random;
    double sum = 0;
    kv_random_seed(&random, (uint64_t)i);
    for (int k = 0; k < 100 + i; k++)
        sum += kv_random_uniform(&random) / (1 + k);
    all->results[i] = sum;
    atomic_fetch_add(&all->runs[i], 1);
    if (worker < 0 || worker >= all->n_workers)
        atomic_store(&all->wrong_worker, 1);
    else
        atomic_fetch_add(&all->of_worker[worker], 1);
}

static double run_with(int n_threads, shared *all)
{
    memset(all, 0, sizeof *all);
    kv_threads *threads = n_threads ? kv_threads_create(n_threads) : NULL;
    cr_assert(!n_threads || threads);
    all->n_workers = kv_threads_count(threads);
    cr_assert_eq(all->n_workers, n_threads ? n_threads : 1);
    kv_threads_run(threads, TASKS, add_up, all);
    kv_threads_free(threads);
    double sum = 0;
    for (int i = 0; i < TASKS; i++) {
        cr_assert_eq(atomic_load(&all->runs[i]), 1, "task %d", i);
        sum += all->results[i];
    }
    cr_assert_not(atomic_load(&all->wrong_worker));
    return sum;
}

Test(threads, any_number_of_them_gives_identical_results)
{
    static shared one, many;
    double expected = run_with(0, &one);
    for (int n = 1; n < MAX_WORKERS; n++) {
        double sum = run_with(n, &many);
        cr_assert_eq(memcmp(&sum, &expected, sizeof sum), 0);
        cr_assert_eq(memcmp(one.results, many.results, sizeof one.results), 0);
    }
}

static void count(void *context, int i, int worker)
{
    (void)i;
    (void)worker;
    atomic_fetch_add((atomic_int *)context, 1);
}

Test(threads, a_pool_is_used_again_and_again)
{
    kv_threads *threads = kv_threads_create(4);
    atomic_int total = 0;
    int expected = 0;
    for (int i = 0; i < 2000; i++) {
        kv_threads_run(threads, i % 7, count, &total);
        expected += i % 7;
        cr_assert_eq(atomic_load(&total), expected);
    }
    kv_threads_run(threads, -1, count, &total);
    cr_assert_eq(atomic_load(&total), expected);
    kv_threads_free(threads);
}

Test(threads, none_or_fewer_is_no_pool)
{
    cr_assert_null(kv_threads_create(0));
    cr_assert_null(kv_threads_create(-3));
    kv_threads_free(NULL);
    kv_threads *unused = kv_threads_create(3);
    cr_assert_not_null(unused);
    kv_threads_free(unused);
}

Test(threads, failing_allocations)
{
    for (long n = 1;; n++) {
        kv_memory_fail_at(n, 0);
        kv_threads *threads = kv_threads_create(3);
        kv_memory_fail_at(0, 0);
        if (threads) {
            kv_threads_free(threads);
            break;
        }
        cr_assert_lt(n, 10);
    }
}

/* With no room for stacks some thread cannot start, and those that did must end. */
Test(threads, that_cannot_start)
{
#if defined(__SANITIZE_ADDRESS__)
    cr_skip_test("the sanitizer needs more address space than can be limited");
#endif
    struct rlimit before, limit;
    getrlimit(RLIMIT_AS, &before);
    limit = before;
    limit.rlim_cur = (rlim_t)1 << 28;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        cr_skip_test("no limit can be set");
    kv_threads *threads = kv_threads_create(1000);
    setrlimit(RLIMIT_AS, &before);
    cr_assert_null(threads);
}

static void on_alarm(int number)
{
    (void)number;
    kv_stop_request();
}

Test(stop, is_requested_from_a_signal_handler)
{
    cr_assert_not(kv_stop_requested());
    signal(SIGALRM, on_alarm);
    raise(SIGALRM);
    cr_assert(kv_stop_requested());
    kv_stop_reset();
    cr_assert_not(kv_stop_requested());
}

Test(clock, goes_on)
{
    double start = kv_clock();
    struct timespec nap = {0, 20000000};
    nanosleep(&nap, NULL);
    double passed = kv_clock() - start;
    cr_assert_geq(passed, 0.019);
    cr_assert_lt(passed, 30);
}

typedef struct chain {
    atomic_int done;
    int order[TASKS], wrong;
} chain;

/* Each goes on from what the one before it has left. */
static void follow(void *context, int i, int worker)
{
    chain *all = context;
    (void)worker;
    kv_threads_await(&all->done, i);
    all->order[i] = i ? all->order[i - 1] + 3 : 5;
    all->wrong |= atomic_load(&all->done) != i;
    atomic_store(&all->done, i + 1);
}

Test(threads, tasks_wait_for_those_before_them)
{
    for (int n_threads = 0; n_threads <= 4; n_threads++) {
        kv_threads *threads = n_threads ? kv_threads_create(n_threads) : NULL;
        chain all = {0};
        cr_assert(!n_threads || threads);
        kv_threads_run(threads, TASKS, follow, &all);
        kv_threads_free(threads);
        cr_assert_eq(all.order[TASKS - 1], 5 + 3 * (TASKS - 1));
        cr_assert_not(all.wrong);
    }
}

static void add_up_beside(void *context)
{
    double *sum = context;
    for (int i = 1; i <= 1000; i++)
        *sum += i;
}

Test(background, does_its_task_once)
{
    double beside = 0, here = 0;
    kv_background *background = kv_background_begin(add_up_beside, &beside);
    cr_assert(background);
    add_up_beside(&here);
    kv_background_join(background);
    cr_assert_eq(beside, 500500);
    cr_assert_eq(here, 500500);
    kv_background_join(NULL);
}

Test(background, failing_allocation)
{
    double sum = 0;
    kv_memory_fail_at(1, 0);
    kv_background *background = kv_background_begin(add_up_beside, &sum);
    kv_memory_fail_at(0, 0);
    cr_assert_null(background);
    cr_assert_eq(sum, 0);
}
