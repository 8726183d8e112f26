/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nodes of the tree before they are relaxed: those that screen.h closes need no relaxation, and where it
 * closes one side of a split, the node goes to the other side. Each side closed is a leaf of the records.
 */
#ifndef KV_SOLVER_DECOMPOSITION_SCREENING_H
#define KV_SOLVER_DECOMPOSITION_SCREENING_H

#include "solver/decomposition/record.h"
#include "solver/decomposition/screen.h"
#include "solver/decomposition/split.h"

typedef struct kv_screening {
    kv_search *search;
    kv_splits *splits;
    kv_records *records;
    kv_screen *screen; /* NULL = there are no side rows to ask */
    kv_bound_terms terms;
    kv_split *list; /* room for all splits of a node */
} kv_screening;

/* What is given must outlive it. KV_OK or KV_ERR_MEMORY; to be cleared in any case. */
kv_status kv_screening_create(kv_search *search, kv_splits *splits, kv_records *records,
                              kv_screening *screening);
void kv_screening_clear(kv_screening *screening);

/* The record of a side of a split, under another record. KV_OK or KV_ERR_MEMORY. */
kv_status kv_screening_record(kv_screening *screening, const kv_split *split, int up, int parent,
                              int *record);

/* The node whose children come next. KV_OK or KV_ERR_MEMORY. */
kv_status kv_screening_begin(kv_screening *screening, const kv_node *parent);
/* Such a child, with its record: *closed = 1 when all its plans cost as much as the incumbent, its record
 * proves it then; else it may be narrower than before, under another record. KV_OK or KV_ERR_MEMORY. */
kv_status kv_screening_ask(kv_screening *screening, kv_node *child, int *closed);

#endif
