/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stable names of nodes, arcs, commodities, resources, design variables and blocks, made of the keys
 * of the tables (docs/mathematics.md, section 7). A name that is taken already gets ":2", ":3", ...
 */
#include "formulations/builder.h"

#include "base/intern.h"
#include "base/memory.h"
#include "base/text.h"
#include "instances/schema.h"

static const char *mode_name(int mode)
{
    const kv_column *column = kv_schema_column(&kv_schema[KV_TABLE_LINKS], "mode");
    return column->choices[mode];
}

static void node_name(const kv_builder *b, int v, kv_text *out)
{
    const kv_node *node = (const kv_node *)b->node.items + v;
    if (node->place < 0) {
        kv_text_add(out, "outside");
        return;
    }
    kv_text_add(out, b->given->places.rows[node->place].place);
    if (node->mode == KV_MODE_ROAD && !node->standard)
        return;
    kv_text_addf(out, ".%s", mode_name(node->mode));
    if (node->standard)
        kv_text_addf(out, ".%s", node->standard);
}

/* The row among those of its terminal, from 1. */
static int row_in_terminal(const kv_case *c, int transfer)
{
    int row = 0;
    for (int i = 0; i <= transfer; i++)
        row += c->transfers.rows[i].terminal == c->transfers.rows[transfer].terminal;
    return row;
}

static void outside_arc_name(const kv_builder *b, int a, kv_text *out)
{
    const kv_arc_info *info = &b->map->arc[a];
    const kv_case *c = b->given;
    if (info->kind == KV_ARC_UNSERVED || info->kind == KV_ARC_UNSOLD) {
        kv_text_addf(out, "%s:%s", info->kind == KV_ARC_UNSERVED ? "unserved" : "unsold",
                     c->places.rows[info->place].place);
        return;
    }
    const kv_gate *gate = (const kv_gate *)b->gate.items + (a - ((kv_gate *)b->gate.items)[0].arc);
    const char *kind = info->kind == KV_ARC_SOURCE      ? "source"
                       : info->kind == KV_ARC_MARKET    ? "market"
                       : info->kind == KV_ARC_PLANT_OUT ? "out"
                                                        : "in";
    kv_text_addf(out, "%s:%s:%s", kind, c->sites.rows[info->site].site,
                 c->products.rows[gate->product].product);
}

static void arc_name(const kv_builder *b, int a, kv_text *out)
{
    const kv_arc_info *info = &b->map->arc[a];
    const kv_case *c = b->given;
    if (info->kind == KV_ARC_LINK) {
        kv_text_addf(out, "%s:%c:%s", c->links.rows[info->link].link, info->backward ? 'b' : 'f',
                     c->technologies.rows[info->technology].technology);
    } else if (info->kind == KV_ARC_RANGE) {
        const int link = b->map->path_links[info->path_first];
        kv_text_addf(out, "%s~%s:%s", c->places.rows[info->place].place,
                     c->places.rows[info->to_place].place,
                     c->technologies.rows[info->technology].technology);
        if (!c->links.rows[link].open)
            kv_text_addf(out, "@%s", c->links.rows[link].link);
    } else if (info->kind == KV_ARC_TRANSFER) {
        const kv_transfer *t = &c->transfers.rows[info->transfer];
        kv_text_addf(out, "%s:%d:%c", c->terminals.rows[t->terminal].terminal,
                     row_in_terminal(c, info->transfer), info->backward ? 'b' : 'f');
    } else {
        outside_arc_name(b, a, out);
    }
    if (info->improved_by >= 0)
        kv_text_addf(out, "+%s", c->projects.rows[info->improved_by].project);
    if (info->dangerous_only)
        kv_text_add(out, "!d");
}

static void commodity_name(const kv_builder *b, int k, kv_text *out)
{
    const kv_commodity_info *info = &b->map->commodity[k];
    const kv_case *c = b->given;
    if (info->kind == KV_COMMODITY_EMPTY)
        kv_text_addf(out, "empty:%s", c->technologies.rows[info->technology].technology);
    else
        kv_text_add(out, c->products.rows[info->product].product);
    if (info->kind == KV_COMMODITY_FREIGHT)
        kv_text_addf(out, "@%s", c->places.rows[info->origin].place);
}

static void resource_name(const kv_builder *b, int r, kv_text *out)
{
    const kv_resource_info *info = &b->map->resource[r];
    const kv_case *c = b->given;
    switch (info->kind) {
    case KV_RESOURCE_LINK:
        kv_text_addf(out, "link:%s", c->links.rows[info->link].link);
        if (info->backward >= 0)
            kv_text_add(out, info->backward ? ":<" : ":>");
        break;
    case KV_RESOURCE_TERMINAL:
        kv_text_addf(out, "terminal:%s", c->terminals.rows[info->terminal].terminal);
        break;
    case KV_RESOURCE_FLEET:
        kv_text_addf(out, "fleet:%s", c->technologies.rows[info->technology].technology);
        break;
    case KV_RESOURCE_ENERGY:
        kv_text_addf(out, "energy:%s:%s", c->places.rows[info->place].place,
                     c->carriers.rows[info->carrier].carrier);
        break;
    default: kv_text_add(out, "carbon"); break;
    }
}

static void design_name(const kv_builder *b, int j, kv_text *out)
{
    static const char *const kinds[] = {"start", "buy", "stock", "carry", "risk"};
    const kv_design_info *info = &b->map->design[j];
    const kv_case *c = b->given;
    kv_text_add(out, kinds[info->kind]);
    if (info->project >= 0)
        kv_text_addf(out, ":%s", c->projects.rows[info->project].project);
    if (info->technology >= 0)
        kv_text_addf(out, ":%s", c->technologies.rows[info->technology].technology);
    if (info->funder >= 0)
        kv_text_addf(out, ":%s", c->funders.rows[info->funder].funder);
    if (info->period >= 0)
        kv_text_addf(out, ":%s", c->periods.rows[info->period].period);
    if (info->kind == KV_DESIGN_RISK)
        kv_text_add(out, info->scenario < 0 ? ":eta" : ":xi");
    if (info->scenario >= 0)
        kv_text_addf(out, ":%s", kv_builder_scenario_name(b, info->scenario));
    else if (info->kind == KV_DESIGN_CARRY)
        kv_text_add(out, ":all");
}

static void block_name(const kv_builder *b, int block, kv_text *out)
{
    kv_text_addf(out, "%s/%s", kv_builder_scenario_name(b, block / b->n_periods),
                 b->given->periods.rows[block % b->n_periods].period);
}

/* Blanks of free texts, such as standards, become '_'. */
static void blanks_replace(kv_text *text)
{
    for (size_t i = 0; i < text->length; i++) {
        if ((unsigned char)text->data[i] <= ' ')
            text->data[i] = '_';
    }
}

/* One name, made different from those in the pool; NULL when out of memory. */
static char *name_make(const kv_builder *b, int i, kv_pool *pool,
                       void (*write)(const kv_builder *, int, kv_text *))
{
    kv_text text = {0};
    char *name = NULL;
    write(b, i, &text);
    blanks_replace(&text);
    const size_t length = text.length;
    for (int n = 2; !text.failed && kv_pool_find(pool, text.data, text.length) >= 0; n++) {
        text.length = length;
        kv_text_addf(&text, ":%d", n);
    }
    if (!text.failed && kv_pool_add(pool, text.data, text.length) >= 0)
        name = kv_strdup(text.data);
    kv_text_clear(&text);
    return name;
}

static kv_status names_make(const kv_builder *b, char ***names, int count,
                            void (*write)(const kv_builder *, int, kv_text *))
{
    kv_pool *pool = kv_pool_create();
    kv_status status = KV_ERR_MEMORY;
    if (!pool || !(*names = kv_alloc((size_t)count, sizeof(char *))))
        goto out;
    for (int i = 0; i < count; i++) {
        if (!((*names)[i] = name_make(b, i, pool, write)))
            goto out;
    }
    status = KV_OK;
out:
    kv_pool_free(pool);
    return status;
}

kv_status kv_build_names(kv_builder *builder)
{
    kv_problem *p = builder->problem;
    kv_status status = names_make(builder, &p->node_name, p->n_nodes, node_name);
    if (status == KV_OK)
        status = names_make(builder, &p->arc_name, p->n_arcs, arc_name);
    if (status == KV_OK)
        status = names_make(builder, &p->commodity_name, p->n_commodities, commodity_name);
    if (status == KV_OK)
        status = names_make(builder, &p->resource_name, p->n_resources, resource_name);
    if (status == KV_OK)
        status = names_make(builder, &p->design_name, p->n_design, design_name);
    if (status == KV_OK)
        status = names_make(builder, &p->block_name, p->n_blocks, block_name);
    return status;
}
