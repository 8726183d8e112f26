/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Side rows of projects: sizes of one, units, rules. Rows of projects without copies are the same in
 * all scenarios and stand once, with the scenario name "all".
 */
#include "formulations/builder.h"

static int has_copies(const kv_builder *b, int project)
{
    const kv_design_info *designs = b->map->design;
    for (int j = b->start_first[project]; j < b->start_first[project + 1]; j++) {
        if (designs[j].scenario >= 0)
            return 1;
    }
    return 0;
}

static int in_scenario(const kv_builder *b, int design, int s)
{
    return b->start_in[(size_t)design * (size_t)b->map->n_scenarios + (size_t)s];
}

/* value x the starts of a project in a scenario; period >= 0: only those that serve it. */
static void starts(const kv_builder *b, kv_row_writer *side, int project, int s, int period,
                   double value)
{
    for (int j = b->start_first[project]; j < b->start_first[project + 1]; j++) {
        size_t block = (size_t)(s * b->n_periods + (period < 0 ? 0 : period));
        if (in_scenario(b, j, s) &&
            (period < 0 || b->serves[(size_t)j * (size_t)b->n_blocks + block]))
            kv_row_design(side, j, value);
    }
}

static const char *row_scenario(const kv_builder *b, int differs, int s)
{
    return differs ? kv_builder_scenario_name(b, s) : "all";
}

/* How many sets of rows are needed. */
static int row_sets(const kv_builder *b, int differs)
{
    return differs ? b->map->n_scenarios : 1;
}

static void size_rows(const kv_builder *b, kv_row_writer *side)
{
    const kv_project *projects = b->given->projects.rows;
    const int count = b->given->projects.count;
    for (int i = 0; i < count; i++) {
        const char *size_of = projects[i].size_of;
        int first = size_of != NULL, differs = 0;
        for (int o = 0; o < count && first; o++) {
            if (projects[o].size_of != size_of)
                continue;
            first = o >= i;
            differs = differs || has_copies(b, o);
        }
        if (!first)
            continue;
        for (int s = 0; s < row_sets(b, differs); s++) {
            kv_row_begin(side, 'L', 1, "size:%s:%s", size_of, row_scenario(b, differs, s));
            for (int o = i; o < count; o++) {
                if (projects[o].size_of == size_of)
                    starts(b, side, o, s, -1, 1);
            }
            kv_row_drop_empty(side);
        }
    }
}

static void unit_rows(const kv_builder *b, kv_row_writer *side)
{
    for (int i = 0; i < b->given->projects.count; i++) {
        const kv_project *project = &b->given->projects.rows[i];
        const int differs = has_copies(b, i);
        if (b->start_first[i + 1] - b->start_first[i] < 2) /* the box says it */
            continue;
        for (int s = 0; s < row_sets(b, differs); s++) {
            kv_row_begin(side, 'L', project->max_units, "units:%s:%s", project->project,
                         row_scenario(b, differs, s));
            starts(b, side, i, s, -1, 1);
        }
    }
}

/* Whenever a project serves, the other must. */
static void requires_rows(const kv_builder *b, kv_row_writer *side, int row, int differs, int s)
{
    const kv_rule *rule = &b->given->rules.rows[row];
    const kv_project *project = &b->given->projects.rows[rule->project];
    for (int t = 0; t < b->n_periods; t++) {
        int serves = 0;
        for (int j = b->start_first[rule->project]; j < b->start_first[rule->project + 1]; j++)
            serves |= b->serves[(size_t)j * (size_t)b->n_blocks + (size_t)(s * b->n_periods + t)];
        if (!serves)
            continue;
        kv_row_begin(side, 'L', 0, "rule:%d:%s:%s", row + 1, b->given->periods.rows[t].period,
                     row_scenario(b, differs, s));
        starts(b, side, rule->project, s, t, 1);
        starts(b, side, rule->other, s, t, -project->max_units);
    }
}

static void rule_rows(const kv_builder *b, kv_row_writer *side, int row)
{
    const kv_rule *rule = &b->given->rules.rows[row];
    const int differs =
        has_copies(b, rule->project) || (rule->other >= 0 && has_copies(b, rule->other));
    for (int s = 0; s < row_sets(b, differs); s++) {
        const char *name = row_scenario(b, differs, s);
        switch (rule->rule) {
        case KV_RULE_REQUIRES: requires_rows(b, side, row, differs, s); break;
        case KV_RULE_EXCLUDES:
            kv_row_begin(side, 'L', 1, "rule:%d:%s", row + 1, name);
            starts(b, side, rule->project, s, -1, 1);
            starts(b, side, rule->other, s, -1, 1);
            kv_row_drop_empty(side);
            break;
        case KV_RULE_JOINTLY:
            kv_row_begin(side, 'E', 0, "rule:%d:%s", row + 1, name);
            starts(b, side, rule->project, s, -1, 1);
            starts(b, side, rule->other, s, -1, -1);
            kv_row_dropped(side);
            kv_row_drop_empty(side);
            break;
        case KV_RULE_MANDATORY: /* kept when empty: then it cannot be met */
            kv_row_begin(side, 'L', -1, "rule:%d:%s", row + 1, name);
            starts(b, side, rule->project, s, -1, -1);
            kv_row_dropped(side);
            break;
        default: break;
        }
    }
}

void kv_project_rows(kv_builder *builder, kv_row_writer *side)
{
    size_rows(builder, side);
    unit_rows(builder, side);
    for (int i = 0; i < builder->given->rules.count; i++)
        rule_rows(builder, side, i);
}
