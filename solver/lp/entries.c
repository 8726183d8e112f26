/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lp/entries.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <string.h>

void kv_entries_clear(kv_entries *entries)
{
    kv_free(entries->seen);
    memset(entries, 0, sizeof *entries);
}

int kv_entries_reserve(kv_entries *entries, size_t size)
{
    size_t old = entries->size;
    if (kv_reserve((void **)&entries->seen, &entries->size, size + 1, sizeof *entries->seen) != 0)
        return -1;
    memset(entries->seen + old, 0, (entries->size - old) * sizeof *entries->seen);
    return 0;
}

int kv_entries_good(kv_entries *entries, int size, size_t n, const int *index, const double *value)
{
    if (entries->stamp == INT_MAX) {
        memset(entries->seen, 0, entries->size * sizeof *entries->seen);
        entries->stamp = 0;
    }
    entries->stamp++;
    for (size_t e = 0; e < n; e++) {
        if (index[e] < 0 || index[e] >= size || !isfinite(value[e]))
            return 0;
        if (entries->seen[index[e]] == entries->stamp)
            return 0;
        entries->seen[index[e]] = entries->stamp;
    }
    return 1;
}

int kv_bounds_good(double lower, double upper)
{
    return !isnan(lower) && !isnan(upper) && lower <= upper && lower < KV_LP_NO_BOUND &&
           upper > -KV_LP_NO_BOUND;
}
