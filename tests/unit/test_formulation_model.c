/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and columns of a design problem, their names, and what other programs read of them. */
#include "support/process.h"
#include "support/small_case.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two products over a road that is to be opened and takes 700 t; 500 t of each are wanted. */
#define ONE_ROAD                                                                                   \
    "links.csv",                                                                                   \
        "link,from,to,mode,length_km,open,capacity\nab,a,b,road,100,no,700\nac,a,c,road,90,yes,\n" \
        "cb,c,b,road,90,yes,\n",                                                                   \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,500\na,b,acid,500\n", "projects.csv",  \
        "project,cost_meur,life_years\nroad,0.003,5\n", "effects.csv",                             \
        "project,effect,link\nroad,open_link,ab\n", "funders.csv", "funder\nstate\n",              \
        "funding.csv", "project,funder,share\nroad,state,1\n"

static int row_named(const kv_problem *p, const kv_model *m, const char *name)
{
    char buffer[300];
    for (int i = 0; i < m->n_rows; i++) {
        kv_model_row_name(p, m, i, buffer, sizeof buffer);
        if (strcmp(buffer, name) == 0)
            return i;
    }
    return -1;
}

/* The coefficient, 0 where there is none. */
static double entry(const kv_model *m, int row, int column)
{
    for (size_t e = m->column_first[column]; e < m->column_first[column + 1]; e++) {
        if (m->row[e] == row)
            return m->value[e];
    }
    return 0;
}

Test(formulation_model, weak_rows_are_capped_by_the_resource)
{
    small_case s = small_case_solve((const char *const[]){ONE_ROAD, NULL});
    kv_model *weak, *strong;
    cr_assert(kv_model_create(s.problem, KV_WEAK, &weak) == KV_OK);
    cr_assert(kv_model_create(s.problem, KV_STRONG, &strong) == KV_OK);
    /* one project: its start is column 0; 2 x 500 t would fit, the link takes 700 */
    int row = row_named(s.problem, weak, "open:ab:f:truck:0:*:base/p1");
    cr_assert(row >= weak->row_of_opening);
    cr_expect(entry(weak, row, 0) == -700);
    cr_expect(weak->row_upper[row] == 0 && weak->row_lower[row] <= -1e30);
    cr_expect(weak->flow_of_opening_row[row - weak->row_of_opening] == -1);
    row = row_named(s.problem, strong, "open:ab:f:truck:0:ore@a:base/p1");
    cr_assert(row >= strong->row_of_opening);
    cr_expect(entry(strong, row, 0) == -500);
    cr_expect(strong->n_opening_rows == 4 && weak->n_opening_rows == 2);
    row = row_named(s.problem, weak, "resource:link:ab:base/p1");
    cr_assert(row >= 0);
    cr_expect(weak->row_upper[row] == 700);
    const int f = test_flow(s.problem, "ab:f:truck", "ore@a");
    cr_expect(entry(weak, row, weak->column_of_flow[f]) == 1);
    cr_expect(weak->cost[weak->column_of_flow[f]] == 1e-6 * 10);
    kv_model_free(weak);
    kv_model_free(strong);
    small_case_clear(&s);
}

/* Every row and column has its own name, and the reverse tables agree. */
Test(formulation_model, rows_and_columns_are_named)
{
    small_case s = small_case_solve((const char *const[]){ONE_ROAD, NULL});
    const kv_problem *p = s.problem;
    kv_model *m;
    kv_pool *pool = kv_pool_create();
    char buffer[300];
    cr_assert(kv_model_create(p, KV_STRONG, &m) == KV_OK);
    for (int i = 0; i < m->n_rows; i++) {
        kv_model_row_name(p, m, i, buffer, sizeof buffer);
        cr_expect(kv_pool_add(pool, buffer, strlen(buffer)) == i, "%s", buffer);
    }
    for (int j = 0; j < m->n_columns; j++) {
        kv_model_column_name(p, m, j, buffer, sizeof buffer);
        cr_expect(kv_pool_add(pool, buffer, strlen(buffer)) == m->n_rows + j, "%s", buffer);
        int pair = m->flow_of_column[j];
        cr_expect(pair < 0 ? j < p->n_design : m->column_of_flow[pair] == j);
    }
    cr_expect(kv_pool_find(pool, "flow:b:ore@a:base/p1", 20) >= 0);
    cr_expect(kv_pool_find(pool, "y:start:road:p1", 15) >= 0);
    cr_expect(kv_pool_find(pool, "x:unserved:b:ore@a:base/p1", 26) >= 0);
    kv_model_column_name(p, m, m->n_columns - 1, buffer, 9);
    cr_expect(strlen(buffer) == 8 && buffer[7] == '~', "a cut name ends in ~: %s", buffer);
    kv_pool_free(pool);
    kv_model_free(m);
    small_case_clear(&s);
}

/* A flow that cannot be is no column, a row that binds nothing no row. */
Test(formulation_model, empty_rows_and_columns_are_left_out)
{
    small_case s = small_case_solve((const char *const[]){
        ONE_ROAD, "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n",
        "policies.csv", "from_period,carbon_price_eur_per_t,carbon_cap_kt_per_year\np2,0,1\n",
        NULL});
    kv_model *m;
    cr_assert(kv_model_create(s.problem, KV_STRONG, &m) == KV_OK);
    int columns = s.problem->n_design;
    for (int i = 0; i < s.problem->n_blocks * s.problem->n_flows; i++)
        columns += s.problem->flow_upper[i] > 0;
    cr_expect(m->n_columns == columns);
    for (int b = 0; b < 2; b++) { /* nothing emits carbon */
        int r = test_resource(s.problem, "carbon");
        cr_expect(r >= 0 && m->row_of_resource[b * s.problem->n_resources + r] == -1);
    }
    kv_model_free(m);
    small_case_clear(&s);
}

/* The number after `key` in a file, NaN when it is not there. */
static double number_after(const char *path, const char *key)
{
    char *text = test_read(path);
    char *at = text ? strstr(text, key) : NULL;
    double value = at ? strtod(at + strlen(key), NULL) : NAN;
    free(text);
    return value;
}

static double objective_by(const char *program, const char *reading, const char *model,
                           const char *folder)
{
    char command[2000];
    char *answer = test_path(folder, "answer.txt");
    if (strcmp(program, "cbc") == 0)
        snprintf(command, sizeof command, "cbc '%s' ratioGap 0 solve solution '%s' >/dev/null 2>&1",
                 model, answer);
    else
        snprintf(command, sizeof command, "glpsol %s '%s' -o '%s' >/dev/null 2>&1", reading, model,
                 answer);
    cr_assert(system(command) == 0, "%s", command);
    double value =
        number_after(answer, strcmp(program, "cbc") == 0 ? "objective value" : "objective = ");
    test_remove(answer);
    free(answer);
    return value;
}

/* Both formats, both forms, read by two other programs. */
Test(formulation_model, exports_are_read_by_others)
{
    static const char *const endings[] = {"model.mps", "model.lp"};
    static const char *const readings[] = {"--freemps", "--lp"};
    small_case s = small_case_solve((const char *const[]){ONE_ROAD, NULL});
    char *folder = test_folder();
    for (int strength = 0; strength < 2; strength++) {
        kv_model *m;
        cr_assert(kv_model_create(s.problem, (kv_strength)strength, &m) == KV_OK);
        for (int i = 0; i < 2; i++) {
            char *path = test_path(folder, endings[i]);
            cr_assert(kv_model_export(s.problem, m, path, NULL) == KV_OK);
            double glpsol = objective_by("glpsol", readings[i], path, folder);
            double cbc = objective_by("cbc", "", path, folder);
            cr_expect(fabs(glpsol - s.strong.objective) < 1e-8, "glpsol %s: %.12g, not %.12g",
                      endings[i], glpsol, s.strong.objective);
            cr_expect(fabs(cbc - s.strong.objective) < 1e-8, "cbc %s: %.12g, not %.12g", endings[i],
                      cbc, s.strong.objective);
            free(path);
        }
        kv_model_free(m);
    }
    test_remove(folder);
    free(folder);
    small_case_clear(&s);
}

Test(formulation_model, export_knows_two_endings)
{
    small_case s = small_case_solve((const char *const[]){ONE_ROAD, NULL});
    kv_messages *messages = kv_messages_create();
    kv_model *m;
    cr_assert(kv_model_create(s.problem, KV_WEAK, &m) == KV_OK);
    cr_expect(kv_model_export(s.problem, m, "model.txt", messages) == KV_ERR_ARGUMENT);
    cr_expect(kv_messages_faults(messages) == 1);
    cr_expect(kv_model_export(s.problem, m, "/no/such/folder/model.lp", messages) == KV_ERR_IO);
    kv_model_free(m);
    kv_messages_free(messages);
    small_case_clear(&s);
}

/* Names that other programs cannot read are cut and stay different. */
Test(formulation_model, long_names_stay_different)
{
    enum { LENGTH = 200 };
    char places[2 * LENGTH + 200], links[2 * LENGTH + 200], freight[2 * LENGTH + 200];
    char name[LENGTH + 1];
    memset(name, 'x', LENGTH);
    name[LENGTH] = 0;
    snprintf(places, sizeof places,
             "place,country,latitude_deg,longitude_deg\na,SE,60,20\n%s,SE,60,20.1\n", name);
    snprintf(links, sizeof links, "link,from,to,mode,length_km\n%s,a,%s,road,10\n", name, name);
    snprintf(freight, sizeof freight, "from,to,product,t_per_year\n%s,a,ore,1000\n", name);
    small_case s = small_case_solve((const char *const[]){"places.csv", places, "links.csv", links,
                                                          "freight.csv", freight, NULL});
    char *folder = test_folder(), *path = test_path(folder, "long.mps");
    kv_model *m;
    cr_assert(kv_model_create(s.problem, KV_STRONG, &m) == KV_OK);
    cr_assert(kv_model_export(s.problem, m, path, NULL) == KV_OK);
    cr_expect(fabs(objective_by("glpsol", "--freemps", path, folder) - 0.001) < 1e-9);
    cr_expect(fabs(objective_by("cbc", "", path, folder) - 0.001) < 1e-9);
    test_remove(folder);
    free(folder);
    free(path);
    kv_model_free(m);
    small_case_clear(&s);
}

Test(formulation_model, every_allocation_may_fail)
{
    small_case s = small_case_solve((const char *const[]){ONE_ROAD, NULL});
    char *folder = test_folder(), *path = test_path(folder, "model.lp");
    kv_model *m = NULL;
    long n = 0;
    for (kv_status status = KV_ERR_MEMORY; status != KV_OK;) {
        kv_memory_fail_at(++n, 0);
        status = kv_model_create(s.problem, KV_STRONG, &m);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || (status == KV_ERR_MEMORY && m == NULL));
    }
    cr_expect(n > 10);
    n = 0;
    for (kv_status status = KV_ERR_MEMORY; status != KV_OK;) {
        kv_memory_fail_at(++n, 0);
        status = kv_model_export(s.problem, m, path, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        cr_assert(status == KV_OK || test_count_files(folder) == 0, "a file is left");
    }
    cr_expect(n > 10);
    kv_model_free(m);
    test_remove(folder);
    free(folder);
    free(path);
    small_case_clear(&s);
}
