/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every LP code has to look at before it takes rows and columns. */
#ifndef KV_SOLVER_LP_ENTRIES_H
#define KV_SOLVER_LP_ENTRIES_H

#include <stddef.h>

#define KV_LP_NO_BOUND 1e30

/* Memory for finding an index given twice; start with {0}, end with kv_entries_clear. */
typedef struct kv_entries {
    int *seen; /* [size] the last stamp of each index */
    size_t size;
    int stamp;
} kv_entries;

void kv_entries_clear(kv_entries *entries);
/* Make room for indices below `size`. 0, or -1 (out of memory). */
int kv_entries_reserve(kv_entries *entries, size_t size);
/* 1 = all n indices lie in 0 .. size-1 (size as reserved or less), none twice, all values finite. */
int kv_entries_good(kv_entries *entries, int size, size_t n, const int *index, const double *value);
/* 1 = lower <= upper, both numbers, and at least one value between them is finite. */
int kv_bounds_good(double lower, double upper);

#endif
