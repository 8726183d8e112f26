/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Performance profiles (Dolan and Moré 2002, "Benchmarking optimization software with performance
 * profiles", Mathematical Programming 91): with t_ps the time of solver s on instance p and
 * r_ps = t_ps / min_s t_ps, the share of instances with r_ps <= tau, over tau.
 */
#ifndef KV_REPORTS_BENCH_PROFILE_H
#define KV_REPORTS_BENCH_PROFILE_H

#include "base/text.h"
#include "reports/bench/summary.h"

typedef struct kv_profile {
    int n_solvers, n_instances;
    const char **solver; /* [n_solvers]; the texts belong to the runs */
    double *time;        /* [n_solvers * n_instances] s; NaN = not reached */
} kv_profile;            /* end with kv_profile_clear */

/* Times to `gap` of each solver's best formulation, on the instances of the summary, from the traces
 * in `dir`. What is reached after the limit, or by a plan that was refused, is not reached. KV_OK,
 * KV_ERR_IO, KV_ERR_INPUT, KV_ERR_MEMORY; clear in any case. */
kv_status kv_profile_create(const kv_bench_runs *runs, const kv_bench_summary *summary,
                            const char *dir, double gap, kv_profile *profile,
                            kv_messages *messages);
void kv_profile_clear(kv_profile *profile);

/* Ratios r of a solver where it reached the gap, in rising order, into ratio[n_instances]; their
 * number. Times below 0.01 s count as that, less than can be told apart. */
int kv_profile_ratios(const kv_profile *profile, int solver, double *ratio);

/* The profile as a drawing (SVG); `note` stands below the title. KV_OK or KV_ERR_MEMORY. */
kv_status kv_profile_draw(const kv_profile *profile, double gap, const char *note, kv_text *out);

#endif
