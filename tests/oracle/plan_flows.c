/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flows.csv of a plan against the case, one scenario and period at a time. */
#include "oracle/in_force.h"
#include "oracle/memory.h"
#include "oracle/plan_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums over the flows of one block. */
typedef struct tally {
    oracle_plan *plan;
    const oracle_block *block;
    const kv_case *view;
    const double *served;
    int at; /* the block's number */
    double grid;
    int64_t *balance; /* [commodities * (nodes + 1)] whole units of the grid: out - in */
    double *link;     /* [2 * links] */
    double *terminal, *energy, *vehicle_km;
    double *vehicles, *vehicles_size; /* [technologies * nodes] out - in, largest term */
    double *work;                     /* [technologies] t-km */
    double *offer;                    /* [offers] */
    double co2;
    kv_technology *technology;
} tally;

static int find(const char *name, int count, const char *(*key)(const kv_case *, int),
                const kv_case *view)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(key(view, i), name) == 0) {
            return i;
        }
    }
    return -1;
}

static const char *place_key(const kv_case *view, int i)
{
    return view->places.rows[i].place;
}
static const char *product_key(const kv_case *view, int i)
{
    return view->products.rows[i].product;
}
static const char *technology_key(const kv_case *view, int i)
{
    return view->technologies.rows[i].technology;
}
static const char *project_key(const kv_case *view, int i)
{
    return view->projects.rows[i].project;
}

static int place_of(const tally *y, const char *name)
{
    return find(name, y->view->places.count, place_key, y->view);
}

/* 1 = the names of the arc's links, joined by "+", are the text. */
static int same_links(const tally *y, const oracle_arc *arc, const char *text)
{
    for (int i = 0; i < arc->n_links; i++) {
        const char *name = y->view->links.rows[arc->link[i]].link;
        size_t length = strlen(name);
        if (strncmp(text, name, length) != 0) {
            return 0;
        }
        text += length;
        if (i + 1 < arc->n_links && *text++ != '+') {
            return 0;
        }
    }
    return *text == 0;
}

/* 1 = the row's terminal and transfer are those of the arc. */
static int same_transfer(const tally *y, const oracle_arc *arc, const oracle_table *table, int row)
{
    const kv_transfer *it = &y->view->transfers.rows[arc->transfer];
    int number = 0;
    for (int i = 0; i <= arc->transfer; i++) {
        number += y->view->transfers.rows[i].terminal == it->terminal;
    }
    return strcmp(y->view->terminals.rows[it->terminal].terminal,
                  oracle_table_cell(table, row, "terminal")) == 0 &&
           oracle_table_number(table, row, "transfer_row") == number &&
           arc->reversed == (strcmp(oracle_table_cell(table, row, "direction"), "b") == 0);
}

/* 1 = a cell names the place (and mode) of a node. */
static int same_end(const tally *y, const oracle_table *table, int row, const char *place,
                    const char *standard, int node)
{
    const oracle_node *it = &y->block->network.node[node];
    return place_of(y, oracle_table_cell(table, row, place)) == it->place &&
           strcmp(it->standard ? it->standard : "", oracle_table_cell(table, row, standard)) == 0;
}

static int arc_of(const tally *y, const oracle_table *table, int row, const char *kind)
{
    const oracle_network *net = &y->block->network;
    int q = find(oracle_table_cell(table, row, "technology"), y->view->technologies.count,
                 technology_key, y->view);
    int by = find(oracle_table_cell(table, row, "improved_by"), y->view->projects.count,
                  project_key, y->view);
    int only = strcmp(oracle_table_cell(table, row, "dangerous_only"), "yes") == 0;
    int transfer = strcmp(kind, "transfer") == 0;
    for (int a = 0; a < net->n_arcs; a++) {
        const oracle_arc *arc = &net->arc[a];
        if (arc->technology != q || arc->improved_by != by || arc->dangerous_only != only ||
            (arc->kind == ORACLE_TRANSFER) != transfer ||
            (arc->kind == ORACLE_RANGE && strcmp(kind, "link") == 0) ||
            (arc->kind == ORACLE_LINK && strcmp(kind, "range") == 0) ||
            !same_end(y, table, row, "from_place", "from_standard", arc->tail) ||
            !same_end(y, table, row, "to_place", "to_standard", arc->head)) {
            continue;
        }
        if (transfer ? same_transfer(y, arc, table, row)
                     : same_links(y, arc, oracle_table_cell(table, row, "links"))) {
            return a;
        }
    }
    return -1;
}

static void pay(tally *y, double eur)
{
    double weight = y->block->weight / y->plan->world.probability[y->at / y->plan->world.n_periods];
    y->plan->cost[y->at / y->plan->world.n_periods] += weight * eur;
}

/* What a flow on an arc uses, loaded or empty. */
static void tally_arc(tally *y, const oracle_arc *arc, int product, double amount)
{
    const oracle_network *net = &y->block->network;
    oracle_use use = oracle_arc_use(net, arc, product);
    pay(y, use.cost * amount);
    if (arc->kind == ORACLE_TRANSFER) {
        y->terminal[y->view->transfers.rows[arc->transfer].terminal] += amount;
        return;
    }
    const kv_technology *q = &y->technology[arc->technology];
    int at = arc->technology * net->n_nodes;
    double vehicles = product >= 0 ? amount / (q->payload_t * q->load_factor) : amount;
    for (int i = 0; i < arc->n_links && product >= 0; i++) {
        y->link[2 * arc->link[i] + arc->backward[i]] += amount;
    }
    y->vehicle_km[arc->technology] += use.vehicle_km * amount;
    y->co2 += use.co2_t * amount;
    y->work[arc->technology] += use.true_km * amount;
    y->vehicles[at + arc->tail] += vehicles;
    y->vehicles[at + arc->head] -= vehicles;
    y->vehicles_size[at + arc->tail] = fmax(y->vehicles_size[at + arc->tail], vehicles);
    y->vehicles_size[at + arc->head] = fmax(y->vehicles_size[at + arc->head], vehicles);
    if (arc->kind == ORACLE_RANGE) {
        int carriers = y->view->carriers.count;
        y->energy[net->node[arc->tail].place * carriers + q->carrier] +=
            use.energy_mwh / 2 * amount;
        y->energy[net->node[arc->head].place * carriers + q->carrier] +=
            use.energy_mwh / 2 * amount;
    }
}

static int offer_of(const tally *y, const oracle_table *table, int row, const char *kind,
                    int product)
{
    static const char *const kinds[] = {"source", "plant_out", "plant_in", "market"};
    for (int i = 0; i < y->block->demand.n_offers; i++) {
        const oracle_offer *it = &y->block->demand.offer[i];
        if (it->product == product && strcmp(kinds[it->kind], kind) == 0 &&
            strcmp(y->view->sites.rows[it->site].site, oracle_table_cell(table, row, "site")) ==
                0) {
            return i;
        }
    }
    return -1;
}

/* Whole units of the grid out of one node and into another; the node behind the last is outside. */
static void tally_balance(tally *y, int commodity, int tail, int head, double amount)
{
    int64_t units = llround(amount / y->grid);
    int64_t *balance = y->balance + (size_t)commodity * (size_t)(y->block->network.n_nodes + 1);
    balance[tail] += units;
    balance[head] -= units;
    oracle_note(y->plan, ORACLE_BALANCE, fabs(amount / y->grid - (double)units) > 1e-4 ? 1 : 0,
                "%.17g is off the grid", amount);
}

/* A flow between a door and outside; 1 = understood. */
static int tally_door(tally *y, const oracle_table *table, int row, const char *kind, int commodity,
                      double amount)
{
    const oracle_commodity *k = &y->block->demand.commodity[commodity];
    int outside = y->block->network.n_nodes;
    int unserved = strcmp(kind, "unserved") == 0, unsold = strcmp(kind, "unsold") == 0;
    int into = unserved;
    int place = place_of(y, oracle_table_cell(table, row, unserved ? "to_place" : "from_place"));
    double limit = 0;
    if (unserved || unsold) {
        if (place < 0) {
            return 0;
        }
        limit = unserved ? -k->balance[place] : k->balance[place];
        pay(y, amount * (unserved ? k->unserved_price[place] : k->unsold_price));
    } else {
        int offer = k->origin >= 0 ? -1 : offer_of(y, table, row, kind, k->product);
        if (offer < 0) {
            return 0;
        }
        const oracle_offer *it = &y->block->demand.offer[offer];
        into = it->into;
        place = it->place;
        limit = it->upper;
        y->offer[offer] += amount;
        pay(y, amount * it->cost);
    }
    oracle_note(y->plan, ORACLE_BOUNDS, (amount - limit) / fmax(1, limit), "%s in block %d", kind,
                y->at);
    tally_balance(y, commodity, into ? outside : place, into ? place : outside, amount);
    return 1;
}

/* One row of the block at hand; 1 = understood. */
static int tally_row(tally *y, const oracle_table *table, int row)
{
    const char *kind = oracle_table_cell(table, row, "kind");
    int product = find(oracle_table_cell(table, row, "product"), y->view->products.count,
                       product_key, y->view);
    int origin = place_of(y, oracle_table_cell(table, row, "origin"));
    int empty = strcmp(kind, "empty") == 0;
    int commodity = empty ? -1 : oracle_demand_find(&y->block->demand, product, origin);
    double amount = oracle_table_number(table, row, "amount");
    if (!(amount >= 0) || (!empty && commodity < 0)) {
        return 0;
    }
    if (!empty && strcmp(kind, "link") != 0 && strcmp(kind, "range") != 0 &&
        strcmp(kind, "transfer") != 0) {
        return tally_door(y, table, row, kind, commodity, amount);
    }
    int a = arc_of(y, table, row, kind);
    if (a < 0) {
        return 0;
    }
    const oracle_arc *arc = &y->block->network.arc[a];
    double size = empty ? amount : y->block->demand.commodity[commodity].sinks;
    if (!oracle_arc_open(arc, y->served) ||
        (empty ? arc->improved_by >= 0 || arc->dangerous_only
               : !oracle_arc_allows(&y->block->network, arc, product))) {
        oracle_note(y->plan, ORACLE_OPENING, amount / fmax(1, size), "row %d of flows.csv",
                    row + 2);
    }
    tally_arc(y, arc, empty ? -1 : product, amount);
    if (!empty) {
        tally_balance(y, commodity, arc->tail, arc->head, amount);
    }
    return 1;
}

static void check_balances(tally *y)
{
    int nodes = y->block->network.n_nodes;
    for (int k = 0; k < y->block->demand.n_commodities; k++) {
        const oracle_commodity *it = &y->block->demand.commodity[k];
        int64_t sum = 0;
        for (int v = 0; v <= nodes; v++) {
            int64_t d = v < y->view->places.count ? llround(it->balance[v] / y->grid) : 0;
            d = v == nodes ? -sum : d;
            sum += d;
            int64_t out = y->balance[(size_t)k * (size_t)(nodes + 1) + (size_t)v];
            oracle_note(y->plan, ORACLE_BALANCE, (double)llabs(out - d),
                        "block %d, product %d from %d, node %d: %lld is not %lld", y->at,
                        it->product, it->origin, v, (long long)out, (long long)d);
        }
    }
}

/* Units served times what an effect adds. */
static double added(const tally *y, int effect, int link, int terminal, int place, int carrier,
                    int technology)
{
    double sum = 0;
    for (int i = 0; i < y->view->effects.count; i++) {
        const kv_effect *row = &y->view->effects.rows[i];
        int here = row->effect == effect && row->link == link && row->terminal == terminal &&
                   row->place == place && row->carrier == carrier && row->technology == technology;
        if (here) {
            sum += y->served[row->project] * (link >= 0 || terminal >= 0
                                                  ? oracle_capacity(y->view, row->amount, row->unit)
                                                  : row->amount);
        }
    }
    return sum;
}

static void over(tally *y, int check, double use, double room, const char *what)
{
    oracle_note(y->plan, check, (use - room) / fmax(1, fmax(use, room)), "%s in block %d: %g of %g",
                what, y->at, use, room);
}

static void check_capacities(tally *y)
{
    int period = y->block->period, carriers = y->view->carriers.count;
    for (int l = 0; l < y->view->links.count; l++) {
        const kv_link *link = &y->view->links.rows[l];
        double room = oracle_link_room(y->view, period, l);
        room += added(y, KV_EFFECT_LINK_CAPACITY, l, -1, -1, -1, -1);
        double forward = y->link[2 * l], backward = y->link[2 * l + 1];
        if (isfinite(room)) {
            double use = link->capacity_shared ? forward + backward : fmax(forward, backward);
            over(y, ORACLE_CAPACITY, use, room, link->link);
        }
    }
    for (int i = 0; i < y->view->terminals.count; i++) {
        double room = oracle_terminal_room(y->view, period, i);
        room += added(y, KV_EFFECT_TERMINAL_CAPACITY, -1, i, -1, -1, -1);
        if (isfinite(room)) {
            over(y, ORACLE_CAPACITY, y->terminal[i], room, y->view->terminals.rows[i].terminal);
        }
    }
    for (int i = 0; i < y->view->places.count * carriers; i++) {
        double room = 0;
        if (oracle_energy_limited(y->view, i / carriers, i % carriers, &room)) {
            room += added(y, KV_EFFECT_ENERGY_POINT, -1, -1, i / carriers, i % carriers, -1);
            over(y, ORACLE_ENERGY, y->energy[i], room, y->view->places.rows[i / carriers].place);
        }
    }
    const kv_policy *policy = oracle_policy(y->view, y->block->scenario, period);
    if (policy && !isnan(policy->carbon_cap_kt_per_year)) {
        over(y, ORACLE_CARBON, y->co2, policy->carbon_cap_kt_per_year * 1000, "carbon");
    }
}

static void check_technologies(tally *y)
{
    int technologies = y->view->technologies.count, nodes = y->block->network.n_nodes;
    double by_mode[KV_MODES] = {0};
    for (int q = 0; q < technologies; q++) {
        by_mode[y->technology[q].mode] += y->work[q];
    }
    for (int q = 0; q < technologies; q++) {
        const kv_technology *it = &y->technology[q];
        double all = by_mode[it->mode];
        if (it->fleet == KV_FLEET_OWNED) {
            double stock = y->plan->stock[y->at * technologies + q] +
                           added(y, KV_EFFECT_FLEET, -1, -1, -1, -1, q);
            over(y, ORACLE_FLEET, y->vehicle_km[q], stock * it->km_per_year, it->technology);
        }
        if (!isnan(it->max_share)) {
            over(y, ORACLE_COUPLING, y->work[q], it->max_share * all, it->technology);
        }
        if (!isnan(it->min_share)) {
            over(y, ORACLE_COUPLING, it->min_share * all, y->work[q], it->technology);
        }
        for (int v = 0; v < nodes && it->empties == KV_EMPTIES_BALANCED; v++) {
            oracle_note(y->plan, ORACLE_COUPLING,
                        fabs(y->vehicles[q * nodes + v]) / fmax(1, y->vehicles_size[q * nodes + v]),
                        "%s at node %d of block %d: %g of %g", it->technology, v, y->at,
                        y->vehicles[q * nodes + v], y->vehicles_size[q * nodes + v]);
        }
    }
}

static void check_sites(tally *y)
{
    const oracle_demand *demand = &y->block->demand;
    for (int i = 0; i < demand->n_offers; i++) {
        const oracle_offer *it = &demand->offer[i];
        const kv_site *site = &y->view->sites.rows[it->site];
        if (it->main >= 0) {
            double should = it->ratio * y->offer[it->main];
            oracle_note(y->plan, ORACLE_COUPLING, fabs(y->offer[i] - should) / fmax(1, should),
                        "%s in block %d: %g is not %g", site->site, y->at, y->offer[i], should);
        }
        if (it->kind == ORACLE_SOURCE && !isnan(site->max_share)) {
            double all = demand->planned_supply[it->product];
            for (int j = 0; j < demand->n_offers; j++) {
                all += demand->offer[j].into && demand->offer[j].product == it->product
                           ? y->offer[j]
                           : 0;
            }
            over(y, ORACLE_COUPLING, y->offer[i], site->max_share * all, site->site);
        }
    }
}

static void tally_open(tally *y, oracle_plan *plan, int at)
{
    const kv_case *view = plan->pieces.block[at].view;
    size_t nodes = (size_t)plan->pieces.block[at].network.n_nodes;
    size_t technologies = (size_t)view->technologies.count;
    *y = (tally){.plan = plan, .block = &plan->pieces.block[at], .view = view, .at = at};
    y->served = plan->served + at * view->projects.count;
    y->grid = view->the_case.rows[0].flow_grid_t;
    y->balance =
        oracle_alloc((size_t)y->block->demand.n_commodities * (nodes + 1) + 1, sizeof(int64_t));
    y->link = oracle_alloc(2 * (size_t)view->links.count, sizeof(double));
    y->terminal = oracle_alloc((size_t)view->terminals.count + 1, sizeof(double));
    y->energy =
        oracle_alloc((size_t)(view->places.count * view->carriers.count) + 1, sizeof(double));
    y->vehicle_km = oracle_alloc(technologies, sizeof(double));
    y->work = oracle_alloc(technologies, sizeof(double));
    y->vehicles = oracle_alloc(technologies * nodes, sizeof(double));
    y->vehicles_size = oracle_alloc(technologies * nodes, sizeof(double));
    y->offer = oracle_alloc((size_t)y->block->demand.n_offers + 1, sizeof(double));
    y->technology = oracle_alloc(technologies, sizeof(kv_technology));
    for (int q = 0; q < view->technologies.count; q++) {
        y->technology[q] = oracle_technology(view, q, y->block->period);
    }
}

static void tally_close(tally *y)
{
    kv_free(y->balance);
    kv_free(y->link);
    kv_free(y->terminal);
    kv_free(y->energy);
    kv_free(y->vehicle_km);
    kv_free(y->work);
    kv_free(y->vehicles);
    kv_free(y->vehicles_size);
    kv_free(y->offer);
    kv_free(y->technology);
}

int oracle_plan_flows(oracle_plan *plan, const char *folder)
{
    oracle_table table;
    int unknown = 0, periods = plan->world.n_periods;
    if (oracle_table_read(&table, folder, "flows.csv") != 0) {
        return -1;
    }
    int *block_of = oracle_alloc((size_t)table.n_rows + 1, sizeof(int));
    for (int row = 0; row < table.n_rows; row++) {
        int k = oracle_plan_scenario(plan, oracle_table_cell(&table, row, "scenario"));
        int t = oracle_plan_period(plan, oracle_table_cell(&table, row, "period"));
        block_of[row] = k < 0 || t < 0 ? -1 : k * periods + t;
        unknown += block_of[row] < 0;
    }
    for (int b = 0; b < plan->pieces.n_blocks; b++) {
        tally y;
        tally_open(&y, plan, b);
        for (int row = 0; row < table.n_rows; row++) {
            if (block_of[row] == b && !tally_row(&y, &table, row)) {
                oracle_note(plan, ORACLE_READING, ++unknown, "row %d of flows.csv", row + 2);
            }
        }
        check_balances(&y);
        check_capacities(&y);
        check_technologies(&y);
        check_sites(&y);
        plan->co2[b / periods] += y.co2 * oracle_period_years(y.view, y.block->period);
        tally_close(&y);
    }
    oracle_note(plan, ORACLE_READING, unknown, "flows.csv");
    kv_free(block_of);
    oracle_table_free(&table);
    return 0;
}
