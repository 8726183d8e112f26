/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/screening.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

kv_status kv_screening_create(kv_search *search, kv_splits *splits, kv_records *records,
                              kv_screening *screening)
{
    const kv_group_rows *g = &search->groups;
    *screening = (kv_screening){.search = search, .splits = splits, .records = records};
    if (g->n_base == 0)
        return KV_OK;
    screening->list =
        kv_alloc((size_t)g->n_groups + (size_t)g->problem.n_design, sizeof *screening->list);
    return screening->list ? kv_screen_create(g, &screening->screen) : KV_ERR_MEMORY;
}

void kv_screening_clear(kv_screening *screening)
{
    kv_screen_free(screening->screen);
    kv_free(screening->terms.design);
    kv_free(screening->list);
    memset(screening, 0, sizeof *screening);
}

kv_status kv_screening_record(kv_screening *screening, const kv_split *split, int up, int parent,
                              int *record)
{
    kv_branch branch;
    int group = split->design < 0 && up ? screening->search->groups.n_base + split->group : -1;
    kv_status status = kv_split_branch(screening->splits, split, up, &branch);
    if (status == KV_OK)
        status = kv_records_add(screening->records, parent, up, &branch, group, record);
    return status;
}

kv_status kv_screening_begin(kv_screening *screening, const kv_node *parent)
{
    kv_screening *c = screening;
    if (!c->screen || !c->search->has_incumbent)
        return KV_OK;
    const kv_record *record = &c->records->items[kv_records_vector(c->records, parent->record)];
    kv_free(c->terms.design);
    c->terms.design = NULL;
    kv_status status = kv_bound_terms_create(&c->search->groups.problem, record->vector, &c->terms);
    if (status == KV_OK)
        status = kv_screen_begin(c->screen, &c->terms, parent->bound, c->search->incumbent);
    if (status != KV_OK) {
        kv_free(c->terms.design);
        c->terms.design = NULL;
    }
    return status;
}

/* A side of a split that is closed is a leaf; the node goes to the other side. */
static kv_status go_on(kv_screening *c, const kv_split *split, int closed_side, double *rate,
                       kv_node *node)
{
    int leaf, parent = node->record;
    kv_status status = kv_screening_record(c, split, closed_side, parent, &leaf);
    if (status == KV_OK)
        status = kv_screening_record(c, split, !closed_side, parent, &node->record);
    if (status != KV_OK) {
        kv_free(rate);
        return status;
    }
    kv_records_rate(c->records, leaf, rate);
    kv_split_apply(c->splits, split, !closed_side, node);
    return kv_screen_set(c->screen, node->lower, node->upper, node->chosen);
}

/* Both sides of a split, the one that moves the design more first. */
static kv_status ask_split(kv_screening *c, const kv_split *split, kv_node *node)
{
    int first = split->value - floor(split->value) < 0.5;
    kv_status status = KV_OK;
    for (int i = 0; i < 2 && status == KV_OK; i++) {
        int up = i == 0 ? first : !first, closed = 0;
        double *rate = NULL;
        kv_branch branch;
        status = kv_split_branch(c->splits, split, up, &branch);
        if (status != KV_OK)
            return status;
        status = kv_screen_ask(c->screen, &branch, split->design < 0 && up ? split->group : -1,
                               &closed, &rate);
        kv_free(branch.design);
        if (closed)
            return go_on(c, split, up, rate, node);
    }
    return status;
}

kv_status kv_screening_ask(kv_screening *screening, kv_node *child, int *closed)
{
    kv_screening *c = screening;
    double *rate = NULL;
    *closed = 0;
    if (!c->screen || !c->terms.design)
        return KV_OK;
    kv_status status = kv_screen_set(c->screen, child->lower, child->upper, child->chosen);
    if (status == KV_OK)
        status = kv_screen_ask(c->screen, NULL, -1, closed, &rate);
    if (status != KV_OK)
        return status;
    if (*closed) {
        kv_records_rate(c->records, child->record, rate);
        return KV_OK;
    }
    int n = kv_splits_list(c->splits, child, c->list);
    for (int i = 0; i < n && status == KV_OK; i++)
        status = ask_split(c, &c->list[i], child);
    return status;
}
