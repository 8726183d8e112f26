/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The variables of a risk measure, set right for given decisions and flows. They stand in coupling
 * rows alone: one, eta, in the rows of all scenarios, and perhaps one, xi, in each:
 *
 *   cost_r - a_r eta - b_r xi_r <= h_r      a_r, b_r > 0
 *
 * The least cost as a function of eta is convex and piecewise linear, so it lies at an end of eta's
 * box or where some row holds with xi_r = 0: each is tried. Exact, where a simplex code would leave
 * its tolerance in the objective.
 */
#include "solver/engine.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

typedef struct settling {
    const kv_problem *problem;
    int eta;
    int n_rows;
    int *excess;              /* [n_rows] xi of the row, or -1 */
    double *eta_weight;       /* [n_rows] a_r */
    double *excess_weight;    /* [n_rows] b_r */
    double *needed;           /* [n_rows] cost_r - h_r */
    unsigned char *elsewhere; /* [n_design] 1 = not a variable of a risk measure */
    int *uses;                /* [n_design] coupling rows that hold it */
} settling;

static void mark_rows(settling *s, const kv_rows *rows, int coupling)
{
    for (int i = 0; i < rows->count; i++) {
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
            int j = rows->design[e];
            s->uses[j] += coupling;
            s->elsewhere[j] |= !coupling || rows->sense[i] != 'L' || rows->design_value[e] >= 0;
        }
    }
}

/* Which variables only relax coupling rows; eta is the one in most of them. */
static void find_eta(settling *s)
{
    const kv_problem *p = s->problem;
    mark_rows(s, &p->coupling, 1);
    mark_rows(s, &p->side, 0);
    for (int e = 0; e < p->supply_first[p->n_blocks * p->n_resources]; e++)
        s->elsewhere[p->supply_design[e]] = 1;
    for (int i = 0; i < p->n_openings; i++)
        for (int e = 0; e < p->openings[i].count; e++)
            s->elsewhere[p->opening_design[p->openings[i].first + e]] = 1;
    s->eta = -1;
    for (int j = 0; j < p->n_design; j++) {
        s->elsewhere[j] |= p->design_integer[j] || p->design_cost[j] < 0;
        if (!s->elsewhere[j] && s->uses[j] > (s->eta < 0 ? 0 : s->uses[s->eta]))
            s->eta = j;
    }
}

static int holds_eta(const settling *s, int row)
{
    const kv_rows *rows = &s->problem->coupling;
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++)
        if (rows->design[e] == s->eta)
            return 1;
    return 0;
}

/* One row that holds eta: its parts and what the rest of it needs. 0 = not of the form above. */
static int take_row(settling *s, int row, const double *design, const double *flow)
{
    const kv_rows *rows = &s->problem->coupling;
    int n = s->n_rows;
    double sum = -rows->rhs[row], lost = 0;
    s->excess[n] = -1;
    s->eta_weight[n] = s->excess_weight[n] = 0;
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++) {
        int j = rows->design[e];
        if (j == s->eta) {
            s->eta_weight[n] -= rows->design_value[e];
        } else if (!s->elsewhere[j]) {
            if (s->excess[n] >= 0 || s->uses[j] > 1)
                return 0;
            s->excess[n] = j;
            s->excess_weight[n] = -rows->design_value[e];
        } else {
            sum += rows->design_value[e] * design[j];
        }
    }
    for (int e = rows->flow_first[row]; e < rows->flow_first[row + 1]; e++) {
        size_t at =
            (size_t)rows->flow_block[e] * (size_t)s->problem->n_flows + (size_t)rows->flow[e];
        double part = rows->flow_value[e] * flow[at] - lost, next = sum + part;
        lost = (next - sum) - part;
        sum = next;
    }
    s->needed[n] = sum;
    s->n_rows++;
    return 1;
}

/* The cost with this eta, and each xi; INFINITY when some row can't hold. */
static double cost_with(const settling *s, double eta, double *design)
{
    const kv_problem *p = s->problem;
    double cost = p->design_cost[s->eta] * eta;
    design[s->eta] = eta;
    for (int i = 0; i < s->n_rows; i++) {
        double miss = s->needed[i] - s->eta_weight[i] * eta;
        int j = s->excess[i];
        if (j < 0) {
            if (miss > 1e-14 * fabs(s->needed[i]))
                return INFINITY;
            continue;
        }
        design[j] = fmax(p->design_lower[j], miss / s->excess_weight[i]);
        if (design[j] > p->design_upper[j])
            return INFINITY;
        cost += p->design_cost[j] * design[j];
    }
    return cost;
}

/* 1 = eta and all xi of `design` are set; 0 = no eta serves. */
static int choose_eta(const settling *s, double *design)
{
    const kv_problem *p = s->problem;
    double low = p->design_lower[s->eta], high = p->design_upper[s->eta];
    double best = low, least = cost_with(s, low, design);
    for (int i = 0; i <= s->n_rows; i++) {
        double eta = i < s->n_rows ? s->needed[i] / s->eta_weight[i] : high;
        if (!(eta >= low && eta <= high))
            continue;
        double cost = cost_with(s, eta, design);
        if (cost < least) {
            least = cost;
            best = eta;
        }
    }
    return isfinite(cost_with(s, best, design));
}

kv_status kv_design_settle(const kv_problem *problem, double *design, const double *flow)
{
    size_t n = (size_t)problem->n_design, m = (size_t)problem->coupling.count;
    settling s = {.problem = problem};
    double *changed = kv_alloc(n, sizeof(double));
    kv_status status = KV_OK;
    s.excess = kv_alloc(m, sizeof(int));
    s.eta_weight = kv_alloc(m, sizeof(double));
    s.excess_weight = kv_alloc(m, sizeof(double));
    s.needed = kv_alloc(m, sizeof(double));
    s.elsewhere = kv_alloc(n, 1);
    s.uses = kv_alloc(n, sizeof(int));
    if (!changed || !s.excess || !s.eta_weight || !s.excess_weight || !s.needed || !s.elsewhere ||
        !s.uses) {
        status = KV_ERR_MEMORY;
        goto out;
    }
    find_eta(&s);
    int fits = s.eta >= 0;
    for (int row = 0; fits && row < problem->coupling.count; row++)
        fits = !holds_eta(&s, row) || take_row(&s, row, design, flow);
    if (fits) {
        memcpy(changed, design, n * sizeof(double));
        if (choose_eta(&s, changed))
            memcpy(design, changed, n * sizeof(double));
    }
out:
    kv_free(changed);
    kv_free(s.excess);
    kv_free(s.eta_weight);
    kv_free(s.excess_weight);
    kv_free(s.needed);
    kv_free(s.elsewhere);
    kv_free(s.uses);
    return status;
}
