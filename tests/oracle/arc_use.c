/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a ton or an empty vehicle costs and uses on an arc. */
#include "oracle/in_force.h"
#include "oracle/network.h"

#include <math.h>

/* EUR a vehicle-km for the vehicle itself, where it is hired. */
static double hired(const kv_case *view, const kv_technology *q)
{
    double rho = view->the_case.rows[0].discount_rate_per_year;
    if (q->fleet != KV_FLEET_HIRED || isnan(q->vehicle_price_eur) || q->vehicle_price_eur == 0) {
        return 0;
    }
    double annuity = rho == 0 ? 1 / q->life_years : rho / (1 - pow(1 + rho, -q->life_years));
    return q->vehicle_price_eur * annuity / q->km_per_year;
}

static oracle_use transfer_use(const oracle_network *network, const oracle_arc *arc, int product)
{
    const kv_transfer *row = &network->view->transfers.rows[arc->transfer];
    double hours = fmax(0, row->hours + arc->more_hours);
    oracle_use use = {0};
    use.cost = row->cost_eur_per_t * arc->factor +
               hours * network->view->products.rows[product].value_of_time_eur_per_t_h;
    return use;
}

/* Hours, tolls and ice of a ton on the links of an arc, as EUR. */
static double passage_cost(const oracle_network *network, const oracle_arc *arc,
                           const kv_technology *q, int product)
{
    double hours = arc->more_hours, charges = 0;
    for (int i = 0; i < arc->n_links; i++) {
        const kv_link *link = &network->view->links.rows[arc->link[i]];
        double speed = isnan(link->speed_km_per_h) ? q->speed_km_per_h : link->speed_km_per_h;
        double ice = link->ice_months / 12;
        hours += arc->factor * link->length_km / speed + link->hours + ice * link->ice_hours;
        charges += link->toll_eur_per_t + ice * link->ice_eur_per_t;
    }
    return fmax(0, hours) * network->view->products.rows[product].value_of_time_eur_per_t_h +
           charges;
}

oracle_use oracle_arc_use(const oracle_network *network, const oracle_arc *arc, int product)
{
    const kv_case *view = network->view;
    oracle_use use = {0};
    double km = 0;
    if (arc->kind == ORACLE_TRANSFER) {
        return transfer_use(network, arc, product);
    }
    kv_technology q = oracle_technology(view, arc->technology, network->period);
    const kv_policy *policy = oracle_policy(view, network->scenario, network->period);
    oracle_energy_price energy =
        oracle_energy_between(view, q.carrier, network->node[arc->tail].place,
                              network->node[arc->head].place, network->period);
    for (int i = 0; i < arc->n_links; i++) {
        km += view->links.rows[arc->link[i]].length_km;
    }
    use.true_km = product < 0 ? 0 : km;
    km *= arc->factor;
    use.vehicle_km = km;
    if (product >= 0) {
        use.vehicle_km /= q.payload_t * q.load_factor;
        use.vehicle_km *= q.empties == KV_EMPTIES_SHARE ? 1 + q.empty_share : 1;
        use.cost = km * q.cost_eur_per_tkm + passage_cost(network, arc, &q, product);
    }
    double kwh = use.vehicle_km * q.energy_kwh_per_km;
    use.energy_mwh = kwh / 1000;
    use.co2_t = kwh * energy.co2 / 1000;
    use.cost += use.vehicle_km * (q.cost_eur_per_km + hired(view, &q)) + kwh * energy.eur +
                use.co2_t * (policy ? policy->carbon_price_eur_per_t : 0);
    return use;
}

int oracle_energy_limited(const kv_case *view, int place, int carrier, double *base)
{
    int used = 0;
    for (int q = 0; q < view->technologies.count; q++) {
        const kv_technology *it = &view->technologies.rows[q];
        used |= it->carrier == carrier && !isnan(it->range_km);
    }
    *base = 0;
    for (int i = 0; i < view->energy_points.count; i++) {
        const kv_energy_point *row = &view->energy_points.rows[i];
        if (row->place == place && row->carrier == carrier) {
            *base = row->capacity_mwh_per_year;
            return used && !isnan(row->capacity_mwh_per_year);
        }
    }
    return used;
}

static double room_left(const kv_case *view, int period, double capacity, int unit, double load,
                        double growth)
{
    if (isnan(capacity)) {
        return INFINITY;
    }
    double grown = isnan(growth) ? 0 : growth;
    double taken = isnan(load) ? 0 : load * oracle_growth(view, period, grown);
    return fmax(0, oracle_capacity(view, capacity, unit) - taken);
}

double oracle_link_room(const kv_case *view, int period, int link)
{
    const kv_link *it = &view->links.rows[link];
    return room_left(view, period, it->capacity, it->capacity_unit, it->base_load_t_per_year,
                     it->base_load_growth_per_year);
}

double oracle_terminal_room(const kv_case *view, int period, int terminal)
{
    const kv_terminal *it = &view->terminals.rows[terminal];
    return room_left(view, period, it->capacity, it->capacity_unit, it->base_load_t_per_year,
                     it->base_load_growth_per_year);
}
