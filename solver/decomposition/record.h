/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a tree remembers of each node it has seen, so that its leaves can prove the bound. */
#ifndef KV_SOLVER_DECOMPOSITION_RECORD_H
#define KV_SOLVER_DECOMPOSITION_RECORD_H

#include "solver/proof.h"

typedef struct kv_record {
    int parent;             /* record, -1 = the root */
    int child[2];           /* records; -1 = not split (yet): with one child missing it is a leaf */
    int group;              /* row behind the side rows that the branch holds, -1 = none */
    kv_branch branch;       /* from the parent to here; empty at the root */
    kv_multipliers *vector; /* owned; NULL = its parent's serves */
    size_t bytes;           /* of the vector */
    int row;                /* side row that the boxes here can't meet, -1 = none */
    int from;               /* record whose vector bounds this one with other rates, -1 = none */
    double *rate;           /* [side rows, with those of groups] these rates; NULL = none */
} kv_record;

typedef struct kv_records {
    kv_record *items; /* [0] is the root */
    size_t count, capacity;
    size_t bytes, most_bytes; /* of the vectors kept; no more than the limit */
} kv_records;

/* One record, the root, whose vector is a copy of `root`. KV_OK or KV_ERR_MEMORY. */
kv_status kv_records_create(const kv_problem *problem, const kv_multipliers *root,
                            size_t most_bytes, kv_records *records);
void kv_records_clear(kv_records *records);

/* A child of a record; takes the branch (its designs are freed on failure, too). `which` is 0 or 1. */
kv_status kv_records_add(kv_records *records, int parent, int which, kv_branch *branch, int group,
                         int *record);

/* Give a record its vector in place of the one it had; the record owns it from then on. Where there
 * is no more room for it the vector is freed, and the record keeps what it had. */
void kv_records_keep(kv_records *records, const kv_problem *problem, int record,
                     kv_multipliers *vector);

/* The record whose vector serves a record: the nearest at it or above it that has one. */
int kv_records_vector(const kv_records *records, int record);

/* A record is bounded by that vector with these multipliers of its side rows instead of the vector's own;
 * those of rows of groups count where its branches hold them. Takes `rate`. */
void kv_records_rate(kv_records *records, int record, double *rate);

/*
 * The proof that the records hold: each leaf proves at least `target` where its vectors can, with as
 * few vectors as the first that serves each leaf. Vectors used are moved out of the records. `lower`,
 * `upper` [n_design]: boxes at the root. KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_records_prove(kv_records *records, const kv_problem *problem, double target,
                           const double *lower, const double *upper, kv_proof **proof);

#endif
