/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of doubles whose error does not grow with their length (Neumaier 1974). */
#ifndef KV_BASE_SUM_H
#define KV_BASE_SUM_H

#include <math.h>

typedef struct kv_sum { /* 0 when zeroed */
    double value, lost;
} kv_sum;

static inline void kv_sum_add(kv_sum *sum, double term)
{
    double next = sum->value + term;
    sum->lost +=
        fabs(sum->value) >= fabs(term) ? (sum->value - next) + term : (term - next) + sum->value;
    sum->value = next;
}

static inline double kv_sum_total(const kv_sum *sum)
{
    return sum->value + sum->lost;
}

#endif
