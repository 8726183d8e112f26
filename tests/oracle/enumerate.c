/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/enumerate.h"

#include "base/text.h"
#include "oracle/memory.h"
#include "oracle/pieces.h"

#include <math.h>
#include <string.h>

typedef struct search {
    const oracle_world *world;
    oracle_pieces pieces;
    oracle_optimum *optimum;
    double *units; /* [starts] at hand */
} search;

double oracle_count_combinations(const oracle_world *world, const oracle_starts *starts)
{
    double product = 1;
    for (int p = 0; p < world->the_case->projects.count; p++) {
        int units = world->the_case->projects.rows[p].max_units;
        int n = 0;
        double ways = 1;
        for (int i = 0; i < starts->count; i++) {
            n += starts->start[i].project == p;
        }
        for (int i = 1; i <= n; i++) { /* n starts with a sum of at most `units`, or more */
            ways = ways * (units + i) / i;
        }
        product *= ways;
    }
    return product;
}

/* Units that may still be added at start i without more than max_units in any scenario. */
static double units_left(const search *s, int i)
{
    const oracle_start *it = &s->optimum->starts.start[i];
    double most = 0;
    for (int k = 0; k < s->world->n_scenarios; k++) {
        double sum = 0;
        if (!oracle_start_seen(it, k)) {
            continue;
        }
        for (int j = 0; j < i; j++) {
            const oracle_start *other = &s->optimum->starts.start[j];
            if (other->project == it->project && oracle_start_seen(other, k)) {
                sum += s->units[j];
            }
        }
        most = fmax(most, sum);
    }
    return s->world->the_case->projects.rows[it->project].max_units - most;
}

static void try_units(search *s)
{
    const double tiny = 1e-9;
    oracle_optimum *best = s->optimum;
    if (oracle_rules_broken(s->world, &best->starts, s->units, 0) > tiny ||
        oracle_budgets_broken(s->world, &best->starts, s->units) > tiny) {
        return;
    }
    best->combinations++;
    double objective = oracle_pieces_objective(&s->pieces, &best->starts, s->units, 0);
    if (isfinite(objective) && (!best->found || objective < best->objective)) {
        best->found = 1;
        best->objective = objective;
        memcpy(best->units, s->units, sizeof(double) * (size_t)best->starts.count);
    }
}

static void choose(search *s, int i)
{
    if (i == s->optimum->starts.count) {
        try_units(s);
        return;
    }
    double most = units_left(s, i);
    for (double units = 0; units <= most; units++) {
        s->units[i] = units;
        choose(s, i + 1);
    }
    s->units[i] = 0;
}

void oracle_enumerate(const kv_case *the_case, int scenario, const double *reference, double limit,
                      oracle_optimum *optimum)
{
    oracle_world world;
    search s = {.world = &world, .optimum = optimum};
    memset(optimum, 0, sizeof *optimum);
    optimum->do_nothing = NAN;
    if (oracle_world_open(&world, the_case, scenario) != 0) {
        optimum->failed = 1;
        return;
    }
    oracle_starts_list(&world, &optimum->starts);
    size_t starts = (size_t)optimum->starts.count + 1;
    optimum->units = oracle_alloc(starts, sizeof(double));
    s.units = oracle_alloc(starts, sizeof(double));
    oracle_pieces_open(&s.pieces, &world, reference);
    if (oracle_count_combinations(&world, &optimum->starts) > limit) {
        s.pieces.failed = 1;
    } else {
        choose(&s, 0);
        double nothing = oracle_pieces_objective(&s.pieces, &optimum->starts, s.units, 1);
        optimum->do_nothing = isfinite(nothing) ? nothing : NAN;
    }
    optimum->constant = s.pieces.constant;
    optimum->programmes = s.pieces.programmes;
    optimum->worst_error = s.pieces.worst_error;
    optimum->failed = s.pieces.failed;
    oracle_pieces_close(&s.pieces);
    oracle_world_close(&world);
    kv_free(s.units);
}

void oracle_optimum_free(oracle_optimum *optimum)
{
    oracle_starts_free(&optimum->starts);
    kv_free(optimum->units);
    memset(optimum, 0, sizeof *optimum);
}

char *oracle_optimum_text(const kv_case *the_case, const oracle_optimum *optimum)
{
    kv_text text = {0};
    kv_text_addf(&text, "objective %.12g, nothing %.12g, %ld combinations, %ld programmes;",
                 optimum->objective, optimum->do_nothing, optimum->combinations,
                 optimum->programmes);
    for (int i = 0; i < optimum->starts.count; i++) {
        const oracle_start *it = &optimum->starts.start[i];
        if (optimum->units[i] > 0) {
            kv_text_addf(&text, " %g %s@%d/%d", optimum->units[i],
                         the_case->projects.rows[it->project].project, it->period, it->scenario);
        }
    }
    return text.data;
}
