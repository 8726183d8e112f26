/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case of two places with a road, made so that 60 of 100 t stay behind for one known reason. */
#include "support/reports.h"

#include "reports/report.h"
#include "reports/summary.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct strait {
    const char *capacity; /* of the link, t/yr; "" = unlimited */
    const char *open;     /* of the link */
    const char *project;  /* its row without the name; "" = no project */
    double supply;        /* t/yr */
    const char *unserved; /* price of a ton not served, EUR/t */
} strait;

static void put_case(const char *folder, const strait *s)
{
    kv_text sites = {0}, links = {0}, projects = {0}, row = {0};
    kv_text_addf(&row,
                 "name,title,price_year,discount_rate_per_year,unserved_price_eur_per_t,source\n"
                 "strait,Strait,2025,0.05,%s,test\n",
                 s->unserved);
    test_folder_put(folder, "case.csv", row.data);
    test_folder_put(folder, "periods.csv", "period,first_year,last_year\np1,2026,2030\n");
    test_folder_put(folder, "places.csv",
                    "place,name,country,latitude_deg,longitude_deg,kind,region\n"
                    "a,Åby,SE,60,18,port,yes\nb,Bodö,SE,61,18,gateway,yes\n");
    test_folder_put(folder, "products.csv", "product,name,handling\nore,Ore,dry_bulk\n");
    kv_text_addf(&links,
                 "link,name,from,to,mode,length_km,capacity,capacity_unit,open\n"
                 "road,The road,a,b,road,100,%s,%s,%s\n",
                 s->capacity, *s->capacity ? "t/yr" : "", s->open);
    test_folder_put(folder, "links.csv", links.data);
    test_folder_put(folder, "carriers.csv", "carrier,name\ndiesel,Diesel\n");
    test_folder_put(folder, "energy.csv",
                    "carrier,price_eur_per_kwh,co2_kg_per_kwh\ndiesel,0.1,0.3\n");
    test_folder_put(folder, "technologies.csv",
                    "technology,name,mode,carrier,empties,fleet,payload_t,load_factor,"
                    "speed_km_per_h,cost_eur_per_km,energy_kwh_per_km,vehicle_price_eur,"
                    "life_years,km_per_year\n"
                    "truck,Truck,road,diesel,none,hired,20,1,50,1,3,100000,10,100000\n");
    kv_text_addf(&sites,
                 "site,place,product,role,planned,amount,unit\n"
                 "mine,a,ore,source,planned,%g,t/yr\nmill,b,ore,market,planned,100,t/yr\n",
                 s->supply);
    test_folder_put(folder, "sites.csv", sites.data);
    if (*s->project) {
        kv_text_addf(&projects,
                     "project,name,kind,country,cost_meur,lead_time_years,life_years\n"
                     "bridge,The bridge,corridor,SE,%s,0,30\n",
                     s->project);
        test_folder_put(folder, "projects.csv", projects.data);
        test_folder_put(folder, "effects.csv", "project,effect,link\nbridge,open_link,road\n");
        test_folder_put(folder, "funders.csv", "funder,name\nstate,State\n");
        test_folder_put(folder, "funding.csv", "project,funder,share\nbridge,state,1\n");
        test_folder_put(folder, "budgets.csv", "funder,period,amount_meur\nstate,p1,1000\n");
    }
    kv_text_clear(&sites);
    kv_text_clear(&links);
    kv_text_clear(&projects);
    kv_text_clear(&row);
}

/* Solves the case; expects one unserved row, t unserved, with the bottleneck and its words. */
static void expect(const strait *s, double t, const char *bottleneck, const char *words)
{
    char folder[64];
    kv_report all;
    kv_text text = {0};
    test_folder_make(folder);
    put_case(folder, s);
    test_report report = test_report_solve(folder, "base");
    test_report_write(&report);
    kv_csv rows = test_report_table(&report, "unserved.csv");
    int found = -1;
    for (int i = 0; i < kv_csv_rows(&rows); i++) {
        if (strcmp(kv_csv_field(&rows, i, kv_csv_column(&rows, "kind")), "unserved") == 0)
            found = i;
    }
    cr_assert_geq(found, 0);
    cr_assert_float_eq(kv_csv_number(&rows, found, kv_csv_column(&rows, "unserved_t")), t, 1e-9);
    cr_assert_float_eq(kv_csv_number(&rows, found, kv_csv_column(&rows, "demand_t")), 100, 1e-9);
    cr_assert_str_eq(kv_csv_field(&rows, found, kv_csv_column(&rows, "bottleneck")), bottleneck);
    cr_assert_eq(kv_report_prepare(&report.result, &all), KV_OK);
    kv_summary_obstacle(&all, bottleneck, &text);
    cr_assert_str_eq(text.data, words);
    kv_text_clear(&text);
    kv_report_clear(&all);
    kv_csv_clear(&rows);
    test_report_clear(&report);
    test_folder_remove(folder);
}

Test(bottleneck, full_link)
{
    expect(&(strait){"40", "yes", "", 100, "1000"}, 60, "full:link:road",
           "no room on The road (Åby-Bodö)");
}

Test(bottleneck, project_not_built)
{
    expect(&(strait){"", "no", "500", 100, "1000"}, 100, "closed:bridge",
           "The bridge is not built");
}

Test(bottleneck, transport_dearer_than_the_penalty)
{
    /* 100 km in a truck of 20 t cost more than 5 EUR/t on distance alone. */
    expect(&(strait){"", "yes", "", 100, "2"}, 100, "price",
           "serving it would cost more than leaving it");
}

Test(bottleneck, supply_used_up)
{
    expect(&(strait){"", "yes", "", 40, "1000"}, 60, "supply", "no supplier has more");
}
