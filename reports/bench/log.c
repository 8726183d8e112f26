/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bench/log.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

void kv_log_begin(kv_log *log)
{
    *log = (kv_log){.primal = (double)NAN,
                    .bound = (double)NAN,
                    .nodes = -1,
                    .relaxation = (double)NAN,
                    .completed = (double)NAN,
                    .column = {-1, -1, -1, -1}};
}

static double known(double value)
{
    return isfinite(value) && fabs(value) < 1e30 ? value : (double)NAN;
}

void kv_log_found(kv_log *log, double seconds, double primal, double bound)
{
    primal = known(primal);
    bound = known(bound);
    if (!isnan(primal))
        log->primal = primal;
    if (!isnan(bound))
        log->bound = bound;
    if (!isnan(primal) || !isnan(bound))
        kv_trace_add(&log->trace, seconds, primal, bound);
}

void kv_log_no_plan(kv_log *log)
{
    log->primal = (double)NAN;
    for (size_t i = 0; i < log->trace.count; i++)
        log->trace.point[i].primal = (double)NAN;
}

void kv_log_end(kv_log *log, double seconds)
{
    /* Only a solver that got to its last figures has said what its plan costs. */
    int said = log->outcome == KV_LOG_SOLVED || log->outcome == KV_LOG_LIMIT;
    kv_log_found(log, seconds, log->primal, log->bound);
    kv_trace_settle(&log->trace, said ? log->primal : (double)NAN);
    if (log->trace.count > 0) {
        log->primal = log->trace.point[log->trace.count - 1].primal;
        log->bound = log->trace.point[log->trace.count - 1].bound;
    }
}

void kv_log_clear(kv_log *log)
{
    kv_trace_clear(&log->trace);
}

const char *kv_log_after(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    if (!at)
        return NULL;
    at += strlen(key);
    return at + strspn(at, " \t");
}

double kv_log_decimal(const char *at, const char **end)
{
    char digits[KV_NUMBER_SIZE];
    double value = (double)NAN;
    if (end)
        *end = at;
    at = at ? at + strspn(at, " \t") : "";
    size_t sign = *at == '+', length = strspn(at + sign, "0123456789+-.eE");
    if (length == 0 || length >= sizeof digits)
        return value;
    memcpy(digits, at + sign, length);
    digits[length] = 0;
    if (kv_parse_number(digits, '.', &value) != 0)
        return (double)NAN;
    if (end)
        *end = at + sign + length;
    return value;
}

double kv_log_number(const char *at)
{
    return kv_log_decimal(at, NULL);
}

long kv_log_count(const char *at)
{
    const char *end;
    double value = kv_log_decimal(at, &end);
    if (!(fabs(value) < 1e12))
        return -1;
    return (long)(*end == 'k' ? 1e3 * value : *end == 'm' ? 1e6 * value : value);
}

double kv_log_number_after(const char *line, const char *key)
{
    return kv_log_number(kv_log_after(line, key));
}

void kv_log_version(kv_log *log, const char *at)
{
    size_t length = at ? strcspn(at, " \t,") : 0;
    if (length == 0 || length >= sizeof log->version)
        return;
    memcpy(log->version, at, length);
    log->version[length] = 0;
}

const char *kv_log_field(const char *line, const char *name)
{
    size_t length = strlen(name);
    line += strspn(line, " \t");
    if (strncmp(line, name, length) != 0 || !strchr(" \t:", line[length]) || !line[length])
        return NULL;
    return line + length + strspn(line + length, " \t:");
}
