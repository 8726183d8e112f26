/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/reference.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

int reference_cholesky(int n, double *a, int ld)
{
    for (int j = 0; j < n; j++) {
        double *column = a + (size_t)j * (size_t)ld;
        for (int k = 0; k < j; k++) {
            const double *before = a + (size_t)k * (size_t)ld;
            double factor = before[j];
            for (int i = j; i < n; i++)
                column[i] -= factor * before[i];
        }
        if (!(column[j] > 0))
            return -1;
        double scale = 1 / sqrt(column[j]);
        for (int i = j; i < n; i++)
            column[i] *= scale;
    }
    return 0;
}

void reference_solve(int n, const double *l, int ld, double *v, int transposed)
{
    if (!transposed) {
        for (int j = 0; j < n; j++) {
            const double *column = l + (size_t)j * (size_t)ld;
            double value = v[j] /= column[j];
            for (int i = j + 1; i < n; i++)
                v[i] -= value * column[i];
        }
        return;
    }
    for (int j = n - 1; j >= 0; j--) {
        const double *column = l + (size_t)j * (size_t)ld;
        double sum = v[j];
        for (int i = j + 1; i < n; i++)
            sum -= column[i] * v[i];
        v[j] = sum / column[j];
    }
}

void reference_invert(int n, const double *l, double *inverse)
{
    memset(inverse, 0, sizeof(double) * (size_t)n * (size_t)n);
    for (int j = 0; j < n; j++) {
        inverse[(size_t)j * (size_t)n + (size_t)j] = 1;
        reference_solve(n - j, l + (size_t)j * (size_t)(n + 1), n,
                        inverse + (size_t)j * (size_t)(n + 1), 0);
    }
}

void reference_update(int n, int k, const double *z, double sign, double *c, int ld)
{
    for (int j = 0; j < n; j++) {
        const double *left = z + (size_t)j * (size_t)k;
        for (int i = j; i < n; i++) {
            const double *right = z + (size_t)i * (size_t)k;
            double sum = 0;
            for (int p = 0; p < k; p++)
                sum += left[p] * right[p];
            c[(size_t)j * (size_t)ld + (size_t)i] += sign * sum;
        }
    }
}

void reference_subtract(int n, int k, const double *a, int lda, double *c, int ldc)
{
    for (int j = 0; j < n; j++)
        for (int p = 0; p < k; p++) {
            const double *column = a + (size_t)p * (size_t)lda;
            double factor = column[j];
            for (int i = j; i < n; i++)
                c[(size_t)j * (size_t)ldc + (size_t)i] -= factor * column[i];
        }
}

void reference_divide(int n, int m, double *a, int ld)
{
    for (int j = 0; j < m; j++) {
        double *column = a + (size_t)j * (size_t)ld + (size_t)m;
        for (int k = 0; k < j; k++) {
            const double *before = a + (size_t)k * (size_t)ld;
            for (int i = 0; i < n; i++)
                column[i] -= before[j] * before[m + i];
        }
        double scale = 1 / a[(size_t)j * (size_t)(ld + 1)];
        for (int i = 0; i < n; i++)
            column[i] *= scale;
    }
}
