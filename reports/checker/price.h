/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bound that multipliers prove (mathematics.md, section 6), never rounded upwards. */
#ifndef KV_REPORTS_CHECKER_PRICE_H
#define KV_REPORTS_CHECKER_PRICE_H

#include "reports/checker/certificate.h"
#include "reports/checker/figures.h"

/* All of L that does not depend on side rows and boxes, for one vector; costs counted or not. */
typedef struct kvc_pricing {
    const kvc_vector *vector;
    const kvc_cut *cut; /* of the certificate */
    int ray;            /* 1 = all costs count as 0 */
    int lost;           /* 1 = beyond all prices or amounts that are kept: nothing is proved */
    mpz_ptr fixed;      /* in units of 1e-39 */
    mpq_t *design;      /* [designs] coefficient of y_j without side rows */
    long flows;         /* priced */
} kvc_pricing;

typedef struct kvc_bound {
    int infinite; /* 1 = +infinity: no plan; -1 = -infinity: nothing is proved; else `value` */
    mpq_t *value;
} kvc_bound;

kvc_pricing *kvc_pricing_make(kvc_world *world, const kvc_certificate *certificate, int vector,
                              int ray);
/* Adds what the multipliers make of a block; every block once. */
void kvc_price_block(kvc_pricing *pricing, const kvc_block *block);
/* What is not of one block; after the last. */
void kvc_price_end(kvc_world *world, kvc_pricing *pricing);

/* leaf.c: the bound of a leaf; `idle`: of doing nothing. */
void kvc_leaf_bound(kvc_world *world, const kvc_pricing *pricing, const kvc_leaf *leaf, int idle,
                    kvc_bound *bound);
/* 1 = the leaves cover all plans. */
int kvc_leaves_cover(kvc_world *world, const kvc_leaves *leaves);

/* risk.c: least and most that any scenario's cost can be; the box of eta and xi. */
typedef struct kvc_risk_box {
    mpz_ptr least, most; /* [slots] in units of 1e-39 */
} kvc_risk_box;
void kvc_risk_begin(kvc_world *world, kvc_risk_box *box);
void kvc_risk_block(kvc_risk_box *box, const kvc_block *block);
void kvc_risk_end(kvc_world *world, kvc_risk_box *box);

#endif
