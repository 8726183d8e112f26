/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/certificate.h"

#include "reports/checker/cuts.h"

#include "base/file.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

static const char *const file = "certificate.json";

/* ---- JSON ---- */

json_t *kvc_json_read(kvc_world *world, const char *dir, const char *name, kv_status *status)
{
    json_error_t error;
    size_t length = 0;
    json_t *json = NULL;
    char *path = kv_path_join(dir, name), *text = NULL;
    *status = path ? kv_file_read(path, &text, &length, world->messages) : KV_ERR_MEMORY;
    if (*status == KV_OK) {
        json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
        kv_where where = {.file = name, .line = error.line};
        if (!json || !json_is_object(json)) {
            kv_messages_add(world->messages, KV_FAULT, &where, NULL, "it is not whole: %s",
                            json ? "not an object" : error.text);
            *status = KV_ERR_INPUT;
            json_decref(json);
            json = NULL;
        }
    }
    kv_free(text);
    kv_free(path);
    return json;
}

double kvc_json_number(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

const char *kvc_json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- reading ---- */

typedef struct reading {
    kvc_world *w;
    kvc_certificate *c;
    kv_status status;
} reading;

static void fault(reading *r, const char *where_in, size_t number, const char *what)
{
    kv_where where = {.file = file};
    kv_messages_add(r->w->messages, KV_FAULT, &where, NULL, "%s %zu: %s", where_in, number, what);
    r->status = KV_ERR_INPUT;
}

/* A multiplier of a name that no row has counts as 0. */
static void unknown_row(reading *r, const char *name)
{
    kv_where where = {.file = file, .value = name};
    r->c->unknown++;
    kv_messages_add(r->w->messages, KV_WARNING, &where, NULL,
                    "the case has no row '%s'; its multiplier counts as 0", name);
}

/* Sets the multiplier of one row. Negative ones of inequalities count as 0. */
static void set_multiplier(reading *r, kvc_vector *v, const char *name, double number)
{
    kvc_world *w = r->w;
    kvc_row_name row;
    const kvc_fix value = kvc_fix_near(number);
    const kvc_fix positive = value > 0 ? value : 0;
    if (strncmp(name, "cut:", 4) == 0 && kvc_cut_find(r->c, name + 4) >= 0) {
        const kvc_gamma gamma = {kvc_cut_find(r->c, name + 4), positive};
        if (r->c->cut[gamma.cut].proved && positive > 0)
            *(kvc_gamma *)kvc_push(w->arena, &v->cut, sizeof gamma) = gamma;
        return;
    }
    if (kvc_row_find(w, name, &row) != 0) {
        unknown_row(r, name);
        return;
    }
    switch (row.kind) {
    case 'f': v->pi[(size_t)row.block * (size_t)w->n_rows + (size_t)row.row] = value; break;
    case 'r':
        v->alpha[(size_t)row.block * (size_t)w->resource.count + (size_t)row.row] = positive;
        break;
    case 'o':
        if (positive > 0)
            *(kvc_beta *)kvc_push(w->arena, &v->beta, sizeof(kvc_beta)) =
                (kvc_beta){row.block, row.arc, row.set, row.flow, positive};
        break;
    case 'c': {
        const int kind = KVC_AT(kvc_coupling, w->coupling, row.row).kind;
        v->kappa[row.row] = kind == KVC_EMPTIES || kind == KVC_RECIPE ? value : positive;
        break;
    }
    default:
        v->gamma[row.row] = KVC_AT(kvc_row, w->side, row.row).sense == 'E' ? value : positive;
        break;
    }
}

static void read_vector(reading *r, size_t number, json_t *json)
{
    kvc_world *w = r->w;
    kvc_vector *v = &r->c->vector[number];
    const char *name;
    json_t *value;
    const size_t blocks = (size_t)w->n_blocks;
    v->pi = kvc_alloc(w->arena, blocks * (size_t)w->n_rows, sizeof(kvc_fix));
    v->alpha = kvc_alloc(w->arena, blocks * (size_t)w->resource.count, sizeof(kvc_fix));
    v->kappa = kvc_alloc(w->arena, (size_t)w->coupling.count, sizeof(kvc_fix));
    v->gamma = kvc_alloc(w->arena, (size_t)w->side.count, sizeof(kvc_fix));
    if (!json_is_object(json)) {
        fault(r, "pool", number, "it is no object");
        return;
    }
    json_object_foreach(json, name, value)
    {
        if (json_is_number(value))
            set_multiplier(r, v, name, json_number_value(value));
        else
            fault(r, "pool", number, "a multiplier is no number");
    }
}

static int is_whole(double number)
{
    return number == floor(number) && fabs(number) < 1e15;
}

/* One branch; 0, or -1 when it is none: an unknown or continuous variable, broken numbers. */
static int read_branch(reading *r, const json_t *json, kvc_branch *branch)
{
    kvc_world *w = r->w;
    json_t *over = json_object_get(json, "over"), *value;
    const char *sense = kvc_json_text(json, "sense"), *name;
    const double rhs = kvc_json_number(json, "rhs");
    const size_t count = json_object_size(over);
    if (count == 0 || !sense || !is_whole(rhs) ||
        (strcmp(sense, "<=") != 0 && strcmp(sense, ">=") != 0))
        return -1;
    branch->below = strcmp(sense, "<=") == 0;
    branch->design = kvc_alloc(w->arena, count, sizeof(int));
    branch->coefficient = kvc_numbers(w->arena, count + 1);
    branch->rhs = &branch->coefficient[count];
    kvc_set(*branch->rhs, branch->below ? rhs : -rhs);
    json_object_foreach(over, name, value)
    {
        const int j = kvc_find(w->design_names, name);
        const double number = json_is_number(value) ? json_number_value(value) : 0;
        if (j < 0 || !KVC_AT(kvc_design, w->design, j).integer || number == 0 || !is_whole(number))
            return -1;
        branch->design[branch->count] = j;
        kvc_set(branch->coefficient[branch->count++], branch->below ? number : -number);
    }
    return 0;
}

static void read_branches(reading *r, size_t number, const json_t *json, kvc_leaf *leaf)
{
    const json_t *branches = json_object_get(json, "branches");
    const json_t *multipliers = json_object_get(json, "branch_multipliers");
    leaf->n_branches = (int)json_array_size(branches);
    leaf->branch = kvc_alloc(r->w->arena, (size_t)leaf->n_branches, sizeof *leaf->branch);
    for (int i = 0; i < leaf->n_branches; i++) {
        const json_t *value = json_array_get(multipliers, (size_t)i);
        const kvc_fix psi = json_is_number(value) ? kvc_fix_near(json_number_value(value)) : 0;
        if (read_branch(r, json_array_get(branches, (size_t)i), &leaf->branch[i]) != 0) {
            fault(r, "part", number, "a branch is not over whole design variables of the case");
        }
        leaf->branch[i].multiplier = psi > 0 ? psi : 0;
    }
}

static void read_side(reading *r, kvc_leaf *leaf, json_t *json)
{
    kvc_world *w = r->w;
    const char *name;
    json_t *value;
    if (!json_is_object(json))
        return;
    leaf->gamma = kvc_alloc(w->arena, (size_t)w->side.count, sizeof(kvc_fix));
    json_object_foreach(json, name, value)
    {
        const int row = strncmp(name, "side:", 5) == 0 ? kvc_find(w->side_names, name + 5) : -1;
        const kvc_fix number = json_is_number(value) ? kvc_fix_near(json_number_value(value)) : 0;
        if (row < 0)
            unknown_row(r, name);
        else
            leaf->gamma[row] =
                KVC_AT(kvc_row, w->side, row).sense == 'E' || number > 0 ? number : 0;
    }
}

static int vector_number(const reading *r, const json_t *json)
{
    const json_t *value = json_object_get(json, "multipliers");
    const json_int_t number = json_is_integer(value) ? json_integer_value(value) : -1;
    return number >= 0 && number < r->c->n_vectors ? (int)number : -1;
}

static void read_leaf(reading *r, size_t number, json_t *json, kvc_leaf *leaf)
{
    const char *kind = kvc_json_text(json, "kind");
    leaf->vector = vector_number(r, json);
    if (!kind || strcmp(kind, "leaf") != 0) {
        fault(r, "part", number, "its kind is not known; it proves nothing");
    } else if (leaf->vector < 0) {
        fault(r, "part", number, "its multipliers are no entry of the pool");
    } else {
        leaf->ray = json_is_true(json_object_get(json, "ray"));
        read_branches(r, number, json, leaf);
        read_side(r, leaf, json_object_get(json, "side"));
    }
}

/* What regret is counted from; it is part of the problem, and taken as given. */
static void read_reference(reading *r)
{
    kvc_world *w = r->w;
    const json_t *reference = json_object_get(r->c->json, "reference");
    for (int s = 0; !w->file && s < w->n_slots; s++) {
        const json_t *value = json_object_get(reference, kvc_slot_name(w, s));
        if (json_is_number(value))
            kvc_set(w->risk_reference[s], json_number_value(value));
    }
}

static void read_leaves(reading *r, const json_t *parts, kvc_leaves *leaves)
{
    leaves->count = (int)json_array_size(parts);
    leaves->leaf = kvc_alloc(r->w->arena, (size_t)leaves->count, sizeof *leaves->leaf);
    for (size_t i = 0; i < (size_t)leaves->count; i++)
        read_leaf(r, i, json_array_get(parts, i), &leaves->leaf[i]);
}

static void cut_fault(void *context, const char *name, const char *why)
{
    reading *r = context;
    kv_text_addf(&r->c->unproved, "%scertificate.json: cut %s: %s",
                 r->c->unproved.length ? "\n" : "", name, why);
}

static void read_body(reading *r)
{
    kvc_certificate *c = r->c;
    const json_t *pool = json_object_get(c->json, "pool");
    const json_t *nothing = json_object_get(c->json, "do_nothing");
    c->n_vectors = (int)json_array_size(pool);
    c->vector = kvc_alloc(r->w->arena, (size_t)c->n_vectors, sizeof *c->vector);
    for (size_t i = 0; i < (size_t)c->n_vectors; i++)
        read_vector(r, i, json_array_get(pool, i));
    read_leaves(r, json_object_get(c->json, "parts"), &c->leaves);
    read_leaves(r, json_object_get(nothing, "parts"), &c->nothing);
}

kv_status kvc_certificate_read(kvc_world *world, const char *dir, kvc_certificate *certificate)
{
    kvc_certificate *c = certificate;
    reading r = {world, c, KV_OK};
    kv_where where = {.file = file};
    *c = (kvc_certificate){0};
    c->json = kvc_json_read(world, dir, file, &r.status);
    if (!c->json)
        return r.status;
    const char *format = kvc_json_text(c->json, "format");
    const json_t *version = json_object_get(c->json, "version");
    c->version = json_is_integer(version) ? (int)json_integer_value(version) : 0;
    if (!format || strcmp(format, "kvarken-certificate") != 0 || c->version != 2) {
        kv_messages_add(world->messages, KV_FAULT, &where, "solve the case again",
                        "it is no certificate of version 2; it proves nothing");
        return KV_ERR_INPUT;
    }
    c->the_case = kvc_json_text(c->json, "case");
    c->hash = kvc_json_text(c->json, "case_hash");
    c->scenario = kvc_json_text(c->json, "scenario");
    c->objective = kvc_json_number(c->json, "objective");
    c->bound = kvc_json_number(c->json, "bound");
    read_reference(&r);
    if (kvc_cuts_read(world, c, cut_fault, &r) != KV_OK)
        fault(&r, "row", (size_t)c->n_cuts, "it has no name");
    read_body(&r);
    return r.status;
}
