/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers of benchmark files. The first byte chooses the options: bit 0 a capacity, bit 1 one
 * module a link, bit 2 commodities by pair, bit 3 that the rest is the topology of a scenario file
 * instead of the file, bit 4 a topology. What is read must become a problem that passes its check,
 * unless that would be large.
 */
#include "base/memory.h"
#include "fuzz/fuzz.h"
#include "support/benchmarks.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double largest = 1e6; /* flows of a problem that is still built */

static double flows_of(const kv_benchmark *b)
{
    double blocks = b->format == KV_BENCHMARK_SCENARIOS ? b->n_scenarios : 1;
    double networks = 2.0 * (b->n_links + b->n_nodes + 1.0) * b->n_demands * blocks;
    return networks + (double)b->n_facilities * b->n_customers;
}

static void build(const kv_benchmark *b)
{
    kv_problem *problem = NULL;
    if (flows_of(b) > largest)
        return;
    kv_messages *messages = kv_messages_create();
    kv_status status = kv_benchmark_build(b, &problem, messages);
    fuzz_must((status == KV_OK) == (problem != NULL), "a status without its problem");
    fuzz_must(status == KV_OK || (status == KV_ERR_INPUT && kv_messages_faults(messages) > 0),
              "what was read has no model");
    if (problem && kv_problem_check(problem, messages) != KV_OK)
        fuzz_must(0, kv_messages_get(messages, 0)->what);
    kv_messages_free(messages);
    kv_problem_free(problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kv_messages *messages = kv_messages_create();
    kv_benchmark *b = NULL;
    if (size == 0)
        goto out;
    const char *text = (const char *)data + 1, *topology = NULL;
    size_t length = size - 1, topology_length = 0;
    kv_benchmark_options options = SMALL_OPTIONS;
    options.capacity = data[0] & 1 ? 8 : 0;
    options.modules = data[0] & 2 ? KV_MODULES_ONE : -1;
    options.commodities = data[0] & 4 ? KV_COMMODITIES_PAIRS : -1;
    if (data[0] & 16) {
        topology = small_canad;
        topology_length = strlen(small_canad);
    }
    if (data[0] & 8) {
        topology = text;
        topology_length = length;
        text = small_scenarios;
        length = strlen(small_scenarios);
    }
    options.topology = topology ? "topology" : NULL;
    kv_status status = kv_benchmark_read_bytes(text, length, topology, topology_length, &options,
                                               "file", &b, messages);
    fuzz_must(status == KV_OK || status == KV_ERR_INPUT, "another status than done or faults");
    fuzz_must((status == KV_OK) == (b != NULL), "a benchmark with faults");
    fuzz_must((status == KV_OK) == (kv_messages_faults(messages) == 0), "faults with a benchmark");
    if (b)
        build(b);
    fuzz_messages(messages);
out:
    kv_benchmark_free(b);
    kv_messages_free(messages);
    return 0;
}
