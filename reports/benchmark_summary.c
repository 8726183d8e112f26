/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.txt of a benchmark instance: what it is, how good the plan is, what it opens. */
#include "reports/benchmark.h"

#include "base/memory.h"
#include "reports/prose.h"

#include <math.h>

enum { MOST_LISTED = 40 };

typedef char number[KV_NUMBER_SIZE];

/* To three decimals, so that plans can be compared. */
static void exact(double value, char *buffer)
{
    if (isfinite(value) && fabs(value) < 1e30)
        kv_format_decimal(value, 3, buffer);
    else
        buffer[0] = '-', buffer[1] = 0;
}

static void add_model(const kv_report *report, kv_text *out)
{
    const kv_benchmark *b = report->result->benchmark;
    number penalty;
    exact(b->format == KV_BENCHMARK_SCENARIOS ? kv_benchmark_penalty(b) : 0, penalty);
    switch (b->format) {
    case KV_BENCHMARK_CANAD:
        kv_prose_item(out,
                      "Fixed-charge network design of %d nodes, %d arcs and %d commodities. Flows "
                      "may be split; an arc that is opened offers its capacity to all commodities "
                      "together.",
                      b->n_nodes, b->n_links, b->n_demands);
        break;
    case KV_BENCHMARK_SCENARIOS:
        kv_prose_item(
            out,
            "Two-stage stochastic network design of %d nodes, %d arcs, %d commodities and "
            "%d scenarios. Arcs are opened once, before the demand is known; flows may be "
            "split. Demand that is not served costs %s a unit.",
            b->n_nodes, b->n_links, b->n_demands, b->n_scenarios, penalty);
        break;
    case KV_BENCHMARK_LOCATION:
        kv_prose_item(out,
                      "Capacitated warehouse location of %d warehouses and %d customers. A "
                      "customer's demand may be split among warehouses.",
                      b->n_facilities, b->n_customers);
        break;
    default:
        kv_prose_item(out,
                      "Capacity planning of %d nodes, %d links and %d demands. Links are used in "
                      "both directions together; modules come in whole numbers, %s a link; demands "
                      "may be split.",
                      b->n_nodes, b->n_links, b->n_demands,
                      b->modules == KV_MODULES_ONE ? "at most one in all" : "any number of each");
        break;
    }
}

static void add_quality(const kv_report *report, kv_text *out)
{
    static const char *const ends[] = {"It ended because the plan was good enough.",
                                       "It ended at the work limit.",
                                       "It ended at the time limit or was stopped: another run may "
                                       "end elsewhere."};
    const kv_plan *plan = report->result->plan;
    int end = plan->ended_by_limit >= 0 && plan->ended_by_limit < 3 ? plan->ended_by_limit : 2;
    number objective, certified, claimed, gap, claimed_gap;
    double value = report->design ? plan->objective : (double)NAN;
    exact(value, objective);
    exact(plan->certified_bound, certified);
    exact(plan->bound, claimed);
    kv_prose_percent(kv_gap(value, plan->certified_bound), gap);
    kv_prose_percent(kv_gap(value, plan->bound), claimed_gap);
    if (report->design)
        kv_prose_item(out, "The plan costs %s.", objective);
    else
        kv_prose_item(out, "There is no plan (%s).", kv_plan_status_name(plan));
    kv_prose_item(
        out,
        "From the multipliers in certificate.json anyone can recompute that no plan costs "
        "less than %s (certified gap %s); the search itself claims %s (gap %s). %s",
        certified, gap, claimed, claimed_gap, ends[end]);
    if (report->has_nothing) {
        number nothing;
        exact(report->result->do_nothing->objective, nothing);
        kv_prose_item(out, "Building nothing costs %s.", nothing);
    }
}

static void add_costs(const kv_report *report, kv_text *out)
{
    const kv_problem *p = report->problem;
    double design = 0;
    int open = 0;
    number fixed, flow;
    for (int j = 0; j < p->n_design; j++) {
        design += p->design_cost[j] * report->design[j];
        open += report->design[j] > 1e-6;
    }
    exact(design, fixed);
    exact(report->result->plan->objective - design, flow);
    kv_prose_item(out, "It opens %d of %d: %s for what is opened and %s for flow.", open,
                  p->n_design, fixed, flow);
}

/* How full a resource is, over the blocks: the fullest. NaN where it offers nothing. */
static double fullness(const kv_report *report, const double *load, int resource)
{
    const kv_problem *p = report->problem;
    double most = NAN;
    for (int b = 0; b < p->n_blocks; b++) {
        size_t row = (size_t)b * (size_t)p->n_resources + (size_t)resource;
        double offer = p->resource_base[row];
        for (int i = p->supply_first[row]; i < p->supply_first[row + 1]; i++)
            offer += p->supply[i] * report->design[p->supply_design[i]];
        if (offer > 0)
            most = fmax(most, load[row] / offer);
    }
    return most;
}

static void add_loads(const kv_report *report, double *load)
{
    const kv_problem *p = report->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows];
    for (int b = 0; b < p->n_blocks; b++) {
        for (int f = 0; f < p->n_flows; f++) {
            double x = report->flow[(size_t)b * (size_t)p->n_flows + (size_t)f];
            for (int i = p->use_first[f]; x > 0 && i < p->use_first[f + 1]; i++)
                load[(size_t)b * (size_t)p->n_resources + (size_t)p->use_resource[i]] +=
                    x * p->use[(size_t)b * n_use + (size_t)i];
        }
    }
}

/* What is open, in the order of the file, with how full it is in its fullest block. */
static kv_status add_open(const kv_report *report, kv_text *out)
{
    const kv_problem *p = report->problem;
    double *load = kv_alloc((size_t)p->n_blocks * (size_t)p->n_resources, sizeof(double));
    int listed = 0, more = 0;
    kv_grid grid = {0};
    if (!load)
        return KV_ERR_MEMORY;
    add_loads(report, load);
    kv_prose_title(out, "What is open", '-');
    kv_grid_begin(&grid, "lrrr");
    kv_grid_cell(&grid, "open");
    kv_grid_cell(&grid, "units");
    kv_grid_cell(&grid, "cost");
    kv_grid_cell(&grid, "fullest");
    for (int r = 0; r < p->n_resources; r++) {
        for (int i = p->supply_first[r]; i < p->supply_first[r + 1]; i++) {
            int j = p->supply_design[i];
            if (report->design[j] <= 1e-6)
                continue;
            more += listed == MOST_LISTED;
            if (listed == MOST_LISTED)
                continue;
            listed++;
            kv_grid_cell(&grid, "%s", p->design_name[j]);
            kv_grid_number(&grid, report->design[j]);
            kv_grid_number(&grid, report->design[j] * p->design_cost[j]);
            kv_grid_percent(&grid, fullness(report, load, r));
        }
    }
    kv_grid_write(&grid, out);
    if (more > 0)
        kv_prose_paragraph(out, "And %d more: design.csv has all.", more);
    kv_free(load);
    return KV_OK;
}

kv_status kv_benchmark_summary(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_text out = {0};
    kv_status status = KV_OK;
    kv_prose_title(&out, report->result->benchmark->name, '=');
    kv_prose_title(&out, "In short", '-');
    add_model(report, &out);
    add_quality(report, &out);
    if (report->design)
        add_costs(report, &out);
    kv_text_add(&out, "\n");
    if (report->design)
        status = add_open(report, &out);
    if (status == KV_OK)
        status = kv_report_write_text(&out, dir, "summary.txt", messages);
    kv_text_clear(&out);
    return status;
}
