/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/block.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"

#include <math.h>
#include <string.h>

/* What is at hand while a block is written into a linear programme. */
typedef struct writing {
    const oracle_block *block;
    const kv_case *view;
    const double *served;
    const oracle_terms *terms;
    oracle_lp *lp;
    int commodity;             /* at hand; -1 = empties */
    int *balance_row;          /* [nodes + 1] of the commodity at hand; the last is outside */
    int *link_row;             /* [2 * links] forward, backward (the same if shared), or -1 */
    int *terminal_row;         /* [terminals] or -1 */
    int *energy_row;           /* [places * carriers] or -1 */
    int *fleet_row;            /* [technologies] or -1 */
    int *vehicle_row;          /* [technologies * nodes] or -1 */
    int *max_row, *min_row;    /* [technologies] shares of work, or -1 */
    int carbon_row;            /* cap of the block, or -1 */
    int *offer_column;         /* [offers] */
    kv_technology *technology; /* [technologies] numbers of the period */
} writing;

void oracle_block_open(oracle_block *block, const kv_case *view, int scenario, int period,
                       double probability)
{
    memset(block, 0, sizeof *block);
    block->view = view;
    block->scenario = scenario;
    block->period = period;
    block->weight = probability * oracle_period_disc(view, period) * 1e-6;
    oracle_network_build(&block->network, view, scenario, period);
    oracle_demand_build(&block->demand, view, scenario, period);
    block->constant = block->weight * block->demand.constant;
}

void oracle_block_close(oracle_block *block)
{
    oracle_network_free(&block->network);
    oracle_demand_free(&block->demand);
    memset(block, 0, sizeof *block);
}

static int *rows_of(int count)
{
    int *rows = oracle_alloc((size_t)count + 1, sizeof(int));
    for (int i = 0; i < count; i++) {
        rows[i] = -1;
    }
    return rows;
}

/* Units served times amount, over the effects of a kind on a thing. */
static double added(const writing *w, int effect, int link, int terminal, int place, int carrier,
                    int technology)
{
    double sum = 0;
    for (int i = 0; i < w->view->effects.count; i++) {
        const kv_effect *row = &w->view->effects.rows[i];
        if (row->effect != effect || (link >= 0 && row->link != link) ||
            (terminal >= 0 && row->terminal != terminal) ||
            (place >= 0 && (row->place != place || row->carrier != carrier)) ||
            (technology >= 0 && row->technology != technology)) {
            continue;
        }
        int capacity = effect == KV_EFFECT_LINK_CAPACITY || effect == KV_EFFECT_TERMINAL_CAPACITY;
        sum += w->served[row->project] *
               (capacity ? oracle_capacity(w->view, row->amount, row->unit) : row->amount);
    }
    return sum;
}

static void open_place_rows(writing *w)
{
    for (int i = 0; i < w->view->terminals.count; i++) {
        double room = oracle_terminal_room(w->view, w->block->period, i);
        if (isfinite(room)) {
            room += added(w, KV_EFFECT_TERMINAL_CAPACITY, -1, i, -1, -1, -1);
            w->terminal_row[i] = oracle_lp_add_row(w->lp, -INFINITY, room);
        }
    }
    for (int v = 0; v < w->view->places.count; v++) {
        for (int c = 0; c < w->view->carriers.count; c++) {
            double room = 0;
            if (oracle_energy_limited(w->view, v, c, &room)) {
                room += added(w, KV_EFFECT_ENERGY_POINT, -1, -1, v, c, -1);
                w->energy_row[v * w->view->carriers.count + c] =
                    oracle_lp_add_row(w->lp, -INFINITY, room);
            }
        }
    }
}

static void open_link_rows(writing *w)
{
    for (int l = 0; l < w->view->links.count; l++) {
        double room = oracle_link_room(w->view, w->block->period, l);
        if (!isfinite(room)) {
            continue;
        }
        room += added(w, KV_EFFECT_LINK_CAPACITY, l, -1, -1, -1, -1);
        w->link_row[2 * l] = oracle_lp_add_row(w->lp, -INFINITY, room);
        w->link_row[2 * l + 1] = w->view->links.rows[l].capacity_shared
                                     ? w->link_row[2 * l]
                                     : oracle_lp_add_row(w->lp, -INFINITY, room);
    }
}

static void open_technology_rows(writing *w)
{
    int nodes = w->block->network.n_nodes;
    for (int q = 0; q < w->view->technologies.count; q++) {
        const kv_technology *it = &w->technology[q];
        if (it->fleet == KV_FLEET_OWNED) {
            double km = added(w, KV_EFFECT_FLEET, -1, -1, -1, -1, q) * it->km_per_year;
            w->fleet_row[q] = oracle_lp_add_row(w->lp, -INFINITY, km);
        }
        for (int v = 0; v < nodes && it->empties == KV_EMPTIES_BALANCED; v++) {
            w->vehicle_row[q * nodes + v] = oracle_lp_add_row(w->lp, 0, 0);
        }
        if (!isnan(it->max_share)) {
            w->max_row[q] = oracle_lp_add_row(w->lp, -INFINITY, 0);
        }
        if (!isnan(it->min_share)) {
            w->min_row[q] = oracle_lp_add_row(w->lp, 0, INFINITY);
        }
    }
    const kv_policy *policy = oracle_policy(w->view, w->block->scenario, w->block->period);
    if (policy && !isnan(policy->carbon_cap_kt_per_year)) {
        w->carbon_row = oracle_lp_add_row(w->lp, -INFINITY, policy->carbon_cap_kt_per_year * 1000);
    }
}

static void put(const writing *w, int row, int column, double value)
{
    if (row >= 0) {
        oracle_lp_add_entry(w->lp, row, column, value);
    }
}

/* A column with its cost wherever cost counts. */
static int column_of(const writing *w, double cost, double upper)
{
    double meur = cost * w->block->weight;
    int column = oracle_lp_add_column(w->lp, meur * w->terms->objective, 0, upper);
    put(w, w->terms->cost_row, column, meur * w->terms->cost_factor);
    return column;
}

/* Capacity, energy, fleet and carbon that one unit on the arc takes. */
static void put_resources(const writing *w, const oracle_arc *arc, const oracle_use *use,
                          int column, int loaded)
{
    const oracle_network *net = &w->block->network;
    if (arc->kind == ORACLE_TRANSFER) {
        put(w, w->terminal_row[w->view->transfers.rows[arc->transfer].terminal], column, 1);
        return;
    }
    for (int i = 0; i < arc->n_links && loaded; i++) {
        put(w, w->link_row[2 * arc->link[i] + arc->backward[i]], column, 1);
    }
    put(w, w->fleet_row[arc->technology], column, use->vehicle_km);
    put(w, w->carbon_row, column, use->co2_t);
    put(w, w->terms->carbon_row, column,
        use->co2_t * oracle_period_years(w->view, w->block->period));
    if (arc->kind == ORACLE_RANGE) {
        int carriers = w->view->carriers.count, c = w->technology[arc->technology].carrier;
        put(w, w->energy_row[net->node[arc->tail].place * carriers + c], column,
            use->energy_mwh / 2);
        put(w, w->energy_row[net->node[arc->head].place * carriers + c], column,
            use->energy_mwh / 2);
    }
}

/* Vehicles that leave (+) and reach (-) the ends of the arc, per unit. */
static void put_vehicles(const writing *w, const oracle_arc *arc, double vehicles, int column)
{
    int nodes = w->block->network.n_nodes;
    if (arc->technology >= 0) {
        put(w, w->vehicle_row[arc->technology * nodes + arc->tail], column, vehicles);
        put(w, w->vehicle_row[arc->technology * nodes + arc->head], column, -vehicles);
    }
}

/* The t-km in the rows of shares of the arc's mode. */
static void put_work(const writing *w, const oracle_arc *arc, double km, int column)
{
    for (int q = 0; q < w->view->technologies.count && arc->technology >= 0; q++) {
        const kv_technology *it = &w->technology[q];
        double own = q == arc->technology ? 1 : 0;
        if (it->mode == arc->mode) {
            put(w, w->max_row[q], column, km * (own - it->max_share));
            put(w, w->min_row[q], column, km * (own - it->min_share));
        }
    }
}

static void add_moves(const writing *w, const oracle_commodity *k)
{
    const oracle_network *net = &w->block->network;
    for (int a = 0; a < net->n_arcs; a++) {
        const oracle_arc *arc = &net->arc[a];
        if (!oracle_arc_open(arc, w->served) || !oracle_arc_allows(net, arc, k->product) ||
            k->sinks <= 0) {
            continue;
        }
        oracle_use use = oracle_arc_use(net, arc, k->product);
        int column = column_of(w, use.cost, k->sinks);
        put(w, w->balance_row[arc->tail], column, 1);
        put(w, w->balance_row[arc->head], column, -1);
        put_resources(w, arc, &use, column, 1);
        put_work(w, arc, use.true_km, column);
        if (arc->technology >= 0) {
            const kv_technology *q = &w->technology[arc->technology];
            put_vehicles(w, arc, 1 / (q->payload_t * q->load_factor), column);
        }
    }
}

/* An arc between outside and the door of a place. */
static int add_door(const writing *w, int place, int into, double cost, double upper)
{
    int outside = w->block->network.n_nodes;
    int column = column_of(w, cost, upper);
    put(w, w->balance_row[place], column, into ? -1 : 1);
    put(w, w->balance_row[outside], column, into ? 1 : -1);
    return column;
}

static void add_commodity(writing *w, int at)
{
    const oracle_commodity *k = &w->block->demand.commodity[at];
    int nodes = w->block->network.n_nodes, places = w->view->places.count;
    double sum = 0;
    for (int v = 0; v < nodes; v++) {
        double d = v < places ? k->balance[v] : 0;
        w->balance_row[v] = oracle_lp_add_row(w->lp, d, d);
        sum += d;
    }
    w->balance_row[nodes] = oracle_lp_add_row(w->lp, -sum, -sum);
    for (int v = 0; v < places; v++) {
        if (k->balance[v] < 0) {
            add_door(w, v, 1, k->unserved_price[v], -k->balance[v]);
        } else if (k->balance[v] > 0) {
            add_door(w, v, 0, k->unsold_price, k->balance[v]);
        }
    }
    for (int i = 0; i < w->block->demand.n_offers && k->origin < 0; i++) {
        const oracle_offer *offer = &w->block->demand.offer[i];
        if (offer->product == k->product) {
            w->offer_column[i] = add_door(w, offer->place, offer->into, offer->cost, offer->upper);
        }
    }
    add_moves(w, k);
}

static void add_empties(const writing *w, int q)
{
    const oracle_network *net = &w->block->network;
    const kv_technology *it = &w->technology[q];
    double most = 0;
    for (int k = 0; k < w->block->demand.n_commodities; k++) {
        most += w->block->demand.commodity[k].sinks / (it->payload_t * it->load_factor);
    }
    for (int a = 0; a < net->n_arcs; a++) {
        const oracle_arc *arc = &net->arc[a];
        if (arc->technology != q || arc->improved_by >= 0 || arc->dangerous_only ||
            !oracle_arc_open(arc, w->served)) {
            continue;
        }
        oracle_use use = oracle_arc_use(net, arc, -1);
        int column = column_of(w, use.cost, most);
        put_resources(w, arc, &use, column, 0);
        put_vehicles(w, arc, 1, column);
    }
}

/* Inputs and co-products follow the output; a source's share of all supply. */
static void add_site_rows(const writing *w)
{
    const oracle_demand *demand = &w->block->demand;
    for (int i = 0; i < demand->n_offers; i++) {
        const oracle_offer *it = &demand->offer[i];
        if (it->main >= 0) {
            int row = oracle_lp_add_row(w->lp, 0, 0);
            put(w, row, w->offer_column[i], 1);
            put(w, row, w->offer_column[it->main], -it->ratio);
        }
        double share = w->view->sites.rows[it->site].max_share;
        if (it->kind != ORACLE_SOURCE || isnan(share)) {
            continue;
        }
        int row = oracle_lp_add_row(w->lp, -INFINITY, share * demand->planned_supply[it->product]);
        put(w, row, w->offer_column[i], 1);
        for (int j = 0; j < demand->n_offers; j++) {
            if (demand->offer[j].into && demand->offer[j].product == it->product) {
                put(w, row, w->offer_column[j], -share);
            }
        }
    }
}

static void writing_free(writing *w)
{
    kv_free(w->balance_row);
    kv_free(w->link_row);
    kv_free(w->terminal_row);
    kv_free(w->energy_row);
    kv_free(w->fleet_row);
    kv_free(w->vehicle_row);
    kv_free(w->max_row);
    kv_free(w->min_row);
    kv_free(w->offer_column);
    kv_free(w->technology);
}

void oracle_block_add(const oracle_block *block, const double *served, const oracle_terms *terms,
                      oracle_lp *lp, int *fleet_row)
{
    const kv_case *view = block->view;
    int technologies = view->technologies.count, nodes = block->network.n_nodes;
    writing w = {.block = block, .view = view, .served = served, .terms = terms, .lp = lp};
    w.balance_row = rows_of(nodes + 1);
    w.link_row = rows_of(2 * view->links.count);
    w.terminal_row = rows_of(view->terminals.count);
    w.energy_row = rows_of(view->places.count * view->carriers.count);
    w.fleet_row = rows_of(technologies);
    w.vehicle_row = rows_of(technologies * nodes);
    w.max_row = rows_of(technologies);
    w.min_row = rows_of(technologies);
    w.offer_column = rows_of(block->demand.n_offers);
    w.carbon_row = -1;
    w.technology = oracle_alloc((size_t)technologies, sizeof(kv_technology));
    for (int q = 0; q < technologies; q++) {
        w.technology[q] = oracle_technology(view, q, block->period);
    }
    open_place_rows(&w);
    open_link_rows(&w);
    open_technology_rows(&w);
    for (int k = 0; k < block->demand.n_commodities; k++) {
        add_commodity(&w, k);
    }
    for (int q = 0; q < technologies; q++) {
        if (w.technology[q].empties == KV_EMPTIES_BALANCED) {
            add_empties(&w, q);
        }
    }
    add_site_rows(&w);
    for (int q = 0; q < technologies && fleet_row; q++) {
        fleet_row[q] = w.fleet_row[q];
    }
    writing_free(&w);
}
