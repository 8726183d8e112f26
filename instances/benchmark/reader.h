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
/* `given`: the capacity that the file may leave open; 0 = not given. */
kv_status kv_benchmark_read_location(kv_words *words, double given, kv_benchmark *benchmark);
/* The topology has been read into the benchmark before. */
kv_status kv_benchmark_read_scenarios(kv_words *words, kv_benchmark *benchmark);

/* From the file's bytes. */
kv_status kv_benchmark_read_sndlib(const char *bytes, size_t length, const char *file,
                                   kv_messages *messages, kv_benchmark *benchmark);

#endif
