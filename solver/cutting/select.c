/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cutting/select.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const double parallel = 0.9;
static const double most_entries = 2e7; /* of all cuts that are compared */

void kv_cut_list_keep(void *context, kv_cut *cut)
{
    kv_cut_list *list = context;
    if (list->entries > most_entries) {
        kv_cut_free(cut);
        return;
    }
    list->entries += cut->n_design + cut->n_flows;
    if (list->count == list->room) {
        int room = 2 * list->room + 64;
        kv_cut **grown = kv_realloc(list->cut, (size_t)room, sizeof *grown);
        if (!grown) {
            list->status = KV_ERR_MEMORY;
            kv_cut_free(cut);
            return;
        }
        list->cut = grown;
        list->room = room;
    }
    list->cut[list->count++] = cut;
}

void kv_cut_list_clear(kv_cut_list *list)
{
    for (int i = 0; i < list->count; i++)
        kv_cut_free(list->cut[i]);
    kv_free(list->cut);
    memset(list, 0, sizeof *list);
}

typedef struct scored {
    kv_cut *cut;
    double score;
    int order;
} scored;

static int by_score(const void *a, const void *b)
{
    const scored *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static int too_parallel(const kv_cut *cut, kv_cut *const *chosen, int n)
{
    for (int i = 0; i < n; i++)
        if (kv_cut_parallel(cut, chosen[i]) > parallel)
            return 1;
    return 0;
}

kv_status kv_cut_list_select(kv_cut_list *list, const double *design, const double *flow, int most)
{
    scored *ranked = kv_alloc((size_t)list->count, sizeof *ranked);
    int n = list->count;
    if (!ranked)
        return KV_ERR_MEMORY;
    for (int i = 0; i < n; i++)
        ranked[i] = (scored){list->cut[i], kv_cut_efficacy(list->cut[i], design, flow), i};
    qsort(ranked, (size_t)n, sizeof *ranked, by_score);
    list->count = 0;
    for (int i = 0; i < n; i++) {
        kv_cut *next = ranked[i].cut;
        if (list->count < most && !too_parallel(next, list->cut, list->count))
            list->cut[list->count++] = next;
        else
            kv_cut_free(next);
    }
    list->entries = 0;
    kv_free(ranked);
    return KV_OK;
}
