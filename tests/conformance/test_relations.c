/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold between the optima of related cases, whatever they are. */
#include "base/memory.h"
#include "oracle/tiny_case.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 40 };
static const double same = 1e-7;

static double size_of(double a, double b)
{
    return fmax(1, fmax(fabs(a), fabs(b)));
}

/* The optimum; INFINITY when no plan exists. */
static double optimum(const kv_case *c, int scenario, double budget_factor)
{
    test_solved solved = test_build_budget(c, scenario, (double[]){0, 0}, budget_factor);
    test_solve(&solved, "glpk", KV_STRONG);
    double value = solved.plan->status == KV_PLAN_OPTIMAL ? solved.plan->bound : INFINITY;
    test_solved_clear(&solved);
    return value;
}

static kv_case *read_seed(const char *folder, unsigned seed)
{
    cr_assert(oracle_tiny_write(folder, seed, NULL) == KV_OK);
    return test_read_case(folder);
}

Test(relations, more_budget_never_hurts)
{
    char *folder = test_folder();
    int gains = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        double last = INFINITY;
        for (int step = 0; step < 4; step++) {
            double value = optimum(c, -1, 0.5 * step);
            cr_expect(isinf(last) || value <= last + same * size_of(value, last),
                      "seed %u: %g with less budget, %g with more", seed, last, value);
            gains += value < last - 1e-6;
            last = value;
        }
        kv_case_free(c);
    }
    cr_expect(gains > SEEDS / 4, "budgets matter in %d steps only", gains);
    test_remove(folder);
    free(folder);
}

/* Where everything may differ between scenarios, they are planned apart; else knowing the
 * scenario first is worth something and never costs. */
Test(relations, scenarios_together_and_apart)
{
    char *folder = test_folder();
    int compared = 0, differ = 0;
    for (unsigned seed = 1; seed <= 3 * SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        double apart = 0;
        for (int s = 0; s < c->scenarios.count; s++) {
            apart += c->scenarios.rows[s].probability * optimum(c, s, 1);
        }
        if (c->scenarios.count > 1 && isfinite(apart)) {
            c->the_case.rows[0].risk = KV_RISK_EXPECTED;
            double together = optimum(c, -1, 1);
            cr_expect(together >= apart - same * size_of(apart, 1),
                      "seed %u: together %.12g, apart %.12g", seed, together, apart);
            differ += together > apart + 1e-6;
            c->the_case.rows[0].decision_year = 2000;
            double free_to_differ = optimum(c, -1, 1);
            cr_expect(fabs(free_to_differ - apart) <= same * size_of(apart, 1),
                      "seed %u: free to differ %.12g, apart %.12g", seed, free_to_differ, apart);
            compared++;
        }
        kv_case_free(c);
    }
    cr_expect(compared > 20 && differ > 3, "%d compared, %d differ", compared, differ);
    test_remove(folder);
    free(folder);
}

#define SCALE(table, field)                                                                        \
    for (int i = 0; i < c->table.count; i++) {                                                     \
        c->table.rows[i].field *= factor;                                                          \
    }

static void scale_money(kv_case *c, double factor){
    SCALE(the_case, unserved_price_eur_per_t) SCALE(links, toll_eur_per_t)
        SCALE(links, ice_eur_per_t) SCALE(transfers, cost_eur_per_t)
            SCALE(energy, price_eur_per_kwh) SCALE(technologies, cost_eur_per_km)
                SCALE(technologies, cost_eur_per_tkm) SCALE(technologies, vehicle_price_eur)
                    SCALE(technologies, vehicle_fixed_eur_per_year)
                        SCALE(technology_periods, cost_eur_per_km)
                            SCALE(technology_periods, cost_eur_per_tkm) SCALE(technology_periods,
                                                                              vehicle_price_eur)
                                SCALE(products, value_of_time_eur_per_t_h)
                                    SCALE(products, unserved_price_eur_per_t) SCALE(sites,
                                                                                    price_eur_per_t)
                                        SCALE(sites, unserved_price_eur_per_t)
                                            SCALE(budgets, amount_meur) SCALE(projects, cost_meur)
                                                SCALE(projects, operating_meur_per_year)
                                                    SCALE(policies, carbon_price_eur_per_t)}

Test(relations, scaled_money_scales_the_objective)
{
    char *folder = test_folder();
    int compared = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        if (c->changes.count == 0) {
            double before = optimum(c, -1, 1);
            scale_money(c, 3);
            double after = optimum(c, -1, 1);
            cr_expect((isinf(before) && isinf(after)) ||
                          fabs(after - 3 * before) <= same * size_of(after, 1),
                      "seed %u: %.12g becomes %.12g", seed, before, after);
            compared++;
        }
        kv_case_free(c);
    }
    cr_expect(compared > SEEDS / 2);
    test_remove(folder);
    free(folder);
}

/* The table with its rows from the last to the first. */
static void reverse_rows(const char *path)
{
    char *text = test_read(path);
    if (!text) {
        return;
    }
    char *reversed = calloc(strlen(text) + 2, 1);
    size_t header = strcspn(text, "\n") + 1, end = strlen(text);
    memcpy(reversed, text, header);
    while (end > header) {
        size_t start = end - 1;
        while (start > header && text[start - 1] != '\n') {
            start--;
        }
        strncat(reversed, text + start, end - start);
        end = start;
    }
    test_write(path, reversed);
    free(reversed);
    free(text);
}

Test(relations, order_of_rows_changes_nothing)
{
    static const char *const files[] = {
        "places.csv",   "products.csv",           "links.csv",    "terminals.csv", "carriers.csv",
        "energy.csv",   "technologies.csv",       "recipes.csv",  "sites.csv",     "freight.csv",
        "funders.csv",  "technology_periods.csv", "budgets.csv",  "projects.csv",  "effects.csv",
        "funding.csv",  "energy_points.csv",      "policies.csv", "rules.csv",     "transfers.csv",
        "scenarios.csv"};
    char *folder = test_folder();
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        double before = optimum(c, -1, 1);
        kv_case_free(c);
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            char *path = test_path(folder, files[i]);
            reverse_rows(path);
            free(path);
        }
        c = test_read_case(folder);
        double after = optimum(c, -1, 1);
        cr_expect((isinf(before) && isinf(after)) ||
                      fabs(after - before) <= same * size_of(after, before),
                  "seed %u: %.12g becomes %.12g", seed, before, after);
        kv_case_free(c);
    }
    test_remove(folder);
    free(folder);
}

Test(relations, a_run_repeated_is_the_same_to_the_last_bit)
{
    char *folder = test_folder();
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        test_solved a = test_build(c, -1, (double[]){0, 0});
        test_solved b = test_build(c, -1, (double[]){0, 0});
        test_solve(&a, "glpk", KV_STRONG);
        test_solve(&b, "glpk", KV_STRONG);
        size_t flows = (size_t)a.problem->n_blocks * (size_t)a.problem->n_flows;
        size_t design = (size_t)a.problem->n_design;
        cr_expect(a.plan->status == b.plan->status, "seed %u", seed);
        cr_expect(a.plan->work == b.plan->work && a.plan->nodes == b.plan->nodes, "seed %u", seed);
        cr_expect(memcmp(a.plan->flow, b.plan->flow, flows * sizeof(double)) == 0, "seed %u", seed);
        cr_expect(memcmp(a.plan->design, b.plan->design, design * sizeof(double)) == 0, "seed %u",
                  seed);
        test_solved_clear(&a);
        test_solved_clear(&b);
        kv_case_free(c);
    }
    test_remove(folder);
    free(folder);
}
