/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/pair.h"

#include <string.h>

/* With more blocks than these an interior point shares them out well enough, and memory counts. */
enum { MOST_BLOCKS = 8 };

typedef struct lane {
    kv_pair *pair;
    kv_child *child;
    int good[2];
} lane;

kv_status kv_pair_create(kv_search *search, kv_pair *pair)
{
    memset(pair, 0, sizeof *pair);
    pair->search = search;
    if (search->problem.n_blocks > MOST_BLOCKS)
        return KV_OK;
    int threads = search->limits->threads > 1 ? search->limits->threads : 1;
    pair->has_twin = 1;
    kv_status status = kv_cut_rounds_follow(&search->rounds, &pair->twin);
    pair->both = kv_threads_create(threads > 1 ? 2 : 1);
    for (int i = 0; i < 2 && threads > 3; i++)
        if (!(pair->inside[i] = kv_threads_create(threads / 2)))
            status = KV_ERR_MEMORY;
    return pair->both ? status : KV_ERR_MEMORY;
}

void kv_pair_clear(kv_pair *pair)
{
    kv_cut_rounds_clear(&pair->twin);
    kv_threads_free(pair->both);
    kv_threads_free(pair->inside[0]);
    kv_threads_free(pair->inside[1]);
    memset(pair, 0, sizeof *pair);
}

static kv_cut_rounds *rounds_of(kv_pair *pair, int which)
{
    return which && pair->has_twin ? &pair->twin : &pair->search->rounds;
}

static void relax_one(void *context, int which, int worker)
{
    lane *l = context;
    kv_child *child = &l->child[which];
    (void)worker;
    if (child->there)
        child->status = kv_node_relax_near(l->pair->search, rounds_of(l->pair, which), &child->node,
                                           child->drop, &child->result, &l->good[which]);
}

/* Each with threads of its own. */
static void relax_both(lane *l)
{
    kv_pair *pair = l->pair;
    kv_threads *before[2];
    for (int i = 0; i < 2; i++) {
        before[i] = rounds_of(pair, i)->relaxation->threads;
        rounds_of(pair, i)->relaxation->threads = pair->inside[i];
    }
    kv_threads_run(pair->both, 2, relax_one, l);
    for (int i = 0; i < 2; i++)
        rounds_of(pair, i)->relaxation->threads = before[i];
}

void kv_pair_relax(kv_pair *pair, kv_child child[2])
{
    lane l = {.pair = pair, .child = child};
    if (pair->has_twin && child[0].there && child[1].there)
        relax_both(&l);
    else
        for (int i = 0; i < 2; i++)
            relax_one(&l, i, 0);
    for (int i = 0; i < 2; i++)
        if (child[i].there && !l.good[i] && child[i].status != KV_ERR_MEMORY) {
            kv_ipm_result_free(&child[i].result);
            child[i].status = kv_node_relax_whole(pair->search, &child[i].node, 0, child[i].drop,
                                                  &child[i].result);
        }
}
