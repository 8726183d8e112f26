/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SCIP:
 *    time | node  | left  |LP iter|... |  dualbound   | primalbound  |  gap   | compl.
 *   r 5.9s|     1 |     0 |  4520 |... | 1.170000e+02 | 1.980000e+02 |  69.23%| unknown
 * and a report at the end. "--" and 1e+20 stand where there is none. The header says which columns
 * there are; they differ between versions.
 */
#include "reports/bench/log.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { TIME, NODES, BOUND, PRIMAL };

static const double infinity = 1e20;

static double value_of(const char *at)
{
    double value = kv_log_number(at);
    return fabs(value) < infinity ? value : (double)NAN;
}

/* The field of that number, NULL when there are fewer. */
static const char *field(const char *line, int number)
{
    for (int i = 0; line && i < number; i++) {
        line = strchr(line, '|');
        line = line ? line + 1 : NULL;
    }
    return line;
}

static void read_header(kv_log *log, const char *line)
{
    static const char *const names[] = {"time", "node", "dualbound", "primalbound"};
    for (int i = 0; field(line, i); i++) {
        const char *at = field(line, i) + strspn(field(line, i), " \t");
        size_t length = strcspn(at, " \t|");
        for (int c = 0; c < 4; c++)
            if (strlen(names[c]) == length && strncmp(at, names[c], length) == 0)
                log->column[c] = i;
    }
}

/* Times are in s, later in m and h, which are too coarse. */
static double when(const char *at, double seconds)
{
    const char *end;
    at += strcspn(at, "0123456789|");
    double clock = kv_log_decimal(at, &end);
    return !isnan(clock) && *end == 's' ? fmin(seconds, clock) : seconds;
}

static void read_row(kv_log *log, const char *line, double seconds)
{
    const char *at[4];
    for (int c = 0; c < 4; c++)
        at[c] = log->column[c] < 0 ? NULL : field(line, log->column[c]);
    if (!at[TIME] || !at[BOUND] || !at[PRIMAL])
        return;
    if (at[NODES] && isdigit((unsigned char)at[NODES][strspn(at[NODES], " ")]))
        log->nodes = kv_log_count(at[NODES]);
    kv_log_found(log, when(at[TIME], seconds), value_of(at[PRIMAL]), value_of(at[BOUND]));
}

static kv_log_outcome outcome_of(const char *status)
{
    if (strstr(status, "[optimal solution found]") || strstr(status, "[gap limit reached]"))
        return KV_LOG_SOLVED;
    if (strstr(status, "[infeasible]"))
        return KV_LOG_INFEASIBLE;
    return strstr(status, "limit reached]") ? KV_LOG_LIMIT : KV_LOG_UNFINISHED;
}

void kv_log_scip(kv_log *log, const char *line, double seconds)
{
    const char *at;
    if (log->version[0] == 0 && (at = kv_log_after(line, "SCIP version ")) != NULL)
        kv_log_version(log, at);
    else if (strchr(line, '|') && strstr(line, "dualbound"))
        read_header(log, line);
    else if (strchr(line, '|'))
        read_row(log, line, seconds);
    else if ((at = strstr(line, "feasible solution found by")) != NULL)
        kv_log_found(log, fmin(seconds, kv_log_number_after(at, " after ")),
                     value_of(kv_log_after(at, "objective value ")), (double)NAN);
    else if ((at = kv_log_field(line, "SCIP Status")) != NULL)
        log->outcome = outcome_of(at);
    else if ((at = kv_log_field(line, "Solving Nodes")) != NULL)
        log->nodes = kv_log_count(at);
    else if ((at = kv_log_field(line, "Primal Bound")) != NULL)
        kv_log_found(log, seconds, value_of(at), (double)NAN);
    else if ((at = kv_log_field(line, "Dual Bound")) != NULL)
        kv_log_found(log, seconds, (double)NAN, value_of(at));
}
