/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/starts.h"

#include "oracle/in_force.h"
#include "oracle/memory.h"

#include <math.h>
#include <string.h>

int oracle_world_open(oracle_world *world, const kv_case *the_case, int scenario)
{
    int count = scenario >= 0 ? 1 : the_case->scenarios.count;
    memset(world, 0, sizeof *world);
    world->the_case = the_case;
    world->n_scenarios = count;
    world->n_periods = the_case->periods.count;
    world->scenario = oracle_alloc((size_t)count, sizeof(int));
    world->probability = oracle_alloc((size_t)count, sizeof(double));
    world->view = oracle_alloc((size_t)count, sizeof(kv_case *));
    for (int k = 0; k < count; k++) {
        int row = scenario >= 0 ? scenario : k;
        world->scenario[k] = row;
        world->probability[k] = count == 1 ? 1 : the_case->scenarios.rows[row].probability;
        if (kv_case_view(the_case, row, &world->view[k]) != KV_OK) {
            oracle_world_close(world);
            return -1;
        }
    }
    return 0;
}

void oracle_world_close(oracle_world *world)
{
    for (int k = 0; world->view && k < world->n_scenarios; k++) {
        kv_case_view_free(world->view[k]);
    }
    kv_free(world->view);
    kv_free(world->scenario);
    kv_free(world->probability);
    memset(world, 0, sizeof *world);
}

int oracle_is_common(const oracle_world *world, int period)
{
    int year = world->the_case->the_case.rows[0].decision_year;
    return year == 0 || world->the_case->periods.rows[period].first_year <= year;
}

double oracle_service_year(const kv_case *view, int project, int period)
{
    return view->periods.rows[period].first_year + view->projects.rows[project].lead_time_years;
}

int oracle_start_exists(const kv_case *view, int project, int period)
{
    const kv_project *p = &view->projects.rows[project];
    int first = view->periods.rows[period].first_year;
    int any = 0;
    if ((p->earliest_year && first < p->earliest_year) ||
        (p->latest_year && first > p->latest_year)) {
        return 0;
    }
    if (oracle_service_year(view, project, period) >
        view->periods.rows[view->periods.count - 1].first_year) {
        return 0;
    }
    for (int t = 0; t < view->periods.count; t++) {
        any |= oracle_start_serves(view, project, period, t);
    }
    return any;
}

int oracle_start_serves(const kv_case *view, int project, int start_period, int period)
{
    double ready = oracle_service_year(view, project, start_period);
    const kv_period *t = &view->periods.rows[period];
    return ready <= t->first_year &&
           ready + view->projects.rows[project].life_years >= t->last_year + 1;
}

/* Years over which the construction cost is spread. */
static int years_of_construction(const kv_project *p)
{
    return (int)fmax(1, ceil(p->lead_time_years));
}

double oracle_start_cost(const kv_case *view, int project, int period)
{
    const kv_project *p = &view->projects.rows[project];
    int first = view->periods.rows[period].first_year;
    int after = oracle_last_year(view) + 1;
    int n = years_of_construction(p);
    double ready = oracle_service_year(view, project, period);
    double construction = 0, operating = 0, residual = 0;
    for (int i = 0; i < n && first + i < after; i++) {
        construction += p->cost_meur / n * oracle_disc(view, first + i);
    }
    if (view->the_case.rows[0].residual_value == KV_RESIDUAL_STRAIGHT_LINE) {
        double left = fmax(0, ready + p->life_years - after) / p->life_years;
        residual = fmin(1, left) * p->cost_meur * oracle_disc(view, after);
    }
    double end = fmin(floor(ready + p->life_years), after);
    for (int y = (int)ceil(ready); y < end; y++) {
        operating += p->operating_meur_per_year * oracle_disc(view, y);
    }
    return p->freight_share * (construction - residual) + operating;
}

double oracle_start_spending(const kv_case *view, int project, int start_period, int period)
{
    const kv_project *p = &view->projects.rows[project];
    const kv_period *t = &view->periods.rows[period];
    int first = view->periods.rows[start_period].first_year;
    int n = years_of_construction(p), years = 0;
    for (int i = 0; i < n; i++) {
        years += first + i >= t->first_year && first + i <= t->last_year;
    }
    return p->cost_meur / n * years;
}

int oracle_start_seen(const oracle_start *start, int k)
{
    return start->scenario < 0 || start->scenario == k;
}

static void add_start(oracle_starts *starts, size_t *room, int project, int period, int scenario)
{
    oracle_room((void **)&starts->start, room, (size_t)starts->count, sizeof(oracle_start));
    starts->start[starts->count++] = (oracle_start){project, period, scenario};
}

void oracle_starts_list(const oracle_world *world, oracle_starts *starts)
{
    size_t room = 0;
    memset(starts, 0, sizeof *starts);
    for (int p = 0; p < world->the_case->projects.count; p++) {
        for (int t = 0; t < world->n_periods; t++) {
            if (oracle_is_common(world, t)) {
                if (oracle_start_exists(world->view[0], p, t)) {
                    add_start(starts, &room, p, t, -1);
                }
                continue;
            }
            for (int k = 0; k < world->n_scenarios; k++) {
                if (oracle_start_exists(world->view[k], p, t)) {
                    add_start(starts, &room, p, t, k);
                }
            }
        }
    }
}

void oracle_starts_free(oracle_starts *starts)
{
    kv_free(starts->start);
    memset(starts, 0, sizeof *starts);
}

void oracle_serving(const oracle_world *world, const oracle_starts *starts, const double *units,
                    int k, int period, double *served)
{
    memset(served, 0, sizeof(double) * (size_t)world->the_case->projects.count);
    for (int i = 0; i < starts->count; i++) {
        const oracle_start *it = &starts->start[i];
        if (oracle_start_seen(it, k) &&
            oracle_start_serves(world->view[k], it->project, it->period, period)) {
            served[it->project] += units[i];
        }
    }
}

double oracle_starts_cost(const oracle_world *world, const oracle_starts *starts,
                          const double *units)
{
    double cost = 0;
    for (int k = 0; k < world->n_scenarios; k++) {
        cost += world->probability[k] * oracle_starts_cost_seen(world, starts, units, k);
    }
    return cost;
}

double oracle_starts_cost_seen(const oracle_world *world, const oracle_starts *starts,
                               const double *units, int k)
{
    double cost = 0;
    for (int i = 0; i < starts->count; i++) {
        const oracle_start *it = &starts->start[i];
        if (units[i] != 0 && oracle_start_seen(it, k)) {
            cost += units[i] * oracle_start_cost(world->view[k], it->project, it->period);
        }
    }
    return cost;
}

/* Units of a project that scenario k starts at any time. */
static double started(const oracle_starts *starts, const double *units, int k, int project)
{
    double sum = 0;
    for (int i = 0; i < starts->count; i++) {
        if (starts->start[i].project == project && oracle_start_seen(&starts->start[i], k)) {
            sum += units[i];
        }
    }
    return sum;
}

static double sizes_broken(const kv_case *view, const oracle_starts *starts, const double *units,
                           int k)
{
    double worst = 0;
    for (int p = 0; p < view->projects.count; p++) {
        const kv_project *it = &view->projects.rows[p];
        double all = started(starts, units, k, p);
        worst = fmax(worst, all - it->max_units);
        if (!it->size_of) {
            continue;
        }
        for (int other = 0; other < view->projects.count; other++) {
            const char *text = view->projects.rows[other].size_of;
            if (other != p && text && strcmp(text, it->size_of) == 0) {
                all += started(starts, units, k, other);
            }
        }
        worst = fmax(worst, all - 1);
    }
    return worst;
}

static double requires_broken(const oracle_world *world, const oracle_starts *starts,
                              const double *units, int k, const kv_rule *rule)
{
    double worst = 0;
    double *served = oracle_alloc((size_t)world->the_case->projects.count, sizeof(double));
    for (int t = 0; t < world->n_periods; t++) {
        oracle_serving(world, starts, units, k, t, served);
        worst = fmax(worst, served[rule->project] -
                                world->view[k]->projects.rows[rule->project].max_units *
                                    served[rule->other]);
    }
    kv_free(served);
    return worst;
}

static double rule_broken(const oracle_world *world, const oracle_starts *starts,
                          const double *units, int k, const kv_rule *rule, int nothing)
{
    double project = started(starts, units, k, rule->project);
    double other = rule->other >= 0 ? started(starts, units, k, rule->other) : 0;
    switch ((kv_rule_kind)rule->rule) {
    case KV_RULE_REQUIRES: return requires_broken(world, starts, units, k, rule);
    case KV_RULE_EXCLUDES: return project + other - 1;
    case KV_RULE_JOINTLY: return nothing ? 0 : fabs(project - other);
    case KV_RULE_MANDATORY: return nothing ? 0 : 1 - project;
    }
    return INFINITY;
}

double oracle_rules_broken(const oracle_world *world, const oracle_starts *starts,
                           const double *units, int nothing)
{
    double worst = 0;
    for (int k = 0; k < world->n_scenarios; k++) {
        const kv_case *view = world->view[k];
        worst = fmax(worst, sizes_broken(view, starts, units, k));
        for (int i = 0; i < view->rules.count; i++) {
            worst =
                fmax(worst, rule_broken(world, starts, units, k, &view->rules.rows[i], nothing));
        }
    }
    return worst;
}

double oracle_funder_spends(const oracle_world *world, const oracle_starts *starts,
                            const double *units, int k, int funder, int period)
{
    const kv_case *view = world->view[k];
    double sum = 0;
    for (int i = 0; i < view->funding.count; i++) {
        const kv_funding *row = &view->funding.rows[i];
        for (int j = 0; j < starts->count && row->funder == funder; j++) {
            const oracle_start *it = &starts->start[j];
            if (it->project == row->project && units[j] != 0 && oracle_start_seen(it, k)) {
                sum += units[j] * row->share *
                       oracle_start_spending(view, it->project, it->period, period);
            }
        }
    }
    return sum;
}

double oracle_budget_of(const oracle_world *world, int k, int funder, int period, double *carry)
{
    const kv_case *view = world->view[k];
    *carry = 0;
    for (int i = 0; i < view->budgets.count; i++) {
        const kv_budget *row = &view->budgets.rows[i];
        if (row->funder == funder && row->period == period) {
            *carry = row->carry_over;
            return row->amount_meur * view->scenarios.rows[world->scenario[k]].budget_factor;
        }
    }
    return 0;
}

static int has_budget(const kv_case *view, int funder)
{
    for (int i = 0; i < view->budgets.count; i++) {
        if (view->budgets.rows[i].funder == funder) {
            return 1;
        }
    }
    return 0;
}

double oracle_budgets_broken(const oracle_world *world, const oracle_starts *starts,
                             const double *units)
{
    double worst = 0;
    for (int k = 0; k < world->n_scenarios; k++) {
        for (int f = 0; f < world->the_case->funders.count; f++) {
            double carried = 0, carry = 0, total = 0;
            for (int t = 0; t < world->n_periods && has_budget(world->view[k], f); t++) {
                double budget = oracle_budget_of(world, k, f, t, &carry);
                double spent = oracle_funder_spends(world, starts, units, k, f, t);
                double left = budget + carried - spent;
                total += budget;
                worst = fmax(worst, -left / fmax(1, budget + carried));
                carried = carry * fmin(fmax(0, left), total);
            }
        }
    }
    return worst;
}
