/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of everything in a benchmark file that a row's name is made of (docs/benchmarks.md). */
#include "reports/checker/world.h"

static char *link_name(const kvc_world *w, int link)
{
    kv_text text = {0};
    kv_benchmark_link_name(w->file, link, &text);
    return kvc_take(w->arena, &text);
}

static char *demand_name(const kvc_world *w, const char *before, int demand)
{
    kv_text text = {0};
    kv_text_add(&text, before);
    kv_benchmark_demand_name(w->file, demand, &text);
    return kvc_take(w->arena, &text);
}

static char *facility_name(const kvc_world *w, int facility, int customer)
{
    kv_text text = {0};
    kv_benchmark_facility_name(facility, &text);
    if (customer >= 0) {
        kv_text_add(&text, "-");
        kv_benchmark_customer_name(customer, &text);
    }
    return kvc_take(w->arena, &text);
}

static char *node_name(const kvc_world *w, int v)
{
    kv_text text = {0};
    if (w->file->format == KV_BENCHMARK_LOCATION && v == 0)
        return kvc_format(w->arena, "supply");
    if (w->file->format == KV_BENCHMARK_LOCATION)
        kv_benchmark_customer_name(v - 1, &text);
    else
        kv_benchmark_node_name(w->file, v, &text);
    return kvc_take(w->arena, &text);
}

static char *arc_name(const kvc_world *w, int a)
{
    const kv_benchmark *b = w->file;
    if (b->format == KV_BENCHMARK_LOCATION)
        return facility_name(w, a / b->n_customers, a % b->n_customers);
    if (b->format == KV_BENCHMARK_SNDLIB)
        return kvc_format(w->arena, "%s:%c", b->link_id[a / 2], a % 2 ? 'b' : 'f');
    return a < b->n_links ? link_name(w, a) : demand_name(w, "unserved:", a - b->n_links);
}

static char *good_name(const kvc_world *w, int g)
{
    const kv_benchmark *b = w->file;
    if (b->format == KV_BENCHMARK_LOCATION)
        return kvc_format(w->arena, "goods");
    if (b->format == KV_BENCHMARK_SNDLIB && b->commodities == KV_COMMODITIES_SOURCES)
        return kvc_format(w->arena, "%s", b->node_id[w->file_source[g]]);
    return demand_name(w, "", g);
}

static char *resource_name(const kvc_world *w, int r)
{
    if (w->file->format == KV_BENCHMARK_LOCATION)
        return facility_name(w, r, -1);
    return w->file->format == KV_BENCHMARK_SNDLIB ? kvc_format(w->arena, "%s", w->file->link_id[r])
                                                  : link_name(w, r);
}

static char *design_name(const kvc_world *w, int j)
{
    const kv_benchmark *b = w->file;
    const int project = KVC_AT(kvc_design, w->design, j).project;
    int setup = project - b->n_links, e = 0;
    if (b->format != KV_BENCHMARK_SNDLIB)
        return resource_name(w, j);
    if (setup < 0)
        return kvc_format(w->arena, "%s:m%d", b->link_id[project],
                          j - b->module_first[project] + 1);
    while (!(b->link_fixed_cost[e] > 0) || setup-- > 0)
        e++;
    return kvc_format(w->arena, "%s:setup", b->link_id[e]);
}

static char *block_name(const kvc_world *w, int i)
{
    return kvc_format(w->arena, w->file->format == KV_BENCHMARK_SCENARIOS ? "s%d" : "%d", i + 1);
}

static char *side_name(const kvc_world *w, int i)
{
    return KVC_AT(kvc_row, w->side, i).name;
}

void kvc_file_names(kvc_world *world)
{
    kvc_world *w = world;
    kvc_pool_make(w, &w->node_names, w->node.count, node_name);
    kvc_pool_make(w, &w->arc_names, w->arc.count, arc_name);
    kvc_pool_make(w, &w->good_names, w->good.count, good_name);
    kvc_pool_make(w, &w->resource_names, w->resource.count, resource_name);
    kvc_pool_make(w, &w->design_names, w->design.count, design_name);
    kvc_pool_make(w, &w->block_names, w->n_blocks, block_name);
    kvc_pool_make(w, &w->side_names, w->side.count, side_name);
    kvc_pool_make(w, &w->coupling_names, 0, side_name);
}
