/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the case as sums over variables, for derivations of cuts. */
#include "reports/checker/cuts.h"
#include "reports/checker/figures.h"

#include <string.h>

/* ---- sparse sums ---- */

void kvc_form_make(kvc_world *world, kvc_form *form)
{
    *form = (kvc_form){.rhs = kvc_numbers(world->arena, 1)};
}

static size_t slot_of(const kvc_form *form, long variable)
{
    size_t slot = ((size_t)variable * 0x9e3779b97f4a7c15u >> 20) & (form->room - 1);
    while (form->slot[slot] &&
           KVC_AT(kvc_term, form->term, form->slot[slot] - 1).variable != variable)
        slot = (slot + 1) & (form->room - 1);
    return slot;
}

static void grow(kvc_world *w, kvc_form *form)
{
    form->room = form->room ? 2 * form->room : 16;
    form->slot = kvc_alloc(w->arena, form->room, sizeof(int));
    for (int i = 0; i < form->term.count; i++)
        form->slot[slot_of(form, KVC_AT(kvc_term, form->term, i).variable)] = i + 1;
}

mpq_t *kvc_form_at(kvc_world *world, kvc_form *form, long variable)
{
    if (2 * (size_t)form->term.count >= form->room)
        grow(world, form);
    const size_t slot = slot_of(form, variable);
    if (!form->slot[slot]) {
        kvc_term *term = kvc_push(world->arena, &form->term, sizeof *term);
        *term = (kvc_term){variable, kvc_numbers(world->arena, 1)};
        form->slot[slot] = form->term.count;
    }
    return KVC_AT(kvc_term, form->term, form->slot[slot] - 1).value;
}

/* ---- variables ---- */

static long flow_variable(const kvc_world *w, int block, int flow)
{
    return w->design.count + (long)block * w->flow.count + flow;
}

long kvc_variable_find(const kvc_world *world, const char *name)
{
    int block, flow;
    if (strncmp(name, "y:", 2) == 0)
        return kvc_find(world->design_names, name + 2);
    if (strncmp(name, "x:", 2) == 0 && kvc_flow_find(world, name + 2, &block, &flow) == 0)
        return flow_variable(world, block, flow);
    return -1;
}

/* The numbers of a block, made when they are first asked for. */
static const kvc_block *block_of(kvc_world *w, int block)
{
    if (!w->blocks)
        w->blocks = kvc_alloc(w->arena, (size_t)w->n_blocks, sizeof(kvc_block *));
    if (!w->blocks[block]) {
        w->blocks[block] = kvc_alloc(w->arena, 1, sizeof(kvc_block));
        kvc_block_make(w, block, w->blocks[block]);
    }
    return w->blocks[block];
}

int kvc_variable_integer(const kvc_world *world, long variable)
{
    return variable < world->design.count &&
           KVC_AT(kvc_design, world->design, (int)variable).integer;
}

void kvc_variable_box(kvc_world *world, long variable, mpq_t lower, mpq_t upper)
{
    kvc_world *w = world;
    if (variable < w->design.count) {
        mpq_set(lower, w->lower[variable]);
        mpq_set(upper, w->upper[variable]);
        if (kvc_variable_integer(w, variable)) {
            kvc_ceil(lower);
            kvc_floor(upper);
        }
        return;
    }
    const long at = variable - w->design.count;
    const int block = (int)(at / w->flow.count), flow = (int)(at % w->flow.count);
    mpq_set_ui(lower, 0, 1);
    kvc_from_amount(upper, kvc_ceiling(block_of(w, block), flow));
}

/* ---- rows ---- */

typedef struct adding {
    kvc_world *w;
    kvc_form *form;
    mpq_t *factor; /* of what designs get, negative */
} adding;

static void take_design(void *context, int design)
{
    const adding *a = context;
    mpq_t *value = kvc_form_at(a->w, a->form, design);
    mpq_sub(*value, *value, *a->factor);
}

static void take_supply(void *context, int design, const mpq_t amount)
{
    const adding *a = context;
    mpq_t *value = kvc_form_at(a->w, a->form, design);
    mpq_sub(*value, *value, amount);
}

static void side_row(kvc_world *w, int i, kvc_form *form, int *dropped)
{
    const kvc_row *row = &KVC_AT(kvc_row, w->side, i);
    for (int e = row->first; e < row->first + row->count; e++) {
        const kvc_entry *entry = &KVC_AT(kvc_entry, w->side_entry, e);
        mpq_t *value = kvc_form_at(w, form, entry->design);
        mpq_add(*value, *value, *entry->value);
    }
    mpq_set(*form->rhs, *row->rhs);
    form->equation = row->sense == 'E';
    *dropped |= row->dropped;
}

static void balance_row(kvc_world *w, int block, int row, kvc_form *form)
{
    const kvc_good *good = &KVC_AT(kvc_good, w->good, w->row_good[row]);
    for (int f = good->flow_first; f < good->flow_first + good->flow_count; f++) {
        const kvc_flow *flow = &KVC_AT(kvc_flow, w->flow, f);
        if (flow->tail_row == row)
            mpq_set_si(*kvc_form_at(w, form, flow_variable(w, block, f)), 1, 1);
        else if (flow->head_row == row)
            mpq_set_si(*kvc_form_at(w, form, flow_variable(w, block, f)), -1, 1);
    }
    mpq_set(*form->rhs, w->balance[(size_t)block * (size_t)w->n_rows + (size_t)row]);
    form->equation = 1;
}

static int resource_row(kvc_world *w, int block, int resource, kvc_form *form)
{
    const kvc_block *numbers = block_of(w, block);
    const size_t at = (size_t)block * (size_t)w->resource.count + (size_t)resource;
    adding a = {.w = w, .form = form};
    mpq_t *t = kvc_numbers(w->arena, 1);
    if (!w->limited[at])
        return -1;
    for (int f = 0; f < w->flow.count; f++) {
        const kvc_flow *flow = &KVC_AT(kvc_flow, w->flow, f);
        for (int i = w->use_first[flow->arc]; i < w->use_first[flow->arc + 1]; i++) {
            if (KVC_AT(kvc_use, w->use, i).resource != resource)
                continue;
            kvc_use_of(numbers, i, flow->tail_row < 0, *t);
            mpq_t *value = kvc_form_at(w, form, flow_variable(w, block, f));
            mpq_add(*value, *value, *t);
        }
    }
    kvc_supplies(w, block, resource, take_supply, &a);
    mpq_set(*form->rhs, w->base[at]);
    return 0;
}

/* x <= m sum y of one flow. The row of a whole arc is none that a cut can be derived from. */
static int opening_row(kvc_world *w, const kvc_row_name *name, kvc_form *form)
{
    adding a = {w, form, kvc_numbers(w->arena, 1)};
    if (name->flow < 0)
        return -1;
    mpq_set_ui(*kvc_form_at(w, form, flow_variable(w, name->block, name->flow)), 1, 1);
    kvc_from_amount(*a.factor, kvc_ceiling(block_of(w, name->block), name->flow));
    kvc_opening_starts(w, KVC_AT(kvc_arc, w->arc, name->arc).set_first + name->set, name->block,
                       take_design, &a);
    return 0;
}

/* "upper:VARIABLE" or "lower:VARIABLE". */
static int box_row(kvc_world *w, const char *name, kvc_form *form)
{
    const int upper = strncmp(name, "upper:", 6) == 0;
    const long variable = kvc_variable_find(w, name + 6);
    mpq_t *t = kvc_numbers(w->arena, 2);
    if (variable < 0)
        return -1;
    kvc_variable_box(w, variable, t[0], t[1]);
    mpq_set_si(*kvc_form_at(w, form, variable), upper ? 1 : -1, 1);
    if (upper)
        mpq_set(*form->rhs, t[1]);
    else
        mpq_neg(*form->rhs, t[0]);
    return 0;
}

int kvc_form_row(kvc_world *world, const char *name, kvc_form *form, int *dropped)
{
    kvc_row_name row;
    kvc_form_make(world, form);
    if (strncmp(name, "upper:", 6) == 0 || strncmp(name, "lower:", 6) == 0)
        return box_row(world, name, form);
    if (kvc_row_find(world, name, &row) != 0)
        return -1;
    switch (row.kind) {
    case 's': side_row(world, row.row, form, dropped); return 0;
    case 'f': balance_row(world, row.block, row.row, form); return 0;
    case 'r': return resource_row(world, row.block, row.row, form);
    case 'o': return opening_row(world, &row, form);
    default: return -1;
    }
}
