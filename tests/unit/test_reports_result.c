/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that a solve leaves, against the plan and against each other. */
#include "base/file.h"
#include "base/memory.h"
#include "formulations/model.h"
#include "instances/select.h"
#include "reports/columns.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

static double number(const kv_csv *csv, int row, const char *column)
{
    int c = kv_csv_column(csv, column);
    cr_assert_geq(c, 0, "%s", column);
    return kv_csv_number(csv, row, c);
}

static const char *field(const kv_csv *csv, int row, const char *column)
{
    int c = kv_csv_column(csv, column);
    cr_assert_geq(c, 0, "%s", column);
    return kv_csv_field(csv, row, c);
}

static int close_to(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fmax(1, fmax(fabs(a), fabs(b)));
}

/* ---- costs ---- */

static void check_costs(const char *scenario)
{
    test_report report = test_report_tutorial(scenario);
    test_report_write(&report);
    kv_csv costs = test_report_table(&report, "costs.csv");
    double objective = 0, reference = 0;
    for (int i = 0; i < kv_csv_rows(&costs); i++) {
        int constant = strcmp(field(&costs, i, "category"), "reference_purchases") == 0;
        *(constant ? &reference : &objective) += number(&costs, i, "meur_present");
    }
    cr_assert(close_to(objective, report.solved.plan->objective, 1e-8));
    cr_assert(close_to(reference, report.solved.problem->constant, 1e-8));
    kv_csv_clear(&costs);
    test_report_clear(&report);
}

Test(result, costs_add_up_to_the_objective)
{
    check_costs("steady");
}

Test(result, costs_of_a_joint_plan_add_up_to_the_objective)
{
    check_costs("joint");
}

/* ---- flows ---- */

/* unit cost x amount x weight over flows.csv is the flows' part of the objective with the constant. */
Test(result, flows_carry_their_cost)
{
    test_report report = test_report_tutorial("joint");
    test_report_write(&report);
    const kv_problem *problem = report.solved.problem;
    kv_csv flows = test_report_table(&report, "flows.csv");
    double sum = 0, design = 0;
    for (int i = 0; i < kv_csv_rows(&flows); i++) {
        int block = -1;
        for (int b = 0; b < problem->n_blocks; b++) {
            const kv_block_info *info = &report.solved.map->block[b];
            if (strcmp(report.the_case->scenarios.rows[info->scenario].scenario,
                       field(&flows, i, "scenario")) == 0 &&
                strcmp(report.the_case->periods.rows[info->period].period,
                       field(&flows, i, "period")) == 0)
                block = b;
        }
        cr_assert_geq(block, 0);
        sum += problem->block_weight[block] * number(&flows, i, "amount") *
               number(&flows, i, "unit_cost_eur");
    }
    for (int j = 0; j < problem->n_design; j++)
        design += problem->design_cost[j] * report.solved.plan->design[j];
    cr_assert(close_to(sum + design - problem->constant, report.solved.plan->objective, 1e-8));
    kv_csv_clear(&flows);
    test_report_clear(&report);
}

/* What leaves a node on links and transfers and through doors is what comes in and is made there:
 * each place's node of each commodity, from the table alone, must balance with d. */
Test(result, flows_balance_at_each_place)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    const kv_problem *problem = report.solved.problem;
    const kv_map *map = report.solved.map;
    kv_csv flows = test_report_table(&report, "flows.csv");
    for (int i = 0; i < problem->n_balances; i++) {
        int v = problem->balance_node[i];
        const kv_commodity_info *k = &map->commodity[problem->balance_commodity[i]];
        if (map->node_place[v] < 0 || map->node_mode[v] != KV_MODE_ROAD)
            continue;
        const char *place = report.the_case->places.rows[map->node_place[v]].place;
        const char *product = report.the_case->products.rows[k->product].product;
        const char *origin =
            k->kind == KV_COMMODITY_FREIGHT ? report.the_case->places.rows[k->origin].place : "";
        double net = 0;
        for (int row = 0; row < kv_csv_rows(&flows); row++) {
            if (strcmp(field(&flows, row, "period"), report.the_case->periods.rows[0].period) !=
                    0 ||
                strcmp(field(&flows, row, "product"), product) != 0 ||
                strcmp(field(&flows, row, "origin"), origin) != 0)
                continue;
            if (strcmp(field(&flows, row, "from_place"), place) == 0 &&
                strcmp(field(&flows, row, "from_mode"), "road") == 0)
                net += number(&flows, row, "amount");
            if (strcmp(field(&flows, row, "to_place"), place) == 0 &&
                strcmp(field(&flows, row, "to_mode"), "road") == 0)
                net -= number(&flows, row, "amount");
        }
        cr_assert_float_eq(net, problem->balance[i], 1e-4, "%s %s %s", place, product, origin);
    }
    kv_csv_clear(&flows);
    test_report_clear(&report);
}

/* ---- plan.json ---- */

Test(result, plan_json_has_each_field_in_order)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    char *text = test_report_file(&report, "plan.json");
    json_t *plan = json_loads(text, 0, NULL);
    cr_assert_not_null(plan);
    void *at = json_object_iter(plan);
    for (int i = 0; kv_plan_fields[i].name; i++) {
        cr_assert_not_null(at);
        cr_assert_str_eq(json_object_iter_key(at), kv_plan_fields[i].name);
        at = json_object_iter_next(plan, at);
    }
    cr_assert_null(at);
    const kv_plan *p = report.solved.plan;
    cr_assert_eq(json_real_value(json_object_get(plan, "objective")), p->objective);
    cr_assert_eq(json_real_value(json_object_get(plan, "certified_bound")), p->certified_bound);
    cr_assert_eq(json_is_true(json_object_get(plan, "proved")),
                 kv_gap(p->objective, p->certified_bound) <= 1e-6);
    cr_assert_str_eq(json_string_value(json_object_get(plan, "status")), "optimal");
    cr_assert_float_eq(json_number_value(json_object_get(plan, "saving")),
                       report.solved.nothing->objective - p->objective, 1e-9);
    json_decref(plan);
    kv_free(text);
    test_report_clear(&report);
}

Test(result, without_doing_nothing_its_fields_are_null)
{
    test_report report = test_report_tutorial("steady");
    report.result.do_nothing = NULL;
    test_report_write(&report);
    char *text = test_report_file(&report, "plan.json");
    json_t *plan = json_loads(text, 0, NULL);
    cr_assert(json_is_null(json_object_get(plan, "do_nothing")));
    cr_assert(json_is_null(json_object_get(plan, "decision_gap")));
    cr_assert(json_is_number(json_object_get(plan, "certified_gap")));
    json_decref(plan);
    kv_free(text);
    test_report_clear(&report);
}

/* ---- the certificate ---- */

static double multiplier(const json_t *list, int *used, const char *format, const char *a,
                         const char *b, const char *c)
{
    kv_text name = {0};
    kv_text_add(&name, format);
    kv_text_addf(&name, ":%s%s%s%s%s", a, b ? ":" : "", b ? b : "", c ? ":" : "", c ? c : "");
    const json_t *value = json_object_get(list, name.data);
    kv_text_clear(&name);
    *used += value != NULL;
    return value ? json_number_value(value) : 0;
}

/* The multipliers of the file, read back by row name. */
static kv_multipliers *read_back(const kv_problem *p, const json_t *list)
{
    kv_multipliers *m = kv_multipliers_create(p);
    kv_model *model = NULL;
    int used = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        for (int i = 0; i < p->n_balances; i++)
            m->balance[b * p->n_balances + i] =
                multiplier(list, &used, "flow", p->node_name[p->balance_node[i]],
                           p->commodity_name[p->balance_commodity[i]], p->block_name[b]);
        for (int r = 0; r < p->n_resources; r++)
            m->resource[b * p->n_resources + r] =
                multiplier(list, &used, "resource", p->resource_name[r], p->block_name[b], NULL);
    }
    for (int i = 0; i < p->coupling.count; i++)
        m->coupling[i] = multiplier(list, &used, "coupling", p->coupling.name[i], NULL, NULL);
    for (int i = 0; i < p->side.count; i++)
        m->side[i] = multiplier(list, &used, "side", p->side.name[i], NULL, NULL);
    /* Opening rows by the names that the exported model gives them. */
    cr_assert_eq(kv_model_create(p, KV_STRONG, &model), KV_OK);
    cr_assert_eq(kv_multipliers_reserve(m, model->n_opening_rows), KV_OK);
    for (int i = 0; i < model->n_opening_rows; i++) {
        char name[512];
        kv_model_row_name(p, model, model->row_of_opening + i, name, sizeof name);
        const json_t *value = json_object_get(list, name);
        used += value != NULL;
        m->opening[m->n_opening] = model->opening_of_row[i];
        m->opening_flow[m->n_opening] = model->flow_of_opening_row[i];
        m->opening_value[m->n_opening++] = value ? json_number_value(value) : 0;
    }
    cr_assert_eq(used, (int)json_object_size(list), "each name in the file is the name of a row");
    kv_model_free(model);
    return m;
}

static void check_certificate(const char *scenario)
{
    test_report report = test_report_tutorial(scenario);
    test_report_write(&report);
    char *text = test_report_file(&report, "certificate.json");
    json_t *file = json_loads(text, 0, NULL);
    cr_assert_not_null(file);
    cr_assert_eq(json_integer_value(json_object_get(file, "version")), 2);
    const json_t *part = json_array_get(json_object_get(file, "parts"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(part, "kind")), "leaf");
    cr_assert_eq(json_array_size(json_object_get(part, "branches")), 0);
    const json_t *list = json_array_get(json_object_get(file, "pool"),
                                        json_integer_value(json_object_get(part, "multipliers")));
    cr_assert_gt(json_object_size(list), 10);
    kv_multipliers *m = read_back(report.solved.problem, list);
    double bound = kv_bound_recompute(report.solved.problem, m);
    cr_assert(close_to(bound, report.solved.plan->certified_bound, 1e-12));
    cr_assert_leq(bound, report.solved.plan->objective + 1e-6);
    kv_multipliers_free(m);
    json_decref(file);
    kv_free(text);
    test_report_clear(&report);
}

Test(result, the_bound_follows_from_the_certificate)
{
    check_certificate("steady");
}

Test(result, the_bound_of_a_joint_plan_follows_from_the_certificate)
{
    check_certificate("joint");
}

/* ---- the other tables ---- */

Test(result, budgets_add_up)
{
    test_report report = test_report_tutorial("joint");
    test_report_write(&report);
    kv_csv budgets = test_report_table(&report, "budgets.csv");
    cr_assert_gt(kv_csv_rows(&budgets), 3);
    double spent = 0;
    for (int i = 0; i < kv_csv_rows(&budgets); i++) {
        double unspent = number(&budgets, i, "unspent_meur");
        spent += number(&budgets, i, "spent_meur");
        cr_assert_float_eq(
            number(&budgets, i, "budget_meur") + number(&budgets, i, "carried_in_meur") -
                number(&budgets, i, "spent_meur") - number(&budgets, i, "carried_out_meur"),
            unspent, 1e-5);
        cr_assert_geq(unspent, -1e-5);
    }
    cr_assert_gt(spent, 0);
    kv_csv_clear(&budgets);
    test_report_clear(&report);
}

Test(result, investments_are_the_starts_of_the_plan)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    kv_csv rows = test_report_table(&report, "investments.csv");
    int n = 0;
    double present = 0, expected = 0;
    for (int j = 0; j < report.solved.problem->n_design; j++) {
        if (report.solved.map->design[j].kind != KV_DESIGN_START ||
            report.solved.plan->design[j] < 0.5)
            continue;
        expected += report.solved.problem->design_cost[j] * report.solved.plan->design[j];
        n++;
    }
    for (int i = 0; i < kv_csv_rows(&rows); i++)
        present += number(&rows, i, "present_cost_meur");
    cr_assert_gt(n, 0);
    cr_assert_eq(kv_csv_rows(&rows), n);
    cr_assert_float_eq(present, expected, 1e-5);
    kv_csv_clear(&rows);
    test_report_clear(&report);
}

Test(result, access_is_never_dearer_with_the_plan)
{
    test_report report = test_report_tutorial("boom");
    test_report_write(&report);
    kv_csv access = test_report_table(&report, "access.csv");
    int cheaper = 0;
    cr_assert_gt(kv_csv_rows(&access), 0);
    for (int i = 0; i < kv_csv_rows(&access); i++) {
        double with = number(&access, i, "cost_eur_per_t");
        double without = number(&access, i, "cost_eur_per_t_without");
        if (isnan(without))
            continue;
        cr_assert_leq(with, without + 1e-9);
        cheaper += with < without - 1e-6;
    }
    cr_assert_gt(cheaper, 0);
    kv_csv_clear(&access);
    test_report_clear(&report);
}

Test(result, modal_split_adds_up_to_one)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    kv_csv emissions = test_report_table(&report, "emissions.csv");
    double share = 0;
    for (int i = 0; i < kv_csv_rows(&emissions); i++)
        share += number(&emissions, i, "share");
    cr_assert_float_eq(share, report.the_case->periods.count, 1e-6);
    kv_csv_clear(&emissions);
    test_report_clear(&report);
}

Test(result, sourcing_shares_add_up_to_one)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    kv_csv rows = test_report_table(&report, "sourcing.csv");
    cr_assert_gt(kv_csv_rows(&rows), 0);
    for (int i = 0; i < kv_csv_rows(&rows); i++) {
        double sum = 0;
        for (int k = 0; k < kv_csv_rows(&rows); k++) {
            if (strcmp(field(&rows, k, "product"), field(&rows, i, "product")) == 0 &&
                strcmp(field(&rows, k, "period"), field(&rows, i, "period")) == 0)
                sum += number(&rows, k, "share");
        }
        cr_assert_float_eq(sum, 1, 1e-6);
    }
    kv_csv_clear(&rows);
    test_report_clear(&report);
}

/* ---- writing ---- */

Test(result, the_same_bytes_when_written_again)
{
    test_report report = test_report_tutorial("joint");
    for (int t = 0; t < KV_OUT_PROGRESS; t++) {
        test_report_write(&report);
        char *first = test_report_file(&report, kv_report_tables[t].file);
        test_report_write(&report);
        char *second = test_report_file(&report, kv_report_tables[t].file);
        cr_assert_str_eq(first, second);
        kv_free(first);
        kv_free(second);
    }
    test_report_clear(&report);
}

Test(result, without_a_plan_tables_have_no_rows)
{
    test_report report = test_report_tutorial("steady");
    int status = report.solved.plan->status;
    report.solved.plan->status = KV_PLAN_INFEASIBLE;
    test_report_write(&report);
    report.solved.plan->status = status;
    for (int t = 0; t <= KV_OUT_PROGRESS; t++) {
        kv_csv csv = test_report_table(&report, kv_report_tables[t].file);
        cr_assert_eq(kv_csv_rows(&csv), 0, "%s", kv_report_tables[t].file);
        cr_assert_eq(csv.n_lines, 1);
        kv_csv_clear(&csv);
    }
    char *summary = test_report_file(&report, "summary.txt");
    cr_assert_not_null(strstr(summary, "No plan exists"));
    kv_free(summary);
    test_report_clear(&report);
}

Test(result, a_file_in_the_way_is_a_fault)
{
    test_report report = test_report_tutorial("steady");
    kv_messages *messages = kv_messages_create();
    test_folder_put(report.folder, "taken", "");
    char *path = kv_path_join(report.folder, "taken");
    cr_assert_eq(kv_result_write(&report.result, path, messages), KV_ERR_IO);
    cr_assert_eq(kv_messages_faults(messages), 1);
    kv_free(path);
    kv_messages_free(messages);
    test_report_clear(&report);
}

Test(result, no_memory_at_any_point)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report); /* makes the folder: later writes allocate a little less */
    long before = kv_memory_count();
    cr_assert_eq(kv_result_write(&report.result, report.folder, NULL), KV_OK);
    long all = kv_memory_count() - before, step = all / 300 + 1;
    for (long n = 1; n <= all; n += step) {
        kv_memory_fail_at(n, 1);
        kv_status status = kv_result_write(&report.result, report.folder, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert_eq(status, KV_ERR_MEMORY, "allocation %ld of %ld: %s", n, all,
                     kv_status_text(status));
    }
    test_report_clear(&report);
}

Test(result, progress_is_written_as_it_came)
{
    test_report report = test_report_tutorial("steady");
    const kv_progress progress[] = {{0.5, 10, 0, 0, -5, "root"}, {1.25, 20, 1, 7, -4, "search"}};
    report.result.progress = progress;
    report.result.n_progress = 2;
    test_report_write(&report);
    kv_csv csv = test_report_table(&report, "progress.csv");
    cr_assert_eq(kv_csv_rows(&csv), 2);
    cr_assert_str_eq(field(&csv, 0, "incumbent"), "");
    cr_assert_eq(number(&csv, 1, "incumbent"), 7);
    cr_assert_eq(number(&csv, 1, "work"), 20);
    cr_assert_eq(number(&csv, 0, "bound"), -5);
    kv_csv_clear(&csv);
    test_report_clear(&report);
}

Test(result, the_region_supplies_what_its_refinery_makes)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    kv_csv sourcing = test_report_table(&report, "sourcing.csv");
    kv_csv regional = test_report_table(&report, "regional.csv");
    int seen = 0;
    for (int i = 0; i < kv_csv_rows(&sourcing); i++) {
        if (strcmp(field(&sourcing, i, "site"), "ore_refinery") != 0)
            continue;
        cr_assert_str_eq(field(&sourcing, i, "in_region"), "yes");
        /* Cathode material has one user, so what is supplied is what is used. */
        for (int k = 0; k < kv_csv_rows(&regional); k++) {
            if (strcmp(field(&regional, k, "product"), "cathode") != 0 ||
                strcmp(field(&regional, k, "period"), field(&sourcing, i, "period")) != 0)
                continue;
            cr_assert_float_eq(number(&regional, k, "share"), number(&sourcing, i, "share"), 1e-6);
            seen++;
        }
    }
    cr_assert_gt(seen, 0);
    kv_csv_clear(&sourcing);
    kv_csv_clear(&regional);
    test_report_clear(&report);
}
