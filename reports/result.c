/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/result.h"

#include "base/file.h"
#include "reports/benchmark.h"
#include "reports/report.h"

#include <math.h>

typedef kv_status writer(const kv_report *report, const char *dir, kv_messages *messages);

static writer *const writers[] = {
    kv_report_plan_json, kv_report_investments, kv_report_flows,    kv_report_fleet,
    kv_report_unserved,  kv_report_sourcing,    kv_report_regional, kv_report_costs,
    kv_report_emissions, kv_report_budgets,     kv_report_access,   kv_report_certificate,
    kv_report_progress,  kv_report_summary,
};

int kv_result_has_plan(const kv_result *result)
{
    const kv_plan *plan = result->plan;
    return plan->design && plan->flow &&
           (plan->status == KV_PLAN_FEASIBLE || plan->status == KV_PLAN_OPTIMAL);
}

const char *kv_result_case_name(const kv_result *result)
{
    return result->benchmark ? result->benchmark->name : result->the_case->the_case.rows[0].name;
}

uint64_t kv_result_case_hash(const kv_result *result)
{
    return result->benchmark ? result->benchmark->hash : result->the_case->hash;
}

/* Engines write 1e30 for what they do not know. */
static int is_known(double value)
{
    return isfinite(value) && fabs(value) < 1e30;
}

double kv_gap(double objective, double bound)
{
    double difference = objective - bound;
    if (!is_known(objective) || !is_known(bound))
        return NAN;
    if (fabs(difference) <= 1e-12 * fmax(1, fabs(objective)))
        return 0;
    return objective == 0 ? (double)NAN : difference / fabs(objective);
}

double kv_decision_gap(double objective, double bound, double do_nothing)
{
    double difference = objective - bound, range = do_nothing - bound;
    if (!is_known(objective) || !is_known(bound) || !is_known(do_nothing))
        return NAN;
    if (fabs(difference) <= 1e-12 * fmax(1, fabs(objective)))
        return 0;
    return range > 0 ? difference / range : (double)NAN;
}

const char *kv_plan_status_name(const kv_plan *plan)
{
    switch (plan->status) {
    case KV_PLAN_OPTIMAL: return "optimal";
    case KV_PLAN_FEASIBLE: return "feasible";
    case KV_PLAN_INFEASIBLE: return "infeasible";
    case KV_PLAN_UNBOUNDED: return "unbounded";
    default: return "no_plan";
    }
}

kv_status kv_result_write(const kv_result *result, const char *dir, kv_messages *messages)
{
    kv_report report;
    if (result->benchmark)
        return kv_benchmark_result_write(result, dir, messages);
    kv_status status = kv_report_prepare(result, &report);
    if (status == KV_OK)
        status = kv_folder_make(dir, messages);
    for (size_t i = 0; i < sizeof writers / sizeof *writers && status == KV_OK; i++)
        status = writers[i](&report, dir, messages);
    kv_report_clear(&report);
    return status;
}
