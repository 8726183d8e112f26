/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Planned supply and demand (mathematics.md, section 3). All contributions are visited twice: first
 * to find the stops, then to add up; then the sums go to the flow grid.
 */
#include "reports/checker/world.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>
#include <stdlib.h>

typedef struct growth { /* means already worked out for a period */
    double rate;
    int period;
    mpq_t *mean;
} growth;

typedef struct visit {
    kvc_world *w;
    int block, adding;
    const kv_case *view;
    int *rows;
    unsigned char *freight;
    kvc_list known; /* growth */
    mpq_t *t;       /* scratch */
} visit;

/* ---- units ---- */

void kvc_growth(const kvc_world *world, int period, double rate, mpq_t mean)
{
    const kv_period *p = &world->given->periods.rows[period];
    mpq_t base, power;
    mpq_init(base);
    mpq_init(power);
    kvc_set(base, rate);
    mpz_add(mpq_numref(base), mpq_numref(base), mpq_denref(base));
    mpq_set_ui(mean, 0, 1);
    for (int y = p->first_year; y <= p->last_year; y++) {
        kvc_power(power, base, y - world->base_year);
        mpq_add(mean, mean, power);
    }
    mpq_set_si(power, p->last_year - p->first_year + 1, 1);
    mpq_div(mean, mean, power);
    mpq_clear(base);
    mpq_clear(power);
}

static void multiply(mpq_t number, double factor)
{
    mpq_t by;
    mpq_init(by);
    kvc_set(by, factor);
    mpq_mul(number, number, by);
    mpq_clear(by);
}

void kvc_capacity(const kv_case_row *row, double capacity, int unit, mpq_t t_per_year)
{
    kvc_set(t_per_year, capacity);
    switch (unit) {
    case KV_UNIT_KT_YR: multiply(t_per_year, 1e3); break;
    case KV_UNIT_MT_YR: multiply(t_per_year, 1e6); break;
    case KV_UNIT_T_DAY: multiply(t_per_year, row->operating_days_per_year); break;
    case KV_UNIT_TRAINS_DAY:
        multiply(t_per_year, row->t_per_train);
        multiply(t_per_year, row->operating_days_per_year);
        break;
    case KV_UNIT_TRUCKS_DAY:
        multiply(t_per_year, row->t_per_truck);
        multiply(t_per_year, row->operating_days_per_year);
        break;
    case KV_UNIT_TEU_YR: multiply(t_per_year, row->t_per_teu); break;
    default: break;
    }
}

void kvc_amount(const kv_product *product, double amount, int unit, mpq_t t_per_year)
{
    static const double factors[] = {
        [KV_AMOUNT_T_YR] = 1, [KV_AMOUNT_KT_YR] = 1e3, [KV_AMOUNT_MT_YR] = 1e6};
    kvc_set(t_per_year, amount);
    multiply(t_per_year, unit == KV_AMOUNT_GWH_YR ? product->t_per_gwh : factors[unit]);
}

void kvc_ratio(const kv_case *view, const kv_site *site, const kv_recipe *recipe, mpq_t ratio)
{
    const double t_per_gwh = view->products.rows[site->product].t_per_gwh;
    kvc_set(ratio, recipe->t_per_unit);
    if (recipe->unit == KV_AMOUNT_GWH_YR && t_per_gwh > 0) {
        mpq_t by;
        mpq_init(by);
        kvc_set(by, t_per_gwh);
        mpq_div(ratio, ratio, by);
        mpq_clear(by);
    }
}

/* The mean growth of a rate in the block's period; few rates occur. */
static mpq_t *growth_of(visit *v, double rate)
{
    const int period = v->block % v->w->n_periods;
    for (int i = 0; i < v->known.count; i++) {
        const growth *g = &KVC_AT(growth, v->known, i);
        if (g->period == period && g->rate == rate)
            return g->mean;
    }
    mpq_t *mean = kvc_numbers(v->w->arena, 1);
    kvc_growth(v->w, period, rate, *mean);
    *(growth *)kvc_push(v->w->arena, &v->known, sizeof(growth)) = (growth){rate, period, mean};
    return mean;
}

/* ---- goods and stops ---- */

static int good_compare(const void *left, const void *right)
{
    const kvc_good *a = left, *b = right;
    if ((a->origin >= 0) != (b->origin >= 0))
        return a->origin >= 0 ? 1 : -1;
    if (a->product != b->product)
        return a->product < b->product ? -1 : 1;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

static int stop_compare(const void *left, const void *right)
{
    const kvc_stop *a = left, *b = right;
    if (a->good != b->good)
        return a->good < b->good ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static int unique(void *items, int count, size_t size, int (*compare)(const void *, const void *))
{
    char *at = items;
    int kept = 0;
    if (count > 0)
        qsort(items, (size_t)count, size, compare);
    for (int i = 0; i < count; i++) {
        char *item = at + (size_t)i * size, *last = at + (size_t)kept * size;
        if (kept > 0 && compare(last - size, item) == 0)
            continue;
        if (last != item)
            for (size_t k = 0; k < size; k++)
                last[k] = item[k];
        kept++;
    }
    return kept;
}

/* Products in table order, then the pairs (product, origin) of freight. */
static void goods_find(kvc_world *w)
{
    const kv_case *c = w->given;
    const kv_case_row *row = &c->the_case.rows[0];
    for (int i = -1 - c->products.count; i < c->freight.count; i++) {
        kvc_good good = {.origin = -1, .technology = -1};
        if (i < -1) {
            good.product = i + 1 + c->products.count;
        } else {
            good.product = i < 0 ? row->general_freight_product : c->freight.rows[i].product;
            good.origin = i < 0 ? row->general_freight_origin : c->freight.rows[i].from;
            if (good.product < 0 || good.origin < 0)
                continue;
        }
        *(kvc_good *)kvc_push(w->arena, &w->good, sizeof good) = good;
    }
    w->good.count = unique(w->good.items, w->good.count, sizeof(kvc_good), good_compare);
    w->n_goods = w->good.count;
}

static int freight_good(const kvc_world *w, int product, int origin)
{
    kvc_good key = {.product = product, .origin = origin};
    const kvc_good *found =
        bsearch(&key, w->good.items, (size_t)w->n_goods, sizeof key, good_compare);
    return (int)(found - (const kvc_good *)w->good.items);
}

/* v->t[0] of a good at a place, with sign +1 (supply) or -1 and a price of its own or NaN. */
static void contribute(visit *v, int good, int place, int sign, double price)
{
    kvc_world *w = v->w;
    kvc_stop key = {good, place};
    if (mpq_sgn(v->t[0]) == 0)
        return;
    if (!v->adding) {
        *(kvc_stop *)kvc_push(w->arena, &w->stop, sizeof key) = key;
        return;
    }
    const kvc_stop *stops = w->stop.items;
    const kvc_stop *stop = bsearch(&key, stops, (size_t)w->stop.count, sizeof key, stop_compare);
    size_t at = (size_t)v->block * (size_t)w->stop.count + (size_t)(stop - stops);
    if (sign > 0)
        mpq_add(w->amount[at], w->amount[at], v->t[0]);
    else
        mpq_sub(w->amount[at], w->amount[at], v->t[0]);
    int supply = sign * mpq_sgn(v->t[0]) > 0;
    if (!supply && !isnan(price))
        w->stop_price[at] = isnan(w->stop_price[at]) ? price : fmin(w->stop_price[at], price);
    if (supply && good < w->given->products.count) {
        mpq_t *sum =
            &w->planned_supply[(size_t)v->block * (size_t)w->given->products.count + (size_t)good];
        mpq_add(*sum, *sum, v->t[0]);
    }
}

/* ---- the sources of supply and demand ---- */

static void planned_site(visit *v, const kv_site *site)
{
    const kv_product *product = &v->view->products.rows[site->product];
    const int demand = site->role == KV_SITE_MARKET;
    kvc_amount(product, site->amount, site->unit, v->t[0]);
    contribute(v, site->product, site->place, demand ? -1 : 1,
               demand ? site->unserved_price_eur_per_t : (double)NAN);
    if (site->role != KV_SITE_PLANT || !site->recipe)
        return;
    for (int i = 0; i < v->view->recipes.count; i++) {
        const kv_recipe *recipe = &v->view->recipes.rows[i];
        if (recipe->recipe != site->recipe)
            continue;
        kvc_amount(product, site->amount, site->unit, v->t[0]);
        kvc_ratio(v->view, site, recipe, v->t[1]);
        mpq_mul(v->t[0], v->t[0], v->t[1]);
        const int input = recipe->role == KV_RECIPE_INPUT;
        contribute(v, recipe->product, site->place, input ? -1 : 1,
                   input ? site->unserved_price_eur_per_t : (double)NAN);
    }
}

/* The largest jobs of the rows in force of row i's site, or -1 if an earlier row is of it too. */
static double jobs_of(const visit *v, int n_rows, int i)
{
    const kv_site *site = &v->view->sites.rows[v->rows[i]];
    double most = isnan(site->jobs) ? 0 : site->jobs;
    for (int o = 0; o < n_rows; o++) {
        const kv_site *other = &v->view->sites.rows[v->rows[o]];
        if (other->site != site->site)
            continue;
        if (o < i)
            return -1;
        most = fmax(most, other->jobs);
    }
    return most;
}

static void jobs(visit *v, int n_rows)
{
    const kv_case_row *row = &v->view->the_case.rows[0];
    const int origin = row->general_freight_origin;
    if (row->general_freight_product < 0 || origin < 0 ||
        !(row->inhabitants_per_job * row->general_freight_t_per_inhabitant_year > 0))
        return;
    const int good = freight_good(v->w, row->general_freight_product, origin);
    for (int i = 0; i < n_rows; i++) {
        const kv_site *site = &v->view->sites.rows[v->rows[i]];
        const double most = jobs_of(v, n_rows, i);
        int town = v->view->places.rows[site->place].town;
        town = town >= 0 ? town : site->place;
        if (!(most > 0) || town == origin)
            continue;
        kvc_set(v->t[0], most);
        multiply(v->t[0], row->inhabitants_per_job);
        multiply(v->t[0], row->general_freight_t_per_inhabitant_year);
        contribute(v, good, origin, 1, (double)NAN);
        contribute(v, good, town, -1, (double)NAN);
    }
}

static void freight(visit *v)
{
    const double factor =
        v->view->scenarios.rows[v->w->slot_row[v->block / v->w->n_periods]].freight_factor;
    for (int i = 0; i < v->view->freight.count; i++) {
        const kv_freight *row = &v->view->freight.rows[i];
        if (!v->freight[i])
            continue;
        kvc_set(v->t[0], row->t_per_year);
        if (v->adding) {
            mpq_mul(v->t[0], v->t[0], *growth_of(v, row->growth_per_year));
            multiply(v->t[0], factor);
        } else if (!(factor > 0)) {
            continue;
        }
        const int good = freight_good(v->w, row->product, row->from);
        contribute(v, good, row->from, 1, (double)NAN);
        contribute(v, good, row->to, -1, (double)NAN);
    }
}

static void visit_all(visit *v)
{
    kvc_world *w = v->w;
    for (v->block = 0; v->block < w->n_blocks; v->block++) {
        const int slot = v->block / w->n_periods, period = v->block % w->n_periods;
        v->view = w->view[slot];
        if (period == 0)
            kvc_need(w->arena,
                     kv_freight_in_force(v->view, w->slot_row[slot], v->freight) != KV_OK);
        int count = kv_sites_in_force(v->view, w->slot_row[slot], period, v->rows);
        for (int i = 0; i < count; i++) {
            const kv_site *site = &v->view->sites.rows[v->rows[i]];
            if (site->planned == KV_PLANNED)
                planned_site(v, site);
        }
        freight(v);
        jobs(v, count);
    }
}

/* Sums to the grid; what is not served costs the rows' price, else the product's, else the case's. */
static void finish(kvc_world *w, mpq_t scratch)
{
    for (int block = 0; block < w->n_blocks; block++) {
        const kv_case *view = w->view[block / w->n_periods];
        for (int i = 0; i < w->stop.count; i++) {
            size_t at = (size_t)block * (size_t)w->stop.count + (size_t)i;
            const kvc_good *good = &KVC_AT(kvc_good, w->good, KVC_AT(kvc_stop, w->stop, i).good);
            if (w->has_grid)
                kvc_round_to(w->amount[at], *w->grid, scratch);
            if (isnan(w->stop_price[at]))
                w->stop_price[at] = view->products.rows[good->product].unserved_price_eur_per_t;
            if (isnan(w->stop_price[at]))
                w->stop_price[at] = view->the_case.rows[0].unserved_price_eur_per_t;
        }
    }
}

void kvc_build_demand(kvc_world *world)
{
    kvc_world *w = world;
    const size_t blocks = (size_t)w->n_blocks;
    visit v = {.w = w, .t = kvc_numbers(w->arena, 2)};
    v.rows = kvc_alloc(w->arena, (size_t)w->given->sites.count, sizeof(int));
    v.freight = kvc_alloc(w->arena, (size_t)w->given->freight.count, 1);
    goods_find(w);
    visit_all(&v);
    w->stop.count = unique(w->stop.items, w->stop.count, sizeof(kvc_stop), stop_compare);
    for (int i = w->stop.count; i-- > 0;) {
        kvc_good *good = &KVC_AT(kvc_good, w->good, KVC_AT(kvc_stop, w->stop, i).good);
        good->stop_first = i;
        good->stop_count++;
    }
    const size_t stops = (size_t)w->stop.count;
    w->amount = kvc_numbers(w->arena, blocks * stops);
    w->planned_supply = kvc_numbers(w->arena, blocks * (size_t)w->given->products.count);
    w->stop_price = kvc_alloc(w->arena, blocks * stops, sizeof(double));
    for (size_t i = 0; i < blocks * stops; i++)
        w->stop_price[i] = (double)NAN;
    v.adding = 1;
    visit_all(&v);
    finish(w, v.t[0]);
}
