/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything of libkvarken, in the order in which data flows: tables -> case -> design problem ->
 * plan and bound -> reports.
 *
 *     kv_messages *messages = kv_messages_create();
 *     kv_case *the_case;                                  // instances/case.h
 *     kv_case_read("my-case", NULL, 0, &the_case, messages);
 *     kv_problem *problem; kv_map *map;                   // formulations/build.h
 *     kv_build_options options = {.scenario = -1, .budget_factor = 1};
 *     kv_build(the_case, &options, &problem, &map, messages);
 *     kv_limits limits; kv_plan *plan;                    // solver/engine.h
 *     kv_limits_default(&limits);
 *     kv_engine_find("auto", problem)->solve(problem, &limits, &plan, messages);
 *     kv_result result = {.the_case = the_case, .problem = problem, .map = map, .plan = plan, ...};
 *     kv_result_write(&result, "results", messages);      // reports/result.h
 */
#ifndef KV_REPORTS_KVARKEN_H
#define KV_REPORTS_KVARKEN_H

#include "base/clock.h"
#include "base/file.h"
#include "base/intern.h"
#include "base/memory.h"
#include "base/messages.h"
#include "base/options.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/status.h"
#include "base/text.h"
#include "base/version.h"

#include "instances/benchmark/benchmark.h"
#include "instances/case.h"
#include "instances/generate.h"
#include "instances/new.h"
#include "instances/schema.h"
#include "instances/select.h"

#include "formulations/benchmark.h"
#include "formulations/build.h"
#include "formulations/model.h"
#include "formulations/problem.h"

#include "solver/engine.h"
#include "solver/lp/lp.h"
#include "solver/sweep.h"
#include "solver/transfer.h"

#include "reports/checker/check.h"
#include "reports/columns.h"
#include "reports/frontier.h"
#include "reports/geojson.h"
#include "reports/result.h"

#endif
