/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dense kernels of the interior point, each against plain loops that do the same and against the
 * arithmetic peak of this machine, measured before by a product of two matrices.
 *
 *     bench.kernels [--seconds S] [--smoke] [c33 c37 c57 c53 c61]
 *
 * CSV goes to standard output, a table to standard error. Operations are those that are done, counted
 * from the structure at hand. The share of peak is that of as many cores as there are threads, by the
 * clock, and by processor time as if all of them had been free; the peak of two cores is what one
 * reaches twice, or two together when that is more. The speed-up is processor time of the reference
 * by that of the kernel; the reference of the whole factorisation is made up of those of its parts.
 * Exit status 1 when a kernel and its reference differ by more than 1e-9, or the whole system's
 * residual is larger.
 */
#include "base/memory.h"
#include "bench/support/kernel_operations.h"
#include "bench/support/measure.h"
#include "bench/support/reference.h"
#include "solver/ipm/dense.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void openblas_set_num_threads(int n);

static const double allowed = 1e-9; /* difference */

static const bench_size sizes[] = {
    {"c33", 20, 228, 39},  {"c37", 20, 228, 200}, {"c57", 30, 680, 100},
    {"c53", 30, 520, 400}, {"c61", 30, 685, 400}, {"smoke", 6, 18, 5},
};
enum { N_SIZES = sizeof(sizes) / sizeof(*sizes) - 1 };

typedef struct bench_run {
    bench_setup setup;
    double seconds;
    double peak[3]; /* operations a second, of 1 and 2 cores */
    double worst;   /* difference so far */
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

static void measure_peak(bench_run *run, int n)
{
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
        bench_time best = bench_best(multiply, &p, 4 * run->seconds);
        double operations = 2.0 * n * n * n, busy = operations / best.cpu * threads;
        run->peak[threads] = fmax(operations / best.wall, busy);
        fprintf(stderr, "peak, %d thread%s: %.1f Gflop/s by the clock, %.1f by processor time\n",
                threads, threads > 1 ? "s" : "", 1e-9 * operations / best.wall, 1e-9 * busy);
    }
    openblas_set_num_threads(1);
    run->peak[2] = fmax(run->peak[2], 2 * run->peak[1]);
    kv_free(p.a);
    kv_free(p.b);
    kv_free(p.c);
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
    double of_wall = rate / run->peak[r->threads];
    double of_cpu = r->operations / r->took.cpu * r->threads / run->peak[r->threads];
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

static void measure_laplacian(bench_run *run)
{
    bench_setup *s = &run->setup;
    double most = 0, worst = 0;
    bench_row row = {"laplacian factor", 1, bench_factor_operations(&s->group.c)};
    row.took = bench_best(run_laplacian_factor, s, run->seconds);
    row.reference = bench_best(plain_laplacian_factor, s, run->seconds).cpu;
    expand_factor(&s->group.c, s->plain);
    row.difference = bench_triangle_difference(s->n, s->plain, s->factor);
    put_row(run, &row);

    row = (bench_row){"laplacian inverse", 1, bench_invert_operations(&s->group.c)};
    row.took = bench_best(run_laplacian_invert, s, run->seconds);
    row.reference = bench_best(plain_laplacian_invert, s, run->seconds).cpu;
    row.difference = bench_triangle_difference(s->n, s->inverse, s->plain);
    put_row(run, &row);

    row = (bench_row){"laplacian solve", 1, 4.0 * s->group.c.column_first[s->n]};
    row.took = bench_best(run_laplacian_solve, s, run->seconds);
    row.reference = bench_best(plain_laplacian_solve, s, run->seconds).cpu;
    for (int i = 0; i < s->n; i++) {
        double plain = s->plain[s->group.c.place[i]];
        worst = fmax(worst, fabs(plain - s->vector[i]));
        most = fmax(most, fabs(plain));
    }
    row.difference = worst / most;
    put_row(run, &row);
}

/* ---- what groups take off the Schur complement ---- */

/* Z = L^-1 P column by column, then the border loses Z'Z. */
static void plain_group(void *context)
{
    bench_setup *s = context;
    int n = s->n, wide = s->group.n_touched;
    double *z = s->z, *update = s->update;
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

static void run_sum(void *context)
{
    bench_run *run = context;
    if (kv_kkt_sum_borders(run->kkt, &run->setup.theta, BENCH_REGULAR) != 0)
        exit(2);
}

/* The border's sum of all columns and groups, in plain loops. */
static void sum_plainly(bench_setup *s)
{
    const kv_columns *c = &s->columns;
    int *all = kv_alloc((size_t)s->block->n_columns, sizeof(int));
    if (!all)
        exit(2);
    memset(s->plain, 0, sizeof(double) * (size_t)s->order * (size_t)s->order);
    for (int r = 0; r < s->dense; r++) {
        double *column = s->plain + (size_t)r * (size_t)s->order;
        column[r] = s->theta_slack[r] + BENCH_REGULAR;
        for (int e = s->block->y_first[r]; e < s->block->y_first[r + 1]; e++)
            column[c->local_of[e]] += s->block->y_value[e];
    }
    for (int a = 0; a < s->block->n_columns; a++)
        all[a] = a;
    kv_columns_add(c, all, s->block->n_columns, 0, s->order, s->plain);
    kv_free(all);
    for (int g = 0; g < s->block->n_groups; g++) {
        if (bench_setup_open(s, g) != 0)
            exit(2);
        plain_group(s);
    }
}

static void measure_groups(bench_run *run, double reference)
{
    bench_setup *s = &run->setup;
    bench_row row = {"group updates", kv_threads_count(run->kkt->threads),
                     bench_sum_operations(run->kkt)};
    row.took = bench_best(run_sum, run, run->seconds);
    row.reference = reference;
    row.difference = bench_triangle_difference(s->order, run->kkt->system[0].border.matrix, s->sum);
    put_row(run, &row);
}

/* ---- dense updates and factorisations ---- */

static void run_update(void *context)
{
    bench_setup *s = context;
    kv_dense_update(s->threads, s->matrix, s->order, s->order, s->stack, s->order, s->rank);
}

static void plain_update(void *context)
{
    bench_setup *s = context;
    reference_subtract(s->order, s->rank, s->stack, s->order, s->plain, s->order);
}

static void prepare_matrix(void *context)
{
    bench_setup *s = context;
    memcpy(s->matrix, s->definite, sizeof(double) * (size_t)s->order * (size_t)s->order);
}

static void prepare_plain(void *context)
{
    bench_setup *s = context;
    memcpy(s->plain, s->definite, sizeof(double) * (size_t)s->order * (size_t)s->order);
}

static void run_cholesky(void *context)
{
    bench_setup *s = context;
    if (kv_dense_factor(s->threads, s->matrix, s->order, s->dense, s->dense) != 0)
        exit(2);
}

static void plain_cholesky(void *context)
{
    bench_setup *s = context;
    reference_cholesky(s->dense, s->plain, s->order);
}

static void run_border(void *context)
{
    bench_setup *s = context;
    if (kv_dense_factor(s->threads, s->matrix, s->order, s->order, s->dense) != 0)
        exit(2);
}

/* [C, E], then what E E' takes off the rest. */
static void plain_border(void *context)
{
    bench_setup *s = context;
    int below = s->order - s->dense;
    size_t dense = (size_t)s->dense;
    reference_cholesky(s->dense, s->plain, s->order);
    reference_divide(below, s->dense, s->plain, s->order);
    reference_subtract(below, s->dense, s->plain + dense, s->order,
                       s->plain + dense * (size_t)s->order + dense, s->order);
}

/* Seconds of the references. */
typedef struct dense_references {
    double update, cholesky, border;
} dense_references;

static dense_references measure_references(bench_run *run)
{
    bench_setup *s = &run->setup;
    dense_references took;
    took.update = bench_best_prepared(prepare_plain, plain_update, s, run->seconds).cpu;
    took.cholesky = bench_best_prepared(prepare_plain, plain_cholesky, s, run->seconds).cpu;
    took.border = bench_best_prepared(prepare_plain, plain_border, s, run->seconds).cpu;
    return took;
}

/* The kernel's row; the difference is from what `plain` leaves. */
static void measure_dense(bench_run *run, const char *name, double operations, double reference,
                          void (*kernel)(void *context), void (*plain)(void *context))
{
    bench_setup *s = &run->setup;
    bench_row row = {name, kv_threads_count(s->threads), operations};
    row.took = bench_best_prepared(prepare_matrix, kernel, s, run->seconds);
    row.reference = reference;
    prepare_matrix(s);
    prepare_plain(s);
    kernel(s);
    plain(s);
    row.difference = bench_triangle_difference(s->order, s->matrix, s->plain);
    put_row(run, &row);
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

static void measure_system(bench_run *run, double reference)
{
    bench_setup *s = &run->setup;
    int threads = kv_threads_count(s->threads);
    bench_row factor = {"system factor", threads,
                        bench_sum_operations(run->kkt) + bench_border_operations(s) +
                            bench_cholesky_operations(run->kkt->tied.n)};
    bench_row solve = {"system solve", threads, bench_solve_operations(s, run->kkt)};
    factor.took = bench_best(run_factor, run, run->seconds);
    factor.reference = reference;
    run_solve(run);
    factor.difference = solve.difference =
        run->status == KV_OK ? bench_residual(s, &run->lambda, run->y, &run->h, run->g) : NAN;
    solve.took = bench_best(run_solve, run, run->seconds);
    put_row(run, &factor);
    put_row(run, &solve);
}

static void measure_threads(bench_run *run, int threads, double groups, dense_references dense)
{
    bench_setup *s = &run->setup;
    double order = s->order;
    s->threads = kv_threads_create(threads);
    if (!s->threads || kv_kkt_create(s->lp, s->threads, &run->kkt) != KV_OK)
        exit(2);
    measure_groups(run, groups);
    measure_dense(run, "stacked update", order * (order + 1) * s->rank, dense.update, run_update,
                  plain_update);
    measure_dense(run, "cholesky", bench_cholesky_operations(s->dense), dense.cholesky,
                  run_cholesky, plain_cholesky);
    measure_dense(run, "border", bench_border_operations(s), dense.border, run_border,
                  plain_border);
    measure_system(run, groups + dense.border + dense.cholesky);
    kv_kkt_free(run->kkt);
    kv_threads_free(s->threads);
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
    double groups = s->block->n_groups * bench_best(plain_group, s, run->seconds).cpu;
    sum_plainly(s);
    memcpy(s->sum, s->plain, sizeof(double) * (size_t)s->order * (size_t)s->order);
    dense_references dense = measure_references(run);
    for (int threads = 1; threads <= 2; threads++)
        measure_threads(run, threads, groups, dense);
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
    measure_peak(&run, smoke ? 64 : 1024);
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
