/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes, links and demands of an SNDlib network. */
#include "instances/benchmark/sndlib.h"

#include "base/memory.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Names of rows and columns are made of ids and stay below what readers of MPS take. */
enum { LONGEST_ID = 48 };

kv_status kv_sndlib_start(kv_sndlib *s)
{
    s->node_ids = kv_pool_create();
    s->link_ids = kv_pool_create();
    s->demand_ids = kv_pool_create();
    return s->node_ids && s->link_ids && s->demand_ids ? KV_OK : KV_ERR_MEMORY;
}

void kv_sndlib_clear(kv_sndlib *s)
{
    kv_pool_free(s->node_ids);
    kv_pool_free(s->link_ids);
    kv_pool_free(s->demand_ids);
    kv_free(s->links);
    kv_free(s->modules);
    kv_free(s->demands);
}

/* ---- ids ---- */

static int has_blank(const char *id, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)id[i] <= ' ' || id[i] == '\x7f')
            return 1;
    }
    return 0;
}

/* The element's id into the pool; sets what faults are about. */
static void read_id(kv_sndlib *s, const char *kind, kv_pool *pool)
{
    int before = kv_pool_count(pool), shown = s->id_length > 40 ? 40 : (int)s->id_length;
    snprintf(s->what, sizeof s->what, "%s '%.*s'", kind, shown, s->id ? s->id : "");
    if (s->id_length == 0)
        kv_sndlib_fault(s, NULL, NULL, "give it one that no other has", "a %s has no id", kind);
    else if (has_blank(s->id, s->id_length))
        kv_sndlib_fault(s, NULL, NULL, "take them out", "the id of %s has blanks", s->what);
    else if (s->id_length > LONGEST_ID)
        kv_sndlib_fault(s, NULL, NULL, "give it a shorter one",
                        "the id of %s has more than %d bytes", s->what, (int)LONGEST_ID);
    else if (kv_pool_add(pool, s->id, s->id_length) < 0)
        s->no_memory = 1;
    else if (kv_pool_count(pool) == before)
        kv_sndlib_fault(s, NULL, NULL, "give each an id of its own", "there are two of %s",
                        s->what);
}

/* ---- elements that begin ---- */

static void begin_link(kv_sndlib *s)
{
    s->link = (kv_sndlib_link){.tail = -1, .head = -1, .module_first = (int)s->n_modules};
    memset(s->given, 0, sizeof s->given);
    read_id(s, "link", s->link_ids);
}

static void begin_demand(kv_sndlib *s)
{
    s->demand = (kv_sndlib_demand){.from = -1, .to = -1};
    memset(s->given, 0, sizeof s->given);
    read_id(s, "demand", s->demand_ids);
}

static void begin_module(kv_sndlib *s)
{
    s->module = (kv_sndlib_module){0};
    s->given[KV_SNDLIB_MODULE_CAPACITY] = s->given[KV_SNDLIB_MODULE_COST] = 0;
}

void kv_sndlib_begin(kv_sndlib *s, int place)
{
    s->seen[place] = 1;
    switch (place) {
    case KV_SNDLIB_NODE: read_id(s, "node", s->node_ids); break;
    case KV_SNDLIB_LINK: begin_link(s); break;
    case KV_SNDLIB_MODULE: begin_module(s); break;
    case KV_SNDLIB_DEMAND: begin_demand(s); break;
    default: break;
    }
}

/* ---- leaves ---- */

/* A number from 0 on; 0, or -1 with a fault. amount: 1 = of flow. */
static int read_number(kv_sndlib *s, const char *name, int amount, double *value)
{
    char column[KV_SNDLIB_TEXT * 2];
    kv_words words = {.file = s->file, .messages = s->messages, .line = kv_sndlib_line(s)};
    kv_word word = {.text = s->text, .length = (size_t)s->text_length, .line = words.line};
    kv_word_rule rule = {column, 0, KV_BENCHMARK_MOST, 0, amount, 0};
    snprintf(column, sizeof column, "%s, %s", s->what, name);
    int result = kv_word_number(&words, &word, &rule, value);
    s->faults += words.faults;
    return result;
}

static void read_node(kv_sndlib *s, const char *name, int *node)
{
    *node = kv_pool_find(s->node_ids, s->text, (size_t)s->text_length);
    if (*node >= 0)
        return;
    char column[KV_SNDLIB_TEXT * 2], id[KV_SNDLIB_TEXT];
    snprintf(column, sizeof column, "%s, %s", s->what, name);
    snprintf(id, sizeof id, "%.*s", s->text_length, s->text);
    kv_sndlib_fault(s, column, id, "give the id of a node of this file", "there is no such node");
}

static void read_routing_unit(kv_sndlib *s)
{
    double unit = 1;
    if (read_number(s, "routingUnit", 0, &unit) == 0 && unit != 1)
        kv_sndlib_fault(s, s->what, NULL, "multiply the demand by it and write 1",
                        "routing units other than 1 are not read");
}

void kv_sndlib_value(kv_sndlib *s, int place)
{
    double cost = 0;
    while (s->text_length > 0 && (unsigned char)s->text[s->text_length - 1] <= ' ')
        s->text_length--;
    if (s->text_cut) {
        kv_sndlib_fault(s, s->what, NULL, NULL, "a value has more than %d bytes",
                        KV_SNDLIB_TEXT - 1);
        return;
    }
    if (s->given[place]) {
        kv_sndlib_fault(s, s->what, NULL, "leave one", "a value is given twice");
        return;
    }
    s->given[place] = 1;
    switch (place) {
    case KV_SNDLIB_LINK_SOURCE: read_node(s, "source", &s->link.tail); break;
    case KV_SNDLIB_LINK_TARGET: read_node(s, "target", &s->link.head); break;
    case KV_SNDLIB_ROUTING_COST: read_number(s, "routingCost", 0, &s->link.routing_cost); break;
    case KV_SNDLIB_SETUP_COST: read_number(s, "setupCost", 0, &s->link.setup_cost); break;
    case KV_SNDLIB_BASE_CAPACITY: read_number(s, "pre-installed capacity", 1, &s->link.base); break;
    case KV_SNDLIB_BASE_COST:
        read_number(s, "pre-installed cost", 0, &cost);
        s->base_cost += cost;
        break;
    case KV_SNDLIB_MODULE_CAPACITY:
        read_number(s, "module capacity", 1, &s->module.capacity);
        break;
    case KV_SNDLIB_MODULE_COST: read_number(s, "module cost", 0, &s->module.cost); break;
    case KV_SNDLIB_DEMAND_SOURCE: read_node(s, "source", &s->demand.from); break;
    case KV_SNDLIB_DEMAND_TARGET: read_node(s, "target", &s->demand.to); break;
    case KV_SNDLIB_ROUTING_UNIT: read_routing_unit(s); break;
    case KV_SNDLIB_DEMAND_VALUE: read_number(s, "demandValue", 1, &s->demand.value); break;
    case KV_SNDLIB_PATH_LENGTH: s->paths = 1; break;
    default: break;
    }
}

/* ---- elements that end ---- */

/* 1, or 0 with a fault when the leaf was not there. */
static int need(kv_sndlib *s, int place, const char *name)
{
    if (!s->given[place])
        kv_sndlib_fault(s, s->what, NULL, "add it", "%s is missing", name);
    return s->given[place] > 0;
}

static int both_ends(kv_sndlib *s, int source, int target, int from, int to)
{
    int there = need(s, source, "source");
    there &= need(s, target, "target");
    if (!there || from < 0 || to < 0)
        return 0;
    if (from == to)
        kv_sndlib_fault(s, s->what, NULL, "give two different nodes",
                        "source and target are the same node");
    return from != to;
}

/* Room for one more; the place of it, or NULL. */
static void *push(kv_sndlib *s, void **items, size_t *count, size_t *room, size_t size)
{
    if (*count >= INT_MAX - 1 || kv_reserve(items, room, *count + 1, size) != 0) {
        s->no_memory = 1;
        return NULL;
    }
    return (char *)*items + (*count)++ * size;
}

static void end_module(kv_sndlib *s)
{
    int there = need(s, KV_SNDLIB_MODULE_CAPACITY, "the capacity of a module");
    there &= need(s, KV_SNDLIB_MODULE_COST, "the cost of a module");
    if (!there)
        return;
    kv_sndlib_module *module =
        push(s, (void **)&s->modules, &s->n_modules, &s->room_modules, sizeof *module);
    if (module)
        *module = s->module;
}

static void end_link(kv_sndlib *s)
{
    both_ends(s, KV_SNDLIB_LINK_SOURCE, KV_SNDLIB_LINK_TARGET, s->link.tail, s->link.head);
    kv_sndlib_link *link = push(s, (void **)&s->links, &s->n_links, &s->room_links, sizeof *link);
    if (link)
        *link = s->link;
}

static void end_demand(kv_sndlib *s)
{
    both_ends(s, KV_SNDLIB_DEMAND_SOURCE, KV_SNDLIB_DEMAND_TARGET, s->demand.from, s->demand.to);
    need(s, KV_SNDLIB_DEMAND_VALUE, "demandValue");
    kv_sndlib_demand *demand =
        push(s, (void **)&s->demands, &s->n_demands, &s->room_demands, sizeof *demand);
    if (demand)
        *demand = s->demand;
}

void kv_sndlib_end(kv_sndlib *s, int place)
{
    switch (place) {
    case KV_SNDLIB_MODULE: end_module(s); break;
    case KV_SNDLIB_LINK: end_link(s); break;
    case KV_SNDLIB_DEMAND: end_demand(s); break;
    default: break;
    }
}

/* ---- into the benchmark ---- */

static char **copy_ids(const kv_pool *pool, int *count)
{
    char **ids = kv_alloc((size_t)kv_pool_count(pool), sizeof(char *));
    *count = 0;
    for (int i = 0; ids && i < kv_pool_count(pool); i++) {
        const char *id = kv_pool_text(pool, i);
        if (!(ids[i] = kv_strdup(id)))
            break;
        *count = i + 1;
    }
    return ids;
}

static int reserve(kv_benchmark *b, size_t links, size_t modules, size_t demands)
{
    b->link_tail = kv_alloc(links, sizeof(int));
    b->link_head = kv_alloc(links, sizeof(int));
    b->link_unit_cost = kv_alloc(links, sizeof(double));
    b->link_capacity = kv_alloc(links, sizeof(double));
    b->link_fixed_cost = kv_alloc(links, sizeof(double));
    b->module_first = kv_alloc(links + 1, sizeof(int));
    b->module_capacity = kv_alloc(modules, sizeof(double));
    b->module_cost = kv_alloc(modules, sizeof(double));
    b->demand_from = kv_alloc(demands, sizeof(int));
    b->demand_to = kv_alloc(demands, sizeof(int));
    b->demand = kv_alloc(demands, sizeof(double));
    return b->link_tail && b->link_head && b->link_unit_cost && b->link_capacity &&
                   b->link_fixed_cost && b->module_first && b->module_capacity && b->module_cost &&
                   b->demand_from && b->demand_to && b->demand
               ? 0
               : -1;
}

/* Without faults every id is there once, so that the pools are in the order of the elements. */
kv_status kv_sndlib_take(kv_sndlib *s, kv_benchmark *b)
{
    b->node_id = copy_ids(s->node_ids, &b->n_nodes);
    b->link_id = copy_ids(s->link_ids, &b->n_links);
    b->demand_id = copy_ids(s->demand_ids, &b->n_demands);
    if (!b->node_id || !b->link_id || !b->demand_id || b->n_nodes < kv_pool_count(s->node_ids) ||
        b->n_links < kv_pool_count(s->link_ids) || b->n_demands < kv_pool_count(s->demand_ids) ||
        reserve(b, s->n_links, s->n_modules, s->n_demands) != 0)
        return KV_ERR_MEMORY;
    for (size_t e = 0; e < s->n_links; e++) {
        b->link_tail[e] = s->links[e].tail;
        b->link_head[e] = s->links[e].head;
        b->link_unit_cost[e] = s->links[e].routing_cost;
        b->link_capacity[e] = s->links[e].base;
        b->link_fixed_cost[e] = s->links[e].setup_cost;
        b->module_first[e] = s->links[e].module_first;
    }
    b->sunk_cost = s->base_cost;
    b->module_first[s->n_links] = (int)s->n_modules;
    for (size_t i = 0; i < s->n_modules; i++) {
        b->module_capacity[i] = s->modules[i].capacity;
        b->module_cost[i] = s->modules[i].cost;
    }
    for (size_t k = 0; k < s->n_demands; k++) {
        b->demand_from[k] = s->demands[k].from;
        b->demand_to[k] = s->demands[k].to;
        b->demand[k] = s->demands[k].value;
    }
    return KV_OK;
}
