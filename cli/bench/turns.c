/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a comparison in turns: instance by instance, ours and the others' one after the other. */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/bench/comparison.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* A comparison at work on an instance. */
typedef struct turn {
    cli_bench_comparison *c;
    const cli_bench_instance *instance;
    char *model;  /* owned: file of the exported model */
    int exported; /* the formulation in it, -1 = none */
    kv_messages *messages;
} turn;

static void show_start(const cli_bench_comparison *c, const kv_bench_run *run)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%d of %d: %s, %s %s ...\033[K", c->n_there + c->n_made + 1, c->n_all,
                run->instance, run->solver, run->formulation);
}

static void show_gap(double gap)
{
    if (isnan(gap))
        fputs("         -", stderr);
    else
        fprintf(stderr, " %7.3f %%", 100 * gap);
}

static void show_run(const cli_bench_comparison *c, const kv_bench_run *run)
{
    static const char *const names[] = {"solved", "limit", "overran", "infeasible", "failed"};
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    fprintf(stderr, "%d of %d: %-20s %-20s %-6s %-10s %8.2f s  gap", c->n_there + c->n_made,
            c->n_all, run->instance, run->solver, run->formulation, names[run->status],
            run->seconds);
    show_gap(*run->checked ? run->certified_gap : run->gap);
    if (*run->checked)
        fprintf(stderr, "  %s in %.2f s", run->checked, run->check_seconds);
    fprintf(stderr, "%s%s\n", *run->note ? "  " : "", run->note);
}

/* Takes the run in: runs.csv is whole again with it. */
static kv_status record(turn *t, kv_bench_run *run)
{
    cli_bench_comparison *c = t->c;
    kv_status status = kv_bench_runs_add(&c->runs, run);
    if (status == KV_OK)
        status = kv_bench_refresh(&c->runs, c->setup.out, t->instance->name, t->messages);
    if (status == KV_OK)
        status = kv_bench_runs_write(&c->runs, c->setup.out, t->messages);
    if (status == KV_OK) {
        c->n_made++;
        show_run(c, &c->runs.run[c->runs.count - 1]);
    }
    return status;
}

/* The model in that formulation, if it is not the one at hand. */
static kv_status export_model(turn *t, int formulation)
{
    if (t->exported == formulation)
        return KV_OK;
    t->exported = -1;
    kv_status status =
        cli_bench_export(&t->c->setup, t->instance, t->c->formulation[formulation], t->model);
    if (status == KV_OK)
        t->exported = formulation;
    return status;
}

static kv_status begin(turn *t, const char *solver, const char *formulation, kv_bench_run *run)
{
    kv_status status = kv_bench_run_begin(t->instance->name, solver, formulation, run);
    run->threads = t->c->setup.threads;
    run->limit = t->c->setup.limit;
    run->asked = t->c->setup.gap;
    run->best_known = t->instance->best_known;
    if (status == KV_OK)
        show_start(t->c, run);
    return status;
}

static kv_status visit_engine(turn *t, const char *engine)
{
    kv_bench_run run = {0};
    kv_text solver = {0};
    kv_status status = KV_ERR_MEMORY;
    kv_text_addf(&solver, "kvarken-%s", engine);
    if (solver.failed)
        goto out;
    status = KV_OK;
    if (kv_bench_runs_find(&t->c->runs, t->instance->name, solver.data, ""))
        goto out;
    status = begin(t, solver.data, "", &run);
    if (status == KV_OK)
        status = cli_bench_run_ours(&t->c->setup, t->instance, engine, &run);
    if (status == KV_OK)
        status = record(t, &run);
out:
    kv_bench_run_clear(&run);
    kv_text_clear(&solver);
    return status;
}

static kv_status visit_peer(turn *t, const cli_bench_peer *peer, int formulation)
{
    kv_bench_run run = {0};
    const char *name = t->c->formulation[formulation];
    if (kv_bench_runs_find(&t->c->runs, t->instance->name, peer->name, name))
        return KV_OK;
    kv_status status = export_model(t, formulation);
    if (status == KV_OK)
        status = begin(t, peer->name, name, &run);
    if (status == KV_OK)
        status = cli_bench_run_peer(&t->c->setup, peer, t->model, &run);
    if (status == KV_OK)
        status = record(t, &run);
    kv_bench_run_clear(&run);
    return status;
}

static kv_status visit(cli_bench_comparison *c, const cli_bench_instance *instance,
                       kv_messages *messages)
{
    turn t = {.c = c, .instance = instance, .exported = -1, .messages = messages};
    kv_status status = KV_OK;
    t.model = kv_path_join(c->setup.work, "model.mps");
    if (!t.model)
        return KV_ERR_MEMORY;
    for (int e = 0; e < c->n_engines && status == KV_OK; e++)
        status = visit_engine(&t, c->engine[e]);
    for (int f = 0; f < c->n_formulations; f++)
        for (int p = 0; p < c->n_peers && status == KV_OK; p++)
            status = visit_peer(&t, c->peer[p], f);
    kv_free(t.model);
    return status == KV_OK && kv_stop_requested() ? KV_ERR_LIMIT : status;
}

/* The list may know better plans than it did when runs were made. */
static kv_status renew(cli_bench_comparison *c, kv_messages *messages)
{
    kv_status status = KV_OK;
    for (size_t i = 0; i < c->list.count && status == KV_OK; i++) {
        const cli_bench_instance *instance = &c->list.instance[i];
        int found = 0;
        for (size_t r = 0; r < c->runs.count; r++) {
            if (strcmp(c->runs.run[r].instance, instance->name) != 0)
                continue;
            c->runs.run[r].best_known = instance->best_known;
            found = 1;
        }
        if (found)
            status = kv_bench_refresh(&c->runs, c->setup.out, instance->name, messages);
    }
    if (status == KV_OK && c->runs.count > 0)
        status = kv_bench_runs_write(&c->runs, c->setup.out, messages);
    return status;
}

static int is_made(const cli_bench_comparison *c, const char *instance, const char *solver,
                   const char *formulation)
{
    return kv_bench_runs_find(&c->runs, instance, solver, formulation) != NULL;
}

static void count_runs(cli_bench_comparison *c)
{
    char solver[64];
    for (size_t i = 0; i < c->list.count; i++) {
        const char *name = c->list.instance[i].name;
        c->n_all += c->n_engines + c->n_peers * c->n_formulations;
        for (int e = 0; e < c->n_engines; e++) {
            snprintf(solver, sizeof solver, "kvarken-%s", c->engine[e]);
            c->n_there += is_made(c, name, solver, "");
        }
        for (int p = 0; p < c->n_peers; p++)
            for (int f = 0; f < c->n_formulations; f++)
                c->n_there += is_made(c, name, c->peer[p]->name, c->formulation[f]);
    }
    if (c->n_there > 0)
        fprintf(stderr, "%d of %d runs are in %s and are not made again\n", c->n_there, c->n_all,
                c->setup.out);
}

kv_status cli_bench_make_runs(cli_bench_comparison *comparison, kv_messages *messages)
{
    count_runs(comparison);
    kv_status status = renew(comparison, messages);
    if (status != KV_OK)
        return status;
    for (size_t i = 0; i < comparison->list.count; i++) {
        kv_status visited = visit(comparison, &comparison->list.instance[i], messages);
        if (visited != KV_OK)
            status = visited;
        if (visited != KV_OK && visited != KV_ERR_INPUT)
            break;
    }
    if (status != KV_OK && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    return status;
}
