/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of changes.csv does to a figure. Internal to instances/. */
#ifndef KV_INSTANCES_CHANGES_H
#define KV_INSTANCES_CHANGES_H

#include "instances/table.h"

/* The figure after the change; a blank one stays blank. */
double kv_changed_value(const kv_change *change, double before);

#endif
