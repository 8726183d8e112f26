/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/ways_graph.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

enum { NODES = 12, EDGES = 40 };

Test(ways, cheapest_way_forward_and_back)
{
    const int tail[] = {0, 0, 1, 2}, head[] = {1, 2, 2, 3};
    const double cost[] = {1, 5, 1, 1};
    kv_ways_graph graph;
    double distance[4] = {0, INFINITY, INFINITY, INFINITY};
    int via[4];
    cr_assert_eq(kv_ways_graph_create(4, 4, tail, head, &graph), KV_OK);
    kv_ways_graph_shortest(&graph, cost, 0, distance, via);
    cr_assert_eq(distance[3], 3);
    cr_assert_eq(via[3], 3);
    cr_assert_eq(via[2], 2);
    cr_assert_eq(via[0], -1);
    double back[4] = {INFINITY, INFINITY, INFINITY, 2};
    kv_ways_graph_shortest(&graph, cost, 1, back, via);
    cr_assert_eq(back[0], 5);
    cr_assert_eq(via[0], 0);
    kv_ways_graph_clear(&graph);
}

Test(ways, closed_edges_are_not_used)
{
    const int tail[] = {0}, head[] = {1};
    const double cost[] = {INFINITY};
    kv_ways_graph graph;
    double distance[2] = {0, INFINITY};
    int via[2];
    cr_assert_eq(kv_ways_graph_create(2, 1, tail, head, &graph), KV_OK);
    kv_ways_graph_shortest(&graph, cost, 0, distance, via);
    cr_assert(isinf(distance[1]));
    cr_assert_eq(via[1], -1);
    kv_ways_graph_clear(&graph);
}

/* Against Bellman and Ford on random graphs with several starts. */
Test(ways, agrees_with_repeated_relaxation)
{
    kv_random random;
    kv_random_seed(&random, 7);
    for (int round = 0; round < 200; round++) {
        int tail[EDGES], head[EDGES], via[NODES];
        double cost[EDGES], distance[NODES], slow[NODES];
        kv_ways_graph graph;
        for (int e = 0; e < EDGES; e++) {
            tail[e] = kv_random_integer(&random, 0, NODES - 1);
            head[e] = kv_random_integer(&random, 0, NODES - 1);
            cost[e] = kv_random_integer(&random, 0, 9) == 0 ? (double)INFINITY
                                                            : kv_random_integer(&random, 0, 20);
        }
        for (int v = 0; v < NODES; v++)
            distance[v] = slow[v] = v < 2 ? v : (double)INFINITY;
        for (int n = 0; n < NODES; n++) {
            for (int e = 0; e < EDGES; e++)
                slow[head[e]] = fmin(slow[head[e]], slow[tail[e]] + cost[e]);
        }
        cr_assert_eq(kv_ways_graph_create(NODES, EDGES, tail, head, &graph), KV_OK);
        kv_ways_graph_shortest(&graph, cost, 0, distance, via);
        for (int v = 0; v < NODES; v++) {
            cr_assert(distance[v] == slow[v] || (isinf(distance[v]) && isinf(slow[v])));
            if (via[v] >= 0)
                cr_assert_eq(head[via[v]], v);
        }
        kv_ways_graph_clear(&graph);
    }
}
