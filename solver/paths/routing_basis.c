/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reduced basis: its inverse made anew and kept up. */
#include "base/memory.h"
#include "solver/paths/routing_parts.h"

#include <math.h>
#include <string.h>

static const double least_pivot = 1e-10;

/* ---- entries of W -------------------------------------------------------------------------- */

double kv_routing_use(const kv_routing *t, int group, int length, const int *arcs)
{
    double use = 0.0;
    for (int i = 0; i < length; i++)
        use += t->shape->arc[arcs[i]].group == group ? t->shape->arc[arcs[i]].use : 0.0;
    return use;
}

static double use_of_slot(const kv_routing *t, int group, int slot)
{
    return kv_routing_use(t, group, t->length[slot], t->arcs + (size_t)slot * (size_t)t->stride);
}

double kv_routing_entry_of(const kv_routing *t, int group, int q)
{
    return use_of_slot(t, group, t->n_demands + q) - use_of_slot(t, group, t->column_demand[q]);
}

/* value[row] += share x use of each full group by a slot's path. */
static void add_rows(const kv_routing *t, int slot, double share, double *value)
{
    const int *arcs = t->arcs + (size_t)slot * (size_t)t->stride;
    for (int i = 0; i < t->length[slot]; i++) {
        const kv_shape_arc *arc = &t->shape->arc[arcs[i]];
        if (arc->group >= 0 && t->row_of[arc->group] >= 0)
            value[t->row_of[arc->group]] += share * arc->use;
    }
}

/* ---- room ---------------------------------------------------------------------------------- */

static int grow_doubles(double **array, size_t count)
{
    double *grown = kv_realloc(*array, count, sizeof *grown);
    if (!grown)
        return -1;
    *array = grown;
    return 0;
}

static int grow_integers(int **array, size_t count)
{
    int *grown = kv_realloc(*array, count, sizeof *grown);
    if (!grown)
        return -1;
    *array = grown;
    return 0;
}

kv_status kv_routing_reserve(kv_routing *t, int size)
{
    if (size <= t->room)
        return KV_OK;
    int room = size + size / 2 + 8;
    size_t n = (size_t)room, slots = n + (size_t)t->n_demands;
    double *inverse = kv_alloc(n * n, sizeof *inverse);
    double *matrix = kv_alloc(n * n, sizeof *matrix);
    if (!inverse || !matrix || grow_integers(&t->length, slots) ||
        grow_integers(&t->arcs, slots * (size_t)t->stride) || grow_doubles(&t->path_cost, slots) ||
        grow_doubles(&t->amount, slots) || grow_integers(&t->column_demand, n) ||
        grow_integers(&t->row_group, n) || grow_doubles(&t->column, n) ||
        grow_doubles(&t->row, n)) {
        kv_free(inverse);
        kv_free(matrix);
        return KV_ERR_MEMORY;
    }
    for (int r = 0; r < t->size; r++)
        memcpy(inverse + (size_t)r * n, t->inverse + (size_t)r * (size_t)t->room,
               (size_t)t->size * sizeof *inverse);
    kv_free(t->inverse);
    kv_free(t->work_matrix);
    t->inverse = inverse;
    t->work_matrix = matrix;
    t->room = room;
    return KV_OK;
}

/* ---- anew ---------------------------------------------------------------------------------- */

void kv_routing_reset(kv_routing *t)
{
    for (int r = 0; r < t->size; r++)
        t->row_of[t->row_group[r]] = -1;
    t->size = t->updates = t->n_exceeded = 0;
    for (int i = 0; i < t->n_demands; i++) {
        t->length[i] = 0;
        t->amount[i] = t->shape->demand[t->first + i].amount;
        t->path_cost[i] = kv_routing_cost_of(t, i, 0, NULL);
    }
    for (int g = 0; g < t->n_groups; g++) {
        t->load[g] = 0.0;
        t->exceeded[g] = 0;
    }
}

/* The transpose of W, rows by column, into work_matrix; the unit matrix into inverse. */
static void load_matrix(kv_routing *t)
{
    size_t n = (size_t)t->size, room = (size_t)t->room;
    for (size_t q = 0; q < n; q++) {
        double *row = t->work_matrix + q * room;
        memset(row, 0, n * sizeof *row);
        add_rows(t, t->n_demands + (int)q, 1.0, row);
        add_rows(t, t->column_demand[q], -1.0, row);
        memset(t->inverse + q * room, 0, n * sizeof *row);
        t->inverse[q * room + q] = 1.0;
    }
}

static void swap_rows(double *matrix, size_t room, size_t n, size_t a, size_t b)
{
    for (size_t i = 0; i < n && a != b; i++) {
        double keep = matrix[a * room + i];
        matrix[a * room + i] = matrix[b * room + i];
        matrix[b * room + i] = keep;
    }
}

/* Gauss and Jordan, with the largest of a column as its pivot. */
static int invert(kv_routing *t)
{
    size_t n = (size_t)t->size, room = (size_t)t->room;
    double *m = t->work_matrix, *x = t->inverse;
    for (size_t c = 0; c < n; c++) {
        size_t best = c;
        for (size_t i = c + 1; i < n; i++)
            if (fabs(m[i * room + c]) > fabs(m[best * room + c]))
                best = i;
        if (fabs(m[best * room + c]) < least_pivot)
            return -1;
        swap_rows(m, room, n, c, best);
        swap_rows(x, room, n, c, best);
        double scale = 1.0 / m[c * room + c];
        for (size_t j = 0; j < n; j++) {
            m[c * room + j] *= scale;
            x[c * room + j] *= scale;
        }
        for (size_t i = 0; i < n; i++) {
            double factor = m[i * room + c];
            if (i == c || factor == 0.0)
                continue;
            for (size_t j = c; j < n; j++)
                m[i * room + j] -= factor * m[c * room + j];
            for (size_t j = 0; j < n; j++)
                x[i * room + j] -= factor * x[c * room + j];
        }
    }
    t->work += 2.0 * (double)(n * n * n);
    return 0;
}

static void add_load(kv_routing *t, int slot)
{
    const int *arcs = t->arcs + (size_t)slot * (size_t)t->stride;
    for (int i = 0; i < t->length[slot]; i++) {
        const kv_shape_arc *arc = &t->shape->arc[arcs[i]];
        if (arc->group >= 0)
            t->load[arc->group] += arc->use * t->amount[slot];
    }
}

/* Amounts of the basic paths, then loads. */
static void find_amounts(kv_routing *t)
{
    int n = t->size;
    for (int r = 0; r < n; r++)
        t->row[r] = t->capacity[t->row_group[r]];
    for (int i = 0; i < t->n_demands; i++) {
        t->amount[i] = t->shape->demand[t->first + i].amount;
        if (n > 0)
            add_rows(t, i, -t->amount[i], t->row);
    }
    for (int q = 0; q < n; q++)
        t->column[q] = 0.0;
    for (int r = 0; r < n; r++)
        for (int q = 0; q < n; q++)
            t->column[q] += t->row[r] * t->inverse[(size_t)r * (size_t)t->room + (size_t)q];
    for (int q = 0; q < n; q++) {
        t->amount[t->n_demands + q] = fmax(0.0, t->column[q]);
        t->amount[t->column_demand[q]] -= fmax(0.0, t->column[q]);
    }
    memset(t->load, 0, (size_t)t->n_groups * sizeof *t->load);
    for (int slot = 0; slot < t->n_demands + n; slot++) {
        t->amount[slot] = fmax(0.0, t->amount[slot]);
        add_load(t, slot);
    }
    t->work += (double)n * n + 8.0 * (t->n_demands + n);
}

int kv_routing_refactor(kv_routing *t)
{
    t->updates = 0;
    load_matrix(t);
    if (invert(t) != 0)
        return -1;
    find_amounts(t);
    return 0;
}

/* ---- kept up ------------------------------------------------------------------------------- */

void kv_routing_transform(kv_routing *t)
{
    memset(t->column, 0, (size_t)t->size * sizeof *t->column);
    for (int r = 0; r < t->size; r++) {
        const double *inverse = t->inverse + (size_t)r * (size_t)t->room;
        double value = t->row[r];
        if (value == 0.0)
            continue;
        for (int q = 0; q < t->size; q++)
            t->column[q] += value * inverse[q];
        t->work += 0.5 * t->size;
    }
}

static void swap_slots(kv_routing *t, int a, int b)
{
    int *at = t->arcs + (size_t)a * (size_t)t->stride,
        *bt = t->arcs + (size_t)b * (size_t)t->stride;
    int longest = t->length[a] > t->length[b] ? t->length[a] : t->length[b], length = t->length[a];
    double cost = t->path_cost[a], amount = t->amount[a];
    for (int i = 0; i < longest; i++) {
        int keep = at[i];
        at[i] = bt[i];
        bt[i] = keep;
    }
    t->length[a] = t->length[b];
    t->path_cost[a] = t->path_cost[b];
    t->amount[a] = t->amount[b];
    t->length[b] = length;
    t->path_cost[b] = cost;
    t->amount[b] = amount;
}

/* The columns of the demand become the difference to the new key: row q of the inverse becomes minus
 * the sum of the demand's rows. */
void kv_routing_swap_key(kv_routing *t, int q)
{
    int demand = t->column_demand[q];
    for (int r = 0; r < t->size; r++) {
        double *inverse = t->inverse + (size_t)r * (size_t)t->room, sum = 0.0;
        for (int other = 0; other < t->size; other++)
            sum += t->column_demand[other] == demand ? inverse[other] : 0.0;
        inverse[q] = -sum;
    }
    swap_slots(t, demand, t->n_demands + q);
    t->updates++;
    t->work += (double)t->size * t->size;
}

void kv_routing_replace_column(kv_routing *t, int q)
{
    const double *column = t->column;
    double pivot = column[q];
    for (int r = 0; r < t->size; r++) {
        double *inverse = t->inverse + (size_t)r * (size_t)t->room;
        double share = inverse[q] / pivot;
        if (share == 0.0)
            continue;
        for (int i = 0; i < t->size; i++)
            inverse[i] -= column[i] * share;
        inverse[q] = share;
    }
    t->updates++;
    t->work += (double)t->size * t->size;
}

/* row [size] times the inverse, into `out` [size] by rows. */
static void times_inverse(const kv_routing *t, const double *row, double *out)
{
    for (int r = 0; r < t->size; r++) {
        const double *inverse = t->inverse + (size_t)r * (size_t)t->room;
        double sum = 0.0;
        for (int q = 0; q < t->size; q++)
            sum += row[q] * inverse[q];
        out[r] = sum;
    }
}

kv_status kv_routing_border(kv_routing *t, double corner)
{
    int n = t->size;
    kv_status status = kv_routing_reserve(t, n + 1);
    if (status != KV_OK)
        return status;
    double *last = t->inverse + (size_t)n * (size_t)t->room, *across = t->work_matrix;
    double pivot = corner;
    for (int q = 0; q < n; q++)
        pivot -= t->row[q] * t->column[q];
    times_inverse(t, t->row, across);
    for (int r = 0; r < n; r++) {
        double *inverse = t->inverse + (size_t)r * (size_t)t->room, share = across[r] / pivot;
        for (int q = 0; q < n; q++)
            inverse[q] += t->column[q] * share;
        inverse[n] = -share;
    }
    for (int q = 0; q < n; q++)
        last[q] = -t->column[q] / pivot;
    last[n] = 1.0 / pivot;
    t->size++;
    t->updates++;
    t->work += 2.0 * (double)n * n;
    return KV_OK;
}

void kv_routing_replace_row(kv_routing *t, int row)
{
    double *across = t->work_matrix, *own = t->inverse + (size_t)row * (size_t)t->room;
    times_inverse(t, t->row, across);
    for (int q = 0; q < t->size; q++)
        own[q] /= across[row];
    for (int r = 0; r < t->size; r++) {
        double *inverse = t->inverse + (size_t)r * (size_t)t->room;
        for (int q = 0; q < t->size && r != row && across[r] != 0.0; q++)
            inverse[q] -= across[r] * own[q];
    }
    t->updates++;
    t->work += 2.0 * (double)t->size * t->size;
}

/* The last row and the last column move to where something went. */
void kv_routing_remove(kv_routing *t, int row, int q)
{
    int last = t->size - 1;
    double *own = t->inverse + (size_t)row * (size_t)t->room, pivot = own[q];
    for (int r = 0; r <= last; r++) {
        double *inverse = t->inverse + (size_t)r * (size_t)t->room, share = inverse[q] / pivot;
        for (int i = 0; i <= last && r != row && share != 0.0; i++)
            inverse[i] -= own[i] * share;
    }
    if (row != last)
        memcpy(own, t->inverse + (size_t)last * (size_t)t->room, (size_t)t->size * sizeof *own);
    for (int r = 0; r < last; r++)
        t->inverse[(size_t)r * (size_t)t->room + (size_t)q] =
            t->inverse[(size_t)r * (size_t)t->room + (size_t)last];
    t->size--;
    t->updates++;
    t->work += (double)last * last;
}
