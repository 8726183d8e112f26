/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random instances: the same from the same seed, of the size and ratios asked for, with a plan. */
#include "base/file.h"
#include "base/memory.h"
#include "instances/generate.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct instance {
    int nodes, arcs, commodities;
    int from[2000], to[2000], origin[1000], destination[1000];
    double cost[2000], capacity[2000], fixed[2000], demand[1000];
} instance;

static char *generate(int nodes, int arcs, int commodities, char fixed, char capacity,
                      uint64_t seed)
{
    kv_generate_parameters parameters = {nodes, arcs, commodities, fixed, capacity, seed};
    kv_text text = {0};
    cr_assert_eq(kv_generate(&parameters, &text, NULL), KV_OK);
    return text.data;
}

static void parse(const char *text, instance *out)
{
    char *at = NULL;
    cr_assert_eq(strncmp(text, "MULTIGEN.DAT:\n", 14), 0);
    out->nodes = (int)strtol(text + 14, &at, 10);
    out->arcs = (int)strtol(at, &at, 10);
    out->commodities = (int)strtol(at, &at, 10);
    for (int a = 0; a < out->arcs; a++) {
        out->from[a] = (int)strtol(at, &at, 10);
        out->to[a] = (int)strtol(at, &at, 10);
        out->cost[a] = strtod(at, &at);
        out->capacity[a] = strtod(at, &at);
        out->fixed[a] = strtod(at, &at);
        strtol(at, &at, 10);
        strtol(at, &at, 10);
    }
    for (int k = 0; k < out->commodities; k++) {
        out->origin[k] = (int)strtol(at, &at, 10);
        out->destination[k] = (int)strtol(at, &at, 10);
        out->demand[k] = strtod(at, &at);
    }
    cr_expect_str_eq(at, "\n", "nothing follows");
}

static instance now;

Test(tables_generate, size_and_shape)
{
    char *text = generate(20, 230, 40, 'V', 'L', 7);
    static char seen[21][21];
    parse(text, &now);
    cr_expect(now.nodes == 20 && now.arcs == 230 && now.commodities == 40);
    for (int a = 0; a < now.arcs; a++) {
        cr_expect(now.from[a] >= 1 && now.from[a] <= 20 && now.to[a] >= 1 && now.to[a] <= 20);
        cr_expect_neq(now.from[a], now.to[a]);
        cr_expect_eq(seen[now.from[a]][now.to[a]]++, 0, "no arc twice");
        cr_expect(now.cost[a] >= 5 && now.cost[a] <= 50);
        cr_expect(now.capacity[a] >= 1 && now.fixed[a] >= 1);
    }
    memset(seen, 0, sizeof seen);
    for (int k = 0; k < now.commodities; k++) {
        cr_expect_eq(seen[now.origin[k]][now.destination[k]]++, 0, "no pair twice");
        cr_expect_neq(now.origin[k], now.destination[k]);
        cr_expect(now.demand[k] >= 15 && now.demand[k] <= 75);
    }
    kv_free(text);
}

Test(tables_generate, ratios)
{
    static const struct {
        char fixed, capacity;
        double weight, tightness;
    } wanted[] = {{'V', 'L', 0.005, 0.04},
                  {'F', 'L', 0.015, 0.04},
                  {'V', 'T', 0.005, 0.06},
                  {'F', 'T', 0.015, 0.06}};
    for (int i = 0; i < 4; i++) {
        char *text = generate(30, 520, 100, wanted[i].fixed, wanted[i].capacity, 3);
        double demand = 0, cost = 0, fixed = 0, capacity = 0;
        parse(text, &now);
        for (int k = 0; k < now.commodities; k++)
            demand += now.demand[k];
        for (int a = 0; a < now.arcs; a++) {
            cost += now.cost[a];
            fixed += now.fixed[a];
            capacity += now.capacity[a];
        }
        cr_expect_float_eq(fixed / demand / cost / wanted[i].weight, 1, 0.02);
        cr_expect_float_eq(now.arcs * demand / capacity / (wanted[i].tightness * now.arcs), 1,
                           0.02);
        kv_free(text);
    }
}

Test(tables_generate, seeds)
{
    char *a = generate(10, 30, 10, 'F', 'T', 1), *b = generate(10, 30, 10, 'F', 'T', 1);
    char *c = generate(10, 30, 10, 'F', 'T', 2);
    cr_expect_str_eq(a, b);
    cr_expect_str_neq(a, c);
    kv_free(a);
    kv_free(b);
    kv_free(c);
}

/* By max-flow min-cut, what a single node sends or takes never exceeds its arcs; the whole is
 * checked by routing every commodity along paths of fewest arcs with room, as the header says. */
static double residual[2000];

static int route(int k)
{
    static int parent[64], queue[64];
    double left = now.demand[k];
    while (left > 0) {
        int head = 0, tail = 0;
        for (int v = 0; v <= now.nodes; v++)
            parent[v] = -1;
        queue[tail++] = now.origin[k];
        while (head < tail && parent[now.destination[k]] < 0) {
            int v = queue[head++];
            for (int a = 0; a < now.arcs; a++)
                if (now.from[a] == v && now.to[a] != now.origin[k] && parent[now.to[a]] < 0 &&
                    residual[a] > 0) {
                    parent[now.to[a]] = a;
                    queue[tail++] = now.to[a];
                }
        }
        if (parent[now.destination[k]] < 0)
            return 0;
        double amount = left;
        for (int v = now.destination[k]; v != now.origin[k]; v = now.from[parent[v]])
            amount = fmin(amount, residual[parent[v]]);
        for (int v = now.destination[k]; v != now.origin[k]; v = now.from[parent[v]])
            residual[parent[v]] -= amount;
        left -= amount;
    }
    return 1;
}

Test(tables_generate, a_plan_exists)
{
    static const int sizes[][3] = {{2, 2, 1},    {3, 6, 30},    {5, 8, 20},
                                   {12, 12, 40}, {20, 60, 200}, {30, 300, 100}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (uint64_t seed = 0; seed < 20; seed++) {
            char *text = generate(sizes[i][0], sizes[i][1], sizes[i][2], 'F', 'T', seed);
            parse(text, &now);
            memcpy(residual, now.capacity, sizeof residual);
            int routed = 0;
            for (int k = 0; k < now.commodities; k++)
                routed += route(k);
            cr_expect_eq(routed, now.commodities, "%d nodes, seed %d: %d of %d routed", now.nodes,
                         (int)seed, routed, now.commodities);
            kv_free(text);
        }
    }
}

Test(tables_generate, parameters_out_of_range)
{
    static const struct {
        kv_generate_parameters parameters;
        const char *text;
    } wrong[] = {
        {{1, 1, 1, 'F', 'T', 0}, "nodes: number of nodes out of range; give 2 to 10000 nodes"},
        {{5, 4, 1, 'F', 'T', 0},
         "arcs: number of arcs out of range; give as many arcs as nodes at least, nodes x (nodes - "
         "1) and 1000000 at most"},
        {{5, 21, 1, 'F', 'T', 0},
         "arcs: number of arcs out of range; give as many arcs as nodes at least, nodes x (nodes - "
         "1) and 1000000 at most"},
        {{5, 20, 0, 'F', 'T', 0},
         "commodities: number of commodities out of range; give 1 to 1000000 commodities"},
        {{5, 20, 1, 'X', 'T', 0},
         "fixed: neither F nor V; write F (fixed costs weigh more) or V (variable costs do)"},
        {{5, 20, 1, 'F', 'X', 0}, "capacity: neither T nor L; write T (tight) or L (loose)"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        kv_messages *messages = kv_messages_create();
        kv_text text = {0};
        cr_expect_eq(kv_generate(&wrong[i].parameters, &text, messages), KV_ERR_INPUT);
        cr_assert_eq(kv_messages_count(messages), 1);
        char *line = kv_message_text(kv_messages_get(messages, 0));
        cr_expect_str_eq(line, wrong[i].text);
        kv_free(line);
        kv_text_clear(&text);
        kv_messages_free(messages);
    }
}

Test(tables_generate, file)
{
    kv_generate_parameters parameters = {6, 12, 4, 'V', 'T', 9};
    const char *path = "/tmp/kvarken-generated.dow";
    char *data = NULL, *text = generate(6, 12, 4, 'V', 'T', 9);
    size_t length;
    cr_assert_eq(kv_generate_file(&parameters, path, NULL), KV_OK);
    cr_assert_eq(kv_file_read(path, &data, &length, NULL), KV_OK);
    cr_expect_str_eq(data, text);
    cr_expect_eq(kv_generate_file(&parameters, "/nowhere/at/all.dow", NULL), KV_ERR_IO);
    remove(path);
    kv_free(data);
    kv_free(text);
}
