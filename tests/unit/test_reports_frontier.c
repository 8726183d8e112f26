/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "reports/frontier.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

Test(frontier, point_of_a_plan)
{
    test_report report = test_report_tutorial("steady");
    kv_frontier_point point;
    double budgets = 0, spent = 0;
    cr_assert_eq(kv_frontier_fill(&report.result, 0.5, &point), KV_OK);
    for (int i = 0; i < report.the_case->budgets.count; i++)
        budgets += report.the_case->budgets.rows[i].amount_meur;
    for (int j = 0; j < report.solved.problem->n_design; j++) {
        if (report.solved.map->design[j].kind == KV_DESIGN_START)
            spent += report.solved.map->design[j].cost_meur * report.solved.plan->design[j];
    }
    cr_assert_float_eq(point.budget_meur, 0.5 * budgets, 1e-9);
    cr_assert_float_eq(point.spent_meur, spent, 1e-9);
    cr_assert_eq(point.objective, report.solved.plan->objective);
    cr_assert_eq(point.do_nothing, report.solved.nothing->objective);
    cr_assert_str_eq(point.scenario, "steady");
    kv_frontier_clear(&point);
    test_report_clear(&report);
}

Test(frontier, tables_of_two_points)
{
    test_report report = test_report_tutorial("steady");
    kv_frontier_point points[2];
    cr_assert_eq(kv_frontier_fill(&report.result, 0.5, &points[0]), KV_OK);
    cr_assert_eq(kv_frontier_fill(&report.result, 1, &points[1]), KV_OK);
    int n = points[0].n_projects;
    for (int p = 0; p < n; p++) { /* project 0 in both, 1 in the second, no other */
        for (int i = 0; i < 2; i++) {
            points[i].units[p] = p == 0 || (p == 1 && i == 1);
            points[i].start_year[p] = points[i].units[p] > 0 ? 2026 + 3 * i : (double)NAN;
        }
    }
    points[0].objective = 110;
    points[0].bound = 99;
    points[0].do_nothing = 121;
    cr_assert_eq(kv_frontier_write(report.the_case, points, 2, report.folder, NULL), KV_OK);
    kv_csv frontier = test_report_table(&report, "frontier.csv");
    kv_csv projects = test_report_table(&report, "projects.csv");
    cr_assert_eq(kv_csv_rows(&frontier), 2);
    cr_assert_float_eq(kv_csv_number(&frontier, 0, kv_csv_column(&frontier, "gap")), 0.1, 1e-9);
    cr_assert_float_eq(kv_csv_number(&frontier, 0, kv_csv_column(&frontier, "decision_gap")), 0.5,
                       1e-9);
    cr_assert_eq(kv_csv_number(&frontier, 1, kv_csv_column(&frontier, "built")), 2);
    cr_assert_eq(kv_csv_rows(&projects), n);
    cr_assert_str_eq(kv_csv_field(&projects, 0, kv_csv_column(&projects, "always")), "yes");
    cr_assert_eq(kv_csv_number(&projects, 0, kv_csv_column(&projects, "mean_start_year")), 2027.5);
    cr_assert_eq(kv_csv_number(&projects, 1, kv_csv_column(&projects, "first_budget")), 1);
    cr_assert_eq(kv_csv_number(&projects, 1, kv_csv_column(&projects, "share_of_plans")), 0.5);
    cr_assert_str_eq(kv_csv_field(&projects, 2, kv_csv_column(&projects, "never")), "yes");
    cr_assert_str_eq(kv_csv_field(&projects, 2, kv_csv_column(&projects, "first_budget")), "");
    kv_csv_clear(&frontier);
    kv_csv_clear(&projects);
    kv_frontier_clear(&points[0]);
    kv_frontier_clear(&points[1]);
    test_report_clear(&report);
}

Test(frontier, a_point_without_a_plan)
{
    test_report report = test_report_tutorial("steady");
    kv_frontier_point point;
    int status = report.solved.plan->status;
    report.solved.plan->status = KV_PLAN_NONE;
    cr_assert_eq(kv_frontier_fill(&report.result, 1, &point), KV_OK);
    report.solved.plan->status = status;
    cr_assert_eq(kv_frontier_write(report.the_case, &point, 1, report.folder, NULL), KV_OK);
    kv_csv frontier = test_report_table(&report, "frontier.csv");
    cr_assert_str_eq(kv_csv_field(&frontier, 0, kv_csv_column(&frontier, "status")), "no_plan");
    cr_assert_str_eq(kv_csv_field(&frontier, 0, kv_csv_column(&frontier, "objective")), "");
    kv_csv_clear(&frontier);
    kv_frontier_clear(&point);
    test_report_clear(&report);
}
