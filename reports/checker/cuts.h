/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts: inequalities that every plan meets, each with a derivation by mixed-integer rounding
 * (docs/certificate.md, Cuts; Marchand and Wolsey 2001).
 */
#ifndef KV_REPORTS_CHECKER_CUTS_H
#define KV_REPORTS_CHECKER_CUTS_H

#include "reports/checker/certificate.h"

/* sum of value * variable (<= or =) rhs. A variable is a design j, or designs + block * flows + f. */
typedef struct kvc_term {
    long variable;
    mpq_t *value;
} kvc_term;

typedef struct kvc_form {
    kvc_list term; /* kvc_term, each variable once */
    int *slot;     /* [room] hash table of the terms, 0 = free */
    size_t room;
    mpq_t *rhs;
    int equation;
} kvc_form;

struct kvc_cut {
    const char *name; /* without "cut:" */
    kvc_form row;     /* written with <= */
    int proved;
    int dropped; /* 1 = derived from rows that are left out when doing nothing */
};

/* Reads and proves the list `rows` of a certificate; one that is not proved is a failure, told to
 * `fail` (context, name, why). KV_OK or KV_ERR_INPUT (a cut without a name). */
typedef void kvc_cut_fault(void *context, const char *name, const char *why);
kv_status kvc_cuts_read(kvc_world *world, kvc_certificate *certificate, kvc_cut_fault *fail,
                        void *context);
/* The number of the cut, -1 = none. */
int kvc_cut_find(const kvc_certificate *certificate, const char *name);

/* form.c */
void kvc_form_make(kvc_world *world, kvc_form *form);
/* The value of a variable in the form, made 0 when it is new. */
mpq_t *kvc_form_at(kvc_world *world, kvc_form *form, long variable);
/* The row of that name ("side:...", "upper:x:...", ...). 0, or -1 where there is none. *dropped as
 * above. Cuts are not looked for. */
int kvc_form_row(kvc_world *world, const char *name, kvc_form *form, int *dropped);
/* "y:NAME" or "x:ARC:COMMODITY:BLOCK"; -1 = none. */
long kvc_variable_find(const kvc_world *world, const char *name);
/* The box of a variable, of whole numbers where it is integer. */
void kvc_variable_box(kvc_world *world, long variable, mpq_t lower, mpq_t upper);
int kvc_variable_integer(const kvc_world *world, long variable);

#endif
