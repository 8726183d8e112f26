/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "reports/columns.h"
#include "reports/geojson.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

/* A layer as RFC 7946 wants it, each feature with the properties that the manual names. */
static json_t *layer(const test_report *report, int number, int features)
{
    const kv_report_table *described = &kv_geojson_layers[number];
    char *text = test_report_file(report, described->file);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    size_t i;
    json_t *feature;
    kv_free(text);
    cr_assert_not_null(root, "%s", described->file);
    cr_assert_str_eq(json_string_value(json_object_get(root, "type")), "FeatureCollection");
    json_t *list = json_object_get(root, "features");
    cr_assert_eq((int)json_array_size(list), features);
    json_array_foreach(list, i, feature)
    {
        const json_t *properties = json_object_get(feature, "properties");
        cr_assert_str_eq(json_string_value(json_object_get(feature, "type")), "Feature");
        cr_assert_not_null(json_object_get(feature, "geometry"));
        cr_assert_eq((int)json_object_size(properties), kv_report_column_count(described));
        for (const kv_report_column *column = described->columns; column->name; column++)
            cr_assert_not_null(json_object_get(properties, column->name), "%s", column->name);
    }
    return root;
}

static const json_t *find(const json_t *root, const char *key, const char *value)
{
    size_t i;
    const json_t *feature;
    json_array_foreach(json_object_get(root, "features"), i, feature)
    {
        const json_t *properties = json_object_get(feature, "properties");
        if (strcmp(json_string_value(json_object_get(properties, key)), value) == 0)
            return feature;
    }
    return NULL;
}

Test(geojson, layers_of_the_tutorial)
{
    test_report report = test_report_tutorial("joint");
    const kv_case *c = report.the_case;
    test_report_write(&report);
    cr_assert_eq(kv_report_geojson(c, report.folder, NULL), KV_OK);
    json_t *places = layer(&report, 0, c->places.count);
    json_t *links = layer(&report, 1, c->links.count);
    json_t *projects = layer(&report, 2, c->projects.count);

    const json_t *place = find(places, "place", c->places.rows[0].place);
    const json_t *at = json_object_get(json_object_get(place, "geometry"), "coordinates");
    cr_assert_float_eq(json_number_value(json_array_get(at, 0)), c->places.rows[0].longitude_deg,
                       1e-6);
    cr_assert_float_eq(json_number_value(json_array_get(at, 1)), c->places.rows[0].latitude_deg,
                       1e-6);

    /* A link's flow is the sum of the rows of flows.csv that ride it. */
    kv_csv flows = test_report_table(&report, "flows.csv");
    const char *period = c->periods.rows[0].period, *scenario = c->scenarios.rows[0].scenario;
    double sum = 0, all = 0;
    for (int i = 0; i < kv_csv_rows(&flows); i++) {
        const char *kind = kv_csv_field(&flows, i, kv_csv_column(&flows, "kind"));
        int here =
            strcmp(kv_csv_field(&flows, i, kv_csv_column(&flows, "period")), period) == 0 &&
            strcmp(kv_csv_field(&flows, i, kv_csv_column(&flows, "scenario")), scenario) == 0;
        if (here && strcmp(kind, "link") == 0 &&
            strcmp(kv_csv_field(&flows, i, kv_csv_column(&flows, "links")), "rail_west") == 0)
            sum += kv_csv_number(&flows, i, kv_csv_column(&flows, "amount"));
    }
    const json_t *rail = json_object_get(find(links, "link", "rail_west"), "properties");
    all = json_number_value(
        json_object_get(json_object_get(json_object_get(rail, "t_per_year"), scenario), period));
    cr_assert_gt(sum, 0);
    cr_assert_float_eq(all, sum, 1e-2);
    double used = json_number_value(
        json_object_get(json_object_get(json_object_get(rail, "utilisation"), scenario), period));
    cr_assert(used > 0 && used <= 1 + 1e-6);

    kv_csv built = test_report_table(&report, "investments.csv");
    const json_t *first =
        find(projects, "project", kv_csv_field(&built, 0, kv_csv_column(&built, "project")));
    cr_assert(json_is_true(json_object_get(json_object_get(first, "properties"), "built")));
    kv_csv_clear(&built);
    kv_csv_clear(&flows);
    json_decref(places);
    json_decref(links);
    json_decref(projects);
    test_report_clear(&report);
}

Test(geojson, tables_of_another_case_are_a_fault)
{
    test_report report = test_report_tutorial("steady");
    kv_messages *messages = kv_messages_create();
    test_folder_put(report.folder, "investments.csv",
                    "project,scenario,start_year,service_year,units\nnessie,all,2026,2027,1\n");
    test_folder_put(report.folder, "flows.csv", "scenario,period,kind,links,amount\n");
    cr_assert_eq(kv_report_geojson(report.the_case, report.folder, messages), KV_ERR_INPUT);
    cr_assert_str_eq(kv_messages_get(messages, 0)->value, "nessie");
    test_folder_put(report.folder, "investments.csv", "project\n");
    test_folder_put(report.folder, "flows.csv",
                    "scenario,period,kind,links,amount\nsteady,p1,link,nowhere,5\n");
    cr_assert_eq(kv_report_geojson(report.the_case, report.folder, messages), KV_ERR_INPUT);
    kv_messages_free(messages);
    test_report_clear(&report);
}

Test(geojson, no_tables_no_layers)
{
    test_report report = test_report_tutorial("steady");
    cr_assert_eq(kv_report_geojson(report.the_case, report.folder, NULL), KV_ERR_IO);
    test_report_clear(&report);
}

Test(geojson, no_memory_at_any_point)
{
    test_report report = test_report_tutorial("steady");
    test_report_write(&report);
    kv_status status = KV_ERR_MEMORY;
    for (long n = 1; status == KV_ERR_MEMORY; n += 3) {
        kv_memory_fail_at(n, 1);
        status = kv_report_geojson(report.the_case, report.folder, NULL);
        kv_memory_fail_at(0, 0);
    }
    cr_assert_eq(status, KV_OK);
    test_report_clear(&report);
}
