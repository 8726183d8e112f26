/* SPDX-License-Identifier: GPL-3.0-or-later */
/* design.csv, flows.csv and plan.sol of a benchmark instance. */
#include "reports/benchmark.h"

#include "base/file.h"
#include "base/memory.h"
#include "reports/bench/runs.h"

#include <math.h>

static const kv_report_column design_columns[] = {
    {"design", NULL,
     "what is decided: an arc, a module of a link, a facility; `y:` and this is "
     "its column in the exported model"},
    {"value", NULL, "1 = open, 0 = closed; of modules, how many"},
    {"cost", "money", "of one unit"},
    {"total_cost", "money", "value × cost"},
    {NULL, NULL, NULL}};

static const kv_report_column flow_columns[] = {
    {"block", NULL, "the scenario; 1 where there is only one"},
    {"commodity", NULL, "what flows"},
    {"arc", NULL, "where; `x:ARC:COMMODITY:BLOCK` is its column in the exported model"},
    {"from", NULL, "node at the arc's tail"},
    {"to", NULL, "node at the arc's head"},
    {"amount", "flow", "on the flow grid, exact; arcs without flow are left out"},
    {"unit_cost", "money", "of a unit of flow, without the block's weight"},
    {NULL, NULL, NULL}};

enum { DESIGN, FLOWS };

const kv_report_table kv_benchmark_tables[] = {
    [DESIGN] = {"design.csv", "One row a design variable, in the order of the file.",
                design_columns},
    [FLOWS] = {"flows.csv", "One row a flow that is not 0, by block, commodity and arc.",
               flow_columns},
    {NULL, NULL, NULL}};

static kv_status write_design(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_problem *p = report->problem;
    kv_out out;
    kv_out_begin_table(&out, &kv_benchmark_tables[DESIGN]);
    for (int j = 0; report->design && j < p->n_design; j++) {
        kv_out_text(&out, p->design_name[j]);
        kv_out_exact(&out, report->design[j]);
        kv_out_exact(&out, p->design_cost[j]);
        kv_out_exact(&out, report->design[j] * p->design_cost[j]);
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}

static kv_status write_flows(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_problem *p = report->problem;
    kv_out out;
    kv_out_begin_table(&out, &kv_benchmark_tables[FLOWS]);
    for (size_t i = 0; report->flow && i < (size_t)p->n_blocks * (size_t)p->n_flows; i++) {
        size_t b = i / (size_t)p->n_flows, f = i % (size_t)p->n_flows;
        int arc = p->flow_arc[f];
        if (report->flow[i] == 0)
            continue;
        kv_out_text(&out, p->block_name[b]);
        kv_out_text(&out, p->commodity_name[p->flow_commodity[f]]);
        kv_out_text(&out, p->arc_name[arc]);
        kv_out_text(&out, p->node_name[p->arc_tail[arc]]);
        kv_out_text(&out, p->node_name[p->arc_head[arc]]);
        kv_out_on_grid(&out, report->flow[i], p->flow_grid);
        kv_out_exact(&out, p->flow_cost[i]);
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}

/* Column names of the exported model with their values; what is not named is 0. */
static kv_status write_solution(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_problem *p = report->problem;
    kv_text out = {0};
    kv_text_add(&out, "# Objective value = ");
    if (report->design)
        kv_text_add_number(&out, report->result->plan->objective);
    kv_text_add(&out, "\n");
    for (int j = 0; report->design && j < p->n_design; j++) {
        kv_text_addf(&out, "y:%s ", p->design_name[j]);
        kv_text_add_number(&out, report->design[j]);
        kv_text_add(&out, "\n");
    }
    for (size_t i = 0; report->flow && i < (size_t)p->n_blocks * (size_t)p->n_flows; i++) {
        size_t b = i / (size_t)p->n_flows, f = i % (size_t)p->n_flows;
        if (report->flow[i] == 0)
            continue;
        kv_text_addf(&out, "x:%s:%s:%s ", p->arc_name[p->flow_arc[f]],
                     p->commodity_name[p->flow_commodity[f]], p->block_name[b]);
        kv_text_add_number(&out, report->flow[i]);
        kv_text_add(&out, "\n");
    }
    kv_status status = kv_report_write_text(&out, dir, "plan.sol", messages);
    kv_text_clear(&out);
    return status;
}

static void prepare(const kv_result *result, kv_report *report)
{
    const kv_plan *nothing = result->do_nothing;
    *report = (kv_report){.result = result, .problem = result->problem};
    if (kv_result_has_plan(result)) {
        report->design = result->plan->design;
        report->flow = result->plan->flow;
    }
    report->has_nothing =
        nothing && (nothing->status == KV_PLAN_FEASIBLE || nothing->status == KV_PLAN_OPTIMAL);
}

kv_status kv_benchmark_result_write(const kv_result *result, const char *dir, kv_messages *messages)
{
    typedef kv_status writer(const kv_report *report, const char *folder, kv_messages *faults);
    static writer *const writers[] = {
        kv_report_plan_json,   write_design,       write_flows,          write_solution,
        kv_report_certificate, kv_report_progress, kv_benchmark_summary,
    };
    kv_report report;
    prepare(result, &report);
    kv_status status = kv_folder_make(dir, messages);
    for (size_t i = 0; i < sizeof writers / sizeof *writers && status == KV_OK; i++)
        status = writers[i](&report, dir, messages);
    return status;
}

static void manual_of(const kv_report_table *tables, kv_text *out)
{
    for (const kv_report_table *table = tables; table->file; table++) {
        kv_text_addf(out, "%s### %s\n\n%s\n\n| column | unit | meaning |\n| --- | --- | --- |\n",
                     out->length > 0 ? "\n" : "", table->file, table->help);
        for (const kv_report_column *column = table->columns; column->name; column++)
            kv_text_addf(out, "| `%s` | %s | %s |\n", column->name,
                         column->unit ? column->unit : "", column->help);
    }
}

void kv_benchmark_manual(kv_text *out)
{
    manual_of(kv_benchmark_tables, out);
    manual_of(kv_bench_tables, out);
}
