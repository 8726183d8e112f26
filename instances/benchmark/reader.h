/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of the formats. Internal to instances/benchmark. */
#ifndef KV_INSTANCES_BENCHMARK_READER_H
#define KV_INSTANCES_BENCHMARK_READER_H

#include "instances/benchmark/benchmark.h"
#include "instances/benchmark/words.h"

/* Larger numbers are no amounts and no money. */
#define KV_BENCHMARK_MOST 1e15

/* Each fills the benchmark from words that were just started. KV_OK, KV_ERR_INPUT with faults,
 * KV_ERR_MEMORY; the caller frees the benchmark in any case. */
kv_status kv_benchmark_read_canad(kv_words *words, kv_benchmark *benchmark);

#endif
