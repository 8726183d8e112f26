/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects on what the case has, who pays for them, and the rules between them. */
#include "oracle/tiny_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Ways to start a project with n starts and these units, more or less. */
static double ways(int starts, int units)
{
    double product = 1;
    for (int i = 1; i <= starts; i++) {
        product = product * (units + i) / i;
    }
    return product;
}

/* One row of projects.csv unless the case would get too many combinations: 1 = it was added. */
static int project_row(tiny *t, const char *kind, double low_cost, double high_cost, int units,
                       const char *size_of)
{
    static const char *const leads[] = {"0", "0", "1", "2", "1.5"};
    int first = tiny_integer(t, 0, t->periods - 1), last = tiny_integer(t, first, t->periods - 1);
    const char *lead = leads[t->periods > 1 && first < t->periods - 1 ? tiny_integer(t, 0, 4) : 0];
    int starts = 0;
    char latest[16] = "";
    for (int p = first; p <= last; p++) {
        int copies = t->decision_year && t->first_year[p] > t->decision_year ? t->scenarios : 1;
        starts += copies;
    }
    double more = ways(starts, units);
    if (t->combinations * more > t->most_combinations || t->n_projects >= 6) {
        return 0;
    }
    t->combinations *= more;
    char *name = t->project[t->n_projects];
    snprintf(name, sizeof t->project[0], "%s_%d", kind, t->n_projects + 1);
    snprintf(latest, sizeof latest, "%d", t->first_year[last]);
    tiny_row(t, KV_TABLE_PROJECTS, "%s,%s,%.4g,%s,%s,%d,%s,%s,%d,%d,%s", name, kind,
             0.6 * tiny_number(t, low_cost, high_cost), tiny_maybe(t, 0.3) ? "0.5" : "",
             tiny_maybe(t, 0.3) ? "0.1" : "", t->first_year[first], latest, lead,
             tiny_integer(t, 9, 40), units, size_of);
    t->project_units[t->n_projects] = units;
    t->project_sized[t->n_projects] = size_of[0] != 0;
    t->n_projects++;
    return 1;
}

static const char *last_project(const tiny *t)
{
    return t->project[t->n_projects - 1];
}

/* project,effect,link,terminal,place,carrier,technology,amount,unit,factor,hours */
static void open_road_or_rail(tiny *t, int i)
{
    static const char *const kinds[] = {"corridor", "corridor", "other", "ferry"};
    if (project_row(t, kinds[t->closed_mode[i]], 2, 20, 1, "")) {
        tiny_row(t, KV_TABLE_EFFECTS, "%s,open_link,%s,,,,,,,,", last_project(t),
                 t->closed_link[i]);
        for (int l = 0; l < t->n_tight && tiny_maybe(t, 0.4); l++) {
            if (strcmp(t->tight_link[l], t->closed_link[i]) == 0) {
                tiny_row(t, KV_TABLE_EFFECTS, "%s,link_capacity,%s,,,,,50,kt/yr,,", last_project(t),
                         t->tight_link[l]);
            }
        }
    }
    if (tiny_maybe(t, 0.15) && project_row(t, "corridor", 1, 10, 1, "")) { /* another way to it */
        tiny_row(t, KV_TABLE_EFFECTS, "%s,open_link,%s,,,,,,,,", last_project(t),
                 t->closed_link[i]);
        tiny_row(t, KV_TABLE_EFFECTS, "%s,improve_link,%s,,,,,,,0.85,", last_project(t),
                 t->closed_link[i]);
    }
}

static void widen_link(tiny *t, int i)
{
    const char *unit = t->tight_mode[i] == KV_MODE_RAIL ? "trains/day" : "kt/yr";
    int rail = t->tight_mode[i] == KV_MODE_RAIL, sized = tiny_maybe(t, 0.3);
    int units = sized ? 1 : tiny_integer(t, 1, 2);
    for (int size = 0; size < 1 + sized; size++) {
        char name[24] = "";
        if (sized) {
            snprintf(name, sizeof name, "size_%d", i);
        }
        if (project_row(t, t->tight_mode[i] == KV_MODE_FERRY ? "ferry" : "corridor", 1 + 3 * size,
                        8 + 8 * size, units, name)) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,link_capacity,%s,,,,,%.4g,%s,,", last_project(t),
                     t->tight_link[i],
                     (1 + size) * (rail ? tiny_number(t, 0.1, 0.6) : tiny_number(t, 20, 120)),
                     unit);
        }
    }
}

static void improve_link(tiny *t, int i)
{
    if (project_row(t, "corridor", 1, 9, 1, "")) {
        char hours[16] = "";
        if (tiny_maybe(t, 0.5)) {
            snprintf(hours, sizeof hours, "%.3g", tiny_number(t, -3, -0.2));
        }
        tiny_row(t, KV_TABLE_EFFECTS, "%s,improve_link,%s,,,,,,,%.3g,%s", last_project(t),
                 t->any_link[i], tiny_number(t, 0.6, 0.95), hours);
    }
}

static void electrify(tiny *t)
{
    if (t->n_bare > 0 && project_row(t, "electrification", 1, 12, 1, "")) {
        for (int i = 0; i < t->n_bare; i++) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,electrify,%s,,,,,,,,", last_project(t),
                     t->bare_link[i]);
        }
    }
}

static void allow_dangerous(tiny *t)
{
    if (t->n_safe > 0 && project_row(t, "other", 0.5, 5, 1, "")) {
        for (int i = 0; i < t->n_safe; i++) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,allow_dangerous,%s,,,,,,,,", last_project(t),
                     t->safe_link[i]);
        }
    }
}

static void terminals(tiny *t)
{
    for (int i = 0; i < t->n_closed_terminals; i++) {
        if (project_row(t, "terminal", 1, 8, 1, "")) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,open_terminal,,%s,,,,,,,", last_project(t),
                     t->closed_terminal[i]);
        }
    }
    if (t->n_tight_terminals > 0 && tiny_maybe(t, 0.6)) {
        int i = tiny_integer(t, 0, t->n_tight_terminals - 1);
        if (project_row(t, "terminal", 0.5, 6, tiny_integer(t, 1, 2), "")) {
            snprintf(t->sized_effect, sizeof t->sized_effect, "%s", last_project(t));
            tiny_row(t, KV_TABLE_EFFECTS, "%s,terminal_capacity,,%s,,,,%.4g,kt/yr,,",
                     last_project(t), t->tight_terminal[i], tiny_number(t, 20, 100));
        }
    }
    if (t->n_terminals > 0 && tiny_maybe(t, 0.5)) {
        int i = tiny_integer(t, 0, t->n_terminals - 1);
        if (project_row(t, "terminal", 0.5, 5, 1, "")) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,improve_terminal,,%s,,,,,,%.3g,%s", last_project(t),
                     t->terminal[i], tiny_number(t, 0.3, 0.9), tiny_maybe(t, 0.5) ? "-2" : "");
        }
    }
}

/* Charging or filling at one place or two. */
static void points(tiny *t)
{
    int from = tiny_integer(t, 0, t->n_points - 1);
    const char *carrier = t->point_carrier[from];
    int hydrogen = strcmp(carrier, "hydrogen") == 0;
    if (!project_row(t, hydrogen ? "hydrogen" : "charging", 0.1, 2, tiny_integer(t, 1, 2), "")) {
        return;
    }
    for (int i = from; i < t->n_points && i < from + 2; i++) {
        if (strcmp(t->point_carrier[i], carrier) == 0) {
            tiny_row(t, KV_TABLE_EFFECTS, "%s,energy_point,,,%s,%s,,%.5g,,,", last_project(t),
                     t->point_place[i], carrier, tiny_number(t, 300, 4000));
        }
    }
}

static void fleets(tiny *t)
{
    int i = tiny_integer(t, 0, t->n_fleets - 1);
    int ship = strcmp(t->fleet[i], "ship") == 0;
    if (project_row(t, ship ? "ships" : "trucks", ship ? 3 : 0.3, ship ? 20 : 3, 1, "")) {
        tiny_row(t, KV_TABLE_EFFECTS, "%s,fleet,,,,,%s,%d,,,", last_project(t), t->fleet[i],
                 ship ? 1 : tiny_integer(t, 3, 20));
    }
}

static void draw_money(tiny *t)
{
    int funders = tiny_integer(t, 1, 2);
    double tight = tiny_number(t, 3, 25);
    for (int f = 1; f <= funders; f++) {
        tiny_row(t, KV_TABLE_FUNDERS, "f%d", f);
        if (tiny_maybe(t, 0.25)) {
            continue; /* no limit */
        }
        for (int p = 1; p <= t->periods; p++) {
            if (p == 1 || tiny_maybe(t, 0.8)) {
                tiny_row(t, KV_TABLE_BUDGETS, "f%d,t%d,%.4g,%s", f, p,
                         tight * tiny_number(t, 0.4, 1.2),
                         tiny_maybe(t, 0.4)   ? "0.5"
                         : tiny_maybe(t, 0.5) ? "0"
                                              : "");
            }
        }
    }
    for (int i = 0; i < t->n_projects; i++) {
        if (funders == 2 && tiny_maybe(t, 0.4)) {
            tiny_row(t, KV_TABLE_FUNDING, "%s,f1,0.6", t->project[i]);
            tiny_row(t, KV_TABLE_FUNDING, "%s,f2,0.4", t->project[i]);
        } else {
            tiny_row(t, KV_TABLE_FUNDING, "%s,f%d,1", t->project[i], tiny_integer(t, 1, funders));
        }
    }
}

static void draw_rules(tiny *t)
{
    int other = t->n_projects - 1;
    if (t->n_projects > 0 && !t->project_sized[0] && tiny_maybe(t, 0.12)) {
        tiny_row(t, KV_TABLE_RULES, "mandatory,%s,", t->project[0]);
    }
    if (other < 1 || t->project_sized[other] || t->project_sized[other - 1]) {
        return;
    }
    int single = t->project_units[other] == 1 && t->project_units[other - 1] == 1;
    switch (tiny_integer(t, 0, 6)) {
    case 0:
    case 1:
        tiny_row(t, KV_TABLE_RULES, "requires,%s,%s", t->project[other], t->project[other - 1]);
        break;
    case 2:
        if (single && other > 1) {
            tiny_row(t, KV_TABLE_RULES, "excludes,%s,%s", t->project[other], t->project[other - 1]);
        }
        break;
    case 3:
        if (single) {
            tiny_row(t, KV_TABLE_RULES, "jointly,%s,%s", t->project[other], t->project[other - 1]);
        }
        break;
    default: break;
    }
}

void tiny_projects(tiny *t)
{
    allow_dangerous(t); /* first, so that no site is cut off */
    for (int i = 0; i < t->n_closed; i++) {
        open_road_or_rail(t, i);
    }
    if (t->n_fleets > 0 && tiny_maybe(t, 0.7)) {
        fleets(t);
    }
    for (int i = 0; i < 3 && t->n_points > 0; i++) {
        points(t);
    }
    electrify(t);
    if (t->n_tight > 0) {
        widen_link(t, tiny_integer(t, 0, t->n_tight - 1));
    }
    terminals(t);
    if (tiny_maybe(t, 0.5)) {
        int i = tiny_integer(t, 0, t->n_links - 1);
        improve_link(t, i);
        if (tiny_maybe(t, 0.3)) {
            improve_link(t, i);
        }
    }
    if (t->n_projects > 0) {
        draw_money(t);
        draw_rules(t);
    }
}
