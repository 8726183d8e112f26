/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cut.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_fraction = 1e-3; /* of the right-hand side, from a whole number */
static const double zero = 1e-11;          /* a coefficient this small counts as none */
static const double widest = 1e7;          /* largest coefficient by the smallest */
static const double rounding = 1e-10;      /* what the right-hand side is raised by, relative */

struct kv_derivation {
    const kv_problem *problem;
    int *balance_first, *balance_flow; /* flows that leave or enter a balance row, ascending */
    int *user_first, *user_flow;       /* flows that use a resource, ascending */
    int *user_use;                     /* [of user_flow] their entry of use */
    double *design, *flow;             /* sums of coefficients, all 0 between derivations */
    unsigned char *has_design, *has_flow, *complemented;
    int *designs, *flows; /* those that have an entry */
    int n_designs, n_flows;
    double rhs;
};

/* Ends of lists to their beginnings, as things are put from the back. */
static void add_up(int *first, int owners)
{
    for (int o = 0, end = 0; o <= owners; o++)
        first[o] = end += o < owners ? first[o] : 0;
}

static void list_flows(kv_derivation *d)
{
    const kv_problem *p = d->problem;
    for (int f = 0; f < p->n_flows; f++) {
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f], loop = tail == head;
        if (tail >= 0 && !loop)
            d->balance_first[tail]++;
        if (head >= 0 && !loop)
            d->balance_first[head]++;
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            d->user_first[p->use_resource[e]]++;
    }
    add_up(d->balance_first, p->n_balances);
    add_up(d->user_first, p->n_resources);
    for (int f = p->n_flows - 1; f >= 0; f--) {
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f], loop = tail == head;
        if (tail >= 0 && !loop)
            d->balance_flow[--d->balance_first[tail]] = f;
        if (head >= 0 && !loop)
            d->balance_flow[--d->balance_first[head]] = f;
        for (int e = p->use_first[f + 1] - 1; e >= p->use_first[f]; e--) {
            int at = --d->user_first[p->use_resource[e]];
            d->user_flow[at] = f;
            d->user_use[at] = e;
        }
    }
}

kv_derivation *kv_derivation_create(const kv_problem *problem)
{
    const kv_problem *p = problem;
    size_t n = (size_t)p->n_design, m = (size_t)p->n_blocks * (size_t)p->n_flows;
    size_t uses = (size_t)p->use_first[p->n_flows];
    kv_derivation *d = kv_alloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->problem = p;
    d->balance_first = kv_alloc((size_t)p->n_balances + 1, sizeof *d->balance_first);
    d->balance_flow = kv_alloc(2 * (size_t)p->n_flows, sizeof *d->balance_flow);
    d->user_first = kv_alloc((size_t)p->n_resources + 1, sizeof *d->user_first);
    d->user_flow = kv_alloc(uses, sizeof *d->user_flow);
    d->user_use = kv_alloc(uses, sizeof *d->user_use);
    d->design = kv_alloc(n, sizeof *d->design);
    d->flow = kv_alloc(m, sizeof *d->flow);
    d->has_design = kv_alloc(n, 1);
    d->complemented = kv_alloc(n, 1);
    d->has_flow = kv_alloc(m, 1);
    d->designs = kv_alloc(n, sizeof *d->designs);
    d->flows = kv_alloc(m, sizeof *d->flows);
    if (d->balance_first && d->balance_flow && d->user_first && d->user_flow && d->user_use &&
        d->design && d->flow && d->has_design && d->complemented && d->has_flow && d->designs &&
        d->flows) {
        list_flows(d);
        return d;
    }
    kv_derivation_free(d);
    return NULL;
}

void kv_derivation_free(kv_derivation *d)
{
    if (!d)
        return;
    void *arrays[] = {d->balance_first, d->balance_flow, d->user_first, d->user_flow,
                      d->user_use,      d->design,       d->flow,       d->has_design,
                      d->has_flow,      d->complemented, d->designs,    d->flows};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(d);
}

/* ---- the sum of the sources ---------------------------------------------------------------- */

static void add_design(kv_derivation *d, int j, double value)
{
    if (!d->has_design[j]) {
        d->has_design[j] = 1;
        d->designs[d->n_designs++] = j;
    }
    d->design[j] += value;
}

static void add_flow(kv_derivation *d, size_t x, double value)
{
    if (!d->has_flow[x]) {
        d->has_flow[x] = 1;
        d->flows[d->n_flows++] = (int)x;
    }
    d->flow[x] += value;
}

static void add_balance(kv_derivation *d, const kv_source *s)
{
    const kv_problem *p = d->problem;
    int block = s->row / p->n_balances, row = s->row % p->n_balances;
    size_t first = (size_t)block * (size_t)p->n_flows;
    for (int i = d->balance_first[row]; i < d->balance_first[row + 1]; i++) {
        int f = d->balance_flow[i];
        if (p->flow_upper[first + (size_t)f] <= 0)
            continue;
        add_flow(d, first + (size_t)f, p->flow_tail_row[f] == row ? s->factor : -s->factor);
    }
    d->rhs += s->factor * p->balance[s->row];
}

static void add_resource(kv_derivation *d, const kv_source *s)
{
    const kv_problem *p = d->problem;
    int block = s->row / p->n_resources, r = s->row % p->n_resources;
    size_t first = (size_t)block * (size_t)p->n_flows;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int i = d->user_first[r]; i < d->user_first[r + 1]; i++) {
        size_t x = first + (size_t)d->user_flow[i];
        if (p->flow_upper[x] > 0)
            add_flow(d, x, s->factor * use[d->user_use[i]]);
    }
    for (int e = p->supply_first[s->row]; e < p->supply_first[s->row + 1]; e++)
        add_design(d, p->supply_design[e], -s->factor * p->supply[e]);
    d->rhs += s->factor * p->resource_base[s->row];
}

static void add_opening(kv_derivation *d, const kv_source *s)
{
    const kv_problem *p = d->problem;
    const kv_opening *o = &p->openings[s->row];
    size_t x = (size_t)o->block * (size_t)p->n_flows + (size_t)s->flow;
    add_flow(d, x, s->factor);
    for (int e = o->first; e < o->first + o->count; e++)
        add_design(d, p->opening_design[e],
                   -s->factor * p->flow_upper[x] * p->opening_coefficient[e]);
}

static void add_sources(kv_derivation *d, int n, const kv_source *source)
{
    d->rhs = 0;
    for (int i = 0; i < n; i++) {
        switch (source[i].kind) {
        case KV_FROM_BALANCE: add_balance(d, &source[i]); break;
        case KV_FROM_RESOURCE: add_resource(d, &source[i]); break;
        case KV_FROM_OPENING: add_opening(d, &source[i]); break;
        }
    }
}

static void forget(kv_derivation *d)
{
    for (int i = 0; i < d->n_designs; i++) {
        d->design[d->designs[i]] = 0;
        d->has_design[d->designs[i]] = d->complemented[d->designs[i]] = 0;
    }
    for (int i = 0; i < d->n_flows; i++) {
        d->flow[d->flows[i]] = 0;
        d->has_flow[d->flows[i]] = 0;
    }
    d->n_designs = d->n_flows = 0;
}

/* ---- rounding ------------------------------------------------------------------------------ */

static double whole_lower(const kv_problem *p, int j)
{
    return p->design_integer[j] ? ceil(p->design_lower[j]) : p->design_lower[j];
}

static double whole_upper(const kv_problem *p, int j)
{
    return p->design_integer[j] ? floor(p->design_upper[j]) : p->design_upper[j];
}

/* Variables counted from a bound; the sum divided. Flows have 0 as their lower bound. */
static void shift(kv_derivation *d, double divide)
{
    const kv_problem *p = d->problem;
    for (int i = 0; i < d->n_designs; i++) {
        int j = d->designs[i];
        double from = d->complemented[j] ? whole_upper(p, j) : whole_lower(p, j);
        d->rhs -= d->design[j] * from;
        d->design[j] *= (d->complemented[j] ? -1.0 : 1.0) / divide;
    }
    for (int i = 0; i < d->n_flows; i++)
        d->flow[d->flows[i]] /= divide;
    d->rhs /= divide;
}

/* The derived row from the shifted sum; its right-hand side. -1 where the fraction is doubtful. */
static int round_sum(kv_derivation *d)
{
    const kv_problem *p = d->problem;
    double whole = floor(d->rhs), f0 = d->rhs - whole;
    if (!(f0 >= least_fraction && f0 <= 1 - least_fraction))
        return -1;
    d->rhs = whole;
    for (int i = 0; i < d->n_designs; i++) {
        int j = d->designs[i];
        double v = d->design[j], sign = d->complemented[j] ? -1.0 : 1.0;
        double from = d->complemented[j] ? whole_upper(p, j) : whole_lower(p, j);
        if (p->design_integer[j])
            v = floor(v) + fmax(0, v - floor(v) - f0) / (1 - f0);
        else
            v = fmin(0, v) / (1 - f0);
        d->design[j] = sign * v;
        d->rhs += sign * v * from;
    }
    for (int i = 0; i < d->n_flows; i++)
        d->flow[d->flows[i]] = fmin(0, d->flow[d->flows[i]]) / (1 - f0);
    return 0;
}

/* ---- the cut ------------------------------------------------------------------------------- */

void kv_cut_free(kv_cut *cut)
{
    if (!cut)
        return;
    kv_free(cut->design);
    kv_free(cut->design_value);
    kv_free(cut->flow);
    kv_free(cut->flow_value);
    kv_free(cut->source);
    kv_free(cut->complement);
    kv_free(cut);
}

static kv_cut *make_room(int designs, int flows, int sources, int complements)
{
    kv_cut *c = kv_alloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->design = kv_alloc((size_t)designs, sizeof *c->design);
    c->design_value = kv_alloc((size_t)designs, sizeof *c->design_value);
    c->flow = kv_alloc((size_t)flows, sizeof *c->flow);
    c->flow_value = kv_alloc((size_t)flows, sizeof *c->flow_value);
    c->source = kv_alloc((size_t)sources, sizeof *c->source);
    c->complement = kv_alloc((size_t)complements, sizeof *c->complement);
    if (c->design && c->design_value && c->flow && c->flow_value && c->source && c->complement)
        return c;
    kv_cut_free(c);
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

typedef struct extent {
    double least, most, noise;
} extent;

static int count_entry(extent *e, double value, double most)
{
    if (fabs(value) <= zero) {
        e->noise += fabs(value) * most;
        return 0;
    }
    e->least = fmin(e->least, fabs(value));
    e->most = fmax(e->most, fabs(value));
    e->noise += rounding * fabs(value) * most;
    return 1;
}

/* The derived row's entries that count, in order; what is left out is allowed for. */
static int fill_entries(kv_derivation *d, kv_cut *c)
{
    const kv_problem *p = d->problem;
    extent e = {HUGE_VAL, 0, 0};
    qsort(d->designs, (size_t)d->n_designs, sizeof(int), by_number);
    qsort(d->flows, (size_t)d->n_flows, sizeof(int), by_number);
    for (int i = 0; i < d->n_designs; i++) {
        int j = d->designs[i];
        double most = fmax(fabs(p->design_lower[j]), fabs(p->design_upper[j]));
        if (!count_entry(&e, d->design[j], most))
            continue;
        c->design[c->n_design] = j;
        c->design_value[c->n_design++] = d->design[j];
    }
    for (int i = 0; i < d->n_flows; i++) {
        int x = d->flows[i];
        if (!count_entry(&e, d->flow[x], p->flow_upper[x]))
            continue;
        c->flow[c->n_flows] = x;
        c->flow_value[c->n_flows++] = d->flow[x];
    }
    c->rhs = d->rhs + e.noise + rounding * fabs(d->rhs);
    return c->n_design > 0 && e.most <= widest * e.least && isfinite(c->rhs);
}

kv_status kv_cut_derive(kv_derivation *derivation, int n_sources, const kv_source *source,
                        int n_complement, const int *complement, double divide, kv_cut **cut)
{
    kv_derivation *d = derivation;
    kv_status status = KV_OK;
    *cut = NULL;
    add_sources(d, n_sources, source);
    for (int i = 0; i < n_complement; i++)
        d->complemented[complement[i]] = d->has_design[complement[i]];
    shift(d, divide);
    if (round_sum(d) != 0)
        goto out;
    *cut = make_room(d->n_designs, d->n_flows, n_sources, n_complement);
    if (!*cut) {
        status = KV_ERR_MEMORY;
        goto out;
    }
    if (!fill_entries(d, *cut)) {
        kv_cut_free(*cut);
        *cut = NULL;
        goto out;
    }
    memcpy((*cut)->source, source, (size_t)n_sources * sizeof *source);
    (*cut)->n_sources = n_sources;
    for (int i = 0; i < n_complement; i++)
        if (d->complemented[complement[i]])
            (*cut)->complement[(*cut)->n_complement++] = complement[i];
    (*cut)->divide = divide;
out:
    forget(d);
    return status;
}

/* ---- comparison ---------------------------------------------------------------------------- */

static double squared(const kv_cut *c)
{
    double sum = 0;
    for (int i = 0; i < c->n_design; i++)
        sum += c->design_value[i] * c->design_value[i];
    for (int i = 0; i < c->n_flows; i++)
        sum += c->flow_value[i] * c->flow_value[i];
    return sum;
}

double kv_cut_efficacy(const kv_cut *cut, const double *design, const double *flow)
{
    double sum = -cut->rhs;
    for (int i = 0; i < cut->n_design; i++)
        sum += cut->design_value[i] * design[cut->design[i]];
    for (int i = 0; i < cut->n_flows; i++)
        sum += cut->flow_value[i] * flow[cut->flow[i]];
    return sum / sqrt(squared(cut));
}

static double product(int n, const int *index, const double *value, int m, const int *index2,
                      const double *value2)
{
    double sum = 0;
    for (int i = 0, k = 0; i < n && k < m;) {
        if (index[i] == index2[k])
            sum += value[i] * value2[k];
        int first = index[i], second = index2[k];
        i += first <= second;
        k += second <= first;
    }
    return sum;
}

double kv_cut_parallel(const kv_cut *a, const kv_cut *b)
{
    double sum =
        product(a->n_design, a->design, a->design_value, b->n_design, b->design, b->design_value) +
        product(a->n_flows, a->flow, a->flow_value, b->n_flows, b->flow, b->flow_value);
    return sum / sqrt(squared(a) * squared(b));
}
