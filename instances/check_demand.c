/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recipes, sites, freight. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The first row of the recipe, or -1. */
static int recipe_first(const kv_case *c, const char *recipe)
{
    for (int i = 0; i < c->recipes.count; i++)
        if (same_text(c->recipes.rows[i].recipe, recipe))
            return i;
    return -1;
}

/* ---- recipes ---- */

void kv_check_recipes(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->recipes.count; i++) {
        const kv_recipe *row = &c->recipes.rows[i];
        int first = recipe_first(c, row->recipe), used = 0;
        if (row->unit != c->recipes.rows[first].unit)
            kv_check_add(checker, KV_FAULT, KV_TABLE_RECIPES, i, "unit",
                         "give all rows of a recipe the same unit",
                         "the recipe has another unit in line %ld", c->recipes.rows[first].line);
        if (row->t_per_unit == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_RECIPES, i, "t_per_unit",
                         "give the amount or remove the row", "nothing of it is used or made");
        for (int s = 0; s < c->sites.count && first == i && !used; s++)
            used = same_text(c->sites.rows[s].recipe, row->recipe);
        if (first == i && !used)
            kv_check_add(checker, KV_WARNING, KV_TABLE_RECIPES, i, "recipe",
                         "name it in sites.csv or remove it", "no site uses the recipe");
    }
}

/* ---- sites ---- */

static void unknown_recipe(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const char *nearest = NULL;
    kv_text mend = {0};
    int least = 5;
    for (int k = 0; k < c->recipes.count; k++) {
        int distance = kv_text_distance(c->sites.rows[i].recipe, c->recipes.rows[k].recipe);
        if (distance < least) {
            least = distance;
            nearest = c->recipes.rows[k].recipe;
        }
    }
    if (nearest)
        kv_text_addf(&mend, "did you mean '%s'? Otherwise ", nearest);
    kv_text_add(&mend, "add it to recipes.csv");
    kv_check_add(checker, KV_FAULT, KV_TABLE_SITES, i, "recipe", mend.data, "not in recipes.csv");
    kv_text_clear(&mend);
}

static void check_recipe_of(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const kv_site *site = &c->sites.rows[i];
    if (!site->recipe) {
        if (site->role == KV_SITE_PLANT && site->planned == KV_CHOSEN && site->amount > 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_SITES, i, "recipe",
                         "name a recipe, or make it a source",
                         "a chosen plant without a recipe makes its product of nothing");
        return;
    }
    int first = recipe_first(c, site->recipe);
    if (first < 0) {
        unknown_recipe(checker, i);
        return;
    }
    if (site->role != KV_SITE_PLANT)
        kv_check_add(checker, KV_WARNING, KV_TABLE_SITES, i, "recipe", "leave it blank",
                     "only a plant has a recipe");
    if (c->recipes.rows[first].unit == KV_AMOUNT_GWH_YR &&
        isnan(c->products.rows[site->product].t_per_gwh))
        kv_check_add(checker, KV_FAULT, KV_TABLE_SITES, i, "recipe",
                     "give t_per_gwh of the product in products.csv",
                     "the recipe is per GWh, but the product '%s' has no t_per_gwh",
                     kv_check_name(checker, KV_TABLE_PRODUCTS, site->product));
    for (int k = first; k < c->recipes.count; k++)
        if (c->recipes.rows[k].product == site->product &&
            same_text(c->recipes.rows[k].recipe, site->recipe) && site->role == KV_SITE_PLANT)
            kv_check_add(checker, KV_FAULT, KV_TABLE_SITES, i, "recipe",
                         "take the product out of its own recipe",
                         "the recipe holds the product that it makes, '%s'",
                         kv_check_name(checker, KV_TABLE_PRODUCTS, site->product));
}

static void check_site(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const kv_site *site = &c->sites.rows[i];
    if (site->unit == KV_AMOUNT_GWH_YR && isnan(c->products.rows[site->product].t_per_gwh))
        kv_check_add(checker, KV_FAULT, KV_TABLE_SITES, i, "unit",
                     "give t_per_gwh of the product in products.csv, or use t/yr",
                     "the product '%s' has no t_per_gwh",
                     kv_check_name(checker, KV_TABLE_PRODUCTS, site->product));
    if (!isnan(site->max_share) && (site->role != KV_SITE_SOURCE || site->planned != KV_CHOSEN))
        kv_check_add(checker, KV_WARNING, KV_TABLE_SITES, i, "max_share", "leave it blank",
                     "only a chosen source has a largest share");
    check_recipe_of(checker, i);
}

typedef struct site_ref {
    const kv_site *row;
} site_ref;

/* Rows by site, then by line. */
static int compare_by_name(const void *left, const void *right)
{
    const kv_site *a = ((const site_ref *)left)->row, *b = ((const site_ref *)right)->row;
    int names = strcmp(a->site, b->site);
    return names ? names : a < b ? -1 : a > b;
}

/* Rows of one site stand together: a site is at one place. */
static void check_place(kv_checker *checker, const kv_site *row, const kv_site *before)
{
    const kv_case *c = checker->the_case;
    if (row->place != before->place)
        kv_check_add(checker, KV_WARNING, KV_TABLE_SITES, (int)(row - c->sites.rows), "place",
                     "give each site one place", "the site is at '%s' in line %ld",
                     kv_check_name(checker, KV_TABLE_PLACES, before->place), before->line);
}

/* A scenario's own rows replace the others also before they begin: then the site is not there. */
static void check_begin(kv_checker *checker, const site_ref *rows, size_t n, size_t i)
{
    const kv_case *c = checker->the_case;
    const kv_site *row = rows[i].row;
    int replaced = 0;
    if (row->scenario < 0 || row->from_period <= 0)
        return;
    for (size_t k = 0; k < n; k++) {
        const kv_site *other = rows[k].row;
        if (other->product != row->product || other->from_period >= row->from_period)
            continue;
        if (other->scenario == row->scenario)
            return;
        replaced |= other->scenario < 0;
    }
    if (replaced)
        kv_check_add(checker, KV_WARNING, KV_TABLE_SITES, (int)(row - c->sites.rows), "from_period",
                     "add a row of this scenario for the periods before",
                     "before it the site is not there in the scenario '%s', whose own rows "
                     "replace the others",
                     kv_check_name(checker, KV_TABLE_SCENARIOS, row->scenario));
}

static void check_groups(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    size_t count = (size_t)c->sites.count;
    site_ref *sorted = kv_alloc(count, sizeof *sorted);
    if (!sorted) {
        checker->status = KV_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i].row = &c->sites.rows[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_by_name);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1;
             end < count && strcmp(sorted[end].row->site, sorted[first].row->site) == 0;)
            end++;
        for (size_t i = first; i < end; i++) {
            if (i > first)
                check_place(checker, sorted[i].row, sorted[i - 1].row);
            check_begin(checker, sorted + first, end - first, i - first);
        }
    }
    kv_free(sorted);
}

void kv_check_sites(kv_checker *checker)
{
    for (int i = 0; i < checker->the_case->sites.count; i++)
        check_site(checker, i);
    check_groups(checker);
}

/* ---- who offers and who takes ---- */

enum { OFFERED = 1, TAKEN = 2 };

static void mark_site(const kv_case *c, const kv_site *site, unsigned char *marks)
{
    if (site->amount == 0)
        return;
    marks[site->product] |= site->role == KV_SITE_MARKET ? TAKEN : OFFERED;
    for (int i = 0; i < c->recipes.count && site->role == KV_SITE_PLANT && site->recipe; i++)
        if (same_text(c->recipes.rows[i].recipe, site->recipe))
            marks[c->recipes.rows[i].product] |=
                c->recipes.rows[i].role == KV_RECIPE_INPUT ? TAKEN : OFFERED;
}

/* Where nothing is cheaper than not to deliver, nothing will be delivered. */
static void check_price(kv_checker *checker, int product)
{
    const kv_case *c = checker->the_case;
    const kv_product *row = &c->products.rows[product];
    char cheapest_text[KV_NUMBER_SIZE], unserved_text[KV_NUMBER_SIZE];
    double unserved = isnan(row->unserved_price_eur_per_t)
                          ? c->the_case.rows[0].unserved_price_eur_per_t
                          : row->unserved_price_eur_per_t;
    double cheapest = HUGE_VAL;
    for (int i = 0; i < c->sites.count; i++) {
        const kv_site *site = &c->sites.rows[i];
        if (site->product != product || site->role == KV_SITE_MARKET || site->amount == 0)
            continue;
        cheapest = fmin(cheapest, site->planned == KV_PLANNED ? 0 : site->price_eur_per_t);
    }
    for (int i = 0; i < c->recipes.count; i++)
        if (c->recipes.rows[i].product == product && c->recipes.rows[i].role == KV_RECIPE_COPRODUCT)
            cheapest = 0;
    if (isinf(cheapest) || cheapest < unserved)
        return;
    kv_format_number(cheapest, cheapest_text);
    kv_format_number(unserved, unserved_text);
    kv_check_add(checker, KV_WARNING, KV_TABLE_PRODUCTS, product, "unserved_price_eur_per_t",
                 "raise the price of a ton that is not delivered",
                 "its cheapest supply costs %s EUR/t, and not to deliver it only %s EUR/t",
                 cheapest_text, unserved_text);
}

void kv_check_markets(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    unsigned char *marks = kv_alloc((size_t)c->products.count, 1);
    if (!marks) {
        checker->status = KV_ERR_MEMORY;
        return;
    }
    for (int i = 0; i < c->sites.count; i++)
        mark_site(c, &c->sites.rows[i], marks);
    for (int p = 0; p < c->products.count; p++) {
        if (marks[p] == TAKEN)
            kv_check_add(checker, KV_WARNING, KV_TABLE_PRODUCTS, p, "product",
                         "add a source to sites.csv, such as imports at a gateway",
                         "it is taken, but nobody offers it");
        if (marks[p] == OFFERED)
            kv_check_add(checker, KV_WARNING, KV_TABLE_PRODUCTS, p, "product",
                         "add a market to sites.csv, such as exports at a gateway",
                         "it is offered, but nobody takes it");
        if (marks[p] == (TAKEN | OFFERED))
            check_price(checker, p);
    }
    kv_free(marks);
}

/* ---- freight ---- */

void kv_check_freight(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->freight.count; i++)
        if (c->freight.rows[i].from == c->freight.rows[i].to)
            kv_check_add(checker, KV_FAULT, KV_TABLE_FREIGHT, i, "to", "give two different places",
                         "the freight goes from '%s' to itself",
                         kv_check_name(checker, KV_TABLE_PLACES, c->freight.rows[i].from));
}
