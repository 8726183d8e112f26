/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a solve leaves in its folder: plan.json, the tables, the certificate and the summary. */
#ifndef KV_REPORTS_RESULT_H
#define KV_REPORTS_RESULT_H

#include "formulations/benchmark.h"
#include "formulations/build.h"
#include "solver/engine.h"

typedef struct kv_result {
    const kv_case *the_case;
    const kv_problem *problem;
    const kv_map *map;
    const kv_plan *plan;
    const kv_plan *do_nothing; /* may be NULL: not solved */
    const char *scenario;      /* name of the scenario, or "joint" */
    const char *engine;        /* name of the engine asked for; the plan's own name goes first */
    int threads;
    unsigned long seed;
    const kv_progress *progress; /* [n_progress], in the order of time */
    int n_progress;
    const kv_benchmark *benchmark; /* a benchmark file: the_case, map and scenario are NULL */
} kv_result;

/*
 * Write plan.json, all tables, certificate.json and summary.txt into `dir` (made if need be), each
 * file whole. docs/results.md says what is in them. A plan without a solution gives tables without
 * rows. Of a benchmark file: the files of docs/benchmarks.md. KV_OK, KV_ERR_IO, KV_ERR_MEMORY, KV_ERR_INTERNAL.
 */
kv_status kv_result_write(const kv_result *result, const char *dir, kv_messages *messages);

/* 1 = the plan has a design and flows. */
int kv_result_has_plan(const kv_result *result);

/* Name and hash of the case or the benchmark file. */
const char *kv_result_case_name(const kv_result *result);
uint64_t kv_result_case_hash(const kv_result *result);

/* Gaps, NaN where they have no meaning. (value - bound)/|value|, 0 where the two agree. */
double kv_gap(double objective, double bound);
/* (objective - bound)/(do_nothing - bound); NaN without do_nothing. */
double kv_decision_gap(double objective, double bound, double do_nothing);

/* "optimal", "feasible", "infeasible", "unbounded" or "no_plan". */
const char *kv_plan_status_name(const kv_plan *plan);

#endif
