/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CBC:
 *   Cbc0010I After 0 nodes, 1 on tree, 426468 best solution, best possible 423620.44 (5.32 seconds)
 *   Cbc0012I Integer solution of 424385 found by DiveCoefficient after 328 iterations ...
 *   Cbc0038I Mini branch and bound improved solution from 440542 to 424385 (1.41 seconds)
 * and a report at the end. Without a plan its cost is 1e+50.
 */
#include "reports/bench/log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The clock of a line, "(5.32 seconds)" at its end, if that is earlier. */
static double when(const char *line, double seconds)
{
    const char *open = strrchr(line, '('), *end = strstr(line, " seconds)");
    return open && end && end > open ? fmin(seconds, kv_log_number(open + 1)) : seconds;
}

/* Plans of the heuristics, before the search reports them. */
static double heuristic_plan(const char *line)
{
    static const char *const keys[] = {"Solution found of", "Relaxing continuous gives",
                                       "gives a solution of", "Rounding solution of"};
    const char *improved = strstr(line, "improved solution from");
    if (improved)
        return kv_log_number_after(improved, " to ");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strstr(line, keys[i]))
            return kv_log_number_after(line, keys[i]);
    return (double)NAN;
}

static void read_search(kv_log *log, const char *line, double seconds)
{
    const char *at;
    if ((at = strstr(line, "Integer solution of ")) != NULL) {
        kv_log_found(log, when(line, seconds), kv_log_number_after(at, "of "), (double)NAN);
    } else if ((at = strstr(line, "Cbc0010I After ")) != NULL) {
        const char *best = kv_log_after(line, "on tree,");
        log->nodes = kv_log_count(kv_log_after(at, "After "));
        kv_log_found(log, when(line, seconds), kv_log_number(best),
                     kv_log_number_after(line, "best possible "));
    } else if (strstr(line, "Cbc0013I At root node")) {
        kv_log_found(log, when(line, seconds), (double)NAN, kv_log_number_after(line, " to "));
    } else if (strstr(line, "Cbc0005I Partial search")) {
        kv_log_found(log, when(line, seconds), kv_log_number_after(line, "best objective "),
                     kv_log_number_after(line, "best possible "));
    } else if (strstr(line, "Cbc0001I Search completed")) {
        log->completed = when(line, seconds);
        kv_log_found(log, log->completed, kv_log_number_after(line, "best objective "),
                     (double)NAN);
    } else if (strstr(line, "Cbc0038I")) {
        kv_log_found(log, when(line, seconds), heuristic_plan(line), (double)NAN);
    }
}

/* "Optimal solution found" without "(within gap tolerance)" proves the plan's own cost; otherwise a
 * line with the bound follows. */
static void read_report(kv_log *log, const char *line, double seconds)
{
    const char *at;
    if ((at = kv_log_after(line, "Result - ")) != NULL) {
        int solved = strncmp(at, "Optimal", 7) == 0;
        log->outcome = solved                           ? KV_LOG_SOLVED
                       : strstr(at, "infeasible")       ? KV_LOG_INFEASIBLE
                       : strncmp(at, "Stopped", 7) == 0 ? KV_LOG_LIMIT
                                                        : KV_LOG_UNFINISHED;
        if (!solved || strstr(at, "within gap"))
            log->completed = (double)NAN;
        else if (isnan(log->completed))
            log->completed = seconds;
    } else if ((at = kv_log_field(line, "Objective value")) != NULL) {
        kv_log_found(log, fmin(seconds, log->completed), kv_log_number(at),
                     isnan(log->completed) ? (double)NAN : kv_log_number(at));
    } else if (strncmp(line, "No feasible solution found", 26) == 0) {
        kv_log_no_plan(log);
    } else if ((at = kv_log_field(line, "Lower bound")) != NULL) {
        kv_log_found(log, seconds, (double)NAN, kv_log_number(at));
    } else if ((at = kv_log_field(line, "Enumerated nodes")) != NULL) {
        log->nodes = kv_log_count(at);
    }
}

void kv_log_cbc(kv_log *log, const char *line, double seconds)
{
    const char *at;
    if (log->version[0] == 0 && (at = kv_log_field(line, "Version")) != NULL)
        kv_log_version(log, at);
    else if ((at = kv_log_after(line, "Continuous objective value is")) != NULL)
        kv_log_found(log, seconds, (double)NAN, kv_log_number(at));
    else if (strncmp(line, "Cbc", 3) == 0)
        read_search(log, line, seconds);
    else
        read_report(log, line, seconds);
}
