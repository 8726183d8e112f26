/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dense kernels of the interior point, each against plain loops that do the same and against the
 * arithmetic peak of this machine, measured before by a product of two matrices.
 *
 *     bench.kernels [--seconds S] [--smoke] [c33 c37 c57 c53 c61]
 *
 * CSV goes to standard output, a table to standard error. Operations are those of the dense
 * algorithm; where a kernel leaves some out, its rate is that much better. The share of peak is by
 * the clock, and by processor time as if both cores had been free. The speed-up is processor time of
 * the reference by that of the kernel; the reference of the whole factorisation is made up of those
 * of its parts. Exit status 1 when a kernel and its reference differ by more than 1e-9, or the whole
 * system's residual is larger.
 */
#include "base/memory.h"
#include "bench/support/kernel_setup.h"
#include "bench/support/measure.h"
#include "bench/support/reference.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void openblas_set_num_threads(int n);
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

static const double allowed = 1e-9; /* difference */

static const bench_size sizes[] = {
    {"c33", 20, 228, 39},  {"c37", 20, 228, 200}, {"c57", 30, 680, 100},
    {"c53", 30, 520, 400}, {"c61", 30, 685, 400}, {"smoke", 6, 18, 5},
};
enum { N_SIZES = sizeof(sizes) / sizeof(*sizes) - 1 };

typedef struct bench_peak {
    double wall[3], cpu[3]; /* operations a second, on 1 and 2 threads; cpu: of processor time */
} bench_peak;

typedef struct bench_run {
    bench_setup setup;
    double seconds;
    bench_peak peak;
    double worst; /* difference so far */
    /* of the whole system */
    kv_kkt *kkt;
    kv_row_vector h, lambda;
    double *g, *y;
    kv_status status;
} bench_run;

/* ---- peak ---- */

typedef struct product {
    int n;
    double *a, *b, *c;
} product;

static void multiply(void *context)
{
    product *p = context;
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, p->n, p->n, p->n, 1.0, p->a, p->n, p->b,
                p->n, 0.0, p->c, p->n);
}

static bench_peak measure_peak(double seconds, int n)
{
    bench_peak peak = {{0}, {0}};
    size_t count = (size_t)n * (size_t)n;
    product p = {n, kv_alloc(count, sizeof(double)), kv_alloc(count, sizeof(double)),
                 kv_alloc(count, sizeof(double))};
    if (!p.a || !p.b || !p.c)
        exit(2);
    for (size_t i = 0; i < count; i++) {
        p.a[i] = 1.0 / (double)(i % 97 + 1);
        p.b[i] = 1.0 / (double)(i % 89 + 1);
    }
    for (int threads = 1; threads <= 2; threads++) {
        openblas_set_num_threads(threads);
        bench_time best = bench_best(multiply, &p, 4 * seconds);
        peak.wall[threads] = 2.0 * n * n * n / best.wall;
        peak.cpu[threads] = 2.0 * n * n * n / best.cpu * threads;
        fprintf(stderr, "peak, %d thread%s: %.1f Gflop/s by the clock, %.1f by processor time\n",
                threads, threads > 1 ? "s" : "", 1e-9 * peak.wall[threads],
                1e-9 * peak.cpu[threads]);
    }
    openblas_set_num_threads(1);
    kv_free(p.a);
    kv_free(p.b);
    kv_free(p.c);
    return peak;
}

/* ---- rows ---- */

typedef struct bench_row {
    const char *kernel;
    int threads;
    double operations;
    bench_time took;
    double reference; /* s of processor time, 0 = none */
    double difference;
} bench_row;

static void put_row(bench_run *run, const bench_row *r)
{
    const bench_size *size = &run->setup.size;
    double rate = r->operations / r->took.wall;
    double busy = r->operations / r->took.cpu * r->threads;
    double of_wall = rate / run->peak.wall[r->threads], of_cpu = busy / run->peak.cpu[r->threads];
    char faster[32] = "", reference[32] = "";
    if (r->reference > 0) {
        snprintf(faster, sizeof faster, "%.4g", r->reference / r->took.cpu);
        snprintf(reference, sizeof reference, "%.6g", r->reference);
    }
    printf("%s,%s,%d,%d,%d,%d,%.6g,%.6g,%.6g,%.4g,%.4f,%.4f,%s,%s,%.3g\n", r->kernel, size->name,
           size->nodes, size->arcs, size->commodities, r->threads, r->operations, r->took.wall,
           r->took.cpu, 1e-9 * rate, of_wall, of_cpu, reference, faster, r->difference);
    fprintf(stderr, "%-6s %-18s %d  %10.3g s  %7.2f Gflop/s  %5.1f %%  %5.1f %%  %8s  %10.1e\n",
            size->name, r->kernel, r->threads, r->took.wall, 1e-9 * rate, 100 * of_wall,
            100 * of_cpu, *faster ? faster : "-", r->difference);
    if (!(r->difference <= run->worst))
        run->worst = r->difference;
}

/* ---- the Laplacian of a group ---- */

static void run_laplacian_factor(void *context)
{
    bench_setup *s = context;
    kv_laplacian_factor(&s->group.c, s->columns.phi + s->block->group_first[0], BENCH_REGULAR,
                        1e-13);
}

static void plain_laplacian_factor(void *context)
{
    bench_setup *s = context;
    memcpy(s->factor, s->laplacian, sizeof(double) * (size_t)s->n * (size_t)s->n);
    reference_cholesky(s->n, s->factor, s->n);
}

static void run_laplacian_invert(void *context)
{
    bench_setup *s = context;
    kv_laplacian_invert(&s->group.c, s->inverse);
}

static void plain_laplacian_invert(void *context)
{
    bench_setup *s = context;
    reference_invert(s->n, s->factor, s->plain);
}

static void run_laplacian_solve(void *context)
{
    bench_setup *s = context;
    for (int i = 0; i < s->n; i++)
        s->vector[i] = i + 1;
    kv_laplacian_solve(&s->group.c, s->vector, s->inverse);
}

static void plain_laplacian_solve(void *context)
{
    bench_setup *s = context;
    for (int i = 0; i < s->n; i++)
        s->plain[s->group.c.place[i]] = i + 1;
    reference_solve(s->n, s->factor, s->n, s->plain, 0);
    reference_solve(s->n, s->factor, s->n, s->plain, 1);
}

/* L of the kernel, dense. */
static void expand_factor(const kv_laplacian *c, double *l)
{
    memset(l, 0, sizeof(double) * (size_t)c->n * (size_t)c->n);
    for (int j = 0; j < c->n; j++)
        for (int e = c->column_first[j]; e < c->column_first[j + 1]; e++)
            l[(size_t)j * (size_t)c->n + (size_t)c->row[e]] = c->value[e];
}

static double measure_laplacian(bench_run *run)
{
    bench_setup *s = &run->setup;
    double n = s->n, most = 0, worst = 0;
    bench_row row = {"laplacian factor", 1, n * n * n / 3};
    row.took = bench_best(run_laplacian_factor, s, run->seconds);
    row.reference = bench_best(plain_laplacian_factor, s, run->seconds).cpu;
    expand_factor(&s->group.c, s->plain);
    row.difference = bench_triangle_difference(s->n, s->plain, s->factor);
    put_row(run, &row);

    row = (bench_row){"laplacian inverse", 1, n * n * n / 3};
    row.took = bench_best(run_laplacian_invert, s, run->seconds);
    row.reference = bench_best(plain_laplacian_invert, s, run->seconds).cpu;
    row.difference = bench_triangle_difference(s->n, s->inverse, s->plain);
    put_row(run, &row);

    row = (bench_row){"laplacian solve", 1, 2 * n * n};
    row.took = bench_best(run_laplacian_solve, s, run->seconds);
    row.reference = bench_best(plain_laplacian_solve, s, run->seconds).cpu;
    for (int i = 0; i < s->n; i++) {
        double plain = s->plain[s->group.c.place[i]];
        worst = fmax(worst, fabs(plain - s->vector[i]));
        most = fmax(most, fabs(plain));
    }
    row.difference = worst / most;
    put_row(run, &row);
    return row.reference;
}

/* ---- what a group takes off the Schur complement ---- */

static void run_group(void *context)
{
    bench_setup *s = context;
    kv_group_subtract(&s->group, &s->columns, 0, BENCH_REGULAR, &s->work, s->matrix);
}

/* Z = L^-1 P column by column, then the border loses Z'Z. */
static void plain_group(void *context)
{
    bench_setup *s = context;
    int n = s->n, wide = s->group.n_touched;
    double *z = s->work.z, *update = s->work.update;
    plain_laplacian_factor(s);
    memcpy(z, s->p, sizeof(double) * (size_t)n * (size_t)wide);
    memset(update, 0, sizeof(double) * (size_t)wide * (size_t)wide);
    for (int t = 0; t < wide; t++)
        reference_solve(n, s->factor, n, z + (size_t)t * (size_t)n, 0);
    reference_update(wide, n, z, 1, update, wide);
    for (int j = 0; j < wide; j++)
        for (int i = j; i < wide; i++)
            s->plain[(size_t)s->group.touched[j] * (size_t)s->order +
                     (size_t)s->group.touched[i]] -= update[(size_t)j * (size_t)wide + (size_t)i];
}

static double group_operations(const bench_setup *s)
{
    double n = s->n, wide = s->group.n_touched;
    return n * wide * (wide + 1) + n * n * n / 3;
}

static double measure_group(bench_run *run)
{
    bench_setup *s = &run->setup;
    size_t bytes = sizeof(double) * (size_t)s->order * (size_t)s->order;
    size_t entries = (size_t)s->n * (size_t)s->group.n_touched;
    bench_row row = {"group update", 1, group_operations(s)};
    if (kv_group_entries(&s->group) < entries) { /* the reference's Z is dense */
        kv_free(s->work.z);
        if (!(s->work.z = kv_alloc(entries, sizeof(double))))
            exit(2);
    }
    row.took = bench_best(run_group, s, run->seconds);
    row.reference = bench_best(plain_group, s, run->seconds).cpu;
    memset(s->matrix, 0, bytes);
    memset(s->plain, 0, bytes);
    run_group(s);
    plain_group(s);
    row.difference = bench_triangle_difference(s->order, s->matrix, s->plain);
    put_row(run, &row);
    return row.reference;
}

/* ---- dense updates and factorisations ---- */

static void run_update(void *context)
{
    bench_setup *s = context;
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, s->order, s->rank, 1.0, s->stack, s->rank,
                0.0, s->matrix, s->order);
}

static void plain_update(void *context)
{
    bench_setup *s = context;
    memset(s->plain, 0, sizeof(double) * (size_t)s->order * (size_t)s->order);
    reference_update(s->order, s->rank, s->stack, 1, s->plain, s->order);
}

static void run_cholesky(void *context)
{
    bench_setup *s = context;
    int info = 0;
    memcpy(s->matrix, s->definite, sizeof(double) * (size_t)s->dense * (size_t)s->dense);
    dpotrf_("L", &s->dense, s->matrix, &s->dense, &info);
}

static void plain_cholesky(void *context)
{
    bench_setup *s = context;
    memcpy(s->plain, s->definite, sizeof(double) * (size_t)s->dense * (size_t)s->dense);
    reference_cholesky(s->dense, s->plain, s->dense);
}

/* The factor stands in s->plain; the right-hand sides are behind it (order > 1.4 dense). */
static void run_divide(void *context)
{
    bench_setup *s = context;
    size_t square = (size_t)s->dense * (size_t)s->dense;
    memcpy(s->matrix, s->right, sizeof(double) * square);
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, s->dense,
                s->dense, 1.0, s->plain, s->dense, s->matrix, s->dense);
}

static void plain_divide(void *context)
{
    bench_setup *s = context;
    size_t square = (size_t)s->dense * (size_t)s->dense;
    memcpy(s->plain + square, s->right, sizeof(double) * square);
    for (int j = 0; j < s->dense; j++)
        reference_solve(s->dense, s->plain, s->dense,
                        s->plain + square + (size_t)j * (size_t)s->dense, 0);
}

/* Seconds of the references for the rest of a factorisation. */
static double measure_dense(bench_run *run)
{
    bench_setup *s = &run->setup;
    double order = s->order, dense = s->dense, rest;
    bench_row row = {"stacked update", 1, order * (order + 1) * s->rank};
    row.took = bench_best(run_update, s, run->seconds);
    row.reference = bench_best(plain_update, s, run->seconds).cpu;
    row.difference = bench_triangle_difference(s->order, s->matrix, s->plain);
    put_row(run, &row);
    rest = row.reference * dense * dense * dense / row.operations;

    row = (bench_row){"cholesky", 1, dense * dense * dense / 3};
    row.took = bench_best(run_cholesky, s, run->seconds);
    row.reference = bench_best(plain_cholesky, s, run->seconds).cpu;
    row.difference = bench_triangle_difference(s->dense, s->matrix, s->plain);
    put_row(run, &row);
    rest += 2 * row.reference;

    row = (bench_row){"triangular solves", 1, dense * dense * dense};
    row.took = bench_best(run_divide, s, run->seconds);
    row.reference = bench_best(plain_divide, s, run->seconds).cpu;
    row.difference = bench_triangle_difference(s->dense, s->matrix,
                                               s->plain + (size_t)s->dense * (size_t)s->dense);
    put_row(run, &row);
    return rest + row.reference;
}

/* ---- the whole system of an iteration ---- */

static void run_factor(void *context)
{
    bench_run *run = context;
    run->status = kv_kkt_factor(run->kkt, &run->setup.theta, BENCH_REGULAR);
}

static void copy_right(bench_run *run)
{
    const kv_block *k = run->setup.block;
    memcpy(run->lambda.flow[0], run->h.flow[0], sizeof(double) * (size_t)k->n_rows);
    memcpy(run->lambda.linking[0], run->h.linking[0], sizeof(double) * (size_t)k->n_linking);
    memcpy(run->y, run->g, sizeof(double) * (size_t)run->setup.lp->n_y);
}

static void run_solve(void *context)
{
    bench_run *run = context;
    copy_right(run);
    kv_kkt_solve(run->kkt, &run->setup.theta, &run->lambda, run->y);
}

static void fill_right(bench_run *run)
{
    const kv_block *k = run->setup.block;
    for (int r = 0; r < k->n_rows; r++)
        run->h.flow[0][r] = r % 7 - 3;
    for (int r = 0; r < k->n_linking; r++)
        run->h.linking[0][r] = r % 5 - 2;
    for (int j = 0; j < run->setup.lp->n_y; j++)
        run->g[j] = j % 3 - 1;
}

static void measure_system(bench_run *run, int threads, double factor_reference)
{
    bench_setup *s = &run->setup;
    double groups = s->block->n_groups, dense = s->dense, local = s->columns.n_local, n = s->n;
    kv_threads *pool = kv_threads_create(threads);
    if (!pool || kv_kkt_create(s->lp, pool, &run->kkt) != KV_OK)
        exit(2);
    bench_row factor = {"system factor", threads,
                        groups * group_operations(s) + dense * dense * dense / 3 +
                            dense * dense * local + dense * local * local +
                            local * local * local / 3};
    bench_row solve = {"system solve", threads,
                       4 * groups * n * n + 2 * dense * dense + 4 * dense * local +
                           2 * local * local + 4.0 * s->columns.first[s->block->n_columns]};
    factor.took = bench_best(run_factor, run, run->seconds);
    factor.reference = factor_reference;
    run_solve(run);
    factor.difference = solve.difference =
        run->status == KV_OK ? bench_residual(s, &run->lambda, run->y, &run->h, run->g) : NAN;
    solve.took = bench_best(run_solve, run, run->seconds);
    put_row(run, &factor);
    put_row(run, &solve);
    kv_kkt_free(run->kkt);
    kv_threads_free(pool);
}

static void measure_size(const bench_size *size, bench_run *run)
{
    bench_setup *s = &run->setup;
    if (bench_setup_create(size, s) != 0 || kv_row_vector_create(s->lp, &run->h) != KV_OK ||
        kv_row_vector_create(s->lp, &run->lambda) != KV_OK)
        exit(2);
    run->g = kv_alloc((size_t)s->lp->n_y, sizeof(double));
    run->y = kv_alloc((size_t)s->lp->n_y, sizeof(double));
    if (!run->g || !run->y)
        exit(2);
    fill_right(run);
    measure_laplacian(run);
    double groups = s->block->n_groups * measure_group(run), rest = measure_dense(run);
    for (int threads = 1; threads <= 2; threads++)
        measure_system(run, threads, groups + rest);
    kv_row_vector_free(s->lp, &run->h);
    kv_row_vector_free(s->lp, &run->lambda);
    kv_free(run->g);
    kv_free(run->y);
    bench_setup_clear(s);
}

int main(int argc, char **argv)
{
    bench_run run = {.seconds = 0.5};
    int smoke = 0, chosen[N_SIZES] = {0}, any = 0;
    for (int i = 1; i < argc; i++) {
        int known = 0;
        for (int j = 0; j < N_SIZES; j++)
            if (strcmp(argv[i], sizes[j].name) == 0)
                known = chosen[j] = any = 1;
        if (strcmp(argv[i], "--smoke") == 0)
            known = smoke = 1;
        else if (strcmp(argv[i], "--seconds") == 0 && i + 1 < argc)
            known = (run.seconds = atof(argv[++i])) > 0;
        if (!known) {
            fprintf(stderr, "usage: %s [--seconds S] [--smoke] [SIZE...]\n", argv[0]);
            return 2;
        }
    }
    if (smoke)
        run.seconds = 1e-6;
    run.peak = measure_peak(run.seconds, smoke ? 64 : 1024);
    printf("kernel,size,nodes,arcs,commodities,threads,operations,seconds,cpu_seconds,gflops,"
           "share_of_peak,share_of_peak_cpu,reference_cpu_seconds,speedup,difference\n");
    fprintf(stderr, "size   kernel      threads        time             rate   peak   (cpu)  "
                    "speed-up  difference\n");
    if (smoke)
        measure_size(&sizes[N_SIZES], &run);
    for (int j = 0; j < N_SIZES && !smoke; j++)
        if (chosen[j] || !any)
            measure_size(&sizes[j], &run);
    fprintf(stderr, "largest difference: %.1e\n", run.worst);
    return run.worst <= allowed ? 0 : 1;
}
