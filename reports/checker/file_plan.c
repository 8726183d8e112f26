/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of a benchmark file: design.csv and flows.csv. */
#include "reports/checker/plan.h"

#include "reports/checker/certificate.h"

kv_status kvc_file_decisions(kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"design", "value", NULL};
    kvc_world *w = plan->world;
    kvc_table table;
    mpq_t *t = kvc_numbers(w->arena, 2);
    plan->design = kvc_numbers(w->arena, (size_t)w->design.count);
    kv_status status = kvc_table_read(w, plan->dir, "design.csv", columns, &table);
    for (int row = 0; status == KV_OK && row < table.n_rows; row++) {
        const int j =
            kvc_find(w->design_names, kvc_cell(&table, row, kvc_column(&table, "design")));
        if (kvc_cell_needed(&table, row, kvc_column(&table, "value"), t[0]) != 0) {
            status = KV_ERR_INPUT;
        } else if (j < 0) {
            kvc_fail(findings, "design.csv:%ld: the file has no such design", table.line[row]);
        } else {
            mpq_add(plan->design[j], plan->design[j], t[0]);
            kvc_compare(findings, &table, row, "cost", w->cost[j], 9);
            mpq_mul(t[1], w->cost[j], t[0]);
            kvc_compare(findings, &table, row, "total_cost", t[1], 9);
        }
    }
    return status;
}

kv_status kvc_file_flows(kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"block", "commodity", "arc", "amount", NULL};
    kvc_world *w = plan->world;
    kvc_table *table = &plan->flows;
    kv_status status = kvc_table_read(w, plan->dir, "flows.csv", columns, table);
    int at[4];
    for (int i = 0; i < 4 && status == KV_OK; i++)
        at[i] = kvc_column(table, columns[i]);
    for (int row = 0; status == KV_OK && row < table->n_rows; row++) {
        const int block = kvc_find(w->block_names, kvc_cell(table, row, at[0]));
        const int good = kvc_find(w->good_names, kvc_cell(table, row, at[1]));
        const int arc = kvc_find(w->arc_names, kvc_cell(table, row, at[2]));
        const int flow = good < 0 || arc < 0 ? -1 : kvc_flow_at(w, good, arc);
        mpq_t *amount = kvc_numbers(w->arena, 1);
        if (kvc_cell_needed(table, row, at[3], *amount) != 0)
            status = KV_ERR_INPUT;
        else if (block < 0 || flow < 0)
            kvc_fail(findings, "flows.csv:%ld: the file has no such flow", table->line[row]);
        else
            *(kvc_moved *)kvc_push(w->arena, &plan->moved, sizeof(kvc_moved)) =
                (kvc_moved){row, block, flow, amount};
    }
    return status;
}
