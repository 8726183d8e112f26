/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Additions and multiplications that kernels do, counted from the structure at hand. */
#ifndef KV_TESTS_BENCH_SUPPORT_KERNEL_OPERATIONS_H
#define KV_TESTS_BENCH_SUPPORT_KERNEL_OPERATIONS_H

#include "bench/support/kernel_setup.h"

/* A group's L; L^-1. */
double bench_factor_operations(const kv_laplacian *c);
double bench_invert_operations(const kv_laplacian *c);
/* What flows add up to on the border: all groups, those of their columns themselves left out. */
double bench_sum_operations(const kv_kkt *kkt);
/* A Cholesky factor of order n; C, E and what E E' takes off the rest of the border. */
double bench_cholesky_operations(double n);
double bench_border_operations(const bench_setup *setup);
/* A solve of the whole system. */
double bench_solve_operations(const bench_setup *setup, const kv_kkt *kkt);

#endif
