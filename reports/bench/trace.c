/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bench/trace.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/sum.h"
#include "base/text.h"
#include "reports/result.h"

#include <math.h>
#include <stdlib.h>

static double or_none(double value)
{
    return isfinite(value) && fabs(value) < 1e30 ? value : (double)NAN;
}

void kv_trace_add(kv_trace *trace, double seconds, double primal, double bound)
{
    void *points = trace->point;
    if (kv_reserve(&points, &trace->capacity, trace->count + 1, sizeof *trace->point) != 0) {
        trace->failed = 1;
        return;
    }
    trace->point = points;
    trace->point[trace->count++] =
        (kv_trace_point){fmax(0, seconds), or_none(primal), or_none(bound)};
}

static int by_time(const void *a, const void *b)
{
    const kv_trace_point *p = a, *q = b;
    return (p->seconds > q->seconds) - (p->seconds < q->seconds);
}

static int same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* fmin and fmax take the other value where one is NaN. */
void kv_trace_settle(kv_trace *trace, double final)
{
    kv_trace_point best = {0, (double)NAN, (double)NAN};
    size_t kept = 0;
    if (trace->count > 0)
        qsort(trace->point, trace->count, sizeof *trace->point, by_time);
    for (size_t i = 0; i < trace->count; i++) {
        kv_trace_point at = trace->point[i];
        if (!isnan(at.primal))
            at.primal = fmax(at.primal, final);
        at.primal = fmin(best.primal, at.primal);
        at.bound = fmax(best.bound, at.bound);
        if (same(at.primal, best.primal) && same(at.bound, best.bound))
            continue;
        best = at;
        if (kept > 0 && trace->point[kept - 1].seconds == at.seconds)
            kept--;
        trace->point[kept++] = at;
    }
    trace->count = kept;
}

void kv_trace_clear(kv_trace *trace)
{
    kv_free(trace->point);
    *trace = (kv_trace){0};
}

double kv_trace_time_to(const kv_trace *trace, double gap)
{
    for (size_t i = 0; i < trace->count; i++)
        if (kv_gap(trace->point[i].primal, trace->point[i].bound) <= gap)
            return trace->point[i].seconds;
    return (double)NAN;
}

double kv_trace_time_to_decision(const kv_trace *trace, double gap, double do_nothing)
{
    for (size_t i = 0; i < trace->count; i++)
        if (kv_decision_gap(trace->point[i].primal, trace->point[i].bound, do_nothing) <= gap)
            return trace->point[i].seconds;
    return (double)NAN;
}

static double primal_gap(double primal, double best)
{
    if (isnan(primal) || primal * best < 0)
        return 1;
    double larger = fmax(fabs(primal), fabs(best));
    return larger > 0 ? fmin(1, fabs(primal - best) / larger) : 0;
}

double kv_trace_primal_integral(const kv_trace *trace, double best, double limit)
{
    kv_sum sum = {0};
    double since = 0, gap = 1;
    if (isnan(best))
        return best;
    for (size_t i = 0; i < trace->count && trace->point[i].seconds < limit; i++) {
        kv_sum_add(&sum, gap * (trace->point[i].seconds - since));
        since = trace->point[i].seconds;
        gap = primal_gap(trace->point[i].primal, best);
    }
    kv_sum_add(&sum, gap * (limit - since));
    return kv_sum_total(&sum);
}

/* ---- files ---- */

kv_status kv_trace_write(const kv_trace *trace, const char *path, kv_messages *messages)
{
    kv_text text = {0};
    char seconds[KV_NUMBER_SIZE];
    kv_text_add(&text, "seconds,primal,bound\n");
    for (size_t i = 0; i < trace->count; i++) {
        kv_format_decimal(trace->point[i].seconds, 3, seconds);
        kv_text_addf(&text, "%s,", seconds);
        kv_text_add_number(&text, trace->point[i].primal);
        kv_text_add(&text, ",");
        kv_text_add_number(&text, trace->point[i].bound);
        kv_text_add(&text, "\n");
    }
    kv_status status =
        text.failed ? KV_ERR_MEMORY : kv_file_write(path, text.data, text.length, messages);
    kv_text_clear(&text);
    return status;
}

kv_status kv_trace_take(const kv_csv *csv, const char *primal, kv_trace *trace)
{
    int seconds = kv_csv_column(csv, "seconds");
    int cost = kv_csv_column(csv, primal), bound = kv_csv_column(csv, "bound");
    for (int i = 0; i < kv_csv_rows(csv); i++)
        kv_trace_add(trace, kv_csv_number(csv, i, seconds), kv_csv_number(csv, i, cost),
                     kv_csv_number(csv, i, bound));
    return trace->failed ? KV_ERR_MEMORY : KV_OK;
}

kv_status kv_trace_read(const char *dir, const char *name, kv_trace *trace, kv_messages *messages)
{
    kv_csv csv;
    *trace = (kv_trace){0};
    kv_status status = kv_csv_read(dir, name, &csv, messages);
    if (status == KV_OK)
        status = kv_trace_take(&csv, "primal", trace);
    kv_trace_settle(trace, (double)NAN);
    kv_csv_clear(&csv);
    return status;
}
