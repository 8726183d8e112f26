/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/memory.h"
#include "oracle/simplex_data.h"

#include <math.h>

static void worse(double *error, double violation, double size)
{
    double relative = violation / fmax(1, fabs(size));
    *error = relative > *error ? relative : *error;
}

/* Add the dual objective's part of one variable with reduced cost d. */
static double dual_part(double d, double lower, double upper, double size, double *error)
{
    double bound = d > 0 ? lower : upper;
    if (isfinite(bound)) {
        return d * bound;
    }
    worse(error, fabs(d), size);
    return 0;
}

void oracle_lp_check(oracle_lp *lp)
{
    double *activity = oracle_alloc((size_t)lp->n_rows + 1, sizeof(double));
    double *size = oracle_alloc((size_t)lp->n_rows + 1, sizeof(double));
    double *reduced = oracle_alloc((size_t)lp->n_columns + 1, sizeof(double));
    double dual = 0, error = 0, largest = 0;
    for (int j = 0; j < lp->n_columns; j++) {
        reduced[j] = lp->cost[j];
        largest = fmax(largest, fabs(lp->cost[j]));
        worse(&error, lp->lower[j] - lp->value[j], lp->lower[j]);
        worse(&error, lp->value[j] - lp->upper[j], lp->upper[j]);
    }
    for (size_t e = 0; e < lp->n_entries; e++) {
        const oracle_entry *at = &lp->entries[e];
        double term = at->value * lp->value[at->column];
        activity[at->row] += term;
        size[at->row] = fmax(size[at->row], fabs(term));
        reduced[at->column] -= at->value * lp->dual[at->row];
    }
    for (int i = 0; i < lp->n_rows; i++) {
        worse(&error, lp->row_lower[i] - activity[i], size[i]);
        worse(&error, activity[i] - lp->row_upper[i], size[i]);
        dual += dual_part(lp->dual[i], lp->row_lower[i], lp->row_upper[i], largest, &error);
    }
    for (int j = 0; j < lp->n_columns; j++) {
        if (fabs(reduced[j]) > 1e-12 * largest || isfinite(lp->lower[j] + lp->upper[j])) {
            dual += dual_part(reduced[j], lp->lower[j], lp->upper[j], largest, &error);
        }
    }
    worse(&error, fabs(lp->objective - dual), lp->objective);
    lp->error = error;
    kv_free(activity);
    kv_free(size);
    kv_free(reduced);
}
