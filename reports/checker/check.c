/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/check.h"

#include "base/memory.h"
#include "reports/checker/judge.h"

#include <math.h>
#include <string.h>

/* The row of the scenario that plan.json names, -1 for joint, -2 when there is none. */
static int scenario_of(const kv_case *the_case, const char *name)
{
    if (!name || strcmp(name, "joint") == 0)
        return name ? -1 : -2;
    for (int s = 0; s < the_case->scenarios.count; s++) {
        if (strcmp(the_case->scenarios.rows[s].scenario, name) == 0)
            return s;
    }
    return -2;
}

static kv_status read_head(kvc_checking *c)
{
    kv_status status;
    kv_where where = {.file = "plan.json"};
    c->plan.json = kvc_json_read(&c->world, c->plan.dir, "plan.json", &status);
    if (!c->plan.json)
        return status;
    c->plan.exists = json_is_number(json_object_get(c->plan.json, "objective"));
    if (c->world.file)
        return KV_OK;
    c->world.scenario = scenario_of(c->world.given, kvc_json_text(c->plan.json, "scenario"));
    if (c->world.scenario == -2) {
        kv_messages_add(c->world.messages, KV_FAULT, &where, "give the case that was solved",
                        "its scenario is none of the case's");
        return KV_ERR_INPUT;
    }
    return KV_OK;
}

/* The vectors that leaves use, priced with costs or as rays; each once. */
static void pricings_of(kvc_checking *c, const kvc_leaves *leaves)
{
    for (int i = 0; i < leaves->count; i++) {
        const kvc_leaf *leaf = &leaves->leaf[i];
        kvc_pricing **slot = &c->pricing[2 * leaf->vector + leaf->ray];
        if (!*slot)
            *slot = kvc_pricing_make(&c->world, &c->certificate, leaf->vector, leaf->ray);
    }
}

static void pricings_make(kvc_checking *c)
{
    c->pricing =
        kvc_alloc(c->world.arena, 2 * (size_t)c->certificate.n_vectors + 1, sizeof(kvc_pricing *));
    pricings_of(c, &c->certificate.leaves);
    pricings_of(c, &c->certificate.nothing);
}

/* One pass over all blocks: the plan's rows, and the prices of all vectors. */
static void blocks_pass(kvc_checking *c)
{
    kvc_world *w = &c->world;
    kvc_risk_box box;
    kvc_risk_begin(w, &box);
    for (int b = 0; b < w->n_blocks; b++) {
        kvc_chunk *mark = kvc_mark(w->arena);
        kvc_block block;
        kvc_block_make(w, b, &block);
        if (c->plan.exists)
            kvc_verify_block(&c->plan, &block, &c->findings);
        kvc_risk_block(&box, &block);
        for (int i = 0; i < 2 * c->certificate.n_vectors; i++) {
            if (c->pricing[i])
                kvc_price_block(c->pricing[i], &block);
        }
        kvc_release(w->arena, mark);
    }
    kvc_risk_end(w, &box);
    for (int i = 0; i < 2 * c->certificate.n_vectors; i++) {
        if (c->pricing[i])
            kvc_price_end(w, c->pricing[i]);
    }
}

static kv_status read_plan(kvc_checking *c)
{
    kv_status status;
    if (!c->plan.exists)
        return KV_OK;
    if (c->world.file) {
        status = kvc_file_decisions(&c->plan, &c->findings);
        return status == KV_OK ? kvc_file_flows(&c->plan, &c->findings) : status;
    }
    status = kvc_plan_decisions(&c->plan, &c->findings);
    return status == KV_OK ? kvc_plan_flows(&c->plan, &c->findings) : status;
}

/* What is not of one block, after all blocks. */
static kv_status verify_rest(kvc_checking *c)
{
    kv_status status = KV_OK;
    if (!c->plan.exists)
        return status;
    kvc_plan_risk(&c->plan);
    kvc_verify_decisions(&c->plan, &c->findings);
    kvc_verify_totals(&c->plan, &c->findings);
    if (c->world.file)
        return status;
    status = kvc_verify_budgets(&c->plan, &c->findings);
    if (status == KV_OK)
        status = kvc_verify_unserved(&c->plan, &c->findings);
    if (status == KV_OK)
        status = kvc_verify_costs(&c->plan, &c->findings);
    return status;
}

static kv_status run(kvc_checking *c)
{
    kvc_world *w = &c->world;
    kv_status status = read_head(c);
    if (status != KV_OK)
        return status;
    if (w->file)
        kvc_file_build(w);
    else
        kvc_world_build(w);
    kvc_findings_make(w, &c->findings);
    c->plan.slot_cost = kvc_numbers(w->arena, (size_t)w->n_slots);
    c->plan.co2 = kvc_numbers(w->arena, (size_t)w->n_blocks);
    c->plan.objective = kvc_numbers(w->arena, 1);
    status = kvc_certificate_read(w, c->plan.dir, &c->certificate);
    if (status == KV_OK)
        status = read_plan(c);
    if (status != KV_OK)
        return status;
    pricings_make(c);
    blocks_pass(c);
    status = verify_rest(c);
    if (status == KV_OK)
        kvc_judge(c);
    return status;
}

static void take_result(kvc_checking *c, kv_check_result *result)
{
    result->failed = c->findings.failed;
    for (int i = 0; i < KVC_FIGURE; i++)
        result->rows += c->findings.tally[i].rows;
    result->flows = c->flows;
    result->objective = c->plan.exists ? kvc_double(*c->plan.objective) : (double)NAN;
    result->bound = c->bound;
    result->report = c->findings.report;
    c->findings.report = (kv_text){0};
}

static kv_status check(const kv_case *the_case, const kv_benchmark *file, const char *dir,
                       const kv_check_options *options, kv_check_result *result,
                       kv_messages *messages)
{
    volatile kv_status status = KV_ERR_MEMORY;
    kvc_checking *c = kv_alloc(1, sizeof *c);
    *result = (kv_check_result){.objective = (double)NAN, .bound = (double)NAN};
    if (!c)
        return KV_ERR_MEMORY;
    c->arena.no_memory = &c->no_memory;
    c->world =
        (kvc_world){.arena = &c->arena, .given = the_case, .file = file, .messages = messages};
    c->plan.world = &c->world;
    c->plan.dir = dir;
    c->judge_claims = options && options->judge_claims;
    c->bound = (double)NAN;
    if (setjmp(c->no_memory) == 0)
        status = run(c);
    if (status == KV_OK && c->world.faulty_cells > 0)
        status = KV_ERR_INPUT;
    if (status == KV_OK)
        take_result(c, result);
    if (status == KV_OK && result->report.failed)
        status = KV_ERR_MEMORY;
    kv_text_clear(&c->certificate.unproved);
    json_decref(c->plan.json);
    json_decref(c->certificate.json);
    kvc_findings_clear(&c->findings);
    kvc_world_free(&c->world);
    kvc_arena_free(&c->arena);
    kv_free(c);
    return status;
}

kv_status kv_check(const kv_case *the_case, const char *dir, const kv_check_options *options,
                   kv_check_result *result, kv_messages *messages)
{
    return check(the_case, NULL, dir, options, result, messages);
}

kv_status kv_check_benchmark(const kv_benchmark *benchmark, const char *dir,
                             const kv_check_options *options, kv_check_result *result,
                             kv_messages *messages)
{
    return check(NULL, benchmark, dir, options, result, messages);
}
