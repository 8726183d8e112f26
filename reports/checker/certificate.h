/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.json, version 2 (docs/certificate.md): what it claims and what it is proved with. */
#ifndef KV_REPORTS_CHECKER_CERTIFICATE_H
#define KV_REPORTS_CHECKER_CERTIFICATE_H

#include "reports/checker/world.h"

#include <jansson.h>

typedef struct kvc_beta {      /* multiplier of an opening row */
    int block, arc, set, flow; /* flow -1: of the whole arc */
    kvc_fix value;
} kvc_beta;

typedef struct kvc_cut kvc_cut; /* cuts.h */

typedef struct kvc_gamma { /* multiplier of a cut */
    int cut;
    kvc_fix value;
} kvc_gamma;

typedef struct kvc_vector { /* an entry of the pool */
    kvc_fix *pi, *alpha;    /* [n_blocks * n_rows], [n_blocks * resources] */
    kvc_fix *kappa, *gamma; /* [coupling], [side] */
    kvc_list beta;          /* kvc_beta */
    kvc_list cut;           /* kvc_gamma */
} kvc_vector;

typedef struct kvc_branch { /* sum of coefficient * design <= rhs */
    int count, *design;
    mpq_t *coefficient, *rhs;
    int below; /* 1 = written with <=, 0 = with >= (all signs changed since) */
    kvc_fix multiplier;
} kvc_branch;

typedef struct kvc_leaf {
    int n_branches;
    kvc_branch *branch;
    int vector;
    int ray;
    kvc_fix *gamma; /* [side] instead of the vector's; NULL = the vector's */
} kvc_leaf;

typedef struct kvc_leaves { /* that cover a search; none = nothing is proved */
    int count;
    kvc_leaf *leaf;
} kvc_leaves;

typedef struct kvc_certificate {
    int version;
    const char *the_case, *hash, *scenario; /* texts of `json` */
    double objective, bound;                /* NaN = null */
    int n_vectors, n_cuts;
    kvc_vector *vector;
    kvc_cut *cut;
    kv_text unproved;           /* a line for each cut that is not proved */
    kvc_leaves leaves, nothing; /* of the search; of doing nothing */
    long unknown;               /* multipliers whose row the case does not have */
    json_t *json;
} kvc_certificate;

/* Reads DIR/certificate.json for a world. KV_OK; KV_ERR_INPUT, KV_ERR_IO with messages. Warnings for
 * unknown rows. The caller drops `json` with json_decref. */
kv_status kvc_certificate_read(kvc_world *world, const char *dir, kvc_certificate *certificate);

/* rows.c: the numbers behind the name of a row; 0, or -1 where the case has no such row. */
typedef struct kvc_row_name {
    int kind;       /* 'f'low, 'r'esource, 'o'pen, 'c'oupling, 's'ide */
    int block, row; /* balance row, resource, coupling or side row */
    int arc, set, flow;
} kvc_row_name;
int kvc_row_find(const kvc_world *world, const char *name, kvc_row_name *found);
/* ARC:COMMODITY:BLOCK; 0, or -1 where there is no such flow. */
int kvc_flow_find(const kvc_world *world, const char *name, int *block, int *flow);
/* Adds the name of a balance row of a block. */
void kvc_add_balance_name(const kvc_world *world, int block, int row, kv_text *text);
void kvc_add_flow_name(const kvc_world *world, int block, int flow, kv_text *text);

/* json.c */
/* The file of a folder, with a message where it is not JSON; NULL then. */
json_t *kvc_json_read(kvc_world *world, const char *dir, const char *name, kv_status *status);
double kvc_json_number(const json_t *object, const char *name); /* NaN where there is none */
const char *kvc_json_text(const json_t *object, const char *name);
int kvc_flow_at(const kvc_world *world, int good, int arc); /* -1 = there is none */

#endif
