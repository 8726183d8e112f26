/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indicators on what is built. Rules: docs/results.md. */
#include "reports/findings_parts.h"

#include "instances/schema.h"
#include "reports/summary.h"

#include <math.h>
#include <string.h>

static kv_verdict some_of(int good, int all)
{
    if (all == 0)
        return KV_VERDICT_UNKNOWN;
    return good == all ? KV_VERDICT_AGREES : good > 0 ? KV_VERDICT_PARTLY : KV_VERDICT_DISAGREES;
}

/* Cuts the next name off *names at '+'; NULL at the end. */
static char *next_name(char **names)
{
    char *name = *names;
    if (!name || !*name)
        return NULL;
    char *end = strchr(name, '+');
    if (end)
        *end++ = 0;
    *names = end;
    return name;
}

static int find_place(const kv_case *c, const char *place)
{
    for (int i = 0; i < c->places.count; i++) {
        if (strcmp(c->places.rows[i].place, place) == 0)
            return i;
    }
    return -1;
}

static const char *project_name(const kv_project *project)
{
    return project->name ? project->name : project->project;
}

/* ---- ports ---- */

/* The built projects that act on terminals of the place, into `text`; their number. */
static int list_terminal_projects(const kv_case *c, int place, const double *started, kv_text *text)
{
    int n = 0, last = -1;
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *effect = &c->effects.rows[i];
        if (effect->terminal < 0 || c->terminals.rows[effect->terminal].place != place ||
            started[effect->project] < 1e-6 || effect->project == last)
            continue;
        last = effect->project;
        kv_text_addf(text, "%s%s", n++ ? ", " : "", project_name(&c->projects.rows[last]));
    }
    return n;
}

/* The highest use of a terminal of the place over the blocks, its base load counted in. */
static double highest_use(const kv_report *report, int place)
{
    const kv_problem *problem = report->problem;
    double most = (double)NAN;
    for (int r = 0; r < problem->n_resources; r++) {
        const kv_resource_info *info = &report->map->resource[r];
        if (info->kind != KV_RESOURCE_TERMINAL ||
            report->the_case->terminals.rows[info->terminal].place != place)
            continue;
        for (int b = 0; b < problem->n_blocks; b++) {
            size_t i = (size_t)b * (size_t)problem->n_resources + (size_t)r;
            const kv_case *view = kv_report_view(report, kv_report_block_slot(report, b));
            const kv_terminal *terminal = &view->terminals.rows[info->terminal];
            double load = terminal->base_load_t_per_year *
                          kv_period_growth(view, report->map->block[b].period,
                                           terminal->base_load_growth_per_year);
            double room = report->usage.capacity[i] + load;
            if (room <= 0 || report->usage.capacity[i] >= 1e30)
                continue;
            double use = (report->usage.used[i] + load) / room;
            most = isnan(most) ? use : fmax(most, use);
        }
    }
    return most;
}

kv_verdict kv_finding_ports(const kv_report *report, char *names, const double *started,
                            kv_text *text)
{
    const kv_case *c = report->the_case;
    int all = 0, good = 0;
    for (char *name; (name = next_name(&names)) != NULL;) {
        int place = find_place(c, name);
        if (place < 0) {
            kv_text_addf(text, "The case has no place %s. ", name);
            return KV_VERDICT_UNKNOWN;
        }
        char use[KV_NUMBER_SIZE];
        kv_text built = {0};
        int n = list_terminal_projects(c, place, started, &built);
        kv_prose_percent(highest_use(report, place), use);
        kv_text_addf(text, "%s: %s (at its busiest %s used). ",
                     c->places.rows[place].name ? c->places.rows[place].name : name,
                     n ? built.data : "not extended", use);
        text->failed |= built.failed;
        kv_text_clear(&built);
        all++;
        good += n > 0;
    }
    return some_of(good, all);
}

/* ---- named projects, corridors ---- */

kv_verdict kv_finding_projects(const kv_report *report, char *names, const double *started,
                               kv_text *text)
{
    const kv_case *c = report->the_case;
    int all = 0, good = 0;
    for (char *name; (name = next_name(&names)) != NULL; all++) {
        int p = 0;
        while (p < c->projects.count && strcmp(c->projects.rows[p].project, name) != 0)
            p++;
        if (p == c->projects.count) {
            kv_text_addf(text, "The case has no project %s. ", name);
            return KV_VERDICT_UNKNOWN;
        }
        int first = 0;
        kv_text when = {0};
        for (int j = 0; j < report->problem->n_design; j++) {
            const kv_design_info *info = &report->map->design[j];
            if (info->kind != KV_DESIGN_START || info->project != p || report->design[j] < 1e-6)
                continue;
            int slot = kv_report_design_slot(report, j);
            kv_text_addf(&when, "%sfrom %d%s%s", first++ ? ", " : "",
                         c->periods.rows[info->period].first_year,
                         slot < report->map->n_scenarios ? " in scenario " : "",
                         slot < report->map->n_scenarios ? kv_report_scenario(report, slot) : "");
        }
        kv_text_addf(text, "%s: %s%s. ", project_name(&c->projects.rows[p]),
                     started[p] >= 1e-6 ? "built " : "not built", when.data ? when.data : "");
        text->failed |= when.failed;
        kv_text_clear(&when);
        good += started[p] >= 1e-6;
    }
    return some_of(good, all);
}

/* The number of built projects that act on links of a mode, and their cost. */
static int corridor_projects(const kv_case *c, int mode, const double *started, double *cost)
{
    int n = 0;
    *cost = 0;
    for (int p = 0; p < c->projects.count; p++) {
        int acts = 0;
        for (int i = 0; i < c->effects.count; i++) {
            const kv_effect *effect = &c->effects.rows[i];
            acts |= effect->project == p && effect->link >= 0 &&
                    c->links.rows[effect->link].mode == mode;
        }
        if (acts && started[p] >= 1e-6) {
            n++;
            *cost += c->projects.rows[p].cost_meur * started[p];
        }
    }
    return n;
}

kv_verdict kv_finding_corridors(const kv_report *report, char *names, const double *started,
                                kv_text *text)
{
    const kv_column *column = kv_schema_column(&kv_schema[KV_TABLE_LINKS], "mode");
    int all = 0, good = 0;
    for (char *name; (name = next_name(&names)) != NULL; all++) {
        int mode = 0;
        while (column->choices[mode] && strcmp(column->choices[mode], name) != 0)
            mode++;
        if (!column->choices[mode]) {
            kv_text_addf(text, "There is no mode %s. ", name);
            return KV_VERDICT_UNKNOWN;
        }
        double cost;
        char money[KV_NUMBER_SIZE];
        int n = corridor_projects(report->the_case, mode, started, &cost);
        kv_prose_number(cost, money);
        kv_text_addf(text, "%d project%s on %s links %s built (%s MEUR). ", n, n == 1 ? "" : "s",
                     name, n == 1 ? "is" : "are", money);
        good += n > 0;
    }
    return some_of(good, all);
}

/* ---- countries ---- */

/* t/yr over borders in the last period, expected. */
static double over_borders(const kv_report *report)
{
    const kv_problem *problem = report->problem;
    const kv_case *c = report->the_case;
    double sum = 0;
    for (int b = 0; b < problem->n_blocks; b++) {
        if (report->map->block[b].period != c->periods.count - 1)
            continue;
        const double *x = report->flow + (size_t)b * (size_t)problem->n_flows;
        double probability = report->map->probability[kv_report_block_slot(report, b)];
        for (int p = 0; p < problem->n_flows; p++) {
            const kv_arc_info *arc = &report->map->arc[problem->flow_arc[p]];
            int kind = report->map->commodity[problem->flow_commodity[p]].kind;
            if (x[p] <= 0 || kind == KV_COMMODITY_EMPTY ||
                (arc->kind != KV_ARC_LINK && arc->kind != KV_ARC_RANGE))
                continue;
            const kv_place *from = &c->places.rows[arc->place],
                           *to = &c->places.rows[arc->to_place];
            if (from->country != to->country && from->region && to->region)
                sum += probability * x[p];
        }
    }
    return sum;
}

kv_verdict kv_finding_countries(const kv_report *report, const double *started, kv_text *text)
{
    const kv_case *c = report->the_case;
    char number[KV_NUMBER_SIZE];
    int all = 0, good = 0;
    for (int p = 0; p < c->projects.count; p++) {
        const char *country = c->projects.rows[p].country;
        int seen = !country, n = 0;
        for (int q = 0; q < p && !seen; q++)
            seen = c->projects.rows[q].country == country;
        if (seen)
            continue;
        double cost = 0;
        for (int q = p; q < c->projects.count; q++) {
            int here = c->projects.rows[q].country == country && started[q] >= 1e-6;
            n += here;
            cost += here ? c->projects.rows[q].cost_meur * started[q] : 0;
        }
        kv_prose_number(cost, number);
        kv_text_addf(text, "%s%s: %d project%s, %s MEUR", all ? "; " : "", country, n,
                     n == 1 ? "" : "s", number);
        all++;
        good += n > 0;
    }
    kv_prose_number(over_borders(report) / 1e6, number);
    kv_text_addf(text, ". In the last period %s Mt a year cross a border inside the region. ",
                 number);
    if (all < 2)
        return KV_VERDICT_UNKNOWN;
    return good == all ? KV_VERDICT_AGREES : good > 1 ? KV_VERDICT_PARTLY : KV_VERDICT_DISAGREES;
}
