/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other solvers print: parts of real logs, and what is read in them. */
#include "reports/bench/log.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* A line, and when it came. */
typedef struct said {
    double seconds;
    const char *line;
} said;

static kv_log read_log(kv_log_reader *reader, const said *lines, double end)
{
    kv_log log;
    kv_log_begin(&log);
    for (; lines->line; lines++)
        reader(&log, lines->line, lines->seconds);
    kv_log_end(&log, end);
    return log;
}

static void expect_trace(const kv_log *log, const kv_trace_point *points, size_t n)
{
    cr_assert_eq(log->trace.count, n, "%zu points, not %zu", log->trace.count, n);
    for (size_t i = 0; i < n; i++) {
        const kv_trace_point *at = &log->trace.point[i], *due = &points[i];
        cr_assert_eq(at->seconds, due->seconds, "point %zu at %g s", i, at->seconds);
        cr_assert(at->primal == due->primal || (isnan(at->primal) && isnan(due->primal)),
                  "point %zu has the plan %.10g", i, at->primal);
        cr_assert(at->bound == due->bound || (isnan(at->bound) && isnan(due->bound)),
                  "point %zu has the bound %.10g", i, at->bound);
    }
}

#define EXPECT_TRACE(log, ...)                                                                     \
    do {                                                                                           \
        const kv_trace_point due[] = {__VA_ARGS__};                                                \
        expect_trace(log, due, sizeof due / sizeof *due);                                          \
    } while (0)

/* ---- CBC 2.10.8 ---- */

static const said cbc_solved[] = {
    {0.02, "Welcome to the CBC MILP Solver "},
    {0.02, "Version: 2.10.8 "},
    {0.02, "Build Date: May  9 2022 "},
    {0.31, "Continuous objective value is 378623 - 0.02 seconds"},
    {0.40, "Cbc0038I Initial state - 46 integers unsatisfied sum - 9.2873"},
    {1.02, "Cbc0038I Solution found of 735230"},
    {1.05, "Cbc0038I Relaxing continuous gives 705637"},
    {1.06, "Cbc0038I Rounding solution of 592710 is better than previous of 705637"},
    {1.07, ""},
    {1.20,
     "Cbc0038I Before mini branch and bound, 156 integers at bound fixed and 8753 continuous"},
    {1.70, "Cbc0038I Mini branch and bound improved solution from 592710 to 432266 (1.54 seconds)"},
    {1.80, "Cbc0038I Freeing continuous variables gives a solution of 430787"},
    {1.81, "Cbc0038I Round again with cutoff of 425571"},
    {4.50, "Cbc0012I Integer solution of 426548 found by feasibility pump after 0 iterations and 0 "
           "nodes (4.42 seconds)"},
    {5.30, "Cbc0013I At root node, 82 cuts changed objective from 378623.49 to 423620.44 in 11 "
           "passes"},
    {5.41, "Cbc0010I After 0 nodes, 1 on tree, 426468 best solution, best possible 423620.44 (5.32 "
           "seconds)"},
    {5.50,
     "Cbc0012I Integer solution of 423848 found by DiveCoefficient after 332 iterations and 1 "
     "nodes (5.47 seconds)"},
    {5.80,
     "Cbc0001I Search completed - best objective 423848, took 466 iterations and 4 nodes (5.68 "
     "seconds)"},
    {5.80, "Cuts at root node changed objective from 378623 to 423620"},
    {5.80, "Result - Optimal solution found"},
    {5.80, "Objective value:                423848.00000000"},
    {5.80, "Enumerated nodes:               4"},
    {5.80, "Total iterations:               466"},
    {5.80, "Time (Wallclock seconds):       5.77"},
    {0, NULL},
};

Test(bench_logs, cbc_that_proves_its_plan)
{
    kv_log log = read_log(kv_log_cbc, cbc_solved, 5.9);
    cr_assert_str_eq(log.version, "2.10.8");
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    cr_assert_eq(log.nodes, 4);
    cr_assert_eq(log.primal, 423848);
    cr_assert_eq(log.bound, 423848);
    EXPECT_TRACE(&log, {0.31, NAN, 378623}, {1.02, 735230, 378623}, {1.05, 705637, 378623},
                 {1.06, 592710, 378623}, {1.54, 432266, 378623}, {1.80, 430787, 378623},
                 {4.42, 426548, 378623}, {5.30, 426548, 423620.44}, {5.32, 426468, 423620.44},
                 {5.47, 423848, 423620.44}, {5.68, 423848, 423848});
    kv_log_clear(&log);
}

static const said cbc_stopped[] = {
    {0.3, "Continuous objective value is 378623 - 0.02 seconds"},
    {1.2, "Cbc0012I Integer solution of 569228 found by feasibility pump after 0 iterations and 0 "
          "nodes (1.00 seconds)"},
    {1.2, "Cbc0020I Exiting on maximum time"},
    {1.2, "Cbc0005I Partial search - best objective 569228 (best possible 378623.49), took 0 "
          "iterations and 0 nodes (1.06 seconds)"},
    {1.2, "Result - Stopped on time limit"},
    {1.2, "Objective value:                569228.00000000"},
    {1.2, "Lower bound:                    378623.491"},
    {1.2, "Gap:                            0.50"},
    {1.2, "Enumerated nodes:               0"},
    {0, NULL},
};

Test(bench_logs, cbc_at_its_limit)
{
    kv_log log = read_log(kv_log_cbc, cbc_stopped, 1.3);
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert_eq(log.nodes, 0);
    cr_assert_eq(log.primal, 569228);
    cr_assert_eq(log.bound, 378623.491);
    kv_log_clear(&log);
}

/* "Optimal" within a gap proves no more than the bound that follows. */
static const said cbc_within_gap[] = {
    {5.2, "Cbc0011I Exiting as integer gap of 2847.5642 less than 1e-10 or 5%"},
    {5.2,
     "Cbc0001I Search completed - best objective 426468, took 311 iterations and 0 nodes (5.13 "
     "seconds)"},
    {5.2, "Result - Optimal solution found (within gap tolerance)"},
    {5.2, "Objective value:                426468.00000000"},
    {5.2, "Lower bound:                    423620.436"},
    {0, NULL},
};

Test(bench_logs, cbc_within_the_gap_asked_for)
{
    kv_log log = read_log(kv_log_cbc, cbc_within_gap, 5.3);
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    cr_assert_eq(log.primal, 426468);
    cr_assert_eq(log.bound, 423620.436);
    kv_log_clear(&log);
}

static const said cbc_without_plan[] = {
    {0.3, "Continuous objective value is 378623 - 0.02 seconds"},
    {0.4, "Cbc0038I Solution found of 400000"},
    {0.4, "Cbc0005I Partial search - best objective 1e+50 (best possible 378623.49), took 0 "
          "iterations and 0 nodes (0.27 seconds)"},
    {0.4, "Result - Stopped on time limit"},
    {0.4, "No feasible solution found"},
    {0.4, "Lower bound:                    378623.491"},
    {0, NULL},
};

Test(bench_logs, cbc_without_a_plan)
{
    kv_log log = read_log(kv_log_cbc, cbc_without_plan, 0.5);
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert(isnan(log.primal));
    cr_assert_eq(log.bound, 378623.491);
    EXPECT_TRACE(&log, {0.27, NAN, 378623.49}, {0.4, NAN, 378623.491});
    kv_log_clear(&log);
}

Test(bench_logs, cbc_that_finds_no_way)
{
    const said lines[] = {{0.1, "Result - Problem proven infeasible"}, {0, NULL}};
    kv_log log = read_log(kv_log_cbc, lines, 0.2);
    cr_assert_eq(log.outcome, KV_LOG_INFEASIBLE);
    cr_assert_eq(log.trace.count, 0);
    cr_assert_eq(log.nodes, -1);
    kv_log_clear(&log);
}

/* Ended from outside: what it said until then counts. */
Test(bench_logs, cbc_that_was_ended)
{
    said lines[] = {cbc_solved[3], cbc_solved[5], {0, NULL}};
    kv_log log = read_log(kv_log_cbc, lines, 9);
    cr_assert_eq(log.outcome, KV_LOG_UNFINISHED);
    cr_assert_eq(log.primal, 735230);
    cr_assert_eq(log.bound, 378623);
    kv_log_clear(&log);
}

/* ---- GLPK 5.0 ---- */

static const said glpsol_limit[] = {
    {0.1, "GLPSOL--GLPK LP/MIP Solver 5.0"},
    {0.2, "      0: obj =  -4.675900000e+04 inf =   4.251e+04 (80)"},
    {0.3, "Perturbing LP to avoid stalling [938]..."},
    {0.5, "*  2551: obj =   3.786234906e+05 inf =   1.137e-13 (0) 11"},
    {0.5, "OPTIMAL LP SOLUTION FOUND"},
    {0.5, "Integer optimization begins..."},
    {0.6, "+  2551: mip =     not found yet >=              -inf        (1; 0)"},
    {1.1, "+  3497: >>>>>   4.282290000e+05 >=   4.223572191e+05   1.4% (16; 0)"},
    {1.3, "+  3721: >>>>>   4.245820000e+05 >=   4.224079259e+05   0.5% (20; 9)"},
    {8.0, "+  5840: mip =   4.245820000e+05 >=   4.233596885e+05   0.3% (111; 38)"},
    {8.0, "TIME LIMIT EXCEEDED; SEARCH TERMINATED"},
    {8.0, "Time used:   8.8 secs"},
    {0, NULL},
};

Test(bench_logs, glpsol_at_its_limit)
{
    kv_log log = read_log(kv_log_glpsol, glpsol_limit, 8.1);
    cr_assert_str_eq(log.version, "5.0");
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert_eq(log.nodes, 38);
    EXPECT_TRACE(&log, {0.5, NAN, 378623.4906}, {1.1, 428229, 422357.2191},
                 {1.3, 424582, 422407.9259}, {8.0, 424582, 423359.6885});
    kv_log_clear(&log);
}

static const said glpsol_solved[] = {
    {0.1, "GLPSOL: GLPK LP/MIP Solver, v4.65"},
    {0.2, "*   139: obj =   1.636296104e+04 inf =   1.338e-13 (0)"},
    {0.2, "OPTIMAL LP SOLUTION FOUND"},
    {0.3, "Solution found by heuristic: 18725"},
    {0.4, "+   191: >>>>>   1.765400000e+04 >=   1.765400000e+04   0.0% (1; 0)"},
    {0.5, "+   191: mip =   1.765400000e+04 >=     tree is empty   0.0% (0; 1)"},
    {0.5, "INTEGER OPTIMAL SOLUTION FOUND"},
    {0, NULL},
};

Test(bench_logs, glpsol_that_proves_its_plan)
{
    kv_log log = read_log(kv_log_glpsol, glpsol_solved, 0.6);
    cr_assert_str_eq(log.version, "4.65");
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    cr_assert_eq(log.nodes, 1);
    EXPECT_TRACE(&log, {0.2, NAN, 16362.96104}, {0.3, 18725, 16362.96104}, {0.4, 17654, 17654});
    kv_log_clear(&log);
}

Test(bench_logs, glpsol_other_ends)
{
    const said gap[] = {{1, "RELATIVE MIP GAP TOLERANCE REACHED; SEARCH TERMINATED"}, {0, NULL}};
    const said infeasible[] = {{1, "PROBLEM HAS NO PRIMAL FEASIBLE SOLUTION"}, {0, NULL}};
    const said faulty[] = {{1, "MPS file processing error"}, {0, NULL}};
    kv_log log = read_log(kv_log_glpsol, gap, 1);
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    kv_log_clear(&log);
    log = read_log(kv_log_glpsol, infeasible, 1);
    cr_assert_eq(log.outcome, KV_LOG_INFEASIBLE);
    kv_log_clear(&log);
    log = read_log(kv_log_glpsol, faulty, 1);
    cr_assert_eq(log.outcome, KV_LOG_UNFINISHED);
    kv_log_clear(&log);
}

/* ---- HiGHS 1.15.1 ---- */

#define HIGHS_HEAD                                                                                 \
    {0.01,                                                                                         \
     "Running HiGHS 1.15.1 (git hash: 04024d7): Copyright (c) 2026 under MIT licence terms"},      \
        {0.10,                                                                                     \
         "MIP highs-model-1 has 1236 rows; 9120 cols; 36024 nonzeros; 228 integer variables "      \
         "(228 binary)"},                                                                          \
        {0.10, "  Matrix  [1e+00, 5e+03]"}, {0.20, "1236 rows, 9120 cols, 36024 nonzeros 0s"},     \
        {0.30, "     S => Solve LP; T => Evaluate node; U => Unbounded; X => User solution;"},     \
    {                                                                                              \
        0.30, "Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap "   \
              "|   Cuts   InLp Confl. | LpIters     Time"                                          \
    }

static const said highs_solved[] = {
    HIGHS_HEAD,
    {1.8,
     " J       0       0         0   0.00%   -inf            859203             Large        0 "
     "     0      0         0     1.7s"},
    {2.4,
     " S       0       0         0   0.00%   0               433693           100.00%        0 "
     "     0      0         0     2.3s"},
    {2.5,
     "         0       0         0   0.00%   378623.490603   433693            12.70%        0 "
     "     0      0       592     2.4s"},
    {6.2,
     " L       0       0         0   0.00%   423769.027051   423848             0.02%      883 "
     "   113      0      1274k    6.1s"},
    {6.3,
     "         1       0         1 100.00%   423813.910478   423848             0.01%      883 "
     "   113      0      2548     6.2s"},
    {6.3, "Solving report"},
    {6.3, "  Model             highs-model-1"},
    {6.3, "  Status            Optimal"},
    {6.3, "  Primal bound      423848"},
    {6.3, "  Dual bound        423813.910478"},
    {6.3, "  Gap               0.00804% (tolerance: 0.01%)"},
    {6.3, "  Solution status   feasible"},
    {6.3, "                    423848 (objective)"},
    {6.3, "                    0 (bound viol.)"},
    {6.3, "  Nodes             1"},
    {6.3, "  LP iterations     2548"},
    {0, NULL},
};

Test(bench_logs, highs_that_proves_its_plan)
{
    kv_log log = read_log(kv_log_highs, highs_solved, 6.4);
    cr_assert_str_eq(log.version, "1.15.1");
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    cr_assert_eq(log.nodes, 1);
    EXPECT_TRACE(&log, {1.7, 859203, NAN}, {2.3, 433693, 0}, {2.4, 433693, 378623.490603},
                 {6.1, 423848, 423769.027051}, {6.2, 423848, 423813.910478});
    kv_log_clear(&log);
}

static const said highs_limit[] = {
    HIGHS_HEAD,
    {3.0,
     "         0       0         0   0.00%   423740.830704   inf                  inf      883 "
     "   113      0       825     3.0s"},
    {3.0, "  Status            Time limit reached"},
    {3.0, "  Primal bound      inf"},
    {3.0, "  Dual bound        423740.830704"},
    {3.0, "  Nodes             0"},
    {0, NULL},
};

Test(bench_logs, highs_at_its_limit_without_a_plan)
{
    kv_log log = read_log(kv_log_highs, highs_limit, 3.1);
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert_eq(log.nodes, 0);
    cr_assert(isnan(log.primal));
    cr_assert_eq(log.bound, 423740.830704);
    kv_log_clear(&log);
}

Test(bench_logs, highs_that_finds_no_way)
{
    const said lines[] = {{0.1, "  Status            Infeasible"}, {0, NULL}};
    kv_log log = read_log(kv_log_highs, lines, 0.2);
    cr_assert_eq(log.outcome, KV_LOG_INFEASIBLE);
    kv_log_clear(&log);
}

/* ---- SCIP 8 ---- */

#define SCIP_HEAD                                                                                  \
    {0.1, "SCIP version 8.1.0 [precision: 8 byte] [memory: block] [mode: optimized] [LP solver: "  \
          "Soplex 6.0.4] [GitHash: 816db6b8a8]"},                                                  \
        {5.1, "feasible solution found by trivial heuristic after 5.0 seconds, objective value "   \
              "9.540000e+02"},                                                                     \
    {                                                                                              \
        5.2, " time | node  | left  |LP iter|LP it/n|mem/heur|mdpt |vars |cons |rows |cuts "       \
             "|sepa|confs|strbr|  dualbound   | primalbound  |  gap   | compl. "                   \
    }

static const said scip_limit[] = {
    SCIP_HEAD,
    {5.3,
     "  5.2s|     1 |     0 |  4495 |     - |   303M |   0 | 489 |5099 |5098 |   0 |  0 |   2 | "
     "  0 | 1.168000e+02 | 5.540000e+02 | 374.32%| unknown"},
    {6.0,
     "r 5.9s|     1 |     0 |  4520 |     - |shifting|   0 | 489 |5099 |5100 |   2 |  1 |   2 | "
     "  0 | 1.170000e+02 | 1.980000e+02 |  69.23%| unknown"},
    {13.3,
     " 13.2s|     1 |     2 |  9432 |     - |   343M |   0 | 489 |5099 |5112 |  14 | 15 |   2 "
     "|  22 | 1.170000e+02 | 1.360000e+02 |  16.24%| unknown"},
    {13.7, "SCIP Status        : solving was interrupted [time limit reached]"},
    {13.7, "Solving Time (sec) : 13.65"},
    {13.7, "Solving Nodes      : 5"},
    {13.7, "Primal Bound       : +1.36000000000000e+02 (17 solutions)"},
    {13.7, "Dual Bound         : +1.17000000000000e+02"},
    {13.7, "Gap                : 16.24 %"},
    {0, NULL},
};

Test(bench_logs, scip_at_its_limit)
{
    kv_log log = read_log(kv_log_scip, scip_limit, 13.8);
    cr_assert_str_eq(log.version, "8.1.0");
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert_eq(log.nodes, 5);
    EXPECT_TRACE(&log, {5.0, 954, NAN}, {5.2, 554, 116.8}, {5.9, 198, 117}, {13.2, 136, 117});
    kv_log_clear(&log);
}

/* Columns differ between versions; "--" stands for none, and later times are in m. */
static const said scip_older[] = {
    {0.1, " time | node  | left  |LP iter|LP it/n| mem |mdpt |frac |vars |cons |cols |rows |cuts "
          "|confs|strbr|  dualbound   | primalbound  |  gap   "},
    {0.2,
     "t 0.0s|     1 |     0 |     0 |     - | 195k|   0 |   - |   1 |   1 |   0 |   0 |   0 |   0 "
     "|   0 |      --      | 7.100000e+01 |    Inf "},
    {90.0,
     "  1.5m|     3 |     2 |     0 |     - | 196k|   0 |   0 |   1 |   1 |   1 |   0 |   0 |   "
     "0 |   0 | 2.300000e+01 | 7.100000e+01 | 208.70%"},
    {91.0, "SCIP Status        : problem is solved [optimal solution found]"},
    {91.0, "Solving Nodes      : 3 (total of 4 nodes in 2 runs)"},
    {91.0, "Primal Bound       : +7.10000000000000e+01 (1 solutions)"},
    {91.0, "Dual Bound         : +7.10000000000000e+01"},
    {0, NULL},
};

Test(bench_logs, scip_of_another_version)
{
    kv_log log = read_log(kv_log_scip, scip_older, 91.5);
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    cr_assert_eq(log.nodes, 3);
    EXPECT_TRACE(&log, {0.0, 71, NAN}, {90.0, 71, 23}, {91.0, 71, 71});
    kv_log_clear(&log);
}

Test(bench_logs, scip_other_ends)
{
    const said none[] = {{1, "SCIP Status        : solving was interrupted [time limit reached]"},
                         {1, "Primal Bound       : +1.00000000000000e+20 (0 solutions)"},
                         {1, "Dual Bound         : -1.00000000000000e+20"},
                         {0, NULL}};
    const said gap[] = {{1, "SCIP Status        : solving was interrupted [gap limit reached]"},
                        {0, NULL}};
    const said infeasible[] = {{1, "SCIP Status        : problem is solved [infeasible]"},
                               {0, NULL}};
    kv_log log = read_log(kv_log_scip, none, 1);
    cr_assert_eq(log.outcome, KV_LOG_LIMIT);
    cr_assert(isnan(log.primal) && isnan(log.bound));
    kv_log_clear(&log);
    log = read_log(kv_log_scip, gap, 1);
    cr_assert_eq(log.outcome, KV_LOG_SOLVED);
    kv_log_clear(&log);
    log = read_log(kv_log_scip, infeasible, 1);
    cr_assert_eq(log.outcome, KV_LOG_INFEASIBLE);
    kv_log_clear(&log);
}

/* ---- any line ---- */

Test(bench_logs, no_reader_minds_odd_lines)
{
    static const char *const odd[] = {"",
                                      " ",
                                      "|",
                                      "||||||",
                                      "Cbc",
                                      "Cbc0010I After",
                                      "+",
                                      "+ mip =",
                                      "+ >>>>> >= ;",
                                      "Result - ",
                                      "Status",
                                      "Nodes x",
                                      "a b c d e%",
                                      "1 2 3 4% 5 6 7 8 9s",
                                      "obj =",
                                      "obj = 1e999",
                                      "(",
                                      "( seconds)",
                                      "Objective value: -",
                                      "SCIP version ",
                                      "dualbound|",
                                      "Version:",
                                      "Running HiGHS 0123456789012345678901234567890123456789"};
    kv_log_reader *const readers[] = {kv_log_cbc, kv_log_glpsol, kv_log_highs, kv_log_scip};
    for (int r = 0; r < 4; r++) {
        kv_log log;
        kv_log_begin(&log);
        for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
            readers[r](&log, odd[i], (double)i);
        kv_log_end(&log, 100);
        cr_assert_neq(log.outcome, KV_LOG_SOLVED);
        cr_assert_lt(strlen(log.version), sizeof log.version);
        kv_log_clear(&log);
    }
}
