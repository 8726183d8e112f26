/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of the volume algorithm (Barahona and Anbil, Mathematical Programming 87, 2000) on any
 * relaxation: multipliers go along the violation of an average of the points met so far, from the
 * best multipliers known.
 */
#ifndef KV_SOLVER_LAGRANGE_STEPS_H
#define KV_SOLVER_LAGRANGE_STEPS_H

#include "base/status.h"

typedef struct kv_steps {
    /* The relaxation: */
    int n_rows, n_sized;          /* rows 0 .. n_sized-1: size is right from the beginning */
    const unsigned char *bounded; /* [n_rows] 1 = multiplier >= 0 */
    const double *worth, *size;   /* [n_rows] size of the multiplier, and > 0 of the violation */
    void *context;
    /* The bound at these multipliers [n_rows], which it may lower where that costs nothing, and the
     * violation [n_rows] of its point (a supergradient). */
    double (*price)(void *context, double *multipliers, double *violation);
    /* Mix the point priced last into the average with this weight; 1 = it is the first. */
    void (*average)(void *context, double weight);
    void (*progress)(void *context, long iteration, double bound); /* at better bounds; or NULL */
    void *progress_context;

    /* When to stop, as of kv_volume_options: */
    long most_iterations;
    double deadline, tolerance, cutoff, least_weight;

    /* The state; arrays [n_rows] are owned. */
    double *best, *trial;         /* multipliers */
    double *violation, *averaged; /* of the last point; of the averaged one */
    double *scale;  /* step lengths: size of the multiplier by size of the violation */
    double *square; /* sum of squared violations of the points so far */
    double bound;
    double value; /* cost of the averaged point */
    double slope; /* by how much that lies above the bound at the best multipliers, rows priced */
    double norm;  /* squared violation of the average in the rows' scale, money */
    double step;
    long iterations;
} kv_steps;

/* Room for the state; what stands before it is set. KV_OK or KV_ERR_MEMORY; kv_steps_free in any
 * case. */
kv_status kv_steps_create(kv_steps *steps);
void kv_steps_free(kv_steps *steps);

/* From the multipliers in `best`: KV_OK when nothing is left to gain or the bound is above the
 * cutoff, KV_ERR_LIMIT when a limit or a request stopped it before. */
kv_status kv_steps_run(kv_steps *steps);

#endif
