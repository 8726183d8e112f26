/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/cuts.h"

#include <string.h>

typedef struct used { /* a row of a derivation */
    kvc_form row;
    mpq_t *factor;
} used;

typedef struct deriving {
    kvc_world *w;
    kvc_certificate *c;
    kvc_cut *cut;
    kvc_list used;               /* used */
    kvc_form sum;                /* the combination, then the derived row */
    mpq_t *f0, *unit;            /* fraction of the right-hand side, 1 - it */
    mpq_t *t;                    /* scratch [5] */
    unsigned char *complemented; /* [terms of sum] */
    const char *why;
} deriving;

int kvc_cut_find(const kvc_certificate *certificate, const char *name)
{
    for (int i = 0; i < certificate->n_cuts; i++) {
        if (strcmp(certificate->cut[i].name, name) == 0)
            return i;
    }
    return -1;
}

static int number_of(const json_t *json, mpq_t number)
{
    if (!json_is_number(json))
        return -1;
    kvc_set(number, json_number_value(json));
    return 0;
}

/* sum += factor * row. */
static void add_form(kvc_world *w, kvc_form *sum, const kvc_form *row, const mpq_t factor, mpq_t t)
{
    for (int i = 0; i < row->term.count; i++) {
        const kvc_term *term = &KVC_AT(kvc_term, row->term, i);
        kvc_add_product(*kvc_form_at(w, sum, term->variable), factor, *term->value, t);
    }
    kvc_add_product(*sum->rhs, factor, *row->rhs, t);
}

/* ---- reading ---- */

static int read_from(deriving *d, json_t *from)
{
    const char *name;
    json_t *value;
    json_object_foreach(from, name, value)
    {
        used *row = kvc_push(d->w->arena, &d->used, sizeof *row);
        row->factor = kvc_numbers(d->w->arena, 1);
        if (number_of(value, *row->factor) != 0)
            return -1;
        if (strncmp(name, "cut:", 4) == 0) {
            const int i = kvc_cut_find(d->c, name + 4);
            if (i < 0 || !d->c->cut[i].proved)
                return -1;
            row->row = d->c->cut[i].row;
            d->cut->dropped |= d->c->cut[i].dropped;
        } else if (kvc_form_row(d->w, name, &row->row, &d->cut->dropped) != 0) {
            return -1;
        }
    }
    return d->used.count > 0 ? 0 : -1;
}

static int read_row(deriving *d, const json_t *json)
{
    kvc_form *row = &d->cut->row;
    const char *sense = kvc_json_text(json, "sense"), *name;
    json_t *value;
    const int above = sense && strcmp(sense, ">=") == 0;
    kvc_form_make(d->w, row);
    if (!sense || (!above && strcmp(sense, "<=") != 0) ||
        number_of(json_object_get(json, "rhs"), *row->rhs) != 0)
        return -1;
    json_object_foreach(json_object_get(json, "over"), name, value)
    {
        const long variable = kvc_variable_find(d->w, name);
        if (variable < 0 || number_of(value, *kvc_form_at(d->w, row, variable)) != 0)
            return -1;
    }
    for (int i = 0; above && i < row->term.count; i++)
        mpq_neg(*KVC_AT(kvc_term, row->term, i).value, *KVC_AT(kvc_term, row->term, i).value);
    if (above)
        mpq_neg(*row->rhs, *row->rhs);
    return 0;
}

/* ---- the derivation ---- */

static int combine(deriving *d)
{
    kvc_form_make(d->w, &d->sum);
    for (int i = 0; i < d->used.count; i++) {
        const used *row = &KVC_AT(used, d->used, i);
        add_form(d->w, &d->sum, &row->row, *row->factor, d->t[0]);
    }
    return 0;
}

static int read_complement(deriving *d, const json_t *list)
{
    d->complemented = kvc_alloc(d->w->arena, (size_t)d->sum.term.count + json_array_size(list), 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        const long variable = name ? kvc_variable_find(d->w, name) : -1;
        if (variable < 0)
            return -1;
        const mpq_t *value = (const mpq_t *)kvc_form_at(d->w, &d->sum, variable);
        for (int k = 0; k < d->sum.term.count; k++) {
            if ((const mpq_t *)KVC_AT(kvc_term, d->sum.term, k).value == value)
                d->complemented[k] = 1;
        }
    }
    return 0;
}

/* v of an integer variable becomes floor v + max(0, f(v) - f0) / (1 - f0). */
static void round_integer(deriving *d, mpq_t v)
{
    mpq_t *t = d->t;
    mpq_set(t[3], v);
    kvc_floor(t[3]);
    mpq_sub(v, v, t[3]);
    mpq_sub(v, v, *d->f0);
    if (mpq_sgn(v) < 0)
        mpq_set_ui(v, 0, 1);
    mpq_div(v, v, *d->unit);
    mpq_add(v, v, t[3]);
}

/* v of a continuous variable or a slack becomes min(0, v) / (1 - f0). */
static void round_continuous(deriving *d, mpq_t v)
{
    if (mpq_sgn(v) > 0)
        mpq_set_ui(v, 0, 1);
    mpq_div(v, v, *d->unit);
}

/* Where a variable is counted from: t[1] = its bound, sign -1 = complemented. */
static int counted_from(deriving *d, int i, mpq_t bound)
{
    const long variable = KVC_AT(kvc_term, d->sum.term, i).variable;
    if (d->complemented[i])
        kvc_variable_box(d->w, variable, d->t[4], bound);
    else
        kvc_variable_box(d->w, variable, bound, d->t[4]);
    return d->complemented[i] ? -1 : 1;
}

/* Steps 2 to 4: the sum, an equation with the slacks, becomes the derived row. */
static void round_row(deriving *d, const mpq_t divide)
{
    mpq_t *t = d->t, *rhs = d->sum.rhs;
    for (int i = 0; i < d->sum.term.count; i++) { /* variables counted from a bound */
        mpq_t *value = KVC_AT(kvc_term, d->sum.term, i).value;
        const int sign = counted_from(d, i, t[1]);
        mpq_mul(t[0], *value, t[1]);
        mpq_sub(*rhs, *rhs, t[0]);
        if (sign < 0)
            mpq_neg(*value, *value);
        mpq_div(*value, *value, divide);
    }
    mpq_div(*rhs, *rhs, divide);
    mpq_set(*d->f0, *rhs);
    kvc_floor(*rhs);
    mpq_sub(*d->f0, *d->f0, *rhs);
    mpq_set_ui(*d->unit, 1, 1);
    mpq_sub(*d->unit, *d->unit, *d->f0);
    for (int i = 0; i < d->sum.term.count; i++) { /* rounding, and back to the variables */
        const kvc_term *term = &KVC_AT(kvc_term, d->sum.term, i);
        if (kvc_variable_integer(d->w, term->variable))
            round_integer(d, *term->value);
        else
            round_continuous(d, *term->value);
        if (counted_from(d, i, t[1]) < 0)
            mpq_neg(*term->value, *term->value);
        mpq_mul(t[0], *term->value, t[1]);
        mpq_add(*rhs, *rhs, t[0]);
    }
    for (int i = 0; i < d->used.count; i++) { /* slacks: c t = c b - c a z */
        const used *row = &KVC_AT(used, d->used, i);
        if (row->row.equation || mpq_sgn(*row->factor) >= 0)
            continue;
        mpq_div(t[2], *row->factor, divide);
        round_continuous(d, t[2]);
        mpq_neg(t[2], t[2]);
        add_form(d->w, &d->sum, &row->row, t[2], t[0]);
    }
}

/* Whether the stated row follows from the derived one and the boxes. */
static int is_implied(deriving *d)
{
    mpq_t *t = d->t;
    kvc_form rest;
    kvc_form_make(d->w, &rest);
    mpq_set_ui(t[2], 1, 1);
    add_form(d->w, &rest, &d->cut->row, t[2], t[0]);
    mpq_set_si(t[2], -1, 1);
    add_form(d->w, &rest, &d->sum, t[2], t[0]);
    for (int i = 0; i < rest.term.count; i++) {
        const kvc_term *term = &KVC_AT(kvc_term, rest.term, i);
        kvc_variable_box(d->w, term->variable, t[0], t[1]);
        mpq_mul(t[0], *term->value, mpq_sgn(*term->value) > 0 ? t[1] : t[0]);
        mpq_sub(*rest.rhs, *rest.rhs, t[0]);
    }
    return mpq_sgn(*rest.rhs) >= 0;
}

static const char *derive(deriving *d, json_t *json)
{
    const json_t *divide = json_object_get(json, "divide");
    mpq_t *by = kvc_numbers(d->w->arena, 1);
    mpq_set_ui(*by, 1, 1);
    if (read_row(d, json) != 0)
        return "it is no inequality over variables of the case";
    if (read_from(d, json_object_get(json, "from")) != 0)
        return "it is derived from rows that are not there or not proved";
    if ((divide && number_of(divide, *by) != 0) || mpq_sgn(*by) <= 0)
        return "it is divided by a number that is not positive";
    combine(d);
    if (read_complement(d, json_object_get(json, "complement")) != 0)
        return "it complements a variable that is not there";
    round_row(d, *by);
    return is_implied(d) ? NULL : "it does not follow from its derivation";
}

kv_status kvc_cuts_read(kvc_world *world, kvc_certificate *certificate, kvc_cut_fault *fail,
                        void *context)
{
    const json_t *rows = json_object_get(certificate->json, "rows");
    const size_t count = json_array_size(rows);
    certificate->cut = kvc_alloc(world->arena, count, sizeof *certificate->cut);
    for (size_t i = 0; i < count; i++) {
        json_t *json = json_array_get(rows, i);
        kvc_cut *cut = &certificate->cut[i];
        deriving d = {.w = world, .c = certificate, .cut = cut};
        cut->name = kvc_json_text(json, "name");
        if (!cut->name)
            return KV_ERR_INPUT;
        d.t = kvc_numbers(world->arena, 7);
        d.f0 = &d.t[5];
        d.unit = &d.t[6];
        const char *why = derive(&d, json);
        cut->proved = why == NULL;
        certificate->n_cuts++;
        if (why)
            fail(context, cut->name, why);
    }
    return KV_OK;
}
