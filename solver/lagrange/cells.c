/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which flows and resources form the cells of the knapsack relaxation, and where they lie. */
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>

enum { NO_OPENING = -1, GATED = -2, CLOSED = -3 };
enum { UNASSIGNED = -1, CANNOT_FLOW = -2 };

static const double unlimited = 1e30;

typedef struct layout {
    kv_knapsack *knapsack;
    const kv_problem *problem;
    size_t cell_room;
    int *arc_first, *arc_flow; /* flows of an arc, by commodity */
    int *user_first;           /* [n_resources + 1] */
    int *user_flow, *user_use; /* flows that use a resource, and their entry of use */
    int *cell;                 /* [n_blocks * n_flows] */
} layout;

static size_t flow_index(const kv_problem *p, int block, int flow)
{
    return (size_t)block * (size_t)p->n_flows + (size_t)flow;
}

int kv_knapsack_opener(const kv_knapsack *knapsack, int block, int arc)
{
    const kv_problem *p = knapsack->problem;
    int row = block * p->n_arcs + arc;
    int first = knapsack->opening_first[row], end = knapsack->opening_first[row + 1];
    for (int i = first; i < end; i++) {
        const kv_opening *o = &p->openings[i];
        int can_open = 0;
        for (int e = o->first; e < o->first + o->count; e++) {
            int j = p->opening_design[e];
            can_open |= knapsack->upper[j] > 0.0 || knapsack->lower[j] < 0.0;
        }
        if (!can_open)
            return CLOSED;
    }
    if (first == end)
        return NO_OPENING;
    const kv_opening *o = &p->openings[first];
    int j = p->opening_design[o->first];
    if (end - first > 1 || o->count > 1 || knapsack->lower[j] < 0.0 ||
        p->opening_coefficient[o->first] * knapsack->upper[j] > 1.0)
        return GATED;
    return j;
}

static kv_cell *add_cell(layout *l, int block, int owner, int resource)
{
    kv_knapsack *k = l->knapsack;
    if (kv_reserve((void **)&k->cells, &l->cell_room, (size_t)k->n_cells + 1, sizeof *k->cells))
        return NULL;
    kv_cell *cell = &k->cells[k->n_cells++];
    *cell = (kv_cell){.block = block, .owner = owner, .resource = resource, .gate = -1};
    return cell;
}

/* ---- resources ---- */

/* What the flows of a resource have in common. */
typedef struct users {
    int count, opener; /* flows that can be; their common opener, or GATED */
    double most;       /* the most that they can use together */
} users;

static users find_users(const layout *l, int block, int r)
{
    const kv_problem *p = l->problem;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    users u = {0, NO_OPENING, 0.0};
    for (int i = l->user_first[r]; i < l->user_first[r + 1]; i++) {
        int f = l->user_flow[i], cell = l->cell[flow_index(p, block, f)];
        if (use[l->user_use[i]] <= 0.0 || cell == CANNOT_FLOW)
            continue;
        int opener = kv_knapsack_opener(l->knapsack, block, p->flow_arc[f]);
        if (cell != UNASSIGNED || (u.count > 0 && opener != u.opener))
            opener = GATED;
        u.opener = opener;
        u.count++;
        u.most += use[l->user_use[i]] * p->flow_upper[flow_index(p, block, f)];
    }
    return u;
}

/* 1 when a cell can keep the resource; its supply. */
static int can_keep(const layout *l, int block, int r, const users *u, double *supply)
{
    const kv_problem *p = l->problem;
    size_t row = (size_t)block * (size_t)p->n_resources + (size_t)r;
    int first = p->supply_first[row], end = p->supply_first[row + 1], suppliers = 0, by = -1;
    for (int e = first; e < end; e++) {
        int j = p->supply_design[e];
        int supplies =
            p->supply[e] != 0.0 && (l->knapsack->upper[j] != 0.0 || l->knapsack->lower[j] != 0.0);
        suppliers += supplies;
        if (supplies) {
            by = j;
            *supply = p->supply[e];
        }
    }
    if (u->opener >= 0)
        return p->resource_base[row] == 0.0 && suppliers == 1 && by == u->opener;
    *supply = suppliers == 0 ? p->resource_base[row] : 0.0;
    return u->opener == NO_OPENING && suppliers == 0 && u->most > *supply;
}

static kv_status keep_resources(layout *l, int block)
{
    const kv_problem *p = l->problem;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int r = 0; r < p->n_resources; r++) {
        double supply = 0.0;
        if (p->resource_base[(size_t)block * (size_t)p->n_resources + (size_t)r] >= unlimited)
            continue;
        users u = find_users(l, block, r);
        if (u.count == 0 || !can_keep(l, block, r, &u, &supply))
            continue;
        kv_cell *cell = add_cell(l, block, u.opener, r);
        if (!cell)
            return KV_ERR_MEMORY;
        cell->supply = supply;
        for (int i = l->user_first[r]; i < l->user_first[r + 1]; i++) {
            size_t x = flow_index(p, block, l->user_flow[i]);
            if (use[l->user_use[i]] > 0.0 && l->cell[x] == UNASSIGNED)
                l->cell[x] = l->knapsack->n_cells - 1;
        }
    }
    return KV_OK;
}

/* ---- arcs ---- */

static kv_status add_arc(layout *l, int block, int arc)
{
    const kv_problem *p = l->problem;
    int opener = kv_knapsack_opener(l->knapsack, block, arc), made = -1;
    for (int i = l->arc_first[arc]; i < l->arc_first[arc + 1]; i++) {
        size_t x = flow_index(p, block, l->arc_flow[i]);
        if (l->cell[x] != UNASSIGNED)
            continue;
        if (made < 0) {
            kv_cell *cell = add_cell(l, block, opener < 0 ? -1 : opener, -1);
            if (!cell)
                return KV_ERR_MEMORY;
            const int *first = l->knapsack->opening_first + block * p->n_arcs + arc;
            cell->n_gates = opener == GATED ? first[1] - first[0] : 0;
            cell->gate = opener == GATED ? first[0] : -1; /* an opening, later its row */
            made = l->knapsack->n_cells - 1;
        }
        l->cell[x] = made;
    }
    return KV_OK;
}

static kv_status assign(layout *l)
{
    const kv_problem *p = l->problem;
    kv_status status = KV_OK;
    for (int b = 0; b < p->n_blocks && status == KV_OK; b++) {
        for (int f = 0; f < p->n_flows; f++) {
            size_t x = flow_index(p, b, f);
            int closed = p->flow_upper[x] <= 0.0 ||
                         kv_knapsack_opener(l->knapsack, b, p->flow_arc[f]) == CLOSED;
            l->cell[x] = closed ? CANNOT_FLOW : UNASSIGNED;
        }
        status = keep_resources(l, b);
        for (int a = 0; a < p->n_arcs && status == KV_OK; a++)
            status = add_arc(l, b, a);
    }
    return status;
}

/* ---- indices ---- */

static void sum_up(int *first, int count)
{
    for (int i = 0; i < count; i++)
        first[i + 1] += first[i];
}

static kv_status index_openings(kv_knapsack *k)
{
    const kv_problem *p = k->problem;
    k->opening_first = kv_alloc((size_t)p->n_blocks * (size_t)p->n_arcs + 1, sizeof(int));
    if (!k->opening_first)
        return KV_ERR_MEMORY;
    for (int i = 0; i < p->n_openings; i++)
        k->opening_first[p->openings[i].block * p->n_arcs + p->openings[i].arc + 1]++;
    sum_up(k->opening_first, p->n_blocks * p->n_arcs);
    return KV_OK;
}

static kv_status index_flows(layout *l)
{
    const kv_problem *p = l->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows], n_flows = (size_t)p->n_flows;
    l->arc_first = kv_alloc((size_t)p->n_arcs + 1, sizeof(int));
    l->arc_flow = kv_alloc(n_flows, sizeof(int));
    l->user_first = kv_alloc((size_t)p->n_resources + 1, sizeof(int));
    l->user_flow = kv_alloc(n_use, sizeof(int));
    l->user_use = kv_alloc(n_use, sizeof(int));
    l->cell = kv_alloc((size_t)p->n_blocks * n_flows, sizeof(int));
    if (!l->arc_first || !l->arc_flow || !l->user_first || !l->user_flow || !l->user_use ||
        !l->cell)
        return KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows; f++)
        l->arc_first[p->flow_arc[f] + 1]++;
    for (size_t e = 0; e < n_use; e++)
        l->user_first[p->use_resource[e] + 1]++;
    sum_up(l->arc_first, p->n_arcs);
    sum_up(l->user_first, p->n_resources);
    for (int f = p->n_flows - 1; f >= 0; f--) /* downwards, ends become beginnings */
        l->arc_flow[--l->arc_first[p->flow_arc[f] + 1]] = f;
    for (int f = p->n_flows - 1; f >= 0; f--)
        for (int e = p->use_first[f + 1] - 1; e >= p->use_first[f]; e--) {
            int at = --l->user_first[p->use_resource[e] + 1];
            l->user_flow[at] = f;
            l->user_use[at] = e;
        }
    for (int a = 0; a < p->n_arcs; a++) /* beginnings to their own places */
        l->arc_first[a] = l->arc_first[a + 1];
    for (int r = 0; r < p->n_resources; r++)
        l->user_first[r] = l->user_first[r + 1];
    l->arc_first[p->n_arcs] = p->n_flows;
    l->user_first[p->n_resources] = (int)n_use;
    return KV_OK;
}

/* ---- positions ---- */

static double opening_coefficient(const kv_knapsack *k, const kv_cell *cell, int arc)
{
    const kv_problem *p = k->problem;
    if (cell->owner < 0)
        return 1.0;
    int opening = k->opening_first[cell->block * p->n_arcs + arc];
    return p->opening_coefficient[p->openings[opening].first];
}

static double use_of(const kv_problem *p, const kv_cell *cell, int flow)
{
    const double *use = p->use + (size_t)cell->block * (size_t)p->use_first[p->n_flows];
    double total = 0.0;
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++)
        total += p->use_resource[e] == cell->resource ? use[e] : 0.0;
    return total;
}

static kv_status place(layout *l)
{
    kv_knapsack *k = l->knapsack;
    const kv_problem *p = l->problem;
    size_t all = (size_t)p->n_blocks * (size_t)p->n_flows, n = 0;
    for (size_t x = 0; x < all; x++) {
        if (l->cell[x] >= 0) {
            k->cells[l->cell[x]].end++;
            n++;
        }
    }
    for (int c = 0, at = 0; c < k->n_cells; c++) {
        k->cells[c].first = at;
        at += k->cells[c].end;
        k->cells[c].end = k->cells[c].first;
    }
    k->n_positions = (int)n;
    k->flow = kv_alloc(n, sizeof(int));
    k->cost = kv_alloc(n, sizeof(double));
    k->most = kv_alloc(n, sizeof(double));
    k->use = kv_alloc(n, sizeof(double));
    k->position = kv_alloc(all, sizeof(int));
    if (!k->flow || !k->cost || !k->most || !k->use || !k->position)
        return KV_ERR_MEMORY;
    for (size_t x = 0; x < all; x++)
        k->position[x] = -1;
    for (int b = 0; b < p->n_blocks; b++)
        for (int i = 0; i < p->n_flows; i++) { /* by arc, then commodity */
            int f = l->arc_flow[i];
            size_t x = flow_index(p, b, f);
            if (l->cell[x] < 0)
                continue;
            kv_cell *cell = &k->cells[l->cell[x]];
            int at = cell->end++;
            k->flow[at] = f;
            k->position[x] = at;
            k->cost[at] = p->block_weight[b] * p->flow_cost[x];
            k->most[at] = p->flow_upper[x] * opening_coefficient(k, cell, p->flow_arc[f]);
            k->use[at] = use_of(p, cell, f);
        }
    return KV_OK;
}

static kv_status mark_sole(kv_knapsack *k)
{
    int *cells_of = kv_alloc((size_t)k->problem->n_design, sizeof(int));
    if (!cells_of)
        return KV_ERR_MEMORY;
    for (int c = 0; c < k->n_cells; c++)
        if (k->cells[c].owner >= 0)
            cells_of[k->cells[c].owner]++;
    for (int c = 0; c < k->n_cells; c++) {
        int j = k->cells[c].owner;
        k->cells[c].sole = j >= 0 && cells_of[j] == 1 && k->lower[j] == 0.0;
    }
    kv_free(cells_of);
    return KV_OK;
}

kv_status kv_knapsack_cells(kv_knapsack *knapsack)
{
    layout l = {.knapsack = knapsack, .problem = knapsack->problem};
    kv_status status = index_openings(knapsack);
    if (status == KV_OK)
        status = index_flows(&l);
    if (status == KV_OK)
        status = assign(&l);
    if (status == KV_OK)
        status = place(&l);
    if (status == KV_OK)
        status = mark_sole(knapsack);
    kv_free(l.arc_first);
    kv_free(l.arc_flow);
    kv_free(l.user_first);
    kv_free(l.user_flow);
    kv_free(l.user_use);
    kv_free(l.cell);
    return status;
}
