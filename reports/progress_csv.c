/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.csv: incumbent and bound over time. */
#include "reports/report.h"

#include <math.h>

static double or_blank(double value)
{
    return isfinite(value) && fabs(value) < 1e30 ? value : (double)NAN;
}

kv_status kv_report_progress(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_PROGRESS);
    for (int i = 0; i < report->result->n_progress; i++) {
        const kv_progress *at = &report->result->progress[i];
        kv_out_rounded(&out, at->seconds, 3);
        kv_out_integer(&out, at->work);
        kv_out_text(&out, at->phase);
        kv_out_exact(&out, at->has_incumbent ? or_blank(at->incumbent) : (double)NAN);
        kv_out_exact(&out, or_blank(at->bound));
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}
