/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/judge.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double near = 1e-9;  /* relative: sums of doubles against exact ones */
static const double proof = 1e-6; /* gap at which a plan is called proved */

static double tolerance(double value)
{
    return near * fmax(1, fabs(value));
}

static double claim(const kvc_checking *c, const char *field)
{
    return kvc_json_number(c->plan.json, field);
}

/* ---- what it speaks of ---- */

static void judge_hash(kvc_checking *c, const char *file, const char *written)
{
    char hash[32];
    snprintf(hash, sizeof hash, "%016" PRIx64, c->world.given->hash);
    if (!written || strcmp(written, hash) != 0)
        kvc_fail(&c->findings, "%s: made from other tables: case_hash is %s, the case's %s", file,
                 written ? written : "not there", hash);
}

static void judge_cuts(kvc_checking *c)
{
    const char *line = c->certificate.unproved.data;
    while (line && *line) {
        const size_t length = strcspn(line, "\n");
        kvc_fail(&c->findings, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void judge_identity(kvc_checking *c)
{
    const char *scenario = kvc_json_text(c->plan.json, "scenario");
    const double objective = claim(c, "objective"), other = c->certificate.objective;
    judge_hash(c, "plan.json", kvc_json_text(c->plan.json, "case_hash"));
    judge_hash(c, "certificate.json", c->certificate.hash);
    if (!c->world.file &&
        (!c->certificate.scenario || strcmp(c->certificate.scenario, scenario) != 0))
        kvc_fail(&c->findings, "certificate.json: it speaks of another scenario than plan.json");
    if (isnan(objective) != isnan(other) || fabs(objective - other) > tolerance(objective))
        kvc_fail(&c->findings, "certificate.json: objective is not that of plan.json");
}

/* ---- recomputing ---- */

static double recomputed(const kvc_bound *bound)
{
    if (bound->infinite != 0)
        return bound->infinite > 0 ? HUGE_VAL : -HUGE_VAL;
    return mpq_get_d(*bound->value);
}

/* Rounded downwards: what a double may exceed the number by is 1 part in 2^52. */
static double downwards(double value)
{
    return isfinite(value) ? nextafter(value, -HUGE_VAL) : value;
}

/* The least bound of leaves that cover a search; NaN = nothing is proved. */
static double leaves_bound(kvc_checking *c, const kvc_leaves *leaves, int idle, long *without_plan)
{
    double least = HUGE_VAL;
    if (leaves->count == 0)
        return NAN;
    for (int i = 0; i < leaves->count; i++) {
        const kvc_leaf *leaf = &leaves->leaf[i];
        kvc_bound bound;
        kvc_chunk *mark = kvc_mark(c->world.arena);
        kvc_leaf_bound(&c->world, c->pricing[2 * leaf->vector + leaf->ray], leaf, idle, &bound);
        const double value = recomputed(&bound);
        kvc_release(c->world.arena, mark);
        *without_plan += value == HUGE_VAL;
        least = fmin(least, downwards(value));
    }
    if (kvc_leaves_cover(&c->world, leaves))
        return least == -HUGE_VAL ? (double)NAN : least;
    kvc_fail(&c->findings, "certificate.json: %s do not cover the search, so they prove nothing",
             idle ? "the leaves of doing nothing" : "its leaves");
    return NAN;
}

static void recompute(kvc_checking *c)
{
    const kvc_certificate *it = &c->certificate;
    long unused = 0;
    for (int i = 0; i < 2 * it->n_vectors; i++)
        c->flows += c->pricing[i] ? c->pricing[i]->flows : 0;
    c->bound = leaves_bound(c, &it->leaves, 0, &c->infeasible);
    c->nothing = leaves_bound(c, &it->nothing, 1, &unused);
    c->no_plan = c->bound == HUGE_VAL;
    c->bound = isfinite(c->bound) ? c->bound : (double)NAN;
    c->nothing = isfinite(c->nothing) ? c->nothing : (double)NAN;
}

/* ---- claims ---- */

/* A bound that is claimed: no higher than what is proved. */
static void judge_bound(kvc_checking *c, const char *what, double claimed, double proved)
{
    if (isnan(claimed) || claimed <= proved + tolerance(claimed))
        return;
    if (isnan(proved))
        kvc_fail(&c->findings, "%s %.12g is not confirmed: nothing is proved", what, claimed);
    else
        kvc_fail(&c->findings, "%s %.12g is not confirmed: the certificate proves %.12g", what,
                 claimed, proved);
}

/* A gap that is claimed: no smaller than the one that is proved. */
static void judge_gap(kvc_checking *c, const char *field, double proved)
{
    const double claimed = claim(c, field);
    if (isnan(claimed) || claimed >= proved - tolerance(proved))
        return;
    if (isnan(proved))
        kvc_fail(&c->findings, "plan.json: %s %.6g is not confirmed: none is proved", field,
                 claimed);
    else
        kvc_fail(&c->findings, "plan.json: %s %.6g is not confirmed: it is at most %.6g", field,
                 claimed, proved);
}

double kvc_proved_gap(const kvc_checking *checking)
{
    const double objective = kvc_double(*checking->plan.objective), bound = checking->bound;
    if (!checking->plan.exists || isnan(bound))
        return NAN;
    if (fabs(objective - bound) <= 1e-12 * fmax(1, fabs(objective)))
        return 0;
    return (objective - bound) / fabs(objective);
}

double kvc_proved_decision_gap(const kvc_checking *checking)
{
    const double objective = kvc_double(*checking->plan.objective), bound = checking->bound;
    const double range = checking->nothing - bound;
    if (!checking->plan.exists || isnan(range))
        return NAN;
    if (fabs(objective - bound) <= 1e-12 * fmax(1, fabs(objective)))
        return 0;
    return range > 0 ? (objective - bound) / range : (double)NAN;
}

/* The share may be of very little, so that it is compared as money. */
static void judge_decision_gap(kvc_checking *c)
{
    const double claimed = claim(c, "certified_decision_gap");
    const double objective = kvc_double(*c->plan.objective);
    const double miss = objective - c->bound, range = c->nothing - c->bound;
    const double size = fmax(fabs(objective), fabs(c->nothing));
    if (isnan(claimed) || claimed * range >= miss - 4 * tolerance(size) * (1 + fabs(claimed)))
        return;
    kvc_fail(&c->findings, "plan.json: certified_decision_gap %.6g is not confirmed: it is %.6g",
             claimed, kvc_proved_decision_gap(c));
}

static void judge_constant(kvc_checking *c)
{
    kvc_world *w = &c->world;
    mpq_t *t = kvc_numbers(w->arena, 3);
    for (int b = 0; b < w->n_blocks; b++) {
        mpq_mul(t[2], w->money[b], w->probability[b / w->n_periods]);
        for (int i = 0; i < w->n_rows; i++) {
            const kvc_good *good = &KVC_AT(kvc_good, w->good, w->row_good[i]);
            if (w->row_node[i] != w->outside || good->origin >= 0)
                continue;
            kvc_set(
                t[0],
                w->reference[(size_t)b * (size_t)w->given->products.count + (size_t)good->product]);
            mpq_mul(t[0], t[0], t[2]);
            kvc_add_product(t[1], t[0], w->balance[(size_t)b * (size_t)w->n_rows + (size_t)i],
                            t[0]);
        }
    }
    if (w->constant)
        mpq_add(t[1], t[1], *w->constant);
    const double constant = kvc_double(t[1]), written = claim(c, "constant");
    if (!isnan(written) && fabs(written - constant) > tolerance(constant))
        kvc_fail(&c->findings, "plan.json: constant is %.12g, recomputed %.12g", written, constant);
}

static void judge_plan(kvc_checking *c)
{
    const double written = claim(c, "objective");
    const double objective = kvc_double(*c->plan.objective);
    const double nothing = claim(c, "do_nothing"), saving = claim(c, "saving");
    if (fabs(written - objective) > tolerance(objective))
        kvc_fail(&c->findings, "plan.json: objective is %.12g, the plan's cost is %.12g", written,
                 objective);
    /* Rows that hold to a tolerance may let a plan cost a little less than it could. */
    if (c->bound > objective + proof * fmax(1, fabs(objective)) && c->findings.failed == 0)
        kvc_fail(&c->findings, "the plan costs %.12g, less than the bound %.12g that is proved",
                 objective, c->bound);
    if (!isnan(nothing) && nothing < c->nothing - proof * fmax(1, fabs(nothing)))
        kvc_fail(&c->findings, "plan.json: do_nothing is %.12g, below its bound %.12g", nothing,
                 c->nothing);
    if (!isnan(saving) && fabs(saving - (nothing - written)) > tolerance(nothing))
        kvc_fail(&c->findings, "plan.json: saving is not do_nothing - objective");
}

static void judge_claims(kvc_checking *c)
{
    const char *status = kvc_json_text(c->plan.json, "status");
    const int optimal = status && strcmp(status, "optimal") == 0;
    const double gap = kvc_proved_gap(c);
    judge_bound(c, "plan.json: certified_bound", claim(c, "certified_bound"), c->bound);
    judge_bound(c, "certificate.json: bound", c->certificate.bound, c->bound);
    judge_bound(c, "plan.json: do_nothing_bound", claim(c, "do_nothing_bound"), c->nothing);
    judge_gap(c, "certified_gap", gap);
    judge_decision_gap(c);
    if (json_is_true(json_object_get(c->plan.json, "proved")) && !(gap <= proof * (1 + near)))
        kvc_fail(&c->findings, "plan.json: proved is not confirmed");
    if (optimal && !(gap <= proof * (1 + near)))
        kvc_fail(&c->findings, "plan.json: status optimal is not confirmed");
    if (status && strcmp(status, "infeasible") == 0 && !c->no_plan)
        kvc_fail(&c->findings, "plan.json: status infeasible is not confirmed");
    if (!c->plan.exists && status && (optimal || strcmp(status, "feasible") == 0))
        kvc_fail(&c->findings, "plan.json: it has no objective, yet its status is %s", status);
}

/* The engine's own bound and gaps fit each other; where they go beyond what is proved, that is told,
 * and a failure if claims are judged. */
static void judge_engine(kvc_checking *c)
{
    const double bound = claim(c, "bound"), objective = claim(c, "objective");
    const double nothing = claim(c, "do_nothing"), gap = claim(c, "gap");
    const double decision = claim(c, "decision_gap");
    const double proved = c->no_plan ? HUGE_VAL : c->bound;
    if (c->plan.exists && !isnan(bound + gap) &&
        fabs(gap * fabs(objective) - (objective - bound)) > tolerance(objective))
        kvc_fail(&c->findings, "plan.json: gap is not (objective - bound) / |objective|");
    if (c->plan.exists && !isnan(bound + decision + nothing) &&
        fabs(decision * (nothing - bound) - (objective - bound)) > tolerance(objective))
        kvc_fail(&c->findings,
                 "plan.json: decision_gap is not (objective - bound) / (do_nothing - bound)");
    if (isnan(bound) || bound <= proved + tolerance(bound))
        return;
    c->unconfirmed = 1;
    if (c->judge_claims)
        judge_bound(c, "plan.json: bound", bound, proved);
}

void kvc_judge(kvc_checking *checking)
{
    kvc_checking *c = checking;
    recompute(c);
    judge_identity(c);
    judge_cuts(c);
    if (c->plan.exists) {
        judge_plan(c);
        judge_constant(c);
    }
    judge_claims(c);
    judge_engine(c);
    kvc_write_report(c);
}
