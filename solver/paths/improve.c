/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/improve.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/lagrange/volume.h"
#include "solver/paths/anneal.h"
#include "solver/paths/first.h"

#include <math.h>
#include <string.h>

enum { VOLUME_ITERATIONS = 400, LOOK_AFTER = 64 };

static const double million = 1e6;
static const double volume_tolerance = 1e-4;
static const double least_open = 1e-5; /* in the relaxation, of a design that is kept */
/* First temperatures of the cycles in turn, as shares of what a used group costs in the mean; the last
 * of a cycle is so many times less. */
static const double hottest[] = {0.25, 0.4, 0.25, 0.6};
static const double colder = 0.4;
/* Work of the first cycle, in slices; each further one takes so many times as much. */
static const double first_cycle = 15.0, longer = 1.5;

struct kv_improver {
    const kv_problem *problem;
    kv_shape *shape;
    double *lower, *upper, *relaxed; /* [n_design] */
    unsigned char *drop_side;        /* [side.count] or NULL */
    kv_multipliers *multipliers;
    unsigned char *keep; /* [n_groups] */
    kv_evaluation *evaluation;
    kv_incumbent incumbent;
    kv_annealing *annealing;
    int begun;                /* first plans were made */
    long cycles;              /* begun */
    long known;               /* incumbent->found when the present cycle began, */
    double cycle, cycle_done; /* its work in steps, and what was done of it */
    double own_work;          /* steps outside evaluation and annealing */
};

/* ---- life ---------------------------------------------------------------------------------- */

static double *copy_doubles(const double *from, size_t count)
{
    double *to = kv_alloc(count, sizeof *to);
    if (to)
        memcpy(to, from, count * sizeof *to);
    return to;
}

static kv_status copy_given(kv_improver *m, const double *lower, const double *upper,
                            const unsigned char *drop_side, const kv_multipliers *multipliers,
                            const double *relaxed)
{
    const kv_problem *p = m->problem;
    size_t designs = (size_t)p->n_design, rows = (size_t)p->side.count;
    m->lower = copy_doubles(lower ? lower : p->design_lower, designs);
    m->upper = copy_doubles(upper ? upper : p->design_upper, designs);
    m->drop_side = drop_side ? kv_alloc(rows, 1) : NULL;
    m->multipliers = multipliers ? kv_multipliers_copy(p, multipliers) : NULL;
    m->relaxed = relaxed ? copy_doubles(relaxed, designs) : NULL;
    if (!m->lower || !m->upper || (drop_side && !m->drop_side) ||
        (multipliers && !m->multipliers) || (relaxed && !m->relaxed))
        return KV_ERR_MEMORY;
    if (drop_side)
        memcpy(m->drop_side, drop_side, rows);
    return KV_OK;
}

static kv_status make_parts(kv_improver *m, unsigned long seed)
{
    kv_status status = kv_shape_create(m->problem, m->lower, m->upper, m->drop_side, &m->shape);
    if (status != KV_OK)
        return status;
    m->keep = kv_alloc((size_t)m->shape->n_groups, 1);
    status = m->keep ? kv_incumbent_create(m->shape, &m->incumbent) : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_evaluation_create(m->shape, &m->evaluation);
    if (status == KV_OK)
        status = kv_annealing_create(m->evaluation, &m->incumbent, seed, &m->annealing);
    return status;
}

kv_status kv_improver_create(const kv_problem *problem, const double *lower, const double *upper,
                             const unsigned char *drop_side, const kv_multipliers *multipliers,
                             const double *relaxed, unsigned long seed, kv_improver **improver)
{
    kv_improver *m = *improver = kv_alloc(1, sizeof *m);
    if (!m)
        return KV_ERR_MEMORY;
    m->problem = problem;
    kv_status status = copy_given(m, lower, upper, drop_side, multipliers, relaxed);
    if (status == KV_OK)
        status = make_parts(m, seed);
    if (status != KV_OK) {
        kv_improver_free(m);
        *improver = NULL;
    }
    return status;
}

void kv_improver_free(kv_improver *m)
{
    if (!m)
        return;
    kv_annealing_free(m->annealing);
    kv_evaluation_free(m->evaluation);
    kv_incumbent_clear(&m->incumbent);
    kv_shape_free(m->shape);
    kv_multipliers_free(m->multipliers);
    kv_free(m->lower);
    kv_free(m->upper);
    kv_free(m->relaxed);
    kv_free(m->drop_side);
    kv_free(m->keep);
    kv_free(m);
}

static double steps(const kv_improver *m)
{
    return m->own_work + m->evaluation->work + m->annealing->plan->work;
}

double kv_improver_work(const kv_improver *m)
{
    return steps(m) / million;
}

double kv_improver_cost(const kv_improver *m)
{
    return m->incumbent.cost;
}

/* Arcs and nodes that a demand has to do with: ends that no arc leaves serve their own demands only. */
static void count_reach(const kv_shape *s, double *arcs, double *nodes)
{
    int ends = 0, into_ends = 0;
    for (int v = 0; v < s->n_nodes; v++)
        ends += s->out_first[v + 1] == s->out_first[v];
    for (int a = 0; a < s->n_arcs; a++)
        into_ends += s->out_first[s->arc[a].head + 1] == s->out_first[s->arc[a].head];
    *arcs = s->n_arcs - into_ends + (ends > 0 ? (double)into_ends / ends : 0.0);
    *nodes = s->n_nodes - ends + (ends > 0);
}

double kv_improver_slice(const kv_improver *m)
{
    double nodes, arcs;
    count_reach(m->shape, &arcs, &nodes);
    return 40.0 * m->shape->n_demands * 10.0 * (fmin(nodes * nodes, 1000.0 + 10.0 * nodes) + arcs) /
           million;
}

/* ---- first plans --------------------------------------------------------------------------- */

/* What is missing of multipliers and relaxed design. */
static kv_status relax(kv_improver *m, kv_threads *threads, double deadline)
{
    kv_volume_options options;
    kv_volume_result result;
    if (m->multipliers && m->relaxed)
        return KV_OK;
    kv_volume_options_default(&options);
    options.iterations = m->multipliers ? VOLUME_ITERATIONS / 2 : VOLUME_ITERATIONS;
    options.tolerance = volume_tolerance;
    options.deadline = deadline;
    options.lower = m->lower;
    options.upper = m->upper;
    options.drop_side = m->drop_side;
    kv_status status = kv_volume_solve(m->problem, threads, &options, m->multipliers, &result);
    if (status == KV_OK && result.status == KV_ERR_INFEASIBLE)
        status = KV_ERR_INFEASIBLE;
    if (status == KV_OK) {
        double flows = (double)m->problem->n_blocks * m->problem->n_flows;
        m->own_work += (double)result.iterations * 3.0 * flows;
        kv_multipliers_free(m->multipliers);
        kv_free(m->relaxed);
        m->multipliers = result.multipliers;
        m->relaxed = result.design;
        result.multipliers = NULL;
        result.design = NULL;
    }
    kv_volume_result_free(&result);
    return status;
}

/* Groups that the relaxation has some use for. */
static void find_kept(kv_improver *m)
{
    const kv_shape *s = m->shape;
    for (int g = 0; g < s->n_groups; g++) {
        m->keep[g] = m->incumbent.cost < HUGE_VAL && m->incumbent.level[g] > 0;
        for (int i = s->design_first[g]; i < s->design_first[g + 1]; i++)
            m->keep[g] |= m->relaxed[s->design[i]] > m->lower[s->design[i]] + least_open;
    }
}

static kv_status begin(kv_improver *m, kv_threads *threads, double deadline)
{
    kv_status status = relax(m, threads, deadline);
    if (status != KV_OK)
        return status == KV_ERR_INFEASIBLE ? KV_OK : status;
    find_kept(m);
    kv_first first = {.shape = m->shape,
                      .lower = m->lower,
                      .upper = m->upper,
                      .drop_side = m->drop_side,
                      .multipliers = m->multipliers,
                      .keep = m->keep,
                      .evaluation = m->evaluation,
                      .incumbent = &m->incumbent,
                      .threads = threads,
                      .deadline = deadline};
    status = kv_first_plans(&first);
    m->own_work += first.work;
    find_kept(m);
    return status;
}

/* ---- annealing ----------------------------------------------------------------------------- */

static kv_status begin_cycle(kv_improver *m)
{
    unsigned char *usable = m->annealing->plan->usable;
    int all = m->cycles % 3 == 2; /* mostly those that the relaxation has some use for */
    m->cycle = m->cycles == 0 ? first_cycle * kv_improver_slice(m) * million : m->cycle * longer;
    m->cycle_done = 0.0;
    m->cycles++;
    for (int g = 0; g < m->shape->n_groups; g++)
        usable[g] = all || m->keep[g];
    m->known = m->incumbent.found;
    return kv_annealing_begin(m->annealing);
}

static kv_status anneal(kv_improver *m, double until, double deadline)
{
    size_t turn = (size_t)(m->cycles - 1) % (sizeof hottest / sizeof *hottest);
    double hot = hottest[turn] * m->annealing->usual;
    kv_status status = KV_OK;
    for (long i = 1; status == KV_OK && steps(m) < until && m->cycle_done < m->cycle; i++) {
        double before = steps(m);
        if (i % LOOK_AFTER == 0 && (kv_stop_requested() || kv_clock() >= deadline))
            break;
        status = kv_annealing_step(m->annealing, hot * pow(colder, m->cycle_done / m->cycle));
        m->cycle_done += steps(m) - before + 1.0;
    }
    return status;
}

kv_status kv_improver_run(kv_improver *m, double work, kv_threads *threads, double deadline)
{
    double until = steps(m) + work * million;
    kv_status status = KV_OK;
    if (!m->begun)
        status = begin(m, threads, deadline);
    m->begun = 1;
    while (status == KV_OK && m->incumbent.cost < HUGE_VAL && steps(m) < until &&
           !kv_stop_requested() && kv_clock() < deadline) {
        if (m->cycle_done >= m->cycle)
            status = begin_cycle(m);
        if (status == KV_OK)
            status = anneal(m, until, deadline);
    }
    return status;
}

/* ---- plans --------------------------------------------------------------------------------- */

kv_status kv_improver_offer(kv_improver *m, const double *design, const double *flow)
{
    int *level = kv_alloc((size_t)m->shape->n_groups, sizeof *level);
    if (!level)
        return KV_ERR_MEMORY;
    kv_shape_levels(m->shape, design, flow, level);
    kv_status status = kv_evaluation_solve(m->evaluation, level);
    if (status == KV_OK && kv_incumbent_offer(&m->incumbent, m->evaluation))
        m->cycle_done = m->cycle; /* a new cycle begins there */
    kv_free(level);
    return status;
}

kv_status kv_improver_plan(kv_improver *m, double *design, double *flow)
{
    if (!(m->incumbent.cost < HUGE_VAL))
        return KV_ERR_LIMIT;
    kv_status status = kv_evaluation_solve(m->evaluation, m->incumbent.level);
    if (status == KV_OK && m->evaluation->flow_cost < HUGE_VAL) {
        kv_shape_design(m->shape, m->incumbent.level, design);
        kv_evaluation_flow(m->evaluation, flow);
    }
    return status;
}
