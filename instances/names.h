/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding tables and columns by the names that people write. Internal to instances/. */
#ifndef KV_INSTANCES_NAMES_H
#define KV_INSTANCES_NAMES_H

#include "instances/table.h"

/* The table, or -1 with a fault at `where` that gives the nearest name. */
int kv_names_table(const char *name, const kv_where *where, kv_messages *messages);
/* The column, or NULL with a fault at `where` that gives the nearest name. */
const kv_column *kv_names_column(int table, const char *name, const kv_where *where,
                                 kv_messages *messages);
/* The table and the column with the nearest name; never -1 or NULL. */
int kv_names_nearest_table(const char *name);
const kv_column *kv_names_nearest_column(int table, const char *name);
/* A fault: the key has more parts than the table's key. */
void kv_names_key_mend(int table, const kv_where *where, kv_messages *messages);

#endif
