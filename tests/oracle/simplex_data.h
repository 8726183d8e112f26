/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests' linear programmes hold. */
#ifndef ORACLE_SIMPLEX_DATA_H
#define ORACLE_SIMPLEX_DATA_H

#include "oracle/simplex.h"

#include <stddef.h>

typedef struct oracle_entry {
    int row, column;
    double value;
} oracle_entry;

struct oracle_lp {
    int n_rows, n_columns;
    size_t n_entries, row_room[2], column_room[3], entry_room;
    double *row_lower, *row_upper;
    double *cost, *lower, *upper;
    oracle_entry *entries;
    double *value, *dual; /* of the last solution */
    double objective, error;
    long pivots;
};

/* The solution against the data given, independent of the tableau: sets lp->error. */
void oracle_lp_check(oracle_lp *lp);

#endif
