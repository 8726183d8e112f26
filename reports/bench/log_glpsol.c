/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLPK:
 *   +  3497: >>>>>   4.282290000e+05 >=   4.223572191e+05   1.4% (16; 0)
 *   +  5840: mip =   4.245820000e+05 >=   4.233596885e+05   0.3% (111; 38)
 *   +   191: mip =   1.765400000e+04 >=     tree is empty   0.0% (0; 1)
 * cost of the plan, bound, gap, open and finished nodes. Before that the simplex method:
 *   *  2551: obj =   3.786234906e+05 inf =   1.137e-13 (0) 11
 */
#include "reports/bench/log.h"

#include <math.h>
#include <string.h>

static void read_search(kv_log *log, const char *line, double seconds)
{
    const char *plan = kv_log_after(line, ">>>>>"), *bound = kv_log_after(line, ">=");
    const char *finished = strrchr(line, ';');
    if (!plan)
        plan = kv_log_after(line, "mip =");
    if (!plan || !bound)
        return;
    double cost = kv_log_number(plan);
    kv_log_found(log, seconds, cost,
                 strncmp(bound, "tree is empty", 13) == 0 ? cost : kv_log_number(bound));
    if (finished)
        log->nodes = kv_log_count(finished + 1);
}

static void read_outcome(kv_log *log, const char *line, double seconds)
{
    if (strstr(line, "OPTIMAL LP SOLUTION FOUND"))
        kv_log_found(log, seconds, (double)NAN, log->relaxation);
    else if (strstr(line, "INTEGER OPTIMAL SOLUTION FOUND") ||
             strstr(line, "MIP GAP TOLERANCE REACHED"))
        log->outcome = KV_LOG_SOLVED;
    else if (strstr(line, "TIME LIMIT EXCEEDED"))
        log->outcome = KV_LOG_LIMIT;
    else if (strstr(line, "PROBLEM HAS NO") && strstr(line, "FEASIBLE SOLUTION") &&
             !strstr(line, "DUAL"))
        log->outcome = KV_LOG_INFEASIBLE;
}

void kv_log_glpsol(kv_log *log, const char *line, double seconds)
{
    const char *objective = kv_log_after(line, "obj =");
    if (log->version[0] == 0 && strncmp(line, "GLPSOL", 6) == 0) {
        const char *at = kv_log_after(line, "Solver");
        kv_log_version(log, at ? at + strspn(at, ", v") : NULL);
    } else if (objective) {
        log->relaxation = kv_log_number(objective);
    } else if (line[0] == '+') {
        read_search(log, line, seconds);
    } else if (strstr(line, "Solution found by heuristic:")) {
        kv_log_found(log, seconds, kv_log_number_after(line, "heuristic:"), (double)NAN);
    } else {
        read_outcome(log, line, seconds);
    }
}
