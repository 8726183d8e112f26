/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/forest.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Flows nearer to a bound, as a share of the commodity's largest, count as being there. */
static const double at_bound = 1e-6;

typedef struct candidate {
    double inside, reduced; /* distance from the nearer bound, 0 = at it */
    int flow;
} candidate;

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->inside != y->inside)
        return x->inside > y->inside ? -1 : 1;
    if (x->reduced != y->reduced)
        return x->reduced < y->reduced ? -1 : 1;
    return x->flow < y->flow ? -1 : 1;
}

static int find_root(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Two trees become one, and the balance of one root leaves the basis; `outside` has none. 0 = they
 * are one already. */
static int join(int *parent, int outside, int a, int b, unsigned char *basic_row)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a == b)
        return 0;
    int gone = b == outside ? a : b;
    parent[gone] = a == gone ? b : a;
    basic_row[gone] = 0;
    return 1;
}

/* Open flows of a commodity, those first that the forest is to hold; how many. */
static int list_candidates(const kv_problem *p, int commodity, const double *flow,
                           const double *upper, const double *reduced, candidate *list)
{
    int from = p->commodity_flow_first[commodity], to = p->commodity_flow_first[commodity + 1];
    int n = 0;
    double largest = 0;
    for (int f = from; f < to; f++)
        largest = fmax(largest, flow[f]);
    for (int f = from; f < to; f++) {
        double inside = fmin(flow[f], upper[f] - flow[f]);
        if (upper[f] > 0)
            list[n++] = (candidate){inside > at_bound * largest ? inside : 0, reduced[f], f};
    }
    if (n > 0)
        qsort(list, (size_t)n, sizeof(*list), compare_candidates);
    return n;
}

kv_status kv_forest_choose(const kv_problem *problem, const double *flow, const double *upper,
                           const double *reduced, unsigned char *basic_flow,
                           unsigned char *basic_row)
{
    const kv_problem *p = problem;
    int outside = p->n_balances;
    int *parent = kv_alloc((size_t)p->n_balances + 1, sizeof(int));
    candidate *list = kv_alloc((size_t)p->n_flows, sizeof(*list));
    kv_status status = parent && list ? KV_OK : KV_ERR_MEMORY;
    if (status != KV_OK)
        goto out;
    memset(basic_flow, 0, (size_t)p->n_flows);
    memset(basic_row, 1, (size_t)p->n_balances);
    for (int i = 0; i <= p->n_balances; i++)
        parent[i] = i;
    for (int c = 0; c < p->n_commodities; c++) {
        int n = list_candidates(p, c, flow, upper, reduced, list);
        for (int i = 0; i < n; i++) {
            int f = list[i].flow, tail = p->flow_tail_row[f], head = p->flow_head_row[f];
            basic_flow[f] = (unsigned char)join(parent, outside, tail >= 0 ? tail : outside,
                                                head >= 0 ? head : outside, basic_row);
        }
    }
out:
    kv_free(parent);
    kv_free(list);
    return status;
}
