/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/together.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"
#include "oracle/risk.h"
#include "oracle/vehicles.h"

#include <math.h>

typedef struct together {
    const oracle_pieces *pieces;
    const oracle_world *world;
    oracle_lp *lp;
    double share;    /* of the expected cost in the objective */
    int *cost_row;   /* [n_scenarios], or -1 */
    int *carbon_row; /* [n_scenarios], or -1 */
    int *fleet_row;  /* [blocks * technologies] */
    int *stock_row;  /* [blocks * technologies] */
    int *whole;      /* columns of whole vehicles */
    int n_whole;
    size_t whole_room;
    double best; /* of branching */
    int best_state, nodes;
} together;

/* eta and xi of the risk measure, and a cost row a scenario whose right side takes what is
 * constant. */
static void add_risk(together *g, const double *cost)
{
    const oracle_world *world = g->world;
    const kv_case_row *it = &world->the_case->the_case.rows[0];
    double theta = oracle_risk_weight(world);
    g->share = 1 - theta;
    if (theta == 0) {
        return;
    }
    int eta = oracle_lp_add_column(g->lp, theta, -INFINITY, INFINITY);
    for (int k = 0; k < world->n_scenarios; k++) {
        double right = -cost[k];
        for (int t = 0; t < world->n_periods; t++) {
            right += g->pieces->block[k * world->n_periods + t].constant / world->probability[k];
        }
        if (it->risk == KV_RISK_REGRET) {
            right += g->pieces->reference[world->scenario[k]];
        }
        g->cost_row[k] = oracle_lp_add_row(g->lp, -INFINITY, right);
        oracle_lp_add_entry(g->lp, g->cost_row[k], eta, -1);
        if (it->risk == KV_RISK_CVAR && it->risk_level < 1) {
            double price = theta * world->probability[k] / (1 - it->risk_level);
            int xi = oracle_lp_add_column(g->lp, price, 0, INFINITY);
            oracle_lp_add_entry(g->lp, g->cost_row[k], xi, -1);
        }
    }
}

static void add_blocks(together *g, const double *served)
{
    const oracle_world *world = g->world;
    int projects = world->the_case->projects.count;
    int technologies = world->the_case->technologies.count;
    double cap = world->the_case->the_case.rows[0].carbon_cap_total_kt;
    for (int k = 0; k < world->n_scenarios && !isnan(cap); k++) {
        g->carbon_row[k] = oracle_lp_add_row(g->lp, -INFINITY, cap * 1000);
    }
    for (int b = 0; b < g->pieces->n_blocks; b++) {
        int k = b / world->n_periods;
        oracle_terms terms = {.objective = g->share,
                              .cost_row = g->cost_row[k],
                              .cost_factor = 1 / world->probability[k],
                              .carbon_row = g->carbon_row[k]};
        oracle_block_add(&g->pieces->block[b], served + b * projects, &terms, g->lp,
                         g->fleet_row + b * technologies);
    }
}

/* Stock of each owned technology in each block: equal to what is left and what was bought. */
static void add_stock(together *g, int q)
{
    const oracle_world *world = g->world;
    int technologies = world->the_case->technologies.count;
    for (int b = 0; b < g->pieces->n_blocks; b++) {
        int k = b / world->n_periods, t = b % world->n_periods;
        const kv_case *view = world->view[k];
        double holding = oracle_vehicles_holding(view, q, t);
        double initial = oracle_vehicles_initial(view, q, t);
        int column =
            oracle_lp_add_column(g->lp, g->share * world->probability[k] * holding, 0, INFINITY);
        int row = oracle_lp_add_row(g->lp, initial, initial);
        oracle_lp_add_entry(g->lp, row, column, 1);
        oracle_lp_add_entry(g->lp, g->fleet_row[b * technologies + q], column,
                            -view->technologies.rows[q].km_per_year);
        if (g->cost_row[k] >= 0) {
            oracle_lp_add_entry(g->lp, g->cost_row[k], column, holding);
        }
        g->stock_row[b * technologies + q] = row;
    }
}

/* One purchase column, seen by scenarios k0 .. k1-1. */
static void add_purchase(together *g, int q, int t, int k0, int k1, int nothing)
{
    const oracle_world *world = g->world;
    int technologies = world->the_case->technologies.count;
    double limit = INFINITY, expected = 0;
    for (int k = k0; k < k1; k++) {
        limit = fmin(limit, oracle_vehicles_limit(world->view[k], q, t));
        expected += world->probability[k] * oracle_vehicles_price(world->view[k], q, t);
    }
    const kv_technology *it = &world->view[k0]->technologies.rows[q];
    limit = nothing && !it->renewal ? 0 : limit;
    int column = oracle_lp_add_column(g->lp, g->share * expected, 0, limit);
    for (int k = k0; k < k1; k++) {
        for (int later = t; later < world->n_periods; later++) {
            int row = g->stock_row[(k * world->n_periods + later) * technologies + q];
            oracle_lp_add_entry(g->lp, row, column,
                                -oracle_vehicles_cover(world->view[k], q, t, later));
        }
        if (g->cost_row[k] >= 0) {
            oracle_lp_add_entry(g->lp, g->cost_row[k], column,
                                oracle_vehicles_price(world->view[k], q, t));
        }
    }
    if (it->integer_vehicles) {
        oracle_room((void **)&g->whole, &g->whole_room, (size_t)g->n_whole, sizeof(int));
        g->whole[g->n_whole++] = column;
    }
}

static void add_vehicles(together *g, int nothing)
{
    const oracle_world *world = g->world;
    for (int q = 0; q < world->the_case->technologies.count; q++) {
        if (world->the_case->technologies.rows[q].fleet != KV_FLEET_OWNED) {
            continue;
        }
        add_stock(g, q);
        for (int t = 0; t < world->n_periods; t++) {
            if (oracle_is_common(world, t)) {
                add_purchase(g, q, t, 0, world->n_scenarios, nothing);
                continue;
            }
            for (int k = 0; k < world->n_scenarios; k++) {
                add_purchase(g, q, t, k, k + 1, nothing);
            }
        }
    }
}

/* Depth-first over whole vehicles; low[] and high[] are the boxes at hand. */
static void branch(together *g, double *low, double *high)
{
    enum { NODES = 400 };
    if (++g->nodes > NODES) {
        g->best_state = ORACLE_LP_STUCK;
        return;
    }
    for (int i = 0; i < g->n_whole; i++) {
        oracle_lp_set_bounds(g->lp, g->whole[i], low[i], high[i]);
    }
    int state = oracle_lp_solve(g->lp);
    if (state != ORACLE_LP_OPTIMAL) {
        if (state != ORACLE_LP_INFEASIBLE) {
            g->best_state = state;
        }
        return;
    }
    double value = oracle_lp_objective(g->lp);
    if (g->best_state == ORACLE_LP_OPTIMAL && value >= g->best - 1e-12 * fmax(1, fabs(g->best))) {
        return;
    }
    for (int i = 0; i < g->n_whole; i++) {
        double x = oracle_lp_value(g->lp, g->whole[i]);
        if (fabs(x - round(x)) > 1e-9) {
            double old = high[i];
            high[i] = floor(x);
            branch(g, low, high);
            high[i] = old;
            old = low[i];
            low[i] = floor(x) + 1;
            branch(g, low, high);
            low[i] = old;
            return;
        }
    }
    g->best_state = ORACLE_LP_OPTIMAL;
    g->best = value;
}

/* Solve with whole vehicles; leaves the state and the value in g. */
static void solve_whole(together *g)
{
    double *low = oracle_alloc((size_t)g->n_whole + 1, sizeof(double));
    double *high = oracle_alloc((size_t)g->n_whole + 1, sizeof(double));
    for (int i = 0; i < g->n_whole; i++) {
        high[i] = oracle_lp_upper(g->lp, g->whole[i]);
    }
    g->best_state = ORACLE_LP_INFEASIBLE;
    branch(g, low, high);
    kv_free(low);
    kv_free(high);
}

int oracle_together_solve(const oracle_pieces *pieces, const double *served, const double *cost,
                          int nothing, oracle_lp **lp, double *objective)
{
    const oracle_world *world = pieces->world;
    size_t scenarios = (size_t)world->n_scenarios;
    size_t cells = (size_t)pieces->n_blocks * (size_t)world->the_case->technologies.count;
    together g = {.pieces = pieces, .world = world, .lp = oracle_lp_create()};
    g.cost_row = oracle_alloc(scenarios, sizeof(int));
    g.carbon_row = oracle_alloc(scenarios, sizeof(int));
    g.fleet_row = oracle_alloc(cells, sizeof(int));
    g.stock_row = oracle_alloc(cells, sizeof(int));
    for (size_t k = 0; k < scenarios; k++) {
        g.cost_row[k] = g.carbon_row[k] = -1;
    }
    add_risk(&g, cost);
    add_blocks(&g, served);
    add_vehicles(&g, nothing);
    solve_whole(&g);
    *objective = g.best - g.share * pieces->constant;
    for (int k = 0; k < world->n_scenarios; k++) {
        *objective += g.share * world->probability[k] * cost[k];
    }
    *lp = g.lp;
    kv_free(g.cost_row);
    kv_free(g.carbon_row);
    kv_free(g.fleet_row);
    kv_free(g.stock_row);
    kv_free(g.whole);
    return g.best_state;
}
