/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/geojson.h"

#include "instances/schema.h"
#include "reports/columns.h"
#include "reports/geojson_data.h"

#include <math.h>

/* ---- pieces of JSON ---- */

static void add_rounded(kv_text *out, double value, int decimals)
{
    char buffer[KV_NUMBER_SIZE];
    if (!isfinite(value)) {
        kv_text_add(out, "null");
        return;
    }
    kv_format_decimal(value, decimals, buffer);
    kv_text_add(out, buffer);
}

static void add_text(kv_text *out, const char *name, const char *value)
{
    kv_text_addf(out, "\"%s\": ", name);
    kv_text_add_json(out, value);
    kv_text_add(out, ", ");
}

static void add_truth(kv_text *out, const char *name, int value)
{
    kv_text_addf(out, "\"%s\": %s, ", name, value ? "true" : "false");
}

static void add_position(kv_text *out, const kv_place *place)
{
    kv_text_add(out, "[");
    add_rounded(out, place->longitude_deg, 6);
    kv_text_add(out, ", ");
    add_rounded(out, place->latitude_deg, 6);
    kv_text_add(out, "]");
}

static void add_line(kv_text *out, const kv_case *c, int link)
{
    kv_text_add(out, "[");
    add_position(out, &c->places.rows[c->links.rows[link].from]);
    kv_text_add(out, ", ");
    add_position(out, &c->places.rows[c->links.rows[link].to]);
    kv_text_add(out, "]");
}

static const char *choice(int table, const char *column, int value)
{
    return kv_schema_column(&kv_schema[table], column)->choices[value];
}

static void begin_layer(kv_text *out)
{
    kv_text_add(out, "{\"type\": \"FeatureCollection\", \"features\": [");
}

static void begin_feature(kv_text *out, int i)
{
    kv_text_addf(out, "%s\n{\"type\": \"Feature\", \"properties\": {", i ? "," : "");
}

static kv_status end_layer(kv_text *out, const char *dir, const char *name, kv_messages *messages)
{
    kv_text_add(out, "\n]}\n");
    kv_status status = kv_report_write_text(out, dir, name, messages);
    kv_text_clear(out);
    return status;
}

/* ---- places ---- */

/* The sites of a place, each once, as a list of texts. */
static void add_sites(kv_text *out, const kv_case *c, int place)
{
    int n = 0;
    kv_text_add(out, "\"sites\": [");
    for (int i = 0; i < c->sites.count; i++) {
        const kv_site *site = &c->sites.rows[i];
        int seen = site->place != place;
        for (int k = 0; k < i && !seen; k++)
            seen = c->sites.rows[k].place == place && c->sites.rows[k].site == site->site;
        if (seen)
            continue;
        kv_text_add(out, n++ ? ", " : "");
        kv_text_add_json(out, site->site);
    }
    kv_text_add(out, "]");
}

static kv_status write_places(const kv_case *c, const char *dir, kv_messages *messages)
{
    kv_text out = {0};
    begin_layer(&out);
    for (int i = 0; i < c->places.count; i++) {
        const kv_place *place = &c->places.rows[i];
        begin_feature(&out, i);
        add_text(&out, "place", place->place);
        add_text(&out, "name", place->name);
        add_text(&out, "country", place->country);
        add_text(&out, "kind", choice(KV_TABLE_PLACES, "kind", place->kind));
        add_truth(&out, "in_region", place->region);
        add_sites(&out, c, i);
        kv_text_add(&out, "}, \"geometry\": {\"type\": \"Point\", \"coordinates\": ");
        add_position(&out, place);
        kv_text_add(&out, "}}");
    }
    return end_layer(&out, dir, "places.geojson", messages);
}

/* ---- links ---- */

/* {"base": {"2025-2029": 1000, ...}, ...}: flow, or with `share` flow by capacity. */
static void add_by_period(kv_text *out, const kv_map_data *data, int link, int share)
{
    const kv_case *c = data->the_case;
    kv_text_add(out, "{");
    for (int s = 0; s < data->n_scenarios; s++) {
        kv_text_add(out, s ? ", " : "");
        kv_text_add_json(out, c->scenarios.rows[data->scenario[s]].scenario);
        kv_text_add(out, ": {");
        for (int t = 0; t < c->periods.count; t++) {
            size_t at = kv_map_data_at(data, link, s, t);
            double flow = data->t_per_year[at], capacity = data->capacity[at];
            double part = capacity > 0 ? flow / capacity : flow > 0 ? (double)NAN : 0;
            kv_text_add(out, t ? ", " : "");
            kv_text_add_json(out, c->periods.rows[t].period);
            kv_text_add(out, ": ");
            add_rounded(out, !share ? flow : isnan(capacity) ? (double)NAN : part, share ? 6 : 3);
        }
        kv_text_add(out, "}");
    }
    kv_text_add(out, "}");
}

static kv_status write_links(const kv_map_data *data, const char *dir, kv_messages *messages)
{
    const kv_case *c = data->the_case;
    kv_text out = {0};
    begin_layer(&out);
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *link = &c->links.rows[i];
        begin_feature(&out, i);
        add_text(&out, "link", link->link);
        add_text(&out, "name", link->name);
        add_text(&out, "mode", choice(KV_TABLE_LINKS, "mode", link->mode));
        add_truth(&out, "open", link->open);
        kv_text_add(&out, "\"length_km\": ");
        add_rounded(&out, link->length_km, 3);
        kv_text_add(&out, ", \"t_per_year\": ");
        add_by_period(&out, data, i, 0);
        kv_text_add(&out, ", \"capacity_t_per_year\": ");
        add_rounded(
            &out, kv_capacity_t_per_year(&c->the_case.rows[0], link->capacity, link->capacity_unit),
            3);
        kv_text_add(&out, ", \"utilisation\": ");
        add_by_period(&out, data, i, 1);
        kv_text_add(&out, "}, \"geometry\": {\"type\": \"LineString\", \"coordinates\": ");
        add_line(&out, c, i);
        kv_text_add(&out, "}}");
    }
    return end_layer(&out, dir, "links.geojson", messages);
}

/* ---- projects ---- */

/* The place of an effect that is no line, -1 = none. */
static int place_of(const kv_case *c, const kv_effect *effect)
{
    return effect->terminal >= 0 ? c->terminals.rows[effect->terminal].place : effect->place;
}

/* Coordinates of the links (lines) or places (points) of a project; their number. With a NULL
 * text they are only counted. */
static int add_coordinates(kv_text *out, const kv_case *c, int project, int lines)
{
    int n = 0;
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *effect = &c->effects.rows[i];
        int what = lines ? effect->link : place_of(c, effect), seen = 0;
        if (effect->project != project || what < 0)
            continue;
        for (int k = 0; k < i && !seen; k++) {
            const kv_effect *other = &c->effects.rows[k];
            seen = other->project == project && (lines ? other->link : place_of(c, other)) == what;
        }
        if (seen)
            continue;
        if (out) {
            kv_text_add(out, n ? ", " : "");
            if (lines)
                add_line(out, c, what);
            else
                add_position(out, &c->places.rows[what]);
        }
        n++;
    }
    return n;
}

static void add_geometry(kv_text *out, const kv_case *c, int project)
{
    int lines = add_coordinates(NULL, c, project, 1), points = add_coordinates(NULL, c, project, 0);
    if (lines == 0 && points == 0) {
        kv_text_add(out, "null");
        return;
    }
    kv_text_add(out, lines && points ? "{\"type\": \"GeometryCollection\", \"geometries\": [" : "");
    if (lines) {
        kv_text_add(out, "{\"type\": \"MultiLineString\", \"coordinates\": [");
        add_coordinates(out, c, project, 1);
        kv_text_add(out, "]}");
    }
    kv_text_add(out, lines && points ? ", " : "");
    if (points) {
        kv_text_add(out, "{\"type\": \"MultiPoint\", \"coordinates\": [");
        add_coordinates(out, c, project, 0);
        kv_text_add(out, "]}");
    }
    kv_text_add(out, lines && points ? "]}" : "");
}

static void add_starts(kv_text *out, const kv_map_data *data, int project)
{
    const kv_case *c = data->the_case;
    int n = 0;
    for (int i = 0; i < data->n_built; i++)
        n += data->built[i].project == project;
    add_truth(out, "built", n > 0);
    kv_text_add(out, "\"starts\": [");
    n = 0;
    for (int i = 0; i < data->n_built; i++) {
        const kv_built *built = &data->built[i];
        if (built->project != project)
            continue;
        kv_text_add(out, n++ ? ", {" : "{");
        add_text(out, "scenario",
                 built->scenario < 0 ? "all" : c->scenarios.rows[built->scenario].scenario);
        kv_text_addf(out, "\"start_year\": %d, \"service_year\": ", built->start_year);
        add_rounded(out, built->service_year, 3);
        kv_text_add(out, ", \"units\": ");
        add_rounded(out, built->units, 6);
        kv_text_add(out, "}");
    }
    kv_text_add(out, "]");
}

static kv_status write_projects(const kv_map_data *data, const char *dir, kv_messages *messages)
{
    const kv_case *c = data->the_case;
    kv_text out = {0};
    begin_layer(&out);
    for (int p = 0; p < c->projects.count; p++) {
        const kv_project *project = &c->projects.rows[p];
        begin_feature(&out, p);
        add_text(&out, "project", project->project);
        add_text(&out, "name", project->name);
        add_text(&out, "kind", choice(KV_TABLE_PROJECTS, "kind", project->kind));
        add_text(&out, "country", project->country);
        kv_text_add(&out, "\"cost_meur\": ");
        add_rounded(&out, project->cost_meur, 6);
        kv_text_add(&out, ", ");
        add_starts(&out, data, p);
        kv_text_add(&out, "}, \"geometry\": ");
        add_geometry(&out, c, p);
        kv_text_add(&out, "}");
    }
    return end_layer(&out, dir, "projects.geojson", messages);
}

kv_status kv_report_geojson(const kv_case *the_case, const char *dir, kv_messages *messages)
{
    kv_map_data data;
    kv_status status = kv_map_data_read(the_case, dir, &data, messages);
    if (status == KV_OK)
        status = write_places(the_case, dir, messages);
    if (status == KV_OK)
        status = write_links(&data, dir, messages);
    if (status == KV_OK)
        status = write_projects(&data, dir, messages);
    kv_map_data_clear(&data);
    return status;
}
