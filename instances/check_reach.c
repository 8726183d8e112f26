/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a route can lead from each site to another one that takes or offers its product, links
 * and terminals that projects may open included, directions not regarded. Products that the same
 * links and transfers serve are one class.
 */
#include "base/memory.h"
#include "instances/checker.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct mode_node {
    int place, mode;
    const char *standard;
} mode_node;

typedef struct reach {
    kv_checker *checker;
    mode_node *nodes; /* the doors come first, in the order of places */
    int n_nodes;
    int *slots; /* hash of the nodes, number + 1 */
    size_t n_slots;
    int *link_ends;                                            /* [2 * links]: nodes */
    int *transfer_ends;                                        /* [2 * transfers]: nodes */
    int *parent;                                               /* union-find */
    unsigned char *link_open, *terminal_open, *link_dangerous; /* now, or by a project */
    unsigned char moves[KV_MODES][2]; /* by electrified: some technology runs */
} reach;

/* ---- nodes ---- */

static uint64_t node_hash(const mode_node *node)
{
    uint64_t hash = ((uint64_t)(uint32_t)node->place << 8) + (uint64_t)node->mode;
    for (const char *s = node->standard; s && *s; s++)
        hash = (hash ^ (unsigned char)*s) * 1099511628211u;
    hash *= 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 32);
}

static int same_node(const mode_node *a, const mode_node *b)
{
    if (a->place != b->place || a->mode != b->mode)
        return 0;
    return a->standard == b->standard ||
           (a->standard && b->standard && strcmp(a->standard, b->standard) == 0);
}

static int node_number(reach *r, int place, int mode, const char *standard)
{
    mode_node node = {place, mode, standard};
    size_t slot = (size_t)node_hash(&node) & (r->n_slots - 1);
    while (r->slots[slot] && !same_node(&r->nodes[r->slots[slot] - 1], &node))
        slot = (slot + 1) & (r->n_slots - 1);
    if (!r->slots[slot]) {
        r->nodes[r->n_nodes++] = node;
        r->slots[slot] = r->n_nodes;
    }
    return r->slots[slot] - 1;
}

static int reach_allocate(reach *r, const kv_case *c)
{
    size_t links = (size_t)c->links.count, transfers = (size_t)c->transfers.count;
    size_t most = (size_t)c->places.count + 2 * links + 2 * transfers;
    r->n_slots = 16;
    while (r->n_slots < 2 * most)
        r->n_slots *= 2;
    r->nodes = kv_alloc(most, sizeof *r->nodes);
    r->slots = kv_alloc(r->n_slots, sizeof(int));
    r->link_ends = kv_alloc(2 * links, sizeof(int));
    r->transfer_ends = kv_alloc(2 * transfers, sizeof(int));
    r->parent = kv_alloc(most, sizeof(int));
    r->link_open = kv_alloc(links, 1);
    r->link_dangerous = kv_alloc(links, 1);
    r->terminal_open = kv_alloc((size_t)c->terminals.count, 1);
    return r->nodes && r->slots && r->link_ends && r->transfer_ends && r->parent && r->link_open &&
                   r->link_dangerous && r->terminal_open
               ? 0
               : -1;
}

static void reach_clear(reach *r)
{
    kv_free(r->nodes);
    kv_free(r->slots);
    kv_free(r->link_ends);
    kv_free(r->transfer_ends);
    kv_free(r->parent);
    kv_free(r->link_open);
    kv_free(r->link_dangerous);
    kv_free(r->terminal_open);
}

/* What is open, electrified or allowed now or by a project, and which technologies run. */
static void reach_possibilities(reach *r, const kv_case *c)
{
    for (int i = 0; i < c->terminals.count; i++)
        r->terminal_open[i] = (unsigned char)c->terminals.rows[i].open;
    for (int i = 0; i < c->technologies.count; i++) {
        const kv_technology *row = &c->technologies.rows[i];
        r->moves[row->mode][1] = 1;
        r->moves[row->mode][0] |= !row->needs_electrification;
    }
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        r->link_open[i] = (unsigned char)link->open;
        r->link_dangerous[i] = (unsigned char)link->dangerous_goods;
    }
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *row = &c->effects.rows[i];
        if (row->effect == KV_EFFECT_OPEN_LINK && row->link >= 0)
            r->link_open[row->link] = 1;
        if (row->effect == KV_EFFECT_ALLOW_DANGEROUS && row->link >= 0)
            r->link_dangerous[row->link] = 1;
        if (row->effect == KV_EFFECT_OPEN_TERMINAL && row->terminal >= 0)
            r->terminal_open[row->terminal] = 1;
    }
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        int wired =
            link->electrified || (!r->moves[link->mode][0] &&
                                  kv_check_has_effect(r->checker, KV_EFFECT_ELECTRIFY, i, -1));
        r->link_open[i] &= r->moves[link->mode][wired];
    }
}

static void reach_nodes(reach *r, const kv_case *c)
{
    for (int i = 0; i < c->places.count; i++)
        node_number(r, i, KV_MODE_ROAD, NULL);
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        r->link_ends[2 * i] = node_number(r, link->from, link->mode, link->standard);
        r->link_ends[2 * i + 1] = node_number(r, link->to, link->mode, link->standard);
    }
    for (int i = 0; i < c->transfers.count; i++) {
        const kv_transfer *row = &c->transfers.rows[i];
        int place = c->terminals.rows[row->terminal].place;
        r->transfer_ends[2 * i] = node_number(r, place, row->from_mode, row->from_standard);
        r->transfer_ends[2 * i + 1] = node_number(r, place, row->to_mode, row->to_standard);
    }
}

/* ---- union-find ---- */

static int root_of(reach *r, int node)
{
    while (r->parent[node] != node) {
        r->parent[node] = r->parent[r->parent[node]];
        node = r->parent[node];
    }
    return node;
}

static void join(reach *r, int a, int b)
{
    int left = root_of(r, a), right = root_of(r, b);
    if (left < right)
        r->parent[right] = left;
    else
        r->parent[left] = right;
}

static void join_for(reach *r, const kv_product *product)
{
    const kv_case *c = r->checker->the_case;
    for (int v = 0; v < r->n_nodes; v++)
        r->parent[v] = v;
    for (int i = 0; i < c->links.count; i++) {
        int barred = (product->dangerous && !r->link_dangerous[i]) ||
                     (!product->road && c->links.rows[i].mode == KV_MODE_ROAD);
        if (r->link_open[i] && !barred)
            join(r, r->link_ends[2 * i], r->link_ends[2 * i + 1]);
    }
    for (int i = 0; i < c->transfers.count; i++) {
        int handling = c->transfers.rows[i].handling;
        if (r->terminal_open[c->transfers.rows[i].terminal] &&
            (handling == KV_HANDLING_ANY || handling == product->handling))
            join(r, r->transfer_ends[2 * i], r->transfer_ends[2 * i + 1]);
    }
}

/* ---- sites ---- */

enum { OFFERS = 1, TAKES = 2 };

/* What a site's row does with a product: OFFERS, TAKES, both or neither. */
static int site_does(const kv_case *c, const kv_site *site, int product)
{
    int does = 0;
    if (site->amount == 0)
        return 0;
    if (site->product == product)
        does = site->role == KV_SITE_MARKET ? TAKES : OFFERS;
    if (site->role != KV_SITE_PLANT || !site->recipe)
        return does;
    for (int i = 0; i < c->recipes.count; i++) {
        const kv_recipe *row = &c->recipes.rows[i];
        if (row->product == product && row->t_per_unit > 0 &&
            (row->recipe == site->recipe || strcmp(row->recipe, site->recipe) == 0))
            does |= row->role == KV_RECIPE_INPUT ? TAKES : OFFERS;
    }
    return does;
}

/* An earlier row of the same site has told it. */
static int told_before(const kv_case *c, const unsigned char *does, int i)
{
    for (int k = 0; k < i; k++)
        if (does[k] == does[i] && c->sites.rows[k].place == c->sites.rows[i].place &&
            strcmp(c->sites.rows[k].site, c->sites.rows[i].site) == 0)
            return 1;
    return 0;
}

/* Rows of a product, each against what is offered and taken in its component; a product that
 * nobody offers or takes anywhere is told elsewhere. */
static void check_product(reach *r, int product, unsigned char *does, unsigned char *here)
{
    const kv_case *c = r->checker->the_case;
    int anywhere = 0;
    memset(here, 0, (size_t)r->n_nodes);
    for (int i = 0; i < c->sites.count; i++) {
        does[i] = (unsigned char)site_does(c, &c->sites.rows[i], product);
        here[root_of(r, c->sites.rows[i].place)] |= does[i];
        anywhere |= does[i];
    }
    if (anywhere != (OFFERS | TAKES))
        return;
    for (int i = 0; i < c->sites.count; i++) {
        int there = here[root_of(r, c->sites.rows[i].place)];
        int partner = does[i] == OFFERS ? TAKES : OFFERS;
        if (does[i] == 0 || does[i] == (OFFERS | TAKES) || (there & partner) ||
            told_before(c, does, i))
            continue;
        kv_check_add(r->checker, KV_FAULT, KV_TABLE_SITES, i, "place",
                     "add links or transfers, or projects that open them",
                     "no route for '%s' leads to any site that %s it",
                     kv_check_name(r->checker, KV_TABLE_PRODUCTS, product),
                     does[i] == OFFERS ? "takes" : "offers");
    }
}

/* ---- freight ---- */

static void check_freight_of(reach *r, int product, const unsigned char *used)
{
    const kv_case *c = r->checker->the_case;
    if (!used[product])
        return;
    for (int i = 0; i < c->freight.count; i++) {
        const kv_freight *row = &c->freight.rows[i];
        if (row->product != product || row->t_per_year == 0 ||
            root_of(r, row->from) == root_of(r, row->to))
            continue;
        kv_check_add(r->checker, KV_WARNING, KV_TABLE_FREIGHT, i, "to",
                     "add links or transfers, or projects that open them",
                     "no route for '%s' leads there from '%s'",
                     kv_check_name(r->checker, KV_TABLE_PRODUCTS, product),
                     kv_check_name(r->checker, KV_TABLE_PLACES, row->from));
    }
}

static void check_products(reach *r)
{
    const kv_case *c = r->checker->the_case;
    unsigned char *does = kv_alloc((size_t)c->sites.count, 1);
    unsigned char *here = kv_alloc((size_t)r->n_nodes, 1);
    unsigned char *used = kv_alloc((size_t)c->products.count, 1);
    if (!does || !here || !used)
        r->checker->status = KV_ERR_MEMORY;
    for (int i = 0; i < c->freight.count && used; i++)
        used[c->freight.rows[i].product] = 1;
    for (int p = 0; p < c->products.count && r->checker->status == KV_OK; p++) {
        join_for(r, &c->products.rows[p]);
        check_product(r, p, does, here);
        check_freight_of(r, p, used);
    }
    kv_free(does);
    kv_free(here);
    kv_free(used);
}

void kv_check_reach(kv_checker *checker)
{
    reach r = {.checker = checker};
    if (reach_allocate(&r, checker->the_case) != 0) {
        checker->status = KV_ERR_MEMORY;
    } else {
        reach_possibilities(&r, checker->the_case);
        reach_nodes(&r, checker->the_case);
        check_products(&r);
    }
    reach_clear(&r);
}
