/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/geojson_data.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>
#include <string.h>

size_t kv_map_data_at(const kv_map_data *data, int link, int scenario, int period)
{
    size_t row = (size_t)link * (size_t)data->n_scenarios + (size_t)scenario;
    return row * (size_t)data->the_case->periods.count + (size_t)period;
}

/* ---- names of the case ---- */

static int find_scenario(const kv_case *c, const char *name)
{
    for (int i = 0; i < c->scenarios.count; i++) {
        if (strcmp(c->scenarios.rows[i].scenario, name) == 0)
            return i;
    }
    return -1;
}

static int find_period(const kv_case *c, const char *name)
{
    for (int i = 0; i < c->periods.count; i++) {
        if (strcmp(c->periods.rows[i].period, name) == 0)
            return i;
    }
    return -1;
}

static int find_project(const kv_case *c, const char *name)
{
    for (int i = 0; i < c->projects.count; i++) {
        if (strcmp(c->projects.rows[i].project, name) == 0)
            return i;
    }
    return -1;
}

static int find_link(const kv_case *c, const char *name, size_t length)
{
    for (int i = 0; i < c->links.count; i++) {
        const char *link = c->links.rows[i].link;
        if (strncmp(link, name, length) == 0 && link[length] == 0)
            return i;
    }
    return -1;
}

static kv_status foreign(kv_messages *messages, const char *file, int row, const char *column,
                         const char *value)
{
    kv_where where = {.file = file, .line = row + 2, .column = column, .value = value};
    kv_messages_add(messages, KV_FAULT, &where, "solve the case again, or give its own folder",
                    "the case has no such %s", column);
    return KV_ERR_INPUT;
}

/* ---- investments ---- */

static kv_status read_built(kv_map_data *data, const kv_csv *csv, kv_messages *messages)
{
    int rows = kv_csv_rows(csv), project = kv_csv_column(csv, "project");
    int scenario = kv_csv_column(csv, "scenario"), start = kv_csv_column(csv, "start_year");
    int service = kv_csv_column(csv, "service_year"), units = kv_csv_column(csv, "units");
    data->built = kv_alloc((size_t)rows, sizeof *data->built);
    if (!data->built)
        return KV_ERR_MEMORY;
    for (int i = 0; i < rows; i++) {
        kv_built *built = &data->built[data->n_built++];
        const char *name = kv_csv_field(csv, i, scenario);
        built->project = find_project(data->the_case, kv_csv_field(csv, i, project));
        built->scenario = strcmp(name, "all") == 0 ? -1 : find_scenario(data->the_case, name);
        built->start_year = (int)kv_csv_number(csv, i, start);
        built->service_year = kv_csv_number(csv, i, service);
        built->units = kv_csv_number(csv, i, units);
        if (built->project < 0)
            return foreign(messages, "investments.csv", i, "project",
                           kv_csv_field(csv, i, project));
        if (built->scenario < 0 && strcmp(name, "all") != 0)
            return foreign(messages, "investments.csv", i, "scenario", name);
        if (isnan(built->service_year) || isnan(built->units))
            return foreign(messages, "investments.csv", i, "service_year",
                           kv_csv_field(csv, i, service));
    }
    return KV_OK;
}

/* ---- flows ---- */

/* The scenarios that flows.csv speaks of, in the case's order. */
static kv_status list_scenarios(kv_map_data *data, const kv_csv *csv, kv_messages *messages)
{
    const kv_case *c = data->the_case;
    int column = kv_csv_column(csv, "scenario");
    int *seen = kv_alloc((size_t)c->scenarios.count, sizeof *seen);
    data->scenario = kv_alloc((size_t)c->scenarios.count, sizeof(int));
    kv_status status = seen && data->scenario ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < kv_csv_rows(csv) && status == KV_OK; i++) {
        int s = find_scenario(c, kv_csv_field(csv, i, column));
        if (s >= 0)
            seen[s] = 1;
        else
            status = foreign(messages, "flows.csv", i, "scenario", kv_csv_field(csv, i, column));
    }
    for (int s = 0; s < c->scenarios.count && status == KV_OK; s++) {
        if (seen[s])
            data->scenario[data->n_scenarios++] = s;
    }
    kv_free(seen);
    return status;
}

static int slot_of(const kv_map_data *data, int scenario)
{
    int slot = 0;
    while (slot < data->n_scenarios && data->scenario[slot] != scenario)
        slot++;
    return slot;
}

/* Adds the flow to each link of "a+b+c". */
static kv_status add_to_links(kv_map_data *data, const char *links, int slot, int period,
                              double amount, int row, kv_messages *messages)
{
    for (const char *at = links; *at;) {
        size_t length = strcspn(at, "+");
        int link = find_link(data->the_case, at, length);
        if (link < 0)
            return foreign(messages, "flows.csv", row, "links", at);
        data->t_per_year[kv_map_data_at(data, link, slot, period)] += amount;
        at += length + (at[length] == '+');
    }
    return KV_OK;
}

static kv_status read_flows(kv_map_data *data, const kv_csv *csv, kv_messages *messages)
{
    const kv_case *c = data->the_case;
    int scenario = kv_csv_column(csv, "scenario"), period = kv_csv_column(csv, "period");
    int kind = kv_csv_column(csv, "kind"), links = kv_csv_column(csv, "links");
    int amount = kv_csv_column(csv, "amount");
    kv_status status = list_scenarios(data, csv, messages);
    size_t cells = (size_t)data->n_scenarios * (size_t)c->periods.count;
    if (status != KV_OK)
        return status;
    data->t_per_year = kv_alloc((size_t)c->links.count * cells, sizeof(double));
    data->capacity = kv_alloc((size_t)c->links.count * cells, sizeof(double));
    if (!data->t_per_year || !data->capacity)
        return KV_ERR_MEMORY;
    for (int i = 0; i < kv_csv_rows(csv) && status == KV_OK; i++) {
        const char *what = kv_csv_field(csv, i, kind);
        int t = find_period(c, kv_csv_field(csv, i, period));
        int slot = slot_of(data, find_scenario(c, kv_csv_field(csv, i, scenario)));
        double tons = kv_csv_number(csv, i, amount);
        if (t < 0 || isnan(tons))
            return foreign(messages, "flows.csv", i, "period", kv_csv_field(csv, i, period));
        if (strcmp(what, "link") == 0 || strcmp(what, "range") == 0)
            status = add_to_links(data, kv_csv_field(csv, i, links), slot, t, tons, i, messages);
    }
    return status;
}

/* ---- capacities ---- */

static double added_capacity(const kv_map_data *data, const kv_case *view, int link, int scenario,
                             int period)
{
    const kv_period *at = &view->periods.rows[period];
    double sum = 0;
    for (int i = 0; i < data->n_built; i++) {
        const kv_built *built = &data->built[i];
        double end = built->service_year + view->projects.rows[built->project].life_years;
        if ((built->scenario >= 0 && built->scenario != scenario) ||
            built->service_year > at->first_year || end < at->last_year + 1)
            continue;
        for (int e = 0; e < view->effects.count; e++) {
            const kv_effect *effect = &view->effects.rows[e];
            if (effect->project == built->project && effect->link == link &&
                effect->effect == KV_EFFECT_LINK_CAPACITY)
                sum += built->units * kv_capacity_t_per_year(&view->the_case.rows[0],
                                                             effect->amount, effect->unit);
        }
    }
    return sum;
}

static kv_status set_capacities(kv_map_data *data)
{
    const kv_case *c = data->the_case;
    for (int s = 0; s < data->n_scenarios; s++) {
        kv_case *view = NULL;
        kv_status status = kv_case_view(c, data->scenario[s], &view);
        if (status != KV_OK)
            return status;
        for (int l = 0; l < c->links.count; l++) {
            const kv_link *link = &view->links.rows[l];
            double base = kv_capacity_t_per_year(&view->the_case.rows[0], link->capacity,
                                                 link->capacity_unit);
            for (int t = 0; t < c->periods.count; t++) {
                double load = link->base_load_t_per_year *
                              kv_period_growth(view, t, link->base_load_growth_per_year);
                double room =
                    fmax(0, base - load) + added_capacity(data, view, l, data->scenario[s], t);
                data->capacity[kv_map_data_at(data, l, s, t)] =
                    isnan(base)                                             ? (double)NAN
                    : !link->capacity_shared && link->directions == KV_BOTH ? 2 * room
                                                                            : room;
            }
        }
        kv_case_view_free(view);
    }
    return KV_OK;
}

/* ---- the whole ---- */

kv_status kv_map_data_read(const kv_case *the_case, const char *dir, kv_map_data *data,
                           kv_messages *messages)
{
    kv_csv investments = {0}, flows = {0};
    *data = (kv_map_data){.the_case = the_case};
    kv_status status = kv_csv_read(dir, "investments.csv", &investments, messages);
    if (status == KV_OK)
        status = read_built(data, &investments, messages);
    if (status == KV_OK)
        status = kv_csv_read(dir, "flows.csv", &flows, messages);
    if (status == KV_OK)
        status = read_flows(data, &flows, messages);
    if (status == KV_OK)
        status = set_capacities(data);
    kv_csv_clear(&investments);
    kv_csv_clear(&flows);
    return status;
}

void kv_map_data_clear(kv_map_data *data)
{
    kv_free(data->scenario);
    kv_free(data->t_per_year);
    kv_free(data->capacity);
    kv_free(data->built);
    *data = (kv_map_data){0};
}
