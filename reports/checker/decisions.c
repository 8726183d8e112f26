/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is built and bought, and the rows that speak of it alone. */
#include "reports/checker/plan.h"

#include <math.h>
#include <string.h>

/* ---- what both files need ---- */

int kvc_slot_of(const kvc_world *world, const char *scenario)
{
    for (int s = 0; s < world->n_slots; s++) {
        if (strcmp(kvc_slot_name(world, s), scenario) == 0)
            return s;
    }
    return -1;
}

int kvc_period_of(const kvc_world *world, const char *period)
{
    for (int p = 0; p < world->n_periods; p++) {
        if (strcmp(world->given->periods.rows[p].period, period) == 0)
            return p;
    }
    return -1;
}

void kvc_compare(kvc_findings *findings, const kvc_table *table, int row, const char *column,
                 const mpq_t exact, int decimals)
{
    kvc_world *w = findings->world;
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *t = kvc_numbers(w->arena, 4);
    const int at = kvc_column(table, column);
    if (at < 0 || kvc_cell_number(table, row, at, t[0]) != 0) {
        kvc_release(w->arena, mark);
        return;
    }
    kvc_set_power(t[1], 1, decimals);
    mpq_mul(t[2], t[0], t[1]);
    kvc_set_power(t[1], 1, -12);
    mpq_abs(t[3], exact);
    mpq_mul(t[1], t[1], t[3]); /* what doubles may lose */
    if (mpz_cmp_ui(mpq_denref(t[2]), 1) == 0) {
        kvc_set_power(t[2], 1, -decimals);
        mpq_div_2exp(t[2], t[2], 1);
        mpq_add(t[1], t[1], t[2]);
    }
    mpq_sub(t[0], t[0], exact);
    mpq_abs(t[0], t[0]);
    mpq_set_ui(t[3], 1, 1);
    const int differs = mpq_cmp(t[0], t[1]) > 0;
    kv_text name = {0};
    if (!differs)
        mpq_set_ui(t[0], 0, 1);
    if (kvc_row_seen(findings, KVC_FIGURE, t[0], t[3])) {
        kv_text_addf(&name, "%s:%ld: %s", table->name, table->line[row], column);
        kvc_blame(findings, &name, "");
    }
    kvc_release(w->arena, mark);
}

/* ---- investments.csv ---- */

static int start_of(const kvc_world *w, const char *project, const char *scenario,
                    const char *period)
{
    const int slot = strcmp(scenario, "all") == 0 ? -1 : kvc_slot_of(w, scenario);
    const int at = kvc_period_of(w, period);
    for (int j = 0; j < w->n_starts; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        if (d->period == at && d->slot == slot &&
            strcmp(w->given->projects.rows[d->project].project, project) == 0)
            return j;
    }
    return -1;
}

/* Undiscounted cost of a unit, the mean over the scenarios for a common start. */
static void unit_cost(const kvc_world *w, int design, mpq_t cost, mpq_t *t)
{
    const kvc_design *d = &KVC_AT(kvc_design, w->design, design);
    mpq_set_ui(cost, 0, 1);
    for (int s = 0; s < w->n_slots; s++) {
        if (!kvc_in_slot(w, design, s))
            continue;
        kvc_set(t[0], w->view[s]->projects.rows[d->project].cost_meur);
        if (d->slot < 0)
            mpq_mul(t[0], t[0], w->probability[s]);
        mpq_add(cost, cost, t[0]);
    }
}

static kv_status read_investments(kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"project", "scenario", "start_period", "units", NULL};
    kvc_world *w = plan->world;
    kvc_table table;
    kv_status status = kvc_table_read(w, plan->dir, "investments.csv", columns, &table);
    mpq_t *t = kvc_numbers(w->arena, 4);
    int at[4];
    for (int i = 0; i < 4 && status == KV_OK; i++)
        at[i] = kvc_column(&table, columns[i]);
    for (int row = 0; status == KV_OK && row < table.n_rows; row++) {
        const int j = start_of(w, kvc_cell(&table, row, at[0]), kvc_cell(&table, row, at[1]),
                               kvc_cell(&table, row, at[2]));
        if (kvc_cell_needed(&table, row, at[3], t[0]) != 0) {
            status = KV_ERR_INPUT;
        } else if (j < 0) {
            kvc_fail(findings, "investments.csv:%ld: the case has no such start", table.line[row]);
        } else {
            mpq_add(plan->design[j], plan->design[j], t[0]);
            unit_cost(w, j, t[1], t + 2);
            mpq_mul(t[1], t[1], t[0]);
            kvc_compare(findings, &table, row, "cost_meur", t[1], 6);
            mpq_mul(t[1], w->cost[j], t[0]);
            kvc_compare(findings, &table, row, "present_cost_meur", t[1], 6);
        }
    }
    return status;
}

/* ---- fleet.csv ---- */

static int technology_of(const kv_case *c, const char *name)
{
    for (int q = 0; q < c->technologies.count; q++) {
        if (strcmp(c->technologies.rows[q].technology, name) == 0)
            return q;
    }
    return -1;
}

/* rhs less all other terms of the row that the variable stands in with coefficient 1. */
static void solve_row(const kvc_plan *plan, const char *name, int design, mpq_t value)
{
    const kvc_world *w = plan->world;
    const kvc_row *row = &KVC_AT(kvc_row, w->side, kvc_find(w->side_names, name));
    mpq_t t;
    mpq_init(t);
    mpq_set(value, *row->rhs);
    for (int e = row->first; e < row->first + row->count; e++) {
        const kvc_entry *entry = &KVC_AT(kvc_entry, w->side_entry, e);
        if (entry->design == design)
            continue;
        mpq_mul(t, *entry->value, plan->design[entry->design]);
        mpq_sub(value, value, t);
    }
    mpq_clear(t);
}

static void read_vehicles(kvc_plan *plan, kvc_findings *findings, const kvc_table *table, int row,
                          unsigned char *seen, mpq_t *t)
{
    kvc_world *w = plan->world;
    const int q = technology_of(w->given, kvc_cell(table, row, kvc_column(table, "technology")));
    const int slot = kvc_slot_of(w, kvc_cell(table, row, kvc_column(table, "scenario")));
    const int period = kvc_period_of(w, kvc_cell(table, row, kvc_column(table, "period")));
    if (q < 0 || slot < 0 || period < 0) {
        kvc_fail(findings, "fleet.csv:%ld: the case has no such fleet", table->line[row]);
        return;
    }
    const int j = w->purchase[kvc_fleet_at(w, q, slot, period)];
    if (j < 0 || kvc_cell_number(table, row, kvc_column(table, "purchases"), t[0]) != 0)
        return;
    if (seen[j] && !mpq_equal(plan->design[j], t[0]))
        kvc_fail(findings,
                 "fleet.csv:%ld: purchases differ between scenarios that they are common to",
                 table->line[row]);
    seen[j] = 1;
    mpq_set(plan->design[j], t[0]);
}

static kv_status read_fleet(kvc_plan *plan, kvc_findings *findings)
{
    static const char *const columns[] = {"technology", "scenario", "period",
                                          "purchases",  "stock",    NULL};
    kvc_world *w = plan->world;
    kvc_table table;
    mpq_t *t = kvc_numbers(w->arena, 2);
    unsigned char *seen = kvc_alloc(w->arena, (size_t)w->design.count, 1);
    kv_status status = kvc_table_read(w, plan->dir, "fleet.csv", columns, &table);
    for (int row = 0; status == KV_OK && row < table.n_rows; row++)
        read_vehicles(plan, findings, &table, row, seen, t);
    for (int j = 0; status == KV_OK && j < w->design.count; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        if (d->kind == KVC_STOCK)
            solve_row(plan,
                      kvc_format(w->arena, "stock:%s:%s:%s",
                                 w->given->technologies.rows[d->technology].technology,
                                 w->given->periods.rows[d->period].period,
                                 kvc_slot_name(w, d->slot)),
                      j, plan->design[j]);
    }
    for (int row = 0; status == KV_OK && row < table.n_rows; row++) {
        const int q = technology_of(w->given, kvc_cell(&table, row, 0));
        const int slot = kvc_slot_of(w, kvc_cell(&table, row, kvc_column(&table, "scenario")));
        const int period = kvc_period_of(w, kvc_cell(&table, row, kvc_column(&table, "period")));
        const int j =
            q < 0 || slot < 0 || period < 0 ? -1 : w->stock[kvc_fleet_at(w, q, slot, period)];
        if (j >= 0)
            kvc_compare(findings, &table, row, "stock", plan->design[j], 6);
    }
    return status;
}

/* ---- carry-over ---- */

static char *budget_name(const kvc_world *w, int funder, int slot, int period)
{
    return kvc_format(w->arena, "budget:%s:%s:%s", w->given->funders.rows[funder].funder,
                      w->given->periods.rows[period].period,
                      kvc_row_scenario(w, w->budgets_differ, slot));
}

/* Carrying on all that is left costs nothing, so a budget holds if it holds so. */
static void carry_on(kvc_plan *plan)
{
    kvc_world *w = plan->world;
    for (int cell = 0; cell < w->given->funders.count * w->n_blocks; cell++) {
        const int funder = cell / w->n_blocks, slot = cell % w->n_blocks / w->n_periods;
        const int period = cell % w->n_periods, j = kvc_carry_at(w, funder, slot, period);
        if (j < 0)
            continue;
        solve_row(plan, budget_name(w, funder, slot, period), j, plan->design[j]);
        if (mpq_sgn(plan->design[j]) < 0)
            mpq_set_ui(plan->design[j], 0, 1);
        if (mpq_cmp(plan->design[j], w->upper[j]) > 0)
            mpq_set(plan->design[j], w->upper[j]);
    }
}

kv_status kvc_plan_decisions(kvc_plan *plan, kvc_findings *findings)
{
    plan->design = kvc_numbers(plan->world->arena, (size_t)plan->world->design.count);
    kv_status status = read_investments(plan, findings);
    if (status == KV_OK)
        status = read_fleet(plan, findings);
    if (status == KV_OK)
        carry_on(plan);
    return status;
}

/* ---- verification ---- */

typedef struct adding {
    const kvc_plan *plan;
    mpq_ptr sum;
} adding;

static void add_start(void *context, int design)
{
    const adding *a = context;
    mpq_add(a->sum, a->sum, a->plan->design[design]);
}

void kvc_sum_started(const kvc_plan *plan, int opening, int block, mpq_t sum)
{
    adding a = {plan, sum};
    kvc_opening_starts(plan->world, opening, block, add_start, &a);
}

static void seen_design(kvc_findings *f, kvc_kind kind, int design, const mpq_t violation,
                        const mpq_t size)
{
    kv_text name = {0};
    if (!kvc_row_seen(f, kind, violation, size))
        return;
    kv_text_addf(&name, "%s%s",
                 kind == KVC_WHOLE ? "whole:" : "y:", kv_pool_text(f->world->design_names, design));
    kvc_blame(f, &name, "");
}

static void verify_box(const kvc_plan *plan, kvc_findings *f, int j, mpq_t *t)
{
    const kvc_world *w = plan->world;
    mpq_sub(t[0], plan->design[j], w->upper[j]);
    mpq_sub(t[1], w->lower[j], plan->design[j]);
    if (mpq_cmp(t[1], t[0]) > 0)
        mpq_swap(t[0], t[1]);
    mpq_abs(t[2], w->upper[j]);
    mpq_set_ui(t[3], 1, 1);
    seen_design(f, KVC_BOUNDS, j, t[0], mpq_cmp(t[2], t[3]) > 0 ? t[2] : t[3]);
    if (!KVC_AT(kvc_design, w->design, j).integer)
        return;
    mpq_set(t[0], plan->design[j]);
    kvc_round_to(t[0], t[3], t[1]);
    mpq_sub(t[0], t[0], plan->design[j]);
    mpq_abs(t[0], t[0]);
    seen_design(f, KVC_WHOLE, j, t[0], t[3]);
}

static void verify_side(const kvc_plan *plan, kvc_findings *f, int i, mpq_t *t)
{
    const kvc_world *w = plan->world;
    const kvc_row *row = &KVC_AT(kvc_row, w->side, i);
    const char *text = kv_pool_text(w->side_names, i);
    const int budget = strncmp(text, "budget:", 7) == 0;
    mpq_neg(t[0], *row->rhs);
    mpq_abs(t[1], *row->rhs); /* size */
    if (mpq_cmp_ui(t[1], 1, 1) < 0)
        mpq_set_ui(t[1], 1, 1);
    for (int e = row->first; e < row->first + row->count; e++) {
        const kvc_entry *entry = &KVC_AT(kvc_entry, w->side_entry, e);
        mpq_mul(t[2], *entry->value, plan->design[entry->design]);
        mpq_add(t[0], t[0], t[2]);
        mpq_abs(t[2], t[2]);
        if (mpq_cmp(t[2], t[1]) > 0)
            mpq_set(t[1], t[2]);
    }
    if (row->sense == 'E')
        mpq_abs(t[0], t[0]);
    kv_text name = {0};
    if (!kvc_row_seen(f, budget ? KVC_BUDGETS : KVC_SIDES, t[0], t[1]))
        return;
    kv_text_addf(&name, "side:%s", text);
    kvc_blame(f, &name, budget ? "MEUR" : "");
}

void kvc_verify_decisions(const kvc_plan *plan, kvc_findings *findings)
{
    const kvc_world *w = plan->world;
    mpq_t *t = kvc_numbers(w->arena, 4);
    for (int j = 0; j < w->design.count; j++)
        verify_box(plan, findings, j, t);
    for (int i = 0; i < w->side.count; i++)
        verify_side(plan, findings, i, t);
}
