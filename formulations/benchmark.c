/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/benchmark.h"

#include "formulations/benchmark_parts.h"

kv_status kv_benchmark_build(const kv_benchmark *benchmark, kv_problem **problem,
                             kv_messages *messages)
{
    *problem = NULL;
    switch (benchmark->format) {
    case KV_BENCHMARK_CANAD: return kv_benchmark_build_network(benchmark, problem, messages);
    case KV_BENCHMARK_SCENARIOS: return kv_benchmark_build_network(benchmark, problem, messages);
    case KV_BENCHMARK_LOCATION: return kv_benchmark_build_location(benchmark, problem, messages);
    case KV_BENCHMARK_SNDLIB: return kv_benchmark_build_sndlib(benchmark, problem, messages);
    default: return KV_ERR_ARGUMENT;
    }
}

int kv_benchmark_has_do_nothing(const kv_benchmark *benchmark)
{
    return benchmark->format == KV_BENCHMARK_SCENARIOS;
}
