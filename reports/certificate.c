/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.json: the multipliers from which the bound can be recomputed (docs/certificate.md).*/
#include "reports/report.h"

#include "solver/cut.h"
#include "solver/proof.h"

#include <math.h>
#include <string.h>

typedef struct writing {
    const kv_report *report;
    kv_text text, name;
    int any;       /* 1 = a multiplier was written */
    int first_cut; /* cuts of searches before this one */
} writing;

/* A multiplier under the name gathered in w->name, which is emptied. */
static void add_multiplier(writing *w, double value)
{
    kv_text_add(&w->text, w->any ? ",\n      " : "\n      ");
    kv_text_add_json(&w->text, w->name.data);
    kv_text_add(&w->text, ": ");
    kv_text_add_number(&w->text, value);
    w->any = 1;
    w->text.failed |= w->name.failed;
    kv_text_clear(&w->name);
}

static int counts(double value)
{
    return value != 0 && isfinite(value);
}

static void add_block_rows(writing *w, const kv_multipliers *multipliers, int b)
{
    const kv_problem *problem = w->report->problem;
    const char *block = problem->block_name[b];
    for (int i = 0; i < problem->n_balances; i++) {
        double pi = multipliers->balance[(size_t)b * (size_t)problem->n_balances + (size_t)i];
        if (!counts(pi))
            continue;
        kv_text_addf(&w->name, "flow:%s:%s:%s", problem->node_name[problem->balance_node[i]],
                     problem->commodity_name[problem->balance_commodity[i]], block);
        add_multiplier(w, pi);
    }
    for (int r = 0; r < problem->n_resources; r++) {
        double alpha = multipliers->resource[(size_t)b * (size_t)problem->n_resources + (size_t)r];
        if (!(counts(alpha) && alpha > 0))
            continue;
        kv_text_addf(&w->name, "resource:%s:%s", problem->resource_name[r], block);
        add_multiplier(w, alpha);
    }
}

static void add_openings(writing *w, const kv_multipliers *multipliers)
{
    const kv_problem *problem = w->report->problem;
    for (int i = 0; i < multipliers->n_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->opening[i]];
        int commodity = problem->flow_commodity[multipliers->opening_flow[i]];
        double beta = multipliers->opening_value[i];
        if (!(counts(beta) && beta > 0))
            continue;
        kv_text_addf(&w->name, "open:%s:%d:%s:%s", problem->arc_name[opening->arc], opening->set,
                     problem->commodity_name[commodity], problem->block_name[opening->block]);
        add_multiplier(w, beta);
    }
    for (int i = 0; i < multipliers->n_arc_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->arc_opening[i]];
        double beta = multipliers->arc_opening_value[i];
        if (!(counts(beta) && beta > 0))
            continue;
        kv_text_addf(&w->name, "open:%s:%d:*:%s", problem->arc_name[opening->arc], opening->set,
                     problem->block_name[opening->block]);
        add_multiplier(w, beta);
    }
}

static void add_rows(writing *w, const char *kind, const kv_rows *rows, const double *values)
{
    for (int i = 0; i < rows->count; i++) {
        if (!counts(values[i]) || (rows->sense[i] == 'L' && values[i] < 0))
            continue;
        kv_text_addf(&w->name, "%s:%s", kind, rows->name[i]);
        add_multiplier(w, values[i]);
    }
}

static int cut_number(const kv_proof *proof, const kv_cut *cut)
{
    int i = 0;
    while (i < proof->n_cuts && proof->cut[i] != cut)
        i++;
    return i;
}

static void add_cut_multipliers(writing *w, const kv_proof *proof, const kv_multipliers *m)
{
    for (int i = 0; proof && i < m->n_cut; i++) {
        if (!counts(m->cut_value[i]) || m->cut_value[i] < 0)
            continue;
        kv_text_addf(&w->name, "cut:%d", w->first_cut + cut_number(proof, m->cut[i]) + 1);
        add_multiplier(w, m->cut_value[i]);
    }
}

/* ---- cuts ---- */

static void add_flow_name(writing *w, const char *before, size_t x)
{
    const kv_problem *p = w->report->problem;
    size_t f = x % (size_t)p->n_flows;
    kv_text_addf(&w->name, "%s%s:%s:%s", before, p->arc_name[p->flow_arc[f]],
                 p->commodity_name[p->flow_commodity[f]], p->block_name[x / (size_t)p->n_flows]);
}

static void add_source_name(writing *w, const kv_source *s)
{
    const kv_problem *p = w->report->problem;
    if (s->kind == KV_FROM_BALANCE) {
        int row = s->row % p->n_balances;
        kv_text_addf(&w->name, "flow:%s:%s:%s", p->node_name[p->balance_node[row]],
                     p->commodity_name[p->balance_commodity[row]],
                     p->block_name[s->row / p->n_balances]);
    } else if (s->kind == KV_FROM_RESOURCE) {
        kv_text_addf(&w->name, "resource:%s:%s", p->resource_name[s->row % p->n_resources],
                     p->block_name[s->row / p->n_resources]);
    } else {
        const kv_opening *o = &p->openings[s->row];
        kv_text_addf(&w->name, "open:%s:%d:%s:%s", p->arc_name[o->arc], o->set,
                     p->commodity_name[p->flow_commodity[s->flow]], p->block_name[o->block]);
    }
}

static void add_cut(writing *w, const kv_cut *cut, int number)
{
    const kv_problem *p = w->report->problem;
    kv_text_addf(&w->text, "%s\n    { \"name\": \"%d\", \"over\": {", number > 1 ? "," : "",
                 number);
    w->any = 0;
    for (int i = 0; i < cut->n_design; i++) {
        kv_text_addf(&w->name, "y:%s", p->design_name[cut->design[i]]);
        add_multiplier(w, cut->design_value[i]);
    }
    for (int i = 0; i < cut->n_flows; i++) {
        add_flow_name(w, "x:", (size_t)cut->flow[i]);
        add_multiplier(w, cut->flow_value[i]);
    }
    kv_text_add(&w->text, " },\n      \"sense\": \"<=\", \"rhs\": ");
    kv_text_add_number(&w->text, cut->rhs);
    kv_text_add(&w->text, ", \"from\": {");
    w->any = 0;
    for (int i = 0; i < cut->n_sources; i++) {
        add_source_name(w, &cut->source[i]);
        add_multiplier(w, cut->source[i].factor);
    }
    kv_text_add(&w->text, " },\n      \"complement\": [");
    for (int i = 0; i < cut->n_complement; i++) {
        kv_text_add(&w->text, i ? ", " : " ");
        kv_text_addf(&w->name, "y:%s", p->design_name[cut->complement[i]]);
        kv_text_add_json(&w->text, w->name.data);
        kv_text_clear(&w->name);
    }
    kv_text_add(&w->text, " ], \"divide\": ");
    kv_text_add_number(&w->text, cut->divide);
    kv_text_add(&w->text, " }");
}

/* The cuts of both searches, numbered from 1. */
static void add_cuts(writing *w, const kv_proof *proof, const kv_proof *nothing)
{
    int own = proof ? proof->n_cuts : 0, others = nothing ? nothing->n_cuts : 0;
    if (own + others == 0)
        return;
    kv_text_add(&w->text, "  \"rows\": [");
    for (int i = 0; i < own; i++)
        add_cut(w, proof->cut[i], i + 1);
    for (int i = 0; i < others; i++)
        add_cut(w, nothing->cut[i], own + i + 1);
    kv_text_add(&w->text, "\n  ],\n");
}

static void add_field_number(kv_text *text, const char *name, double value)
{
    kv_text_addf(text, "  \"%s\": ", name);
    if (isfinite(value) && fabs(value) < 1e30)
        kv_text_add_number(text, value);
    else
        kv_text_add(text, "null");
    kv_text_add(text, ",\n");
}

/* What regret is counted from: the right-hand sides of the rows of risk. */
static void add_reference(writing *w)
{
    const kv_case *c = w->report->result->the_case;
    const kv_rows *rows = &w->report->problem->coupling;
    int any = 0;
    if (!c || c->the_case.rows[0].risk != KV_RISK_REGRET)
        return;
    for (int i = 0; i < rows->count; i++) {
        if (strncmp(rows->name[i], "risk:", 5) != 0)
            continue;
        kv_text_add(&w->text, any++ ? ", " : "  \"reference\": { ");
        kv_text_add_json(&w->text, rows->name[i] + 5);
        kv_text_add(&w->text, ": ");
        kv_text_add_number(&w->text, rows->rhs[i]);
    }
    kv_text_add(&w->text, any ? " },\n" : "");
}

static void add_head(writing *w)
{
    const kv_result *result = w->report->result;
    const kv_plan *plan = result->plan;
    kv_text_add(&w->text, "{\n  \"format\": \"kvarken-certificate\",\n  \"version\": 2,\n");
    kv_text_add(&w->text, "  \"case\": ");
    kv_text_add_json(&w->text, kv_result_case_name(result));
    kv_text_addf(&w->text, ",\n  \"case_hash\": \"%016llx\",\n  \"scenario\": ",
                 (unsigned long long)kv_result_case_hash(result));
    kv_text_add_json(&w->text, result->scenario);
    kv_text_add(&w->text, ",\n");
    add_field_number(&w->text, "objective",
                     kv_result_has_plan(result) ? plan->objective : (double)NAN);
    add_field_number(&w->text, "bound", plan->certified_bound);
    add_reference(w);
}

/* One entry of the pool: all multipliers of a plan. */
static void add_vector(writing *w, const kv_proof *proof, const kv_multipliers *multipliers)
{
    w->any = 0;
    kv_text_add(&w->text, "\n    {");
    for (int b = 0; b < w->report->problem->n_blocks; b++)
        add_block_rows(w, multipliers, b);
    add_openings(w, multipliers);
    add_rows(w, "coupling", &w->report->problem->coupling, multipliers->coupling);
    add_rows(w, "side", &w->report->problem->side, multipliers->side);
    add_cut_multipliers(w, proof, multipliers);
    kv_text_add(&w->text, "\n    }");
}

static void add_branch(writing *w, const kv_branch *branch)
{
    const kv_problem *problem = w->report->problem;
    kv_text_add(&w->text, "\n        { \"over\": {");
    for (int i = 0; i < branch->count; i++) {
        kv_text_add(&w->text, i ? ", " : " ");
        kv_text_add_json(&w->text, problem->design_name[branch->design[i]]);
        kv_text_add(&w->text, ": 1");
    }
    kv_text_addf(&w->text, " }, \"sense\": \"%s\", \"rhs\": %.0f }",
                 branch->sense == 'L' ? "<=" : ">=", branch->rhs);
}

/* The multipliers of side rows for one leaf: its own, else the vector's. */
static void add_leaf_side(writing *w, const kv_leaf *leaf, const double *side)
{
    const kv_rows *rows = &w->report->problem->side;
    w->any = 0;
    kv_text_add(&w->text, ",\n      \"side\": {");
    for (int i = 0; i < rows->count; i++) {
        double rate = side[i];
        for (int e = 0; e < leaf->n_side; e++)
            if (leaf->side[e] == i)
                rate = leaf->side_rate[e];
        if (!counts(rate) || (rows->sense[i] == 'L' && rate < 0))
            continue;
        kv_text_addf(&w->name, "side:%s", rows->name[i]);
        add_multiplier(w, rate);
    }
    kv_text_add(&w->text, " }");
}

/* `first`: entry of the pool where the proof's vectors begin. */
static void add_leaf(writing *w, const kv_leaf *leaf, const double *side, int first)
{
    int with_rate = 0;
    kv_text_add(&w->text, "\n    { \"kind\": \"leaf\", \"branches\": [");
    for (int i = 0; i < leaf->n_branches; i++) {
        kv_text_add(&w->text, i ? "," : "");
        add_branch(w, &leaf->branch[i]);
        if (leaf->branch_rate[i] > 0)
            with_rate = i + 1;
    }
    kv_text_addf(&w->text, "],\n      \"multipliers\": %d", first + leaf->vector);
    if (with_rate)
        kv_text_add(&w->text, ", \"branch_multipliers\": [");
    for (int i = 0; i < with_rate; i++) {
        kv_text_add(&w->text, i ? ", " : "");
        kv_text_add_number(&w->text, leaf->branch_rate[i]);
    }
    kv_text_add(&w->text, with_rate ? "]" : "");
    if (leaf->n_side > 0)
        add_leaf_side(w, leaf, side);
    kv_text_add(&w->text, " }");
}

/* The vectors of a search's proof, or the root's; how many, of `before` that stand already. */
static int add_pool(writing *w, const kv_plan *plan, int before)
{
    const kv_proof *proof = plan ? plan->proof : NULL;
    const int count = proof ? proof->n_vectors : plan && plan->multipliers;
    for (int v = 0; v < count; v++) {
        kv_text_add(&w->text, before + v ? "," : "");
        add_vector(w, proof, proof ? proof->vector[v] : plan->multipliers);
    }
    return count;
}

/* The leaves of a search whose vectors begin at `first` in the pool; none without vectors. */
static void add_parts(writing *w, const kv_plan *plan, int first)
{
    const kv_proof *proof = plan->proof;
    kv_text_add(&w->text, "\"parts\": [");
    if (!proof && plan->multipliers)
        kv_text_addf(&w->text,
                     "\n    { \"kind\": \"leaf\", \"branches\": [], \"multipliers\": %d }", first);
    for (int i = 0; proof && i < proof->n_leaves; i++) {
        kv_text_add(&w->text, i ? "," : "");
        add_leaf(w, &proof->leaf[i], proof->vector[proof->leaf[i].vector]->side, first);
    }
    kv_text_add(&w->text, proof || plan->multipliers ? "\n  ]" : "]");
}

static void add_nothing(writing *w, int first)
{
    const kv_plan *nothing = w->report->result->do_nothing;
    kv_text_add(&w->text, ",\n  \"do_nothing\": {\n  ");
    add_field_number(&w->text, "objective",
                     w->report->has_nothing ? nothing->objective : (double)NAN);
    kv_text_add(&w->text, "  ");
    add_field_number(&w->text, "bound", nothing->certified_bound);
    kv_text_add(&w->text, "  ");
    add_parts(w, nothing, first);
    kv_text_add(&w->text, "\n  }");
}

kv_status kv_report_certificate(const kv_report *report, const char *dir, kv_messages *messages)
{
    writing w = {.report = report};
    const kv_plan *plan = report->result->plan, *nothing = report->result->do_nothing;
    add_head(&w);
    add_cuts(&w, plan ? plan->proof : NULL, nothing ? nothing->proof : NULL);
    kv_text_add(&w.text, "  \"pool\": [");
    const int own = add_pool(&w, plan, 0);
    w.first_cut = plan && plan->proof ? plan->proof->n_cuts : 0;
    const int others = add_pool(&w, nothing, own);
    kv_text_add(&w.text, own + others ? "\n  ],\n  " : "],\n  ");
    add_parts(&w, plan, 0);
    if (others)
        add_nothing(&w, own);
    kv_text_add(&w.text, "\n}\n");
    kv_status status = kv_report_write_text(&w.text, dir, "certificate.json", messages);
    kv_text_clear(&w.text);
    kv_text_clear(&w.name);
    return status;
}
