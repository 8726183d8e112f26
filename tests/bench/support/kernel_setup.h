/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One iteration's linear algebra of the interior point, of the size of a published instance, laid
 * open so that each kernel can be run by itself. */
#ifndef KV_TESTS_BENCH_SUPPORT_KERNEL_SETUP_H
#define KV_TESTS_BENCH_SUPPORT_KERNEL_SETUP_H

#include "solver/ipm/kkt_data.h"

#define BENCH_REGULAR 1e-8 /* on the diagonal of the rows */

typedef struct bench_size {
    const char *name;
    int nodes, arcs, commodities;
} bench_size;

typedef struct bench_setup {
    bench_size size;
    kv_problem *problem;
    kv_opening_row *openings; /* all of them */
    kv_block_lp *lp;
    const kv_block *block; /* the only one */
    double *theta_x, *theta_slack, *theta_y;
    kv_theta theta;
    kv_columns columns;
    kv_group group;      /* the one that is laid open */
    int n, order, dense; /* rows of the group; of the border; resource rows */
    double *laplacian;   /* [n squared] the group's C in elimination order, lower triangle */
    double *factor;      /* [n squared] of references */
    double *inverse;     /* [n squared] of kernels */
    double *vector;      /* [n] */
    double *p;           /* [n x touched] P of the group */
    double *z, *update;  /* [n x order], [order squared] of references */
    int rank;            /* of the update that is measured */
    double *stack;       /* [order x rank] */
    double *definite;    /* [order squared] a positive definite matrix */
    double *matrix;      /* [order squared], of kernels */
    double *plain;       /* [order squared], of references */
    double *sum;         /* [order squared] what the flows add up to, by the reference */
    kv_threads *threads; /* of kernels */
} bench_setup;

/* 0, or -1 when out of memory. bench_setup_clear in any case. */
int bench_setup_create(const bench_size *size, bench_setup *setup);
void bench_setup_clear(bench_setup *setup);

/* Lay open group g: group, n, laplacian and p. 0, or -1 when out of memory. */
int bench_setup_open(bench_setup *setup, int g);

/* Largest |a - b| over the lower triangles (n x n, both of leading dimension n), relative to the
 * largest |b|. */
double bench_triangle_difference(int n, const double *a, const double *b);

/* Largest residual of the whole system [ A Theta A' + slacks, A_y; A_y', -1/Theta_y ] (lambda, y) =
 * (h, g), multiplied out arc by arc, relative to its largest term. */
double bench_residual(const bench_setup *setup, const kv_row_vector *lambda, const double *y,
                      const kv_row_vector *h, const double *g);

#endif
