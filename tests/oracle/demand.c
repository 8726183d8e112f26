/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/demand.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"

#include <math.h>
#include <string.h>

int oracle_demand_find(const oracle_demand *demand, int product, int origin)
{
    for (int k = 0; k < demand->n_commodities; k++) {
        if (demand->commodity[k].product == product && demand->commodity[k].origin == origin) {
            return k;
        }
    }
    return -1;
}

static oracle_commodity *need_commodity(oracle_demand *demand, const kv_case *view, int product,
                                        int origin)
{
    int found = oracle_demand_find(demand, product, origin);
    if (found >= 0) {
        return &demand->commodity[found];
    }
    oracle_room((void **)&demand->commodity, &demand->commodity_room, (size_t)demand->n_commodities,
                sizeof(oracle_commodity));
    oracle_commodity *it = &demand->commodity[demand->n_commodities++];
    size_t places = (size_t)view->places.count;
    memset(it, 0, sizeof *it);
    it->product = product;
    it->origin = origin;
    it->balance = oracle_alloc(places, sizeof(double));
    it->unserved_price = oracle_alloc(places, sizeof(double));
    for (size_t v = 0; v < places; v++) {
        it->unserved_price[v] = NAN;
    }
    return it;
}

/* Output of a plant's row in the unit of a recipe's row. */
static double output_in(const kv_case *view, const kv_site *site, const kv_recipe *recipe)
{
    double tons = oracle_amount(view, site->product, site->amount, site->unit);
    if (recipe->unit == KV_AMOUNT_GWH_YR) {
        return site->unit == KV_AMOUNT_GWH_YR ? site->amount
                                              : tons / view->products.rows[site->product].t_per_gwh;
    }
    return tons;
}

/* t of a recipe's row per t of the output. */
static double ton_per_ton(const kv_case *view, const kv_site *site, const kv_recipe *recipe)
{
    return recipe->unit == KV_AMOUNT_GWH_YR
               ? recipe->t_per_unit / view->products.rows[site->product].t_per_gwh
               : recipe->t_per_unit;
}

static int is_recipe_of(const kv_site *site, const kv_recipe *recipe)
{
    return site->recipe && strcmp(site->recipe, recipe->recipe) == 0;
}

/* A planned row's supply (positive) or demand of a product at its place. */
static void add_planned(oracle_demand *demand, const kv_case *view, const kv_site *site,
                        int product, double amount)
{
    oracle_commodity *it = need_commodity(demand, view, product, -1);
    it->balance[site->place] += amount;
    if (amount > 0) {
        demand->planned_supply[product] += amount;
    }
    if (amount < 0 && !isnan(site->unserved_price_eur_per_t)) {
        double *price = &it->unserved_price[site->place];
        *price = isnan(*price) ? site->unserved_price_eur_per_t
                               : fmin(*price, site->unserved_price_eur_per_t);
    }
}

static int add_offer(oracle_demand *demand, const kv_case *view, int row, int kind, int product,
                     double upper, double cost)
{
    const kv_site *site = &view->sites.rows[row];
    need_commodity(demand, view, product, -1);
    oracle_room((void **)&demand->offer, &demand->offer_room, (size_t)demand->n_offers,
                sizeof(oracle_offer));
    demand->offer[demand->n_offers] =
        (oracle_offer){.kind = kind,
                       .site = row,
                       .product = product,
                       .place = site->place,
                       .cost = cost,
                       .upper = upper,
                       .ratio = 1,
                       .into = kind == ORACLE_SOURCE || kind == ORACLE_PLANT_OUT,
                       .main = -1};
    return demand->n_offers++;
}

static void add_plant(oracle_demand *demand, const kv_case *view, int row)
{
    const kv_site *site = &view->sites.rows[row];
    double tons = oracle_amount(view, site->product, site->amount, site->unit);
    int chosen = site->planned == KV_CHOSEN, main = -1;
    if (chosen) {
        main = add_offer(demand, view, row, ORACLE_PLANT_OUT, site->product, tons,
                         site->price_eur_per_t);
    } else {
        add_planned(demand, view, site, site->product, tons);
    }
    for (int i = 0; i < view->recipes.count; i++) {
        const kv_recipe *recipe = &view->recipes.rows[i];
        int input = recipe->role == KV_RECIPE_INPUT;
        if (!is_recipe_of(site, recipe)) {
            continue;
        }
        double amount = recipe->t_per_unit * output_in(view, site, recipe);
        if (chosen) {
            int kind = input ? ORACLE_PLANT_IN : ORACLE_PLANT_OUT;
            int offer = add_offer(demand, view, row, kind, recipe->product, amount, 0);
            demand->offer[offer].ratio = ton_per_ton(view, site, recipe);
            demand->offer[offer].main = main;
        } else {
            add_planned(demand, view, site, recipe->product, input ? -amount : amount);
        }
    }
}

static void add_site(oracle_demand *demand, const kv_case *view, int row)
{
    const kv_site *site = &view->sites.rows[row];
    double tons = oracle_amount(view, site->product, site->amount, site->unit);
    int chosen = site->planned == KV_CHOSEN;
    switch ((kv_site_role)site->role) {
    case KV_SITE_PLANT: add_plant(demand, view, row); break;
    case KV_SITE_SOURCE:
        if (chosen) {
            add_offer(demand, view, row, ORACLE_SOURCE, site->product, tons, site->price_eur_per_t);
        } else {
            add_planned(demand, view, site, site->product, tons);
        }
        break;
    case KV_SITE_MARKET:
        if (chosen) {
            add_offer(demand, view, row, ORACLE_MARKET, site->product, tons,
                      -site->price_eur_per_t);
        } else {
            add_planned(demand, view, site, site->product, -tons);
        }
        break;
    }
}

static void add_freight(oracle_demand *demand, const kv_case *view, int product, int from, int to,
                        double tons)
{
    oracle_commodity *it = need_commodity(demand, view, product, from);
    it->balance[from] += tons;
    it->balance[to] -= tons;
}

/* The general freight that the jobs of each site bring; `row` is the site's first row in force. */
static void add_jobs(oracle_demand *demand, const kv_case *view, int scenario, int period, int row)
{
    const kv_case_row *it = &view->the_case.rows[0];
    const kv_site *site = &view->sites.rows[row];
    double jobs = 0;
    for (int i = 0; i < view->sites.count; i++) {
        const kv_site *other = &view->sites.rows[i];
        if (strcmp(other->site, site->site) != 0 || !oracle_site_holds(view, scenario, period, i)) {
            continue;
        }
        if (i < row) {
            return; /* counted with that row */
        }
        jobs = fmax(jobs, isnan(other->jobs) ? 0 : other->jobs);
    }
    const kv_place *place = &view->places.rows[site->place];
    int town = place->town >= 0 ? place->town : site->place;
    if (it->general_freight_product < 0 || it->general_freight_origin < 0 ||
        town == it->general_freight_origin || jobs == 0) {
        return;
    }
    add_freight(demand, view, it->general_freight_product, it->general_freight_origin, town,
                jobs * it->inhabitants_per_job * it->general_freight_t_per_inhabitant_year);
}

/* Prices and totals of a commodity once all its contributions are in. */
static void finish(oracle_demand *demand, const kv_case *view, oracle_commodity *it)
{
    const kv_product *product = &view->products.rows[it->product];
    double price = isnan(product->unserved_price_eur_per_t)
                       ? view->the_case.rows[0].unserved_price_eur_per_t
                       : product->unserved_price_eur_per_t;
    double sum = 0;
    it->unsold_price = it->origin >= 0 ? 0 : price;
    for (int v = 0; v < view->places.count; v++) {
        it->balance[v] = oracle_on_grid(view, it->balance[v]);
        it->unserved_price[v] = isnan(it->unserved_price[v]) ? price : it->unserved_price[v];
        it->sinks += fmax(0, -it->balance[v]);
        sum += it->balance[v];
    }
    it->reference = INFINITY;
    for (int i = 0; i < demand->n_offers && it->origin < 0; i++) {
        const oracle_offer *offer = &demand->offer[i];
        if (offer->product != it->product) {
            continue;
        }
        it->sinks += offer->into ? 0 : offer->upper;
        if (offer->kind == ORACLE_SOURCE && offer->upper > 0) {
            it->reference = fmin(it->reference, offer->cost);
        }
    }
    it->reference = isfinite(it->reference) ? it->reference : 0;
    demand->constant += it->reference * -sum;
}

void oracle_demand_build(oracle_demand *demand, const kv_case *view, int scenario, int period)
{
    double factor = view->scenarios.rows[scenario].freight_factor;
    memset(demand, 0, sizeof *demand);
    demand->planned_supply = oracle_alloc((size_t)view->products.count, sizeof(double));
    for (int row = 0; row < view->sites.count; row++) {
        if (oracle_site_holds(view, scenario, period, row)) {
            add_site(demand, view, row);
            add_jobs(demand, view, scenario, period, row);
        }
    }
    for (int row = 0; row < view->freight.count; row++) {
        const kv_freight *it = &view->freight.rows[row];
        if (oracle_freight_holds(view, scenario, row)) {
            add_freight(demand, view, it->product, it->from, it->to,
                        it->t_per_year * oracle_growth(view, period, it->growth_per_year) * factor);
        }
    }
    for (int k = 0; k < demand->n_commodities; k++) {
        finish(demand, view, &demand->commodity[k]);
    }
}

void oracle_demand_free(oracle_demand *demand)
{
    for (int k = 0; k < demand->n_commodities; k++) {
        kv_free(demand->commodity[k].balance);
        kv_free(demand->commodity[k].unserved_price);
    }
    kv_free(demand->commodity);
    kv_free(demand->offer);
    kv_free(demand->planned_supply);
    memset(demand, 0, sizeof *demand);
}
