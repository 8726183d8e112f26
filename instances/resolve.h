/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From texts to rows: references, and what follows from all tables together. Internal. */
#ifndef KV_INSTANCES_RESOLVE_H
#define KV_INSTANCES_RESOLVE_H

#include "instances/table.h"

/*
 * Turn each reference of the case from a number of its pool into a row; a dangling one becomes -1
 * and a fault, and its table is marked in damaged[KV_TABLES]. KV_OK, KV_ERR_MEMORY.
 */
kv_status kv_references_resolve(kv_case *the_case, const kv_positions *positions,
                                unsigned char *damaged, kv_messages *messages);

/*
 * Apply the option --set: texts "TABLE.KEY.COLUMN=VALUE" on a case whose references are pending.
 * Faults name the text. KV_OK, KV_ERR_MEMORY.
 */
kv_status kv_sets_apply(kv_case *the_case, const char *const *sets, int n_sets,
                        kv_messages *messages);

#endif
