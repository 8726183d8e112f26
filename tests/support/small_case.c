/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/small_case.h"

#include "base/memory.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const defaults[] = {
    "case.csv",
    "name,price_year,discount_rate_per_year,residual_value\n"
    "small,2025,0,none\n",
    "periods.csv",
    "period,first_year,last_year\n"
    "p1,2026,2026\n",
    "places.csv",
    "place,country,latitude_deg,longitude_deg\n"
    "a,SE,60,20\n"
    "b,SE,60,20.1\n"
    "c,SE,60,20.2\n",
    "products.csv",
    "product,dangerous\n"
    "ore,no\n"
    "acid,yes\n",
    "links.csv",
    "link,from,to,mode,length_km\n"
    "ab,a,b,road,100\n",
    "carriers.csv",
    "carrier\n"
    "diesel\n"
    "electricity\n",
    "energy.csv",
    "carrier,price_eur_per_kwh,co2_kg_per_kwh\n"
    "diesel,0.2,0.25\n"
    "electricity,0.1,0\n",
    "technologies.csv",
    "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km\n"
    "truck,road,10,50,1\n",
    NULL,
};

static int is_given(const char *const *tables, const char *file)
{
    for (int i = 0; tables[i]; i += 2) {
        if (strcmp(tables[i], file) == 0) {
            return 1;
        }
    }
    return 0;
}

static void write_table(const char *folder, const char *file, const char *text)
{
    char *path = test_path(folder, file);
    test_write(path, text);
    free(path);
}

kv_case *small_case_read(const char *const *tables)
{
    char *folder = test_folder();
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    for (int i = 0; defaults[i]; i += 2) {
        if (!is_given(tables, defaults[i])) {
            write_table(folder, defaults[i], defaults[i + 1]);
        }
    }
    for (int i = 0; tables[i]; i += 2) {
        write_table(folder, tables[i], tables[i + 1]);
    }
    kv_status status = kv_case_read(folder, NULL, 0, &the_case, messages);
    for (size_t i = 0; status != KV_OK && i < kv_messages_count(messages); i++) {
        char *text = kv_message_text(kv_messages_get(messages, i));
        cr_log_error("%s", text);
        kv_free(text);
    }
    test_remove(folder);
    free(folder);
    kv_messages_free(messages);
    cr_assert(status == KV_OK, "the case: %s", kv_status_text(status));
    return the_case;
}

small_case small_case_solve_scenario(const char *const *tables, int scenario,
                                     const double *reference)
{
    small_case small = {.the_case = small_case_read(tables)};
    kv_build_options options = {scenario, reference, 1};
    kv_messages *messages = kv_messages_create();
    cr_assert(kv_build(small.the_case, &options, &small.problem, &small.map, messages) == KV_OK);
    kv_status status = kv_problem_check(small.problem, messages);
    cr_assert(status == KV_OK, "%s", status == KV_OK ? "" : kv_messages_get(messages, 0)->what);
    kv_messages_free(messages);
    small.weak = test_model_solve(small.problem, KV_WEAK, 0);
    small.strong = test_model_solve(small.problem, KV_STRONG, 0);
    cr_assert(small.weak.found && small.strong.found, "no plan exists");
    cr_expect(fabs(small.weak.objective - small.strong.objective) <=
                  1e-9 * fmax(1, fabs(small.weak.objective)),
              "weak %.15g, strong %.15g", small.weak.objective, small.strong.objective);
    return small;
}

small_case small_case_solve(const char *const *tables)
{
    return small_case_solve_scenario(tables, -1, NULL);
}

void small_case_clear(small_case *small)
{
    test_optimum_clear(&small->weak);
    test_optimum_clear(&small->strong);
    kv_problem_free(small->problem);
    kv_map_free(small->map);
    kv_case_free(small->the_case);
    memset(small, 0, sizeof *small);
}

void small_case_expect(const small_case *small, double objective, const char *what)
{
    cr_expect(fabs(small->strong.objective - objective) <= 1e-9 * fmax(1, fabs(objective)),
              "%s: the optimum is %.15g, by hand %.15g", what, small->strong.objective, objective);
}

double small_case_flow(const small_case *small, const char *arc, const char *commodity)
{
    return test_flow_value(small->problem, &small->strong, small->problem->block_name[0], arc,
                           commodity);
}

double small_case_design(const small_case *small, const char *name)
{
    return test_design_value(small->problem, &small->strong, name);
}

double small_case_nothing(const small_case *small)
{
    test_optimum nothing = test_model_solve(small->problem, KV_STRONG, 1);
    cr_assert(nothing.found, "doing nothing cannot be done");
    double objective = nothing.objective;
    test_optimum_clear(&nothing);
    return objective;
}
