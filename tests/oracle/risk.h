/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The objective from the scenarios' costs (docs/mathematics.md, section 5, "Risk"). */
#ifndef ORACLE_RISK_H
#define ORACLE_RISK_H

#include "oracle/starts.h"

/* cost[n_scenarios] MEUR of each scenario, without its constant; reference[scenarios of the case]
 * its own optimum, for regret. (1 - weight) x expected + weight x risk. */
double oracle_risk_objective(const oracle_world *world, const double *cost,
                             const double *reference);
/* Weight of the risk; 0 with one scenario. */
double oracle_risk_weight(const oracle_world *world);

#endif
