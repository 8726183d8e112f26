/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/fill.h"

#include <math.h>

typedef struct items {
    const double *use, *most;
    int *chosen;
    double *reduced, *ratio; /* r / use: the least first */
} items;

static int before(const items *s, int i, int j)
{
    return s->ratio[i] < s->ratio[j] || (s->ratio[i] == s->ratio[j] && s->chosen[i] < s->chosen[j]);
}

static void swap(items *s, int i, int j)
{
    int flow = s->chosen[i];
    double r = s->reduced[i], ratio = s->ratio[i];
    s->chosen[i] = s->chosen[j];
    s->reduced[i] = s->reduced[j];
    s->ratio[i] = s->ratio[j];
    s->chosen[j] = flow;
    s->reduced[j] = r;
    s->ratio[j] = ratio;
}

/* The middle one of three items. */
static int middle(const items *s, int i, int j, int k)
{
    if (before(s, i, j))
        return before(s, j, k) ? j : before(s, i, k) ? k : i;
    return before(s, i, k) ? i : before(s, j, k) ? k : j;
}

/* Put what comes before the pivot first; where the pivot is then. */
static int part(items *s, int low, int high)
{
    int store = low;
    swap(s, middle(s, low, low + (high - low) / 2, high), high);
    for (int i = low; i < high; i++)
        if (before(s, i, high))
            swap(s, i, store++);
    swap(s, store, high);
    return store;
}

/* The first item, in the order of worth, that does not fit whole; *left: what is left for it. */
static int critical(items *s, int n, double *left)
{
    int low = 0, high = n - 1;
    while (low < high) {
        int pivot = part(s, low, high);
        double used = 0.0;
        for (int i = low; i < pivot; i++)
            used += s->use[s->chosen[i]] * s->most[s->chosen[i]];
        if (used > *left) {
            high = pivot - 1;
            continue;
        }
        double with = used + s->use[s->chosen[pivot]] * s->most[s->chosen[pivot]];
        if (with > *left) {
            *left -= used;
            return pivot;
        }
        *left -= with;
        low = pivot + 1;
    }
    if (low == n) { /* they fit, but for rounding */
        *left = HUGE_VAL;
        return n - 1;
    }
    return low;
}

double kv_fill(const double *use, const double *most, double capacity, int *chosen, double *reduced,
               double *amount, int *n, double *price)
{
    items s = {use, most, chosen, reduced, amount};
    double left = capacity > 0.0 ? capacity : 0.0, value = 0.0;
    for (int i = 0; i < *n; i++)
        s.ratio[i] = use[chosen[i]] > 0.0 ? reduced[i] / use[chosen[i]] : -HUGE_VAL;
    int last = critical(&s, *n, &left);
    for (int i = 0; i < last; i++)
        amount[i] = most[chosen[i]];
    double each = use[chosen[last]], room = most[chosen[last]];
    amount[last] = each * room > left ? left / each : room;
    if (price)
        *price = each > 0.0 ? -reduced[last] / each : 0.0;
    *n = last + (amount[last] > 0.0);
    for (int i = 0; i < *n; i++)
        value += reduced[i] * amount[i];
    return value;
}
