/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The objective from the scenarios' costs (docs/mathematics.md, section 5, "Risk"). */
#ifndef ORACLE_RISK_H
#define ORACLE_RISK_H

#include "oracle/starts.h"

/* cost[n_scenarios] MEUR of each scenario; reference[scenarios of the case] its own optimum, for
 * regret. (1 - weight) x expected + weight x risk. */
double oracle_risk_objective(const oracle_world *world, const double *cost,
                             const double *reference);
/* 1 = the case weighs risk at all. */
int oracle_risk_counts(const oracle_world *world);

#endif
