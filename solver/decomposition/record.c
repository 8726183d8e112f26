/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/record.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* ---- records ------------------------------------------------------------------------------- */

static kv_status append(kv_records *r, const kv_record *record)
{
    if (kv_reserve((void **)&r->items, &r->capacity, r->count + 1, sizeof *r->items))
        return KV_ERR_MEMORY;
    r->items[r->count++] = *record;
    return KV_OK;
}

static size_t size_of(const kv_problem *p, const kv_multipliers *m)
{
    size_t numbers = (size_t)p->n_blocks * (size_t)(p->n_balances + p->n_resources) +
                     (size_t)p->coupling.count + (size_t)p->side.count;
    return 8 * numbers + 16 * (size_t)(m->opening_room + m->arc_opening_room);
}

kv_status kv_records_create(const kv_problem *problem, const kv_multipliers *root,
                            size_t most_bytes, kv_records *records)
{
    kv_record first = {.parent = -1, .child = {-1, -1}, .group = -1, .row = -1, .from = -1};
    memset(records, 0, sizeof *records);
    records->most_bytes = most_bytes;
    first.vector = kv_multipliers_copy(problem, root);
    if (first.vector && append(records, &first) == KV_OK) {
        records->bytes = records->items[0].bytes = size_of(problem, first.vector);
        return KV_OK;
    }
    kv_multipliers_free(first.vector);
    return KV_ERR_MEMORY;
}

void kv_records_clear(kv_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        kv_multipliers_free(records->items[i].vector);
        kv_free(records->items[i].branch.design);
        kv_free(records->items[i].rate);
    }
    kv_free(records->items);
    memset(records, 0, sizeof *records);
}

kv_status kv_records_add(kv_records *records, int parent, int which, kv_branch *branch, int group,
                         int *record)
{
    kv_record child = {.parent = parent,
                       .child = {-1, -1},
                       .group = group,
                       .branch = *branch,
                       .row = -1,
                       .from = -1};
    if (append(records, &child) != KV_OK) {
        kv_free(branch->design);
        return KV_ERR_MEMORY;
    }
    *record = (int)records->count - 1;
    records->items[parent].child[which] = *record;
    return KV_OK;
}

void kv_records_keep(kv_records *records, const kv_problem *problem, int record,
                     kv_multipliers *vector)
{
    kv_record *keeper = &records->items[record];
    size_t size = size_of(problem, vector);
    if (records->bytes - keeper->bytes + size > records->most_bytes) {
        kv_multipliers_free(vector);
        return;
    }
    kv_multipliers_free(keeper->vector);
    records->bytes = records->bytes - keeper->bytes + size;
    keeper->bytes = size;
    keeper->vector = vector;
}

int kv_records_vector(const kv_records *records, int record)
{
    while (!records->items[record].vector)
        record = records->items[record].parent;
    return record;
}

void kv_records_rate(kv_records *records, int record, double *rate)
{
    kv_record *r = &records->items[record];
    kv_free(r->rate);
    r->rate = rate;
    r->from = kv_records_vector(records, record);
}

/* ---- proof --------------------------------------------------------------------------------- */

/* Vectors that are tried for a leaf before its own. */
enum { MOST_TRIES = 200 };

typedef struct proving {
    kv_records *records;
    const kv_problem *problem;
    double target;
    const double *lower, *upper;
    kv_bound_terms *terms; /* [records] made when needed */
    int *chosen;           /* [n_vectors of the proof] record of each */
    kv_proof *proof;
} proving;

static int is_leaf(const kv_record *record)
{
    return record->child[0] < 0 || record->child[1] < 0;
}

/* Records under a node that is not split in full don't count: the node is the leaf. */
static void mark_leaves(const kv_records *r, unsigned char *leaf)
{
    for (size_t i = 0; i < r->count; i++) {
        const kv_record *record = &r->items[i];
        int inside = record->parent < 0 || leaf[record->parent] == 2;
        leaf[i] = !inside ? 0 : is_leaf(record) ? 1 : 2;
    }
}

static int depth_of(const kv_records *r, int record)
{
    int depth = 0;
    for (; r->items[record].parent >= 0; record = r->items[record].parent)
        depth++;
    return depth;
}

/* Side rows that a leaf may have multipliers of its own for: into `list` unless that is NULL. */
static int own_sides(const proving *w, const kv_record *r, int *list)
{
    int n = 0;
    for (int i = 0; i < w->problem->side.count; i++) {
        int own =
            r->from >= 0 ? r->rate[i] != w->records->items[r->from].vector->side[i] : r->row == i;
        if (own && list)
            list[n] = i;
        n += own;
    }
    return n;
}

static kv_status make_leaf(const proving *w, int record, kv_leaf *leaf)
{
    const kv_record *items = w->records->items;
    int at = depth_of(w->records, record);
    kv_status status = kv_leaf_create(at, own_sides(w, &items[record], NULL), leaf);
    if (status == KV_OK)
        own_sides(w, &items[record], leaf->side);
    for (int i = record; items[i].parent >= 0 && status == KV_OK; i = items[i].parent)
        status = kv_branch_create(items[i].branch.count, items[i].branch.design,
                                  items[i].branch.sense, items[i].branch.rhs, &leaf->branch[--at]);
    if (status != KV_OK)
        kv_leaf_clear(leaf);
    return status;
}

/* The multipliers of the leaf's branches and of its own side rows: its own with the vector that it has
 * them for, else those of the vector of `from`. */
static void set_rates(const proving *w, int record, int from, kv_leaf *leaf)
{
    const kv_record *items = w->records->items;
    int at = leaf->n_branches, own = items[record].from == from;
    const double *rate = own ? items[record].rate : items[from].vector->side;
    for (int i = record; items[i].parent >= 0; i = items[i].parent) {
        int known = items[i].group >= 0 && (own || items[from].parent >= 0);
        leaf->branch_rate[--at] = known ? fmax(0, rate[items[i].group]) : 0;
    }
    for (int i = 0; i < leaf->n_side; i++)
        leaf->side_rate[i] = rate[leaf->side[i]];
}

static double bound_at(const proving *w, const kv_leaf *leaf, int from)
{
    return kv_leaf_bound(w->problem, leaf, &w->terms[from], w->records->items[from].vector->side,
                         w->lower, w->upper);
}

/* The bound of a leaf with the vector of record `from`. A side row that can't hold gets as large a
 * multiplier as the target needs. */
static double try_vector(const proving *w, int record, int from, kv_leaf *leaf)
{
    const kv_multipliers *m = w->records->items[from].vector;
    int row = w->records->items[record].row;
    set_rates(w, record, from, leaf);
    if (row < 0 || w->records->items[record].from >= 0)
        return bound_at(w, leaf, from);
    double best = -HUGE_VAL, best_rate = m->side[row];
    for (double size = 1e-9; size < 1e12 && best < w->target; size *= 8)
        for (int sign = -1; sign <= 1; sign += 2) {
            if (sign < 0 && w->problem->side.sense[row] == 'L')
                continue;
            leaf->side_rate[0] = m->side[row] + sign * size;
            double bound = bound_at(w, leaf, from);
            if (bound > best) {
                best = bound;
                best_rate = leaf->side_rate[0];
            }
        }
    leaf->side_rate[0] = best_rate;
    return best;
}

static kv_status have_terms(const proving *w, int from)
{
    if (w->terms[from].design)
        return KV_OK;
    return kv_bound_terms_create(w->problem, w->records->items[from].vector, &w->terms[from]);
}

/* Find a vector for the leaf: one of the last in the pool, else the one that it has rates for, its own or
 * an ancestor's. */
static kv_status choose_vector(proving *w, int record, kv_leaf *leaf)
{
    const kv_record *items = w->records->items;
    int own = record;
    int first = w->proof->n_vectors > MOST_TRIES ? w->proof->n_vectors - MOST_TRIES : 0;
    for (int v = first; v < w->proof->n_vectors; v++) {
        leaf->bound = try_vector(w, record, w->chosen[v], leaf);
        leaf->vector = v;
        if (leaf->bound >= w->target)
            return KV_OK;
    }
    own = items[record].from >= 0 ? items[record].from : kv_records_vector(w->records, record);
    kv_status status = have_terms(w, own);
    if (status != KV_OK)
        return status;
    leaf->bound = try_vector(w, record, own, leaf);
    for (leaf->vector = 0; leaf->vector < w->proof->n_vectors; leaf->vector++)
        if (w->chosen[leaf->vector] == own)
            return KV_OK;
    w->chosen[w->proof->n_vectors++] = own;
    return KV_OK;
}

static kv_status prove_leaves(proving *w, const unsigned char *is_a_leaf)
{
    kv_status status = KV_OK;
    for (size_t i = 0; i < w->records->count && status == KV_OK; i++) {
        kv_leaf *leaf = &w->proof->leaf[w->proof->n_leaves];
        if (is_a_leaf[i] != 1)
            continue;
        if ((status = make_leaf(w, (int)i, leaf)) != KV_OK)
            break;
        w->proof->n_leaves++;
        status = choose_vector(w, (int)i, leaf);
        w->proof->bound = fmin(w->proof->bound, leaf->bound);
    }
    return status;
}

/* The vectors chosen go to the proof. */
static void move_vectors(proving *w)
{
    for (int v = 0; v < w->proof->n_vectors; v++) {
        w->proof->vector[v] = w->records->items[w->chosen[v]].vector;
        w->records->items[w->chosen[v]].vector = NULL;
    }
}

kv_status kv_records_prove(kv_records *records, const kv_problem *problem, double target,
                           const double *lower, const double *upper, kv_proof **proof)
{
    size_t n = records->count;
    unsigned char *leaf = kv_alloc(n, 1);
    proving w = {.records = records,
                 .problem = problem,
                 .target = target - 1e-12 * fabs(target),
                 .lower = lower,
                 .upper = upper};
    kv_status status = KV_ERR_MEMORY;
    w.terms = kv_alloc(n, sizeof *w.terms);
    w.chosen = kv_alloc(n, sizeof *w.chosen);
    w.proof = *proof = kv_alloc(1, sizeof *w.proof);
    if (!leaf || !w.terms || !w.chosen || !w.proof)
        goto out;
    w.proof->bound = HUGE_VAL;
    w.proof->vector = kv_alloc(n, sizeof(kv_multipliers *));
    w.proof->leaf = kv_alloc(n, sizeof *w.proof->leaf);
    if (!w.proof->vector || !w.proof->leaf)
        goto out;
    mark_leaves(records, leaf);
    status = prove_leaves(&w, leaf);
    move_vectors(&w);
out:
    for (size_t i = 0; w.terms && i < n; i++)
        kv_free(w.terms[i].design);
    kv_free(w.terms);
    kv_free(w.chosen);
    kv_free(leaf);
    if (status != KV_OK) {
        kv_proof_free(*proof);
        *proof = NULL;
    }
    return status;
}
