/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/equations.h"

#include "base/memory.h"
#include "base/sum.h"

/* The entry of the variable that the row sets: of those that no earlier row holds the one in the
 * fewest equations. -1 = none. */
static int own_entry(const kv_problem *p, int row, const unsigned char *held, const int *uses)
{
    const kv_rows *rows = &p->side;
    int own = -1;
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++) {
        int j = rows->design[e];
        if (p->design_integer[j] || held[j] || rows->design_value[e] == 0)
            continue;
        if (own < 0 || uses[j] < uses[rows->design[own]])
            own = e;
    }
    return own;
}

static int counts(const kv_rows *rows, const unsigned char *drop, int row)
{
    return rows->sense[row] == 'E' && !(drop && drop[row]);
}

static void settle(const kv_problem *p, int row, int own, double *design)
{
    const kv_rows *rows = &p->side;
    int j = rows->design[own];
    kv_sum rest = {rows->rhs[row], 0};
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++)
        if (e != own)
            kv_sum_add(&rest, -rows->design_value[e] * design[rows->design[e]]);
    double value = kv_sum_total(&rest) / rows->design_value[own];
    if (value >= p->design_lower[j] && value <= p->design_upper[j])
        design[j] = value;
}

kv_status kv_equations_settle(const kv_problem *problem, const unsigned char *drop_side,
                              double *design)
{
    const kv_problem *p = problem;
    const kv_rows *rows = &p->side;
    unsigned char *held = kv_alloc((size_t)p->n_design, 1);
    int *uses = kv_alloc((size_t)p->n_design, sizeof *uses);
    kv_status status = held && uses ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < rows->count && status == KV_OK; i++)
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            uses[rows->design[e]] += counts(rows, drop_side, i);
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        if (!counts(rows, drop_side, i))
            continue;
        int own = own_entry(p, i, held, uses);
        if (own >= 0)
            settle(p, i, own, design);
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            held[rows->design[e]] = 1;
    }
    kv_free(held);
    kv_free(uses);
    return status;
}
