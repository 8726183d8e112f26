/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/select.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- sites ---- */

/* How rows are ordered to select among them: those of one site and product together, the ones that
 * name the scenario first, then from the latest period on. */
static int compare_sites(const kv_case *view, int scenario, int left, int right)
{
    const kv_site *a = &view->sites.rows[left], *b = &view->sites.rows[right];
    int names = a->site == b->site ? 0 : strcmp(a->site, b->site);
    if (names != 0)
        return names;
    if (a->product != b->product)
        return a->product < b->product ? -1 : 1;
    int a_names = a->scenario == scenario, b_names = b->scenario == scenario;
    if (a_names != b_names)
        return a_names ? -1 : 1;
    int a_from = a->from_period < 0 ? 0 : a->from_period;
    int b_from = b->from_period < 0 ? 0 : b->from_period;
    if (a_from != b_from)
        return a_from > b_from ? -1 : 1;
    return left > right ? -1 : left < right;
}

static void sift_down(const kv_case *view, int scenario, int *rows, int root, int count)
{
    for (int child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare_sites(view, scenario, rows[child], rows[child + 1]) < 0)
            child++;
        if (compare_sites(view, scenario, rows[root], rows[child]) >= 0)
            return;
        int swapped = rows[root];
        rows[root] = rows[child];
        rows[child] = swapped;
    }
}

/* Heapsort: in place, and the order needs the view. */
static void sort_sites(const kv_case *view, int scenario, int *rows, int count)
{
    for (int root = count / 2 - 1; root >= 0; root--)
        sift_down(view, scenario, rows, root, count);
    for (int last = count - 1; last > 0; last--) {
        int swapped = rows[0];
        rows[0] = rows[last];
        rows[last] = swapped;
        sift_down(view, scenario, rows, 0, last);
    }
}

static int compare_ints(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;
    return a < b ? -1 : a > b;
}

/*
 * A scenario's own rows replace the others even where their first period is still to come; so rows
 * of later periods stay in the order until the group's first row has told whose rows count.
 */
int kv_sites_in_force(const kv_case *view, int scenario, int period, int *rows)
{
    int count = 0, kept = 0;
    for (int i = 0; i < view->sites.count; i++) {
        int of = view->sites.rows[i].scenario;
        if (of < 0 || of == scenario)
            rows[count++] = i;
    }
    sort_sites(view, scenario, rows, count);
    const kv_site *group = NULL;
    int own = 0, found = 0;
    for (int i = 0; i < count; i++) {
        const kv_site *site = &view->sites.rows[rows[i]];
        if (!group || strcmp(site->site, group->site) != 0 || site->product != group->product) {
            group = site;
            own = site->scenario == scenario;
            found = 0;
        }
        if (found || (site->scenario == scenario) != own || site->from_period > period)
            continue;
        found = 1;
        rows[kept++] = rows[i];
    }
    if (kept > 0)
        qsort(rows, (size_t)kept, sizeof *rows, compare_ints);
    return kept;
}

/* ---- freight ---- */

static uint64_t freight_hash(const kv_freight *row)
{
    uint64_t hash = (uint64_t)(uint32_t)row->from * 0x9e3779b97f4a7c15u;
    hash = (hash ^ (uint32_t)row->to) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 29) ^ (uint32_t)row->product) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 32);
}

static int freight_same(const kv_freight *a, const kv_freight *b)
{
    return a->from == b->from && a->to == b->to && a->product == b->product;
}

/* The slot that holds a row like this one, or the free one where it would go. */
static size_t freight_slot(const kv_case *view, const int *slots, size_t mask,
                           const kv_freight *row)
{
    size_t slot = (size_t)freight_hash(row) & mask;
    while (slots[slot] && !freight_same(&view->freight.rows[slots[slot] - 1], row))
        slot = (slot + 1) & mask;
    return slot;
}

kv_status kv_freight_in_force(const kv_case *view, int scenario, unsigned char *used)
{
    size_t own = 0, n_slots = 16;
    for (int i = 0; i < view->freight.count; i++) {
        used[i] = view->freight.rows[i].scenario == scenario;
        own += used[i];
    }
    while (n_slots < 2 * own)
        n_slots *= 2;
    int *slots = kv_alloc(n_slots, sizeof(int));
    if (!slots)
        return KV_ERR_MEMORY;
    for (int i = 0; i < view->freight.count && own > 0; i++)
        if (used[i])
            slots[freight_slot(view, slots, n_slots - 1, &view->freight.rows[i])] = i + 1;
    for (int i = 0; i < view->freight.count; i++) {
        const kv_freight *row = &view->freight.rows[i];
        if (row->scenario < 0)
            used[i] = own == 0 || !slots[freight_slot(view, slots, n_slots - 1, row)];
    }
    kv_free(slots);
    return KV_OK;
}

/* ---- technologies, energy, policies ---- */

static void replace(double *number, double by)
{
    if (!isnan(by))
        *number = by;
}

void kv_technology_in_force(const kv_case *view, int technology, int period, kv_technology *numbers)
{
    *numbers = view->technologies.rows[technology];
    for (int p = 0; p <= period; p++) {
        for (int i = 0; i < view->technology_periods.count; i++) {
            const kv_technology_period *row = &view->technology_periods.rows[i];
            int from = row->from_period < 0 ? 0 : row->from_period;
            if (row->technology != technology || from != p)
                continue;
            replace(&numbers->payload_t, row->payload_t);
            replace(&numbers->cost_eur_per_km, row->cost_eur_per_km);
            replace(&numbers->cost_eur_per_tkm, row->cost_eur_per_tkm);
            replace(&numbers->energy_kwh_per_km, row->energy_kwh_per_km);
            replace(&numbers->vehicle_price_eur, row->vehicle_price_eur);
            replace(&numbers->max_purchases_per_year, row->max_purchases_per_year);
            replace(&numbers->max_share, row->max_share);
            replace(&numbers->min_share, row->min_share);
        }
    }
}

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The row of the carrier for exactly this country (NULL = blank) in force, or NULL; *named = 1 when
 * the carrier has rows for it at all. */
static const kv_energy *energy_row(const kv_case *view, int carrier, const char *country,
                                   int period, int *named)
{
    const kv_energy *best = NULL;
    *named = 0;
    for (int i = 0; i < view->energy.count; i++) {
        const kv_energy *row = &view->energy.rows[i];
        if (row->carrier != carrier || !same_text(row->country, country))
            continue;
        *named = 1;
        if (row->from_period <= period && (!best || row->from_period >= best->from_period))
            best = row;
    }
    return best;
}

void kv_energy_in_force(const kv_case *view, int carrier, const char *country, int period,
                        double *price_eur_per_kwh, double *co2_kg_per_kwh)
{
    int named;
    const kv_energy *row = energy_row(view, carrier, country, period, &named);
    if (!named && country)
        row = energy_row(view, carrier, NULL, period, &named);
    *price_eur_per_kwh = row ? row->price_eur_per_kwh : 0;
    *co2_kg_per_kwh = row ? row->co2_kg_per_kwh : 0;
}

const kv_policy *kv_policy_in_force(const kv_case *view, int scenario, int period)
{
    const kv_policy *best = NULL;
    int own = -1;
    for (int i = 0; i < view->policies.count; i++)
        if (view->policies.rows[i].scenario == scenario)
            own = scenario;
    for (int i = 0; i < view->policies.count; i++) {
        const kv_policy *row = &view->policies.rows[i];
        if (row->scenario != own || row->from_period > period)
            continue;
        if (!best || row->from_period >= best->from_period)
            best = row;
    }
    return best;
}

/* ---- years ---- */

int kv_period_years(const kv_period *period)
{
    return period->last_year - period->first_year + 1;
}

double kv_discount(const kv_case *view, double year)
{
    double rate = view->the_case.rows[0].discount_rate_per_year;
    return pow(1 + rate, -(year - view->periods.rows[0].first_year));
}

double kv_period_discount(const kv_case *view, int period)
{
    const kv_period *years = &view->periods.rows[period];
    double sum = 0;
    for (int y = years->first_year; y <= years->last_year; y++)
        sum += kv_discount(view, y);
    return sum;
}

double kv_period_growth(const kv_case *view, int period, double growth_per_year)
{
    const kv_period *years = &view->periods.rows[period];
    double sum = 0;
    for (int y = years->first_year; y <= years->last_year; y++)
        sum += pow(1 + growth_per_year, y - view->periods.rows[0].first_year);
    return sum / kv_period_years(years);
}
