/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/network.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"

#include <math.h>
#include <string.h>

static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

int oracle_network_node(const oracle_network *network, int place, int mode, const char *standard)
{
    for (int v = 0; v < network->n_nodes; v++) {
        const oracle_node *it = &network->node[v];
        if (it->place == place && it->mode == mode && same_text(it->standard, standard)) {
            return v;
        }
    }
    return -1;
}

static int need_node(oracle_network *network, int place, int mode, const char *standard)
{
    int found = oracle_network_node(network, place, mode, standard);
    if (found >= 0) {
        return found;
    }
    oracle_room((void **)&network->node, &network->node_room, (size_t)network->n_nodes,
                sizeof(oracle_node));
    network->node[network->n_nodes] = (oracle_node){place, mode, standard};
    return network->n_nodes++;
}

static void add_arc(oracle_network *network, const oracle_arc *arc)
{
    oracle_room((void **)&network->arc, &network->arc_room, (size_t)network->n_arcs,
                sizeof(oracle_arc));
    network->arc[network->n_arcs++] = *arc;
}

/* The projects with an effect on a link (terminal, place) as one more set of the arc; 0 when there
 * are none, and the arc can't be. */
static int add_set(oracle_arc *arc, const kv_case *view, int effect, int link, int terminal,
                   int place, int carrier)
{
    oracle_set *set = &arc->set[arc->n_sets];
    set->count = 0;
    for (int i = 0; i < view->effects.count; i++) {
        const kv_effect *row = &view->effects.rows[i];
        if (row->effect == effect && (link < 0 || row->link == link) &&
            (terminal < 0 || row->terminal == terminal) &&
            (place < 0 || (row->place == place && row->carrier == carrier))) {
            if (set->count == ORACLE_SET_SIZE) {
                abort();
            }
            set->project[set->count++] = row->project;
        }
    }
    arc->n_sets++;
    return set->count > 0;
}

static void add_one(oracle_arc *arc, int project)
{
    oracle_set *set = &arc->set[arc->n_sets++];
    set->count = 1;
    set->project[0] = project;
}

/* The arc itself, its parallel for dangerous products, and one for each improvement. */
static void add_link_variants(oracle_network *network, const oracle_arc *arc)
{
    const kv_case *view = network->view;
    const kv_link *link = &view->links.rows[arc->link[0]];
    oracle_arc it = *arc;
    it.no_dangerous = !link->dangerous_goods;
    add_arc(network, &it);
    for (int i = 0; i < view->effects.count; i++) {
        const kv_effect *row = &view->effects.rows[i];
        if (row->effect == KV_EFFECT_IMPROVE_LINK && row->link == arc->link[0]) {
            oracle_arc better = it;
            better.improved_by = row->project;
            better.factor = row->factor;
            better.more_hours = isnan(row->hours) ? 0 : row->hours;
            add_one(&better, row->project);
            add_arc(network, &better);
        }
    }
    if (!link->dangerous_goods) {
        oracle_arc only = *arc;
        only.dangerous_only = 1;
        if (add_set(&only, view, KV_EFFECT_ALLOW_DANGEROUS, arc->link[0], -1, -1, -1)) {
            add_arc(network, &only);
        }
    }
}

static void add_link_arc(oracle_network *network, int l, int q, int backward)
{
    const kv_case *view = network->view;
    const kv_link *link = &view->links.rows[l];
    oracle_arc arc = {.kind = ORACLE_LINK,
                      .technology = q,
                      .mode = link->mode,
                      .n_links = 1,
                      .transfer = -1,
                      .improved_by = -1,
                      .factor = 1};
    arc.link[0] = l;
    arc.backward[0] = backward;
    arc.tail = need_node(network, backward ? link->to : link->from, link->mode, link->standard);
    arc.head = need_node(network, backward ? link->from : link->to, link->mode, link->standard);
    if (!link->open && !add_set(&arc, view, KV_EFFECT_OPEN_LINK, l, -1, -1, -1)) {
        return;
    }
    if (view->technologies.rows[q].needs_electrification && !link->electrified &&
        !add_set(&arc, view, KV_EFFECT_ELECTRIFY, l, -1, -1, -1)) {
        return;
    }
    add_link_variants(network, &arc);
}

static void add_links(oracle_network *network)
{
    const kv_case *view = network->view;
    for (int l = 0; l < view->links.count; l++) {
        const kv_link *link = &view->links.rows[l];
        need_node(network, link->from, link->mode, link->standard);
        need_node(network, link->to, link->mode, link->standard);
        for (int q = 0; q < view->technologies.count; q++) {
            const kv_technology *it = &view->technologies.rows[q];
            if (it->mode != link->mode || !isnan(it->range_km)) {
                continue;
            }
            add_link_arc(network, l, q, 0);
            if (link->directions == KV_BOTH) {
                add_link_arc(network, l, q, 1);
            }
        }
    }
}

static int has_point(const kv_case *view, int place, int carrier)
{
    for (int i = 0; i < view->energy_points.count; i++) {
        const kv_energy_point *row = &view->energy_points.rows[i];
        if (row->place == place && row->carrier == carrier) {
            return 1;
        }
    }
    return 0;
}

static int is_point(const kv_case *view, int place, int carrier)
{
    oracle_arc scratch = {.n_sets = 0};
    return has_point(view, place, carrier) ||
           add_set(&scratch, view, KV_EFFECT_ENERGY_POINT, -1, -1, place, carrier);
}

/* Ends of a range arc: places without a row need a project. */
static int add_range_arc(oracle_network *network, oracle_arc *arc, int from, int to)
{
    const kv_case *view = network->view;
    int carrier = view->technologies.rows[arc->technology].carrier;
    const kv_link *link = &view->links.rows[arc->link[0]];
    arc->kind = ORACLE_RANGE;
    arc->mode = link->mode;
    arc->transfer = arc->improved_by = -1;
    arc->factor = 1;
    arc->tail = need_node(network, from, link->mode, link->standard);
    arc->head = need_node(network, to, link->mode, link->standard);
    for (int i = 0; i < arc->n_links; i++) {
        arc->no_dangerous |= !view->links.rows[arc->link[i]].dangerous_goods;
    }
    if (!has_point(view, from, carrier)) {
        add_set(arc, view, KV_EFFECT_ENERGY_POINT, -1, -1, from, carrier);
    }
    if (!has_point(view, to, carrier)) {
        add_set(arc, view, KV_EFFECT_ENERGY_POINT, -1, -1, to, carrier);
    }
    add_arc(network, arc);
    return 1;
}

/* Best length to every place from `from` over open links of the mode (Bellman and Ford); came[v] =
 * 2 * link + backward. */
static void shortest(const kv_case *view, int mode, int from, double *length, int *came)
{
    for (int v = 0; v < view->places.count; v++) {
        length[v] = v == from ? 0 : INFINITY;
        came[v] = -1;
    }
    for (int changed = 1; changed;) {
        changed = 0;
        for (int l = 0; l < view->links.count; l++) {
            const kv_link *link = &view->links.rows[l];
            for (int back = 0; back < (link->directions == KV_BOTH ? 2 : 1); back++) {
                int a = back ? link->to : link->from, b = back ? link->from : link->to;
                if (link->mode == mode && link->open && length[a] + link->length_km < length[b]) {
                    length[b] = length[a] + link->length_km;
                    came[b] = 2 * l + back;
                    changed = 1;
                }
            }
        }
    }
}

static void add_paths_from(oracle_network *network, int q, int from)
{
    const kv_case *view = network->view;
    const kv_technology *it = &view->technologies.rows[q];
    size_t places = (size_t)view->places.count;
    double *length = oracle_alloc(places, sizeof(double));
    int *came = oracle_alloc(places, sizeof(int));
    shortest(view, it->mode, from, length, came);
    for (int to = 0; to < view->places.count; to++) {
        oracle_arc arc = {.technology = q};
        if (to == from || !is_point(view, to, it->carrier) || length[to] > it->range_km) {
            continue;
        }
        for (int v = to; v != from; v = arc.backward[0] ? view->links.rows[arc.link[0]].to
                                                        : view->links.rows[arc.link[0]].from) {
            if (arc.n_links == ORACLE_PATH) {
                abort();
            }
            memmove(arc.link + 1, arc.link, sizeof(int) * (size_t)arc.n_links);
            memmove(arc.backward + 1, arc.backward, sizeof(int) * (size_t)arc.n_links);
            arc.link[0] = came[v] / 2;
            arc.backward[0] = came[v] % 2;
            arc.n_links++;
        }
        add_range_arc(network, &arc, from, to);
    }
    kv_free(length);
    kv_free(came);
}

/* Links not yet open, within the range, between two points. */
static void add_new_links(oracle_network *network, int q)
{
    const kv_case *view = network->view;
    const kv_technology *it = &view->technologies.rows[q];
    for (int l = 0; l < view->links.count; l++) {
        const kv_link *link = &view->links.rows[l];
        if (link->open || link->mode != it->mode || link->length_km > it->range_km ||
            !is_point(view, link->from, it->carrier) || !is_point(view, link->to, it->carrier)) {
            continue;
        }
        for (int back = 0; back < (link->directions == KV_BOTH ? 2 : 1); back++) {
            oracle_arc arc = {.technology = q, .n_links = 1};
            arc.link[0] = l;
            arc.backward[0] = back;
            if (add_set(&arc, view, KV_EFFECT_OPEN_LINK, l, -1, -1, -1)) {
                add_range_arc(network, &arc, back ? link->to : link->from,
                              back ? link->from : link->to);
            }
        }
    }
}

static void add_ranges(oracle_network *network)
{
    const kv_case *view = network->view;
    for (int q = 0; q < view->technologies.count; q++) {
        const kv_technology *it = &view->technologies.rows[q];
        if (isnan(it->range_km)) {
            continue;
        }
        for (int v = 0; v < view->places.count; v++) {
            if (is_point(view, v, it->carrier)) {
                add_paths_from(network, q, v);
            }
        }
        add_new_links(network, q);
    }
}

static void add_transfer(oracle_network *network, int row, int reversed)
{
    const kv_case *view = network->view;
    const kv_transfer *it = &view->transfers.rows[row];
    const kv_terminal *terminal = &view->terminals.rows[it->terminal];
    int from = need_node(network, terminal->place, it->from_mode, it->from_standard);
    int to = need_node(network, terminal->place, it->to_mode, it->to_standard);
    oracle_arc arc = {.kind = ORACLE_TRANSFER,
                      .technology = -1,
                      .mode = -1,
                      .transfer = row,
                      .reversed = reversed,
                      .improved_by = -1,
                      .factor = 1};
    arc.tail = reversed ? to : from;
    arc.head = reversed ? from : to;
    if (!terminal->open &&
        !add_set(&arc, view, KV_EFFECT_OPEN_TERMINAL, -1, it->terminal, -1, -1)) {
        return;
    }
    add_arc(network, &arc);
    for (int i = 0; i < view->effects.count; i++) {
        const kv_effect *effect = &view->effects.rows[i];
        if (effect->effect == KV_EFFECT_IMPROVE_TERMINAL && effect->terminal == it->terminal) {
            oracle_arc better = arc;
            better.improved_by = effect->project;
            better.factor = effect->factor;
            better.more_hours = isnan(effect->hours) ? 0 : effect->hours;
            add_one(&better, effect->project);
            add_arc(network, &better);
        }
    }
}

void oracle_network_build(oracle_network *network, const kv_case *view, int scenario, int period)
{
    memset(network, 0, sizeof *network);
    network->view = view;
    network->scenario = scenario;
    network->period = period;
    for (int v = 0; v < view->places.count; v++) {
        oracle_room((void **)&network->node, &network->node_room, (size_t)network->n_nodes,
                    sizeof(oracle_node));
        network->node[network->n_nodes++] = (oracle_node){v, KV_MODE_ROAD, NULL};
    }
    add_links(network);
    add_ranges(network);
    for (int row = 0; row < view->transfers.count; row++) {
        add_transfer(network, row, 0);
        if (view->transfers.rows[row].both_directions) {
            add_transfer(network, row, 1);
        }
    }
}

void oracle_network_free(oracle_network *network)
{
    kv_free(network->node);
    kv_free(network->arc);
    memset(network, 0, sizeof *network);
}

int oracle_arc_open(const oracle_arc *arc, const double *served)
{
    for (int i = 0; i < arc->n_sets; i++) {
        double sum = 0;
        for (int j = 0; j < arc->set[i].count; j++) {
            sum += served[arc->set[i].project[j]];
        }
        if (sum < 0.5) {
            return 0;
        }
    }
    return 1;
}

int oracle_arc_allows(const oracle_network *network, const oracle_arc *arc, int product)
{
    const kv_product *it = &network->view->products.rows[product];
    if (arc->kind == ORACLE_TRANSFER) {
        int handling = network->view->transfers.rows[arc->transfer].handling;
        return handling == KV_HANDLING_ANY || handling == it->handling;
    }
    if (arc->mode == KV_MODE_ROAD && !it->road) {
        return 0;
    }
    return it->dangerous ? !arc->no_dangerous : !arc->dangerous_only;
}
