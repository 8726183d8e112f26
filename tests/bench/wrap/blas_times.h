/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time within BLAS and LAPACK: the linker puts each call of libkvarken through a wrapper
 * (--wrap), which adds up processor time and operations of all threads. */
#ifndef KV_TESTS_BENCH_WRAP_BLAS_TIMES_H
#define KV_TESTS_BENCH_WRAP_BLAS_TIMES_H

typedef struct blas_times {
    long calls;
    double seconds;    /* processor time */
    double operations; /* of the dense algorithm */
} blas_times;

void blas_times_reset(void);
blas_times blas_times_read(void);

#endif
