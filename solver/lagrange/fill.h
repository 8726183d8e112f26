/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The continuous knapsack. */
#ifndef KV_SOLVER_LAGRANGE_FILL_H
#define KV_SOLVER_LAGRANGE_FILL_H

/*
 * min sum r x, sum use x <= capacity, 0 <= x <= most, over *n flows that all have r < 0 and more use
 * together than the capacity, by weighted selection (Balas and Zemel 1980).
 *
 *   use, most   by flow number
 *   chosen      [*n] flow numbers; reordered, those with x > 0 first
 *   reduced     [*n] r, in the same order
 *   amount      [*n] gets x
 *   *n          gets how many x are above 0
 *   price       gets the capacity's multiplier >= 0 unless it is NULL
 *
 * Returns the sum. Flows with use 0 are filled.
 */
double kv_fill(const double *use, const double *most, double capacity, int *chosen, double *reduced,
               double *amount, int *n, double *price);

#endif
