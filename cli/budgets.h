/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budget factors as they are written on the command line. */
#ifndef KV_CLI_BUDGETS_H
#define KV_CLI_BUDGETS_H

#include "base/messages.h"
#include "base/status.h"

enum { CLI_MOST_BUDGETS = 1000 };

/*
 * "FROM:TO:STEP", or one number, into factors[CLI_MOST_BUDGETS], rising; TO is among them where a
 * whole number of steps leads to it. KV_ERR_INPUT with a fault.
 */
kv_status cli_read_budgets(const char *text, double *factors, int *count, kv_messages *messages);

#endif
