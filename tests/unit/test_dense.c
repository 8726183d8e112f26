/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense kernels against plain loops, and the same to the last bit on any number of threads. */
#include "base/memory.h"
#include "base/random.h"
#include "solver/ipm/dense.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static double *random_matrix(kv_random *random, size_t count)
{
    double *a = kv_alloc(count, sizeof(double));
    cr_assert(a != NULL);
    for (size_t i = 0; i < count; i++)
        a[i] = 2 * kv_random_uniform(random) - 1;
    return a;
}

static double *copy_of(const double *a, size_t count)
{
    double *copy = kv_alloc(count, sizeof(double));
    cr_assert(copy != NULL);
    memcpy(copy, a, sizeof(double) * count);
    return copy;
}

/* The first m steps of a factorisation, a column after the other. */
static void plain_factor(double *a, size_t ld, size_t n, size_t m)
{
    for (size_t j = 0; j < m; j++) {
        double pivot = sqrt(a[j * ld + j]);
        for (size_t i = j; i < n; i++)
            a[j * ld + i] /= pivot;
        for (size_t k = j + 1; k < n; k++)
            for (size_t i = k; i < n; i++)
                a[k * ld + i] -= a[j * ld + i] * a[j * ld + k];
    }
}

/* Entries of the lower triangle differ by no more than `allowed`; what is above, and below row n, of
 * both is as it was in `before`, but for tiles on the diagonal. */
static void compare(const double *a, const double *b, const double *before, size_t ld, size_t n,
                    double allowed)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = 0; i < ld; i++) {
            size_t at = j * ld + i;
            if (i >= j && i < n)
                cr_assert(fabs(a[at] - b[at]) <= allowed, "%zu, %zu: %g and %g", i, j, a[at],
                          b[at]);
            else if (i >= n || j - i > 128)
                cr_assert(a[at] == before[at], "%zu, %zu has been written", i, j);
        }
}

static void check_factor(kv_random *random, kv_threads *threads, int n, int m, int ld)
{
    size_t count = (size_t)ld * (size_t)n;
    double *before = random_matrix(random, count);
    for (int j = 0; j < n; j++)
        before[(size_t)j * (size_t)ld + (size_t)j] += n;
    double *alone = copy_of(before, count), *together = copy_of(before, count),
           *plain = copy_of(before, count);
    cr_assert(kv_dense_factor(NULL, alone, ld, n, m) == 0);
    cr_assert(kv_dense_factor(threads, together, ld, n, m) == 0);
    cr_assert(memcmp(alone, together, sizeof(double) * count) == 0, "%d of %d: threads", m, n);
    plain_factor(plain, (size_t)ld, (size_t)n, (size_t)m);
    compare(alone, plain, before, (size_t)ld, (size_t)n, 1e-11 * n);
    double *arrays[] = {before, alone, together, plain};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

Test(dense, factorisation)
{
    static const int sizes[][2] = {{1, 1},     {1, 0},     {5, 3},     {128, 128}, {129, 129},
                                   {130, 128}, {200, 140}, {300, 7},   {333, 333}, {400, 270},
                                   {257, 256}, {150, 0},   {260, 129}, {391, 390}};
    kv_threads *threads = kv_threads_create(3);
    kv_random random;
    cr_assert(threads != NULL);
    kv_random_seed(&random, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        check_factor(&random, threads, sizes[i][0], sizes[i][1], sizes[i][0] + (int)(i % 3));
    kv_threads_free(threads);
}

/* A pivot that is not positive is told wherever it stands. */
Test(dense, breakdown_is_told)
{
    kv_threads *threads = kv_threads_create(2);
    cr_assert(threads != NULL);
    for (int bad = 0; bad < 300; bad += 37) {
        double *a = kv_alloc(300 * 300, sizeof(double));
        cr_assert(a != NULL);
        for (int j = 0; j < 300; j++)
            a[301 * j] = j == bad ? -1 : 1;
        cr_assert(kv_dense_factor(threads, a, 300, 300, 300) == -1, "%d", bad);
        kv_free(a);
    }
    kv_threads_free(threads);
}

Test(dense, update)
{
    kv_threads *threads = kv_threads_create(2);
    kv_random random;
    cr_assert(threads != NULL);
    kv_random_seed(&random, 2);
    for (int n = 1; n < 500; n += 83)
        for (int k = 0; k < 120; k += 39) {
            size_t ld = (size_t)n + 2, count = ld * (size_t)n;
            double *before = random_matrix(&random, count);
            double *a = random_matrix(&random, ld * (size_t)(k ? k : 1));
            double *alone = copy_of(before, count), *together = copy_of(before, count),
                   *plain = copy_of(before, count);
            kv_dense_update(NULL, alone, (int)ld, n, a, (int)ld, k);
            kv_dense_update(threads, together, (int)ld, n, a, (int)ld, k);
            cr_assert(memcmp(alone, together, sizeof(double) * count) == 0, "%d, %d", n, k);
            for (size_t j = 0; j < (size_t)n; j++)
                for (size_t i = j; i < (size_t)n; i++)
                    for (size_t q = 0; q < (size_t)k; q++)
                        plain[j * ld + i] -= a[q * ld + i] * a[q * ld + j];
            compare(alone, plain, before, ld, (size_t)n, 1e-11 * n);
            double *arrays[] = {before, a, alone, together, plain};
            for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
                kv_free(arrays[i]);
        }
    kv_threads_free(threads);
}
