/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario views, and which rows are in force. */
#include "base/memory.h"
#include "instances/select.h"
#include "support/tables.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static kv_case *read_files(tables *files)
{
    kv_case *the_case = NULL;
    char *messages = tables_messages(files, NULL);
    cr_assert_eq(tables_read(files, NULL, &the_case, NULL), KV_OK, "%s", messages);
    kv_free(messages);
    tables_clear(files);
    return the_case;
}

static kv_case *view_of(const kv_case *the_case, int scenario)
{
    kv_case *view = NULL;
    cr_assert_eq(kv_case_view(the_case, scenario, &view), KV_OK);
    return view;
}

/* ---- views ---- */

Test(tables_view, changes_belong_to_their_scenario)
{
    tables files;
    tables_valid(&files);
    tables_put(&files, "changes.csv",
               "scenario,table,key,column,operation,value\n"
               "growth,energy,diesel/*/*,price_eur_per_kwh,multiply,2\n"
               "growth,energy,diesel,price_eur_per_kwh,add,0.05\n"
               "growth,links,road,length_km,set,999\n"
               "steady,freight,port/town/general,t_per_year,set,7\n"
               "growth,links,*,capacity,multiply,0.5\n"
               "growth,case,*,t_per_truck,,30\n");
    char *messages = tables_messages(&files, NULL);
    cr_expect_str_eq(messages, "fault changes.csv:4:4: column: 'length_km': a scenario cannot "
                               "change this column of links.csv; change one of capacity, "
                               "base_load_t_per_year, base_load_growth_per_year, speed_km_per_h, "
                               "toll_eur_per_t, hours, ice_months, ice_eur_per_t, ice_hours\n");
    kv_free(messages);
    tables_edit(&files, "changes.csv", "growth,links,road,length_km,set,999\n", "");
    kv_case *c = read_files(&files);
    kv_case *steady = view_of(c, 0), *growth = view_of(c, 1);
    cr_expect_eq(c->energy.rows[0].price_eur_per_kwh, 0.1);
    cr_expect_eq(steady->energy.rows[0].price_eur_per_kwh, 0.1);
    cr_expect_float_eq(growth->energy.rows[0].price_eur_per_kwh, 0.25, 1e-15);
    cr_expect_eq(growth->energy.rows[1].price_eur_per_kwh, 0.12);
    cr_expect_eq(steady->freight.rows[0].t_per_year, 7);
    cr_expect_eq(steady->freight.rows[1].t_per_year, 150000);
    cr_expect_eq(growth->freight.rows[0].t_per_year, 200000);
    cr_expect_eq(growth->freight.rows, c->freight.rows, "what is not changed is shared");
    cr_expect_eq(growth->links.rows[0].capacity, 2.5);
    cr_expect(isnan(growth->links.rows[2].capacity), "no limit stays no limit");
    cr_expect_eq(growth->the_case.rows[0].t_per_truck, 30);
    kv_case_view_free(steady);
    kv_case_view_free(growth);
    kv_case_view_free(NULL);
    kv_case_free(c);
    kv_case_free(NULL);
}

Test(tables_view, no_such_scenario)
{
    tables files;
    kv_case *view = NULL;
    tables_valid(&files);
    kv_case *c = read_files(&files);
    cr_expect_eq(kv_case_view(c, 2, &view), KV_ERR_ARGUMENT);
    cr_expect_eq(kv_case_view(c, -1, &view), KV_ERR_ARGUMENT);
    cr_expect_null(view);
    kv_case_free(c);
}

/* ---- sites ---- */

Test(tables_view, sites_in_force)
{
    tables files;
    int rows[16];
    tables_valid(&files);
    tables_put(&files, "scenarios.csv", "scenario,probability\na,0.25\nb,0.25\nc,0.5\n");
    tables_put(&files, "changes.csv", NULL);
    tables_put(&files, "periods.csv",
               "period,first_year,last_year\np1,2026,2030\np2,2031,2040\np3,2041,2050\n");
    tables_put(&files, "sites.csv",
               "site,place,product,role,planned,amount,price_eur_per_t,from_period,scenario\n"
               "x,abroad,anode,source,chosen,1,1,,\n"     /* 0 */
               "x,abroad,anode,source,chosen,2,1,p3,\n"   /* 1 */
               "x,abroad,anode,source,chosen,3,1,p2,b\n"  /* 2: b has nothing before */
               "x,abroad,anode,source,chosen,4,1,p1,c\n"  /* 3 */
               "x,abroad,cells,source,chosen,5,1,,\n"     /* 4: another product */
               "y,abroad,anode,source,chosen,6,1,p2,\n"   /* 5 */
               "x,abroad,anode,source,chosen,7,1,p2,\n"); /* 6: out of order */
    kv_case *c = read_files(&files);
    cr_expect_eq(kv_sites_in_force(c, 0, 0, rows), 2);
    cr_expect(rows[0] == 0 && rows[1] == 4);
    cr_expect_eq(kv_sites_in_force(c, 0, 1, rows), 3);
    cr_expect(rows[0] == 4 && rows[1] == 5 && rows[2] == 6);
    cr_expect_eq(kv_sites_in_force(c, 0, 2, rows), 3);
    cr_expect(rows[0] == 1 && rows[1] == 4 && rows[2] == 5);
    cr_expect_eq(kv_sites_in_force(c, 1, 0, rows), 1, "own rows replace the others at once");
    cr_expect(rows[0] == 4);
    cr_expect_eq(kv_sites_in_force(c, 1, 2, rows), 3);
    cr_expect(rows[0] == 2 && rows[1] == 4 && rows[2] == 5);
    cr_expect_eq(kv_sites_in_force(c, 2, 2, rows), 3);
    cr_expect(rows[0] == 3 && rows[1] == 4 && rows[2] == 5);
    kv_case_free(c);
}

/* ---- freight ---- */

Test(tables_view, freight_in_force)
{
    tables files;
    unsigned char used[6];
    tables_valid(&files);
    tables_put(&files, "freight.csv",
               "from,to,product,t_per_year,scenario\n"
               "port,town,general,1,\nport,town,general,2,growth\ntown,abroad,general,3,\n"
               "town,port,general,4,growth\nport,town,anode,5,\n");
    kv_case *c = read_files(&files);
    cr_assert_eq(kv_freight_in_force(c, 0, used), KV_OK);
    cr_expect_eq(memcmp(used, "\1\0\1\0\1", 5), 0);
    cr_assert_eq(kv_freight_in_force(c, 1, used), KV_OK);
    cr_expect_eq(memcmp(used, "\0\1\1\1\1", 5), 0);
    kv_case_free(c);
}

/* ---- technologies, energy, policies ---- */

Test(tables_view, technology_in_force)
{
    tables files;
    kv_technology now;
    tables_valid(&files);
    tables_put(&files, "periods.csv",
               "period,first_year,last_year\np1,2026,2030\np2,2031,2040\np3,2041,2050\n");
    tables_put(&files, "technology_periods.csv",
               "technology,from_period,vehicle_price_eur,energy_kwh_per_km,max_share\n"
               "battery,p3,200000,,0.9\nbattery,p2,300000,1.4,0.5\ntruck,p2,,3.3,\n");
    kv_case *c = read_files(&files);
    kv_technology_in_force(c, 1, 0, &now);
    cr_expect_eq(now.vehicle_price_eur, 350000);
    cr_expect(isnan(now.max_share));
    kv_technology_in_force(c, 1, 1, &now);
    cr_expect_eq(now.vehicle_price_eur, 300000);
    cr_expect_eq(now.energy_kwh_per_km, 1.4);
    kv_technology_in_force(c, 1, 2, &now);
    cr_expect_eq(now.vehicle_price_eur, 200000);
    cr_expect_eq(now.energy_kwh_per_km, 1.4);
    cr_expect_eq(now.max_share, 0.9);
    kv_technology_in_force(c, 0, 2, &now);
    cr_expect_eq(now.energy_kwh_per_km, 3.3);
    cr_expect_eq(now.vehicle_price_eur, 160000);
    kv_case_free(c);
}

Test(tables_view, energy_in_force)
{
    tables files;
    double price, co2;
    tables_valid(&files);
    kv_case *c = read_files(&files);
    const char *se = c->places.rows[0].country, *nl = c->places.rows[2].country;
    kv_energy_in_force(c, 1, se, 0, &price, &co2);
    cr_expect(price == 0.08 && co2 == 0.02);
    kv_energy_in_force(c, 1, se, 1, &price, &co2);
    cr_expect(price == 0.07 && co2 == 0.01);
    kv_energy_in_force(c, 1, nl, 1, &price, &co2);
    cr_expect(price == 0.12 && co2 == 0.2);
    kv_energy_in_force(c, 1, NULL, 1, &price, &co2);
    cr_expect(price == 0.12 && co2 == 0.2);
    kv_energy_in_force(c, 0, se, 0, &price, &co2);
    cr_expect(price == 0.1 && co2 == 0.27);
    c->energy.rows[3].from_period = 1; /* SE is named, but not yet: no price, as the manual says */
    kv_energy_in_force(c, 1, se, 0, &price, &co2);
    cr_expect(price == 0 && co2 == 0);
    kv_case_free(c);
}

Test(tables_view, policy_in_force)
{
    tables files;
    tables_valid(&files);
    tables_put(&files, "policies.csv",
               "from_period,scenario,carbon_price_eur_per_t\np2,,50\n,growth,10\np2,growth,20\n");
    kv_case *c = read_files(&files);
    cr_expect_null(kv_policy_in_force(c, 0, 0));
    cr_expect_eq(kv_policy_in_force(c, 0, 1)->carbon_price_eur_per_t, 50);
    cr_expect_eq(kv_policy_in_force(c, 1, 0)->carbon_price_eur_per_t, 10);
    cr_expect_eq(kv_policy_in_force(c, 1, 1)->carbon_price_eur_per_t, 20);
    kv_case_free(c);
}

/* ---- years and units ---- */

Test(tables_view, years)
{
    tables files;
    tables_valid(&files);
    kv_case *c = read_files(&files);
    cr_expect_eq(kv_period_years(&c->periods.rows[1]), 10);
    cr_expect_eq(kv_discount(c, 2026), 1);
    cr_expect_float_eq(kv_discount(c, 2028), 1 / (1.03 * 1.03), 1e-15);
    double sum = 0, growth = 0;
    for (int year = 2031; year <= 2040; year++) {
        sum += pow(1.03, 2026 - year);
        growth += pow(1.02, year - 2026) / 10;
    }
    cr_expect_float_eq(kv_period_discount(c, 1), sum, 1e-12);
    cr_expect_float_eq(kv_period_growth(c, 1, 0.02), growth, 1e-12);
    cr_expect_eq(kv_period_growth(c, 1, 0), 1);
    kv_case_free(c);
}

Test(tables_view, units)
{
    kv_case_row row = {
        .operating_days_per_year = 300, .t_per_train = 600, .t_per_truck = 25, .t_per_teu = 12};
    kv_product cells = {.t_per_gwh = 4000};
    static const double factors[] = {1, 1e3, 1e6, 300, 180000, 7500, 12};
    for (int unit = KV_UNIT_T_YR; unit <= KV_UNIT_TEU_YR; unit++)
        cr_expect_eq(kv_capacity_t_per_year(&row, 2, unit), 2 * factors[unit]);
    cr_expect(isnan(kv_capacity_t_per_year(&row, 2, KV_UNIT_MWH_YR)));
    cr_expect(isnan(kv_capacity_t_per_year(&row, NAN, KV_UNIT_T_YR)));
    cr_expect_eq(kv_amount_t_per_year(&cells, 3, KV_AMOUNT_T_YR), 3);
    cr_expect_eq(kv_amount_t_per_year(&cells, 3, KV_AMOUNT_KT_YR), 3000);
    cr_expect_eq(kv_amount_t_per_year(&cells, 3, KV_AMOUNT_MT_YR), 3e6);
    cr_expect_eq(kv_amount_t_per_year(&cells, 3, KV_AMOUNT_GWH_YR), 12000);
    cr_expect(isnan(kv_amount_t_per_year(&cells, 3, 17)));
}
