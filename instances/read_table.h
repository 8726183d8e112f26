/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table from its lines to typed rows, references still being texts. Internal. */
#ifndef KV_INSTANCES_READ_TABLE_H
#define KV_INSTANCES_READ_TABLE_H

#include "instances/lines.h"
#include "instances/table.h"

/*
 * Read the table's lines into the case (which has a pool). Faults are added to the lines' messages
 * and reading goes on. In the rows, a reference holds the number of its text in the pool, -1 for
 * blank. KV_OK (also with faults), KV_ERR_IO, KV_ERR_MEMORY, KV_ERR_INTERNAL.
 */
kv_status kv_table_read(kv_case *the_case, int table, kv_lines *lines, kv_positions *positions);

#endif
