/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flows on the decimal grid. A commodity with balance rows is a network of its own in each block:
 * its flows become whole numbers of 1/SUBUNITS of the grid, what balances miss by the rounding and
 * by the tolerance of the LP goes along a spanning tree of large flows, and then every flow is
 * rounded to the grid point below or above (solver/grid_network.c). So a flow moves by less than
 * one grid point, beside the LP's own error, and balances hold exactly in whole numbers.
 *
 * Commodities without balance rows (empties) stand in equality rows with loaded flows, which the
 * rounding disturbs by parts of a vehicle. Where such a commodity enters and leaves these rows with
 * +1 and -1 it is a network again, balanced here on a grid of 1e-9.
 */
#include "base/memory.h"
#include "solver/engine.h"
#include "solver/grid_network.h"
#include "solver/shut.h"

#include <math.h>
#include <string.h>

enum { SUBUNITS = 1 << 20 };
static const double snap = 1e-3;      /* of a grid point: nearer than this is on it */
static const double fine_grid = 1e-9; /* for flows without balance rows */
static const double largest = 4.0e15; /* the most subunits, so that no sum overflows */

/* number * step as the double nearest to the decimal figure. */
static double on_grid(int64_t number, double step)
{
    double inverse = nearbyint(1.0 / step);
    if (step < 1.0 && fabs(inverse * step - 1.0) < 1e-12)
        return (double)number / inverse;
    return (double)number * step;
}

/* ---- commodities with balance rows --------------------------------------------------------- */

/* x in subunits of the grid; what is near to a grid point is put on it. */
static int64_t subunits_of(double x, double grid, int64_t subunits)
{
    double points = x / grid, whole = nearbyint(points);
    if (!(points > snap))
        return 0;
    if (fabs(points - whole) <= snap)
        return (int64_t)whole * subunits;
    return (int64_t)llround(points * (double)subunits);
}

/* Subunits so that the largest flow of the network stays exact; 0 if it is beyond the grid. */
static int64_t choose_subunits(const double *x, int count, double grid)
{
    double most = 0.0;
    int64_t subunits = SUBUNITS;
    for (int i = 0; i < count; i++)
        most = fmax(most, fabs(x[i]));
    if (!(most / grid < largest))
        return 0;
    while (subunits > 1 && most / grid * (double)subunits > largest)
        subunits /= 2;
    return subunits;
}

/* `shut` [n_flows] of the block: flows that are 0. */
static kv_status grid_commodity(const kv_problem *p, int block, int k, const unsigned char *shut,
                                double *flow)
{
    int first = p->commodity_flow_first[k], count = p->commodity_flow_first[k + 1] - first;
    int row = p->commodity_balance_first[k], rows = p->commodity_balance_first[k + 1] - row;
    double *x = flow + (size_t)block * (size_t)p->n_flows + (size_t)first;
    const double *d = p->balance + (size_t)block * (size_t)p->n_balances + (size_t)row;
    int64_t subunits = choose_subunits(x, count, p->flow_grid);
    kv_grid_network n;
    if (subunits == 0)
        return KV_ERR_NUMERIC;
    kv_status status = kv_grid_network_reserve(&n, rows, count);
    if (status != KV_OK)
        return status;
    n.n_nodes = rows;
    for (int v = 0; v < rows; v++)
        n.excess[v] = (int64_t)llround(d[v] / p->flow_grid) * subunits;
    for (int f = 0; f < count; f++) {
        int tail = p->flow_tail_row[first + f], head = p->flow_head_row[first + f];
        if (shut[first + f] || tail < 0 || head < 0)
            continue;
        n.tail[n.n_arcs] = tail - row;
        n.head[n.n_arcs] = head - row;
        n.weight[n.n_arcs] = x[f];
        n.flow[n.n_arcs++] = subunits_of(x[f], p->flow_grid, subunits);
    }
    status = kv_grid_network_balance(&n);
    if (status == KV_OK)
        status = kv_grid_network_round(&n, subunits);
    for (int f = 0, a = 0; f < count && status == KV_OK; f++) {
        int whole = !shut[first + f] && p->flow_tail_row[first + f] >= 0 &&
                    p->flow_head_row[first + f] >= 0;
        x[f] = whole ? on_grid(n.flow[a++] / subunits, p->flow_grid) : 0.0;
    }
    kv_grid_network_clear(&n);
    return status;
}

/* ---- commodities without balance rows ------------------------------------------------------ */

/* The equality rows in which a flow column (b * n_flows + f) of such a commodity stands. */
struct ends {
    int in, out; /* rows with +1 and -1, -1 = none */
    int others;  /* entries of any other kind */
};

static int is_free(const kv_problem *p, int commodity)
{
    return p->commodity_balance_first[commodity] == p->commodity_balance_first[commodity + 1];
}

static void find_ends(const kv_problem *p, struct ends *ends)
{
    const kv_rows *rows = &p->coupling;
    for (size_t i = 0; i < (size_t)p->n_blocks * (size_t)p->n_flows; i++)
        ends[i] = (struct ends){-1, -1, 0};
    for (int r = 0; r < rows->count; r++) {
        for (int e = rows->flow_first[r]; e < rows->flow_first[r + 1]; e++) {
            struct ends *end =
                &ends[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]];
            int is_one = fabs(fabs(rows->flow_value[e]) - 1.0) < 1e-15;
            int *place = rows->flow_value[e] > 0.0 ? &end->in : &end->out;
            if (rows->sense[r] == 'E' && is_one && *place < 0)
                *place = r;
            else
                end->others++;
        }
    }
}

/* What the entries of each coupling row should come to: the right-hand side, or what they came to
 * where the design has a part in it. */
static void row_goals(const kv_problem *p, const double *flow, double *goal)
{
    const kv_rows *rows = &p->coupling;
    for (int r = 0; r < rows->count; r++) {
        goal[r] = rows->rhs[r];
        if (rows->design_first[r] == rows->design_first[r + 1])
            continue;
        goal[r] = 0.0;
        for (int e = rows->flow_first[r]; e < rows->flow_first[r + 1]; e++)
            goal[r] +=
                rows->flow_value[e] *
                flow[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]];
    }
}

/* Inflow less outflow that row r leaves to the arcs of commodity k in the block. */
static double row_share(const kv_problem *p, const struct ends *ends, int r, int block, int k,
                        double goal, const double *flow)
{
    const kv_rows *rows = &p->coupling;
    for (int e = rows->flow_first[r]; e < rows->flow_first[r + 1]; e++) {
        size_t x = (size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e];
        const struct ends *end = &ends[x];
        int own = rows->flow_block[e] == block && p->flow_commodity[rows->flow[e]] == k;
        if (!own || end->in < 0 || end->out < 0 || end->others > 0)
            goal -= rows->flow_value[e] * flow[x];
    }
    return goal;
}

/* Balance one commodity without balance rows in one block. node_of [coupling rows] is -1 everywhere
 * before and after. Where it can't be balanced the flows stay rounded. */
static kv_status grid_free(const kv_problem *p, const struct ends *ends, const double *goal,
                           int block, int k, int *node_of, double *flow)
{
    int first = p->commodity_flow_first[k], count = p->commodity_flow_first[k + 1] - first;
    size_t base = (size_t)block * (size_t)p->n_flows + (size_t)first;
    kv_grid_network n;
    kv_status status = kv_grid_network_reserve(&n, 2 * count, count);
    if (status != KV_OK)
        return status;
    n.slack = INT64_MAX;
    for (int f = 0; f < count; f++) {
        const struct ends *end = &ends[base + (size_t)f];
        if (end->in < 0 || end->out < 0 || end->others > 0 ||
            p->flow_upper[base + (size_t)f] <= 0.0)
            continue;
        int row[2] = {end->out, end->in};
        for (int i = 0; i < 2; i++) {
            if (node_of[row[i]] >= 0)
                continue;
            double share = row_share(p, ends, row[i], block, k, goal[row[i]], flow);
            n.excess[n.n_nodes] = -(int64_t)llround(share / fine_grid);
            node_of[row[i]] = n.n_nodes++;
        }
        n.tail[n.n_arcs] = node_of[end->out];
        n.head[n.n_arcs] = node_of[end->in];
        n.weight[n.n_arcs] = flow[base + (size_t)f];
        n.flow[n.n_arcs++] = (int64_t)llround(flow[base + (size_t)f] / fine_grid);
    }
    status = kv_grid_network_balance(&n);
    for (int f = 0, a = 0; f < count; f++) {
        const struct ends *end = &ends[base + (size_t)f];
        if (end->in < 0 || end->out < 0 || end->others > 0 ||
            p->flow_upper[base + (size_t)f] <= 0.0)
            continue;
        node_of[end->in] = node_of[end->out] = -1;
        if (status == KV_OK)
            flow[base + (size_t)f] = on_grid(n.flow[a], fine_grid);
        a++;
    }
    kv_grid_network_clear(&n);
    return status == KV_ERR_MEMORY ? status : KV_OK;
}

/* Round the flows without balance rows to the fine grid. */
static kv_status round_free(const kv_problem *p, double *flow)
{
    for (int b = 0; b < p->n_blocks; b++) {
        for (int f = 0; f < p->n_flows; f++) {
            double *x = &flow[(size_t)b * (size_t)p->n_flows + (size_t)f];
            if (!is_free(p, p->flow_commodity[f]))
                continue;
            if (!(fabs(*x) / fine_grid < 9.0e18))
                return KV_ERR_NUMERIC;
            *x = *x <= 0.0 ? 0.0 : on_grid((int64_t)llround(*x / fine_grid), fine_grid);
        }
    }
    return KV_OK;
}

static kv_status grid_all_free(const kv_problem *p, const double *goal, double *flow)
{
    kv_status status = round_free(p, flow);
    size_t columns = (size_t)p->n_blocks * (size_t)p->n_flows, rows = (size_t)p->coupling.count;
    struct ends *ends = kv_alloc(columns, sizeof *ends);
    int *node_of = kv_alloc(rows, sizeof *node_of);
    if (!ends || !node_of)
        status = KV_ERR_MEMORY;
    if (status == KV_OK) {
        find_ends(p, ends);
        for (size_t r = 0; r < rows; r++)
            node_of[r] = -1;
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int k = 0; k < p->n_commodities && status == KV_OK; k++)
            if (is_free(p, k))
                status = grid_free(p, ends, goal, b, k, node_of, flow);
    kv_free(ends);
    kv_free(node_of);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------- */

/* With the flows that have no room left out; if the others can't balance alone, with all. */
static kv_status grid_block(const kv_problem *p, int block, int k, const unsigned char *shut,
                            const unsigned char *never, double *flow)
{
    size_t first = (size_t)block * (size_t)p->n_flows;
    kv_status status = grid_commodity(p, block, k, shut + first, flow);
    if (status == KV_ERR_NUMERIC)
        status = grid_commodity(p, block, k, never + first, flow);
    return status;
}

static kv_status grid_balanced(const kv_problem *p, const double *design, double *flow)
{
    size_t columns = (size_t)p->n_blocks * (size_t)p->n_flows;
    unsigned char *shut = kv_alloc(columns, 1), *never = kv_alloc(columns, 1);
    kv_status status = shut && never ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_shut_flows(p, design, shut);
    if (status == KV_OK)
        status = kv_shut_flows(p, NULL, never);
    for (int k = 0; k < p->n_commodities && status == KV_OK; k++)
        for (int b = 0; b < p->n_blocks && status == KV_OK && !is_free(p, k); b++)
            status = grid_block(p, b, k, shut, never, flow);
    kv_free(shut);
    kv_free(never);
    return status;
}

kv_status kv_flow_to_grid(const kv_problem *problem, const double *design, double *flow)
{
    const kv_problem *p = problem;
    size_t columns = (size_t)p->n_blocks * (size_t)p->n_flows;
    int any_free = 0;
    if (p->flow_grid <= 0.0)
        return KV_OK;
    double *goal = kv_alloc((size_t)p->coupling.count, sizeof *goal);
    double *result = kv_alloc(columns, sizeof *result);
    kv_status status = goal && result ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        memcpy(result, flow, columns * sizeof *result);
        row_goals(p, flow, goal);
        status = grid_balanced(p, design, result);
    }
    for (int k = 0; k < p->n_commodities; k++)
        any_free |= is_free(p, k);
    if (status == KV_OK && any_free)
        status = grid_all_free(p, goal, result);
    if (status == KV_OK)
        memcpy(flow, result, columns * sizeof *result);
    kv_free(goal);
    kv_free(result);
    return status;
}
