/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capacitated warehouse location of OR-Library (Beasley): `m n`; m times `capacity fixed_cost`; for
 * each of n customers its demand, then m costs of serving all of it from each warehouse. Line ends
 * mean nothing. The capacity may be the word `capacity`, which the reader's options then set.
 */
#include "instances/benchmark/reader.h"

#include "base/memory.h"

#include <limits.h>

static const kv_word_rule warehouses = {"warehouses", 1, INT_MAX - 1, 1, 0, 0};
static const kv_word_rule customers = {"customers", 1, INT_MAX - 1, 1, 0, 0};
static const kv_word_rule capacity = {"capacity", 0, KV_BENCHMARK_MOST, 0, 1, 0};
static const kv_word_rule fixed_cost = {"fixed cost", 0, KV_BENCHMARK_MOST, 0, 0, 0};
static const kv_word_rule demand = {"demand", 0, KV_BENCHMARK_MOST, 0, 1, 0};
static const kv_word_rule serving_cost = {"cost", 0, KV_BENCHMARK_MOST, 0, 0, 0};

static int read_head(kv_words *words, kv_benchmark *b)
{
    kv_word m, n;
    kv_words_next(words, &m); /* both are there: the file was known by them */
    kv_words_next(words, &n);
    int bad = kv_word_integer(words, &m, &warehouses, &b->n_facilities);
    bad |= kv_word_integer(words, &n, &customers, &b->n_customers);
    if (bad)
        return -1;
    if ((double)b->n_facilities * b->n_customers > (double)kv_words_left(words)) {
        kv_words_fault(words, NULL, NULL, "check the two numbers, or add what is missing",
                       "the file is too short for %d warehouses and %d customers", b->n_facilities,
                       b->n_customers);
        return -1;
    }
    return 0;
}

static kv_status make_room(kv_benchmark *b)
{
    size_t m = (size_t)b->n_facilities, n = (size_t)b->n_customers;
    b->facility_capacity = kv_alloc(m, sizeof(double));
    b->facility_cost = kv_alloc(m, sizeof(double));
    b->customer_demand = kv_alloc(n, sizeof(double));
    b->serving_cost = kv_alloc(m * n, sizeof(double));
    return b->facility_capacity && b->facility_cost && b->customer_demand && b->serving_cost
               ? KV_OK
               : KV_ERR_MEMORY;
}

/* The next number, whatever is wrong with it; -1 with a fault only where the file ends. */
static int next_number(kv_words *words, const kv_word_rule *rule, const char *things, int done,
                       int all, double *value)
{
    kv_word word;
    if (!kv_words_next(words, &word)) {
        kv_words_fault(words, NULL, NULL, "add the numbers that are missing",
                       "the file ends in %s %d of %d, before a %s", things, done + 1, all,
                       rule->name);
        return -1;
    }
    kv_word_number(words, &word, rule, value);
    return 0;
}

/* A number, or the word for one that the file leaves open. */
static int read_capacity(kv_words *words, kv_benchmark *b, double given, int i, int *open)
{
    kv_words before = *words;
    kv_word word;
    if (!kv_words_next(words, &word) || !kv_word_is(&word, "capacity")) {
        *words = before;
        return next_number(words, &capacity, "warehouse", i, b->n_facilities,
                           &b->facility_capacity[i]);
    }
    if (given <= 0 && !*open)
        kv_words_fault(words, &word, NULL, "set it with --capacity",
                       "the file leaves the capacity of its warehouses open");
    *open = 1;
    b->facility_capacity[i] = b->capacity_option = given;
    return 0;
}

static int read_facilities(kv_words *words, kv_benchmark *b, double given)
{
    int open = 0;
    for (int i = 0; i < b->n_facilities; i++) {
        if (read_capacity(words, b, given, i, &open) != 0 ||
            next_number(words, &fixed_cost, "warehouse", i, b->n_facilities,
                        &b->facility_cost[i]) != 0)
            return -1;
    }
    if (!open && given > 0)
        kv_words_fault(words, NULL, NULL, "leave the option out",
                       "the file has capacities of its own, so --capacity sets nothing");
    return 0;
}

static int read_customers(kv_words *words, kv_benchmark *b)
{
    int m = b->n_facilities, n = b->n_customers;
    for (int j = 0; j < n; j++) {
        double *cost = b->serving_cost + (size_t)j * (size_t)m;
        if (next_number(words, &demand, "customer", j, n, &b->customer_demand[j]) != 0)
            return -1;
        for (int i = 0; i < m; i++) {
            if (next_number(words, &serving_cost, "customer", j, n, &cost[i]) != 0)
                return -1;
        }
    }
    return 0;
}

kv_status kv_benchmark_read_location(kv_words *words, double given, kv_benchmark *b)
{
    kv_word extra;
    if (read_head(words, b) != 0)
        return KV_ERR_INPUT;
    kv_status status = make_room(b);
    if (status != KV_OK)
        return status;
    if (read_facilities(words, b, given) == 0 && read_customers(words, b) == 0 &&
        kv_words_next(words, &extra))
        kv_words_fault(words, &extra, NULL, "take it away, or mend the numbers on the first line",
                       "the file goes on after its %d customers", b->n_customers);
    return words->faults ? KV_ERR_INPUT : KV_OK;
}
