/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a block's flows add up to on its border, against Gauss on the whole system; and the same to
 * the last bit on any number of threads. */
#include "base/memory.h"
#include "base/random.h"
#include "solver/ipm/border.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define REGULAR 1e-8

enum { N_GLOBAL = 2 };

/* What a random block is like. */
typedef struct shape {
    int nodes, arcs, groups, hubs; /* arcs begin or end at one of the hubs; 0 = anywhere */
    double share;                  /* of the arcs that a group has */
} shape;

typedef struct sample {
    kv_block block;
    int n_y;
    double *theta, *slack;
} sample;

static void *room(size_t count, size_t size)
{
    void *memory = kv_alloc(count, size);
    cr_assert(memory != NULL);
    return memory;
}

static int below(kv_random *random, int n)
{
    return (int)(kv_random_uniform(random) * n);
}

static double any_theta(kv_random *random)
{
    return pow(10, 4 * kv_random_uniform(random) - 2);
}

/* An entry of the column that is made. */
static void add_entry(kv_block *k, int row, double value)
{
    k->entry_row[k->entry_first[k->n_columns + 1]] = row;
    k->entry[k->entry_first[k->n_columns + 1]++] = value;
}

/* Group g's flow on an arc: a resource row an arc, every third flow with an opening row, some with a
 * global row. Opening rows are numbered from n_dense on. */
static void add_flow(sample *s, kv_random *random, int g, int arc, int tail, int head)
{
    kv_block *k = &s->block;
    int first = k->group_row[g], a = k->n_columns;
    k->tail[a] = tail == 0 ? -1 : first + tail - 1;
    k->head[a] = head == 0 ? -1 : first + head - 1;
    k->entry_first[a + 1] = k->entry_first[a];
    add_entry(k, arc, 0.5 + kv_random_uniform(random));
    if (a % 3 == 0)
        add_entry(k, k->n_linking++, 1);
    if (a % 7 == 0) /* its number is known in the end */
        add_entry(k, -1 - a % N_GLOBAL, 0.1 + kv_random_uniform(random));
    k->n_columns++;
}

/* y of a resource row is that of its arc; of an opening row that of its flow's arc. */
static void add_designs(kv_block *k)
{
    k->y_first = room((size_t)k->n_linking + 1, sizeof(int));
    k->y_index = room((size_t)k->n_linking, sizeof(int));
    k->y_value = room((size_t)k->n_linking, sizeof(double));
    for (int r = 0; r < k->n_linking; r++) {
        k->y_first[r + 1] = r + 1;
        k->y_value[r] = r < k->n_dense ? -2 : -1;
        k->y_index[r] = r;
    }
    for (int a = 0; a < k->n_columns; a++)
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            if (k->entry_row[e] < 0)
                k->entry_row[e] = k->n_linking - 1 - k->entry_row[e];
            else if (k->entry_row[e] >= k->n_dense)
                k->y_index[k->entry_row[e]] = k->entry_row[k->entry_first[a]];
        }
}

static sample make_sample(kv_random *random, const shape *h)
{
    sample s = {.n_y = h->arcs};
    kv_block *k = &s.block;
    size_t most = (size_t)h->arcs * (size_t)h->groups;
    int *tail = room((size_t)h->arcs, sizeof(int)), *head = room((size_t)h->arcs, sizeof(int));
    k->n_groups = h->groups;
    k->n_dense = k->n_linking = h->arcs;
    k->tail = room(most, sizeof(int));
    k->head = room(most, sizeof(int));
    k->group_first = room((size_t)h->groups + 1, sizeof(int));
    k->group_row = room((size_t)h->groups + 1, sizeof(int));
    k->entry_first = room(most + 1, sizeof(int));
    k->entry_row = room(3 * most, sizeof(int));
    k->entry = room(3 * most, sizeof(double));
    for (int i = 0; i < h->arcs; i++) { /* each node is tied to one before it */
        head[i] = i + 1 < h->nodes ? i + 1 : below(random, h->nodes);
        tail[i] = below(random, h->hubs ? h->hubs : i + 1 < h->nodes ? i + 1 : h->nodes);
        if (tail[i] == head[i])
            tail[i] = head[i] > 0 ? head[i] - 1 : 1;
    }
    for (int g = 0; g < h->groups; g++) {
        for (int i = 0; i < h->arcs; i++)
            if (i + 1 < h->nodes || kv_random_uniform(random) < h->share)
                add_flow(&s, random, g, i, tail[i], head[i]);
        k->group_first[g + 1] = k->n_columns;
        k->group_row[g + 1] = k->n_rows += h->nodes - 1;
    }
    add_designs(k);
    s.theta = room((size_t)k->n_columns, sizeof(double));
    s.slack = room((size_t)k->n_linking, sizeof(double));
    for (int a = 0; a < k->n_columns; a++)
        s.theta[a] = any_theta(random);
    for (int r = 0; r < k->n_linking; r++)
        s.slack[r] = any_theta(random);
    kv_free(tail);
    kv_free(head);
    return s;
}

static void forget(sample *s)
{
    kv_block *k = &s->block;
    void *arrays[] = {k->tail,        k->head,      k->group_first, k->group_row,
                      k->entry_first, s->theta,     k->y_first,     k->y_index,
                      k->y_value,     k->entry_row, k->entry,       s->slack};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

/* ---- by Gauss ---- */

/* Rows: flow rows, opening rows, then the border. */
static int place_of_row(const sample *s, int row)
{
    const kv_block *k = &s->block;
    int openings = k->n_linking - k->n_dense;
    if (row >= k->n_linking)
        return k->n_rows + openings + k->n_dense + s->n_y + row - k->n_linking;
    return row < k->n_dense ? k->n_rows + openings + row : k->n_rows + row - k->n_dense;
}

static void add_product(const int *place, const double *value, int n, double theta, double *m,
                        size_t order)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            m[(size_t)place[i] * order + (size_t)place[j]] += theta * value[i] * value[j];
}

static void assemble(const sample *s, double *m, size_t order)
{
    const kv_block *k = &s->block;
    for (int a = 0; a < k->n_columns; a++) {
        int place[8], n = 0;
        double value[8];
        if (k->tail[a] >= 0) {
            place[n] = k->tail[a];
            value[n++] = 1;
        }
        if (k->head[a] >= 0) {
            place[n] = k->head[a];
            value[n++] = -1;
        }
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            place[n] = place_of_row(s, k->entry_row[e]);
            value[n++] = k->entry[e];
        }
        add_product(place, value, n, s->theta[a], m, order);
    }
    for (int r = 0; r < k->n_rows; r++)
        m[(size_t)r * (order + 1)] += REGULAR;
    for (int r = 0; r < k->n_linking; r++) {
        size_t at = (size_t)place_of_row(s, r);
        m[at * (order + 1)] += s->slack[r] + REGULAR;
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++) {
            size_t y = (size_t)(k->n_rows + k->n_linking + k->y_index[e]);
            m[at * order + y] += k->y_value[e];
            m[y * order + at] += k->y_value[e];
        }
    }
}

static void eliminate(double *m, size_t order, size_t n)
{
    for (size_t p = 0; p < n; p++)
        for (size_t i = p + 1; i < order; i++) {
            double factor = m[i * order + p] / m[p * order + p];
            for (size_t j = p; j < order && factor != 0; j++)
                m[i * order + j] -= factor * m[p * order + j];
        }
}

/* ---- and by the border ---- */

static void sum(kv_border *border, const sample *s, kv_threads *threads)
{
    kv_border_sizes sizes = {0};
    kv_border_shared shared = {0};
    kv_group_work work[2] = {{0}, {0}};
    kv_border_size(border, &sizes);
    cr_assert(kv_border_shared_create(&sizes, &shared) == KV_OK);
    for (int i = 0; i < 2; i++)
        cr_assert(kv_border_work_create(&sizes, &work[i]) == KV_OK);
    cr_assert(kv_border_sum(border, threads, s->theta, s->slack, REGULAR, &shared, work) == 0);
    kv_border_shared_free(&shared);
    for (int i = 0; i < 2; i++)
        kv_border_work_free(&work[i]);
}

/* What has been met. */
typedef struct seen {
    int dense, full, plain, pairs, gaps, batches, stacks;
} seen;

static void look(const kv_border *border, seen *all)
{
    for (int g = 0; g < border->columns.block->n_groups; g++) {
        kv_group_way way = border->group[g].way;
        all->dense |= way == KV_GROUP_STACK;
        all->pairs |= way == KV_GROUP_PAIRS;
        all->full |= border->group[g].n_full > 0;
        all->plain |= way == KV_GROUP_ROWS && border->group[g].n_full == 0;
    }
    for (int i = 0; i < border->n_batches; i++) {
        all->stacks |= border->batch[i].n_stacks > 1;
        for (int j = 0; j < border->batch[i].n_stacks; j++)
            all->gaps |= border->batch[i].stack[j].gaps;
    }
    all->batches |= border->n_batches > 1;
}

static void check(kv_random *random, const shape *h, size_t most_values, kv_threads *threads,
                  seen *all)
{
    sample s = make_sample(random, h);
    size_t first = (size_t)(s.block.n_rows + s.block.n_linking - s.block.n_dense);
    size_t n = (size_t)(s.block.n_dense + s.n_y + N_GLOBAL), order = first + n;
    double *m = room(order * order, sizeof(double)), most = 0, worst = 0;
    kv_border one, two;
    assemble(&s, m, order);
    eliminate(m, order, first);
    cr_assert(kv_border_create(&s.block, s.n_y, N_GLOBAL, 1, most_values, &one) == KV_OK);
    cr_assert(kv_border_create(&s.block, s.n_y, N_GLOBAL, 1, most_values, &two) == KV_OK);
    cr_assert((size_t)one.order == n, "every arc has a flow with an opening row");
    sum(&one, &s, NULL);
    for (int i = 0; i < 2; i++) /* a second time, in what the first left behind */
        sum(&two, &s, threads);
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            double plain = m[(first + i) * order + first + j], ours = one.matrix[j * n + i];
            most = fmax(most, fabs(plain));
            worst = fmax(worst, fabs(plain - ours));
            cr_assert(memcmp(&ours, &two.matrix[j * n + i], sizeof(double)) == 0, "threads");
        }
    cr_assert(worst <= 1e-9 * most, "%d nodes, %d arcs: %g of %g apart", h->nodes, h->arcs, worst,
              most);
    look(&one, all);
    kv_border_free(&one);
    kv_border_free(&two);
    kv_free(m);
    forget(&s);
}

Test(border, sums_are_those_of_gauss)
{
    static const shape shapes[] = {
        {2, 3, 3, 0, 1},      {5, 14, 7, 0, 1},     {12, 60, 4, 0, 1},
        {8, 50, 90, 0, 0.9},  {10, 40, 9, 0, 0.4},  {30, 45, 8, 0, .2},
        {40, 60, 12, 2, 0.5}, {25, 30, 10, 1, 0.3}, {20, 150, 5, 0, 0.1},
    };
    kv_threads *threads = kv_threads_create(2);
    kv_random random;
    seen all = {0};
    cr_assert(threads != NULL);
    kv_random_seed(&random, 5);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        check(&random, &shapes[i], KV_BORDER_VALUES, threads, &all);
        check(&random, &shapes[i], 200, threads, &all);
    }
    cr_expect(all.dense && all.pairs, "%d %d", all.dense, all.pairs);
    cr_expect(all.full && all.plain, "%d %d", all.full, all.plain);
    cr_expect(all.gaps && all.batches && all.stacks, "%d %d %d", all.gaps, all.batches, all.stacks);
    kv_threads_free(threads);
}

/* A diagonal that is not positive is told. */
Test(border, breakdown_is_told)
{
    static const shape h = {10, 30, 5, 0, 0.7};
    kv_random random;
    kv_border border;
    kv_border_sizes sizes = {0};
    kv_border_shared shared = {0};
    kv_group_work work = {0};
    kv_random_seed(&random, 6);
    sample s = make_sample(&random, &h);
    for (int a = s.block.group_first[3]; a < s.block.group_first[4]; a++)
        s.theta[a] = -1;
    cr_assert(kv_border_create(&s.block, s.n_y, N_GLOBAL, 1, 1, &border) == KV_OK);
    kv_border_size(&border, &sizes);
    cr_assert(kv_border_shared_create(&sizes, &shared) == KV_OK);
    cr_assert(kv_border_work_create(&sizes, &work) == KV_OK);
    cr_expect(kv_border_sum(&border, NULL, s.theta, s.slack, REGULAR, &shared, &work) == -1);
    kv_border_shared_free(&shared);
    kv_border_work_free(&work);
    kv_border_free(&border);
    forget(&s);
}

/* Every allocation may fail. */
Test(border, memory)
{
    static const shape h = {8, 50, 90, 0, 0.9};
    kv_random random;
    kv_status status = KV_ERR_MEMORY;
    kv_random_seed(&random, 7);
    sample s = make_sample(&random, &h);
    for (long i = 1; status != KV_OK; i += i < 60 ? 1 : 97) {
        kv_border border;
        kv_memory_fail_at(i, 1);
        status = kv_border_create(&s.block, s.n_y, N_GLOBAL, 1, 300, &border);
        kv_memory_fail_at(0, 0);
        cr_expect(status == KV_OK || status == KV_ERR_MEMORY);
        kv_border_free(&border);
    }
    forget(&s);
}
