/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of runs.csv and summary.csv. */
#include "reports/bench/runs.h"

static const kv_report_column run_columns[] = {
    {"instance", NULL, "name in the list"},
    {"solver", NULL, "engine of ours as `kvarken-ENGINE`, or the other program"},
    {"formulation", NULL, "opening rows of the exported model: `strong` or `weak`; blank for ours"},
    {"version", NULL, "as the program says"},
    {"threads", NULL, "it was told to use; GLPK and SCIP use one"},
    {"limit_s", "s", "time limit it was given"},
    {"asked_gap", "share", "gap at which it was told to stop"},
    {"status", NULL,
     "`solved` within that gap (ours: certified), `limit`, `overran` (did not stop by itself and "
     "was ended), `infeasible` or `failed`"},
    {"to_5_percent_s", "s", "until its own gap was at most 5 %; blank = never"},
    {"to_2_percent_s", "s", "the same for 2 %"},
    {"to_1_percent_s", "s", "the same for 1 %"},
    {"to_0.1_percent_s", "s", "the same for 0.1 %"},
    {"to_asked_gap_s", "s", "the same for `asked_gap`"},
    {"primal", "money", "cost of its plan"},
    {"bound", "money", "its own bound"},
    {"gap", "share", "what its plan costs above its bound, as a share of that cost, as it claims"},
    {"certified_gap", "share", "ours: the gap by the bound of its certificate"},
    {"checked", NULL, "ours: `confirmed` or `refused` by `kvarken check`; blank without a plan"},
    {"check_s", "s", "time that check took"},
    {"best_known", "money", "cost of the best plan known, from the list"},
    {"primal_integral_s", "s", "integral of the primal gap over the time limit"},
    {"do_nothing", "money", "ours: cost of the plan in which nothing is built, where there is one"},
    {"decision_gap", "share",
     "of what could be saved over doing nothing, what the plan may still miss; ours: certified"},
    {"to_5_percent_decision_s", "s", "until that gap was at most 5 %; blank = never"},
    {"to_2_percent_decision_s", "s", "the same for 2 %"},
    {"seconds", "s", "by the clock, of the whole process"},
    {"cpu_s", "s", "of processor time, all threads"},
    {"peak_mb", "MB", "largest resident memory; 2^20 bytes"},
    {"nodes", NULL, "of its search tree"},
    {"note", NULL, "how it ended, where that is out of the ordinary"},
    {NULL, NULL, NULL}};

static const kv_report_column summary_columns[] = {
    {"solver", NULL, "as in runs.csv"},
    {"formulation", NULL,
     "`best`: the better of its formulations, figure by figure; else that formulation alone; blank "
     "for ours"},
    {"instances", NULL, "on which all solvers and formulations of the comparison have run"},
    {"solved", NULL, "of them, within the gap asked for"},
    {"to_1_percent_s", "s",
     "shifted geometric mean (shift 1 s) of the time to a gap of 1 %; the limit where it was not "
     "reached"},
    {"to_asked_gap_s", "s", "the same for the gap asked for"},
    {"mean_gap", "share", "at the end; ours: certified; at most 1, and 1 without a plan or bound"},
    {"max_gap", "share", "the largest of them"},
    {"primal_integral_s", "s", "mean of the primal integrals"},
    {"mean_peak_mb", "MB", "mean of the largest resident memories"},
    {"max_peak_mb", "MB", "the largest of them"},
    {"overran", NULL, "runs that had to be ended"},
    {"failed", NULL, "runs that failed, or whose plan `kvarken check` refused"},
    {NULL, NULL, NULL}};

const kv_report_table kv_bench_tables[] = {
    [KV_BENCH_RUNS_TABLE] =
        {"runs.csv", "`kvarken bench`: one row a run, in the order in which they were made.",
         run_columns},
    [KV_BENCH_SUMMARY_TABLE] = {"summary.csv", "`kvarken bench`: one row a solver and formulation.",
                                summary_columns},
    {NULL, NULL, NULL}};
