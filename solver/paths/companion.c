/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/companion.h"

#include "base/memory.h"
#include "base/parallel.h"

#include <math.h>

/* Without a better plan for so many slices, and for longer than it took to the last one, it works
 * less. */
static const double patience = 30.0, idle_share = 0.1;

struct kv_companion {
    kv_improver *improver;
    int threads;
    double deadline;
    double todo;        /* of this outing */
    double best;        /* cost of the best plan, */
    double best_at;     /* and the work that it had taken */
    kv_status status;   /* of this outing */
    kv_background *run; /* NULL = it is here */
};

kv_status kv_companion_create(kv_improver *improver, int threads, double deadline,
                              kv_companion **companion)
{
    kv_companion *c = *companion = kv_alloc(1, sizeof *c);
    if (!c) {
        kv_improver_free(improver);
        return KV_ERR_MEMORY;
    }
    *c = (kv_companion){.improver = improver,
                        .threads = threads,
                        .deadline = deadline,
                        .best = kv_improver_cost(improver),
                        .best_at = kv_improver_work(improver)};
    return KV_OK;
}

void kv_companion_free(kv_companion *companion)
{
    if (!companion)
        return;
    kv_background_join(companion->run);
    kv_improver_free(companion->improver);
    kv_free(companion);
}

static void go(void *context)
{
    kv_companion *c = context;
    c->status = kv_improver_run(c->improver, c->todo, NULL, c->deadline);
}

static double share(const kv_companion *c)
{
    double idle = kv_improver_work(c->improver) - c->best_at;
    double slice = kv_improver_slice(c->improver);
    return idle > fmax(c->best_at, patience * slice) ? idle_share : 1.0;
}

void kv_companion_send(kv_companion *companion, double engine_work)
{
    kv_companion *c = companion;
    c->todo = share(c) * engine_work;
    if (c->threads > 1)
        c->run = kv_background_begin(go, c);
    if (!c->run)
        go(c);
}

kv_status kv_companion_meet(kv_companion *companion, kv_improver **improver)
{
    kv_companion *c = companion;
    kv_background_join(c->run);
    c->run = NULL;
    double cost = kv_improver_cost(c->improver);
    if (cost < c->best) {
        c->best = cost;
        c->best_at = kv_improver_work(c->improver);
    }
    *improver = c->improver;
    return c->status;
}
