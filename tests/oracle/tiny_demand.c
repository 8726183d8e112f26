/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products a (an input), b (made from it), c (dangerous or a co-product), sites and freight. */
#include "oracle/tiny_parts.h"

#include <stdio.h>

typedef struct site {
    const char *name, *product, *role, *planned, *recipe, *unit;
    int place;
    double amount, price;
    double share, unserved; /* 0 = blank */
    int jobs;
} site;

static void site_row(tiny *t, const site *it, double factor, const char *period,
                     const char *scenario)
{
    char share[16] = "", unserved[16] = "", jobs[16] = "";
    if (it->share > 0) {
        snprintf(share, sizeof share, "%.3g", it->share);
    }
    if (it->unserved > 0) {
        snprintf(unserved, sizeof unserved, "%.4g", it->unserved);
    }
    if (it->jobs > 0) {
        snprintf(jobs, sizeof jobs, "%d", it->jobs);
    }
    tiny_row(t, KV_TABLE_SITES, "%s,p%d,%s,%s,%s,%s,%.7g,%s,%.5g,%s,%s,%s,%s,%s", it->name,
             it->place, it->product, it->role, it->planned, it->recipe, it->amount * factor,
             it->unit, it->price, share, unserved, jobs, period, scenario);
}

/* A site's rows: perhaps more of it later, perhaps another amount in the second scenario. */
static void site_rows(tiny *t, const site *it)
{
    site_row(t, it, 1, "", "");
    if (t->periods > 1 && tiny_maybe(t, 0.4)) {
        site_row(t, it, tiny_number(t, 0.7, 1.8), "t2", "");
    }
    if (t->scenarios > 1 && tiny_maybe(t, 0.5)) {
        site_row(t, it, tiny_number(t, 0.5, 1.6), "t1", "s2");
        if (t->periods > 1 && tiny_maybe(t, 0.3)) {
            site_row(t, it, tiny_maybe(t, 0.3) ? 0 : 2, "t2", "s2");
        }
    }
}

static void draw_products(tiny *t)
{
    static const char *const handling[] = {"container", "dry_bulk", "liquid_bulk"};
    for (int k = 0; k < t->products; k++) {
        int dangerous = t->dangerous && (k == t->products - 1 || tiny_maybe(t, 0.3));
        char gwh[16] = "", price[16] = "";
        if (k == 1) {
            snprintf(gwh, sizeof gwh, "%d", tiny_integer(t, 3000, 5000));
        }
        if (tiny_maybe(t, 0.4)) {
            snprintf(price, sizeof price, "%.4g", tiny_number(t, 200, 900));
        }
        int off_road = k == 2 && t->off_road;
        tiny_row(t, KV_TABLE_PRODUCTS, "%c,%s,%.3g,%s,%s,%s,%s", 'a' + k,
                 tiny_maybe(t, 0.1)   ? ""
                 : tiny_maybe(t, 0.6) ? "container"
                                      : handling[k],
                 tiny_number(t, 0.05, 0.6), dangerous ? "yes" : "", off_road ? "no" : "", gwh,
                 price);
    }
}

/* Sources of a in the first and last place, and a demand of it between. */
static void draw_input(tiny *t)
{
    double price = tiny_number(t, 200, 500);
    site near = {"a_near",
                 "a",
                 "source",
                 "chosen",
                 "",
                 "kt/yr",
                 t->places,
                 tiny_number(t, 30, 250),
                 price + tiny_number(t, -8, 8),
                 0,
                 0,
                 0};
    site far = {"a_far", "a", "source", "chosen", "", "kt/yr", 1, tiny_number(t, 100, 400),
                price,   0,   0,        0};
    if (tiny_maybe(t, 0.2)) {
        far.unit = "Mt/yr";
        far.amount /= 1000;
    }
    near.share = tiny_maybe(t, 0.35) ? tiny_number(t, 0.3, 0.7) : 0;
    site_rows(t, &far);
    site_rows(t, &near);
    if (tiny_maybe(t, 0.3)) {
        site own = {"a_own", "a", "source", "planned", "", "t/yr", 2, tiny_number(t, 5e3, 4e4),
                    0,       0,   0,        0};
        site_rows(t, &own);
    }
    if (!t->plants || tiny_maybe(t, 0.5)) {
        site market = {"a_users",
                       "a",
                       "market",
                       "planned",
                       "",
                       "kt/yr",
                       tiny_integer(t, 2, t->places),
                       tiny_number(t, 40, 200),
                       0,
                       0,
                       0,
                       0};
        market.unserved = tiny_maybe(t, 0.3) ? tiny_number(t, 100, 700) : 0;
        market.jobs = tiny_maybe(t, 0.5) ? tiny_integer(t, 200, 1500) : 0;
        site_rows(t, &market);
    }
}

/* A plant that makes b out of a, with c beside it, and those who buy b. */
static void draw_plant(tiny *t)
{
    int gwh = tiny_maybe(t, 0.5);
    site plant = {"works",
                  "b",
                  "plant",
                  t->planned_plant ? "planned" : "chosen",
                  "make_b",
                  gwh ? "GWh/yr" : "kt/yr",
                  tiny_integer(t, 1, t->places - 1),
                  gwh ? tiny_number(t, 4, 25) : tiny_number(t, 30, 90),
                  tiny_number(t, 20, 120),
                  0,
                  0,
                  0};
    plant.jobs = tiny_maybe(t, 0.6) ? tiny_integer(t, 300, 2500) : 0;
    plant.unserved = t->planned_plant && tiny_maybe(t, 0.3) ? tiny_number(t, 200, 700) : 0;
    tiny_row(t, KV_TABLE_RECIPES, "make_b,a,input,%.5g,%s",
             gwh ? tiny_number(t, 3000, 7000) : tiny_number(t, 0.8, 1.8), gwh ? "GWh" : "t");
    if (t->products > 2) {
        tiny_row(t, KV_TABLE_RECIPES, "make_b,c,coproduct,%.4g,%s",
                 gwh ? tiny_number(t, 200, 900) : tiny_number(t, 0.05, 0.3), gwh ? "GWh" : "t");
    }
    site_rows(t, &plant);
    site chosen = {"b_buyers",
                   "b",
                   "market",
                   "chosen",
                   "",
                   "kt/yr",
                   1,
                   tiny_number(t, 60, 300),
                   tiny_number(t, 600, 1500),
                   0,
                   0,
                   0};
    site_rows(t, &chosen);
    if (tiny_maybe(t, 0.3)) {
        site needed = {"b_users", "b",     "market",  "planned",
                       "",        "kt/yr", t->places, tiny_number(t, 5, 40),
                       0,         0,       0,         0};
        site_rows(t, &needed);
    }
}

static void draw_third(tiny *t)
{
    int by_market = tiny_maybe(t, 0.5);
    if (tiny_maybe(t, 0.6)) {
        site source = {"c_source",
                       "c",
                       "source",
                       by_market ? "planned" : "chosen",
                       "",
                       "kt/yr",
                       t->places,
                       tiny_number(t, 20, 90),
                       tiny_number(t, 50, 90),
                       0,
                       0,
                       0};
        source.share = !by_market && tiny_maybe(t, 0.5) ? tiny_number(t, 0.3, 0.8) : 0;
        site_rows(t, &source);
    }
    site market = {"c_users",
                   "c",
                   "market",
                   by_market ? "chosen" : "planned",
                   "",
                   "kt/yr",
                   1,
                   tiny_number(t, 30, 120),
                   by_market ? tiny_number(t, 150, 400) : 0,
                   0,
                   0,
                   0};
    site_rows(t, &market);
}

static void draw_freight(tiny *t)
{
    int rows = tiny_integer(t, 1, 3), count = 0;
    for (int from = 1; from <= t->places; from++) {
        for (int to = 1; to <= t->places && count < rows; to++) {
            if (from == to || !tiny_maybe(t, 0.35)) {
                continue;
            }
            char product = (char)('a' + tiny_integer(t, 0, t->products - 1));
            tiny_row(t, KV_TABLE_FREIGHT, "p%d,p%d,%c,%.6g,%g,", from, to, product,
                     tiny_number(t, 1e4, 9e4), tiny_maybe(t, 0.5) ? 0 : 0.02);
            if (t->scenarios > 1 && tiny_maybe(t, 0.3)) {
                tiny_row(t, KV_TABLE_FREIGHT, "p%d,p%d,%c,%.6g,0,s2", from, to, product,
                         tiny_number(t, 1e4, 9e4));
            }
            count++;
        }
    }
}

void tiny_demand(tiny *t)
{
    draw_products(t);
    draw_input(t);
    if (t->plants) {
        draw_plant(t);
    }
    if (t->products > 2) {
        draw_third(t);
    }
    if (tiny_maybe(t, 0.55)) {
        draw_freight(t);
    }
}
