/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/figures.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

const char *const kv_cost_names[KV_COSTS] = {
    [KV_COST_VEHICLE] = "vehicle",
    [KV_COST_ENERGY] = "energy",
    [KV_COST_CARBON] = "carbon",
    [KV_COST_TIME] = "time",
    [KV_COST_TOLL_AND_ICE] = "toll_and_ice",
    [KV_COST_TRANSFER] = "transfer",
    [KV_COST_PURCHASE] = "purchase",
    [KV_COST_UNSERVED] = "unserved",
    [KV_COST_VEHICLES_BOUGHT] = "vehicles_bought",
    [KV_COST_VEHICLES_KEPT] = "vehicles_kept",
    [KV_COST_PROJECTS] = "projects",
    [KV_COST_OPERATING] = "operating",
    [KV_COST_RESIDUAL] = "residual",
    [KV_COST_RISK] = "risk",
    [KV_COST_REFERENCE] = "reference_purchases",
};

typedef struct work {
    const kv_case *the_case;
    const kv_problem *problem;
    const kv_map *map;
    const double *design, *flow;
    kv_figures *figures;
} work;

kv_money *kv_figures_money(const kv_figures *figures, int slot, int period, kv_cost cost)
{
    size_t row = (size_t)slot * (size_t)figures->n_periods + (size_t)period;
    return &figures->money[row * KV_COSTS + (size_t)cost];
}

/* ---- slots ---- */

static int block_slot(const kv_map *map, int block)
{
    for (int s = 0; s < map->n_scenarios; s++) {
        if (map->scenario[s] == map->block[block].scenario)
            return s;
    }
    return map->n_scenarios;
}

static int design_slot(const kv_map *map, int design)
{
    int scenario = map->design[design].scenario;
    return scenario < 0 ? map->n_scenarios : scenario;
}

/* What the objective leaves to expected money beside a risk measure: 1 without one. */
static double risk_factor(const work *w)
{
    const kv_map *map = w->map;
    for (int b = 0; b < w->problem->n_blocks; b++) {
        int s = block_slot(map, b);
        double plain =
            map->probability[s] * 1e-6 * kv_period_discount(map->view[s], map->block[b].period);
        if (plain > 0)
            return w->problem->block_weight[b] / plain;
    }
    return 1;
}

/* Whether scenario s is one that the slot's decisions are taken in. */
static int in_slot(const kv_map *map, int slot, int s)
{
    return slot == map->n_scenarios || slot == s;
}

/* Its share in a yearly amount of the slot: common money is the mean over the scenarios. */
static double yearly_share(const kv_map *map, int slot, int s)
{
    return slot == map->n_scenarios ? map->probability[s] : 1;
}

/* ---- flows ---- */

static void add_money(const work *w, int block, kv_cost cost, double eur_per_year)
{
    const kv_map *map = w->map;
    kv_money *money =
        kv_figures_money(w->figures, block_slot(map, block), map->block[block].period, cost);
    money->present += w->problem->block_weight[block] * eur_per_year;
    money->yearly += 1e-6 * eur_per_year;
}

static void add_flow_cost(const work *w, int block, int kind, const kv_flow_detail *detail,
                          double x)
{
    add_money(w, block, KV_COST_VEHICLE, detail->vehicle * x);
    add_money(w, block, KV_COST_ENERGY, detail->energy * x);
    add_money(w, block, KV_COST_CARBON, detail->carbon * x);
    add_money(w, block, KV_COST_TIME, detail->time * x);
    add_money(w, block, KV_COST_TOLL_AND_ICE, detail->toll_and_ice * x);
    add_money(w, block, KV_COST_TRANSFER, detail->transfer * x);
    add_money(w, block, KV_COST_REFERENCE, detail->reference * x);
    if (kind == KV_ARC_UNSERVED || kind == KV_ARC_UNSOLD) {
        add_money(w, block, KV_COST_UNSERVED, (detail->price + detail->reference) * x);
        add_money(w, block, KV_COST_PURCHASE, -detail->reference * x);
    } else {
        add_money(w, block, KV_COST_PURCHASE, detail->price * x);
    }
}

static void add_flow(const work *w, int block, int flow, double x)
{
    kv_figures *figures = w->figures;
    const kv_arc_info *arc = &w->map->arc[w->problem->flow_arc[flow]];
    kv_flow_detail detail;
    kv_flow_explain(w->problem, w->map, block, flow, &detail);
    add_flow_cost(w, block, arc->kind, &detail, x);
    if (arc->kind == KV_ARC_UNSERVED)
        figures->unserved_t[block] += x;
    if (arc->kind != KV_ARC_LINK && arc->kind != KV_ARC_RANGE)
        return;
    size_t i = (size_t)block * (size_t)figures->n_technologies + (size_t)arc->technology;
    int commodity = w->problem->flow_commodity[flow];
    if (w->map->commodity[commodity].kind != KV_COMMODITY_EMPTY)
        figures->t_km[i] += detail.km * x;
    figures->vehicle_km[i] += detail.vehicle_km * x;
    figures->co2_t[i] += detail.co2_kg * x / 1000;
}

static void add_demand(const work *w, int block)
{
    const kv_problem *problem = w->problem;
    const double *d = problem->balance + (size_t)block * (size_t)problem->n_balances;
    for (int i = 0; i < problem->n_balances; i++) {
        if (d[i] < 0 && w->map->node_place[problem->balance_node[i]] >= 0)
            w->figures->demand_t[block] -= d[i];
    }
}

static void add_flows(const work *w)
{
    const kv_problem *problem = w->problem;
    for (int b = 0; b < problem->n_blocks; b++) {
        const double *x = w->flow + (size_t)b * (size_t)problem->n_flows;
        add_demand(w, b);
        for (int p = 0; p < problem->n_flows; p++) {
            if (x[p] != 0)
                add_flow(w, b, p, x[p]);
        }
    }
}

/* ---- project starts ---- */

static int construction_years(const kv_project *project)
{
    int years = (int)ceil(project->lead_time_years);
    return years < 1 ? 1 : years;
}

double kv_start_spending(const kv_case *view, const kv_project *project, int start, int period)
{
    const kv_period *at = &view->periods.rows[period];
    int first = view->periods.rows[start].first_year, years = construction_years(project);
    double spent = 0;
    for (int y = first; y < first + years; y++) {
        if (y >= at->first_year && y <= at->last_year)
            spent += project->cost_meur / years;
    }
    return spent;
}

/* The years of operation of a unit that lie in a period, undiscounted and discounted. */
static void operating_years(const kv_case *view, const kv_project *project, int start, int period,
                            double *years, double *discounted)
{
    const kv_period *at = &view->periods.rows[period];
    double service = view->periods.rows[start].first_year + project->lead_time_years;
    *years = *discounted = 0;
    for (int y = at->first_year; y <= at->last_year; y++) {
        if (y >= ceil(service) && y < floor(service + project->life_years)) {
            *years += 1;
            *discounted += kv_discount(view, y);
        }
    }
}

void kv_start_money_of(const kv_case *view, const kv_project *project, int period,
                       kv_start_money *money)
{
    int first = view->periods.rows[period].first_year, n = construction_years(project);
    int last = view->periods.rows[view->periods.count - 1].last_year;
    double service = first + project->lead_time_years;
    *money = (kv_start_money){0};
    for (int y = first; y < first + n && y <= last; y++)
        money->spent_present += project->cost_meur / n * kv_discount(view, y);
    for (int t = 0; t < view->periods.count; t++) {
        double years, discounted;
        operating_years(view, project, period, t, &years, &discounted);
        money->operating_present += project->operating_meur_per_year * discounted;
    }
    double left = service + project->life_years - (last + 1);
    if (view->the_case.rows[0].residual_value == KV_RESIDUAL_STRAIGHT_LINE && left > 0) {
        double share = fmin(1, left / project->life_years);
        money->residual_present = project->cost_meur * share * kv_discount(view, last + 1);
    }
    money->spent_present *= project->freight_share;
    money->residual_present *= project->freight_share;
}

void kv_start_money_mean(const kv_map *map, int design, kv_start_money *mean)
{
    const kv_design_info *info = &map->design[design];
    int slot = design_slot(map, design);
    *mean = (kv_start_money){0};
    for (int s = 0; s < map->n_scenarios; s++) {
        kv_start_money money;
        if (!in_slot(map, slot, s))
            continue;
        double p = map->probability[s];
        const kv_case *view = map->view[s];
        kv_start_money_of(view, &view->projects.rows[info->project], info->period, &money);
        mean->spent_present += p * money.spent_present;
        mean->operating_present += p * money.operating_present;
        mean->residual_present += p * money.residual_present;
    }
}

/* One unit of a project in one scenario: construction and operation by period. */
static void add_start_in(const work *w, int j, int s, double units)
{
    const kv_design_info *info = &w->map->design[j];
    int slot = design_slot(w->map, j);
    const kv_case *view = w->map->view[s];
    const kv_project *project = &view->projects.rows[info->project];
    double present = risk_factor(w) * w->map->probability[s] * units;
    double yearly = yearly_share(w->map, slot, s) * units;
    int n = construction_years(project), first = view->periods.rows[info->period].first_year;
    for (int t = 0; t < w->figures->n_periods; t++) {
        const kv_period *period = &view->periods.rows[t];
        double length = kv_period_years(period), years, discounted, built = 0;
        for (int y = first; y < first + n; y++) {
            if (y >= period->first_year && y <= period->last_year)
                built += project->cost_meur / n * kv_discount(view, y);
        }
        kv_money *spent = kv_figures_money(w->figures, slot, t, KV_COST_PROJECTS);
        spent->present += present * project->freight_share * built;
        spent->yearly += yearly * project->freight_share *
                         kv_start_spending(view, project, info->period, t) / length;
        operating_years(view, project, info->period, t, &years, &discounted);
        kv_money *run = kv_figures_money(w->figures, slot, t, KV_COST_OPERATING);
        run->present += present * project->operating_meur_per_year * discounted;
        run->yearly += yearly * project->operating_meur_per_year * years / length;
    }
}

static void add_start(const work *w, int j, double units)
{
    int slot = design_slot(w->map, j);
    kv_start_money money;
    for (int s = 0; s < w->map->n_scenarios; s++) {
        if (in_slot(w->map, slot, s))
            add_start_in(w, j, s, units);
    }
    kv_start_money_mean(w->map, j, &money);
    kv_figures_money(w->figures, slot, w->figures->n_periods - 1, KV_COST_RESIDUAL)->present -=
        risk_factor(w) * units * money.residual_present;
}

/* ---- vehicles and risk ---- */

static void add_purchase(const work *w, int j, double vehicles)
{
    const kv_design_info *info = &w->map->design[j];
    int slot = design_slot(w->map, j), last = w->figures->n_periods - 1;
    kv_money *bought = kv_figures_money(w->figures, slot, info->period, KV_COST_VEHICLES_BOUGHT);
    kv_money *left = kv_figures_money(w->figures, slot, last, KV_COST_RESIDUAL);
    double present = 0;
    for (int s = 0; s < w->map->n_scenarios; s++) {
        const kv_case *view = w->map->view[s];
        const kv_period *period = &view->periods.rows[info->period];
        kv_technology numbers;
        if (!in_slot(w->map, slot, s))
            continue;
        kv_technology_in_force(view, info->technology, info->period, &numbers);
        double price = numbers.vehicle_price_eur * 1e-6 * vehicles;
        present +=
            risk_factor(w) * w->map->probability[s] * price * kv_discount(view, period->first_year);
        bought->yearly += yearly_share(w->map, slot, s) * price / kv_period_years(period);
    }
    bought->present += present;
    /* What the objective charges less than the price is the value left at the horizon. */
    left->present += w->problem->design_cost[j] * vehicles - present;
}

static void add_stock(const work *w, int j, double vehicles)
{
    const kv_design_info *info = &w->map->design[j];
    int slot = design_slot(w->map, j);
    const kv_case *view = w->map->view[slot < w->map->n_scenarios ? slot : 0];
    const kv_technology *technology = &view->technologies.rows[info->technology];
    kv_money *kept = kv_figures_money(w->figures, slot, info->period, KV_COST_VEHICLES_KEPT);
    kept->present += w->problem->design_cost[j] * vehicles;
    kept->yearly += technology->vehicle_fixed_eur_per_year * 1e-6 * vehicles;
}

static void add_designs(const work *w)
{
    for (int j = 0; j < w->problem->n_design; j++) {
        double y = w->design[j];
        if (y == 0)
            continue;
        switch (w->map->design[j].kind) {
        case KV_DESIGN_START: add_start(w, j, y); break;
        case KV_DESIGN_PURCHASE: add_purchase(w, j, y); break;
        case KV_DESIGN_STOCK: add_stock(w, j, y); break;
        default: w->figures->risk += w->problem->design_cost[j] * y; break;
        }
    }
}

kv_status kv_figures_create(const kv_case *the_case, const kv_problem *problem, const kv_map *map,
                            const double *design, const double *flow, kv_figures *figures)
{
    *figures = (kv_figures){.n_slots = map->n_scenarios + 1,
                            .n_periods = the_case->periods.count,
                            .n_technologies = the_case->technologies.count,
                            .n_blocks = problem->n_blocks};
    size_t cells = (size_t)figures->n_slots * (size_t)figures->n_periods;
    size_t work_cells = (size_t)problem->n_blocks * (size_t)figures->n_technologies;
    figures->money = kv_alloc(cells, KV_COSTS * sizeof(kv_money));
    figures->t_km = kv_alloc(work_cells, sizeof(double));
    figures->vehicle_km = kv_alloc(work_cells, sizeof(double));
    figures->co2_t = kv_alloc(work_cells, sizeof(double));
    figures->demand_t = kv_alloc((size_t)problem->n_blocks, sizeof(double));
    figures->unserved_t = kv_alloc((size_t)problem->n_blocks, sizeof(double));
    if (!figures->money || !figures->t_km || !figures->vehicle_km || !figures->co2_t ||
        !figures->demand_t || !figures->unserved_t)
        return KV_ERR_MEMORY;
    work w = {the_case, problem, map, design, flow, figures};
    add_flows(&w);
    add_designs(&w);
    return KV_OK;
}

void kv_figures_clear(kv_figures *figures)
{
    kv_free(figures->money);
    kv_free(figures->t_km);
    kv_free(figures->vehicle_km);
    kv_free(figures->co2_t);
    kv_free(figures->demand_t);
    kv_free(figures->unserved_t);
    *figures = (kv_figures){0};
}
