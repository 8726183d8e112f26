/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the manual of the tables. Internal to instances/. */
#ifndef KV_INSTANCES_MANUAL_H
#define KV_INSTANCES_MANUAL_H

#include "base/text.h"
#include "instances/schema.h"

/* How tables are written: separators, decimals, keys. */
void kv_manual_rules(kv_text *out);
/* The columns of a table as a table of Markdown. */
void kv_manual_columns(int table, kv_text *out);

#endif
