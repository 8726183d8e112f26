/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bench/summary.h"

#include "base/memory.h"
#include "base/sum.h"

#include <math.h>
#include <string.h>

static const double shift = 1; /* s */
static const char best_of_all[] = "best";

double kv_shifted_geometric_mean(int n, const double *values, double by)
{
    kv_sum sum = {0};
    for (int i = 0; i < n; i++)
        kv_sum_add(&sum, log(values[i] + by));
    return n > 0 ? exp(kv_sum_total(&sum) / n) - by : (double)NAN;
}

/* ---- one instance ---- */

/* What counts of a run. */
typedef struct figures {
    double to_1, to_asked, gap, integral, peak;
    int solved, overran, failed;
} figures;

static int is_ours(const kv_bench_run *run)
{
    return strncmp(run->solver, "kvarken-", 8) == 0;
}

static double within(double value, double most)
{
    return isnan(value) ? most : fmax(0, fmin(value, most));
}

static figures figures_of(const kv_bench_run *run)
{
    int refused = strcmp(run->checked, "refused") == 0;
    figures f = {.to_1 = within(refused ? (double)NAN : run->to[2], run->limit),
                 .to_asked = run->limit,
                 .gap = within(is_ours(run) ? run->certified_gap : run->gap, 1),
                 .integral = within(run->primal_integral, run->limit),
                 .peak = run->peak_mb,
                 .solved = run->status == KV_BENCH_SOLVED && !refused,
                 .overran = run->status == KV_BENCH_OVERRAN,
                 .failed = run->status == KV_BENCH_FAILED || refused};
    if (refused)
        f.gap = 1;
    if (f.solved)
        f.to_asked = within(isnan(run->to_asked) ? run->seconds : run->to_asked, run->limit);
    return f;
}

/* The better of two formulations, figure by figure. */
static figures better(figures a, figures b)
{
    return (figures){.to_1 = fmin(a.to_1, b.to_1),
                     .to_asked = fmin(a.to_asked, b.to_asked),
                     .gap = fmin(a.gap, b.gap),
                     .integral = fmin(a.integral, b.integral),
                     .peak = fmin(a.peak, b.peak),
                     .solved = a.solved || b.solved,
                     .overran = a.overran && b.overran,
                     .failed = a.failed && b.failed};
}

/* Of the solver's runs on the instance with that formulation, or the best of all; 0 = none. */
static int figures_on(const kv_bench_runs *runs, const char *instance, const kv_bench_line *line,
                      figures *all)
{
    int found = 0, any = strcmp(line->formulation, best_of_all) == 0;
    for (size_t i = 0; i < runs->count; i++) {
        const kv_bench_run *run = &runs->run[i];
        if (strcmp(run->instance, instance) != 0 || strcmp(run->solver, line->solver) != 0 ||
            (!any && strcmp(run->formulation, line->formulation) != 0))
            continue;
        *all = found ? better(*all, figures_of(run)) : figures_of(run);
        found = 1;
    }
    return found;
}

/* ---- lines and instances ---- */

static int has_line(const kv_bench_summary *s, const char *solver, const char *formulation)
{
    for (int i = 0; i < s->n_lines; i++)
        if (strcmp(s->line[i].solver, solver) == 0 &&
            strcmp(s->line[i].formulation, formulation) == 0)
            return 1;
    return 0;
}

static void add_line(kv_bench_summary *s, const char *solver, const char *formulation)
{
    if (!has_line(s, solver, formulation))
        s->line[s->n_lines++] = (kv_bench_line){.solver = solver, .formulation = formulation};
}

/* Solvers in the order of their first runs, each with its formulations together. */
static void gather_lines(const kv_bench_runs *runs, kv_bench_summary *s)
{
    for (size_t i = 0; i < runs->count; i++) {
        const kv_bench_run *first = &runs->run[i];
        int several = 0;
        for (size_t j = 0; j < runs->count; j++)
            several |= strcmp(runs->run[j].solver, first->solver) == 0 &&
                       strcmp(runs->run[j].formulation, first->formulation) != 0;
        if (several)
            add_line(s, first->solver, best_of_all);
        for (size_t j = 0; j < runs->count; j++)
            if (strcmp(runs->run[j].solver, first->solver) == 0)
                add_line(s, first->solver, runs->run[j].formulation);
    }
}

static int has_instance(const kv_bench_runs *runs, size_t before, const char *instance)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(runs->run[i].instance, instance) == 0)
            return 1;
    return 0;
}

static void gather_instances(const kv_bench_runs *runs, kv_bench_summary *s)
{
    for (size_t i = 0; i < runs->count; i++) {
        const char *instance = runs->run[i].instance;
        figures unused;
        int complete = 1;
        if (has_instance(runs, i, instance))
            continue;
        for (int l = 0; l < s->n_lines; l++)
            complete &= figures_on(runs, instance, &s->line[l], &unused);
        if (complete)
            s->instance[s->n_instances++] = instance;
        else
            s->n_partial++;
    }
}

static double mean(const kv_sum *sum, int n)
{
    return n > 0 ? kv_sum_total(sum) / n : (double)NAN;
}

/* `to_1` and `to_asked` have room for all instances. */
static void fill_line(const kv_bench_runs *runs, const kv_bench_summary *s, kv_bench_line *line,
                      double *to_1, double *to_asked)
{
    kv_sum gaps = {0}, integrals = {0}, peaks = {0};
    int n = s->n_instances;
    line->instances = n;
    for (int i = 0; i < n; i++) {
        figures f = {0};
        figures_on(runs, s->instance[i], line, &f);
        to_1[i] = f.to_1;
        to_asked[i] = f.to_asked;
        kv_sum_add(&gaps, f.gap);
        kv_sum_add(&integrals, f.integral);
        kv_sum_add(&peaks, f.peak);
        line->max_gap = fmax(line->max_gap, f.gap);
        line->max_peak = fmax(line->max_peak, f.peak);
        line->solved += f.solved;
        line->overran += f.overran;
        line->failed += f.failed;
    }
    line->to_1 = kv_shifted_geometric_mean(n, to_1, shift);
    line->to_asked = kv_shifted_geometric_mean(n, to_asked, shift);
    line->mean_gap = mean(&gaps, n);
    line->integral = mean(&integrals, n);
    line->mean_peak = mean(&peaks, n);
}

kv_status kv_bench_summarise(const kv_bench_runs *runs, kv_bench_summary *summary)
{
    kv_status status = KV_ERR_MEMORY;
    *summary = (kv_bench_summary){0};
    double *to_1 = kv_alloc(runs->count, sizeof(double));
    double *to_asked = kv_alloc(runs->count, sizeof(double));
    summary->line = kv_alloc(2 * runs->count, sizeof *summary->line);
    summary->instance = kv_alloc(runs->count, sizeof *summary->instance);
    if (!to_1 || !to_asked || !summary->line || !summary->instance)
        goto out;
    gather_lines(runs, summary);
    gather_instances(runs, summary);
    for (int l = 0; l < summary->n_lines; l++)
        fill_line(runs, summary, &summary->line[l], to_1, to_asked);
    status = KV_OK;
out:
    kv_free(to_1);
    kv_free(to_asked);
    return status;
}

void kv_bench_summary_clear(kv_bench_summary *summary)
{
    kv_free(summary->line);
    kv_free(summary->instance);
    *summary = (kv_bench_summary){0};
}

/* ---- shown ---- */

kv_status kv_bench_summary_write(const kv_bench_summary *summary, const char *dir,
                                 kv_messages *messages)
{
    kv_out out;
    kv_out_begin_table(&out, &kv_bench_tables[KV_BENCH_SUMMARY_TABLE]);
    for (int l = 0; l < summary->n_lines; l++) {
        const kv_bench_line *line = &summary->line[l];
        kv_out_text(&out, line->solver);
        kv_out_text(&out, line->formulation);
        kv_out_integer(&out, line->instances);
        kv_out_integer(&out, line->solved);
        kv_out_rounded(&out, line->to_1, 3);
        kv_out_rounded(&out, line->to_asked, 3);
        kv_out_rounded(&out, line->mean_gap, 6);
        kv_out_rounded(&out, line->max_gap, 6);
        kv_out_rounded(&out, line->integral, 3);
        kv_out_rounded(&out, line->mean_peak, 1);
        kv_out_rounded(&out, line->max_peak, 1);
        kv_out_integer(&out, line->overran);
        kv_out_integer(&out, line->failed);
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}

void kv_bench_summary_text(const kv_bench_summary *summary, kv_text *out)
{
    kv_text_addf(out, "%-22s %-7s %6s %10s %10s %9s %9s %10s %8s %7s %6s\n", "solver", "form",
                 "solved", "to 1 % s", "to gap s", "mean gap", "max gap", "integral s", "mean MB",
                 "overran", "failed");
    for (int l = 0; l < summary->n_lines && summary->n_instances > 0; l++) {
        const kv_bench_line *line = &summary->line[l];
        kv_text_addf(out, "%-22s %-7s %6d %10.2f %10.2f %7.2f %% %7.2f %% %10.2f %8.1f %7d %6d\n",
                     line->solver, line->formulation, line->solved, line->to_1, line->to_asked,
                     100 * line->mean_gap, 100 * line->max_gap, line->integral, line->mean_peak,
                     line->overran, line->failed);
    }
    kv_text_addf(out,
                 "Over %d instances that all have run on. Times: geometric means shifted by 1 s, "
                 "the limit\nwhere the gap was not reached. Integral: mean primal integral.\n",
                 summary->n_instances);
    if (summary->n_partial > 0)
        kv_text_addf(out, "%d more are left out until all have run on them.\n", summary->n_partial);
}

void kv_bench_contradictions(const kv_bench_runs *runs, kv_messages *messages)
{
    for (size_t i = 0; i < runs->count; i++) {
        const kv_bench_run *plan = NULL, *bound = NULL;
        if (has_instance(runs, i, runs->run[i].instance))
            continue;
        for (size_t j = i; j < runs->count; j++) {
            const kv_bench_run *run = &runs->run[j];
            if (strcmp(run->instance, runs->run[i].instance) != 0)
                continue;
            if (!isnan(run->primal) && (!plan || run->primal < plan->primal))
                plan = run;
            if (!isnan(run->bound) && (!bound || run->bound > bound->bound))
                bound = run;
        }
        if (plan && bound && bound->bound > plan->primal + 1e-5 * fabs(plan->primal))
            kv_messages_add(messages, KV_WARNING, NULL, "one of them is wrong",
                            "%s: %s %s claims a bound of %.10g and %s %s a plan of %.10g",
                            plan->instance, bound->solver, bound->formulation, bound->bound,
                            plan->solver, plan->formulation, plan->primal);
    }
}
