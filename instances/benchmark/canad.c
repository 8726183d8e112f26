/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The `.dow` files of the Canad sets (Crainic, Frangioni, Gendron, Discrete Applied Mathematics 112,
 * 2001): a line `MULTIGEN.DAT:`, a line `nodes arcs commodities`, a line an arc: `from to unit_cost
 * capacity fixed_cost` and two numbers that mean nothing here, a line a commodity: `origin
 * destination demand`. Nodes are numbered from 1.
 */
#include "instances/benchmark/reader.h"

#include "base/memory.h"

#include <limits.h>

enum { SIZES = 3, ARC_FIELDS = 7, ARC_FIELDS_USED = 5, COMMODITY_FIELDS = 3 };

static const kv_word_rule sizes[SIZES] = {
    {"nodes", 1, INT_MAX - 1, 1, 0, 0},
    {"arcs", 0, INT_MAX - 1, 1, 0, 0},
    {"commodities", 1, INT_MAX - 1, 1, 0, 0},
};
static const kv_word_rule arc_numbers[] = {
    {"unit cost", 0, KV_BENCHMARK_MOST, 0, 0, 0},
    {"capacity", 0, KV_BENCHMARK_MOST, 0, 1, 0},
    {"fixed cost", 0, KV_BENCHMARK_MOST, 0, 0, 0},
};
static const kv_word_rule demand_number = {"demand", 0, KV_BENCHMARK_MOST, 0, 1, 0};

/* Gather the words of the current line; 0, or -1 with a fault if there are not `least` to `most`. */
static int gather(kv_words *words, const char *what, int least, int most, kv_word *found)
{
    int count = kv_words_count_in_line(words);
    if (count < least || count > most) {
        kv_words_fault(words, NULL, NULL, what, "there are %d numbers on this line, not %d", count,
                       most);
        return -1;
    }
    for (int i = 0; i < count; i++)
        kv_words_in_line(words, &found[i]);
    return 0;
}

static int read_node(kv_words *words, const kv_word *word, const char *name, int n_nodes, int *node)
{
    kv_word_rule rule = {name, 1, n_nodes, 1, 0, 0};
    if (kv_word_integer(words, word, &rule, node) != 0)
        return -1;
    *node -= 1;
    return 0;
}

/* Two different nodes. */
static void read_ends(kv_words *words, const kv_word *found, const char *const *names, int n_nodes,
                      int *from, int *to)
{
    int bad = read_node(words, &found[0], names[0], n_nodes, from);
    bad |= read_node(words, &found[1], names[1], n_nodes, to);
    if (!bad && *from == *to)
        kv_words_fault(words, &found[1], names[1], "give two different nodes",
                       "it is the same node as the %s", names[0]);
}

static void read_arc(kv_words *words, kv_benchmark *b, int a)
{
    static const char *const ends[] = {"from", "to"};
    kv_word found[ARC_FIELDS];
    double *const numbers[] = {&b->link_unit_cost[a], &b->link_capacity[a], &b->link_fixed_cost[a]};
    if (gather(words,
               "an arc has: from to unit_cost capacity fixed_cost and two numbers more that are "
               "not used",
               ARC_FIELDS_USED, ARC_FIELDS, found) != 0)
        return;
    read_ends(words, found, ends, b->n_nodes, &b->link_tail[a], &b->link_head[a]);
    for (int i = 0; i < 3; i++)
        kv_word_number(words, &found[2 + i], &arc_numbers[i], numbers[i]);
}

static void read_commodity(kv_words *words, kv_benchmark *b, int k)
{
    static const char *const ends[] = {"origin", "destination"};
    kv_word found[COMMODITY_FIELDS];
    if (gather(words, "a commodity has: origin destination demand", COMMODITY_FIELDS,
               COMMODITY_FIELDS, found) != 0)
        return;
    read_ends(words, found, ends, b->n_nodes, &b->demand_from[k], &b->demand_to[k]);
    kv_word_number(words, &found[2], &demand_number, &b->demand[k]);
}

static int read_head(kv_words *words, kv_benchmark *b)
{
    kv_word found[SIZES], extra;
    int *const counts[] = {&b->n_nodes, &b->n_links, &b->n_demands}, bad = 0;
    if (kv_words_line(words) && kv_words_in_line(words, &found[0]) &&
        kv_words_in_line(words, &extra))
        kv_words_fault(words, &extra, NULL, "take the rest of the first line away",
                       "there is more on the first line than MULTIGEN.DAT:");
    if (!kv_words_line(words)) {
        kv_words_fault(words, NULL, NULL, "add the line: nodes arcs commodities",
                       "the file ends before the line of its sizes");
        return -1;
    }
    if (gather(words, "the second line has: nodes arcs commodities", SIZES, SIZES, found) != 0)
        return -1;
    for (int i = 0; i < SIZES; i++)
        bad |= kv_word_integer(words, &found[i], &sizes[i], counts[i]);
    if (bad)
        return -1;
    /* No more is taken from memory than the file can fill. */
    for (int i = 0; i < SIZES; i++) {
        if ((size_t)*counts[i] > kv_words_left(words)) {
            kv_words_fault(words, &found[i], sizes[i].name, "check this number, or add the lines",
                           "the file is too short for so many");
            bad = -1;
        }
    }
    return bad;
}

static kv_status make_room(kv_benchmark *b)
{
    size_t arcs = (size_t)b->n_links, commodities = (size_t)b->n_demands;
    b->link_tail = kv_alloc(arcs, sizeof(int));
    b->link_head = kv_alloc(arcs, sizeof(int));
    b->link_unit_cost = kv_alloc(arcs, sizeof(double));
    b->link_capacity = kv_alloc(arcs, sizeof(double));
    b->link_fixed_cost = kv_alloc(arcs, sizeof(double));
    b->demand_from = kv_alloc(commodities, sizeof(int));
    b->demand_to = kv_alloc(commodities, sizeof(int));
    b->demand = kv_alloc(commodities, sizeof(double));
    return b->link_tail && b->link_head && b->link_unit_cost && b->link_capacity &&
                   b->link_fixed_cost && b->demand_from && b->demand_to && b->demand
               ? KV_OK
               : KV_ERR_MEMORY;
}

/* One line each of `count` things. */
static int read_lines(kv_words *words, kv_benchmark *b, int count, const char *things,
                      void (*read_one)(kv_words *, kv_benchmark *, int))
{
    for (int i = 0; i < count; i++) {
        if (!kv_words_line(words)) {
            kv_words_fault(words, NULL, NULL, "add the lines that are missing",
                           "the file ends after %d of %d %s", i, count, things);
            return -1;
        }
        read_one(words, b, i);
    }
    return 0;
}

kv_status kv_benchmark_read_canad(kv_words *words, kv_benchmark *b)
{
    if (read_head(words, b) != 0)
        return KV_ERR_INPUT;
    kv_status status = make_room(b);
    if (status != KV_OK)
        return status;
    if (read_lines(words, b, b->n_links, "arcs", read_arc) == 0 &&
        read_lines(words, b, b->n_demands, "commodities", read_commodity) == 0 &&
        kv_words_line(words))
        kv_words_fault(words, NULL, NULL, "take it away, or mend the sizes on the second line",
                       "the file goes on after its %d commodities", b->n_demands);
    return words->faults ? KV_ERR_INPUT : KV_OK;
}
