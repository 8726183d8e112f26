/* SPDX-License-Identifier: GPL-3.0-or-later */
/* budgets.csv, unserved.csv and costs.csv against what the plan's decisions and flows make them. */
#include "reports/checker/plan.h"

#include <string.h>

/* ---- budgets.csv ---- */

static int funder_of(const kv_case *c, const char *name)
{
    for (int f = 0; f < c->funders.count; f++) {
        if (strcmp(c->funders.rows[f].funder, name) == 0)
            return f;
    }
    return -1;
}

/* What a funder pays in a period. t: scratch [2]. */
static void spent(const kvc_plan *plan, int funder, int slot, int period, mpq_t *t, mpq_t sum)
{
    const kvc_world *w = plan->world;
    mpq_set_ui(sum, 0, 1);
    for (int j = 0; j < w->n_starts; j++) {
        if (!kvc_in_slot(w, j, slot) || mpq_sgn(plan->design[j]) == 0)
            continue;
        kvc_funding(w, slot, KVC_AT(kvc_design, w->design, j).project, funder, t[0]);
        kvc_spending(w, slot, j, period, t[1]);
        mpq_mul(t[0], t[0], t[1]);
        kvc_add_product(sum, t[0], plan->design[j], t[1]);
    }
}

/* What the line says is carried into the period has to be what the line before carries out. */
static int line_before(const kvc_table *table, int row, int period, const kvc_world *w)
{
    for (int r = 0; r < table->n_rows && period > 0; r++) {
        if (strcmp(kvc_cell(table, r, kvc_column(table, "funder")),
                   kvc_cell(table, row, kvc_column(table, "funder"))) == 0 &&
            strcmp(kvc_cell(table, r, kvc_column(table, "scenario")),
                   kvc_cell(table, row, kvc_column(table, "scenario"))) == 0 &&
            kvc_period_of(w, kvc_cell(table, r, kvc_column(table, "period"))) == period - 1)
            return r;
    }
    return -1;
}

/* One line: budget and spending exactly, carry-over as far as rounded figures tell. t: [5]. */
static void verify_line(const kvc_plan *plan, kvc_findings *f, const kvc_table *table, int row,
                        mpq_t *t)
{
    const kvc_world *w = plan->world;
    const char *scenario = kvc_cell(table, row, kvc_column(table, "scenario"));
    const int funder = funder_of(w->given, kvc_cell(table, row, kvc_column(table, "funder")));
    const int period = kvc_period_of(w, kvc_cell(table, row, kvc_column(table, "period")));
    const int slot = strcmp(scenario, "all") == 0 ? 0 : kvc_slot_of(w, scenario);
    if (funder < 0 || period < 0 || slot < 0) {
        kvc_fail(f, "budgets.csv:%ld: the case has no such budget", table->line[row]);
        return;
    }
    kvc_budget(w, funder, slot, period, t[0]);
    kvc_compare(f, table, row, "budget_meur", t[0], 6);
    spent(plan, funder, slot, period, t + 1, t[3]);
    kvc_compare(f, table, row, "spent_meur", t[3], 6);
    const int before = line_before(table, row, period, w);
    mpq_set_ui(t[1], 0, 1);
    if (before >= 0) {
        kvc_cell_number(table, before, kvc_column(table, "carried_out_meur"), t[1]);
        kvc_carry_share(w, funder, slot, period - 1, t[2]);
        mpq_mul(t[1], t[1], t[2]);
    }
    /* Figures of six decimals: what is spent and set aside is no more than there is. */
    kvc_cell_number(table, row, kvc_column(table, "carried_out_meur"), t[2]);
    mpq_add(t[2], t[2], t[3]);
    mpq_sub(t[2], t[2], t[0]);
    mpq_sub(t[2], t[2], t[1]);
    kvc_set_power(t[4], 1, -6);
    mpq_mul(t[4], t[4], t[0]);
    mpq_add(t[4], t[4], *f->rounding);
    if (mpq_cmp(t[2], t[4]) > 0)
        kvc_fail(f,
                 "budgets.csv:%ld: side:budget:%s:%s:%s: more is spent and set aside than there is",
                 table->line[row], w->given->funders.rows[funder].funder,
                 w->given->periods.rows[period].period, scenario);
}

kv_status kvc_verify_budgets(const kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"funder",     "scenario",         "period", "budget_meur",
                                          "spent_meur", "carried_out_meur", NULL};
    kvc_table table;
    mpq_t *t = kvc_numbers(plan->world->arena, 5);
    kv_status status = kvc_table_read(plan->world, plan->dir, "budgets.csv", columns, &table);
    for (int row = 0; status == KV_OK && row < table.n_rows; row++)
        verify_line(plan, findings, &table, row, t);
    return status;
}

/* ---- unserved.csv ---- */

/* Freight that stays at its origin is the same tons as those unserved at its end. */
static int is_listed(const kvc_world *w, const kvc_flow *flow)
{
    const int kind = KVC_AT(kvc_arc, w->arc, flow->arc).kind;
    return kind == KVC_UNSERVED ||
           (kind == KVC_UNSOLD && KVC_AT(kvc_good, w->good, flow->good).origin < 0);
}

/* Of the `count` flows listed, the one that the row speaks of; NULL = none. */
static const kvc_moved *moved_of(const kvc_plan *plan, const int *listed, int count,
                                 const kvc_table *table, int row)
{
    static const char *const same[] = {"scenario", "period", "product", "origin", "kind"};
    const kvc_table *flows = &plan->flows;
    for (int i = 0; i < count; i++) {
        const kvc_moved *moved = &KVC_AT(kvc_moved, plan->moved, listed[i]);
        const kvc_arc *arc = &KVC_AT(kvc_arc, plan->world->arc,
                                     KVC_AT(kvc_flow, plan->world->flow, moved->flow).arc);
        int equal = strcmp(plan->world->given->places.rows[arc->place].place,
                           kvc_cell(table, row, kvc_column(table, "place"))) == 0;
        for (size_t k = 0; equal && k < sizeof same / sizeof *same; k++)
            equal = strcmp(kvc_cell(flows, moved->row, kvc_column(flows, same[k])),
                           kvc_cell(table, row, kvc_column(table, same[k]))) == 0;
        if (equal)
            return moved;
    }
    return NULL;
}

kv_status kvc_verify_unserved(const kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"scenario", "period", "product",    "origin",
                                          "kind",     "place",  "unserved_t", NULL};
    kvc_world *w = plan->world;
    kvc_table table;
    int *listed = kvc_alloc(w->arena, (size_t)plan->moved.count, sizeof(int)), count = 0;
    kv_status status = kvc_table_read(w, plan->dir, "unserved.csv", columns, &table);
    for (int i = 0; i < plan->moved.count; i++) {
        const int flow = KVC_AT(kvc_moved, plan->moved, i).flow;
        if (is_listed(w, &KVC_AT(kvc_flow, w->flow, flow)))
            listed[count++] = i;
    }
    for (int row = 0; status == KV_OK && row < table.n_rows; row++) {
        const kvc_moved *moved = moved_of(plan, listed, count, &table, row);
        if (moved)
            kvc_compare(findings, &table, row, "unserved_t", *moved->amount, 9);
        else
            kvc_fail(findings, "unserved.csv:%ld: flows.csv has no such flow", table.line[row]);
    }
    if (status == KV_OK && count != table.n_rows)
        kvc_fail(findings,
                 "unserved.csv: %d rows, flows.csv has %d of goods that are not served or sold",
                 table.n_rows, count);
    return status;
}

/* ---- costs.csv ---- */

kv_status kvc_verify_costs(const kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"category", "meur_present", NULL};
    kvc_world *w = plan->world;
    kvc_table table;
    mpq_t *t = kvc_numbers(w->arena, 3);
    kv_status status = kvc_table_read(w, plan->dir, "costs.csv", columns, &table);
    for (int row = 0; status == KV_OK && row < table.n_rows; row++) {
        if (strcmp(kvc_cell(&table, row, kvc_column(&table, "category")), "reference_purchases") ==
            0)
            continue;
        kvc_cell_number(&table, row, kvc_column(&table, "meur_present"), t[0]);
        mpq_add(t[1], t[1], t[0]);
    }
    if (status != KV_OK)
        return status;
    mpq_sub(t[1], t[1], *plan->objective);
    mpq_abs(t[1], t[1]);
    mpq_set_si(t[2], table.n_rows + 1, 1000000);
    mpq_canonicalize(t[2]);
    if (mpq_cmp(t[1], t[2]) > 0)
        kvc_fail(findings,
                 "costs.csv: its parts do not add up to the plan's cost, off by %.6g MEUR",
                 kvc_double(t[1]));
    return status;
}
