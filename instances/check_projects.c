/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects in time, and what they do. */
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>
#include <string.h>

/* ---- years ---- */

/* What a start at the beginning of period `start` comes to: 0 = it can't begin then, 1 = it opens
 * after the last period begins, 2 = it serves no whole period, 3 = it serves one. */
static int start_outcome(const kv_case *c, const kv_project *project, int start)
{
    const kv_period *periods = c->periods.rows;
    int year = periods[start].first_year;
    if ((project->earliest_year && year < project->earliest_year) ||
        (project->latest_year && year > project->latest_year))
        return 0;
    double opens = year + project->lead_time_years;
    if (opens > periods[c->periods.count - 1].first_year)
        return 1;
    for (int t = start; t < c->periods.count; t++)
        if (opens <= periods[t].first_year &&
            opens + project->life_years >= periods[t].last_year + 1)
            return 3;
    return 2;
}

static void check_years(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const kv_project *project = &c->projects.rows[i];
    int outcome = 0;
    if (project->earliest_year && project->latest_year &&
        project->latest_year < project->earliest_year) {
        kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, i, "latest_year",
                     "exchange or correct the years", "before the earliest year, %d",
                     project->earliest_year);
        return;
    }
    for (int t = 0; t < c->periods.count; t++) {
        int now = start_outcome(c, project, t);
        outcome = now > outcome ? now : outcome;
    }
    int last = c->periods.rows[c->periods.count - 1].first_year;
    if (outcome == 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, i,
                     project->earliest_year ? "earliest_year" : "latest_year",
                     "construction starts in the first year of a period: let one lie between "
                     "earliest_year and latest_year",
                     "no period begins in the years in which construction may start");
    if (outcome == 1)
        kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, i, "lead_time_years",
                     "let it start earlier, or leave the project out",
                     "it cannot be finished when the last period begins, in %d", last);
    if (outcome == 2)
        kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, i, "life_years",
                     "give it a longer life, or shorter periods",
                     "its life covers no whole period");
}

static void check_sizes(kv_checker *checker, int i)
{
    const kv_case *c = checker->the_case;
    const kv_project *project = &c->projects.rows[i];
    int sizes = 0;
    if (!project->size_of)
        return;
    if (project->max_units > 1)
        kv_check_add(checker, KV_FAULT, KV_TABLE_PROJECTS, i, "max_units",
                     "set it to 1, or leave size_of blank", "a size of '%s' can be built once only",
                     project->size_of);
    for (int k = 0; k < c->projects.count; k++)
        sizes += c->projects.rows[k].size_of &&
                 strcmp(c->projects.rows[k].size_of, project->size_of) == 0;
    if (sizes == 1)
        kv_check_add(checker, KV_WARNING, KV_TABLE_PROJECTS, i, "size_of",
                     "give the other sizes the same word", "no other project is a size of it");
}

void kv_check_projects(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->projects.count; i++) {
        int effects = 0;
        check_years(checker, i);
        check_sizes(checker, i);
        for (int k = 0; k < c->effects.count && !effects; k++)
            effects = c->effects.rows[k].project == i;
        if (!effects)
            kv_check_add(checker, KV_WARNING, KV_TABLE_PROJECTS, i, "project",
                         "add what it does to effects.csv", "the project does nothing");
    }
}

/* ---- effects ---- */

enum {
    LINK = 1,
    TERMINAL = 2,
    PLACE = 4,
    CARRIER = 8,
    TECHNOLOGY = 16,
    AMOUNT = 32,
    IMPROVES = 64
};

static const struct {
    const char *name;
    int columns;
} effects[] = {
    [KV_EFFECT_OPEN_LINK] = {"open_link", LINK},
    [KV_EFFECT_OPEN_TERMINAL] = {"open_terminal", TERMINAL},
    [KV_EFFECT_LINK_CAPACITY] = {"link_capacity", LINK | AMOUNT},
    [KV_EFFECT_TERMINAL_CAPACITY] = {"terminal_capacity", TERMINAL | AMOUNT},
    [KV_EFFECT_ELECTRIFY] = {"electrify", LINK},
    [KV_EFFECT_IMPROVE_LINK] = {"improve_link", LINK | IMPROVES},
    [KV_EFFECT_IMPROVE_TERMINAL] = {"improve_terminal", TERMINAL | IMPROVES},
    [KV_EFFECT_ALLOW_DANGEROUS] = {"allow_dangerous", LINK},
    [KV_EFFECT_ENERGY_POINT] = {"energy_point", PLACE | CARRIER | AMOUNT},
    [KV_EFFECT_FLEET] = {"fleet", TECHNOLOGY | AMOUNT},
};

static void check_column(kv_checker *checker, int i, const char *column, int needed, int given)
{
    const char *effect = effects[checker->the_case->effects.rows[i].effect].name;
    if (needed && !given)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, column, "fill it in",
                     "a value is missing: %s needs it", effect);
    if (!needed && given)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, column, "leave it blank",
                     "%s does not use it", effect);
}

static void check_effect_unit(kv_checker *checker, int i, const kv_effect *row)
{
    int wanted = row->effect == KV_EFFECT_ENERGY_POINT ? KV_UNIT_MWH_YR
                 : row->effect == KV_EFFECT_FLEET      ? KV_UNIT_VEHICLES
                                                       : -1;
    const char *effect = effects[row->effect].name;
    if (row->unit < 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, "unit",
                     "write t/yr, kt/yr, Mt/yr, t/day, trains/day, trucks/day or TEU/yr",
                     "a value is missing: %s needs it", effect);
    else if (wanted >= 0 && row->unit != wanted)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, "unit",
                     wanted == KV_UNIT_MWH_YR ? "write MWh/yr" : "write vehicles",
                     "not a unit of %s", effect);
    else if (wanted < 0 && row->unit >= KV_UNIT_MWH_YR)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, "unit",
                     "write t/yr, kt/yr, Mt/yr, t/day, trains/day, trucks/day or TEU/yr",
                     "not a unit of %s", effect);
}

/* Effects that change nothing, or can't be. */
static void check_use(kv_checker *checker, int i, const kv_effect *row)
{
    const kv_case *c = checker->the_case;
    const kv_link *link = row->link >= 0 ? &c->links.rows[row->link] : NULL;
    const char *idle = NULL;
    if (link && row->effect == KV_EFFECT_OPEN_LINK && link->open)
        idle = "the link is open already";
    if (link && row->effect == KV_EFFECT_ELECTRIFY && link->electrified)
        idle = "the link is electrified already";
    if (link && row->effect == KV_EFFECT_ALLOW_DANGEROUS && link->dangerous_goods)
        idle = "the link allows dangerous goods already";
    if (link && row->effect == KV_EFFECT_LINK_CAPACITY && isnan(link->capacity))
        idle = "the link has no limit of capacity";
    if (row->terminal >= 0 && row->effect == KV_EFFECT_OPEN_TERMINAL &&
        c->terminals.rows[row->terminal].open)
        idle = "the terminal is open already";
    if (row->terminal >= 0 && row->effect == KV_EFFECT_TERMINAL_CAPACITY &&
        isnan(c->terminals.rows[row->terminal].capacity))
        idle = "the terminal has no limit of capacity";
    if (idle)
        kv_check_add(checker, KV_WARNING, KV_TABLE_EFFECTS, i, "effect",
                     "check the effect and its target", "it changes nothing: %s", idle);
    if (row->technology >= 0 && row->effect == KV_EFFECT_FLEET &&
        c->technologies.rows[row->technology].fleet == KV_FLEET_HIRED)
        kv_check_add(checker, KV_FAULT, KV_TABLE_EFFECTS, i, "technology",
                     "set fleet to owned in technologies.csv",
                     "the technology has no fleet of its own");
}

static void check_improvement(kv_checker *checker, int i, const kv_effect *row)
{
    int improves = effects[row->effect].columns & IMPROVES;
    if (!improves && row->factor != 1)
        check_column(checker, i, "factor", 0, 1);
    if (!improves && row->hours != 0)
        check_column(checker, i, "hours", 0, 1);
    if (improves && row->factor == 1 && row->hours == 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_EFFECTS, i, "effect",
                     "give a factor other than 1, or hours", "it changes nothing");
}

void kv_check_effects(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *row = &c->effects.rows[i];
        int columns = effects[row->effect].columns;
        check_column(checker, i, "link", columns & LINK, row->link >= 0);
        check_column(checker, i, "terminal", columns & TERMINAL, row->terminal >= 0);
        check_column(checker, i, "place", columns & PLACE, row->place >= 0);
        check_column(checker, i, "carrier", columns & CARRIER, row->carrier >= 0);
        check_column(checker, i, "technology", columns & TECHNOLOGY, row->technology >= 0);
        check_column(checker, i, "amount", columns & AMOUNT, !isnan(row->amount));
        if (columns & AMOUNT)
            check_effect_unit(checker, i, row);
        else
            check_column(checker, i, "unit", 0, row->unit >= 0);
        check_improvement(checker, i, row);
        check_use(checker, i, row);
    }
}
