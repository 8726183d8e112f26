/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/path_costs.h"

#include <math.h>

typedef struct net { /* the flows of one commodity */
    int first, count, row;
    const kv_problem *problem;
    const double *reduced;
    const unsigned char *open;
} net;

static double cost(const net *n, int f)
{
    return n->reduced[f] > 0.0 ? n->reduced[f] : 0.0;
}

static int tail_of(const net *n, int f)
{
    int row = n->problem->flow_tail_row[n->first + f];
    return row < 0 ? -1 : row - n->row;
}

static int head_of(const net *n, int f)
{
    int row = n->problem->flow_head_row[n->first + f];
    return row < 0 ? -1 : row - n->row;
}

/* Distances along the arcs (or against them) until nothing gets shorter (Bellman and Ford). */
static void spread(const net *n, int backwards, double *distance)
{
    for (int changed = 1; changed;) {
        changed = 0;
        for (int f = 0; f < n->count; f++) {
            int from = backwards ? head_of(n, f) : tail_of(n, f);
            int to = backwards ? tail_of(n, f) : head_of(n, f);
            if (!n->open[f] || to < 0)
                continue;
            double length = (from < 0 ? 0.0 : distance[from]) + cost(n, f);
            if (length < distance[to]) {
                distance[to] = length;
                changed = 1;
            }
        }
    }
}

/* Distances between all nodes (Floyd and Warshall): between[from * rows + to]. */
static void spread_all(const net *n, int rows, double *between)
{
    for (int i = 0; i < rows * rows; i++)
        between[i] = i % (rows + 1) == 0 ? 0.0 : HUGE_VAL;
    for (int f = 0; f < n->count; f++) {
        int tail = tail_of(n, f), head = head_of(n, f);
        if (n->open[f] && tail >= 0 && head >= 0)
            between[tail * rows + head] = fmin(between[tail * rows + head], cost(n, f));
    }
    for (int via = 0; via < rows; via++)
        for (int from = 0; from < rows; from++)
            for (int to = 0; to < rows && between[from * rows + via] < HUGE_VAL; to++)
                between[from * rows + to] =
                    fmin(between[from * rows + to],
                         between[from * rows + via] + between[via * rows + to]);
}

/* What the way back from head to tail is at least worth. */
static double way_back(const double *from_source, const double *to_sink, const double *between,
                       int rows, int tail, int head)
{
    double least = 0.0;
    if (tail < 0 || head < 0)
        return HUGE_VAL; /* no cycle passes an arc without a row at an end */
    if (between)
        return between[head * rows + tail];
    if (isfinite(from_source[head]))
        least = fmax(least, from_source[tail] - from_source[head]);
    if (isfinite(to_sink[tail]))
        least = fmax(least, to_sink[head] - to_sink[tail]);
    return least;
}

size_t kv_path_room(int rows)
{
    size_t n = (size_t)rows;
    return rows <= KV_PATH_NODES ? 2 * n + n * n : 2 * n;
}

void kv_path_costs(const kv_problem *problem, int block, int commodity, const double *reduced,
                   const unsigned char *open, double *room, double *least)
{
    const kv_problem *p = problem;
    net n = {.first = p->commodity_flow_first[commodity],
             .count = p->commodity_flow_first[commodity + 1] - p->commodity_flow_first[commodity],
             .row = p->commodity_balance_first[commodity],
             .problem = p,
             .reduced = reduced,
             .open = open};
    int rows = p->commodity_balance_first[commodity + 1] - n.row;
    const double *balance = p->balance + (size_t)block * (size_t)p->n_balances + (size_t)n.row;
    double *from_source = room, *to_sink = room + rows;
    double *between = rows <= KV_PATH_NODES ? room + 2 * rows : NULL;
    for (int v = 0; v < rows; v++) {
        from_source[v] = balance[v] > 0.0 ? 0.0 : HUGE_VAL;
        to_sink[v] = balance[v] < 0.0 ? 0.0 : HUGE_VAL;
    }
    spread(&n, 0, from_source);
    spread(&n, 1, to_sink);
    if (between)
        spread_all(&n, rows, between);
    for (int f = 0; f < n.count; f++) {
        int tail = tail_of(&n, f), head = head_of(&n, f);
        if (!open[f]) {
            least[f] = HUGE_VAL;
            continue;
        }
        double path =
            cost(&n, f) + (tail < 0 ? 0.0 : from_source[tail]) + (head < 0 ? 0.0 : to_sink[head]);
        double back = way_back(from_source, to_sink, between, rows, tail, head);
        least[f] = fmin(path, cost(&n, f) + back);
    }
}
